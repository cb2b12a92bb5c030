//! How far a load or a dump has come, in a file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::LoadError;
use super::format::ItemFormat;

/// The file with the progress of what reads or writes this one.
pub(super) struct ProgressFile {
    path: PathBuf,
}

impl ProgressFile {
    pub(super) fn beside(path: &Path) -> Self {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".progress");
        Self { path: path.with_file_name(name) }
    }

    /// What was kept; `None` at the beginning.
    pub(super) fn read(&self) -> Result<Option<Value>, LoadError> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(LoadError::File(self.path.clone(), error)),
        };
        serde_json::from_str(&text).map(Some).map_err(|error| self.refuse(&error.to_string()))
    }

    /// What is begun in one form goes on in it.
    pub(super) fn check_format(&self, kept: &Value, format: ItemFormat) -> Result<(), LoadError> {
        match kept.get("format").and_then(Value::as_str) {
            Some(name) if name != format.name() => {
                Err(self
                    .refuse(&format!("it is of a file as {name}, and this is {}", format.name())))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn refuse(&self, reason: &str) -> LoadError {
        LoadError::Progress(self.path.clone(), reason.to_owned())
    }

    /// Keeps it whole or not at all.
    pub(super) fn keep(&self, place: &Value) -> Result<(), LoadError> {
        let beside = self.path.with_extension("new");
        fs::write(&beside, place.to_string()).map_err(LoadError::file(&beside))?;
        fs::rename(&beside, &self.path).map_err(LoadError::file(&self.path))
    }

    /// It has come to its end.
    pub(super) fn remove(&self) -> Result<(), LoadError> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(LoadError::File(self.path.clone(), error))
            }
            _ => Ok(()),
        }
    }
}
