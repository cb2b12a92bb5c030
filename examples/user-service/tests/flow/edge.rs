//! TLS, both versions of HTTP, limits, and the end of a service.

use std::fs;
use std::time::Duration;

use http_body_util::Full;
use hyper::{Method, Request, StatusCode};
use rcgen::{CertificateParams, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use user_service::config::Certificate;
use user_service::edge::RunFiles;

use crate::client::Client;
use crate::{ADA, ADAS_PATH, start, start_with};

#[tokio::test]
async fn both_versions_of_tls_are_spoken() {
    let service = start().await;
    for version in [&TLS12, &TLS13] {
        let client = Client::trusting_over(&[version], &service.ca_pem, service.client.address());
        assert_eq!(client.get("/healthz").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn http_2_has_the_same_rules() {
    let service = start().await;
    let token = service.token("operator", "admin");
    let get = async |uri: &str, headers: &[(&str, &str)]| {
        let request = Request::get(uri).header("authorization", format!("Bearer {token}"));
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        service.client.send_http2(request.body(Full::default()).unwrap()).await
    };
    assert_eq!(get("https://localhost/healthz", &[]).await.unwrap().text, "ok");
    let absent = get(&format!("https://localhost{ADAS_PATH}"), &[]).await.unwrap();
    assert_eq!(absent.problem(), "user-not-found");
    let query = get("https://localhost/users?a=1&a=2", &[]).await.unwrap();
    assert_eq!(query.problem(), "invalid-query");
    let slash = get("https://localhost/users%2Fsearch", &[]).await.unwrap();
    assert_eq!(slash.problem(), "invalid-path");
    let long = "x".repeat(64 * 1024);
    let large = get("https://localhost/healthz", &[("x-long", &long)]).await;
    assert!(large.is_err() || large.unwrap().status == 431, "64 KiB of headers");
}

#[tokio::test]
async fn every_answer_says_how_a_browser_may_use_it() {
    let service = start().await;
    let client = &service.client;
    for path in ["/healthz", "/nowhere", "/users%2F", ADAS_PATH, "/docs/", "/openapi.json"] {
        let answer = client.without_token().get(path).await;
        assert!(answer.header("strict-transport-security").starts_with("max-age="), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn a_request_means_one_thing() {
    let service = start().await;
    for (path, code) in [
        ("/users%2Fsearch", "invalid-path"),
        ("/users%2fsearch", "invalid-path"),
        ("/users/..%5Cadmin", "invalid-path"),
        ("//users", "invalid-path"),
        ("/users.", "invalid-path"),
        ("/users/%2e%2e/healthz", "invalid-path"),
        ("/healthz?a=1", "invalid-query"),
        ("/users?limit=1&limit=2", "invalid-query"),
        ("/users?", "invalid-query"),
        ("http://elsewhere.example/users", "invalid-host"),
    ] {
        let answer = service.client.get(path).await;
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (400, code), "{path}");
    }
    for request in
        ["GET /healthz HTTP/1.1\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"]
    {
        let mut stream = service.client.connect().await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 400", "{request}");
    }
}

#[tokio::test]
async fn a_request_that_runs_is_finished_by_a_shutdown() {
    let service = start().await;
    let client = service.client.clone();
    client.json(Method::POST, "/users", "", ADA).await;
    let read = service.engine.faults().pause("GetItem");
    let asked = tokio::spawn(async move { client.get(ADAS_PATH).await });
    read.reached().await;
    let mut idle = service.client.connect().await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok") {
        answer.push(idle.read_u8().await.unwrap());
    }
    let (address, stopped) = (service.client.address(), service.stopped);
    service.stop.send(()).unwrap();
    // The address is given up before the last answer is.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!stopped.is_finished());
    read.release().done().await;
    assert_eq!(asked.await.unwrap().status, StatusCode::OK);
    timeout(Duration::from_secs(5), stopped).await.expect("idle clients hold it up").unwrap();
    drop(idle);
}

#[tokio::test]
async fn one_request_too_many_is_refused_at_once() {
    let service = start_with(|config| config.limits.requests = 1).await;
    let client = service.client.clone();
    let read = service.engine.faults().pause("GetItem");
    let asked = tokio::spawn(async move { client.get(ADAS_PATH).await });
    read.reached().await;
    let refused = service.client.get("/healthz").await;
    assert_eq!((refused.status.as_u16(), &*refused.problem()), (503, "busy"));
    assert_eq!(refused.header("retry-after"), "1");
    read.release().done().await;
    assert_eq!(asked.await.unwrap().problem(), "user-not-found");
    assert_eq!(service.client.get("/healthz").await.status, StatusCode::OK);
}

/// What the service sends until it closes the connection.
async fn last_words(mut stream: impl AsyncReadExt + Unpin) -> Vec<u8> {
    let mut words = Vec::new();
    let read = timeout(Duration::from_secs(10), stream.read_to_end(&mut words)).await;
    let _ = read.expect("the connection was not closed");
    words
}

#[tokio::test]
async fn who_takes_too_long_is_let_go() {
    let short = Duration::from_millis(50);
    let service = start_with(|config| {
        config.limits.handshake = short;
        config.limits.head = short;
        config.limits.idle = short;
        config.limits.shutdown = short;
    })
    .await;
    // No handshake, no head, half a head.
    let silent = TcpStream::connect(service.client.address()).await.unwrap();
    assert_eq!(last_words(silent).await, b"");
    assert_eq!(last_words(service.client.connect().await.unwrap()).await, b"");
    let mut half = service.client.connect().await.unwrap();
    half.write_all(b"GET /healthz HTTP/1.1\r\nHost: local").await.unwrap();
    let words = String::from_utf8(last_words(half).await).unwrap();
    assert!(!words.contains("200"), "{words}");
}

#[tokio::test]
async fn plaintext_gets_no_answer() {
    let service = start().await;
    let mut client = TcpStream::connect(service.client.address()).await.unwrap();
    client.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let words = last_words(client).await;
    assert!(!words.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&words));
}

#[tokio::test]
async fn a_renewed_certificate_is_served_without_a_restart() {
    let files = RunFiles::create().unwrap();
    let pair = || {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    };
    let ((first, first_key), (second, second_key)) = (pair(), pair());
    let chain = files.write("chain.pem", &first).unwrap();
    let key = files.write("key.pem", &first_key).unwrap();
    let service = start_with(|config| {
        config.certificate = Certificate::Files { chain: chain.clone(), key: key.clone() };
    })
    .await;
    let address = service.client.address();
    let served = async |pem: &str| Client::trusting(pem, address).connect().await.is_ok();
    assert!(served(&first).await && !served(&second).await);
    for (path, text) in [(&key, &second_key), (&chain, &second)] {
        let new = files.write("new.pem", text).unwrap();
        fs::rename(new, path).unwrap();
    }
    assert!(served(&second).await && !served(&first).await);
}

#[tokio::test]
async fn an_instance_that_stops_is_first_not_ready_and_still_answers() {
    let service = start_with(|config| config.limits.drain = Duration::from_hours(1)).await;
    let client = &service.client;
    assert_eq!(client.get("/readyz").await.header("connection"), "");
    service.stop.send(()).unwrap();
    let refused = loop {
        let answer = client.get("/readyz").await;
        if answer.status != StatusCode::OK {
            break answer;
        }
    };
    assert_eq!((refused.status.as_u16(), &*refused.problem()), (503, "stopping"));
    // A new connection is taken, and told that it is for one request.
    let answer = client.get(ADAS_PATH).await;
    assert_eq!((answer.status.as_u16(), answer.header("connection")), (404, "close"));
    let request = Request::get("https://localhost/healthz").body(Full::default()).unwrap();
    let answer = client.send_http2(request).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("connection")), (200, ""));
    assert!(!service.stopped.is_finished());
    service.stopped.abort();

    let service = start_with(|config| config.limits.drain = Duration::from_millis(1)).await;
    service.stop.send(()).unwrap();
    timeout(Duration::from_secs(5), service.stopped).await.expect("it stops after that").unwrap();
}
