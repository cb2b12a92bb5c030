//! What stands between a network and the handlers: TLS, proxies, limits, strict requests.

mod connection;
mod headers;
mod limits;
mod proxy;
mod server;
mod stamp;
mod strict;
mod tls;
mod trace;

pub use self::limits::Limits;
pub use self::proxy::{ForwardedBy, Proxies};
pub use self::server::{Server, StartError};
pub use self::tls::RunFiles;

pub(crate) use self::headers::{PAGE_POLICY, secure};
pub(crate) use self::limits::{Places, admit_some};
pub(crate) use self::proxy::{ClientAddress, came_over_tls};
pub(crate) use self::stamp::Stamp;
pub(crate) use self::strict::strict;
pub(crate) use self::trace::trace;
