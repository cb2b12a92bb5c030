//! The command: `cargo run --release -p dynamo-benches -- compare`.

use std::path::Path;
use std::process::ExitCode;

use dynamo_benches::cases::{ALL, Named};
use dynamo_benches::compare::compare;
use dynamo_benches::counts::{self, Counts};
use dynamo_benches::floats::floats;
use dynamo_benches::latency::latency;
#[cfg(feature = "load")]
use dynamo_benches::load;
use dynamo_benches::programs;
use dynamo_benches::soak::soak;

const USAGE: &str = "\
usage: dynamo-benches compare [--check] [--rounds <number>] [<case> ..]
       dynamo-benches counts [--check | --write] [<case> ..]
       dynamo-benches latency [<rounds>]
       dynamo-benches cold-start [<rounds>]
       dynamo-benches binary-size
       dynamo-benches floats [<each so many>]
       dynamo-benches soak [<minutes>]
       dynamo-benches load [<items>], with the feature `load`";

/// What `counts` is held against.
const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.txt");

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let outcome = match arguments.next().as_deref() {
        Some("compare") => run_compare(arguments),
        Some("counts") => run_counts(arguments),
        Some("latency") => number(arguments.next(), 9).and_then(|rounds| {
            printed(latency(rounds, &mut std::io::stdout().lock()).map(|()| true))
        }),
        Some("cold-start") => number(arguments.next(), 51).and_then(|rounds| {
            printed(programs::cold_start(rounds, &mut std::io::stdout().lock()).map(|()| true))
        }),
        Some("binary-size") => {
            printed(programs::binary_size(&mut std::io::stdout().lock()).map(|()| true))
        }
        Some("floats") => number(arguments.next(), 1).and_then(|step| {
            printed(floats(step.max(1), &mut std::io::stdout().lock()).map(|()| true))
        }),
        Some("soak") => number(arguments.next(), 10)
            .and_then(|minutes| printed(soak(minutes as u64, &mut std::io::stdout().lock()))),
        Some("run-for-valgrind") => {
            arguments.next().ok_or_else(|| USAGE.to_owned()).and_then(|name| {
                counts::run_for_valgrind(find(&name)?);
                Ok(ExitCode::SUCCESS)
            })
        }
        #[cfg(feature = "load")]
        Some("load") => run_load(arguments),
        #[cfg(feature = "load")]
        Some("load-one") => in_runtime(load::load_one(&arguments.collect::<Vec<_>>())),
        _ => Err(format!("{USAGE}\ncases: {}", names())),
    };
    outcome.unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::from(2)
    })
}

/// The number that is given, or the usual one.
fn number(argument: Option<String>, usual: usize) -> Result<usize, String> {
    argument.map_or(Ok(usual), |number| number.parse().map_err(|_| USAGE.to_owned()))
}

/// How a command ends that prints whether all is well.
fn printed(is_well: std::io::Result<bool>) -> Result<ExitCode, String> {
    let is_well = is_well.map_err(|error| error.to_string())?;
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn names() -> String {
    ALL.iter().map(|case| case.name).collect::<Vec<_>>().join(" ")
}

fn run_compare(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let (mut is_check, mut rounds, mut cases) = (false, 41, Vec::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--check" => is_check = true,
            "--rounds" => {
                let number = arguments.next().and_then(|number| number.parse().ok());
                rounds = number.filter(|rounds| *rounds > 0).ok_or(USAGE)?;
            }
            name => cases.push(find(name)?),
        }
    }
    let cases = if cases.is_empty() { ALL.to_vec() } else { cases };
    let missed = compare(&cases, rounds, &mut std::io::stdout().lock())
        .map_err(|error| error.to_string())?;
    println!("targets missed: {missed}");
    Ok(if is_check && missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn run_counts(arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let (mut is_check, mut is_write, mut cases) = (false, false, Vec::new());
    for argument in arguments {
        match argument.as_str() {
            "--check" => is_check = true,
            "--write" => is_write = true,
            name => cases.push(find(name)?),
        }
    }
    let cases = if cases.is_empty() { ALL.to_vec() } else { cases };
    let fault = |error: std::io::Error| error.to_string();
    if !counts::has_valgrind() {
        println!("valgrind is not installed: instructions are not counted");
    }
    let counted = counts::count(&cases).map_err(fault)?;
    print!("{counted}");
    if is_write {
        counted.write(Path::new(BASELINE)).map_err(fault)?;
    }
    if !is_check {
        return Ok(ExitCode::SUCCESS);
    }
    let baseline = Counts::read(Path::new(BASELINE)).map_err(fault)?;
    let worse = counted.worse_than(&baseline);
    for line in &worse {
        println!("worse: {line}");
    }
    Ok(if worse.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(feature = "load")]
fn run_load(mut arguments: impl Iterator<Item = String>) -> Result<ExitCode, String> {
    let items = arguments.next().map_or(Ok(100_000), |items| items.parse());
    in_runtime(load::load(items.map_err(|_| USAGE)?))
}

#[cfg(feature = "load")]
fn in_runtime<E: std::fmt::Display>(
    work: impl Future<Output = Result<(), E>>,
) -> Result<ExitCode, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    runtime.block_on(work).map_err(|error| error.to_string())?;
    Ok(ExitCode::SUCCESS)
}

fn find(name: &str) -> Result<Named, String> {
    let case = ALL.iter().find(|case| case.name == name).copied();
    case.ok_or_else(|| format!("there is no case `{name}`; cases: {}", names()))
}
