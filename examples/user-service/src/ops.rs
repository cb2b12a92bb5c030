//! What operators look at.

pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod security;

pub(crate) use self::health::LastReady;
pub(crate) use self::security::RefusedCallers;
