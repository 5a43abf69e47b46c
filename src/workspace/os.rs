//! The real filesystem.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::{EntryKind, LockGuard, Workspace, check_path, explain};

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct OsWorkspace {
    root: PathBuf,
}

impl OsWorkspace {
    /// The folder at `root`, which need not be canonical.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder that every path is relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The place of a path on disk, or an error when a link on the way leads out of the root.
    /// The last name may be a link itself only where `follow` says so.
    fn resolve(&self, path: &str, follow: Follow) -> io::Result<PathBuf> {
        check_path(path)?;
        let mut place = self.root.clone();
        let count = path.split('/').count();
        let mut linked = false;
        for (index, name) in path.split('/').enumerate() {
            place.push(name);
            let last = index + 1 == count;
            if last && follow == Follow::Parents {
                break;
            }
            linked |= place.is_symlink();
        }
        if linked {
            self.check_inside(path, &place, follow)?;
        }
        Ok(place)
    }

    fn check_inside(&self, path: &str, place: &Path, follow: Follow) -> io::Result<()> {
        let target = match follow {
            Follow::Whole => place,
            Follow::Parents => place.parent().unwrap_or(&self.root),
        };
        if target
            .canonicalize()?
            .starts_with(self.root.canonicalize()?)
        {
            return Ok(());
        }
        Err(io::Error::new(
            ErrorKind::PermissionDenied,
            format!("`{path}` leads out of the project through a symbolic link"),
        ))
    }
}

/// How far links are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follow {
    /// The last name too: for reading and for writing into a file.
    Whole,
    /// Only the folders: for renaming and removing the entry itself.
    Parents,
}

/// A file or folder below something that is not there, or that is a file, does not exist.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// `Ok` also when the thing was not there.
fn or_absent(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if is_absent(&error) => Ok(()),
        other => other,
    }
}

/// Writes a file that is created with the permissions of another one, the umask applied.
fn write_like(place: &Path, content: &[u8], original: &fs::Metadata) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        options.mode(original.permissions().mode() & 0o777);
    }
    let mut file = options.open(place)?;
    file.write_all(content)?;
    file.sync_all()
}

