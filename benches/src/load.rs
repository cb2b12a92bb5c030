//! A load of items, written by batches, read by batches and by a scan in segments, by a client in a process of its own:
//! the engine is in the parent's, so that the peak of memory is the client's.

use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Credentials as SdkCredentials;
use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use dynamo_runtime::client::Timeouts;
use dynamo_runtime::load::{Dump, ItemFormat, Load};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use dynamo_runtime::{Endpoint, Trust};
use tokio::task::JoinSet;

use crate::sdk;
use crate::things::{Item, Product, ProductKey, product, product_from_item, product_to_item};
use crate::wire::https;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How many items the program holds at a time, whichever client it has.
const AT_ONCE: u32 = 2_500;
/// How many requests the SDK has under way at once: as many as this library.
const IN_FLIGHT: usize = 8;
const SEGMENTS: usize = 8;

/// Runs both clients in turn, and prints what they did.
///
/// # Errors
/// When the engine or a client fails.
pub async fn load(items: u32) -> Result<(), Failure> {
    println!(
        "{items} items, {AT_ONCE} held by the program at a time; the engine is in another process.\n"
    );
    println!("| who | written a second | batch get | scan | processor time | peak memory |");
    println!("|---|---|---|---|---|---|");
    let mut peaks = Vec::new();
    for who in ["ours", "sdk_hand"] {
        for count in [items / 10, items] {
            let engine = LocalEngine::in_memory().await?;
            SecureClient::local().engine(&engine).table::<Product>().build().await?;
            let report = tokio::task::spawn_blocking(move || child(who, count, &engine)).await??;
            let numbers: Vec<f64> =
                report.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
            let [written, got, scanned, processor, peak] = numbers[..] else {
                return Err(format!("the client said: {report}").into());
            };
            if count == items {
                println!(
                    "| {who} | {written:.0} | {got:.0} | {scanned:.0} | {processor:.2} s | {peak:.1} MB |"
                );
            }
            peaks.push((who, count, peak));
        }
    }
    println!();
    files(items, &mut peaks).await?;
    println!();
    for (who, count, peak) in peaks {
        println!("peak {who} {count} {peak:.1} MB");
    }
    Ok(())
}

