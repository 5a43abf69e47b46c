//! A glance into git's index, for the usual case that every file is tracked: it saves the only
//! child process that a check would start.
//!
//! Reads versions 2 to 4 as `gitformat-index` describes them. Whatever it does not know for sure
//! (a split or sparse index, another hash, a file cut short) is left to git itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Tracked;

/// Bytes of an entry before its name, with a SHA-1 object id.
const ENTRY: usize = 62;
/// Where the flags of an entry are.
const FLAGS: usize = 60;
/// The flag of an entry that has two more bytes of flags.
const EXTENDED: u16 = 0x4000;
/// The extended flag of `git add --intent-to-add`.
const INTENT_TO_ADD: u16 = 0x2000;

/// What the index says of the paths below `prefix`; `None` unless it names them all.
pub(super) fn glance(
    repository: &Path,
    prefix: &Path,
    paths: &[&str],
) -> Option<BTreeMap<String, Tracked>> {
    let bytes = std::fs::read(git_folder(repository)?.join("index")).ok()?;
    let prefix = prefix.to_str()?;
    let wanted = paths.iter().map(|path| match prefix {
        "" => ((*path).to_owned().into_bytes(), *path),
        prefix => (format!("{prefix}/{path}").into_bytes(), *path),
    });
    let wanted: BTreeMap<Vec<u8>, &str> = wanted.collect();
    let mut known = BTreeMap::new();
    let all_read = for_each_entry(&bytes, |name, tracked| {
        if let Some(path) = wanted.get(name) {
            known.insert((*path).to_owned(), tracked);
        }
    });
    (all_read.is_some() && known.len() == wanted.len()).then_some(known)
}

/// The folder that holds the index: `.git`, or where a `.git` file points to.
fn git_folder(repository: &Path) -> Option<PathBuf> {
    let git = repository.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = std::fs::read_to_string(&git).ok()?;
    let target = text.strip_prefix("gitdir: ")?.trim_end();
    Some(repository.join(target))
}

/// Calls `see` with every path of the index; `None` when any of it is not as expected.
fn for_each_entry(bytes: &[u8], mut see: impl FnMut(&[u8], Tracked)) -> Option<()> {
    let mut rest = bytes.strip_prefix(b"DIRC")?;
    let version = number(&mut rest)?;
    let count = number(&mut rest)?;
    if !(2..=4).contains(&version) {
        return None;
    }
    let (mut name, mut previous) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (fixed, mut tail) = rest.split_at_checked(ENTRY)?;
        let flags = u16::from_be_bytes([fixed[FLAGS], fixed[FLAGS + 1]]);
        let mut extended = 0;
        if flags & EXTENDED != 0 {
            let (more, after) = tail.split_at_checked(2)?;
            extended = u16::from_be_bytes([more[0], more[1]]);
            tail = after;
        }
        std::mem::swap(&mut name, &mut previous);
        name.clear();
        if version == 4 {
            let keep = previous.len().checked_sub(varint(&mut tail)?)?;
            name.extend_from_slice(&previous[..keep]);
        }
        let end = tail.iter().position(|byte| *byte == 0)?;
        name.extend_from_slice(&tail[..end]);
        // The order proves that the entries were cut in the right places.
        if name.is_empty() || name < previous {
            return None;
        }
        let read = rest.len() - tail.len() + end + 1;
        // Before version 4 the length of an entry is a multiple of eight.
        let length = if version == 4 {
            read
        } else {
            read.next_multiple_of(8)
        };
        rest = rest.get(length..)?;
        let intent = extended & INTENT_TO_ADD != 0;
        see(
            &name,
            if intent {
                Tracked::IntentToAdd
            } else {
                Tracked::Tracked
            },
        );
    }
    only_optional_extensions(rest).then_some(())
}

