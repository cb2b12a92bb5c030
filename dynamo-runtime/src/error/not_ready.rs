//! That a vector index does not answer yet.

use std::fmt;

use crate::client::CallErrorKind;

/// The vector index is still being built, or its hosts do not know it yet.
///
/// The service says it in the text of a `ValidationException`, and has no other sign for it.
///
/// Source: [Troubleshooting vector indexes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/VectorSearch.Troubleshooting.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IndexNotReady {
    Backfilling,
    Unknown,
}

const TEXTS: [(&str, IndexNotReady); 2] = [
    ("backfilling vector index", IndexNotReady::Backfilling),
    ("does not have the specified index", IndexNotReady::Unknown),
];

impl IndexNotReady {
    pub(super) fn of(kind: &CallErrorKind) -> Option<Self> {
        let CallErrorKind::Service { code, message: Some(message), .. } = kind else { return None };
        if code != "ValidationException" {
            return None;
        }
        TEXTS.iter().find(|(text, _)| message.contains(text)).map(|(_, reason)| *reason)
    }
}

impl fmt::Display for IndexNotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Backfilling => {
                "the vector index is being built and does not answer yet: wait, and search again"
            }
            Self::Unknown => {
                "the table is not known to have the index: it may be new, and then wait and search again; or it is not there"
            }
        })
    }
}
