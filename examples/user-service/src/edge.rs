//! What stands between a network and the handlers: TLS, proxies, limits, strict requests.

mod connection;
mod headers;
mod limits;
mod protect;
mod proxy;
mod server;
mod stamp;
mod strict;
mod tls;
mod trace;

pub use self::limits::Limits;
pub use self::protect::protect;
pub use self::proxy::{ForwardedBy, Proxies};
pub use self::server::{Server, StartError};
pub use self::tls::RunFiles;

pub(crate) use self::connection::Draining;
pub(crate) use self::headers::{DOCS_POLICY, PAGE_POLICY};
pub(crate) use self::proxy::ClientAddress;
pub(crate) use self::stamp::Stamp;
