//! What a run without configuration leaves for its user to read, for as long as it lasts.

use std::fs::{DirBuilder, OpenOptions, remove_dir_all};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// A new directory that nobody else can look into, which goes with all that is in it when this is
/// dropped.
#[derive(Debug)]
pub struct RunFiles {
    directory: PathBuf,
}

impl RunFiles {
    /// Makes the directory.
    ///
    /// # Errors
    /// The directory for temporary files cannot be written to.
    pub fn create() -> io::Result<Self> {
        let directory = std::env::temp_dir().join(format!("user-service-{}", Uuid::new_v4()));
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        // Fails where there is anything of that name, a link too.
        builder.create(&directory)?;
        Ok(Self { directory })
    }

    /// Writes a file that was not there, and gives its path.
    ///
    /// # Errors
    /// It was there, or cannot be written.
    pub fn write(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let path = self.directory.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)?.write_all(text.as_bytes())?;
        Ok(path)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.directory
    }
}

impl Drop for RunFiles {
    fn drop(&mut self) {
        // What cannot be removed stays: nothing in it is worth anything after the run.
        let _ = remove_dir_all(&self.directory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_go_with_their_owner() {
        let files = RunFiles::create().unwrap();
        let (directory, path) = (files.path().to_owned(), files.write("a", "text").unwrap());
        assert_eq!(std::fs::read_to_string(path).unwrap(), "text");
        assert!(files.write("a", "text").is_err(), "it is there");
        drop(files);
        assert!(!directory.exists());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_them() {
        use std::os::unix::fs::PermissionsExt;

        let files = RunFiles::create().unwrap();
        for path in [files.path().to_owned(), files.write("a", "text").unwrap()] {
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{path:?} has mode {mode:o}");
        }
    }
}
