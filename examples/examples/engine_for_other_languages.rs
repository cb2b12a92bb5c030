//! The embedded engine for a program in another language: its address, its keys and its authority.
//!
//! It prints them as variables, and then the authority's certificate as PEM, and serves until its
//! input ends: `cargo run -p dynamo-examples --example engine_for_other_languages`, and Ctrl-D.

use std::io::{self, Read, Write};

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = LocalEngine::in_memory().await?;
    // It makes the table, of which another program needs no more than the key.
    let client = SecureClient::local().engine(&engine).table::<User>().build().await?;

    let mut out = io::stdout();
    writeln!(out, "AWS_ENDPOINT_URL_DYNAMODB=https://{}:{}", engine.host(), engine.port())?;
    writeln!(out, "AWS_REGION={}", client.region())?;
    writeln!(out, "AWS_ACCESS_KEY_ID={}", engine.access_key_id())?;
    writeln!(out, "AWS_SECRET_ACCESS_KEY={}", engine.secret_access_key())?;
    writeln!(out, "{}", engine.ca_pem())?;
    out.flush()?;
    tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}
