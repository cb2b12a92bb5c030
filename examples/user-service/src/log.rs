//! Where events go, and which never do.

use std::error::Error;
use std::fmt::{self, Display, Formatter};

use tracing::Subscriber;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;
use tracing_subscriber::registry::LookupSpan;

/// Writes the events that `filter` takes.
///
/// The embedded engine is left out at any level, since its finest shows the items that it stores.
pub fn subscriber<W>(
    filter: EnvFilter,
    writer: W,
) -> impl Subscriber + Send + Sync + for<'span> LookupSpan<'span>
where
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    registry()
        .with(layer().with_ansi(false).with_writer(writer))
        .with(filter)
        .with(filter_fn(|metadata| !metadata.target().starts_with("dynoxide")))
}

/// An error and what caused it, in one line.
#[derive(Debug)]
pub struct Causes<'a>(pub &'a (dyn Error + 'static));

impl Display for Causes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}
