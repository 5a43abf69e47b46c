//! The engine's words for what it does, and for why.

use crate::engine::plan::ResourceChange;

/// What a change amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// It is made.
    Create,
    /// It is changed in place.
    Change,
    /// It is destroyed and made anew, in either order.
    Replace,
    /// It is destroyed.
    Destroy,
    /// Its address in the module changes, nothing else.
    Move,
    /// It is taken over into the state.
    Import,
    /// It leaves the state and goes on existing.
    Forget,
    /// It leaves the state, goes on existing, and another one is made.
    ForgetAndCreate,
    /// A combination of actions that this seance does not know.
    Unclear,
}

impl What {
    /// What a change amounts to; `None` when nothing is done.
    pub fn of(change: &ResourceChange) -> Option<Self> {
        let actions: Vec<&str> = change.change.actions.iter().map(String::as_str).collect();
        match actions.as_slice() {
            ["no-op"] if change.change.importing.is_some() => Some(Self::Import),
            ["no-op"] if moves(change) => Some(Self::Move),
            ["no-op" | "read"] => None,
            ["create"] => Some(Self::Create),
            ["update"] => Some(Self::Change),
            ["delete", "create"] | ["create", "delete"] => Some(Self::Replace),
            ["delete"] => Some(Self::Destroy),
            ["forget"] => Some(Self::Forget),
            ["forget", "create"] | ["create", "forget"] => Some(Self::ForgetAndCreate),
            _ => Some(Self::Unclear),
        }
    }

    /// The verb of a sentence about the resource.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Replace => "replace",
            Self::Destroy => "destroy",
            Self::Move => "move",
            Self::Import => "take over",
            Self::Forget => "forget",
            Self::ForgetAndCreate => "forget and create",
            Self::Unclear => "unclear",
        }
    }
}

fn moves(change: &ResourceChange) -> bool {
    let previous = change.previous_address.as_ref();
    previous.is_some_and(|previous| *previous != change.address)
}

/// Why the engine does it, where it says so and where that is not plain from the change itself.
pub(super) fn reason(change: &ResourceChange) -> Option<String> {
    if What::of(change) == Some(What::Unclear) {
        let actions = change.change.actions.join(", ");
        return Some(format!(
            "the engine plans `{actions}`, which this seance does not know and takes for the worst"
        ));
    }
    if let (Some(What::Move), Some(previous)) = (What::of(change), &change.previous_address) {
        return Some(format!("it was called `{previous}` in the module"));
    }
    Some(match change.action_reason.as_deref()? {
        "replace_because_cannot_update" if follows(change) => {
            "something that it follows changes".to_owned()
        }
        "replace_because_cannot_update" => match forcing(change) {
            Some(attributes) => format!("{attributes} cannot be changed in place"),
            None => "the change cannot be made in place".to_owned(),
        },
        "replace_because_tainted" => "the last attempt to make it failed half-way".to_owned(),
        "replace_by_request" => "its replacement was asked for".to_owned(),
        "replace_by_triggers" => "something that it follows changes".to_owned(),
        "delete_because_no_resource_config" => {
            "the module has no such resource any more".to_owned()
        }
        "delete_because_no_module" => "the module that had it is gone".to_owned(),
        "delete_because_wrong_repetition" | "delete_because_count_index" => {
            "the module has fewer of them now".to_owned()
        }
        "delete_because_each_key" => "its key is no longer in the list".to_owned(),
        "delete_because_enabled_false" => "it is switched off".to_owned(),
        "delete_because_no_move_target" => "the place it would move to does not exist".to_owned(),
        _ => return None,
    })
}

/// Whether it is replaced because what triggers it is another.
fn follows(change: &ResourceChange) -> bool {
    let mut paths = change.change.replace_paths.iter();
    let triggers = ["triggers", "triggers_replace"];
    let is_trigger = |path: &Vec<serde_json::Value>| {
        let first = path.first().and_then(serde_json::Value::as_str);
        first.is_some_and(|name| triggers.contains(&name))
    };
    !change.change.replace_paths.is_empty() && paths.all(is_trigger)
}

/// The attributes that force a replacement.
fn forcing(change: &ResourceChange) -> Option<String> {
    let paths = change.change.replace_paths.iter();
    let names: Vec<String> = paths
        .filter_map(|path| path.first()?.as_str())
        .map(|name| format!("`{name}`"))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
