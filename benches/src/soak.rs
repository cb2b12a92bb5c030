//! Minutes of calls over TLS, in which the memory of the process must not grow.
//!
//! The server is in the same process, so that its memory is held too.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use dynamo_runtime::codec::encode_item;
use dynamo_runtime::prelude::*;
use http::Response;
use tokio::runtime::Builder;
use tokio::task::JoinHandle;

use crate::cases::tls;
use crate::sdk::Canned;
use crate::things::{Product, product, product_key, products};
use crate::wire::Server;

/// How many tasks make calls.
const TASKS: u32 = 64;
/// What is grown by then is what stays: connections, buffers, the allocator's own.
const WARM_UP: Duration = Duration::from_secs(30);
const BETWEEN: Duration = Duration::from_secs(10);
/// By how much of a hundred the memory may be more than after the warm-up.
const TOLERANCE: u64 = 5;

/// Makes gets, creates, updates and queries for so long, prints the memory, and tells whether it
/// stayed.
///
/// # Errors
/// When nothing can be printed, or the memory cannot be read.
pub fn soak(minutes: u64, out: &mut dyn Write) -> io::Result<bool> {
    let server = Server::answering(answers());
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let client = tls::ours(&server, TASKS as usize);
    let (calls, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let (client, calls, is_over) = (client.clone(), calls.clone(), is_over.clone());
            runtime.spawn(async move {
                let mut turn = number;
                while !is_over.load(Ordering::Relaxed) {
                    call(&client, turn % 4).await;
                    turn = turn.wrapping_add(1);
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    writeln!(out, "| seconds | calls | resident memory |\n|---|---|---|")?;
    let end = WARM_UP + Duration::from_secs(60 * minutes);
    let (start, mut first, mut most) = (Instant::now(), None, 0);
    while start.elapsed() < end && !tasks.iter().any(JoinHandle::is_finished) {
        std::thread::sleep(BETWEEN);
        let (elapsed, resident) = (start.elapsed(), resident()?);
        if elapsed >= WARM_UP {
            first.get_or_insert(resident);
            most = most.max(resident);
        }
        let calls = calls.load(Ordering::Relaxed);
        writeln!(out, "| {} | {calls} | {resident} KiB |", elapsed.as_secs())?;
        out.flush()?;
    }
    is_over.store(true, Ordering::Relaxed);
    for task in tasks {
        runtime.block_on(task).map_err(io::Error::other)?;
    }
    let first = first.unwrap_or_default();
    let is_flat = first > 0 && most * 100 <= first * (100 + TOLERANCE);
    let verdict = if is_flat { "holds" } else { "misses" };
    writeln!(out, "target soak {verdict} resident {most} at_most {first} and {TOLERANCE} %")?;
    Ok(is_flat)
}

fn answers() -> impl Fn(&str) -> Response<Bytes> + Send + Sync + 'static {
    let item = Canned::item(&encode_item(&product(1)).expect("an item"));
    let page: Vec<_> = products(25).iter().map(|one| encode_item(one).expect("an item")).collect();
    let (page, nothing) = (Canned::page(&page), Canned::new("{}"));
    move |target| match target.rsplit('.').next() {
        Some("GetItem") => item.response(),
        Some("Query") => page.response(),
        _ => nothing.response(),
    }
}

async fn call(client: &SecureClient, kind: u32) {
    match kind {
        0 => {
            let found = Product::get(product_key()).send(client).await.expect("a response");
            assert!(found.is_some());
        }
        1 => {
            Product::create(product(1)).send(client).await.expect("a response");
        }
        2 => {
            let update = Product::update(product_key()).set(Product::PRICE_CENTS, 1_999_u64);
            update.if_exists().send(client).await.expect("a response");
        }
        _ => {
            let page = Product::query("kitchen").page(client).await.expect("a response");
            assert_eq!(page.items.len(), 25);
        }
    }
}

/// In KiB, as Linux tells it.
fn resident() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    number.ok_or_else(|| io::Error::other("the memory of the process is not told"))
}
