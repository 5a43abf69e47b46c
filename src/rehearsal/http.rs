//! One request as the simulators see it, and one answer as they give it.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A request, read whole, without its token.
pub(super) struct Call {
    /// `GET`, `POST` and so on.
    pub(super) method: String,
    /// The path below the API's root, decoded.
    pub(super) path: Vec<String>,
    /// The query's parameters, decoded.
    pub(super) query: BTreeMap<String, String>,
    /// The body's text.
    pub(super) body: String,
}

impl Call {
    pub(super) fn new(method: &str, target: &str, body: String) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let path = path.split('/').filter(|part| !part.is_empty());
        let query = query.split('&').filter(|part| !part.is_empty());
        Self {
            method: method.to_owned(),
            path: path.map(decoded).collect(),
            query: query
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (decoded(name), decoded(&value.replace('+', " "))))
                .collect(),
            body,
        }
    }

    /// The method and the path's parts, to match on.
    pub(super) fn route(&self) -> (&str, Vec<&str>) {
        let parts = self.path.iter().map(String::as_str).collect();
        (self.method.as_str(), parts)
    }

    /// The body as a type; the error says what does not fit.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_str(&self.body).map_err(|error| error.to_string())
    }

    /// A parameter that is not empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let value = self.query.get(name).map(String::as_str);
        value.filter(|value| !value.is_empty())
    }

    /// Which page of how many entries is asked for: number from 1 on, and size.
    pub(super) fn page(&self, usual: usize, most: usize) -> (usize, usize) {
        let number = |name| self.parameter(name).and_then(|value| value.parse().ok());
        let page = number("page").unwrap_or(1).max(1);
        (page, number("per_page").unwrap_or(usual).clamp(1, most))
    }
}

/// Turns `%3A` back into `:`; what is no escape stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escape = (*first == b'%').then(|| tail.get(..2)).flatten();
        let byte = escape
            .and_then(|digits| str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The part of a list that a page shows.
pub(super) fn page_of<T>(entries: Vec<T>, page: usize, size: usize) -> Vec<T> {
    let before = size.saturating_mul(page - 1);
    entries.into_iter().skip(before).take(size).collect()
}

/// What a simulator answers.
#[derive(Debug)]
pub(super) struct Reply {
    /// The HTTP status.
    pub(super) status: u16,
    /// Headers beyond the usual ones.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The JSON body; none for 204.
    pub(super) body: Option<Value>,
}

impl Reply {
    pub(super) fn new(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Some(body),
        }
    }

    pub(super) fn empty() -> Self {
        Self {
            status: 204,
            headers: Vec::new(),
            body: None,
        }
    }

    pub(super) fn with(mut self, header: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((header, value.into()));
        self
    }
}

/// A refusal leaves a handler as an error, so that `?` ends it.
pub(super) type Answer = Result<Reply, Reply>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_taken_apart_and_decoded() {
        let call = Call::new(
            "GET",
            "/v2/tags/a%3Ab/%zz?name=x%20y+z&page=2",
            String::new(),
        );
        assert_eq!(call.path, ["v2", "tags", "a:b", "%zz"]);
        assert_eq!(call.parameter("name"), Some("x y z"));
        assert_eq!(call.page(20, 200), (2, 20));
        let call = Call::new("GET", "/?per_page=9000&page=0&x=%", String::new());
        assert_eq!(call.page(20, 200), (1, 200));
        assert_eq!(call.parameter("x"), Some("%"));
    }

    #[test]
    fn pages_end_where_the_list_ends() {
        assert_eq!(page_of(vec![1, 2, 3], 1, 2), [1, 2]);
        assert_eq!(page_of(vec![1, 2, 3], 2, 2), [3]);
        assert_eq!(page_of(vec![1, 2, 3], usize::MAX, 200), [0; 0]);
    }
}
