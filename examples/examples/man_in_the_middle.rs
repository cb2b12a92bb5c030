//! A server that is not the one: the client refuses it before it sends anything, and says so.

use dynamo_runtime::client::{AuditEvent, AuditLog};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::{LocalEngine, Tables};
use dynamo_runtime::{Endpoint, Trust};

type BoxError = Box<dyn std::error::Error>;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    role: String,
}

/// A client that trusts the engine's authority, and connects to a port of this machine.
async fn connect(
    port: u16,
    engine: &LocalEngine,
    audit: AuditLog,
) -> Result<SecureClient, BoxError> {
    let (key_id, secret) = (engine.access_key_id(), engine.secret_access_key());
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::fixed(key_id, secret, None))
        .endpoint(Endpoint::compatible(engine.host(), port)?)
        .trust(Trust::private_ca(engine.ca_pem())?)
        .audit(audit)
        .build()
        .await?;
    Ok(client)
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let engine = LocalEngine::in_memory().await?;
    let client = connect(engine.port(), &engine, AuditLog::default()).await?;
    Tables::new().table::<User>().create(&client).await?;
    let ann = User { user_id: "ann".into(), role: "user".into() };
    User::create(ann.clone()).send(&client).await?;
    assert_eq!(User::get(User::key("ann")).send(&client).await?, Some(ann));

    // A server on the way: it has an authority of its own.
    let middle = LocalEngine::in_memory().await?;
    let audit = AuditLog::default();
    let client = connect(middle.port(), &engine, audit.clone()).await?;
    let error = User::get(User::key("ann")).send(&client).await.unwrap_err();
    assert!(error.is_refused());
    assert_eq!(error.attempts(), 1); // it is not tried again
    assert_eq!(middle.requests().len(), 0); // and has not seen a byte of the request

    let is_refusal = |event: &AuditEvent| matches!(event, AuditEvent::ConnectionRefused { .. });
    assert_eq!(audit.events().iter().filter(|event| is_refusal(event)).count(), 1);
    assert_eq!(client.attestation().refusals().connections, 1);
    Ok(())
}
