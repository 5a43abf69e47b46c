//! One configuration written in several ways: whatever a rule finds in one, it finds in all.

use std::collections::{BTreeMap, BTreeSet};

use rnix::ast::{AttrSet, AttrpathValue, Entry, Expr, HasEntry, Lambda, Param};
use rowan::ast::AstNode;

use super::testing::{files, with_facts};
use super::{Check, all};
use crate::finding::{Finding, Severity};
use crate::handwritten::Files;

/// A module taken apart: what stands before its attribute set, the set, and what follows.
struct Module {
    path: String,
    text: String,
    set: AttrSet,
    head: Option<Lambda>,
}

/// Another way to write the same module; `None` where it does not apply.
type Rewriting = fn(&Module) -> Option<Vec<(String, String)>>;

const REWRITINGS: [(&str, Rewriting); 9] = [
    ("in imported files", imported),
    ("in a mkMerge", merged),
    ("under a mkIf", conditioned),
    ("with dotted names", dotted),
    ("with nested sets", nested),
    ("in another order", reordered),
    ("bound by a let", bound),
    ("in the long form", long),
    ("in a function of another file", split),
];

impl Module {
    fn read(path: &str, text: &str) -> Option<Self> {
        let mut expression = rnix::Root::parse(text).ok().ok()?.expr()?;
        let mut head = None;
        loop {
            expression = match expression {
                Expr::AttrSet(set) if set.rec_token().is_none() => {
                    return Some(Self {
                        path: path.to_owned(),
                        text: text.to_owned(),
                        set,
                        head,
                    });
                }
                Expr::Lambda(lambda) if head.is_none() => {
                    let body = lambda.body()?;
                    head = Some(lambda);
                    body
                }
                Expr::With(with) => with.body()?,
                Expr::LetIn(binding) => binding.body()?,
                Expr::Paren(parenthesis) => parenthesis.expr()?,
                _ => return None,
            };
        }
    }

    /// The text with another expression in the place of the set.
    fn with_body(&self, body: &str) -> String {
        let range = self.set.syntax().text_range();
        let (start, end) = (usize::from(range.start()), usize::from(range.end()));
        format!("{}{body}{}", &self.text[..start], &self.text[end..])
    }

    /// As [`Self::with_body`], for a body that uses `lib`.
    fn with_body_and_library(&self, body: &str) -> Option<String> {
        let text = self.with_body(body);
        let Some(head) = &self.head else {
            return Some(format!("{{ lib, ... }}:\n{text}"));
        };
        let Some(Param::Pattern(pattern)) = head.param() else {
            return None;
        };
        if self.parameters()?.contains(&"lib".to_owned()) {
            return Some(text);
        }
        let pattern_at = usize::from(pattern.syntax().text_range().start());
        let brace = pattern_at + self.text[pattern_at..].find('{')? + 1;
        pattern.ellipsis_token()?;
        Some(format!("{} lib,{}", &text[..brace], &text[brace..]))
    }

    /// The names that the module takes.
    fn parameters(&self) -> Option<Vec<String>> {
        let Some(head) = &self.head else {
            return Some(Vec::new());
        };
        let Some(Param::Pattern(pattern)) = head.param() else {
            return None;
        };
        if pattern.pat_bind().is_some() {
            return None;
        }
        let names = pattern.pat_entries().filter_map(|entry| entry.ident());
        Some(names.map(|name| name.to_string()).collect())
    }

    /// The definitions, with `imports` apart; nothing for a module that declares options.
    fn parts(&self) -> Option<(Vec<String>, Option<String>)> {
        let mut definitions = Vec::new();
        let mut imports = None;
        for entry in self.set.entries() {
            match first_name(&entry).as_deref() {
                Some("options" | "config" | "disabledModules" | "_module") => return None,
                Some("imports") => imports = Some(entry.syntax().to_string()),
                _ => definitions.push(entry.syntax().to_string()),
            }
        }
        (!definitions.is_empty()).then_some((definitions, imports))
    }

