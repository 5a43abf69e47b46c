//! `seance init`: a commented seance.toml, and the files that are the user's from then on.

use std::path::Path;

use super::arguments::{Global, Init};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::project::{MANIFEST, Project, shown, start_folder};
use crate::finding::Severity;
use crate::workspace::{OsWorkspace, Workspace};

mod answers;
mod keys;
mod manifest;
mod questions;
mod seed;

pub(super) fn run(global: &Global, init: &Init, console: &Console) -> Result<Exit, Failure> {
    let folder = start_folder(global);
    let name = match &global.manifest {
        Some(path) => path.to_string_lossy().into_owned(),
        None => MANIFEST.to_owned(),
    };
    let workspace = OsWorkspace::new(&folder);
    if workspace.kind(&name)?.is_some() {
        console.note(&format!("`{name}` is there already and stays as it is"));
    } else {
        write_manifest(&folder, &name, init, &workspace, console)?;
    }
    let global = Global {
        manifest: Some(name.into()),
        directory: Some(folder),
        ..*global
    };
    let project = Project::open(&global)?;
    let Some(deployment) = project.deployment() else {
        return Ok(super::check::report_invalid(&project, console));
    };
    let tree = crate::render::render(deployment)?;
    for line in seed::seed(&tree, &project.workspace)? {
        console.note(&line);
    }
    console.note("next: read seance.toml, run `seance gen`, then `git add` what it wrote");
    Ok(Exit::Fine)
}

fn write_manifest(
    folder: &Path,
    name: &str,
    init: &Init,
    workspace: &OsWorkspace,
    console: &Console,
) -> Result<(), Failure> {
    let text = if init.yes || !questions::possible() {
        let text = manifest::text(&answers::from_flags(folder, init)?);
        refuse_mistakes(&text)?;
        text
    } else {
        // Mistakes between several answers are shown in the file; the answers are not lost.
        manifest::text(&questions::ask(folder, init)?)
    };
    workspace.write_synced(name, text.as_bytes())?;
    console.note(&format!("wrote `{}`", shown(&folder.join(name))));
    Ok(())
}

/// Flags that are each right and do not go together, such as a domain outside the zone.
fn refuse_mistakes(text: &str) -> Result<(), Failure> {
    let findings = crate::manifest::load(MANIFEST, text).findings;
    let mistake = findings
        .into_iter()
        .find(|finding| finding.severity == Severity::Error);
    match mistake {
        None => Ok(()),
        Some(mistake) => Err(Failure::new(Exit::Usage, mistake.message, mistake.help)),
    }
}
