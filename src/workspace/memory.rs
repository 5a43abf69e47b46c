//! A folder in memory, for tests: it counts every operation and can fail or crash at any one.

use std::cell::{RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, ErrorKind};
use std::rc::Rc;

use super::{EntryKind, LockGuard, Workspace, ancestors, check_path, explain, parent};

/// A folder in memory.
///
/// Operations count from 1. At the chosen one it fails once ([`Self::fail_at`]) or it crashes
/// ([`Self::crash_at`]): that operation and every later one fail until [`Self::restart`]. A
/// write that meets its end leaves the first half of its bytes, as a torn file would be.
#[derive(Debug, Default)]
pub struct MemoryWorkspace {
    state: Rc<RefCell<State>>,
}

/// What a crash takes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// The process dies; all that the system was told stays.
    Kill,
    /// The machine dies; every entry made, moved or removed since its folder was last synced is
    /// as it was before.
    PowerLoss,
    /// The same, but in some folders, chosen by this number, such entries were durable already.
    PartialPowerLoss(u8),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    File(Vec<u8>),
    Folder,
}

type Entries = BTreeMap<String, Entry>;

#[derive(Debug, Default)]
struct State {
    entries: Entries,
    /// What a power loss leaves.
    durable: Entries,
    locks: BTreeSet<String>,
    operations: usize,
    failure: Option<(usize, ErrorKind)>,
    crash: Option<(usize, Crash)>,
}

impl MemoryWorkspace {
    /// An empty folder.
    pub fn new() -> Self {
        Self::default()
    }

    /// A folder with these files, path and text, as if they had always been there.
    pub fn with<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let workspace = Self::new();
        for (path, text) in files {
            workspace.put(path, text);
        }
        workspace
    }

    /// Puts a durable file there without counting an operation.
    pub fn put(&self, path: &str, content: impl AsRef<[u8]>) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        for entries in [&mut state.entries, &mut state.durable] {
            for folder in ancestors(path) {
                entries.insert(folder.to_owned(), Entry::Folder);
            }
            entries.insert(path.to_owned(), Entry::File(content.as_ref().to_vec()));
        }
    }

    /// Takes a path, and all below it, away without counting an operation.
    pub fn take(&self, path: &str) {
        let mut state = self.state.borrow_mut();
        let state = &mut *state;
        for entries in [&mut state.entries, &mut state.durable] {
            entries.retain(|name, _| name != path && !ancestors(name).any(|at| at == path));
        }
    }

    /// Every file with its content, without counting an operation.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.state.borrow();
        let files = state.entries.iter();
        files
            .filter_map(|(path, entry)| match entry {
                Entry::File(content) => Some((path.clone(), content.clone())),
                Entry::Folder => None,
            })
            .collect()
    }

    /// Every folder, without counting an operation.
    pub fn folders(&self) -> BTreeSet<String> {
        let state = self.state.borrow();
        let folders = state.entries.iter();
        folders
            .filter(|(_, entry)| **entry == Entry::Folder)
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// The text of a file, broken bytes replaced, without counting an operation.
    pub fn text(&self, path: &str) -> Option<String> {
        match self.state.borrow().entries.get(path) {
            Some(Entry::File(content)) => Some(String::from_utf8_lossy(content).into_owned()),
            _ => None,
        }
    }

    /// How many operations there were since the start or the last [`Self::restart`].
    pub fn operations(&self) -> usize {
        self.state.borrow().operations
    }

    /// Lets the operation with this number fail, once.
    pub fn fail_at(&self, operation: usize, kind: ErrorKind) {
        self.state.borrow_mut().failure = Some((operation, kind));
    }

    /// Lets the operation with this number and every later one fail.
    pub fn crash_at(&self, operation: usize, crash: Crash) {
        self.state.borrow_mut().crash = Some((operation, crash));
    }

    /// Starts anew after a crash: counts from 1, locks are gone, nothing fails. Unsynced entries
    /// are lost if it was a power loss.
    pub fn restart(&self) {
        let mut state = self.state.borrow_mut();
        if let Some((at, crash)) = state.crash
            && state.operations >= at
        {
            state.lose(crash);
        }
        state.durable = state.entries.clone();
        state.locks.clear();
        state.operations = 0;
        state.failure = None;
        state.crash = None;
    }

    /// Counts one operation and fails if it is its turn.
    fn step(&self, action: &str, path: &str) -> io::Result<RefMut<'_, State>> {
        check_path(path)?;
        let mut state = self.state.borrow_mut();
        state.operations += 1;
        let operation = state.operations;
        let kind = match (state.crash, state.failure) {
            (Some((at, _)), _) if operation >= at => ErrorKind::Other,
            (_, Some((at, kind))) if operation == at => kind,
            _ => return Ok(state),
        };
        Err(explain(action, path, &io::Error::from(kind)))
    }

    /// Whether a crash has happened, so that not even torn bytes may be written.
    fn is_dead(&self) -> bool {
        let state = self.state.borrow();
        matches!(state.crash, Some((at, _)) if state.operations > at)
    }
}

