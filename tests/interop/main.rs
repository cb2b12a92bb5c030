//! Programs of other libraries and entities of ours on one table: they write, we read, update and
//! delete by condition; we write, they read.
//!
//! `scripts/interop` installs the libraries, at pinned versions, and runs this; `cargo test` alone
//! does not. It writes the table of `docs/existing-tables.md`.

mod engine;
mod libraries;
mod program;
mod table;

use std::process::ExitCode;

use engine::EngineAddress;

#[tokio::main]
async fn main() -> ExitCode {
    let engine = EngineAddress::of_this_run().await;
    let wanted: Vec<_> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    let mut rows = Vec::new();
    for (name, library) in libraries::ALL {
        if wanted.is_empty() || wanted.iter().any(|it| it == name) {
            println!("{name}");
            rows.push(library(&engine).await);
        }
    }
    if wanted.is_empty() && !table::is_written(&rows) {
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
