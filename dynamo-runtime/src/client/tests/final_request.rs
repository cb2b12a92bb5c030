//! A request that a misled layer above has made does not leave, whatever it is.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use super::server::{Server, ServerIdentity};
use super::*;
use crate::client::AuditLog;
use crate::client::audit::{AuditEvent, Auditor};
use crate::client::connection::Route;
use crate::client::connector::Connector;
use crate::client::endpoint::{Authority, Host};
use crate::client::flight::Flight;
use crate::client::tls::Tls;
use crate::client::tls_floor::TlsFloor;

/// Whether the connector sends the request that a call would make, changed so.
async fn is_sent(change: impl FnOnce(&mut HttpRequest, u16)) -> bool {
    refusal_of(change).await.is_none()
}

/// Why it does not.
async fn refusal_of(change: impl FnOnce(&mut HttpRequest, u16)) -> Option<String> {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let log = AuditLog::default();
    let auditor = Auditor::new(log.clone());
    let authority = Authority { host: Host::Address([127, 0, 0, 1].into()), port: server.port };
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let limit = Duration::from_secs(10);
    let tls = Tls::new(&trust, TlsFloor::Tls12, &authority, &auditor).unwrap();
    let route = Route::new(authority, tls, None, limit, auditor).unwrap();
    let connector = Connector::new(route, limit, true, 1).unwrap();

    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("POST").unwrap();
    request.set_uri(format!("https://127.0.0.1:{}/", server.port)).unwrap();
    request.headers_mut().insert("x-amz-target", "DynamoDB_20120810.PutItem");
    request.headers_mut().insert("content-length", "2");
    let body = Bytes::from_static(b"{}");
    request.add_extension(Arc::new(Flight::new(Api::PutItem, Replay::Harmful, body)));
    change(&mut request, server.port);
    let outcome = connector.call(request).await;

    let refusals = log.take().into_iter().filter_map(|event| match event {
        AuditEvent::RequestRefused { reason, .. } => Some(reason),
        _ => None,
    });
    let mut refusals: Vec<_> = refusals.collect();
    let connections = server.connections();
    assert_eq!((refusals.len(), connections), if outcome.is_ok() { (0, 1) } else { (1, 0) });
    refusals.pop()
}

#[tokio::test]
async fn only_the_one_shape_is_sent() {
    assert!(is_sent(|_, _| {}).await);
    assert!(!is_sent(|it, port| it.set_uri(format!("http://127.0.0.1:{port}/")).unwrap()).await);
    assert!(!is_sent(|it, port| it.set_uri(format!("https://localhost:{port}/")).unwrap()).await);
    assert!(!is_sent(|it, port| it.set_uri(format!("https://127.0.0.1:{port}/x")).unwrap()).await);
    assert!(!is_sent(|it, _| it.set_method("GET").unwrap()).await);
    assert!(!is_sent(|it, _| drop(it.headers_mut().insert("host", "evil.example"))).await);
    let target = "DynamoDB_20120810.DeleteItem";
    assert!(!is_sent(|it, _| drop(it.headers_mut().insert("x-amz-target", target))).await);
}

#[tokio::test]
async fn a_request_of_no_call_is_not_sent() {
    let bare = |it: &mut HttpRequest, port| {
        *it = HttpRequest::new(SdkBody::empty());
        it.set_uri(format!("https://127.0.0.1:{port}/")).unwrap();
    };
    let refusal = refusal_of(bare).await;
    assert_eq!(refusal.as_deref(), Some("it was not made by a call of this client"));
}
