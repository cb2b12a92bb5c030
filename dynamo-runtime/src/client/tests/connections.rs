//! What a connection is: its call's own, its runtime's own, one of so many, and silent unless it is asked.

use std::future::Future;
use std::io::Write;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustls::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::server::{Act, Server, ServerIdentity, Told, success};
use super::*;
use crate::client::{AuditEvent, AuditLog, CallErrorKind};

/// How long what must come may take, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a runtime of its own, so that it goes on while the client's runtime sleeps.
fn server_elsewhere(script: Vec<Act>) -> (Runtime, Server) {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(ServerIdentity::good(), script));
    (runtime, server)
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Waits without a runtime, so that the client learns nothing meanwhile.
fn wait_until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "it does not come");
        std::thread::yield_now();
    }
}

/// Lets other tasks run until it is so.
async fn until(is_so: impl Fn() -> bool) {
    let so = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, so).await.unwrap();
}

async fn within_patience<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.unwrap()
}

/// A client of which nothing may be left when it is dropped: no socket, no call that holds it, no request's body.
///
/// What a call began is dropped with its future, so none of that is waited for.
struct Watched {
    client: Option<SecureClient>,
    bodies: Arc<()>,
}

fn watched(builder: SecureClientBuilder<Region, Credentials>) -> Watched {
    let client = builder.build_in(&Fake::default()).unwrap();
    Watched { client: Some(client), bodies: Arc::new(()) }
}

fn client(server: &Server) -> Watched {
    watched(builder(server))
}

/// A body that counts as long as anything holds it.
struct Body {
    bytes: Vec<u8>,
    _counted: Arc<()>,
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Watched {
    fn call(&self, bytes: Vec<u8>, replay: Replay) -> impl Future<Output = Outcome> + use<> {
        let body = Bytes::from_owner(Body { bytes, _counted: self.bodies.clone() });
        let client = SecureClient::clone(self);
        async move { client.call(Call { body, ..call(replay) }).await }
    }
}

type Outcome = Result<RawResponse, CallError>;

async fn send(client: &Watched, replay: Replay) -> Outcome {
    client.call(b"{\"the\":\"body\"}".to_vec(), replay).await
}

impl Deref for Watched {
    type Target = SecureClient;

    fn deref(&self) -> &SecureClient {
        self.client.as_ref().unwrap()
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert_eq!(Arc::strong_count(&self.bodies), 1, "a body outlives its call");
        let client = Arc::into_inner(self.client.take().unwrap().inner);
        let sockets = client.expect("a task holds the client").sockets.clone();
        assert_eq!(sockets.open(), 0, "a socket outlives its client");
    }
}

/// How often the audit was told that something came which was not asked for.
fn rejections(log: &AuditLog) -> usize {
    let is_of_them = |event: &AuditEvent| matches!(event, AuditEvent::ResponseRejected { reason, .. } if reason.contains("before the request had left"));
    log.events().iter().filter(|event| is_of_them(event)).count()
}

fn planted() -> Vec<u8> {
    success(br#"{"planted":true}"#)
}

#[test]
fn a_connection_that_was_closed_between_two_block_on_costs_no_attempt() {
    let told = Told::of(Vec::new());
    let script = vec![Act::AnswerThen(success(b"{}"), told.clone()), Act::CloseUnread];
    let (_elsewhere, server) = server_elsewhere(script);
    let client = client(&server);
    let here = current_thread();
    here.block_on(send(&client, Replay::Guarded)).unwrap();
    assert_eq!(server.open(), 1);
    told.now.notify_one();
    wait_until(|| server.open() == 0);
    let response = here.block_on(send(&client, Replay::Guarded)).unwrap();
    assert_eq!((response.attempts, server.handshakes()), (1, 2));
}

#[test]
fn a_client_that_outlives_the_runtime_of_its_connections_opens_others() {
    let (_elsewhere, server) = server_elsewhere(vec![]);
    let client = client(&server);
    for handshakes in 1..=20 {
        let response = current_thread().block_on(send(&client, Replay::Harmful)).unwrap();
        assert_eq!((response.attempts, server.handshakes()), (1, handshakes));
    }
}

#[test]
fn a_connection_is_used_on_its_own_runtime_only() {
    let (_elsewhere, server) = server_elsewhere(vec![]);
    let client = client(&server);
    let (first, second) = (current_thread(), current_thread());
    for _ in 0..3 {
        // The one that waits polls nothing of the other.
        for runtime in [&first, &second] {
            let response = runtime.block_on(send(&client, Replay::Guarded)).unwrap();
            assert_eq!(response.attempts, 1);
        }
    }
    assert_eq!(server.handshakes(), 2, "each goes on with its own");
}

#[test]
fn several_runtimes_at_once_share_a_client() {
    let (_elsewhere, server) = server_elsewhere(vec![]);
    let client = client(&server);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let runtime = current_thread();
                    for _ in 0..9 {
                        let response = runtime.block_on(send(&client, Replay::Guarded)).unwrap();
                        assert_eq!(response.attempts, 1);
                    }
                }
            });
        }
    });
    assert_eq!((server.requests().len(), server.handshakes()), (180, 20));
}

