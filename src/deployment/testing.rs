//! What the tests of the newtypes share.

use super::Refusal;

/// The refusal of a text that must be refused.
pub(super) fn refusal<T>(text: &str) -> Refusal
where
    T: for<'a> TryFrom<&'a str, Error = Refusal> + std::fmt::Debug,
{
    match T::try_from(text) {
        Ok(value) => panic!("{text:?} was accepted as {value:?}"),
        Err(refusal) => refusal,
    }
}

/// The message of the refusal of a text.
pub(super) fn message<T>(text: &str) -> String
where
    T: for<'a> TryFrom<&'a str, Error = Refusal> + std::fmt::Debug,
{
    refusal::<T>(text).message
}

/// Asserts that every text is accepted and keeps its spelling.
pub(super) fn accepts<T>(texts: &[&str])
where
    T: for<'a> TryFrom<&'a str, Error = Refusal> + std::fmt::Display,
{
    for text in texts {
        match T::try_from(text) {
            Ok(value) => assert_eq!(value.to_string(), *text),
            Err(refusal) => panic!("{text:?} was refused: {refusal:?}"),
        }
    }
}

/// Asserts that every text is refused, with a suggestion or without one.
pub(super) fn refuses<T>(table: &[(&str, Option<&str>)])
where
    T: for<'a> TryFrom<&'a str, Error = Refusal> + std::fmt::Debug,
{
    for (text, expected) in table {
        let refusal = refusal::<T>(text);
        assert_eq!(
            refusal.suggestion.as_deref(),
            *expected,
            "{text:?}: {refusal:?}"
        );
    }
}
