//! Differences as unified diffs.

use similar::TextDiff;

use super::header::neutral;

/// The unified diff that leads from one text of the file at `path` to another; `None` is a file
/// that does not exist. Empty when the two are equal; line endings do not count.
pub fn unified(path: &str, old: Option<&str>, new: Option<&str>) -> String {
    let (old_name, new_name) = (name("a", path, old), name("b", path, new));
    let old = neutral(old.unwrap_or_default());
    let new = neutral(new.unwrap_or_default());
    TextDiff::from_lines(&*old, &*new)
        .unified_diff()
        .header(&old_name, &new_name)
        .to_string()
}

fn name(side: &str, path: &str, text: Option<&str>) -> String {
    if text.is_some() {
        format!("{side}/{path}")
    } else {
        "/dev/null".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_a_new_file_and_a_deleted_one() {
        assert_eq!(
            unified("x/y", Some("a\nb\n"), Some("a\nc\n")),
            "--- a/x/y\n+++ b/x/y\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
        );
        assert_eq!(
            unified("x", None, Some("a\n")),
            "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n"
        );
        assert_eq!(
            unified("x", Some("a\n"), None),
            "--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
        );
    }

    #[test]
    fn line_endings_are_no_difference() {
        assert_eq!(unified("x", Some("a\r\nb\r\n"), Some("a\nb\n")), "");
        let diff = unified("x", Some("a\r\nb\r\n"), Some("a\nc\n"));
        assert!(!diff.contains('\r'), "{diff}");
    }

    #[test]
    fn a_missing_last_newline_is_shown() {
        let diff = unified("x", Some("a"), Some("a\n"));
        assert!(diff.contains("\\ No newline at end of file"), "{diff}");
    }
}
