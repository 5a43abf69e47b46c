//! The files around the generated ones, which people write: read, and checked for what can be
//! seen without evaluating them.

use std::collections::BTreeMap;
use std::io;

use crate::finding::Finding;
use crate::render::Tree;
use crate::workspace::{EntryKind, Workspace};

pub mod rules;
mod syntax;
mod wiring;

/// Texts by path relative to the manifest's folder.
pub type Files = BTreeMap<String, String>;

/// How many files are read at most; a larger tree is not what seance deploys.
const MOST_FILES: usize = 5_000;
/// How deep folders are followed.
const DEEPEST: usize = 16;
/// Folders that hold other people's work or no work at all.
const PASSED_OVER: [&str; 3] = ["node_modules", "result", "target"];

/// The hand-written files of a project that has a manifest: beside it, in `nix/` and in
/// `terraform/`.
pub fn of_project(workspace: &dyn Workspace, owned: &dyn Fn(&str) -> bool) -> io::Result<Files> {
    let mut files = Files::new();
    for folder in ["", "nix", "terraform"] {
        for name in workspace.list(folder)? {
            let path = below(folder, name);
            // A link that leads out of the project is none of its files.
            if is_source(&path) && !owned(&path) && workspace.kind(&path)? == Some(EntryKind::File)
            {
                read(&path, workspace, &mut files)?;
            }
        }
    }
    Ok(files)
}

/// Every source file of a tree without a manifest. The flag says whether all were read.
pub fn of_tree(workspace: &dyn Workspace) -> io::Result<(Files, bool)> {
    let mut files = Files::new();
    let mut folders = vec![(String::new(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for name in workspace.list(&folder)? {
            let passed_over = name.starts_with('.') || PASSED_OVER.contains(&name.as_str());
            let path = below(&folder, name);
            match workspace.kind(&path)? {
                Some(EntryKind::Folder) if !passed_over && depth < DEEPEST => {
                    folders.push((path, depth + 1));
                }
                Some(EntryKind::File) if is_source(&path) => read(&path, workspace, &mut files)?,
                _ => {}
            }
            if files.len() >= MOST_FILES {
                return Ok((files, false));
            }
        }
    }
    Ok((files, true))
}

/// What can be said of a project's files. Those that are still as seance wrote them, given by
/// `seeds`, were proven then.
pub fn findings(files: &Files, seeds: &Tree) -> Vec<Finding> {
    let untouched =
        |path: &str, text: &str| seeds.files.get(path).is_some_and(|seed| seed.body == text);
    let touched = files.iter().filter(|(path, text)| !untouched(path, text));
    let mut findings: Vec<Finding> = touched
        .flat_map(|(path, text)| syntax::findings(path, text))
        .collect();
    findings.extend(wiring::findings(files, &untouched));
    findings
}

/// What the parsers of their languages say about the files.
pub fn syntax(files: &Files) -> Vec<Finding> {
    files
        .iter()
        .flat_map(|(path, text)| syntax::findings(path, text))
        .collect()
}

/// The path of a name in a folder; the root is the empty path.
fn below(folder: &str, name: String) -> String {
    if folder.is_empty() {
        name
    } else {
        format!("{folder}/{name}")
    }
}

fn is_source(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("nix" | "tf" | "tofu" | "tfvars"))
        || [".tfvars.json", "devenv.yaml"]
            .iter()
            .any(|end| path.ends_with(end))
}

/// Nix takes any bytes in comments and strings, so bytes that are not UTF-8 are no mistake by
/// themselves; they are read as U+FFFD, which keeps every line where it is.
fn read(path: &str, workspace: &dyn Workspace, files: &mut Files) -> io::Result<()> {
    if let Some(bytes) = workspace.read(path)? {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        files.insert(path.to_owned(), text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::MemoryWorkspace;

    #[test]
    fn bytes_that_are_not_utf_8_hide_no_file() {
        let workspace = MemoryWorkspace::new();
        workspace.put("flake.nix", b"{ } # \xff");
        workspace.put("nix/mine.nix", b"{ a = \xff; }");
        workspace.put("nix/folder.nix/default.nix", b"{ }");
        let files = of_project(&workspace, &|_| false).unwrap();
        assert_eq!(
            files.keys().collect::<Vec<_>>(),
            ["flake.nix", "nix/mine.nix"]
        );
        let broken: Vec<_> = syntax(&files).into_iter().map(|it| it.location).collect();
        assert_eq!(broken.len(), 1, "{broken:?}");
    }
}
