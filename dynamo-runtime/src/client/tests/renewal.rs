//! A provider of credentials that does not answer, with keys in hand and without.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};

use super::server::{Server, ServerIdentity};
use super::*;
use crate::client::CallErrorKind;

/// Never answers.
#[derive(Debug)]
struct Hanging {
    in_hand: Option<&'static str>,
}

fn keys(id: &str) -> Keys {
    Keys::new(id, "secret", None, Some(SystemTime::UNIX_EPOCH), "test")
}

impl ProvideCredentials for Hanging {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(std::future::pending())
    }

    fn fallback_on_interrupt(&self) -> Option<Keys> {
        self.in_hand.map(keys)
    }
}

fn hanging(in_hand: Option<&'static str>) -> Hanging {
    Hanging { in_hand }
}

async fn a_call(credentials: Credentials) -> (Result<RawResponse, CallError>, Vec<String>) {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(credentials)
        .endpoint(Endpoint::compatible("127.0.0.1", server.port).unwrap())
        .trust(Trust::private_ca(&server.identity.ca_pem).unwrap())
        .build_in(&Fake::default())
        .unwrap();
    let deadline = Some(Duration::from_secs(2));
    let outcome = client.call(Call { deadline, ..call(Replay::Harmful) }).await;
    let id = |request: &String| {
        let (_, rest) = request.split_once("Credential=").unwrap();
        rest.split('/').next().unwrap().to_owned()
    };
    (outcome, server.requests().iter().map(id).collect())
}

#[tokio::test]
async fn a_provider_that_hangs_is_asked_for_the_keys_that_it_has_in_hand() {
    let shared = SharedCredentialsProvider::new(hanging(Some("INHAND")));
    let counted: Arc<dyn ProvideCredentials> = Arc::new(hanging(Some("INHAND")));
    for credentials in [
        Credentials::provider(hanging(Some("INHAND"))),
        Credentials::provider(shared),
        Credentials::provider(SharedCredentialsProvider::from(counted)),
        Credentials::first_of([
            Credentials::provider(hanging(Some("INHAND"))),
            Credentials::fixed("OTHER", "s", None),
        ]),
    ] {
        let shown = format!("{credentials:?}");
        let (outcome, ids) = a_call(credentials).await;
        outcome.unwrap();
        assert_eq!(ids, ["INHAND"], "{shown}");
    }
}

#[tokio::test]
async fn without_usable_keys_in_hand_the_call_waits_until_its_deadline() {
    for in_hand in [None, Some("no header\n")] {
        let (outcome, ids) = a_call(Credentials::provider(hanging(in_hand))).await;
        let error = outcome.err().unwrap();
        assert!(matches!(error.kind, CallErrorKind::Deadline(_)), "{error:?}");
        assert!(!error.outcome_unknown && ids.is_empty(), "{ids:?}");
    }
}
