//! The process's surroundings, so that a test can give its own.

use std::ffi::OsString;
use std::path::Path;

use zeroize::Zeroizing;

use super::small_file::{self, Unread};

/// The process's surroundings, so that a test can give its own.
pub(super) trait Environment: Send + Sync {
    fn variable(&self, name: &str) -> Option<String>;
    fn names(&self) -> Vec<String>;
    fn file(&self, path: &Path) -> File;
}

/// What a path leads to.
pub(super) enum File {
    /// Nothing that this process can read, so no SDK can either.
    Absent,
    /// It can have keys.
    Text(Zeroizing<String>),
    /// A device, a pipe or a file without an end: reading it would never be over.
    Unfit,
}

pub(super) struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<String> {
        // A value that is not UTF-8 becomes one that every parser refuses.
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn names(&self) -> Vec<String> {
        let text = |name: OsString| name.to_string_lossy().into_owned();
        std::env::vars_os().map(|(name, _)| text(name)).collect()
    }

    fn file(&self, path: &Path) -> File {
        const LIMIT: usize = 4 << 20;
        match small_file::read(path, LIMIT) {
            Ok(bytes) => File::Text(Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned())),
            Err(Unread::Failed(_) | Unread::Folder) => File::Absent,
            Err(Unread::Irregular | Unread::TooLarge) => File::Unfit,
        }
    }
}