    /// The same file with its definitions under `config`.
    fn long(&self, config: &str) -> Option<Vec<(String, String)>> {
        let (_, imports) = self.parts()?;
        let imports = imports.unwrap_or_default();
        let body = format!("{{ {imports} config = {config}; }}");
        Some(vec![(
            self.path.clone(),
            self.with_body_and_library(&body)?,
        )])
    }

    fn beside(&self, suffix: &str) -> String {
        let stem = self.path.strip_suffix(".nix").unwrap_or(&self.path);
        format!("{stem}-{suffix}.nix")
    }
}

fn first_name(entry: &Entry) -> Option<String> {
    let Entry::AttrpathValue(assignment) = entry else {
        return None;
    };
    let first = assignment.attrpath()?.attrs().next()?;
    Some(first.to_string())
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn imported(module: &Module) -> Option<Vec<(String, String)>> {
    let (definitions, imports) = module.parts()?;
    let mut written = Vec::new();
    let mut names = String::new();
    for (number, definition) in definitions.iter().enumerate() {
        let path = module.beside(&format!("part-{number}"));
        names.push_str(&format!(" ./{}", file_name(&path)));
        written.push((path, module.with_body(&format!("{{ {definition} }}"))));
    }
    let own = imports.unwrap_or_else(|| "imports = [ ];".to_owned());
    let own = own.trim_end_matches(';');
    let body = format!("{{ {own} ++ [{names} ]; }}");
    written.push((module.path.clone(), module.with_body(&body)));
    Some(written)
}

fn merged(module: &Module) -> Option<Vec<(String, String)>> {
    let (definitions, _) = module.parts()?;
    let parts: Vec<String> = definitions.iter().map(|it| format!("{{ {it} }}")).collect();
    module.long(&format!("lib.mkMerge [ {} ]", parts.join(" ")))
}

fn conditioned(module: &Module) -> Option<Vec<(String, String)>> {
    let (definitions, _) = module.parts()?;
    module.long(&format!("lib.mkIf true {{ {} }}", definitions.join(" ")))
}

fn long(module: &Module) -> Option<Vec<(String, String)>> {
    let (definitions, _) = module.parts()?;
    module.long(&format!("{{ {} }}", definitions.join(" ")))
}

/// The set of an assignment, where that is nothing but assignments itself.
fn inner(assignment: &AttrpathValue) -> Option<Vec<AttrpathValue>> {
    let Some(Expr::AttrSet(set)) = assignment.value() else {
        return None;
    };
    let all = set.entries().map(|entry| match entry {
        Entry::AttrpathValue(inner) => Some(inner),
        Entry::Inherit(_) => None,
    });
    let all: Vec<AttrpathValue> = all.collect::<Option<_>>()?;
    (set.rec_token().is_none() && !all.is_empty()).then_some(all)
}

fn dotted(module: &Module) -> Option<Vec<(String, String)>> {
    let mut lines = String::new();
    let mut changed = false;
    for entry in module.set.entries() {
        match &entry {
            Entry::AttrpathValue(it) => flatten("", it, &mut lines, &mut changed)?,
            Entry::Inherit(it) => lines.push_str(&it.syntax().to_string()),
        }
    }
    let text = module.with_body(&format!("{{ {lines} }}"));
    changed.then(|| vec![(module.path.clone(), text)])
}

fn flatten(
    above: &str,
    assignment: &AttrpathValue,
    lines: &mut String,
    changed: &mut bool,
) -> Option<()> {
    let name = format!("{above}{}", assignment.attrpath()?);
    if let Some(all) = inner(assignment) {
        *changed = true;
        for it in all {
            flatten(&format!("{name}."), &it, lines, changed)?;
        }
    } else {
        lines.push_str(&format!("{name} = {};\n", assignment.value()?));
    }
    Some(())
}

fn nested(module: &Module) -> Option<Vec<(String, String)>> {
    let mut tree = Tree::default();
    tree.join(&module.set)?;
    let body = tree.to_string();
    let changed = body.matches('{').count() > module.set.to_string().matches('{').count();
    changed.then(|| vec![(module.path.clone(), module.with_body(&body))])
}

/// The definitions of a set by their names, one layer for each name.
#[derive(Default)]
struct Tree {
    value: Option<String>,
    inherited: String,
    children: Vec<(String, Tree)>,
}

impl Tree {
    /// Takes in what a set defines; `None` for what only Nix could join.
    fn join(&mut self, set: &AttrSet) -> Option<()> {
        for entry in set.entries() {
            let Entry::AttrpathValue(it) = &entry else {
                self.inherited.push_str(&entry.syntax().to_string());
                continue;
            };
            let mut tree = &mut *self;
            for name in it.attrpath()?.attrs() {
                tree = tree.child(&name.to_string());
            }
            match it.value()? {
                Expr::AttrSet(inner)
                    if inner.rec_token().is_none() && inner.entries().next().is_some() =>
                {
                    tree.join(&inner)?;
                }
                value if tree.value.is_none() && tree.children.is_empty() => {
                    tree.value = Some(value.to_string());
                }
                _ => return None,
            }
        }
        Some(())
    }

    fn child(&mut self, name: &str) -> &mut Self {
        let place = self.children.iter().position(|(other, _)| other == name);
        let place = place.unwrap_or_else(|| {
            self.children.push((name.to_owned(), Self::default()));
            self.children.len() - 1
        });
        &mut self.children[place].1
    }
}

impl std::fmt::Display for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(value) = &self.value {
            return f.write_str(value);
        }
        write!(f, "{{ {}", self.inherited)?;
        for (name, tree) in &self.children {
            writeln!(f, "{name} = {tree};")?;
        }
        f.write_str("}")
    }
}

