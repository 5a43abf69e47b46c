//! Reading every file once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use super::{EntryKind, LockGuard, Workspace};

/// A workspace whose files are read from disk once and remembered from then on.
///
/// For verbs that look at a file several times and write nothing in between: what is written
/// through it is not remembered, but what it replaced may be.
#[derive(Debug)]
pub struct Remember<'a, W> {
    workspace: &'a W,
    texts: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
}

impl<'a, W: Workspace> Remember<'a, W> {
    /// Nothing is remembered yet.
    pub fn new(workspace: &'a W) -> Self {
        Self {
            workspace,
            texts: RefCell::default(),
        }
    }
}

impl<W: Workspace> Workspace for Remember<'_, W> {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        if let Some(text) = self.texts.borrow().get(path) {
            return Ok(text.clone());
        }
        let text = self.workspace.read(path)?;
        self.texts
            .borrow_mut()
            .insert(path.to_owned(), text.clone());
        Ok(text)
    }

    fn kind(&self, path: &str) -> io::Result<Option<EntryKind>> {
        self.workspace.kind(path)
    }

    fn is_link(&self, path: &str) -> io::Result<bool> {
        self.workspace.is_link(path)
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.workspace.list(path)
    }

    fn create_folder(&self, path: &str) -> io::Result<()> {
        self.workspace.create_folder(path)
    }

    fn write_synced(&self, path: &str, content: &[u8]) -> io::Result<()> {
        self.workspace.write_synced(path, content)
    }

    fn copy_synced(&self, from: &str, to: &str) -> io::Result<()> {
        self.workspace.copy_synced(from, to)
    }

    fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        self.workspace.replace(from, to)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.workspace.remove(path)
    }

    fn remove_empty_folder(&self, path: &str) -> io::Result<()> {
        self.workspace.remove_empty_folder(path)
    }

    fn sync_folder(&self, path: &str) -> io::Result<()> {
        self.workspace.sync_folder(path)
    }

    fn lock(&self, path: &str) -> io::Result<Option<Box<dyn LockGuard>>> {
        self.workspace.lock(path)
    }
}
