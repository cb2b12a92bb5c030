//! A request that a misled layer above has made does not leave, whatever it is.

use http::request::Parts;
use http::{HeaderValue, Method, Request};

use super::server::{Server, ServerIdentity};
use super::*;
use crate::client::AuditLog;
use crate::client::audit::{AuditEvent, Auditor};
use crate::client::choke::Served;
use crate::client::connection::Route;
use crate::client::connector::Connector;
use crate::client::endpoint::{Authority, Host};
use crate::client::flight::Flight;
use crate::client::tls::Tls;
use crate::client::tls_floor::TlsFloor;

/// Whether the connector sends the head that an attempt would have, changed so.
async fn is_sent(change: impl FnOnce(&mut Parts, u16)) -> bool {
    is_sent_where(Served::AllButSearches, Api::PutItem, change).await
}

/// As an operation of a flight, to a host that is there for these.
async fn is_sent_where(serves: Served, api: Api, change: impl FnOnce(&mut Parts, u16)) -> bool {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let log = AuditLog::default();
    let auditor = Auditor::new(log.clone());
    let authority = Authority { host: Host::Address([127, 0, 0, 1].into()), port: server.port };
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let limit = Duration::from_secs(10);
    let tls = Tls::new(&trust, TlsFloor::Tls12, &authority, &auditor).unwrap();
    let route = Route::new(authority, tls, None, limit, auditor).unwrap();
    let connector = Connector::new(route, serves, limit, true, 1);

    let authority = format!("127.0.0.1:{}", server.port);
    let request = Request::post(format!("https://{authority}/"))
        .header("host", authority)
        .header("x-amz-target", api.target())
        .header("content-length", "2");
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    change(&mut head, server.port);
    let flight = Flight::new(api, Replay::Harmful, Bytes::from_static(b"{}"));
    let outcome = connector.attempt(head, &flight).await;

    let refusals = log.take().into_iter();
    let refusals =
        refusals.filter(|event| matches!(event, AuditEvent::RequestRefused { .. })).count();
    let is_sent = outcome.is_ok();
    assert_eq!((refusals, server.connections()), if is_sent { (0, 1) } else { (1, 0) });
    is_sent
}

#[tokio::test]
async fn only_the_one_shape_is_sent() {
    let to = |uri: String| uri.parse::<http::Uri>().unwrap();
    assert!(is_sent(|_, _| {}).await);
    assert!(!is_sent(|it, port| it.uri = to(format!("http://127.0.0.1:{port}/"))).await);
    assert!(!is_sent(|it, port| it.uri = to(format!("https://localhost:{port}/"))).await);
    assert!(!is_sent(|it, port| it.uri = to(format!("https://127.0.0.1:{port}/x"))).await);
    assert!(!is_sent(|it, _| it.uri = to("/".to_owned())).await);
    assert!(!is_sent(|it, _| it.method = Method::GET).await);
    let evil = HeaderValue::from_static("evil.example");
    assert!(!is_sent(|it, _| drop(it.headers.insert("host", evil.clone()))).await);
    assert!(!is_sent(|it, _| assert!(it.headers.append("host", evil))).await);
    let target = HeaderValue::from_static("DynamoDB_20120810.DeleteItem");
    assert!(!is_sent(|it, _| drop(it.headers.insert("x-amz-target", target))).await);
}

/// Its authority is in that header alone when it goes out.
#[tokio::test]
async fn a_request_without_a_host_is_not_sent() {
    assert!(!is_sent(|it, _| drop(it.headers.remove("host"))).await);
}

#[tokio::test]
async fn a_search_does_not_leave_to_the_first_host_nor_anything_else_to_that_of_searches() {
    let is_sent = async |serves, api| is_sent_where(serves, api, |_, _| {}).await;
    assert!(is_sent(Served::SearchesAlone, Api::SearchVectors).await);
    assert!(is_sent(Served::AllButSearches, Api::Query).await);
    assert!(!is_sent(Served::AllButSearches, Api::SearchVectors).await);
    for api in [Api::PutItem, Api::GetItem, Api::Query, Api::Scan, Api::DescribeTable] {
        assert!(!is_sent(Served::SearchesAlone, api).await, "{api:?}");
    }
    // Nor under the other's name.
    let target = HeaderValue::from_static("DynamoDB_20120810.PutItem");
    let renamed = is_sent_where(Served::SearchesAlone, Api::SearchVectors, |it, _| {
        it.headers.insert("x-amz-target", target);
    });
    assert!(!renamed.await);
}
