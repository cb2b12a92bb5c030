//! A resolver that answers no query.

use aws_credential_types::provider::ProvideCredentials;

use super::server::{Server, ServerIdentity};
use super::*;
use crate::client::audit::Auditor;
use crate::client::connection::Silent;
use crate::client::credentials::ways::Ways;
use crate::client::{CallErrorKind, Proxy, RoleSession};

const ROLE: &str = "arn:aws:iam::123456789012:role/r";
const BURST: usize = 64;
const SHORT: Duration = Duration::from_millis(50);

/// Bursts of calls, of which each ends at its limit.
async fn bursts(client: &SecureClient) {
    for _ in 0..2 {
        let calls: Vec<_> = (0..BURST)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { send(&client, Replay::Harmful).await.err().unwrap() })
            })
            .collect();
        for call in calls {
            let error = call.await.unwrap();
            assert!(matches!(error.kind, CallErrorKind::Connect(_)), "{error:?}");
            assert!(error.to_string().contains("no connection within 50ms"), "{error}");
            assert!(!error.outcome_unknown, "nothing was sent");
        }
    }
}

fn quick() -> Timeouts {
    Timeouts::default().connect(SHORT)
}

#[tokio::test]
async fn a_resolver_that_swallows_queries_is_asked_once_for_a_host() {
    let server = Server::start(ServerIdentity::of("localhost"), vec![]).await;
    let silent = Arc::new(Silent::default());
    let client = builder(&server)
        .endpoint(Endpoint::compatible("localhost", server.port).unwrap())
        .timeouts(quick())
        .max_connections(BURST)
        .retries(1)
        .resolved_by(silent.resolver())
        .build_in(&Fake::default())
        .unwrap();
    bursts(&client).await;
    assert_eq!(silent.hosts(), ["localhost"]);
    // What it says in the end serves the next call.
    silent.answer();
    let response = send(&client, Replay::Harmful).await.unwrap();
    assert_eq!((response.attempts, server.connections()), (1, 1));
}

#[tokio::test]
async fn a_proxys_host_is_looked_up_once_too() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let silent = Arc::new(Silent::default());
    let client = builder(&server)
        .proxy(Proxy::connect("proxy.example", 3128).unwrap())
        .timeouts(quick())
        .max_connections(BURST)
        .retries(1)
        .resolved_by(silent.resolver())
        .build_in(&Fake::default())
        .unwrap();
    bursts(&client).await;
    assert_eq!(silent.hosts(), ["proxy.example"]);
    silent.answer();
}

#[tokio::test(start_paused = true)]
async fn the_host_of_a_source_of_credentials_is_looked_up_once_too() {
    let silent = Arc::new(Silent::default());
    let ways = Ways::new(None, &Auditor::default()).resolved_by(silent.resolver());
    let keys = Credentials::fixed("AKIDEXAMPLE", "secret", None);
    let source = Credentials::assume_role(RoleSession::new(ROLE, "n1"), keys);
    let provider = source.over(&ways, &Fake::default(), Region::US_EAST_1).unwrap();
    let provider = Arc::new(provider);
    let asking: Vec<_> = (0..BURST)
        .map(|_| {
            let provider = provider.clone();
            tokio::spawn(async move { provider.provide_credentials().await })
        })
        .collect();
    for asked in asking {
        assert!(asked.await.unwrap().is_err());
    }
    assert_eq!(silent.hosts(), ["sts.us-east-1.amazonaws.com"]);
    silent.answer();
}
