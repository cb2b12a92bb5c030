//! Why a load or a dump ended.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Why a load or a dump ended before its end. The same call goes on from there.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// The entity does not allow it.
    NotAllowed {
        /// The entity.
        entity: &'static str,
        /// What it would have to allow.
        permission: &'static str,
    },
    /// A file cannot be read or written.
    File(PathBuf, io::Error),
    /// A file of progress is of another source, or of none.
    Progress(PathBuf, String),
    /// A line is no item of the entities, and there is no file for it.
    Line {
        /// Its number, from 1.
        number: u64,
        /// Why it is none. It has no value of the item.
        reason: String,
    },
    /// The entities are of several tables, and a dump is of one.
    SeveralTables,
    /// The service left items unwritten for as long as the client's deadline.
    Unprocessed(usize),
    /// A call failed.
    Call(Error),
}

impl LoadError {
    pub(super) fn file(path: &Path) -> impl Fn(io::Error) -> Self + '_ {
        |error| Self::File(path.to_owned(), error)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAllowed { entity, permission } => write!(
                f,
                "`{entity}` does not allow it: declare it, `#[dynamo(allow({permission}))]` on `{entity}`"
            ),
            Self::File(path, error) => write!(f, "`{}`: {error}", path.display()),
            Self::Progress(path, reason) => write!(
                f,
                "`{}` is no progress of this: {reason}; remove it to begin anew",
                path.display()
            ),
            Self::Line { number, reason } => write!(f, "line {number}: {reason}"),
            Self::SeveralTables => {
                f.write_str("the entities are of several tables: take a file for each")
            }
            Self::Unprocessed(items) => write!(
                f,
                "the service left {items} items unwritten, for want of capacity: load them more slowly"
            ),
            Self::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The text has the error's own already.
            Self::Call(error) => error.source(),
            _ => None,
        }
    }
}