#[test]
fn bytes_that_nobody_asked_for_end_the_connection() {
    let log = AuditLog::default();
    let told = Told::of(planted());
    let script = vec![Act::AnswerThen(success(b"{}"), told.clone())];
    let (_elsewhere, server) = server_elsewhere(script);
    let client = watched(builder(&server).audit(log.clone()));
    let here = current_thread();
    here.block_on(send(&client, Replay::Guarded)).unwrap();
    told.now.notify_one();
    wait_until(|| told.is_done.load(Ordering::SeqCst));
    let response = here.block_on(send(&client, Replay::Guarded)).unwrap();
    assert_eq!(response.body, "{}");
    assert_eq!((response.attempts, server.handshakes()), (1, 2));
    assert_eq!(rejections(&log), 1);
}

#[test]
fn bytes_behind_a_response_are_not_the_next_one() {
    let script = vec![Act::Answer([success(b"{}"), planted()].concat())];
    let (_elsewhere, server) = server_elsewhere(script);
    let log = AuditLog::default();
    let client = watched(builder(&server).audit(log.clone()));
    let here = current_thread();
    for _ in 0..2 {
        let response = here.block_on(send(&client, Replay::Guarded)).unwrap();
        assert_eq!(response.body, "{}");
    }
    assert_eq!(server.handshakes(), 2);
    assert_eq!(rejections(&log), 1);
}

/// A server that finishes its handshake and does then what it is told to.
async fn raw<F>(
    then: impl FnOnce(tokio_rustls::server::TlsStream<tokio::net::TcpStream>) -> F + Send + 'static,
) -> (Server, JoinHandle<F::Output>)
where
    F: Future<Output: Send> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut server = Server::start(ServerIdentity::good(), vec![]).await;
    server.port = listener.local_addr().unwrap().port();
    let acceptor = server.identity.acceptor();
    let task = tokio::spawn(async move {
        let (tcp, _) = listener.accept().await.unwrap();
        then(acceptor.accept(tcp).await.unwrap()).await
    });
    (server, task)
}

/// A server may speak in the flight that ends its part of the handshake: what comes with it was not asked for.
#[tokio::test]
async fn a_response_within_the_handshake_is_none() {
    let log = AuditLog::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut server = Server::start(ServerIdentity::good(), vec![]).await;
    server.port = listener.local_addr().unwrap().port();
    let mut config = ServerConfig::clone(server.identity.acceptor().config());
    config.send_half_rtt_data = true;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let task = tokio::spawn(async move {
        let (tcp, _) = listener.accept().await.unwrap();
        let early = |tls: &mut rustls::ServerConnection| {
            tls.writer().write_all(&planted()).unwrap();
        };
        let mut tls = acceptor.accept_with(tcp, early).await.unwrap();
        let mut rest = Vec::new();
        let _ = tls.read_to_end(&mut rest).await;
        rest.len()
    });
    let client = watched(builder(&server).audit(log.clone()).retries(1));
    let error = send(&client, Replay::Harmful).await.err().unwrap();
    let expected = "the response was rejected: it came before the request had left";
    assert_eq!(error.to_string(), expected);
    assert!(!error.outcome_unknown, "nothing was sent");
    assert_eq!(within_patience(task).await.unwrap(), 0);
    assert_eq!(rejections(&log), 1);
}