impl State {
    fn write(&mut self, path: &str, content: &[u8]) -> io::Result<()> {
        self.check_target(path)?;
        let entry = Entry::File(content.to_vec());
        // Without a sync of its folder a new name is not durable, but new bytes of an old one are.
        if let Some(durable) = self.durable.get_mut(path) {
            *durable = entry.clone();
        }
        self.entries.insert(path.to_owned(), entry);
        Ok(())
    }

    /// A file may be made at the path: its folder is there and no folder is in the way.
    fn check_target(&self, path: &str) -> io::Result<()> {
        let folder = parent(path);
        if !folder.is_empty() {
            match self.entries.get(folder) {
                Some(Entry::Folder) => {}
                Some(Entry::File(_)) => return Err(ErrorKind::NotADirectory.into()),
                None => return Err(ErrorKind::NotFound.into()),
            }
        }
        match self.entries.get(path) {
            Some(Entry::Folder) => Err(ErrorKind::IsADirectory.into()),
            _ => Ok(()),
        }
    }

    fn create_folder(&mut self, path: &str) -> io::Result<()> {
        let mut folders: Vec<&str> = ancestors(path).collect();
        folders.reverse();
        if !path.is_empty() {
            folders.push(path);
        }
        for folder in folders {
            match self.entries.get(folder) {
                Some(Entry::Folder) => {}
                Some(Entry::File(_)) => return Err(ErrorKind::NotADirectory.into()),
                None => {
                    self.entries.insert(folder.to_owned(), Entry::Folder);
                }
            }
        }
        Ok(())
    }

    fn replace(&mut self, from: &str, to: &str) -> io::Result<()> {
        self.check_target(to)?;
        match self.entries.remove(from) {
            Some(entry) => {
                self.entries.insert(to.to_owned(), entry);
                Ok(())
            }
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    /// Makes the direct entries of a folder durable.
    fn sync(&mut self, folder: &str) {
        let State {
            entries, durable, ..
        } = self;
        let is_gone = |path: &str| parent(path) == folder && !entries.contains_key(path);
        durable.retain(|path, _| !is_gone(path) && !ancestors(path).any(is_gone));
        for (path, entry) in entries {
            if parent(path) == folder {
                durable.insert(path.clone(), entry.clone());
            }
        }
    }

    /// Takes what a crash takes.
    fn lose(&mut self, crash: Crash) {
        if let Crash::PartialPowerLoss(seed) = crash {
            let folders: BTreeSet<String> = self
                .entries
                .keys()
                .chain(self.durable.keys())
                .map(|path| parent(path).to_owned())
                .collect();
            for folder in folders {
                let mix = folder
                    .bytes()
                    .fold(seed, |mix, byte| mix.rotate_left(3) ^ byte);
                if mix.count_ones() % 2 == 0 {
                    self.sync(&folder);
                }
            }
        }
        if crash != Crash::Kill {
            self.entries = self.reachable();
        }
    }

    /// What is durable and hangs on folders that are durable too.
    fn reachable(&self) -> Entries {
        let durable = self.durable.iter();
        durable
            .filter(|(path, _)| ancestors(path).all(|folder| self.durable.contains_key(folder)))
            .map(|(path, entry)| (path.clone(), entry.clone()))
            .collect()
    }
}

impl Workspace for MemoryWorkspace {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let state = self.step("read", path)?;
        match state.entries.get(path) {
            Some(Entry::File(content)) => Ok(Some(content.clone())),
            Some(Entry::Folder) => Err(explain("read", path, &ErrorKind::IsADirectory.into())),
            None => Ok(None),
        }
    }

    fn kind(&self, path: &str) -> io::Result<Option<EntryKind>> {
        let state = self.step("look at", path)?;
        Ok(match state.entries.get(path) {
            _ if path.is_empty() => Some(EntryKind::Folder),
            Some(Entry::File(_)) => Some(EntryKind::File),
            Some(Entry::Folder) => Some(EntryKind::Folder),
            None => None,
        })
    }

    fn is_link(&self, path: &str) -> io::Result<bool> {
        self.step("look at", path).map(|_| false)
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let state = self.step("list", path)?;
        let names = state.entries.keys();
        Ok(names
            .filter(|name| parent(name) == path)
            .map(|name| name.rsplit('/').next().unwrap_or(name).to_owned())
            .collect())
    }

    fn create_folder(&self, path: &str) -> io::Result<()> {
        let action = "create the folder";
        let mut state = self.step(action, path)?;
        state
            .create_folder(path)
            .map_err(|error| explain(action, path, &error))
    }

    fn write_synced(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let (mut state, content, outcome) = match self.step("write", path) {
            Ok(state) => (state, content, Ok(())),
            Err(error) if self.is_dead() => return Err(error),
            Err(error) => {
                let torn = &content[..content.len() / 2];
                (self.state.borrow_mut(), torn, Err(error))
            }
        };
        check_path(path)?;
        state
            .write(path, content)
            .map_err(|error| explain("write", path, &error))?;
        outcome
    }

    fn copy_synced(&self, from: &str, to: &str) -> io::Result<()> {
        match self.read(from)? {
            Some(content) => self.write_synced(to, &content),
            None => Err(explain("read", from, &ErrorKind::NotFound.into())),
        }
    }

    fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        check_path(from)?;
        let mut state = self.step("write", to)?;
        state
            .replace(from, to)
            .map_err(|error| explain("write", to, &error))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let mut state = self.step("remove", path)?;
        if state.entries.get(path) == Some(&Entry::Folder) {
            return Err(explain("remove", path, &ErrorKind::IsADirectory.into()));
        }
        state.entries.remove(path);
        Ok(())
    }

