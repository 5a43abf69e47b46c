//! `docs/ARCHITECTURE.md` is true of `src/`: every module is in its table, and none reaches past
//! the ones that it may know.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with the others that it may name.
const KNOWS: &[(&str, &[&str])] = &[
    (
        "access",
        &[
            "deployment",
            "evaluation",
            "facts",
            "finding",
            "nixos",
            "reading",
            "rules",
            "tofu",
        ],
    ),
    (
        "against",
        &[
            "catalog",
            "danger",
            "deployment",
            "drift",
            "render",
            "report",
        ],
    ),
    ("caddy", &["reading"]),
    ("catalog", &["deployment"]),
    ("danger", &[]),
    (
        "deploy",
        &[
            "catalog",
            "danger",
            "deployment",
            "engine",
            "finding",
            "manifest",
            "remote",
            "report",
            "workspace",
        ],
    ),
    ("deployment", &["catalog"]),
    (
        "devenv",
        &["evaluation", "handwritten", "nixos", "reading", "yaml"],
    ),
    ("drift", &["finding", "nix", "render", "rules", "workspace"]),
    ("engine", &["catalog", "danger"]),
    ("evaluation", &["handwritten", "nix", "reading"]),
    (
        "facts",
        &[
            "caddy",
            "deployment",
            "devenv",
            "evaluation",
            "finding",
            "flake",
            "handwritten",
            "manifest",
            "nixos",
            "options",
            "reading",
            "rules",
            "tofu",
        ],
    ),
    ("finding", &["rules"]),
    ("fix", &["finding", "hcl", "nix"]),
    ("flake", &["deployment", "nix", "reading"]),
    ("git", &["finding", "rules", "shell"]),
    (
        "handwritten",
        &[
            "caddy",
            "finding",
            "flake",
            "hcl",
            "nix",
            "reading",
            "render",
            "rules",
            "workspace",
            "yaml",
        ],
    ),
    ("hcl", &[]),
    (
        "manifest",
        &["catalog", "deployment", "finding", "render", "rules"],
    ),
    ("nix", &[]),
    ("nixos", &["evaluation", "handwritten", "reading"]),
    ("options", &["deployment", "nix"]),
    (
        "preflight",
        &[
            "access",
            "caddy",
            "catalog",
            "deployment",
            "devenv",
            "evaluation",
            "facts",
            "finding",
            "flake",
            "handwritten",
            "manifest",
            "nixos",
            "options",
            "reading",
            "rules",
            "tofu",
        ],
    ),
    ("reading", &["finding"]),
    ("rehearsal", &["catalog"]),
    ("remote", &["shell"]),
    ("render", &["deployment", "finding", "hcl", "nix", "shell"]),
    ("report", &["access", "deployment", "finding", "rules"]),
    (
        "rules",
        &[
            "access",
            "drift",
            "finding",
            "git",
            "handwritten",
            "manifest",
            "preflight",
        ],
    ),
    ("shell", &[]),
    ("tofu", &["handwritten", "hcl", "reading"]),
    ("workspace", &[]),
    ("yaml", &["reading"]),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every module of the library, by name.
fn modules() -> BTreeSet<String> {
    let names = fs::read_dir(source()).expect("src").map(|entry| {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().expect("a name");
        stem.to_string_lossy().into_owned()
    });
    names
        .filter(|name| name != "lib" && name != "main")
        .collect()
}

fn rust_files(path: PathBuf, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            rust_files(entry.expect("an entry").path(), files);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        files.push(path);
    }
}

/// Files and modules of tests may look anywhere.
fn is_test(file: &Path) -> bool {
    let stem = file.file_stem().expect("a name").to_string_lossy();
    matches!(&*stem, "tests" | "samples" | "properties" | "testing")
        || file.iter().any(|folder| folder == "tests")
}

/// The code above the tests at a file's end, without comments.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source file");
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
    let lines = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""));
    lines.collect::<Vec<_>>().join("\n")
}

/// The modules that a piece of code names: `crate::name` and `crate::{a, b}`.
fn named(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let group = rest
            .strip_prefix('{')
            .and_then(|rest| rest.split('}').next());
        for path in group.unwrap_or(rest).split(',') {
            let path = path.trim_start();
            let end = path.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            names.insert(path[..end.unwrap_or(path.len())].to_owned());
            if group.is_none() {
                break;
            }
        }
    }
    names
}

#[test]
fn no_module_reaches_past_those_it_may_know() {
    let modules = modules();
    for (module, known) in KNOWS {
        let mut files = Vec::new();
        rust_files(source().join(module), &mut files);
        rust_files(source().join(format!("{module}.rs")), &mut files);
        files.retain(|file| file.exists() && !is_test(file));
        assert!(!files.is_empty(), "there is no module {module}");
        for file in files {
            let named = named(&code(&file));
            let strange: Vec<&String> = named
                .intersection(&modules)
                .filter(|name| name != module && !known.contains(&name.as_str()))
                .collect();
            assert!(
                strange.is_empty(),
                "{} names {strange:?}, of which `{module}` should know nothing: break the tie, or \
                 add it to KNOWS and to docs/ARCHITECTURE.md",
                file.display()
            );
        }
    }
}

#[test]
fn every_module_is_described() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ARCHITECTURE.md");
    let page = fs::read_to_string(page).expect("the page");
    for module in modules() {
        let row = |line: &str| {
            let cell = line
                .strip_prefix("| ")
                .and_then(|rest| rest.split(" |").next());
            cell.is_some_and(|cell| cell.contains(&format!("`{module}`")))
        };
        assert!(
            page.lines().any(row),
            "docs/ARCHITECTURE.md has no row for `{module}`"
        );
        let ruled = module == "cli" || KNOWS.iter().any(|(name, _)| *name == module);
        assert!(ruled, "say in KNOWS what `{module}` may know");
    }
}
