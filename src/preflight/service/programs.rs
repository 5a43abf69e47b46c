//! Programs of applications: who provides them, and what they need before they start.

use crate::evaluation::Value;
use crate::facts::Facts;
use crate::facts::command::Command;
use crate::nixos::{Items, System};

/// Programs, the words in the names of packages that have them, and the modules of devenv for
/// their language.
const PROGRAMS: [(&str, &str, &[&str], &str); 20] = [
    ("cargo", "cargo", &["cargo", "rust"], "rust"),
    ("docker", "docker-client", &["docker", "podman"], "docker"),
    ("go", "go", &["go"], "go"),
    ("mdbook", "mdbook", &["mdbook"], "rust"),
    ("podman", "podman", &["podman"], "docker"),
    ("node", "nodejs", &["nodejs", "node"], "javascript"),
    ("npm", "nodejs", &["nodejs"], "javascript"),
    ("npx", "nodejs", &["nodejs"], "javascript"),
    ("pnpm", "pnpm", &["pnpm", "corepack"], "javascript"),
    ("yarn", "yarn", &["yarn", "corepack"], "javascript"),
    ("bun", "bun", &["bun"], "javascript"),
    ("deno", "deno", &["deno"], "deno"),
    ("python", "python3", &["python"], "python"),
    ("python3", "python3", &["python"], "python"),
    ("uv", "uv", &["uv"], "python"),
    ("poetry", "poetry", &["poetry"], "python"),
    (
        "uvicorn",
        "python3Packages.uvicorn",
        &["uvicorn", "python", "uv"],
        "python",
    ),
    (
        "gunicorn",
        "python3Packages.gunicorn",
        &["gunicorn", "python", "uv"],
        "python",
    ),
    ("ruby", "ruby", &["ruby"], "ruby"),
    ("php", "php", &["php"], "php"),
];

/// The program of a command that needs a package, and that package.
pub(super) fn packaged(command: &Command) -> Option<(&'static str, &'static str)> {
    let program = command.program()?;
    // One that is named with its folder is there, or is somebody's own.
    let found = PROGRAMS.iter().find(|(name, ..)| *name == program)?;
    command.is_bare().then_some((found.0, found.1))
}

/// Whether a package among these, or a language that is switched on, has the program.
pub(super) fn provided<'a>(
    shell: &System,
    program: &str,
    mut packages: impl Iterator<Item = &'a String>,
) -> bool {
    let Some((_, _, words, language)) = PROGRAMS.iter().find(|(name, ..)| *name == program) else {
        return true;
    };
    let has = |package: &String| words.iter().any(|word| package.contains(word));
    packages.any(has)
        || [language, &"typescript"].iter().any(|language| {
            let enable = shell.at(&["languages", language, "enable"]);
            enable.is_defined() != Some(false)
        })
        || shell
            .at("scripts")
            .names()
            .names
            .iter()
            .any(|name| &**name == program)
}

/// The packages of devenv; `None` when there may be others.
pub(super) fn packages(shell: &System) -> Option<Vec<String>> {
    let others = [
        "stdenv",
        "inputsFrom",
        "containers",
        "env.PATH",
        "devcontainer",
    ];
    let is_whole = others
        .iter()
        .all(|option| shell.at(*option).is_defined() == Some(false));
    names(&shell.at("packages").list()).filter(|_| is_whole)
}

/// The names of packages in a list; `None` when one is not known.
pub(super) fn names(list: &Items) -> Option<Vec<String>> {
    let names = list.items.iter().map(|item| match &item.value {
        Value::Symbol(symbol) => symbol
            .arguments
            .is_empty()
            .then(|| symbol.name.strip_prefix("pkgs.").map(str::to_owned))
            .flatten(),
        _ => None,
    });
    names.collect::<Option<Vec<_>>>().filter(|_| list.complete)
}

/// The start of an application that needs something installed first: as it is written, and what
/// installs it.
pub(super) fn start(command: &Command) -> Option<(String, &'static str)> {
    let installs = match command.program()? {
        "npm" if command.is("npm", &["start"]) || command.is("npm", &["run"]) => "npm ci",
        "pnpm" if command.is("pnpm", &["start"]) || command.is("pnpm", &["run"]) => {
            "pnpm install --frozen-lockfile"
        }
        "yarn" if command.is("yarn", &["start"]) || command.is("yarn", &["run"]) => {
            "yarn install --immutable"
        }
        _ => return None,
    };
    let program = command.program()?;
    let words = command.arguments().iter().take(2);
    let words: Vec<&str> = words.map(|word| word.text.as_str()).collect();
    Some((format!("{program} {}", words.join(" ")), installs))
}

/// Whether a command may install what another needs.
pub(super) fn installs(command: &Command) -> bool {
    let words = [
        "ci",
        "install",
        "i",
        "add",
        "clean-install",
        "sync",
        "restore",
        "rebuild",
    ];
    match command.program() {
        Some(
            "npm" | "pnpm" | "bun" | "pip" | "pip3" | "uv" | "poetry" | "corepack" | "make"
            | "just",
        ) => {
            words.iter().any(|word| command.argument(word).is_some())
                || matches!(command.program(), Some("make" | "just"))
        }
        // `yarn` alone installs.
        Some("yarn") => {
            command.arguments().is_empty()
                || words.iter().any(|word| command.argument(word).is_some())
        }
        // Somebody's own script may do anything.
        Some(program) => {
            let is_script = [".sh", ".js", ".py"]
                .iter()
                .any(|end| program.ends_with(end));
            is_script || program == "bash" || program == "sh"
        }
        None => !command.is_followed(),
    }
}

/// Every command of a devenv configuration but those of units, and whether none is hidden.
pub(super) fn of_shell(facts: &Facts<'_>, shell: &System) -> (Vec<Command>, bool) {
    let mut values = vec![shell.at("enterShell").value()];
    for (name, inner) in [
        ("processes", "exec"),
        ("tasks", "exec"),
        ("scripts", "exec"),
    ] {
        let children = shell.at(name).children();
        values.extend(children.iter().map(|(_, it)| it.at(inner).value()));
        values.extend(
            children
                .iter()
                .map(|(_, it)| it.at("process-compose").value()),
        );
    }
    values.extend(["process.manager.before", "process.before"].map(|it| shell.at(it).value()));
    let mut commands = Vec::new();
    let mut complete = true;
    for value in values {
        match value.value() {
            Some(value) => {
                let (found, whole) = facts.commands(value);
                commands.extend(found);
                complete &= whole;
            }
            None => complete &= value.is_absent(),
        }
    }
    (commands, complete)
}
