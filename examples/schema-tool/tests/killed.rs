//! A load that is killed at random moments, and resumed, leaves the table of one that was not.

#![allow(missing_docs)]

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dynamo_runtime::testing::LocalEngine;
use serde_json::{Value, json};

/// How often it is killed, in all rounds together.
const KILLS: u32 = 20;

/// A table on an engine of its own, and the files of loads into it.
struct Round {
    engine: LocalEngine,
    folder: PathBuf,
}

impl Round {
    async fn new(name: &str, lines: &str) -> Self {
        let engine = LocalEngine::in_memory().await.unwrap();
        let folder = std::env::temp_dir().join(format!("killed-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("ca.pem"), engine.ca_pem()).unwrap();
        fs::write(folder.join("shop.jsonl"), lines).unwrap();
        let round = Self { engine, folder };
        // As a table is called in one of several environments.
        round.run(&["create"]);
        round
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let (name, rest) = arguments.split_first().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_dynamo-schema"));
        let endpoint = format!("localhost:{}", self.engine.port());
        command
            .args([name, "--json", "--region", "eu-central-1", "--table", "shop-of-tests"])
            .args(["--endpoint", &endpoint, "--ca", "ca.pem"])
            .args(rest)
            .current_dir(&self.folder)
            .env("AWS_ACCESS_KEY_ID", self.engine.access_key_id())
            .env("AWS_SECRET_ACCESS_KEY", self.engine.secret_access_key())
            .env_remove("AWS_SESSION_TOKEN");
        command
    }

    fn run(&self, arguments: &[&str]) -> Value {
        let output = self.command(arguments).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {told}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// All that is in the table, in the order of its text.
    fn stored(&self) -> Vec<String> {
        self.run(&["dump", "dump.jsonl"]);
        let text = fs::read_to_string(self.folder.join("dump.jsonl")).unwrap();
        // Attributes have no order.
        let in_order = |line: &str| line.parse::<Value>().unwrap().to_string();
        let mut lines: Vec<_> = text.lines().map(in_order).collect();
        lines.sort_unstable();
        lines
    }

    fn rejected(&self) -> String {
        fs::read_to_string(self.folder.join("rejected.jsonl")).unwrap()
    }

    fn is_midway(&self) -> bool {
        self.folder.join("shop.jsonl.progress").exists()
    }
}

impl Drop for Round {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Some with versions, some of the same key, and some that are no item.
fn lines() -> String {
    let mut lines = String::new();
    for number in 0..4_000_u32 {
        let id = format!("c{}", number % 1_500);
        let item = json!({
            "pk": {"S": format!("CUSTOMER#{id}")}, "sk": {"S": "PROFILE"}, "customer_id": {"S": id},
            "name": {"S": format!("of line {number}")}, "email": {"S": "a@example.com"},
            "version": {"N": (number + 1).to_string()},
        });
        lines.push_str(&json!({ "Item": item }).to_string());
        lines.push('\n');
        if number % 250 == 0 {
            lines.push_str("no item\n");
        }
    }
    lines
}

const LOAD: [&str; 6] = ["load", "shop.jsonl", "--rejects", "rejected.jsonl", "--rate", "4000"];

/// A moment within a time.
fn random(within: Duration) -> Duration {
    let random = RandomState::new().hash_one(0).to_be_bytes()[0];
    within.mul_f64(f64::from(random) / 256.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_load_that_is_killed_at_random_moments_loses_and_doubles_nothing() {
    let lines = lines();
    let whole = Round::new("never", &lines).await;
    let begin = Instant::now();
    let counts = whole.run(&LOAD);
    let time = begin.elapsed();
    assert_eq!((&counts["lines"], &counts["put"]), (&4_016.into(), &4_000.into()));
    let (stored, rejected) = (whole.stored(), whole.rejected());
    assert_eq!((stored.len(), rejected.lines().count()), (1_500, 16));

    let (mut kills, mut midway, mut rounds) = (0, 0, 0);
    while kills < KILLS {
        rounds += 1;
        let round = Round::new(&rounds.to_string(), &lines).await;
        let again = loop {
            let mut load = round.command(&LOAD).stdout(Stdio::null()).spawn().unwrap();
            tokio::time::sleep(random(time)).await;
            let has_ended = load.try_wait().unwrap().is_some();
            load.kill().unwrap();
            let status = load.wait().unwrap();
            if has_ended {
                assert!(status.success(), "{status}");
                break None;
            }
            kills += 1;
            midway += u32::from(round.is_midway());
            if kills == KILLS {
                break Some(round.run(&LOAD));
            }
        };
        assert!(again.is_none_or(|again| again == counts), "round {rounds}: other counts");
        let found = round.stored();
        let other = found.iter().zip(&stored).find(|(found, stored)| found != stored);
        assert!(found.len() == stored.len() && other.is_none(), "round {rounds}: {other:?}");
        assert_eq!(round.rejected(), rejected, "round {rounds}");
        assert!(!round.is_midway(), "round {rounds}");
    }
    println!("{kills} kills in {rounds} rounds, {midway} of them midway");
    assert!(midway >= 3, "of {kills} kills only {midway} were midway: nothing was tried");
}
