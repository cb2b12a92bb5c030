//! A web service on `dynamo-runtime`: users, as JSON over HTTPS.
//!
//! A request passes the [`edge`] (TLS, proxies, limits, strict paths), then [`auth`] (who calls,
//! how often, what for), then one handler of [`api`] or [`ops`]. It is parsed into the types of
//! [`fields`] before anything else happens; whatever goes wrong leaves as a problem.
#![forbid(unsafe_code)]

pub mod api;
pub mod auth;
pub mod config;
pub mod edge;
pub mod fields;
pub mod https;
pub mod log;
pub mod ops;
mod problem;
mod routes;
pub mod secret;
mod service;
#[cfg(feature = "otlp")]
pub mod telemetry;
pub mod user;

pub use config::Config;
pub use edge::Server;
pub use service::Clock;
