//! What must hold of every rendered text before anyone sees it.

use std::ops::Range;

use super::engine::{Language, RenderError};
use crate::finding::Position;
use crate::{hcl, nix};

/// Lays a rendered text out: Nix as nixfmt does, HCL as `tofu fmt` does, other text as it is.
///
/// # Errors
///
/// The text is not of its language, which is a bug in seance.
pub fn lay_out(path: &str, text: String) -> Result<String, RenderError> {
    match Language::of_file(path) {
        // Templates nest a few levels and values at most a few more, so the text is shallow.
        Some(Language::Nix) => nix::format_shallow(&text)
            .map_err(|error| bug(path, &text, &error.range, error.message)),
        Some(Language::Hcl) => Ok(hcl::align(&text)),
        Some(Language::Caddyfile | Language::Yaml) | None => Ok(text),
    }
}

/// Proves a laid-out text before it is written: it parses, laying it out again changes nothing,
/// and Nix neither uses an unbound name nor defines an attribute twice.
///
/// # Errors
///
/// Any of these fails, which is a bug in seance.
pub fn prove(path: &str, text: &str) -> Result<(), RenderError> {
    match Language::of_file(path) {
        Some(Language::Nix) => prove_nix(path, text)?,
        Some(Language::Hcl) => {
            hcl::parse(text).map_err(|error| bug(path, text, &error.range, error.message))?;
        }
        Some(Language::Caddyfile | Language::Yaml) | None => return Ok(()),
    }
    same(path, text, &lay_out(path, text.to_owned())?)
}

fn prove_nix(path: &str, text: &str) -> Result<(), RenderError> {
    let root = nix::parse_shallow(text).map_err(|errors| match errors.into_iter().next() {
        Some(error) => bug(path, text, &error.range, error.message),
        None => bug(path, text, &(0..0), "it is not Nix".to_owned()),
    })?;
    if let Some(free) = nix::free_names(&root).first() {
        let message = format!("nothing binds the name `{}`", free.name);
        return Err(bug(path, text, &free.range, message));
    }
    if let Some(duplicate) = nix::duplicates(&root).first() {
        let message = format!("the attribute `{}` is defined twice", duplicate.path);
        return Err(bug(path, text, &duplicate.second, message));
    }
    Ok(())
}

/// A formatter that changes its own output would make every later comparison a lie.
fn same(path: &str, once: &str, twice: &str) -> Result<(), RenderError> {
    if once == twice {
        return Ok(());
    }
    let line = once
        .lines()
        .zip(twice.lines())
        .take_while(|(a, b)| a == b)
        .count()
        + 1;
    Err(RenderError {
        template: path.to_owned(),
        line: Some(line),
        message: "formatting it again changes it".to_owned(),
    })
}

fn bug(path: &str, text: &str, range: &Range<usize>, message: String) -> RenderError {
    RenderError {
        template: path.to_owned(),
        line: Some(Position::of(text, range.start).line),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finish(path: &str, text: String) -> Result<String, RenderError> {
        let laid_out = lay_out(path, text)?;
        prove(path, &laid_out)?;
        Ok(laid_out)
    }

    fn failure(path: &str, text: &str) -> String {
        finish(path, text.to_owned()).expect_err(text).to_string()
    }

    #[test]
    fn good_text_is_laid_out() {
        let nix = finish("nix/a.nix", "{lib,...}:{a=lib.x;b=1;}".to_owned());
        assert_eq!(
            nix.as_deref(),
            Ok("{ lib, ... }: {\n  a = lib.x;\n  b = 1;\n}\n")
        );
        let hcl = finish(
            "terraform/terraform.tfvars",
            "a = 1\nlong = [\n1,\n]\n".to_owned(),
        );
        assert_eq!(hcl.as_deref(), Ok("a = 1\nlong = [\n  1,\n]\n"));
        assert_eq!(
            finish("Caddyfile", "{\n}\n".to_owned()).as_deref(),
            Ok("{\n}\n")
        );
    }

    #[test]
    fn bad_text_is_a_bug_with_a_line() {
        for (path, text, message) in [
            (
                "a.nix",
                "{\n b = 1;\n a = True;\n}",
                "line 3: nothing binds the name `True`",
            ),
            (
                "a.nix",
                "{\n a = 1;\n b = 2;\n a = 3;\n}",
                "line 4: the attribute `a` is defined twice",
            ),
            ("a.nix", "{\n a = 1 }", "line 2: "),
            ("a.tf", "a = 1\nb = \n", "line 2: "),
        ] {
            let error = failure(path, text);
            assert!(error.starts_with("this is a bug in seance: `a."), "{error}");
            assert!(error.contains(message), "{error}");
        }
    }
}
