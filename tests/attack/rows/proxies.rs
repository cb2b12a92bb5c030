//! C, before TLS. Proxies that were set in code, and are hostile.

use dynamo_runtime::client::Proxy;

use super::certificates::{ESTABLISHED, HOST};
use super::responses::success;
use crate::account::{SECRETS, aws_client};
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Row, Section};
use crate::server::{answering, configuration, proxy};

const PASSWORD: &str = SECRETS[3];

pub fn rows() -> Vec<Row> {
    let unreached = |says: &str| Expected::Unreached { says: says.to_owned(), attempts: 1 };
    let failing = |says: &str| Expected::Unreached { says: says.to_owned(), attempts: 3 };
    let refused = |says: &str| Expected::Refused(says.to_owned());
    vec![
        answers(
            "a proxy that wants a password",
            unreached("status 407"),
            "HTTP/1.1 407 No\r\n\r\n",
        ),
        answers("a proxy that forbids", unreached("status 403"), "HTTP/1.1 403 No\r\n\r\n"),
        answers("a proxy that fails", failing("status 503"), "HTTP/1.1 503 No\r\n\r\n"),
        answers("a proxy that closes", failing("the proxy closed the connection"), ""),
        answers(
            "a proxy that closes within its answer",
            failing("the proxy closed the connection"),
            "HTTP/1.1 200 OK\r\n",
        ),
        answers(
            "a proxy that redirects",
            unreached("status 302"),
            "HTTP/1.1 302 Found\r\nlocation: https://evil.example/\r\n\r\n",
        ),
        answers(
            "a proxy that speaks no HTTP",
            refused("is not one to `CONNECT`"),
            "SSH-2.0\r\n\r\n",
        ),
        answers(
            "a proxy that speaks for the server",
            refused("is not one to `CONNECT`"),
            "HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03\0\x01\x02",
        ),
        answers(
            "a proxy that answers in the endpoint's place",
            refused("is not one to `CONNECT`"),
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        ),
        answers(
            "a proxy that changes the protocol",
            unreached("status 101"),
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n",
        ),
        answers(
            "a proxy that speaks for the server after an interim response",
            refused("is not one to `CONNECT`"),
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n\x16\x03\x03\0\x01\x02",
        ),
        mirror(),
        sees_connect_alone(),
        leads("a proxy's tunnel by status 204", "HTTP/1.1 204 No Content\r\n\r\n"),
        leads(
            "a proxy's tunnel after interim responses",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 x\r\na: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ),
    ]
}

/// The proxy says this and no more.
fn answers(name: &str, expected: Expected, answer: &'static str) -> Row {
    Row::new(Section::Tls, name, expected, move |call| async move {
        let (proxy, _, tally) = proxy(answer, None).await;
        call.send(aws_client(proxy, trust(&root())), &tally).await
    })
}

/// The proxy leads to the endpoint after this answer.
fn leads(name: &str, answer: &'static str) -> Row {
    let expected = Expected::Passes("TLSv1_3".to_owned());
    Row::new(Section::Control, name, expected, move |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf(HOST), &root));
        let (port, tally) = answering(config, success(b"{}")).await;
        let (proxy, _, _) = proxy(answer, Some(port)).await;
        call.send(aws_client(proxy, trust(&root)), &tally).await
    })
}

/// The tunnel leads back to the client's own words.
fn mirror() -> Row {
    let expected = Expected::Refused("corrupt message".to_owned());
    Row::new(
        Section::Tls,
        "a proxy that answers with plaintext in the tunnel",
        expected,
        |call| async move {
            let (port, _) =
                crate::server::raw::answering_hello(|_| b"HTTP/1.1 200 OK\r\n\r\n{}".to_vec())
                    .await;
            let (proxy, _, tally) = proxy(ESTABLISHED, Some(port)).await;
            call.send(aws_client(proxy, trust(&root())), &tally).await
        },
    )
}

/// Not even a proxy that knows the client learns more than where it goes.
fn sees_connect_alone() -> Row {
    let expected = Expected::Passes("TLSv1_3".to_owned());
    Row::new(Section::Control, "a proxy, which sees `CONNECT` alone", expected, |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf(HOST), &root));
        let (port, tally) = answering(config, success(b"{}")).await;
        let (number, asked, _) = proxy(ESTABLISHED, Some(port)).await;
        let known = Proxy::connect("localhost", number).unwrap();
        let known = known.basic_authorization("user", &PASSWORD.to_owned().into()).unwrap();
        let seen = call.send(aws_client(number, trust(&root)).proxy(known), &tally).await;
        let expected = format!(
            "CONNECT {HOST}:443 HTTP/1.1\r\nhost: {HOST}:443\r\n\
             proxy-authorization: Basic dXNlcjp0aGUtcGFzc3dvcmQtb2YtdGhlLXByb3h5\r\n\r\n"
        );
        assert_eq!(*asked.lock().unwrap(), [expected]);
        seen
    })
}
