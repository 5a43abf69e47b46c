//! What a template context is made of: plain data, and a few closed types that the formatters
//! treat specially.
//!
//! The constructors give every context the same shape without serde, and none of them can make
//! text that passes a formatter unescaped.

use std::fmt;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Object, ObjectRepr, ValueKind};

use crate::deployment::{
    DomainName, Email, EnvironmentName, PackageName, Port, ServiceName, SiteAddress, UrlPath,
};

/// A map; its keys are written in their natural order.
pub fn map<K: Into<String>, V: Into<Value>>(pairs: impl IntoIterator<Item = (K, V)>) -> Value {
    Value::from_pairs(
        pairs
            .into_iter()
            .map(|(key, value)| (key.into(), value.into())),
    )
}

/// A list.
pub fn list<V: Into<Value>>(items: impl IntoIterator<Item = V>) -> Value {
    items.into_iter().map(Into::<Value>::into).collect()
}

/// A string.
pub fn text(text: impl AsRef<str>) -> Value {
    Value::from(text.as_ref())
}

/// A string, or the language's null.
pub fn optional_text(text: Option<impl AsRef<str>>) -> Value {
    text.map_or(Value::from(()), |text| Value::from(text.as_ref()))
}

/// A string that Nix shows as an indented string when it has several lines.
pub fn script(text: impl Into<String>) -> Value {
    Value::from_object(Script(text.into()))
}

/// An attribute name for `users.users.{{ key }}`, bare where Nix allows it.
pub fn nix_key(name: impl Into<String>) -> Value {
    Value::from_object(NixKey(name.into()))
}

/// A package as an expression, `pkgs.nodejs_22`.
pub fn nix_package(package: &PackageName) -> Value {
    Value::from_object(NixAttributePath::from(package))
}

/// A closed value for a Caddyfile.
pub fn caddy(token: impl Into<CaddyToken>) -> Value {
    Value::from_object(token.into())
}

/// Implements [`Object`] for a wrapper of one string that templates may only print.
macro_rules! opaque_object {
    ($name:ident) => {
        impl Object for $name {
            fn repr(self: &Arc<Self>) -> ObjectRepr {
                ObjectRepr::Plain
            }

            fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// A string that may come out as an indented string.
#[derive(Debug)]
pub struct Script(pub(super) String);
opaque_object!(Script);

/// A value and the column of the line that it stands on: several lines of it come out the way
/// nixfmt would indent them there.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) value: Value,
    pub(super) column: usize,
}

impl Object for Placed {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// An attribute name in key position.
#[derive(Debug)]
pub struct NixKey(pub(super) String);
opaque_object!(NixKey);

/// A path of attributes below `pkgs`.
#[derive(Debug)]
pub struct NixAttributePath(pub(super) String);
opaque_object!(NixAttributePath);

impl From<&PackageName> for NixAttributePath {
    fn from(package: &PackageName) -> Self {
        Self(package.as_str().to_owned())
    }
}

/// Text that may stand in a Caddyfile, where nothing can be escaped.
///
/// It is made only from types whose alphabet is closed.
#[derive(Debug)]
pub struct CaddyToken(pub(super) String);
opaque_object!(CaddyToken);

/// Implements `From<&$name> for CaddyToken`.
macro_rules! caddy_token_from {
    ($($name:ident),*) => {$(
        impl From<&$name> for CaddyToken {
            fn from(closed: &$name) -> Self {
                Self(closed.as_str().to_owned())
            }
        }
    )*};
}
caddy_token_from!(
    DomainName,
    SiteAddress,
    Email,
    UrlPath,
    ServiceName,
    EnvironmentName
);

impl From<Port> for CaddyToken {
    fn from(port: Port) -> Self {
        Self(port.to_string())
    }
}

impl CaddyToken {
    /// The service's [name as part of a variable](ServiceName::variable_part).
    pub fn variable_part(service: &ServiceName) -> Self {
        Self(service.variable_part())
    }
}

/// A template value as the formatters see it: every surprise of the engine already refused.
#[derive(Debug)]
pub(super) enum View {
    Null,
    Bool(bool),
    Integer(i128),
    Text(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
}

/// How deep a value may nest; the formatters recurse.
const DEEPEST: usize = 64;

impl View {
    /// The view of a value at a depth of nesting, or why it cannot be written.
    pub(super) fn of(value: &Value, depth: usize) -> Result<Self, String> {
        if depth > DEEPEST {
            return Err(format!("a value nests more than {DEEPEST} levels deep"));
        }
        if let Some(script) = value.downcast_object_ref::<Script>() {
            return Ok(Self::Text(script.0.clone()));
        }
        match value.kind() {
            ValueKind::None => Ok(Self::Null),
            ValueKind::Bool => Ok(Self::Bool(value.is_true())),
            ValueKind::Number => Self::number(value),
            ValueKind::String if value.is_safe() => {
                Err("the result of a macro may only stand by itself".to_owned())
            }
            ValueKind::String => Ok(Self::Text(value.as_str().unwrap_or_default().to_owned())),
            ValueKind::Seq | ValueKind::Iterable => Ok(Self::List(items(value)?)),
            ValueKind::Map => Self::map(value),
            ValueKind::Undefined => Err("an undefined value was printed".to_owned()),
            other => Err(format!("a value of kind `{other}` cannot be written")),
        }
    }

    fn number(value: &Value) -> Result<Self, String> {
        if !value.is_integer() {
            return Err("a number that is not an integer cannot be written exactly".to_owned());
        }
        i128::try_from(value.clone())
            .map(Self::Integer)
            .map_err(|error| error.to_string())
    }

    fn map(value: &Value) -> Result<Self, String> {
        let mut pairs = Vec::new();
        for key in items(value)? {
            let Some(name) = key.as_str() else {
                return Err("a key of a map is not a string".to_owned());
            };
            let inner = value.get_item(&key).map_err(|error| error.to_string())?;
            pairs.push((name.to_owned(), inner));
        }
        Ok(Self::Map(pairs))
    }
}

fn items(value: &Value) -> Result<Vec<Value>, String> {
    value
        .try_iter()
        .map(Iterator::collect)
        .map_err(|error| error.to_string())
}
