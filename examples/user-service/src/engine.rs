//! The embedded engine in a process of its own, for several instances on one machine.

use std::fmt::Write;
use std::time::Duration;

use aws_lc_rs::rand;
use dynamo_runtime::error::BoxError;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use tokio::time::{interval, sleep};
use user_service::api::KeptRequest;
use user_service::auth::{Rate, SigningKey};
use user_service::edge::RunFiles;
use user_service::user::{EmailClaim, User};

/// From one sweep of expired items to the next.
const SWEEP: Duration = Duration::from_mins(1);
/// The engine keeps what it was asked, for tests to look at.
const FORGET: Duration = Duration::from_secs(1);

/// Serves the service's table until `stop` is ready, and says how instances reach it.
///
/// # Errors
/// The engine cannot be started, or the files for the instances cannot be written.
pub(crate) async fn serve(stop: impl Future<Output = ()>) -> Result<(), BoxError> {
    let engine = LocalEngine::in_memory().await?;
    let tables = SecureClient::local().engine(&engine).table::<User>().table::<EmailClaim>();
    tables.table::<KeptRequest>().table::<Rate>().build().await?;
    // The files are there for as long as the engine is.
    let files = RunFiles::create()?;
    let ca = files.write("engine-ca.pem", engine.ca_pem())?;
    let secret = files.write("secret", &random_hex()?)?;
    let key = files.write("token-key.pem", SigningKey::random()?.expose_pem())?;
    let settings = [
        ("DYNAMO_REGION", "us-east-1"),
        ("DYNAMO_ENGINE", &format!("{}:{}", engine.host(), engine.port())),
        ("DYNAMO_ENGINE_CA", &ca.display().to_string()),
        ("AWS_ACCESS_KEY_ID", engine.access_key_id()),
        ("AWS_SECRET_ACCESS_KEY", engine.secret_access_key()),
        ("SECRET_FILE", &secret.display().to_string()),
        ("TOKEN_KEY", &key.display().to_string()),
    ];
    let settings = settings.map(|(name, value)| format!("{name}='{value}'\n")).concat();
    let settings = files.write("instance.env", &settings)?;
    println!("the engine's settings for each instance, made for this run: {}", settings.display());
    println!("\n  set -a; . {}; user-service\n", settings.display());
    tokio::select! {
        () = stop => {}
        () = keep_tidy(&engine) => {}
    }
    Ok(())
}

async fn keep_tidy(engine: &LocalEngine) {
    let mut sweep = interval(SWEEP);
    loop {
        tokio::select! {
            // What was not swept now is at the next time.
            _ = sweep.tick() => drop(engine.sweep_expired().await),
            () = sleep(FORGET) => engine.forget_requests(),
        }
    }
}

fn random_hex() -> Result<String, BoxError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| "the system gives no random bytes")?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
