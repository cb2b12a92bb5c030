//! How long the client waits, and for what.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::server::{Act, Server, ServerIdentity, success};
use super::*;
use crate::client::{CallErrorKind, Proxy};

const SHORT: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_mins(2);

async fn error_of(server: &Server, timeouts: Timeouts) -> CallError {
    let builder = builder(server).timeouts(timeouts).retries(1);
    let client = builder.build_in(&Fake::default()).unwrap();
    send(&client, Replay::Harmful).await.err().unwrap()
}

fn limits(connect: Duration, response: Duration, deadline: Duration) -> Timeouts {
    Timeouts::default().connect(connect).response(response).deadline(deadline)
}

#[tokio::test]
async fn a_server_that_shakes_no_hands_is_waited_for_as_long_as_for_a_connection() {
    let mut server = Server::start(ServerIdentity::good(), vec![]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    server.port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        // It reads the client's hello and whatever comes, until the client gives up.
        while !matches!(tcp.read(&mut [0; 1024]).await, Ok(0) | Err(_)) {}
    });
    let error = error_of(&server, limits(SHORT, LONG, LONG)).await;
    assert!(matches!(error.kind, CallErrorKind::Connect(_)), "{error:?}");
    assert!(error.to_string().contains("no connection within 150ms"), "{error}");
    assert!(!error.outcome_unknown, "nothing was sent");
}

/// A proxy that says nothing, and one whose answer has no end, hold a call as long as a connection may take.
#[tokio::test]
async fn a_proxy_that_gives_no_tunnel_is_waited_for_as_long_as_for_a_connection() {
    for drips in [false, true] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let proxy = tokio::spawn(async move {
            let (mut tcp, _) = listener.accept().await.unwrap();
            while drips && tcp.write_all(b"HTTP/1.1 100 C\r\n").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            while !matches!(tcp.read(&mut [0; 1024]).await, Ok(0) | Err(_)) {}
        });
        let server = Server::start(ServerIdentity::good(), vec![]).await;
        let client = builder(&server)
            .proxy(Proxy::connect("127.0.0.1", port).unwrap())
            .timeouts(limits(SHORT, LONG, LONG))
            .retries(1)
            .build_in(&Fake::default())
            .unwrap();
        let error = send(&client, Replay::Harmful).await.err().unwrap();
        assert!(error.to_string().contains("no connection within 150ms"), "{error}");
        assert_eq!(client.attestation().connections().open, 0, "its socket is left");
        // It sees the end of the connection, though the client is still there.
        proxy.await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_is_waited_for_to_its_last_byte() {
    let mut cut = success(b"{\"Item\":{}}");
    cut.truncate(cut.len() - 1);
    for act in [Act::Stall, Act::Answer(cut)] {
        let server = Server::start(ServerIdentity::good(), vec![act]).await;
        let error = error_of(&server, limits(LONG, SHORT, LONG)).await;
        assert!(matches!(error.kind, CallErrorKind::Timeout(_)), "{error:?}");
        assert!(error.to_string().contains("no complete response within 150ms"), "{error}");
        assert!(error.outcome_unknown);
    }
}

#[tokio::test]
async fn a_whole_call_is_waited_for_until_its_deadline() {
    let server = Server::start(ServerIdentity::good(), vec![Act::Stall]).await;
    let error = error_of(&server, limits(LONG, LONG, SHORT)).await;
    assert!(matches!(error.kind, CallErrorKind::Deadline(SHORT)), "{error:?}");
    assert_eq!(error.to_string(), "the call took longer than its deadline of 150ms");
}

#[test]
fn the_client_waits_as_long_as_its_documentation_says() {
    let [connect, response, deadline] = [3, 10, 30].map(Duration::from_secs);
    assert_eq!(Timeouts::default(), limits(connect, response, deadline));
}