/// Every definition made stronger, by a function of `lib` or by its bare name.
fn forced(module: &Module, function: &str, scope: &str) -> Option<Vec<(String, String)>> {
    let (_, imports) = module.parts()?;
    let mut body = imports.unwrap_or_default();
    for entry in module.set.entries() {
        match &entry {
            Entry::AttrpathValue(it) if first_name(&entry).as_deref() != Some("imports") => {
                let (path, value) = (it.attrpath()?, it.value()?);
                body.push_str(&format!("{path} = {function} ({value});\n"));
            }
            Entry::AttrpathValue(_) => {}
            Entry::Inherit(it) => body.push_str(&it.syntax().to_string()),
        }
    }
    let text = module.with_body_and_library(&format!("{scope} {{ {body} }}"))?;
    Some(vec![(module.path.clone(), text)])
}

fn forced_by_library(module: &Module) -> Option<Vec<(String, String)>> {
    forced(module, "lib.mkForce", "")
}

fn forced_by_name(module: &Module) -> Option<Vec<(String, String)>> {
    forced(module, "mkForce", "with lib;")
}

fn reordered(module: &Module) -> Option<Vec<(String, String)>> {
    let text = module.with_body(&reversed(&module.set));
    (module.set.entries().count() > 1).then(|| vec![(module.path.clone(), text)])
}

fn reversed(set: &AttrSet) -> String {
    let mut entries: Vec<String> = set
        .entries()
        .map(|entry| match &entry {
            Entry::AttrpathValue(it) => match (it.attrpath(), it.value()) {
                (Some(path), Some(Expr::AttrSet(inner))) => {
                    format!("{path} = {};", reversed(&inner))
                }
                _ => entry.syntax().to_string(),
            },
            Entry::Inherit(_) => entry.syntax().to_string(),
        })
        .collect();
    entries.reverse();
    let recursive = if set.rec_token().is_some() {
        "rec "
    } else {
        ""
    };
    format!("{recursive}{{ {} }}", entries.join("\n"))
}

fn bound(module: &Module) -> Option<Vec<(String, String)>> {
    module.set.entries().next()?;
    let body = format!("let cfg = {}; in cfg", module.set);
    Some(vec![(module.path.clone(), module.with_body(&body))])
}

