//! How long a call takes over TLS on loopback with others in flight, and how many calls there are in a second.
//!
//! Time is the wall's: a busy machine changes it. Ours and the SDK run in turn, so that it changes both.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client;
use dynamo_runtime::codec::encode_item;
use dynamo_runtime::prelude::*;
use tokio::runtime::{Builder, Runtime};

use crate::cases::tls;
use crate::sdk::Canned;
use crate::things::{Product, product, product_key};
use crate::wire::Server;

/// How many calls are under way at once.
const IN_FLIGHT: [usize; 3] = [1, 64, 256];
/// The calls of one client in one round.
const CALLS: usize = 2_048;

/// What the rounds of one client came to.
#[derive(Default)]
struct Seen {
    /// Of each call.
    times: Vec<Duration>,
    /// Of all rounds.
    whole: Duration,
}

impl Seen {
    /// Below which so many of a hundred are, in seconds.
    fn percentile(&mut self, of_hundred: usize) -> f64 {
        self.times.sort_unstable();
        self.times[(self.times.len() - 1) * of_hundred / 100].as_secs_f64()
    }

    fn calls_per_second(&self) -> f64 {
        self.times.len() as f64 / self.whole.as_secs_f64()
    }
}

/// Measures a get of one item, ours and the SDK's own, and prints the ratios.
///
/// # Errors
/// When nothing can be printed.
pub fn latency(rounds: usize, out: &mut dyn Write) -> io::Result<()> {
    let server = Server::start(&Canned::item(&encode_item(&product(1)).expect("an item")));
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    writeln!(
        out,
        "{rounds} rounds of {CALLS} calls of each, in turn, on two threads; ours / the SDK's."
    )?;
    writeln!(out, "| in flight | p50 | ratio | p99 | ratio | calls in a second | ratio |")?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for in_flight in IN_FLIGHT {
        let (ours, sdk) = (tls::ours(&server, in_flight), tls::sdk(&server));
        let (mut seen, mut theirs) = (Seen::default(), Seen::default());
        // The first round opens the connections.
        for round in 0..=rounds {
            let (client, sdk) = (ours.clone(), sdk.clone());
            let of_ours = run(&runtime, in_flight, move || {
                let client = client.clone();
                async move { get_ours(&client).await }
            });
            let of_theirs = run(&runtime, in_flight, move || {
                let sdk = sdk.clone();
                async move { get_sdk(&sdk).await }
            });
            if round > 0 {
                seen.times.extend(of_ours.times);
                seen.whole += of_ours.whole;
                theirs.times.extend(of_theirs.times);
                theirs.whole += of_theirs.whole;
            }
        }
        let [p50, p99] = [50, 99].map(|of| (seen.percentile(of), theirs.percentile(of)));
        let rate = (seen.calls_per_second(), theirs.calls_per_second());
        writeln!(
            out,
            "| {in_flight} | {:.0} / {:.0} us | {:.2} | {:.0} / {:.0} us | {:.2} | {:.0} / {:.0} | {:.2} |",
            p50.0 * 1e6,
            p50.1 * 1e6,
            p50.0 / p50.1,
            p99.0 * 1e6,
            p99.1 * 1e6,
            p99.0 / p99.1,
            rate.0,
            rate.1,
            rate.0 / rate.1,
        )?;
        out.flush()?;
    }
    Ok(())
}

/// One round, with so many tasks.
fn run<F>(
    runtime: &Runtime,
    in_flight: usize,
    call: impl Fn() -> F + Clone + Send + 'static,
) -> Seen
where
    F: Future<Output = ()> + Send + 'static,
{
    runtime.block_on(async {
        let start = Instant::now();
        let tasks: Vec<_> = (0..in_flight)
            .map(|_| {
                let call = call.clone();
                tokio::spawn(async move {
                    let mut times = Vec::with_capacity(CALLS / in_flight);
                    for _ in 0..CALLS / in_flight {
                        let start = Instant::now();
                        call().await;
                        times.push(start.elapsed());
                    }
                    times
                })
            })
            .collect();
        let mut times = Vec::with_capacity(CALLS);
        for task in tasks {
            times.extend(task.await.expect("a call"));
        }
        Seen { times, whole: start.elapsed() }
    })
}

async fn get_ours(client: &SecureClient) {
    let found = Product::get(product_key()).send(client).await.expect("a response");
    assert!(found.is_some());
}

async fn get_sdk(client: &Client) {
    let get = client.get_item().table_name("products").consistent_read(true);
    let found = get.set_key(Some(tls::key())).send().await.expect("a response");
    assert!(found.item.is_some());
}
