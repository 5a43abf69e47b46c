//! The files around the generated ones, which people write: read, and checked for what can be
//! seen without evaluating them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use crate::caddy;
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

/// The hand-written files of a project that has a manifest: beside it, in `nix/`, in `terraform/`
/// and in the folders of `caddy/`.
pub fn of_project(workspace: &dyn Workspace, owned: &dyn Fn(&str) -> bool) -> io::Result<Files> {
    let mut files = Files::new();
    let mut folders: Vec<String> = ["", "nix", "terraform", "caddy"].map(str::to_owned).into();
    folders.extend(
        workspace
            .list("caddy")?
            .into_iter()
            .filter(|name| !name.contains('.'))
            .map(|name| below("caddy", name)),
    );
    for folder in folders {
        for name in workspace.list(&folder)? {
            let path = below(&folder, name);
            // A link that leads out of the project is none of its files.
            if is_read(&path) && !owned(&path) && workspace.kind(&path)? == Some(EntryKind::File) {
                read(&path, workspace, &mut files)?;
            }
        }
    }
    Ok(files)
}

/// Adds files that others import, as far as they can be read. What is there and cannot be read, such as a link that leads out, joins `out_of_reach`.
pub fn add_imported(
    files: &mut Files,
    imported: &BTreeSet<String>,
    out_of_reach: &mut BTreeSet<String>,
    workspace: &dyn Workspace,
) {
    for path in imported.iter().filter(|path| !path.starts_with("..")) {
        let inside = below(path, "default.nix".to_owned());
        let found = match workspace.kind(path) {
            Ok(Some(EntryKind::File)) => Some(path),
            Ok(Some(EntryKind::Folder)) if matches!(workspace.kind(&inside), Ok(None)) => continue,
            Ok(Some(EntryKind::Folder)) => Some(&inside),
            Ok(None) => continue,
            Ok(Some(EntryKind::Other)) | Err(_) => None,
        };
        let is_read = files.len() < MOST_FILES
            && found.is_some_and(|found| read(found, workspace, files).is_ok());
        if !is_read {
            out_of_reach.insert(path.clone());
        }
    }
}

/// What a tree without a manifest holds.
#[derive(Debug, Default)]
pub struct Walk {
    /// Its source files.
    pub files: Files,
    /// Whether there are no more than are read at most.
    pub complete: bool,
    /// What is there and could not be read, with the reason.
    pub unreadable: Vec<String>,
}

/// Every source file of a tree without a manifest. Folders behind links are not entered: what they
/// hold in the project has a path of its own, and a link may lead to a folder around it.
pub fn of_tree(workspace: &dyn Workspace) -> io::Result<Walk> {
    let mut walk = Walk::default();
    let mut folders = vec![(String::new(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let names = match workspace.list(&folder) {
            // Nothing can be said without the first one.
            Err(error) if depth == 0 => return Err(error),
            Err(error) => {
                walk.unreadable.push(error.to_string());
                continue;
            }
            Ok(names) => names,
        };
        for name in names {
            let passed_over = name.starts_with('.') || PASSED_OVER.contains(&name.as_str());
            let path = below(&folder, name);
            match workspace.kind(&path) {
                Ok(Some(EntryKind::Folder)) => {
                    if !passed_over && depth < DEEPEST && !workspace.is_link(&path)? {
                        folders.push((path, depth + 1));
                    }
                }
                Ok(Some(EntryKind::File)) if is_read(&path) => {
                    if let Err(error) = read(&path, workspace, &mut walk.files) {
                        walk.unreadable.push(error.to_string());
                    }
                }
                Ok(_) => {}
                Err(error) => walk.unreadable.push(error.to_string()),
            }
            if walk.files.len() >= MOST_FILES {
                return Ok(walk);
            }
        }
    }
    walk.complete = true;
    Ok(walk)
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
    findings.extend(syntax::caddyfile_findings(files));
    findings.extend(wiring::findings(files, &untouched));
    findings
}

/// What the parsers of their languages say about the files.
pub fn syntax(files: &Files) -> Vec<Finding> {
    let mut findings: Vec<Finding> = files
        .iter()
        .flat_map(|(path, text)| syntax::findings(path, text))
        .collect();
    findings.extend(syntax::caddyfile_findings(files));
    findings
}

/// The path of a name in a folder; the root is the empty path.
fn below(folder: &str, name: String) -> String {
    if folder.is_empty() {
        name
    } else {
        format!("{folder}/{name}")
    }
}

/// Whether a person writes this file to describe a deployment.
pub fn is_source(path: &str) -> bool {
    let extension = path.rsplit_once('.').map(|(_, extension)| extension);
    matches!(extension, Some("nix" | "tf" | "tofu" | "tfvars"))
        || [".tfvars.json", "devenv.yaml"]
            .iter()
            .any(|end| path.ends_with(end))
        || caddy::is_caddyfile(path)
}

/// Whether a file is looked at: a source, or one that says something about the sources.
fn is_read(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    is_source(path)
        || matches!(name, "flake.lock" | "devenv.lock" | ".gitignore")
        || [".tf.json", ".tofu.json"]
            .iter()
            .any(|end| name.ends_with(end))
        || is_secret(name)
}

/// A file of secrets: that it is there is all that anybody needs to know.
fn is_secret(name: &str) -> bool {
    name == ".env" || name.starts_with(".env.")
}

/// Nix takes any bytes in comments and strings, so bytes that are not UTF-8 are no mistake by
/// themselves; they are read as U+FFFD, which keeps every line where it is.
fn read(path: &str, workspace: &dyn Workspace, files: &mut Files) -> io::Result<()> {
    if is_secret(path.rsplit('/').next().unwrap_or(path)) {
        files.insert(path.to_owned(), String::new());
    } else if let Some(bytes) = workspace.read(path)? {
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
    fn a_file_of_secrets_is_known_by_its_name_alone() {
        let workspace = MemoryWorkspace::new();
        workspace.put(".env", b"TOKEN=hunter2");
        workspace.put("app/.env.production", b"TOKEN=hunter2");
        workspace.put("caddy/app/a.caddy", b"header X 1");
        workspace.put("flake.lock", b"{}");
        let files = of_tree(&workspace).unwrap().files;
        assert_eq!(files[".env"], "");
        assert_eq!(files["app/.env.production"], "");
        let files = of_project(&workspace, &|_| false).unwrap();
        let paths: Vec<_> = files.keys().map(String::as_str).collect();
        assert_eq!(paths, [".env", "caddy/app/a.caddy", "flake.lock"]);
        assert!(!is_source(".env") && !is_source("flake.lock"));
    }

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
