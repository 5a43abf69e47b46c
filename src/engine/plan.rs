//! A saved plan, as `show -json` tells it: format version 1.
//!
//! Only what the gate needs is read. Variables are left out on purpose: the document holds
//! sensitive ones in clear text.

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// One plan.
#[derive(Debug, Clone, Deserialize)]
pub struct Plan {
    /// Version of the document.
    pub format_version: String,
    /// What would be done.
    #[serde(default)]
    pub resource_changes: Vec<ResourceChange>,
    /// What is different from what the engine left behind.
    #[serde(default)]
    pub resource_drift: Vec<ResourceChange>,
    /// What is there now, as far as the state knows.
    #[serde(default)]
    pub prior_state: Option<State>,
    /// Whether planning failed after some changes were planned.
    #[serde(default)]
    pub errored: bool,
}

/// The part of a state that is read.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct State {
    /// Its values; absent in an empty state.
    #[serde(default)]
    pub values: Option<Values>,
}

/// The values of a state.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Values {
    /// The root module.
    #[serde(default)]
    pub root_module: Module,
}

/// One module of a state.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Module {
    /// Its resources.
    #[serde(default)]
    pub resources: Vec<Resource>,
    /// Modules inside it.
    #[serde(default)]
    pub child_modules: Vec<Module>,
}

/// One resource of a state.
#[derive(Debug, Clone, Deserialize)]
pub struct Resource {
    /// Its address, such as `digitalocean_droplet.server`.
    pub address: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// `managed` or `data`.
    pub mode: String,
    /// Its attributes.
    #[serde(default)]
    pub values: Value,
    /// Whether the last attempt to make it failed half-way.
    #[serde(default)]
    pub tainted: bool,
}

/// What would be done with one resource.
#[derive(Debug, Clone, Deserialize)]
pub struct ResourceChange {
    /// Its address.
    pub address: String,
    /// Where it was before, when it moves.
    #[serde(default)]
    pub previous_address: Option<String>,
    /// `managed` or `data`.
    pub mode: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name in the module.
    pub name: String,
    /// Its key, with `count` or `for_each`.
    #[serde(default)]
    pub index: Option<Value>,
    /// The key of an older object of it that is still to be removed.
    #[serde(default)]
    pub deposed: Option<String>,
    /// The change.
    pub change: Change,
    /// Why, in the engine's words, such as `replace_because_tainted`.
    #[serde(default)]
    pub action_reason: Option<String>,
}

/// A resource before and after.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Change {
    /// `["update"]`, `["delete","create"]` and so on.
    pub actions: Vec<String>,
    /// The attributes before; null when it is new.
    #[serde(default)]
    pub before: Value,
    /// The attributes after, as far as they are known; null when it goes.
    #[serde(default)]
    pub after: Value,
    /// Where an attribute is known only afterwards, `true` stands here.
    #[serde(default)]
    pub after_unknown: Value,
    /// Where the old value must not be shown, `true` stands here.
    #[serde(default)]
    pub before_sensitive: Value,
    /// Where the new value must not be shown, `true` stands here.
    #[serde(default)]
    pub after_sensitive: Value,
    /// The attributes that force a replacement, as paths.
    #[serde(default)]
    pub replace_paths: Vec<Vec<Value>>,
    /// What is taken over into the state.
    #[serde(default)]
    pub importing: Option<Value>,
}

/// Why a document is not a plan that can be judged.
#[derive(Debug, Error)]
pub enum PlanError {
    /// No JSON, or another shape.
    #[error("the engine's plan cannot be read: {0}")]
    Unreadable(serde_json::Error),
    /// A format that this seance does not know.
    #[error("the engine writes plans of format {0}; seance reads format 1")]
    Format(String),
}

impl Plan {
    /// Reads what `show -json PLAN` printed.
    pub fn read(text: &[u8]) -> Result<Self, PlanError> {
        let plan: Self = serde_json::from_slice(text).map_err(PlanError::Unreadable)?;
        let major = plan.format_version.split('.').next();
        if major == Some("1") {
            Ok(plan)
        } else {
            Err(PlanError::Format(plan.format_version))
        }
    }

    /// The resource of the state at this address.
    pub fn resource(&self, address: &str) -> Option<&Resource> {
        self.prior_state.as_ref()?.resource(address)
    }
}

impl State {
    /// Every managed resource, modules followed, by address.
    pub fn resources(&self) -> Vec<&Resource> {
        let values = self.values.as_ref();
        let mut modules: Vec<&Module> = values
            .map(|values| &values.root_module)
            .into_iter()
            .collect();
        let mut resources = Vec::new();
        while let Some(module) = modules.pop() {
            resources.extend(
                module
                    .resources
                    .iter()
                    .filter(|resource| resource.mode == "managed"),
            );
            modules.extend(&module.child_modules);
        }
        resources.sort_by(|a, b| a.address.cmp(&b.address));
        resources
    }

    /// The resource at this address.
    pub fn resource(&self, address: &str) -> Option<&Resource> {
        let resources = self.resources();
        resources
            .into_iter()
            .find(|resource| resource.address == address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_never_read() {
        let plan = Plan::read(
            br#"{"format_version":"1.2","variables":{"state_passphrase":{"value":"canary"}},
                 "resource_changes":[]}"#,
        );
        assert!(!format!("{plan:?}").contains("canary"));
    }

    #[test]
    fn another_format_is_refused_and_a_newer_minor_one_is_read() {
        let refused = Plan::read(br#"{"format_version":"2.0"}"#).unwrap_err();
        let expected = "the engine writes plans of format 2.0; seance reads format 1";
        assert_eq!(refused.to_string(), expected);
        assert!(Plan::read(br#"{"format_version":"1.9","news":[]}"#).is_ok());
        assert!(Plan::read(b"Error: no plan").is_err());
    }

    #[test]
    fn resources_of_modules_are_found() {
        let plan = Plan::read(
            br#"{"format_version":"1.2","prior_state":{"format_version":"1.0","values":{"root_module":{
                "resources":[{"address":"data.x.y","mode":"data","type":"x","name":"y","values":{}}],
                "child_modules":[{"address":"module.m","resources":[
                    {"address":"module.m.a.b","mode":"managed","type":"a","name":"b","tainted":true,"values":{"id":"7"}}]}]}}}}"#,
        )
        .unwrap();
        let resource = plan.resource("module.m.a.b").unwrap();
        assert!(resource.tainted);
        assert_eq!(resource.values["id"], "7");
        assert_eq!(plan.prior_state.unwrap().resources().len(), 1);
    }
}
