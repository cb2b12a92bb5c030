//! Users as JSON: what each path takes, does and gives.

mod body;
pub(crate) mod document;
mod etag;
mod idempotency;
pub(crate) mod login;
pub(crate) mod patch;
pub(crate) mod search;
pub(crate) mod users;

pub use self::idempotency::KeptRequest;

pub(crate) use self::body::MAX_BODY;
