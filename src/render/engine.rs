//! The template engine: strict, and unable to paste text.
//!
//! The language of a template follows from its file name; each `{{ value }}` is written by that
//! language's formatter as a value of its type. There is no filter that changes this.

use std::borrow::Cow;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{AutoEscape, Environment, ErrorKind, Output, State, UndefinedBehavior};

use super::value::Placed;
use super::{caddy_value, hcl_value, nix_value, yaml_value};

/// A template and its context do not fit: always a bug in seance, exit code 70.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is a bug in seance: `{template}`{} {message}",
    .line.map_or_else(|| ":".to_owned(), |line| format!(" line {line}:"))
)]
pub struct RenderError {
    /// Name of the template, or path of the rendered file.
    pub template: String,
    /// Line in the template or in the rendered text, from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl RenderError {
    fn of(template: &str, error: &minijinja::Error) -> Self {
        Self {
            template: error.name().unwrap_or(template).to_owned(),
            line: error.line(),
            message: match error.detail() {
                Some(detail) => format!("{}: {detail}", error.kind()),
                None => error.kind().to_string(),
            },
        }
    }
}

/// The language that a template writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Nix,
    Hcl,
    Caddyfile,
    Yaml,
}

impl Language {
    /// The language of a rendered file, or of a template when `.j2` is taken off its name.
    pub(super) fn of_file(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name == "Caddyfile" {
            return Some(Self::Caddyfile);
        }
        match name.rsplit_once('.')?.1 {
            "nix" => Some(Self::Nix),
            "tf" | "tofu" | "tfvars" => Some(Self::Hcl),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    fn of_template(name: &str) -> Option<Self> {
        Self::of_file(name.strip_suffix(".j2")?)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Nix => "nix",
            Self::Hcl => "hcl",
            Self::Caddyfile => "caddyfile",
            Self::Yaml => "yaml",
        }
    }

    fn format(self, value: &Value) -> Result<String, String> {
        match self {
            Self::Nix => nix_value::format(value),
            Self::Hcl => hcl_value::format(value),
            Self::Caddyfile => caddy_value::format(value),
            Self::Yaml => yaml_value::format(value),
        }
    }
}

/// A set of templates, parsed.
#[derive(Debug)]
pub struct Engine {
    environment: Environment<'static>,
}

impl Engine {
    /// Parses templates, given as pairs of name and text.
    pub fn new(templates: &[(&'static str, &'static str)]) -> Result<Self, RenderError> {
        let mut environment = empty_environment()?;
        for &(name, source) in templates {
            if Language::of_template(name).is_none() {
                return Err(RenderError {
                    template: name.to_owned(),
                    line: None,
                    message: "no language is known for this file name".to_owned(),
                });
            }
            environment
                .add_template(name, source)
                .map_err(|error| RenderError::of(name, &error))?;
        }
        Ok(Self { environment })
    }

    /// Renders one template.
    pub fn render(&self, name: &str, context: Value) -> Result<String, RenderError> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(context))
            .map_err(|error| RenderError::of(name, &error))
    }
}

/// An environment with the few filters that cannot change what is escaped.
fn empty_environment() -> Result<Environment<'static>, RenderError> {
    let mut environment = Environment::empty();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(|error| RenderError::of("syntax", &error))?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| match Language::of_template(name) {
        Some(language) => AutoEscape::Custom(Cow::Borrowed(language.name())),
        None => AutoEscape::None,
    });
    environment.set_formatter(write_value);
    environment.add_filter("items", minijinja::filters::items);
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("first", minijinja::filters::first);
    environment.add_filter("last", minijinja::filters::last);
    environment.add_filter("at", |value: Value, column: usize| {
        Value::from_object(Placed { value, column })
    });
    environment.add_test("defined", minijinja::tests::is_defined);
    environment.add_test("none", minijinja::tests::is_none);
    Ok(environment)
}

/// The formatter: what a template prints, in the template's language.
fn write_value(out: &mut Output, state: &mut State, value: &Value) -> Result<(), minijinja::Error> {
    let refuse = |message: String| minijinja::Error::new(ErrorKind::BadSerialization, message);
    // Only a macro or a captured block makes a safe string, and each value in it has been
    // formatted already; `autoescape false` would capture unformatted ones and is refused below.
    let AutoEscape::Custom(name) = state.auto_escape() else {
        return Err(refuse("escaping cannot be turned off".to_owned()));
    };
    if value.is_safe() {
        return Ok(out.write_str(value.as_str().unwrap_or_default())?);
    }
    let language = [
        Language::Nix,
        Language::Hcl,
        Language::Caddyfile,
        Language::Yaml,
    ]
    .into_iter()
    .find(|language| language.name() == name)
    .ok_or_else(|| refuse(format!("`{name}` is not a language")))?;
    Ok(out.write_str(&language.format(value).map_err(refuse)?)?)
}

#[cfg(test)]
mod tests {
    use super::super::value::{list, map, nix_key, script, text};
    use super::*;