/// Whether every extension may be passed over. Those that change what the entries mean (a split
/// or a sparse index) start with a lower-case letter.
fn only_optional_extensions(mut rest: &[u8]) -> bool {
    const CHECKSUM: usize = 20;
    while rest.len() > CHECKSUM {
        let Some((signature, mut after)) = rest.split_at_checked(4) else {
            return false;
        };
        let length = number(&mut after).and_then(|length| usize::try_from(length).ok());
        match length.and_then(|length| after.get(length..)) {
            Some(next) if signature[0].is_ascii_uppercase() => rest = next,
            _ => return false,
        }
    }
    rest.len() == CHECKSUM
}

/// A 32-bit number in network byte order.
fn number(rest: &mut &[u8]) -> Option<u32> {
    let (bytes, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_be_bytes(*bytes))
}

/// The offset encoding of pack files: seven bits a byte, each continuation adding one.
fn varint(rest: &mut &[u8]) -> Option<usize> {
    let mut value: usize = 0;
    loop {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value = value
            .checked_shl(7)?
            .checked_add(usize::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        value = value.checked_add(1)?;
        if value > usize::from(u16::MAX) {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(folder)
            .args(["-c", "user.name=a", "-c", "user.email=a@b"]);
        let output = command.args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// A repository with files at the root and below, of which one is only intended.
    fn repository() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        git(folder.path(), &["init", "--quiet"]);
        std::fs::create_dir(folder.path().join("deploy")).unwrap();
        for name in [
            "a",
            "deploy/seance.toml",
            "deploy/seance.toml.old",
            "deploy/new",
            "hidden",
        ] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        git(
            folder.path(),
            &["add", "a", "deploy/seance.toml", "deploy/seance.toml.old"],
        );
        git(folder.path(), &["add", "--intent-to-add", "deploy/new"]);
        folder
    }

    fn in_deploy(folder: &Path, paths: &[&str]) -> Option<BTreeMap<String, Tracked>> {
        glance(folder, Path::new("deploy"), paths)
    }

    #[test]
    fn every_version_of_the_index_is_read() {
        for version in ["2", "3", "4"] {
            let folder = repository();
            git(folder.path(), &["update-index", "--index-version", version]);
            let known = in_deploy(folder.path(), &["seance.toml", "new"]).unwrap();
            assert_eq!(known["seance.toml"], Tracked::Tracked, "version {version}");
            assert_eq!(known["new"], Tracked::IntentToAdd, "version {version}");
            assert_eq!(glance(folder.path(), Path::new(""), &["hidden"]), None);
        }
    }

    #[test]
    fn a_linked_work_tree_has_an_index_of_its_own() {
        let folder = repository();
        git(folder.path(), &["commit", "--quiet", "-m", "first"]);
        let linked = folder.path().join("linked");
        git(
            folder.path(),
            &["worktree", "add", "--quiet", linked.to_str().unwrap()],
        );
        assert!(in_deploy(&linked, &["seance.toml"]).is_some());
        assert_eq!(in_deploy(&linked, &["new"]), None);
    }

    #[test]
    fn what_is_not_understood_is_left_to_git() {
        let split = repository();
        git(split.path(), &["update-index", "--split-index"]);
        assert_eq!(in_deploy(split.path(), &["seance.toml"]), None);
        let other_hash = tempfile::tempdir().unwrap();
        git(
            other_hash.path(),
            &["init", "--quiet", "--object-format=sha256"],
        );
        std::fs::write(other_hash.path().join("a"), "a").unwrap();
        git(other_hash.path(), &["add", "a"]);
        assert_eq!(glance(other_hash.path(), Path::new(""), &["a"]), None);
    }

    #[test]
    fn an_index_that_was_cut_short_is_left_to_git() {
        let folder = repository();
        let bytes = std::fs::read(folder.path().join(".git/index")).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(
                for_each_entry(&bytes[..end], |_, _| ()),
                None,
                "{end} bytes"
            );
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = for_each_entry(&bytes, |_, _| ());
            let framed = [b"DIRC\0\0\0\x04\0\0\0\x02".as_slice(), &bytes].concat();
            let _ = for_each_entry(&framed, |_, _| ());
        }
    }
}
