//! The files that are written once, and the lines that existing files should have.

use std::io;

use crate::render::{Ownership, Tree};
use crate::workspace::{Workspace, parent};

/// Files of plain lines, where ours can simply be added.
const LINE_FILES: [&str; 2] = [".gitattributes", ".gitignore"];

/// Writes missing seeded files, adds missing lines, and says what it did.
pub(super) fn seed(tree: &Tree, workspace: &dyn Workspace) -> io::Result<Vec<String>> {
    let mut done = Vec::new();
    let seeded = tree
        .files
        .iter()
        .filter(|(_, file)| file.ownership == Ownership::Seeded);
    for (path, file) in seeded {
        if workspace.kind(path)?.is_none() {
            workspace.create_folder(parent(path))?;
            workspace.write_synced(path, file.body.as_bytes())?;
            done.push(format!("wrote `{path}`, which is yours from now on"));
        } else if LINE_FILES.contains(&path.as_str()) {
            let added = add_lines(path, &file.body, workspace)?;
            if added > 0 {
                let lines = if added == 1 { "line" } else { "lines" };
                done.push(format!("added {added} {lines} to `{path}`"));
            }
        }
    }
    Ok(done)
}

/// Adds the lines that are missing at the end; everything that is there stays.
fn add_lines(path: &str, wanted: &str, workspace: &dyn Workspace) -> io::Result<usize> {
    let Some(bytes) = workspace.read(path)? else {
        return Ok(0);
    };
    let Ok(mut text) = String::from_utf8(bytes) else {
        return Ok(0);
    };
    let present: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    let missing: Vec<&str> = wanted
        .lines()
        .filter(|line| !present.iter().any(|there| there == line))
        .collect();
    if missing.is_empty() {
        return Ok(0);
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for line in &missing {
        text.push_str(line);
        text.push('\n');
    }
    workspace.write_synced(path, text.as_bytes())?;
    Ok(missing.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::RenderedFile;
    use crate::workspace::MemoryWorkspace;

    fn tree(path: &str, body: &str) -> Tree {
        let file = RenderedFile {
            ownership: Ownership::Seeded,
            body: body.to_owned(),
        };
        Tree {
            files: [(path.to_owned(), file)].into(),
        }
    }

    #[test]
    fn lines_of_a_person_stay_and_nothing_is_added_twice() {
        let workspace = MemoryWorkspace::with([(".gitignore", "mine\nresult")]);
        let tree = tree(".gitignore", "result\n.seance/\n");
        assert_eq!(
            seed(&tree, &workspace).unwrap(),
            ["added 1 line to `.gitignore`"]
        );
        assert_eq!(
            workspace.text(".gitignore").unwrap(),
            "mine\nresult\n.seance/\n"
        );
        assert!(seed(&tree, &workspace).unwrap().is_empty());
    }

    #[test]
    fn a_file_of_a_person_is_left_alone() {
        let workspace = MemoryWorkspace::with([("flake.nix", "{ }")]);
        assert!(
            seed(&tree("flake.nix", "ours"), &workspace)
                .unwrap()
                .is_empty()
        );
        assert_eq!(workspace.text("flake.nix").unwrap(), "{ }");
    }
}
