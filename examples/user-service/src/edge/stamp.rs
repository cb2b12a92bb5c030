//! When a file was written last, so that what was read from it is read anew.

use std::io;
use std::path::Path;
use std::time::SystemTime;

/// Another one after each change of the file that anybody makes by the usual means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: SystemTime,
    length: u64,
    inode: u64,
}

impl Stamp {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let metadata = path.metadata()?;
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Ok(Self { modified: metadata.modified()?, length: metadata.len(), inode })
    }
}
