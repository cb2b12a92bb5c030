//! One file for each library: the entity that has its items, and what the two do on one table.

mod auth;
mod bloop;
mod boto3;
mod connect;
mod dynamoose;
mod electrodb;
mod lib_dynamodb;
mod nova;
mod onetable;
mod powertools;
mod pynamodb;
mod serde_dynamo;
mod toolbox;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use dynamo_runtime::Timestamp;

use crate::engine::EngineAddress;
use crate::table::Row;

type Run = fn(&EngineAddress) -> Pin<Box<dyn Future<Output = Row> + '_>>;

pub(crate) const ALL: [(&str, Run); 14] = [
    ("electrodb", |engine| Box::pin(electrodb::run(engine))),
    ("dynamoose", |engine| Box::pin(dynamoose::run(engine))),
    ("onetable", |engine| Box::pin(onetable::run(engine))),
    ("toolbox", |engine| Box::pin(toolbox::run(engine))),
    ("nova", |engine| Box::pin(nova::run(engine))),
    ("lib-dynamodb", |engine| Box::pin(lib_dynamodb::run(engine))),
    ("powertools-typescript", |engine| Box::pin(powertools::run_typescript(engine))),
    ("auth", |engine| Box::pin(auth::run(engine))),
    ("connect", |engine| Box::pin(connect::run(engine))),
    ("pynamodb", |engine| Box::pin(pynamodb::run(engine))),
    ("bloop", |engine| Box::pin(bloop::run(engine))),
    ("powertools-python", |engine| Box::pin(powertools::run_python(engine))),
    ("boto3", |engine| Box::pin(boto3::run(engine))),
    ("serde_dynamo", |engine| Box::pin(serde_dynamo::run(engine))),
];

/// The instant of all programs, 2026-11-30T12:34:56.789Z.
fn instant() -> Timestamp {
    Timestamp::from_epoch_micros(1_796_042_096_789_000).unwrap()
}

/// Whether it holds before half a minute has passed: a global index has a write only some time later.
async fn soon(mut holds: impl AsyncFnMut() -> bool) -> bool {
    for _ in 0..300 {
        if holds().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    false
}
