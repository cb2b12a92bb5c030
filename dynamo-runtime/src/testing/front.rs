//! What clients connect to: TLS, signatures and faults before the engine.

use std::fmt;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use super::engine::Engine;
use super::faults::{Faults, InjectedFault};
use super::observed::{self, ObservedRequest};
use super::tasks::Tasks;
use super::{LocalEngineError, batch, response, signature};

/// DynamoDB's own limit on a request, which the engine has too.
const LARGEST_BODY_BYTES: usize = 16 * 1024 * 1024;

/// How long to wait when no connection can be accepted, as when file descriptors have run out.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(10);

pub(super) struct Front {
    pub(super) credentials: Credentials,
    pub(super) engine: Engine,
    pub(super) faults: Faults,
    pub(super) observed: observed::Log,
}

/// Opens the port, and gives its number.
pub(super) async fn listen(
    front: Arc<Front>,
    tasks: &Arc<Tasks>,
    server_config: Arc<ServerConfig>,
) -> Result<u16, LocalEngineError> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(LocalEngineError::listen)?;
    let port = listener.local_addr().map_err(LocalEngineError::listen)?.port();
    // Weak, since the tasks must not keep the set alive that ends them.
    let accepting = accept(listener, server_config.into(), front, Arc::downgrade(tasks));
    tasks.spawn(accepting);
    Ok(port)
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    front: Arc<Front>,
    tasks: Weak<Tasks>,
) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            continue;
        };
        let Some(running) = tasks.upgrade() else {
            return;
        };
        running.spawn(serve(stream, acceptor.clone(), Arc::clone(&front), tasks.clone()));
    }
}

async fn serve(stream: TcpStream, acceptor: TlsAcceptor, front: Arc<Front>, tasks: Weak<Tasks>) {
    // Without it each small response waits for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let service = service_fn(|request| answer(Arc::clone(&front), tasks.clone(), request));
    // An error is a client that left, or a fault that closed the connection.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

/// Closes the connection, when a service fails with it, without a byte of answer.
#[derive(Debug)]
struct ConnectionLost;

impl fmt::Display for ConnectionLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is lost")
    }
}

impl std::error::Error for ConnectionLost {}

async fn answer(
    front: Arc<Front>,
    tasks: Weak<Tasks>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, ConnectionLost> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, LARGEST_BODY_BYTES).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Ok(too_large()),
        Err(_) => return Err(ConnectionLost),
    };
    // A task of its own: what has arrived is applied even when the client does not wait for it.
    let (respond, response) = oneshot::channel();
    let running = tasks.upgrade().ok_or(ConnectionLost)?;
    running.spawn(async move {
        let mut respond = Some(respond);
        let response = front.respond(&head, body, &mut respond).await;
        if let (Some(response), Some(respond)) = (response, respond) {
            // An error is a client that has left.
            let _ = respond.send(response);
        }
    });
    drop(running);
    response.await.map_err(|_| ConnectionLost)
}

impl Front {
    /// The response; none when it is to be lost. A fault may drop before that what is to send it,
    /// which closes the connection.
    async fn respond<T>(
        &self,
        head: &Parts,
        body: Bytes,
        respond: &mut Option<T>,
    ) -> Option<Response<Full<Bytes>>> {
        let operation = operation(head);
        self.observed.push(ObservedRequest::new(operation.to_owned(), body.clone()));

        if let Err(refusal) = signature::verify(head, &body, &self.credentials, SystemTime::now()) {
            return Some(refusal.into());
        }

        let (fault, _until_the_end) = match self.faults.take(operation) {
            Some(InjectedFault::Pause(gate)) => gate.pass(respond).await,
            fault => (fault, None),
        };
        match fault {
            // A pause is met no more than once.
            None | Some(InjectedFault::Pause(_)) => Some(self.engine.apply(head, body).await),
            Some(InjectedFault::LoseResponse) => {
                self.engine.apply(head, body).await;
                None
            }
            Some(InjectedFault::DropRequest) => None,
            Some(InjectedFault::Fail { status, code }) => {
                Some(response::injected_error(status, &code))
            }
            Some(InjectedFault::Throttle { reason, resource }) => {
                Some(response::throttled(&reason, &resource))
            }
            Some(InjectedFault::Answer { json }) => Some(response::success(json.into())),
            Some(InjectedFault::CorruptResponse) => {
                let response = self.engine.apply(head, body).await;
                Some(corrupted(response).await)
            }
            Some(InjectedFault::Delay(by)) => {
                let response = self.engine.apply(head, body).await;
                tokio::time::sleep(by).await;
                Some(response)
            }
            Some(InjectedFault::Cancel { codes }) => Some(response::cancelled(&codes)),
            Some(InjectedFault::LeaveUnprocessed { applied }) => {
                Some(batch::apply_in_part(&self.engine, head, &body, applied).await)
            }
        }
    }
}

/// `PutItem`, of the target `DynamoDB_20120810.PutItem`.
pub(super) fn operation(head: &Parts) -> &str {
    head.headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .and_then(|target| target.rsplit_once('.'))
        .map_or("", |(_, operation)| operation)
}

async fn corrupted(response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
    let (head, body) = response.into_parts();
    let Ok(body) = body.collect().await;
    let body = response::corrupt(&body.to_bytes());
    Response::from_parts(head, body.into())
}

fn too_large() -> Response<Full<Bytes>> {
    response::service_error(
        StatusCode::PAYLOAD_TOO_LARGE,
        "RequestEntityTooLargeException",
        "A request has at most 16 MB",
    )
}
