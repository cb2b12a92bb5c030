//! The attack matrix: every row is an attack on the client by a real server or a real environment, and what must come of it.
//!
//! `cargo test -p dynamo-tests --test attack` runs all rows and prints the table; a word after `--` runs those with it in
//! their name. `SECURITY.md` carries the table, and the run fails where it is stale: `ATTACK=overwrite` writes it anew.

#![allow(missing_docs, unreachable_pub)]
#![recursion_limit = "256"]

mod account;
mod coverage;
mod driver;
#[path = "../gauges.rs"]
mod gauges;
mod identity;
mod leaks;
mod row;
mod rows;
mod server;
mod table;
mod x509;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rows = rows::all();
    if let [flag, name] = arguments.as_slice()
        && flag == driver::CHILD
    {
        return driver::run_as_child(&rows, name);
    }
    let words: Vec<_> =
        arguments.iter().filter(|argument| !argument.starts_with('-')).cloned().collect();
    let chosen: Vec<_> =
        rows.iter().filter(|row| words.iter().all(|word| row.title().contains(word))).collect();
    let outcomes = driver::run(&chosen);
    table::print(&chosen, &outcomes);
    let failed = outcomes.iter().filter(|outcome| outcome.is_err()).count();
    println!("\nattack matrix: {} rows, {failed} failed", chosen.len());
    if failed > 0 {
        return ExitCode::FAILURE;
    }
    if chosen.len() < rows.len() {
        return ExitCode::SUCCESS;
    }
    let gaps = coverage::gaps(&chosen, &outcomes);
    for gap in &gaps {
        println!("no row: {gap}");
    }
    if gaps.is_empty() && table::is_fresh(&chosen, &outcomes) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
