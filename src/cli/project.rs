//! Where the manifest is, what it says, and the folder around it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::arguments::Global;
use super::exit::Exit;
use super::failure::Failure;
use crate::deployment::Deployment;
use crate::drift::{self, Drift, header};
use crate::finding::{Finding, Sources};
use crate::git;
use crate::manifest::{self, Document, Loaded};
use crate::render::{self, Ownership, Tree, outputs};
use crate::workspace::{OsWorkspace, Remember, Workspace};

/// The manifest's usual name.
pub(super) const MANIFEST: &str = "seance.toml";

/// A manifest that was found and read.
#[derive(Debug)]
pub(super) struct Project {
    /// The folder that every output path starts from.
    pub(super) folder: PathBuf,
    /// The manifest's file name.
    pub(super) manifest: String,
    /// Its text.
    pub(super) text: String,
    pub(super) loaded: Loaded,
    pub(super) workspace: OsWorkspace,
}

impl Project {
    /// Reads the manifest that the arguments name, or the nearest one upwards.
    pub(super) fn open(global: &Global) -> Result<Self, Failure> {
        let start = start_folder(global);
        match Self::open_from(global, &start)? {
            Some(project) => Ok(project),
            None => Err(Failure::new(
                Exit::Invalid,
                format!("there is no {MANIFEST} in `{}` or above it", shown(&start)),
                "run `seance init` to write one, or name it with `--manifest FILE`",
            )),
        }
    }

    /// As [`Project::open`], with `None` when no manifest was named and none is found.
    pub(super) fn open_from(global: &Global, start: &Path) -> Result<Option<Self>, Failure> {
        require_folder(start)?;
        let path = match &global.manifest {
            // A path that somebody wrote is never replaced by another.
            Some(path) => start.join(path),
            None => match nearest(start) {
                Some(path) => path,
                None => return Ok(None),
            },
        };
        Self::open_at(&path).map(Some)
    }

    /// Reads the manifest at this path.
    pub(super) fn open_at(path: &Path) -> Result<Self, Failure> {
        let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let read = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = String::from_utf8_lossy(read).lines().count().max(1);
            Failure::new(
                Exit::Invalid,
                format!("`{}` is not UTF-8 text: see line {line}", shown(path)),
                "save the file as UTF-8",
            )
        })?;
        let folder = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let folder = folder.unwrap_or_else(|| Path::new(".")).to_path_buf();
        let manifest = path.file_name().map_or_else(
            || MANIFEST.to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let loaded = manifest::load(&manifest, &text);
        let workspace = OsWorkspace::new(&folder);
        Ok(Self {
            folder,
            manifest,
            text,
            loaded,
            workspace,
        })
    }

    /// The deployment; `None` when the manifest has errors.
    pub(super) fn deployment(&self) -> Option<&Deployment> {
        self.loaded.deployment.as_ref()
    }

    /// The files that the deployment owns, and how those on disk stand to them.
    pub(super) fn compare(&self, deployment: &Deployment) -> Result<(Tree, Drift), Failure> {
        self.compare_with(deployment, &|_, ownership| ownership == Ownership::Owned)
    }

    /// The wanted files, and how those on disk stand to them.
    pub(super) fn compare_with(
        &self,
        deployment: &Deployment,
        wanted: &dyn Fn(&str, Ownership) -> bool,
    ) -> Result<(Tree, Drift), Failure> {
        let workspace = Remember::new(&self.workspace);
        // A text that is on disk under its own hash is laid out already.
        let on_disk = |path: &str, text: &str| {
            let file = workspace.read(path).ok().flatten();
            file.is_some_and(|file| file == header::stamp(text).as_bytes())
        };
        let tree = render::render_some(deployment, wanted, &on_disk)?;
        let drift = drift::compare(&tree, &deployment.skip, outputs::OWNED_EVER, &workspace)?;
        Ok((tree, drift))
    }

    /// Where every key of the manifest stands.
    pub(super) fn document(&self) -> &Document {
        &self.loaded.document
    }

    /// The manifest's text as a source of findings.
    pub(super) fn sources(&self) -> Sources {
        Sources::from([(self.manifest.clone(), self.text.clone())])
    }

    /// The server's name, when the manifest is valid.
    pub(super) fn server(&self) -> Option<&str> {
        self.deployment()
            .map(|deployment| deployment.server().name.as_str())
    }

    /// What leads from the repository's root to the manifest's folder, `/` separated.
    pub(super) fn prefix(&self) -> String {
        git::prefix(&self.folder)
    }

    /// The manifest's own findings.
    pub(super) fn findings(&self) -> &[Finding] {
        &self.loaded.findings
    }
}

/// Refuses a starting folder that is none, before something above it is found instead.
fn require_folder(start: &Path) -> Result<(), Failure> {
    if start.is_dir() {
        return Ok(());
    }
    let message = if start.exists() {
        format!("`{}` is not a folder", shown(start))
    } else {
        format!("there is no folder `{}`", shown(start))
    };
    let help = "name the folder of a deployment; `--manifest FILE` names a manifest";
    Err(Failure::new(Exit::Usage, message, help))
}

/// Why a manifest that was named or found cannot be read.
fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let name = shown(path);
    let (message, help) = match error.kind() {
        ErrorKind::NotFound => (
            format!("there is no `{name}`"),
            "name an existing manifest with `--manifest FILE`, or run `seance init`".to_owned(),
        ),
        ErrorKind::IsADirectory => (
            format!("`{name}` is a folder"),
            format!("name the manifest in it: `{}`", shown(&path.join(MANIFEST))),
        ),
        _ => (
            format!("`{name}` cannot be read: {error}"),
            "make it readable for you".to_owned(),
        ),
    };
    Failure::new(Exit::Invalid, message, help)
}

/// The folder that a run starts in.
pub(super) fn start_folder(global: &Global) -> PathBuf {
    global
        .directory
        .clone()
        .unwrap_or_else(|| PathBuf::from("."))
}

/// The nearest manifest upwards, like Cargo's.
fn nearest(start: &Path) -> Option<PathBuf> {
    let here = start.join(MANIFEST);
    if here.is_file() {
        return Some(here);
    }
    let start = start.canonicalize().ok()?;
    start
        .ancestors()
        .map(|folder| folder.join(MANIFEST))
        .find(|path| path.is_file())
}

/// A path as a person would write it.
pub(super) fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    match text.strip_prefix("./") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => text,
    }
}
