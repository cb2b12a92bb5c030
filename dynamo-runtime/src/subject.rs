//! The entity and the operation that a request is about.

/// The entity and the operation that a request, and each of its errors, is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject {
    pub(crate) entity: &'static str,
    pub(crate) operation: &'static str,
}
