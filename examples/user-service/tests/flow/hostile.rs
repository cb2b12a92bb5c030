//! Clients that mean harm, or are broken.

use hyper::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::version::TLS13;

use crate::client::Client;
use crate::{ADA, ADAS_PATH, start};

const VALID: &str = r#""email":"a@example.com","name":"A","password":"correct horse""#;

/// A valid new user, but for one thing.
fn but(from: &str, to: &str) -> String {
    assert!(VALID.contains(from));
    format!("{{{}}}", VALID.replace(from, to))
}

/// A valid new user, and something more.
fn and(more: &str) -> String {
    format!("{{{VALID},{more}}}")
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let service = start().await;
    for body in ["", "{", "{'email':1}", &format!("{{{VALID}}} x"), &but("\"A\"", r#""\ud800""#)] {
        let answer = service.client.json(Method::POST, "/users", "", body).await;
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (400, "malformed-json"), "{body}");
    }
}

#[tokio::test]
async fn bodies_that_do_not_fit() {
    let service = start().await;
    let deep = format!("{{\"email\":{}", "[".repeat(10_000));
    for (body, field) in [
        ("null".to_owned(), ""),
        (r#"[null,"a@example.com","A","correct horse",null]"#.to_owned(), ""),
        ("[]".to_owned(), ""),
        ("{}".to_owned(), ""),
        (deep, "email"),
        (and(r#""is_admin":true"#), ""),
        (and(r#""version":7"#), ""),
        (and(r#""password_hash":"x""#), ""),
        (and(r#""name":"B""#), ""),
        (but("a@example.com", "no address"), "email"),
        (but(r#""A""#, "7"), "name"),
        (but(r#""A""#, "null"), "name"),
        (but(r#""A""#, r#"{"S":"A"}"#), "name"),
        (but(r#""A""#, r#""A\u0000""#), "name"),
        (but("correct horse", "short"), "password"),
        (and(r#""user_id":"../admin""#), "user_id"),
        (and(r#""user_id":"""#), "user_id"),
        (and(r#""expires_at":"2001-01-01T00:00:00Z""#), "expires_at"),
    ] {
        let answer = service.client.json(Method::POST, "/users", "", &body).await;
        let problem = (answer.status.as_u16(), &*answer.problem());
        assert_eq!(problem, (422, "invalid-body"), "{body:.200}");
        assert_eq!(answer.json()["field"].as_str().unwrap_or_default(), field, "{body:.200}");
        assert_eq!(answer.json()["detail"].is_string(), !field.is_empty());
    }
    assert!(
        service.engine.requests().iter().all(|request| request.operation() != "TransactWriteItems")
    );
}

#[tokio::test]
async fn searches_that_are_none() {
    let service = start().await;
    for (body, field) in [
        ("{}", ""),
        (r#"{"domain":"a.example","name":"A"}"#, ""),
        (r#"{"domain":null}"#, "domain"),
        (r#"{"domain":"a.example","after":"x"}"#, ""),
        (r#"{"domain":"a.example","cursor":null}"#, ""),
        (r#"{"domain":"a.example OR 1=1"}"#, "domain"),
        (r#"{"domain":""}"#, "domain"),
        (r#"{"name":""}"#, "name"),
        (r#"{"name":"A","limit":0}"#, "limit"),
        (r#"{"name":"A","limit":101}"#, "limit"),
        (r#"{"name":"A","limit":-1}"#, "limit"),
        (r#"{"name":"A","limit":1e9}"#, "limit"),
        (r#"{"name":"A","limit":1.5}"#, "limit"),
        (r#"{"name":"A","limit":"1"}"#, "limit"),
    ] {
        let answer = service.client.json(Method::POST, "/users/search", "", body).await;
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (422, "invalid-body"), "{body}");
        assert_eq!(answer.json()["field"].as_str().unwrap_or_default(), field, "{body}");
    }
}

#[tokio::test]
async fn a_body_over_16_kilobytes() {
    let service = start().await;
    let body = |length: usize| format!("\"{}\"", "x".repeat(length - 2));
    let fits = service.client.json(Method::POST, "/users", "", &body(16 * 1024)).await;
    assert_eq!(fits.problem(), "invalid-body");
    let answer = service.client.json(Method::POST, "/users", "", &body(16 * 1024 + 1)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.problem(), "body-too-large");
}

#[tokio::test]
async fn a_body_that_does_not_say_it_is_json() {
    const JSON: (&str, &str) = ("content-type", "application/json");

    let service = start().await;
    let create = async |headers: &[(&str, &str)]| {
        service.client.request(Method::POST, "/users", headers, ADA).await
    };
    for headers in [
        &[][..],
        &[("content-type", "text/plain")],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[("content-type", "application/jsonx")],
        &[("content-type", "application/merge-patch+json")],
        &[("content-type", "json")],
        &[JSON, JSON],
    ] {
        let answer = create(headers).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{headers:?}");
        assert_eq!(answer.problem(), "unsupported-media-type");
    }
    let answer = create(&[("content-type", "Application/JSON; charset=utf-8")]).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let headers = [JSON, ("if-match", "\"1\"")];
    let patch = service.client.request(Method::PATCH, ADAS_PATH, &headers, "{}").await;
    assert_eq!(patch.problem(), "unsupported-media-type", "a patch is a merge patch");
}

#[tokio::test]
async fn ids_that_are_none_name_no_user() {
    let service = start().await;
    for id in [
        "1",
        "ada@example.com",
        "null",
        "0b9f8c1e6f0a4b1e9c552f1d3a4b5c6d",
        "{0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d}",
        &"a".repeat(3000),
    ] {
        let answer = service.client.get(&format!("/users/{id}")).await;
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (404, "user-not-found"), "{id}");
    }
    for id in ["%00", "%FF%FE", "%2e%2e%2fadmin", "..%2f..", "%7B%7D", "0b9f8c1e%20", "..", "."] {
        let answer = service.client.get(&format!("/users/{id}")).await;
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (400, "invalid-path"), "{id}");
    }
    assert!(service.engine.requests().iter().all(|request| request.operation() != "GetItem"));
}

#[tokio::test]
async fn headers_that_claim_something() {
    let service = start().await;
    let client = &service.client;
    let claims =
        [("x-forwarded-proto", "http"), ("x-correlation-id", "mine"), ("x-request-id", "mine")];
    let answer = client.request(Method::GET, "/users/1", &claims, "").await;
    assert_eq!(answer.problem(), "user-not-found", "nobody is a proxy here");
    assert!(!format!("{:?}", answer.headers).contains("mine"));

    let doubled = [("if-match", "\"1\""), ("if-match", "\"2\"")];
    let answer = client.request(Method::DELETE, ADAS_PATH, &doubled, "").await;
    assert_eq!(answer.problem(), "invalid-if-match");
}

#[tokio::test]
async fn http_that_cannot_be_read_gets_a_bare_refusal() {
    let service = start().await;
    let long = format!("GET / HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(64 * 1024));
    let split =
        "POST /users HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}";
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(65));
    for (head, status) in [("\0\r\n\r\n", "400"), (&long, "431"), (&many, "431"), (split, "400")] {
        let mut stream = service.client.connect().await.unwrap();
        // The service may close before it has read all.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    }
}

#[tokio::test]
async fn a_client_without_the_authority_refuses_the_service() {
    let service = start().await;
    let stranger = start().await;
    let address = service.client.address();
    let error = Client::trusting(&stranger.ca_pem, address).connect().await.unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
    let nobody = Client::with(RootCertStore::empty(), address, &[&TLS13]);
    assert!(nobody.connect().await.is_err());
}

#[tokio::test]
async fn clients_that_stall_or_speak_plaintext_hold_up_nobody() {
    let service = start().await;
    let mut stalled = Vec::new();
    for number in 0..50 {
        let mut stream = TcpStream::connect(service.client.address()).await.unwrap();
        if number % 2 == 0 {
            stream.write_all(b"GET /healthz HTTP/1.1\r\n\r\n").await.unwrap();
        }
        stalled.push(stream);
    }
    let mut half = service.client.connect().await.unwrap();
    half.write_all(b"POST /users HTTP/1.1\r\nHost: localhost\r\ncontent-").await.unwrap();
    assert_eq!(service.client.get("/healthz").await.status, StatusCode::OK);
    drop(stalled);
}
