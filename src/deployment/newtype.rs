//! The shape shared by every text newtype of the model.

/// Declares a newtype around a checked `String`.
///
/// The value can only be made by `TryFrom<&str>`, which the module that declares the type
/// implements with its own checks; its error is the sentence a person reads.
macro_rules! text_newtype {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The checked text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

pub(crate) use text_newtype;

/// Why a value was refused, in words a person can act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong with it, one sentence without a final period; never repeats a secret.
    pub message: String,
    /// What to write instead, imperative, without a final period.
    pub help: String,
    /// The exact replacement, when there is only one sensible one.
    pub suggestion: Option<String>,
}

impl Refusal {
    /// A refusal without an exact replacement.
    pub fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
            suggestion: None,
        }
    }

    /// The same refusal with the one sensible replacement.
    #[must_use]
    pub fn suggesting(mut self, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(replacement.into());
        self
    }
}