#[tokio::test]
async fn a_response_before_the_whole_request_is_none() {
    // It reads half of the request, answers, and waits for the end of the connection.
    let (server, task) = raw(|mut tls| async move {
        tls.read_exact(&mut vec![0; 8 << 20]).await.unwrap();
        tls.write_all(&planted()).await.unwrap();
        tls.flush().await.unwrap();
        let mut rest = Vec::new();
        let _ = tls.read_to_end(&mut rest).await;
        rest.len()
    })
    .await;
    let client = watched(builder(&server).retries(1));
    let outcome = client.call(vec![b' '; 64 << 20], Replay::Harmful).await;
    let error = outcome.err().unwrap();
    let expected = "the response was rejected: it came before the request had left";
    assert_eq!(error.to_string(), expected);
    assert!(within_patience(task).await.unwrap() < 56 << 20);
}

#[tokio::test]
async fn nothing_of_a_request_outlives_its_call() {
    let read_on = Arc::new(Notify::new());
    let told = read_on.clone();
    // A peer that reads nothing until the call is over.
    let (server, task) = raw(|mut tls| async move {
        told.notified().await;
        let mut rest = Vec::new();
        let _ = tls.read_to_end(&mut rest).await;
        rest.len()
    })
    .await;
    let client = watched(builder(&server).retries(1));
    let outcome = client.call(vec![b' '; 64 << 20], Replay::Harmful).await;
    let error = outcome.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Timeout(_)), "{error:?}");
    read_on.notify_one();
    assert!(within_patience(task).await.unwrap() < 64 << 20, "the rest was sent after the call");
}

#[tokio::test]
async fn dropping_the_client_closes_its_connections_as_tls_has_it() {
    let (server, task) = raw(|mut tls| async move {
        let mut request = vec![0; 1 << 16];
        assert!(tls.read(&mut request).await.unwrap() > 0);
        tls.write_all(&success(b"{}")).await.unwrap();
        tls.read(&mut request).await
    })
    .await;
    let client = client(&server);
    send(&client, Replay::Harmful).await.unwrap();
    drop(client);
    assert_eq!(within_patience(task).await.unwrap().unwrap(), 0, "not a stream that was cut");
}

mod bound {
    use super::*;

    /// A client of so many connections, and a server that answers when it is told to.
    async fn bounded(max: usize, answers: usize) -> (Server, Watched, Vec<Arc<Told>>) {
        let told: Vec<_> = (0..answers).map(|_| Told::of(success(b"{}"))).collect();
        let script = told.iter().map(|told| Act::AnswerThen(Vec::new(), told.clone())).collect();
        let server = Server::start(ServerIdentity::good(), script).await;
        let client = watched(
            builder(&server).max_connections(max).timeouts(Timeouts::default().response(PATIENCE)),
        );
        (server, client, told)
    }

