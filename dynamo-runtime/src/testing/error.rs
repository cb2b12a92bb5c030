//! Why an engine did not start, or could not do what was asked.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

/// Why a [`LocalEngine`](super::LocalEngine) did not start, or could not do what was asked of it.
pub struct LocalEngineError {
    kind: EngineErrorKind,
    source: Option<Box<dyn Error + Send + Sync>>,
}

enum EngineErrorKind {
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
        Self::caused(EngineErrorKind::NoRuntime, source)
    }

    pub(super) fn no_randomness() -> Self {
        Self { kind: EngineErrorKind::NoRandomness, source: None }
    }

    pub(super) fn task(source: tokio::task::JoinError) -> Self {
        Self::caused(EngineErrorKind::Task, source)
    }

    pub(super) fn database(source: dynoxide::DynoxideError) -> Self {
        Self::caused(EngineErrorKind::Database, source)
    }

    pub(super) fn file(
        path: impl Into<PathBuf>,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::caused(EngineErrorKind::File(path.into()), source)
    }

    pub(super) fn listen(source: std::io::Error) -> Self {
        Self::caused(EngineErrorKind::Listen, source)
    }

    pub(super) fn certificate(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::caused(EngineErrorKind::Certificate, source)
    }

    pub(super) fn client(source: crate::client::BuildError) -> Self {
        Self::caused(EngineErrorKind::Client, source)
    }

    pub(super) fn table(reason: String) -> Self {
        Self { kind: EngineErrorKind::Table(reason), source: None }
    }

    pub(super) fn no_stream(table: &'static str) -> Self {
        Self { kind: EngineErrorKind::NoStream(table), source: None }
    }

    pub(super) fn stream(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::caused(EngineErrorKind::Stream, source)
    }

    fn caused(kind: EngineErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, source: Some(source.into()) }
    }
}

impl fmt::Display for LocalEngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            EngineErrorKind::NoRuntime => {
                f.write_str("the local engine must be started in a Tokio runtime")
            }
            EngineErrorKind::NoRandomness => {
                f.write_str("the system gave no random bytes for credentials")
            }
            EngineErrorKind::Task => {
                f.write_str("the runtime ended before the local engine's work did")
            }
            EngineErrorKind::Database => f.write_str("the local engine's database failed"),
            EngineErrorKind::File(path) => {
                write!(f, "cannot open {} as the local engine's database", path.display())
            }
            EngineErrorKind::Listen => f.write_str("cannot listen on 127.0.0.1"),
            EngineErrorKind::Client => f.write_str("the local engine's client was refused"),
            EngineErrorKind::Table(reason) => {
                write!(f, "cannot make a table of the local engine: {reason}")
            }
            EngineErrorKind::NoStream(table) => write!(
                f,
                "the table `{table}` has no stream: build the client with `.streams()` before the table is made"
            ),
            EngineErrorKind::Stream => f.write_str("cannot read a stream of the local engine"),
            EngineErrorKind::Certificate => {
                f.write_str("cannot make the local engine's certificate")
            }
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
