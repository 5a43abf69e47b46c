//! Small rendered trees and one call that generates them.

use std::collections::{BTreeMap, BTreeSet};

use seance::drift::header::{Hash, stamp};
use seance::drift::{GenerateError, Generation, OnEdit, Request, generate};
use seance::render::{Ownership, RenderedFile, Tree};
use seance::workspace::{MemoryWorkspace, Workspace};

/// The paths that seance is told it has ever owned.
pub(crate) const OWNED_EVER: &[&str] = &[
    "Caddyfile",
    "nix/a.nix",
    "nix/b.nix",
    "terraform/main.tf",
    "old/deep/orphan.tf",
];

pub(crate) fn tree(owned: &[(&str, &str)], seeded: &[(&str, &str)]) -> Tree {
    let file = |ownership| {
        move |(path, body): &(&str, &str)| {
            let body = (*body).to_owned();
            ((*path).to_owned(), RenderedFile { ownership, body })
        }
    };
    let owned = owned.iter().map(file(Ownership::Owned));
    let seeded = seeded.iter().map(file(Ownership::Seeded));
    Tree {
        files: owned.chain(seeded).collect(),
    }
}

/// The body of `nix/a.nix` with two values far enough apart to be edited apart.
pub(crate) fn body(first: &str, last: &str) -> String {
    format!("{{\n  first = {first};\n  a = 1;\n  b = 2;\n  c = 3;\n  last = {last};\n}}\n")
}

pub(crate) fn first_tree() -> Tree {
    tree(
        &[
            ("Caddyfile", "example.org {\n}\n"),
            ("nix/a.nix", &body("1", "1")),
            ("nix/b.nix", "{ }\n"),
            ("old/deep/orphan.tf", "# one\n"),
            ("terraform/main.tf", "a = 1\n"),
        ],
        &[("flake.nix", "{ outputs = _: { }; }\n")],
    )
}

/// Two files change, one stays, one goes with its folders, one comes, a seed comes.
pub(crate) fn second_tree() -> Tree {
    tree(
        &[
            ("Caddyfile", "example.org {\n\tlog\n}\n"),
            ("nix/a.nix", &body("1", "2")),
            ("nix/b.nix", "{ }\n"),
            ("nix/new/c.nix", "{ }\n"),
            ("terraform/main.tf", "a = 1\n"),
        ],
        &[
            ("devenv.nix", "{ }\n"),
            ("flake.nix", "{ outputs = _: { }; }\n"),
        ],
    )
}

pub(crate) fn run(
    tree: &Tree,
    on_edit: OnEdit,
    workspace: &dyn Workspace,
) -> Result<Generation, GenerateError> {
    run_with(tree, on_edit, &|_, _| None, workspace)
}

pub(crate) fn run_with(
    tree: &Tree,
    on_edit: OnEdit,
    history: &dyn Fn(&str, &Hash) -> Option<String>,
    workspace: &dyn Workspace,
) -> Result<Generation, GenerateError> {
    let request = Request {
        tree,
        skip: &BTreeSet::new(),
        owned_ever: OWNED_EVER,
        on_edit,
        history,
    };
    generate(&request, workspace)
}

/// The texts that a tree has on disk.
pub(crate) fn texts(tree: &Tree) -> Files {
    let files = tree.files.iter();
    files
        .map(|(path, file)| {
            let text = match file.ownership {
                Ownership::Owned => stamp(&file.body),
                Ownership::Seeded => file.body.clone(),
            };
            (path.clone(), text.into_bytes())
        })
        .collect()
}

pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The user's files: all but seance's own folder.
pub(crate) fn visible(workspace: &MemoryWorkspace) -> Files {
    let mut files = workspace.files();
    files.retain(|path, _| !path.starts_with(".seance/"));
    files
}

/// The user's folders: all but seance's own.
pub(crate) fn visible_folders(workspace: &MemoryWorkspace) -> BTreeSet<String> {
    let mut folders = workspace.folders();
    folders.retain(|path| path != ".seance" && !path.starts_with(".seance/"));
    folders
}

/// A workspace with these files, as if they had always been there.
pub(crate) fn workspace(files: &Files) -> MemoryWorkspace {
    let workspace = MemoryWorkspace::new();
    for (path, content) in files {
        workspace.put(path, content);
    }
    workspace
}

/// All files after the first tree was generated, seance's own among them.
pub(crate) fn generated() -> Files {
    let workspace = MemoryWorkspace::new();
    run(&first_tree(), OnEdit::Refuse, &workspace).unwrap();
    workspace.files()
}

/// The generated files with `first = 1` edited by hand.
pub(crate) fn edited() -> Files {
    let mut files = generated();
    files.insert("nix/a.nix".to_owned(), edited_text().into_bytes());
    files
}

pub(crate) fn edited_text() -> String {
    stamp(&body("1", "1")).replace("first = 1;", "first = 99;")
}
