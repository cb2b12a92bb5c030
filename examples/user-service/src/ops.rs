//! What operators look at.

pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod security;

pub(crate) use self::health::LastLook;
pub(crate) use self::security::RefusedCallers;