fn split(module: &Module) -> Option<Vec<(String, String)>> {
    let names = module.parameters()?;
    let other = module.beside("body");
    let (head, rest) = match &module.head {
        Some(head) => {
            let body = usize::from(head.body()?.syntax().text_range().start());
            module.text.split_at(body)
        }
        None => ("", module.text.as_str()),
    };
    let given = names.join(" ");
    let given = if given.is_empty() {
        String::new()
    } else {
        format!("inherit {given};")
    };
    let call = format!("{head}import ./{} {{ {given} }}\n", file_name(&other));
    let text = format!("{{ {} }}:\n{rest}", names.join(", "));
    Some(vec![(module.path.clone(), call), (other, text)])
}

/// The modules of a project's systems, and of its devenv shell.
fn modules(files: &Files) -> Vec<Module> {
    let paths = with_facts(files, |facts| {
        let systems = facts.systems().iter().flat_map(|system| &system.files);
        let paths = systems.map(|path| path.to_string());
        paths.collect::<BTreeSet<String>>()
    });
    let paths = paths.iter().map(String::as_str).chain(["devenv.nix"]);
    let modules = paths.filter_map(|path| Module::read(path, files.get(path)?));
    modules.collect()
}

/// The project with its modules rewritten, when that applies to any of them.
fn rewritten(files: &Files, modules: &[Module], rewriting: Rewriting) -> Option<Files> {
    let written: Vec<_> = modules.iter().filter_map(rewriting).flatten().collect();
    if written.is_empty() {
        return None;
    }
    let mut files = files.clone();
    files.extend(written);
    // Nix joins `a.b.c = 1;` with an earlier `a = { b.d = 2; };`, and refuses the other order.
    let broken = crate::handwritten::syntax(&files);
    let only_order = |finding: &Finding| finding.rule.id == "nix-duplicate-attribute";
    assert!(broken.iter().all(only_order), "{broken:?}\n{files:?}");
    broken.is_empty().then_some(files)
}

/// What a check finds in a project, but for the places.
fn found(check: &Check, files: &Files) -> BTreeSet<String> {
    let found = with_facts(files, |facts| (check.find)(facts));
    found.into_iter().map(|finding| finding.message).collect()
}

#[test]
fn findings_do_not_depend_on_how_a_configuration_is_written() {
    let mut wrong = Vec::new();
    let mut applied: BTreeMap<&str, usize> = BTreeMap::new();
    for check in all() {
        let id = check.rule.id;
        let examples = &check.examples;
        for example in [examples.bad, examples.good, examples.undecidable] {
            let plain = files(example);
            let modules = modules(&plain);
            let before = found(check, &plain);
            for (name, rewriting) in REWRITINGS {
                let Some(files) = rewritten(&plain, &modules, rewriting) else {
                    continue;
                };
                if !before.is_empty() {
                    *applied.entry(name).or_default() += 1;
                }
                let after = found(check, &files);
                if before != after {
                    wrong.push(format!(
                        "{id} {name}:\n  {before:?}\n  {after:?}\n{example}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    for (name, _) in REWRITINGS {
        let count = applied.get(name).copied().unwrap_or(0);
        assert!(count >= 30, "{name}: only {count} examples");
    }
}

#[test]
fn a_function_of_the_library_is_the_same_by_its_bare_name() {
    let mut count = 0;
    for check in all() {
        let plain = files(check.examples.bad);
        let modules = modules(&plain);
        let one = rewritten(&plain, &modules, forced_by_library);
        let other = rewritten(&plain, &modules, forced_by_name);
        if let (Some(one), Some(other)) = (one, other) {
            let one = found(check, &one);
            assert_eq!(one, found(check, &other), "{}", check.rule.id);
            count += usize::from(!one.is_empty());
        }
    }
    assert!(count >= 60, "only {count} examples");
}

/// Whole projects stay sound, however they are written.
#[test]
fn sound_projects_stay_sound() {
    let mut wrong = Vec::new();
    for (project, plain) in super::corpus::projects() {
        let modules = modules(&plain);
        for (name, rewriting) in REWRITINGS {
            let Some(files) = rewritten(&plain, &modules, rewriting) else {
                continue;
            };
            let mut found = with_facts(&files, super::of_facts);
            found.retain(|it| it.severity > Severity::Advice);
            let found = found.iter().map(|it| (it.rule.id, &it.message));
            wrong.extend(found.map(|it| format!("{project} {name}: {it:?}")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