    fn remove_empty_folder(&self, path: &str) -> io::Result<()> {
        let mut state = self.step("remove the folder", path)?;
        let is_used = state.entries.keys().any(|name| parent(name) == path);
        if !is_used && state.entries.get(path) == Some(&Entry::Folder) {
            state.entries.remove(path);
        }
        Ok(())
    }

    fn sync_folder(&self, path: &str) -> io::Result<()> {
        self.step("sync the folder", path)?.sync(path);
        Ok(())
    }

    fn lock(&self, path: &str) -> io::Result<Option<Box<dyn LockGuard>>> {
        let mut state = self.step("lock", path)?;
        if !state.entries.contains_key(path) {
            state
                .write(path, b"")
                .map_err(|error| explain("lock", path, &error))?;
        }
        if !state.locks.insert(path.to_owned()) {
            return Ok(None);
        }
        Ok(Some(Box::new(MemoryLock {
            state: Rc::clone(&self.state),
            path: path.to_owned(),
        })))
    }
}

struct MemoryLock {
    state: Rc<RefCell<State>>,
    path: String,
}

impl LockGuard for MemoryLock {}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        self.state.borrow_mut().locks.remove(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_is_torn_and_later_ones_work() {
        let workspace = MemoryWorkspace::new();
        workspace.fail_at(1, ErrorKind::StorageFull);
        let error = workspace.write_synced("a", b"abcd").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StorageFull);
        assert!(error.to_string().contains("`a`"), "{error}");
        assert_eq!(workspace.text("a").unwrap(), "ab");
        workspace.write_synced("a", b"abcd").unwrap();
        assert_eq!(workspace.text("a").unwrap(), "abcd");
    }

    #[test]
    fn after_a_crash_nothing_works_until_the_restart() {
        let workspace = MemoryWorkspace::with([("old", "old")]);
        workspace.crash_at(2, Crash::Kill);
        let lock = workspace.lock("lock").unwrap();
        workspace.write_synced("a", b"abcd").unwrap_err();
        workspace.write_synced("b", b"abcd").unwrap_err();
        workspace.remove("old").unwrap_err();
        drop(lock);
        workspace.restart();
        assert_eq!(workspace.text("a").unwrap(), "ab");
        assert_eq!(workspace.text("b"), None);
        assert_eq!(workspace.text("old").unwrap(), "old");
        assert!(workspace.lock("lock").unwrap().is_some());
    }

    #[test]
    fn power_loss_takes_what_was_not_synced() {
        let workspace = MemoryWorkspace::with([("old", "old")]);
        workspace.create_folder("f").unwrap();
        workspace.write_synced("f/kept", b"1").unwrap();
        workspace.sync_folder("f").unwrap();
        workspace.sync_folder("").unwrap();
        workspace.write_synced("f/lost", b"1").unwrap();
        workspace.replace("f/kept", "old").unwrap();
        workspace.crash_at(workspace.operations() + 1, Crash::PowerLoss);
        workspace.read("old").unwrap_err();
        workspace.restart();
        assert_eq!(workspace.text("old").unwrap(), "old");
        assert_eq!(workspace.text("f/kept").unwrap(), "1");
        assert_eq!(workspace.text("f/lost"), None);
        assert!(workspace.folders().contains("f"));
    }

    #[test]
    fn it_answers_like_a_disk() {
        let workspace = MemoryWorkspace::with([("a/b", "x")]);
        assert!(workspace.write_synced("a", b"").is_err());
        assert!(workspace.write_synced("a/b/c", b"").is_err());
        assert!(workspace.write_synced("none/c", b"").is_err());
        assert!(workspace.read("../x").is_err());
        assert!(workspace.read("a").is_err());
        assert_eq!(workspace.list("").unwrap(), ["a"]);
        assert_eq!(workspace.list("a").unwrap(), ["b"]);
        workspace.remove_empty_folder("a").unwrap();
        workspace.remove("a/b").unwrap();
        workspace.remove_empty_folder("a").unwrap();
        assert_eq!(workspace.list("").unwrap(), [""; 0]);
    }
}
