//! Where in a query or a scan the next request begins.

use std::sync::Arc;

/// Where a search goes on.
#[derive(Clone)]
pub(super) enum Position {
    Start,
    /// After the item with this key, as the service gave it.
    After(Arc<[u8]>),
    End,
}

impl Position {
    pub(super) fn after(key: Option<Box<[u8]>>) -> Self {
        key.map_or(Self::End, |key| Self::After(Arc::from(key)))
    }
}