    fn numbered(client: &Watched, number: usize) -> impl Future<Output = Outcome> + use<> {
        client.call(format!(r#"{{"number":{number}}}"#).into_bytes(), Replay::Harmful)
    }

    fn number_of(request: &str) -> usize {
        request.rsplit_once(':').unwrap().1.trim_end_matches('}').parse().unwrap()
    }

    #[tokio::test]
    async fn no_more_are_open_and_the_others_take_turns_in_order() {
        let (server, client, told) = bounded(2, 8).await;
        let mut calls = Vec::new();
        for number in 0..8 {
            calls.push(tokio::spawn(numbered(&client, number)));
            tokio::task::yield_now().await;
        }
        for (answered, told) in told.iter().enumerate() {
            until(|| server.requests().len() == (answered + 2).min(8)).await;
            assert_eq!(server.open(), 2);
            told.now.notify_one();
        }
        for call in calls {
            within_patience(call).await.unwrap().unwrap();
        }
        let order: Vec<_> = server.requests().iter().map(|request| number_of(request)).collect();
        // The first two are under way at once.
        assert_eq!(order[2..], [2, 3, 4, 5, 6, 7]);
        assert_eq!(server.connections(), 2);
    }

    #[tokio::test]
    async fn a_call_that_is_given_up_while_it_waits_loses_no_place() {
        let (server, client, told) = bounded(1, 3).await;
        let first = tokio::spawn(numbered(&client, 0));
        until(|| server.requests().len() == 1).await;
        let waiting: Vec<_> =
            (1..20).map(|number| tokio::spawn(numbered(&client, number))).collect();
        let last = tokio::spawn(numbered(&client, 20));
        tokio::task::yield_now().await;
        for call in &waiting {
            call.abort();
        }
        told[0].now.notify_one();
        told[1].now.notify_one();
        within_patience(first).await.unwrap().unwrap();
        within_patience(last).await.unwrap().unwrap();
        // And so does one that is given up while it is under way.
        let given_up = tokio::spawn(numbered(&client, 21));
        until(|| server.requests().len() == 3).await;
        given_up.abort();
        within_patience(numbered(&client, 22)).await.unwrap();
        let order: Vec<_> = server.requests().iter().map(|request| number_of(request)).collect();
        assert_eq!(order, [0, 20, 21, 22]);
    }

    #[tokio::test]
    async fn the_deadline_counts_while_a_call_waits_and_the_error_says_for_what() {
        let (server, client, _told) = bounded(1, 1).await;
        let first = tokio::spawn(numbered(&client, 0));
        until(|| server.requests().len() == 1).await;
        let deadline = Some(Duration::from_millis(80));
        let second = Call { deadline, ..call(Replay::Harmful) };
        let error = SecureClient::call(&client, second).await.err().unwrap();
        assert_eq!(
            error.to_string(),
            "the call took longer than its deadline of 80ms, and waited for one of 1 connections, which were all in use: allow more by `.max_connections(..)`"
        );
        assert!(!error.outcome_unknown);
        first.abort();
        send(&client, Replay::Harmful).await.unwrap();
    }

    #[test]
    fn idle_ones_of_other_runtimes_make_room() {
        let (_elsewhere, server) = server_elsewhere(vec![]);
        let client = watched(builder(&server).max_connections(2));
        let runtimes: Vec<_> = (0..3).map(|_| current_thread()).collect();
        for runtime in &runtimes {
            runtime.block_on(send(&client, Replay::Harmful)).unwrap();
        }
        wait_until(|| server.open() == 2);
        // The one that waited longest was closed, the others are there still.
        for (runtime, handshakes) in [(2, 3), (1, 3), (0, 4)] {
            runtimes[runtime].block_on(send(&client, Replay::Harmful)).unwrap();
            assert_eq!(server.handshakes(), handshakes, "{runtime}");
        }
    }

    #[tokio::test]
    async fn there_is_a_bound_by_default_and_any_number_but_none_can_be_given() {
        let answers = 140;
        let (server, _, told) = bounded(1, answers).await;
        let client = watched(builder(&server).timeouts(Timeouts::default().response(PATIENCE)));
        let done = Arc::new(AtomicUsize::new(0));
        for number in 0..answers {
            let (call, done) = (numbered(&client, number), done.clone());
            tokio::spawn(async move {
                call.await.unwrap();
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        until(|| server.requests().len() == 128).await;
        assert_eq!(server.open(), 128);
        for told in &told {
            told.now.notify_one();
        }
        until(|| done.load(Ordering::SeqCst) == answers).await;
        assert_eq!(server.connections(), 128);

        let refused = builder(&server).max_connections(0).build_in(&Fake::default());
        assert!(refused.unwrap_err().to_string().contains("number of connections"));
        let unbounded = builder(&server).max_connections(usize::MAX);
        send(&watched(unbounded), Replay::Harmful).await.unwrap();
    }
}
