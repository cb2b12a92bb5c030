//! What operators look at.

pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod security;

pub use self::security::RefusedCallers;

pub(crate) use self::health::LastLook;
