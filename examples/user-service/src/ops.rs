//! What operators look at.

pub(crate) mod health;
pub(crate) mod metrics;
pub(crate) mod security;

#[cfg(feature = "otlp")]
pub use self::metrics::install_with;
pub use self::security::RefusedCallers;

pub(crate) use self::health::LastLook;
#[cfg(feature = "otlp")]
pub(crate) use self::metrics::BUCKETS;