/// A table from a file and to a file, beside batch writes of the same items in the same process: in
/// each form that a file can have.
async fn files(items: u32, peaks: &mut Vec<(&'static str, u32, f64)>) -> Result<(), Failure> {
    println!(
        "| file | loaded a second | of the batch write | dumped a second | of the batch write | peak memory |"
    );
    println!("|---|---|---|---|---|---|");
    for who in ["file_dynamodb_json", "file_plain_json", "file_csv"] {
        let engine = LocalEngine::in_memory().await?;
        SecureClient::local().engine(&engine).table::<Product>().build().await?;
        let report = tokio::task::spawn_blocking(move || child(who, items, &engine)).await??;
        let numbers: Vec<f64> =
            report.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [written, loaded, dumped, _, peak] = numbers[..] else {
            return Err(format!("the client said: {report}").into());
        };
        println!(
            "| {who} | {loaded:.0} | {:.2} | {dumped:.0} | {:.2} | {peak:.1} MB |",
            loaded / written,
            dumped / written
        );
        peaks.push((who, items, peak));
    }
    Ok(())
}

/// The file is of batch writes first, so that each part is about the same items.
async fn by_files(client: &SecureClient, items: u32, who: &str) -> Result<[Duration; 3], Failure> {
    let format = match who {
        "file_dynamodb_json" => ItemFormat::DynamoDbJson,
        "file_plain_json" => ItemFormat::PlainJson,
        _ => ItemFormat::Csv,
    };
    let folder = std::env::temp_dir().join(format!("dynamo-benches-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join("products");
    let start = Instant::now();
    for chunk in chunks(items) {
        BatchWrite::new().put_all(chunk.map(product)).send(client).await?.complete()?;
    }
    let written = start.elapsed();
    let start = Instant::now();
    let dump = Dump::of::<Product>(&file).format(format).send(client).await?;
    let dumped = start.elapsed();
    let start = Instant::now();
    let load = Load::of::<Product>(&file).format(format).send(client).await?;
    let loaded = start.elapsed();
    std::fs::remove_dir_all(&folder)?;
    same_count(usize::try_from(dump.items)?, items as usize)?;
    same_count(usize::try_from(load.put)?, items as usize)?;
    Ok([written, loaded, dumped])
}

fn child(who: &str, items: u32, engine: &LocalEngine) -> io::Result<String> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["load-one", who, &items.to_string(), &engine.port().to_string()])
        .args([engine.access_key_id(), engine.secret_access_key()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(engine.ca_pem().as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other("the client failed"));
    }
    String::from_utf8(output.stdout).map_err(io::Error::other)
}

/// What a child does: `who`, how many items, the port, the key's id and its secret.
///
/// # Errors
/// When a request fails, or an item is not what was written.
pub async fn load_one(arguments: &[String]) -> Result<(), Failure> {
    let [who, items, port, id, secret] = arguments else { return Err("five arguments".into()) };
    let (items, port): (u32, u16) = (items.parse()?, port.parse()?);
    let mut ca_pem = String::new();
    io::stdin().read_to_string(&mut ca_pem)?;
    let [written, got, scanned] = if who == "sdk_hand" {
        let config = sdk::config(https(&ca_pem))
            .credentials_provider(SdkCredentials::new(id, secret, None, None, "bench"))
            .endpoint_url(format!("https://localhost:{port}"));
        by_sdk(&Client::from_conf(config.build()), items).await?
    } else {
        // A busy engine takes its time.
        let timeouts =
            Timeouts::default().response(Duration::from_mins(1)).deadline(Duration::from_mins(5));
        let client = SecureClient::builder()
            .region(Region::US_EAST_1)
            .credentials(Credentials::fixed(id, secret, None))
            .endpoint(Endpoint::compatible("localhost", port)?)
            .trust(Trust::private_ca(&ca_pem)?)
            .timeouts(timeouts)
            .build()
            .await?;
        if who == "ours" {
            by_ours(&client, items).await?
        } else {
            by_files(&client, items, who).await?
        }
    };
    let rate = |time: Duration| f64::from(items) / time.as_secs_f64();
    let (written, got, scanned) = (rate(written), rate(got), rate(scanned));
    println!("{written} {got} {scanned} {} {}", processor_time(), peak_megabytes()?);
    Ok(())
}

/// So many numbers at a time.
fn chunks(items: u32) -> impl Iterator<Item = std::ops::Range<u32>> {
    (0..items).step_by(AT_ONCE as usize).map(move |first| first..items.min(first + AT_ONCE))
}

async fn by_ours(client: &SecureClient, items: u32) -> Result<[Duration; 3], Failure> {
    let start = Instant::now();
    for chunk in chunks(items) {
        BatchWrite::new().put_all(chunk.map(product)).send(client).await?.complete()?;
    }
    let written = start.elapsed();
    let start = Instant::now();
    for chunk in chunks(items) {
        let count = chunk.len();
        let keys = chunk
            .map(product)
            .map(|Product { category, product_id, .. }| ProductKey { category, product_id });
        let found = Product::batch_get(keys).send(client).await?.complete()?;
        same_count(found.len(), count)?;
    }
    let got = start.elapsed();
    let start = Instant::now();
    let segments = NonZeroUsize::new(SEGMENTS).ok_or("no segments")?;
    let mut scan = Product::scan().segments(segments).items(client);
    let mut count = 0;
    while let Some(product) = scan.next().await {
        std::hint::black_box(product?);
        count += 1;
    }
    same_count(count, items as usize)?;
    Ok([written, got, start.elapsed()])
}

async fn by_sdk(client: &Client, items: u32) -> Result<[Duration; 3], Failure> {
    let start = Instant::now();
    for chunk in chunks(items) {
        let requests: Vec<_> = chunk.collect();
        beside(requests.chunks(25), |numbers: Vec<u32>| async move {
            let puts = numbers.into_iter().map(|number| {
                let put = PutRequest::builder().set_item(Some(product_to_item(&product(number))));
                Ok(WriteRequest::builder().put_request(put.build()?).build())
            });
            let mut left: Vec<WriteRequest> = puts.collect::<Result<_, Failure>>()?;
            while !left.is_empty() {
                let write = client.batch_write_item().request_items("products", left);
                let mut unprocessed = write.send().await?.unprocessed_items.unwrap_or_default();
                left = unprocessed.remove("products").unwrap_or_default();
            }
            Ok(0)
        })
        .await?;
    }
    let written = start.elapsed();
    let start = Instant::now();
    for chunk in chunks(items) {
        let count = chunk.len();
        let requests: Vec<_> = chunk.collect();
        let found = beside(requests.chunks(100), |numbers: Vec<u32>| async move {
            let keys = numbers.into_iter().map(|number| {
                let mut item = product_to_item(&product(number));
                item.retain(|name, _| name == "category" || name == "product_id");
                item
            });
            let mut found = 0;
            let mut left: Vec<Item> = keys.collect();
            while !left.is_empty() {
                let keys = KeysAndAttributes::builder().set_keys(Some(left));
                let get = client
                    .batch_get_item()
                    .request_items("products", keys.consistent_read(true).build()?);
                let output = get.send().await?;
                for item in output.responses.into_iter().flatten().flat_map(|(_, items)| items) {
                    std::hint::black_box(product_from_item(item).ok_or("no product")?);
                    found += 1;
                }
                let mut unprocessed = output.unprocessed_keys.unwrap_or_default();
                left = unprocessed.remove("products").map(|keys| keys.keys).unwrap_or_default();
            }
            Ok(found)
        });
        same_count(found.await?, count)?;
    }
    let got = start.elapsed();
    let start = Instant::now();
    let mut scans = JoinSet::new();
    for segment in 0..SEGMENTS {
        let scan = client
            .scan()
            .table_name("products")
            .consistent_read(true)
            .segment(i32::try_from(segment)?)
            .total_segments(i32::try_from(SEGMENTS)?);
        scans.spawn(async move {
            let mut items = scan.into_paginator().items().send();
            let mut count = 0;
            while let Some(item) = items.next().await {
                std::hint::black_box(product_from_item(item?).ok_or("no product")?);
                count += 1;
            }
            Ok::<usize, Failure>(count)
        });
    }
    let mut count = 0;
    while let Some(scanned) = scans.join_next().await {
        count += scanned??;
    }
    same_count(count, items as usize)?;
    Ok([written, got, start.elapsed()])
}

/// Requests beside each other, and the sum of what they give.
async fn beside<'a, F>(
    chunks: impl Iterator<Item = &'a [u32]>,
    request: impl Fn(Vec<u32>) -> F,
) -> Result<usize, Failure>
where
    F: Future<Output = Result<usize, Failure>>,
{
    let requests = chunks.map(|numbers| request(numbers.to_vec()));
    let mut running =
        futures_util::StreamExt::buffer_unordered(futures_util::stream::iter(requests), IN_FLIGHT);
    let mut sum = 0;
    while let Some(count) = futures_util::StreamExt::next(&mut running).await {
        sum += count?;
    }
    Ok(sum)
}

fn same_count(found: usize, expected: usize) -> Result<(), Failure> {
    if found == expected { Ok(()) } else { Err(format!("{found} items, not {expected}").into()) }
}

/// Of the process, in seconds.
fn processor_time() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory that the process has had (`VmHWM`).
fn peak_megabytes() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")).ok_or("no VmHWM")?;
    Ok(kilobytes.trim().parse::<f64>()? / 1024.0)
}
