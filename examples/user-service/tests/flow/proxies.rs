//! What a proxy, or who pretends to be one, says of where a request came from.

use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use user_service::config::Config;
use user_service::edge::{ForwardedBy, Proxies};

use crate::{Running, start_with};

/// A request without TLS, as a proxy that has ended it sends it.
async fn plain(address: SocketAddr, headers: &[(&str, &str)]) -> (u16, String) {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get("/healthz").header("host", "localhost");
    let request =
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(Full::<Bytes>::default()).unwrap();
    let response = sender.send_request(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let code = serde_json::from_slice::<Value>(&body)
        .ok()
        .and_then(|problem| Some(problem["code"].as_str()?.to_owned()));
    (status, code.unwrap_or_else(|| String::from_utf8(body.to_vec()).unwrap()))
}

async fn behind(network: &str, by: ForwardedBy) -> Running {
    start_with(|config: &mut Config| {
        config.plain_listen = Some("127.0.0.1:0".parse().unwrap());
        config.proxies = Some(Proxies { networks: vec![network.parse().unwrap()], by });
    })
    .await
}

const PROTO: &str = "x-forwarded-proto";
const CLIENT: (&str, &str) = ("x-forwarded-for", "198.51.100.1");

#[tokio::test]
async fn a_request_that_did_not_come_over_tls_is_refused() {
    let service = behind("127.0.0.1/32", ForwardedBy::XForwarded).await;
    let address = service.plain.unwrap();
    let good = plain(address, &[(PROTO, "https"), CLIENT]).await;
    assert_eq!(good, (200, "ok".to_owned()));
    for headers in [
        &[][..],
        &[CLIENT],
        &[(PROTO, "http"), CLIENT],
        &[(PROTO, ""), CLIENT],
        &[(PROTO, "https, http"), CLIENT],
        &[(PROTO, "http, https"), CLIENT],
        &[(PROTO, "https"), (PROTO, "https"), CLIENT],
        &[(PROTO, "http"), (PROTO, "https"), CLIENT],
        &[("forwarded", "proto=https;for=198.51.100.1")],
        &[("x-forwarded-ssl", "on"), CLIENT],
        &[("front-end-https", "on"), CLIENT],
    ] {
        assert_eq!(plain(address, headers).await, (403, "not-over-tls".to_owned()), "{headers:?}");
    }
    for headers in [&[(PROTO, "https")][..], &[(PROTO, "https"), ("x-forwarded-for", "unknown")]] {
        let refused = plain(address, headers).await;
        assert_eq!(refused, (403, "no-client-address".to_owned()), "{headers:?}");
    }
    // The proxy's own TLS to the service does not help.
    let by_tls =
        service.client.request(Method::GET, "/healthz", &[(PROTO, "http"), CLIENT], "").await;
    assert_eq!(by_tls.problem(), "not-over-tls");
    assert_eq!(service.client.get("/healthz").await.problem(), "not-over-tls");
}

#[tokio::test]
async fn the_header_that_the_proxy_does_not_set_is_not_read() {
    let service = behind("127.0.0.1/32", ForwardedBy::Forwarded).await;
    let address = service.plain.unwrap();
    let good = ("forwarded", "proto=http;for=203.0.113.7, proto=https;for=198.51.100.1");
    assert_eq!(plain(address, &[good]).await.0, 200);
    assert_eq!(plain(address, &[good, (PROTO, "http")]).await.0, 200);
    for headers in [
        &[(PROTO, "https"), CLIENT][..],
        &[good, good],
        &[("forwarded", "proto=https;for=203.0.113.7, proto=http;for=198.51.100.1")],
        &[("forwarded", "proto=https;for=\"198.51.100.1")],
    ] {
        assert_eq!(plain(address, headers).await, (403, "not-over-tls".to_owned()), "{headers:?}");
    }
}

#[tokio::test]
async fn who_is_no_proxy_is_not_believed() {
    let service = behind("10.0.0.0/8", ForwardedBy::XForwarded).await;
    let claims = [(PROTO, "https"), CLIENT];
    let refused = plain(service.plain.unwrap(), &claims).await;
    assert_eq!(refused, (403, "not-over-tls".to_owned()));
    // By TLS it comes for itself, whatever it says.
    assert_eq!(service.client.get("/healthz").await.text, "ok");
    let claims = [(PROTO, "http"), CLIENT];
    let answer = service.client.request(Method::GET, "/healthz", &claims, "").await;
    assert_eq!(answer.text, "ok");
}

#[tokio::test]
async fn logins_are_counted_by_the_proxys_client_and_not_by_what_the_client_says() {
    let service = start_with(|config| {
        let networks = vec!["127.0.0.1/32".parse().unwrap()];
        config.proxies = Some(Proxies { networks, by: ForwardedBy::XForwarded });
        config.requests_per_minute = 2;
    })
    .await;
    let login = async |number: u32, client: &str| {
        let headers =
            [("content-type", "application/json"), (PROTO, "https"), ("x-forwarded-for", client)];
        let body =
            format!(r#"{{"email":"nobody{number}@example.com","password":"correct horse"}}"#);
        service.client.request(Method::POST, "/login", &headers, &body).await.problem()
    };
    assert_eq!(login(1, "203.0.113.1, 198.51.100.1").await, "login-failed");
    assert_eq!(login(2, "203.0.113.2, 198.51.100.1").await, "login-failed");
    assert_eq!(login(3, "203.0.113.3, 198.51.100.1").await, "rate-limited");
    assert_eq!(login(4, "198.51.100.2").await, "login-failed");
}