    fn render(name: &'static str, source: &'static str, context: Value) -> Result<String, String> {
        Engine::new(&[(name, source)])
            .and_then(|engine| engine.render(name, context))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn every_kind_of_value_becomes_nix() {
        let context = map([
            ("yes", Value::from(true)),
            ("nothing", Value::from(())),
            ("number", Value::from(-3)),
            ("ports", list([22_u16, 80])),
            ("hostile", text("${builtins.exec} \" '' \\ $${x}")),
            ("user", nix_key("seance-backend")),
            ("odd", nix_key("let")),
            (
                "env",
                map([("A", text("1")), ("let", text("2")), ("a b", text("3"))]),
            ),
            ("run", script("set -e\nnpm ci\n")),
        ]);
        let source = "{ a = {{ yes }}; b = {{ nothing }}; c = {{ number }}; d = {{ ports }};\n\
            e = {{ hostile }}; {{ user }} = {{ env }}; {{ odd }}.{{ hostile }} = {{ run }}; }\n";
        assert_eq!(
            render("a.nix.j2", source, context).as_deref(),
            Ok("{ a = true; b = null; c = (-3); d = [ 22 80 ];\n\
                e = \"\\${builtins.exec} \\\" '' \\\\ \\$\\${x}\"; \
                seance-backend = { A = \"1\"; \"a b\" = \"3\"; \"let\" = \"2\"; }; \
                \"let\".\"\\${builtins.exec} \\\" '' \\\\ \\$\\${x}\" = ''\nset -e\nnpm ci\n''; }\n")
        );
    }

    #[test]
    fn hcl_and_yaml_escape_in_their_own_way() {
        let context = || {
            map([
                ("t", text("${file(\"x\")} %{if} $${\u{202e}\n\u{0}")),
                ("m", map([("for", list([1])), ("key", Value::from(false))])),
            ])
        };
        assert_eq!(
            render("a.tfvars.j2", "a = {{ t }}\nb = {{ m }}", context()).as_deref(),
            Ok("a = \"$${file(\\\"x\\\")} %%{if} $$${\\u202e\\n\\u0000\"\n\
                b = {\n\"for\" = [1]\nkey = false\n}")
        );
        assert_eq!(
            render("a.yaml.j2", "a: {{ t }}\nb: {{ m }}", context()).as_deref(),
            Ok(
                "a: \"${file(\\\"x\\\")} %{if} $${\u{202e}\\n\\u0000\"\nb: {\"for\": [1], \"key\": false}"
            )
        );
    }

    #[test]
    fn blocks_leave_no_blank_lines_and_macros_are_not_quoted_twice() {
        let source = "{% macro entry(x) %}\nx = {{ x }};\n{% endmacro %}\n{\n  {% for p in ports %}\n  \
            {{ entry(p) }}{% endfor %}\n}\n";
        assert_eq!(
            render("a.nix.j2", source, map([("ports", list([1, 2]))])).as_deref(),
            Ok("{\n  x = 1;\n  x = 2;\n}\n")
        );
    }

    #[test]
    fn nothing_can_be_pasted() {
        let context = || {
            map([
                ("t", text("evil")),
                ("f", Value::from(1.5)),
                ("k", nix_key("a")),
            ])
        };
        for (source, reason) in [
            ("{{ t | safe }}", "unknown filter"),
            ("{{ t | escape }}", "unknown filter"),
            (
                "{% autoescape false %}{{ t }}{% endautoescape %}",
                "cannot be turned off",
            ),
            ("{% autoescape 'html' %}{{ t }}{% endautoescape %}", ""),
            ("{{ missing }}", "undefined"),
            ("{% if missing %}{% endif %}", "undefined"),
            ("{{ f }}", "not an integer"),
            ("{{ [k] }}", "cannot be written"),
            ("{% macro m() %}a b{% endmacro %}{{ [m()] }}", "by itself"),
            ("{% include 'b.nix.j2' %}", ""),
        ] {
            let error = render("a.nix.j2", source, context()).expect_err(source);
            assert!(error.contains(reason), "{source}: {error}");
            assert!(
                error.starts_with("this is a bug in seance: `a.nix.j2` line 1"),
                "{error}"
            );
        }
        assert_eq!(
            render("a.nix.j2", "{{ t ~ '${x}' }}", context()).as_deref(),
            Ok("\"evil\\${x}\"")
        );
    }

    #[test]
    fn a_caddyfile_takes_closed_tokens_only() {
        let port = crate::deployment::Port::new(80).map(super::super::value::caddy);
        let context = map([("port", Value::from(port)), ("t", text("a.dev"))]);
        assert_eq!(
            render("Caddyfile.j2", ":{{ port }}", context.clone()).as_deref(),
            Ok(":80")
        );
        for source in ["{{ t }}", "{{ 80 }}", "{{ [port] }}", "{{ true }}"] {
            let error = render("Caddyfile.j2", source, context.clone()).expect_err(source);
            assert!(error.contains("only a closed token"), "{error}");
        }
        for hostile in ["{env.X}", "a b", "a\nb", "\"", "`", "é", ""] {
            let token = super::super::value::CaddyToken(hostile.to_owned());
            let value = Value::from_object(token);
            assert!(Language::Caddyfile.format(&value).is_err(), "{hostile:?}");
        }
    }

    #[test]
    fn a_file_without_a_known_language_is_refused() {
        for name in ["a.sh.j2", "a.nix", "nix.j2", "", "a/Caddyfile"] {
            assert!(Engine::new(&[(name, "")]).is_err(), "{name}");
        }
    }

    #[test]
    fn integers_that_nix_cannot_hold_are_refused() {
        let context = map([("n", Value::from(i128::from(i64::MIN)))]);
        assert!(render("a.nix.j2", "{{ n }}", context).is_err());
    }

    #[test]
    fn a_package_is_selected_and_never_evaluated() {
        let path = |text: &str| {
            let object = super::super::value::NixAttributePath(text.to_owned());
            Language::Nix.format(&Value::from_object(object))
        };
        assert_eq!(
            path("python3Packages.uvicorn").as_deref(),
            Ok("pkgs.python3Packages.uvicorn")
        );
        assert_eq!(path("a b.${x}").as_deref(), Ok("pkgs.\"a b\".\"\\${x}\""));
    }
}
