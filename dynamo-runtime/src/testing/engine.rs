//! The engine itself, on a plaintext port of its own on loopback.
//!
//! It can only be called over HTTP: its router is private, and its typed methods leave out the
//! checks and the error bodies that the wire has.

use std::path::Path;

use bytes::Bytes;
use dynoxide::Database;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName};
use http::request::Parts;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing::subscriber::NoSubscriber;

use super::LocalEngineError;
use super::response::{self, CRC32, JSON, REQUEST_ID};

/// What the engine looks at; it does not verify the signature, but wants to see one.
const REQUEST_HEADERS: [HeaderName; 4] = [
    AUTHORIZATION,
    CONTENT_TYPE,
    HeaderName::from_static("x-amz-date"),
    HeaderName::from_static("x-amz-target"),
];
const RESPONSE_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, CRC32, REQUEST_ID];

/// The engine parses and evaluates by recursion: the deepest condition that this library sends, of 300
/// operators, takes nearly 4 MB in a debug build, and more than a thread's usual 2 MB ends the process.
/// Only what is used of it is ever in memory.
const STACK_BYTES: usize = 32 * 1024 * 1024;

pub(super) struct Engine {
    database: Database,
    authority: Authority,
    client: Client<HttpConnector, Full<Bytes>>,
    /// Dropping it ends the engine's server once its connections are closed.
    _stop: oneshot::Sender<()>,
}

/// Opens the database file at `path`, which is never taken for one of `SQLite`'s special names.
pub(super) fn open_file(path: &Path) -> Result<Database, LocalEngineError> {
    let absolute =
        std::path::absolute(path).map_err(|error| LocalEngineError::file(path, error))?;
    let name =
        absolute.to_str().ok_or_else(|| LocalEngineError::file(path, "its path is not UTF-8"))?;
    Database::new(name).map_err(|error| LocalEngineError::file(path, error))
}

impl Engine {
    pub(super) fn start(database: Database) -> Result<Self, LocalEngineError> {
        let listener =
            std::net::TcpListener::bind(("127.0.0.1", 0)).map_err(LocalEngineError::listen)?;
        listener.set_nonblocking(true).map_err(LocalEngineError::listen)?;
        let address = listener.local_addr().map_err(LocalEngineError::listen)?;
        let authority = Authority::try_from(address.to_string())
            .map_err(|error| LocalEngineError::listen(std::io::Error::other(error)))?;

        let (stop, stopped) = oneshot::channel::<()>();
        let serving = database.clone();
        std::thread::Builder::new()
            .name("local-dynamodb".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(move || serve(listener, serving, stopped))
            .map_err(LocalEngineError::listen)?;

        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Ok(Self {
            database,
            authority,
            client: Client::builder(TokioExecutor::new()).build(connector),
            _stop: stop,
        })
    }

    pub(super) fn database(&self) -> Database {
        self.database.clone()
    }

    #[cfg(test)]
    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Applies a request that has been verified.
    pub(super) async fn apply(&self, head: &Parts, body: Bytes) -> Response<Full<Bytes>> {
        match self.exchange(head, body).await {
            Ok(response) => with_json_errors(response),
            Err(_) => internal_error(),
        }
    }

    async fn exchange(
        &self,
        head: &Parts,
        body: Bytes,
    ) -> Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>> {
        let path = head.uri.path_and_query().cloned();
        let mut request = Request::new(Full::from(body));
        *request.method_mut() = head.method.clone();
        *request.uri_mut() = Uri::builder()
            .scheme(Scheme::HTTP)
            .authority(self.authority.clone())
            .path_and_query(path.unwrap_or(PathAndQuery::from_static("/")))
            .build()?;
        copy(&REQUEST_HEADERS, &head.headers, request.headers_mut());

        let (head, body) = self.client.request(request).await?.into_parts();
        let mut response = Response::new(body.collect().await?.to_bytes());
        *response.status_mut() = head.status;
        copy(&RESPONSE_HEADERS, &head.headers, response.headers_mut());
        Ok(response)
    }
}

/// Serves on a thread of its own, where no event is recorded: the engine's own events show whole
/// items.
fn serve(listener: std::net::TcpListener, database: Database, stopped: oneshot::Receiver<()>) {
    let _silent = tracing::subscriber::set_default(NoSubscriber::new());
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        // The port is closed with the listener, which the next request reports.
        return;
    };
    runtime.block_on(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        if let Ok(listener) = TcpListener::from_std(listener) {
            // It fails only when its port does, which the next request reports.
            let _ = dynoxide::server::serve_with_shutdown(listener, database, stopped).await;
        }
    });
}

fn copy(names: &[HeaderName], from: &HeaderMap, to: &mut HeaderMap) {
    for name in names {
        for value in from.get_all(name) {
            to.append(name.clone(), value.clone());
        }
    }
}

/// The engine's HTTP stack words some errors (no such path, text that is not UTF-8) as plain text.
fn with_json_errors(response: Response<Bytes>) -> Response<Full<Bytes>> {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error {
        return response.map(Full::from);
    }
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind == JSON || kind == "application/json");
    match status {
        _ if is_json => response::complete(response),
        StatusCode::NOT_FOUND => response::service_error(
            status,
            "UnknownOperationException",
            "No operation has this method, path or content type",
        ),
        _ if status.is_client_error() => response::service_error(
            status,
            "SerializationException",
            "The body is no request of DynamoDB",
        ),
        _ => internal_error(),
    }
}

fn internal_error() -> Response<Full<Bytes>> {
    response::service_error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "InternalFailure",
        "The local engine gave no answer",
    )
}
