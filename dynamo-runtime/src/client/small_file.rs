//! The one reader of the small files that others write: profiles, tokens, caches of sessions.

use std::fmt;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// There is none that this process can read.
    Failed(io::ErrorKind),
    Folder,
    /// A device, a pipe or a socket: reading it could wait, or never be over.
    Irregular,
    /// Larger than its kind is, or than it said it was.
    TooLarge,
}

/// What a regular file of at most `limit` bytes holds; a link is followed to one.
///
/// It never waits for a writer: a pipe is told from a file without opening it, and once more by what was opened.
pub(super) fn read(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Unread> {
    const USUAL: usize = 4 << 10;
    // Opening a device can have an effect of its own.
    check(&fs::metadata(path)?)?;
    let file = open(path)?;
    // Another may have taken its place.
    let metadata = file.metadata()?;
    check(&metadata)?;
    let said = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    let room = said.max(USUAL).min(limit) + 1;
    // It never grows, so that no copy is left that nobody wipes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    let read = file.take(room as u64).read_to_end(&mut bytes)?;
    if read == room { Err(Unread::TooLarge) } else { Ok(bytes) }
}

fn check(metadata: &Metadata) -> Result<(), Unread> {
    if metadata.is_file() {
        Ok(())
    } else if metadata.is_dir() {
        Err(Unread::Folder)
    } else {
        Err(Unread::Irregular)
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NONBLOCK | libc::O_NOCTTY,
    );
    options.open(path)
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.kind())
    }
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(kind) => write!(f, "cannot be read: {kind}"),
            Self::Folder => f.write_str("is a folder"),
            Self::Irregular => f.write_str("is no regular file"),
            Self::TooLarge => f.write_str("is larger than such a file is"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_not_beyond() {
        let path = std::env::temp_dir().join(format!("dynamo-small-{}", std::process::id()));
        for (size, limit, is_read) in [
            (0, 10, true),
            (10, 10, true),
            (11, 10, false),
            (9_000, 8_999, false),
            (9_000, 9_000, true),
        ] {
            fs::write(&path, vec![b'x'; size]).unwrap();
            match read(&path, limit) {
                Ok(bytes) => assert!(is_read && bytes.len() == size && bytes.capacity() > size),
                Err(error) => assert!(!is_read && error == Unread::TooLarge, "{size} of {limit}"),
            }
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(read(&path, 10).unwrap_err(), Unread::Failed(io::ErrorKind::NotFound));
        assert_eq!(read(&std::env::temp_dir(), 10).unwrap_err(), Unread::Folder);
    }

    /// A projected token of Kubernetes is a link to a link to a file.
    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_to_a_regular_file_and_to_nothing_else() {
        let folder = std::env::temp_dir().join(format!("dynamo-links-{}", std::process::id()));
        fs::create_dir_all(folder.join("..data")).unwrap();
        fs::write(folder.join("..data/token"), "t").unwrap();
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(to, folder.join(name)).unwrap();
            read(&folder.join(name), 10)
        };
        assert_eq!(link("..data/token", "token").unwrap().as_slice(), b"t");
        assert_eq!(link("token", "again").unwrap().as_slice(), b"t");
        assert_eq!(link("/dev/zero", "zero").unwrap_err(), Unread::Irregular);
        assert_eq!(link("/dev", "folder").unwrap_err(), Unread::Folder);
        assert_eq!(
            link("nothing", "dangling").unwrap_err(),
            Unread::Failed(io::ErrorKind::NotFound)
        );
        assert!(matches!(link("self", "self").unwrap_err(), Unread::Failed(_)));
        fs::remove_dir_all(&folder).unwrap();
    }

    /// What took the place of a file after it was looked at does not hold up whoever opens it.
    #[cfg(unix)]
    #[test]
    fn a_pipe_without_a_writer_is_opened_without_waiting() {
        let path = std::env::temp_dir().join(format!("dynamo-pipe-{}", std::process::id()));
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        assert_eq!(read(&path, 10).unwrap_err(), Unread::Irregular);
        let opened = open(&path).unwrap();
        assert_eq!(check(&opened.metadata().unwrap()), Err(Unread::Irregular));
        fs::remove_file(&path).unwrap();
    }
}
