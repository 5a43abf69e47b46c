//! The environment of the engine: what a shell must not slip into it is taken out and named.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::Path;

/// Variables that change what the engine or the installer does behind everybody's back.
const UNWANTED: &[(&str, &str)] = &[
    ("TF_WORKSPACE", "it would choose another state"),
    (
        "SSH_KEY",
        "the installation would take it for its private key",
    ),
    (
        "SSH_PRIVATE_KEY",
        "the installation would take it for its private key",
    ),
    (
        "SSHPASS",
        "the installation would log in with that password",
    ),
    ("ARGUMENTS", "the installation's scripts read it"),
    ("NIX_SSHOPTS", "it would change how the server is reached"),
];

/// Prefixes of such variables.
const UNWANTED_PREFIXES: &[(&str, &str)] = &[
    (
        "TF_CLI_ARGS",
        "it adds arguments, such as a `-target`, that nobody sees",
    ),
    ("TF_LOG", "the log would hold the tokens"),
];

/// What a child process of seance gets to see.
#[derive(Clone, Default)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    removed: Vec<Removed>,
}

/// A variable that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Its name; its value is nobody's business.
    pub name: String,
    /// What it would have done.
    pub why: &'static str,
}

/// Names alone: among the values are tokens.
impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_set()
            .entries(self.variables.keys())
            .finish()
    }
}

impl Environment {
    /// The variables of this process, without those that would bend the engine.
    pub fn inherited() -> Self {
        Self::cleaned(std::env::vars_os(), Path::exists)
    }

    /// The given variables without those that would bend the engine. `exists` tells whether a
    /// file that a variable names is there.
    pub fn cleaned(
        inherited: impl IntoIterator<Item = (OsString, OsString)>,
        exists: impl Fn(&Path) -> bool,
    ) -> Self {
        let mut environment = Self::default();
        for (name, value) in inherited {
            let why = match name.to_str() {
                Some("TF_CLI_CONFIG_FILE") if !exists(Path::new(&value)) => {
                    Some("the file that it names does not exist")
                }
                Some(name) => unwanted(name),
                None => None,
            };
            match why {
                Some(why) => environment.removed.push(Removed {
                    name: name.to_string_lossy().into_owned(),
                    why,
                }),
                None => {
                    environment.variables.insert(name, value);
                }
            }
        }
        environment.removed.sort_by(|a, b| a.name.cmp(&b.name));
        // Hints at commands that nobody should type here, questions, and news of releases.
        for name in ["TF_IN_AUTOMATION", "CHECKPOINT_DISABLE"] {
            environment.set(name, "1");
        }
        environment.set("TF_INPUT", "0");
        environment
    }

    /// Sets a variable.
    pub fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Takes a variable out.
    pub fn unset(&mut self, name: &str) {
        self.variables.remove(OsStr::new(name));
    }

    /// The value of a variable; an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value.as_os_str())
    }

    /// What was taken out, by name.
    pub fn removed(&self) -> &[Removed] {
        &self.removed
    }

    /// Every variable, by name.
    pub fn variables(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        let variables = self.variables.iter();
        variables.map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }
}

fn unwanted(name: &str) -> Option<&'static str> {
    let exact = UNWANTED.iter().find(|(unwanted, _)| *unwanted == name);
    let prefixed = || {
        UNWANTED_PREFIXES
            .iter()
            .find(|(prefix, _)| name.starts_with(prefix))
    };
    exact.or_else(prefixed).map(|(_, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(variables: &[(&str, &str)]) -> Environment {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        Environment::cleaned(variables, |path| path == Path::new("/there"))
    }

    #[test]
    fn what_bends_the_engine_is_taken_out_and_named_without_its_value() {
        let environment = cleaned(&[
            ("TF_CLI_ARGS_plan", "-target=x"),
            ("TF_CLI_ARGS", "-lock=false"),
            ("TF_LOG_PROVIDER", "trace"),
            ("SSH_KEY", "canary"),
            ("PATH", "/bin"),
        ]);
        let removed: Vec<&str> = environment
            .removed()
            .iter()
            .map(|removed| removed.name.as_str())
            .collect();
        let expected = [
            "SSH_KEY",
            "TF_CLI_ARGS",
            "TF_CLI_ARGS_plan",
            "TF_LOG_PROVIDER",
        ];
        assert_eq!(removed, expected);
        assert!(!format!("{:?}", environment.removed()).contains("canary"));
        assert_eq!(environment.get("PATH"), Some(OsStr::new("/bin")));
        assert_eq!(environment.get("TF_CLI_ARGS"), None);
    }

    #[test]
    fn no_value_is_in_its_debug_output() {
        let environment = cleaned(&[("DIGITALOCEAN_TOKEN", "canary")]);
        let text = format!("{environment:?}");
        assert!(text.contains("DIGITALOCEAN_TOKEN"), "{text}");
        assert!(!text.contains("canary"), "{text}");
    }

    #[test]
    fn a_configuration_that_is_not_there_is_not_handed_on() {
        let environment = cleaned(&[("TF_CLI_CONFIG_FILE", "/nowhere")]);
        assert_eq!(environment.get("TF_CLI_CONFIG_FILE"), None);
        let environment = cleaned(&[("TF_CLI_CONFIG_FILE", "/there")]);
        assert!(environment.get("TF_CLI_CONFIG_FILE").is_some());
        assert!(environment.removed().is_empty());
    }

    #[test]
    fn an_empty_variable_counts_as_absent() {
        let environment = cleaned(&[("DIGITALOCEAN_TOKEN", "")]);
        assert_eq!(environment.get("DIGITALOCEAN_TOKEN"), None);
    }

    #[test]
    fn the_engine_never_asks() {
        let environment = cleaned(&[("TF_INPUT", "1")]);
        assert_eq!(environment.get("TF_INPUT"), Some(OsStr::new("0")));
        assert!(environment.get("TF_IN_AUTOMATION").is_some());
    }
}
