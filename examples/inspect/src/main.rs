//! Reads a sample of a table that another program made, and writes the structs for it: what a
//! value is told from, and what could not be told, stands beside it as a comment.

mod arguments;
mod field;
mod groups;
mod keys;
mod names;
mod number;
mod sighting;
mod source;
mod structs;
mod text;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

use arguments::InspectArguments;
use source::{Sample, TableKeys};

type Failure = Box<dyn Error>;

#[tokio::main]
async fn main() -> ExitCode {
    match run(InspectArguments::parse()).await {
        Ok(source) => {
            print!("{source}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: InspectArguments) -> Result<String, Failure> {
    let Sample { table, items, keys } = source::read(arguments).await?;
    if items.is_empty() {
        return Err("there are no items, so there is nothing to tell".into());
    }
    let keys = match keys {
        Some(keys) => keys,
        None => TableKeys::told_from(&items)?,
    };
    Ok(structs::write(&table, &keys, &items))
}
