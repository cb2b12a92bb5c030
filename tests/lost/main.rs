//! The model of lost responses: every kind of write, every point at which a response or a connection is lost, and every
//! interleaving of another writer, against the embedded engine behind TLS.
//!
//! A pure model enumerates the courses and says what each leaves in the table. The engine must agree, and an oracle of
//! linearisability judges what the caller was told: "ok" if the write took effect exactly once in some order that the
//! other's results allow, "failed" if it did not, "unknown" only where nothing that the client has seen could tell.
//!
//! `cargo test -p dynamo-tests --test lost` judges all courses and prints the table; words after `--` choose writes by
//! their names. `SECURITY.md` carries the table, and the run fails where it is stale: `LOST=overwrite` writes it anew. Of
//! the courses in which the client sees the same the first and the last are played, by `LOST=all` every one.

#![allow(missing_docs, unreachable_pub)]

mod course;
mod engine;
mod entities;
mod oracle;
mod table;
mod writes;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let all = writes::all();
    let count = all.len();
    let chosen: Vec<_> = all
        .into_iter()
        .filter(|write| words.iter().all(|word| write.title().contains(word)))
        .collect();
    let plays_all = std::env::var("LOST").as_deref() == Ok("all");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let seen = runtime.block_on(engine::run(&chosen, plays_all));
    let rows: Vec<_> =
        chosen.iter().zip(&seen).map(|(write, seen)| oracle::judge(write, seen)).collect();
    let mut faults = 0;
    for (write, row) in chosen.iter().zip(&rows) {
        println!("{}", table::line(write, row));
        for fault in row.faults.iter().take(5) {
            println!("    {fault}");
        }
        faults += row.faults.len();
    }
    let courses: usize = rows.iter().map(|row| row.courses).sum();
    println!("\nlost responses: {} writes, {courses} courses, {faults} wrong", chosen.len());
    let is_fresh = faults > 0 || chosen.len() < count || table::is_fresh(&chosen, &rows);
    if faults == 0 && is_fresh { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
