//! Everything at once: all operations on one client, while TLS, HTTP, DNS and the source of credentials fail at random.
//!
//! `cargo test -p dynamo-tests --test chaos` runs it for some seconds, and `CHAOS=20` before that for so many minutes;
//! `CHAOS_SEED` gives the same dice again. What must hold all the time:
//!
//! - no call goes on past its deadline;
//! - a read gives what the item was when it was read, of each item a writer knows what that can be;
//! - what was told "ok" is in the table, and what was told "failed" is not; a transaction is there as a whole or not at all;
//! - an outcome is unknown only where a fault of that writer's requests, or of a connection, can have made it so;
//! - when the client is gone no task, no socket and no queued attempt of it is left.

#![allow(missing_docs, unreachable_pub)]

mod faults;
#[path = "../gauges.rs"]
mod gauges;
mod leaks;
mod middle;
mod model;
mod writer;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError, future};
use dynamo_runtime::client::{AuditLog, Timeouts};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use dynamo_runtime::{Endpoint, Trust};
use tokio::runtime::{Builder, Runtime};

use self::faults::{Dice, Faults};
use self::middle::Middle;
use self::model::{Cell, Mark, Tally};
use self::writer::Writer;

const WRITERS: usize = 24;
const CONNECTIONS: usize = 12;
/// Of the run that is made with all tests.
const SHORT: Duration = Duration::from_secs(6);
const SEED: u64 = 20_261_123;

pub const DEADLINE: Duration = Duration::from_secs(4);

fn main() -> ExitCode {
    let minutes: Option<f64> =
        std::env::var("CHAOS").ok().map(|it| it.parse().expect("CHAOS is a number of minutes"));
    let seed = std::env::var("CHAOS_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(SEED);
    let length = minutes.map_or(SHORT, |minutes| Duration::from_secs_f64(60.0 * minutes));
    println!("chaos: {length:?}, CHAOS_SEED={seed}");
    let gauges = gauges::Gauges::default();
    metrics::set_global_recorder(gauges.clone()).expect("there is no other recorder");
    // The client has a runtime of its own, on which every task is the client's or a writer's.
    let (others, ours) = (runtime(2), runtime(2));
    let faults = Arc::new(Faults::new(seed, WRITERS));
    let (engine, middle) = others.block_on(async {
        let engine = LocalEngine::in_memory().await.unwrap();
        let tables = SecureClient::local().engine(&engine).table::<Cell>().table::<Mark>();
        tables.build().await.unwrap();
        let middle = Middle::start(&engine, faults.clone()).await;
        (engine, middle)
    });
    let mut tally = ours.block_on(run(&engine, &middle, &faults, length, seed));
    let left = ours.block_on(leaks::left(&gauges));
    faults.stop();
    others.block_on(middle.late_requests_are_over());
    others.block_on(verify(&engine, &mut tally));
    if left != leaks::Left::default() {
        tally.violations.push(format!("left behind: {left:?}"));
    }
    tally.print(&faults);
    let met_everything = minutes.is_none() || faults.unmet().is_empty();
    if !met_everything {
        println!("never met: {:?}", faults.unmet());
    }
    if tally.violations.is_empty() && met_everything {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn runtime(threads: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(threads).enable_all().build().unwrap()
}

/// All writers on one client, until the time is over; the client is gone then.
async fn run(
    engine: &LocalEngine,
    middle: &Middle,
    faults: &Arc<Faults>,
    length: Duration,
    seed: u64,
) -> Tally {
    let client = client(engine, middle, faults).await;
    let end = Instant::now() + length;
    let writers: Vec<_> = (0..WRITERS)
        .map(|number| {
            let dice = Dice::new(seed ^ (1 + number as u64) << 32);
            let writer = Writer::new(number, client.clone(), dice, faults.clone());
            tokio::spawn(writer.write_until(end))
        })
        .collect();
    let mut tally = Tally::default();
    for writer in writers {
        match writer.await {
            Ok(of_writer) => tally.add(of_writer),
            Err(error) => tally.violations.push(format!("a writer panicked: {error}")),
        }
    }
    println!("{}", client.attestation());
    tally
}

async fn client(engine: &LocalEngine, middle: &Middle, faults: &Arc<Faults>) -> SecureClient {
    let names = faults.clone();
    SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::provider(Source {
            keys: (engine.access_key_id().to_owned(), engine.secret_access_key().to_owned()),
            faults: faults.clone(),
        }))
        .endpoint(Endpoint::compatible("localhost", middle.port).unwrap())
        .trust(Trust::private_ca(&middle.ca_pem).unwrap())
        .timeouts(
            Timeouts::default()
                .connect(Duration::from_millis(1500))
                .response(Duration::from_millis(1500))
                .deadline(DEADLINE),
        )
        .max_connections(CONNECTIONS)
        .resolver(move |_| names.look_up())
        .audit(Bounded::default())
        .build()
        .await
        .unwrap()
}

/// An audit that forgets, for a run of hours has many events.
#[derive(Default)]
struct Bounded(AuditLog);

impl dynamo_runtime::client::Audit for Bounded {
    fn record(&self, event: &dynamo_runtime::client::AuditEvent) {
        self.0.take();
        self.0.record(event);
    }
}

/// A source of credentials that is slow, or fails, and whose keys expire within seconds.
#[derive(Debug)]
struct Source {
    keys: (String, String),
    faults: Arc<Faults>,
}

impl ProvideCredentials for Source {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let life = self.faults.keys().await.map_err(CredentialsError::provider_error)?;
            let (id, secret) = &self.keys;
            let until = SystemTime::now() + life;
            Ok(Keys::new(id, secret, None, Some(until), "chaos"))
        })
    }
}

/// Reads all items back, past the middle.
async fn verify(engine: &LocalEngine, tally: &mut Tally) {
    let client = SecureClient::local().engine(engine).build().await.unwrap();
    for chapter in std::mem::take(&mut tally.chapters) {
        let cells = Cell::query(&chapter.owner).items(&client).collect().await.unwrap();
        let marks = Mark::query(&chapter.owner).items(&client).collect().await.unwrap();
        tally.items += cells.len() + marks.len();
        let cells = cells.iter().map(|cell| (cell.number, cell.row()));
        let marks = marks.iter().map(|mark| (mark.number, mark.row()));
        tally.violations.extend(chapter.verify(&cells.collect(), &marks.collect()));
    }
}
