//! A web service on `dynamo-runtime`: users, as JSON over HTTPS.
//!
//! A request is parsed into the types of [`user`] before anything else happens; `routes` says in a
//! few lines each what is done with them; whatever goes wrong leaves as a `problem`.
#![forbid(unsafe_code)]

pub mod config;
mod extract;
pub mod log;
mod password;
mod problem;
mod routes;
pub mod server;
pub mod tls;
pub mod user;

pub use config::Config;
pub use server::Server;
