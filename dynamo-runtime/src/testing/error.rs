//! Why an engine did not start, or could not do what was asked.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

/// Why a [`LocalEngine`](super::LocalEngine) did not start, or could not do what was asked of it.
pub struct LocalEngineError {
    kind: Kind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

enum Kind {
    NoRuntime,
    NoRandomness,
    Task,
    Database,
    File(PathBuf),
    Listen,
    Certificate,
    Client,
    Table(String),
    NoStream(&'static str),
    Stream,
}

impl LocalEngineError {
    pub(super) fn no_runtime(source: tokio::runtime::TryCurrentError) -> Self {
        Self::caused(Kind::NoRuntime, source)
    }

    pub(super) fn no_randomness() -> Self {
        Self { kind: Kind::NoRandomness, source: None }
    }

    pub(super) fn task(source: tokio::task::JoinError) -> Self {
        Self::caused(Kind::Task, source)
    }

    pub(super) fn database(source: dynoxide::DynoxideError) -> Self {
        Self::caused(Kind::Database, source)
    }

    pub(super) fn file(
        path: impl Into<PathBuf>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::caused(Kind::File(path.into()), source)
    }

    pub(super) fn listen(source: std::io::Error) -> Self {
        Self::caused(Kind::Listen, source)
    }

    pub(super) fn certificate(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::caused(Kind::Certificate, source)
    }

    pub(super) fn client(source: crate::client::BuildError) -> Self {
        Self::caused(Kind::Client, source)
    }

    pub(super) fn table(reason: String) -> Self {
        Self { kind: Kind::Table(reason), source: None }
    }

    pub(super) fn no_stream(table: &'static str) -> Self {
        Self { kind: Kind::NoStream(table), source: None }
    }

    pub(super) fn stream(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::caused(Kind::Stream, source)
    }

    fn caused(kind: Kind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }
}

impl fmt::Display for LocalEngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::NoRuntime => f.write_str("the local engine must be started in a Tokio runtime"),
            Kind::NoRandomness => f.write_str("the system gave no random bytes for credentials"),
            Kind::Task => f.write_str("the runtime ended before the local engine's work did"),
            Kind::Database => f.write_str("the local engine's database failed"),
            Kind::File(path) => {
                write!(f, "cannot open {} as the local engine's database", path.display())
            }
            Kind::Listen => f.write_str("cannot listen on 127.0.0.1"),
            Kind::Client => f.write_str("the local engine's client was refused"),
            Kind::Table(reason) => write!(f, "cannot make a table of the local engine: {reason}"),
            Kind::NoStream(table) => write!(
                f,
                "the table `{table}` has no stream: build the client with `.streams()` before the table is made"
            ),
            Kind::Stream => f.write_str("cannot read a stream of the local engine"),
            Kind::Certificate => f.write_str("cannot make the local engine's certificate"),
        }
    }
}

impl fmt::Debug for LocalEngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl Error for LocalEngineError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
