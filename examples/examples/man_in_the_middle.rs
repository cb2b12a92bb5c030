//! A server that is not the one: the client refuses it before it sends anything, and says so.
//!
//! With the arguments `PORT CA KEY_ID SECRET USER` it reads a user from the server on that port.

use std::fs;

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

/// A client that trusts one authority, and connects to a port of this machine.
async fn connect(
    port: u16,
    ca: impl AsRef<[u8]>,
    (key_id, secret): (&str, &str),
    audit: AuditLog,
) -> Result<SecureClient, BoxError> {
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::fixed(key_id, secret, None))
        .endpoint(Endpoint::compatible("localhost", port)?)
        .trust(Trust::private_ca(ca)?)
        .audit(audit)
        .build()
        .await?;
    Ok(client)
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [port, ca, key_id, secret, user_id] = &arguments[..] {
        let audit = AuditLog::default();
        let client = connect(port.parse()?, fs::read(ca)?, (key_id, secret), audit).await?;
        match User::get(User::key(&**user_id)).send(&client).await {
            Ok(user) => println!("read: {user:?}"),
            Err(error) if error.is_refused() => println!("refused: {error}"),
            Err(error) => return Err(error.into()),
        }
        return Ok(());
    }

    let engine = LocalEngine::in_memory().await?;
    let keys = (engine.access_key_id(), engine.secret_access_key());
    let client = connect(engine.port(), engine.ca_pem(), keys, AuditLog::default()).await?;
    Tables::new().table::<User>().create(&client).await?;
    let ann = User { user_id: "ann".into(), role: "user".into() };
    User::create(ann.clone()).send(&client).await?;
    assert_eq!(User::get(User::key("ann")).send(&client).await?, Some(ann));

    // A server on the way: it has an authority of its own.
    let middle = LocalEngine::in_memory().await?;
    let audit = AuditLog::default();
    let client = connect(middle.port(), engine.ca_pem(), keys, audit.clone()).await?;
    let error = User::get(User::key("ann")).send(&client).await.unwrap_err();
    assert!(error.is_refused());
    assert_eq!(error.attempts(), 1); // it is not tried again
    assert_eq!(middle.requests().len(), 0); // and has not seen a byte of the request

    let is_refusal = |event: &AuditEvent| matches!(event, AuditEvent::ConnectionRefused { .. });
    assert_eq!(audit.events().iter().filter(|event| is_refusal(event)).count(), 1);
    assert_eq!(client.attestation().refusals().connections, 1);
    Ok(())
}