impl Workspace for OsWorkspace {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match self.resolve(path, Follow::Whole).and_then(fs::read) {
            Ok(content) => Ok(Some(content)),
            // A broken link is something, though not a file.
            Err(error) if is_absent(&error) && !self.is_link(path)? => Ok(None),
            Err(error) => Err(explain("read", path, &error)),
        }
    }

    fn kind(&self, path: &str) -> io::Result<Option<EntryKind>> {
        let resolved = self.resolve(path, Follow::Whole);
        match resolved.and_then(fs::metadata) {
            Ok(metadata) if metadata.is_file() => Ok(Some(EntryKind::File)),
            Ok(metadata) if metadata.is_dir() => Ok(Some(EntryKind::Folder)),
            Ok(_) => Ok(Some(EntryKind::Other)),
            Err(_) if self.is_link(path)? => Ok(Some(EntryKind::Other)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(explain("look at", path, &error)),
        }
    }

    fn is_link(&self, path: &str) -> io::Result<bool> {
        match self
            .resolve(path, Follow::Parents)
            .and_then(fs::symlink_metadata)
        {
            Ok(metadata) => Ok(metadata.is_symlink()),
            Err(error) if is_absent(&error) => Ok(false),
            Err(error) => Err(explain("look at", path, &error)),
        }
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let entries = match self.resolve(path, Follow::Whole).and_then(fs::read_dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(explain("list", path, &error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| explain("list", path, &error))?;
            // A name that is not Unicode cannot be one of ours nor be imported by ours.
            if let Ok(name) = entry.file_name().into_string() {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    fn create_folder(&self, path: &str) -> io::Result<()> {
        self.resolve(path, Follow::Whole)
            .and_then(fs::create_dir_all)
            .map_err(|error| explain("create the folder", path, &error))
    }

    fn write_synced(&self, path: &str, content: &[u8]) -> io::Result<()> {
        self.resolve(path, Follow::Whole)
            .and_then(|place| {
                let mut file = File::create(place)?;
                file.write_all(content)?;
                file.sync_all()
            })
            .map_err(|error| explain("write", path, &error))
    }

    fn copy_synced(&self, from: &str, to: &str) -> io::Result<()> {
        let (content, metadata) = self
            .resolve(from, Follow::Whole)
            .and_then(|source| Ok((fs::read(&source)?, fs::metadata(&source)?)))
            .map_err(|error| explain("read", from, &error))?;
        self.resolve(to, Follow::Whole)
            .and_then(|place| write_like(&place, &content, &metadata))
            .map_err(|error| explain("write", to, &error))
    }

    fn replace(&self, from: &str, to: &str) -> io::Result<()> {
        let source = self
            .resolve(from, Follow::Parents)
            .map_err(|error| explain("move", from, &error))?;
        self.resolve(to, Follow::Parents)
            .and_then(|target| {
                if let Ok(metadata) = fs::symlink_metadata(&target)
                    && metadata.is_file()
                {
                    fs::set_permissions(&source, metadata.permissions())?;
                }
                fs::rename(&source, &target)
            })
            .map_err(|error| explain("write", to, &error))
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        or_absent(
            self.resolve(path, Follow::Parents)
                .and_then(fs::remove_file),
        )
        .map_err(|error| explain("remove", path, &error))
    }

    fn remove_empty_folder(&self, path: &str) -> io::Result<()> {
        let removed = self.resolve(path, Follow::Parents).and_then(fs::remove_dir);
        match removed {
            Err(error) if error.kind() == ErrorKind::DirectoryNotEmpty => Ok(()),
            other => or_absent(other).map_err(|error| explain("remove the folder", path, &error)),
        }
    }

    fn sync_folder(&self, path: &str) -> io::Result<()> {
        // Only Unix can open a folder as a file to sync it.
        if cfg!(not(unix)) {
            return check_path(path);
        }
        or_absent(
            self.resolve(path, Follow::Whole)
                .and_then(File::open)
                .and_then(|folder| folder.sync_all()),
        )
        .map_err(|error| explain("sync the folder", path, &error))
    }

    fn lock(&self, path: &str) -> io::Result<Option<Box<dyn LockGuard>>> {
        let file = self
            .resolve(path, Follow::Whole)
            .and_then(|place| {
                File::options()
                    .create(true)
                    .truncate(false)
                    .write(true)
                    .open(place)
            })
            .map_err(|error| explain("lock", path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(OsLock { _file: file }))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(explain("lock", path, &error)),
        }
    }
}

/// An open, locked file; the system releases the lock when it closes, also after a kill.
struct OsLock {
    _file: File,
}

impl LockGuard for OsLock {}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn workspace() -> (tempfile::TempDir, OsWorkspace) {
        let folder = tempfile::tempdir().unwrap();
        let workspace = OsWorkspace::new(folder.path());
        (folder, workspace)
    }

    #[test]
    fn reads_writes_lists_and_removes() {
        let (_folder, workspace) = workspace();
        assert_eq!(workspace.read("a/b").unwrap(), None);
        assert_eq!(workspace.kind("a").unwrap(), None);
        workspace.create_folder("a/c").unwrap();
        workspace.write_synced("a/b", b"text").unwrap();
        assert_eq!(workspace.read("a/b").unwrap().unwrap(), b"text");
        assert_eq!(workspace.read("a/b/c").unwrap(), None);
        assert_eq!(workspace.list("a").unwrap(), ["b", "c"]);
        assert_eq!(workspace.list("nowhere").unwrap(), [""; 0]);
        assert_eq!(workspace.kind("a/c").unwrap(), Some(EntryKind::Folder));
        assert_eq!(workspace.kind("a/b").unwrap(), Some(EntryKind::File));
        workspace.remove_empty_folder("a").unwrap();
        workspace.remove_empty_folder("a/c").unwrap();
        workspace.remove("a/b").unwrap();
        workspace.remove("a/b").unwrap();
        workspace.remove_empty_folder("a").unwrap();
        assert_eq!(workspace.list("").unwrap(), [""; 0]);
    }

    #[test]
    fn errors_name_the_path() {
        let (_folder, workspace) = workspace();
        workspace.create_folder("folder").unwrap();
        workspace.write_synced("file", b"").unwrap();
        for (error, path) in [
            (workspace.read("folder").unwrap_err(), "`folder`"),
            (
                workspace.write_synced("folder", b"").unwrap_err(),
                "`folder`",
            ),
            (
                workspace.write_synced("file/x", b"").unwrap_err(),
                "`file/x`",
            ),
            (workspace.create_folder("file/x").unwrap_err(), "`file/x`"),
            (workspace.replace("file", "folder").unwrap_err(), "`folder`"),
            (workspace.remove("folder").unwrap_err(), "`folder`"),
            (workspace.lock("none/lock").err().unwrap(), "`none/lock`"),
            (workspace.read("../x").unwrap_err(), "`../x`"),
        ] {
            assert!(error.to_string().contains(path), "{error}");
        }
    }

    #[test]
    fn a_replaced_file_keeps_its_mode_and_a_new_one_is_ordinary() {
        let (folder, workspace) = workspace();
        let mode = |name: &str| {
            let metadata = fs::metadata(folder.path().join(name)).unwrap();
            metadata.permissions().mode() & 0o777
        };
        workspace.write_synced("new", b"1").unwrap();
        fs::write(folder.path().join("plain"), "").unwrap();
        assert_eq!(mode("new"), mode("plain"));
        fs::set_permissions(
            folder.path().join("plain"),
            fs::Permissions::from_mode(0o640),
        )
        .unwrap();
        workspace.replace("new", "plain").unwrap();
        assert_eq!(mode("plain"), 0o640);
        assert_eq!(workspace.read("plain").unwrap().unwrap(), b"1");
    }

    #[test]
    fn a_copy_is_as_private_as_its_original() {
        let (folder, workspace) = workspace();
        workspace.write_synced("secret", b"text").unwrap();
        let secret = folder.path().join("secret");
        fs::set_permissions(secret, fs::Permissions::from_mode(0o600)).unwrap();
        workspace.copy_synced("secret", "copy").unwrap();
        let metadata = fs::metadata(folder.path().join("copy")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
        assert_eq!(workspace.read("copy").unwrap().unwrap(), b"text");
        let error = workspace.copy_synced("none", "copy").unwrap_err();
        assert!(error.to_string().contains("`none`"), "{error}");
    }

    #[test]
    fn links_out_of_the_root_are_refused_and_never_followed() {
        let (folder, workspace) = workspace();
        let (outside, elsewhere) = super::tests::workspace();
        elsewhere.write_synced("secret", b"keep").unwrap();
        symlink(outside.path(), folder.path().join("out")).unwrap();
        symlink(outside.path().join("secret"), folder.path().join("file")).unwrap();
        symlink("nowhere", folder.path().join("broken")).unwrap();

        for path in ["out/secret", "file", "broken"] {
            assert!(workspace.read(path).is_err(), "{path}");
        }
        assert!(workspace.write_synced("file", b"x").is_err());
        assert!(workspace.write_synced("out/new", b"x").is_err());
        assert!(workspace.create_folder("out/new").is_err());
        assert!(workspace.remove("out/secret").is_err());
        assert!(workspace.list("out").is_err());
        assert_eq!(workspace.kind("file").unwrap(), Some(EntryKind::Other));
        assert_eq!(workspace.kind("broken").unwrap(), Some(EntryKind::Other));

        workspace.write_synced("new", b"new").unwrap();
        assert!(workspace.is_link("file").unwrap());
        workspace.replace("new", "file").unwrap();
        assert!(!workspace.is_link("file").unwrap());
        assert_eq!(elsewhere.read("secret").unwrap().unwrap(), b"keep");
        assert_eq!(elsewhere.list("").unwrap(), ["secret"]);
    }

    #[test]
    fn links_within_the_root_are_followed() {
        let (folder, workspace) = workspace();
        workspace.create_folder("real").unwrap();
        workspace.write_synced("real/file", b"x").unwrap();
        symlink("real", folder.path().join("link")).unwrap();
        assert_eq!(workspace.read("link/file").unwrap().unwrap(), b"x");
        assert_eq!(workspace.kind("link").unwrap(), Some(EntryKind::Folder));
        assert!(workspace.is_link("link").unwrap());
        assert!(!workspace.is_link("link/file").unwrap());
    }

    #[test]
    fn a_lock_is_exclusive_until_it_drops() {
        let (_folder, workspace) = workspace();
        let first = workspace.lock("lock").unwrap();
        assert!(first.is_some());
        assert!(workspace.lock("lock").unwrap().is_none());
        drop(first);
        assert!(workspace.lock("lock").unwrap().is_some());
    }
}
