//! What the compiler takes for a hundred entities of ten fields, and for the same structs by others:
//! `cargo run -p compile-benches`.

mod cargo;
mod case;
mod clean;
mod rounds;
mod source;
mod subject;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use case::Case;
use subject::Subject;

const USAGE: &str = "\
usage: compile-benches [--check] [--rounds <number>] [<case> .. | <subject> ..]
       compile-benches clean_build
cases: check_100 check_100_calls build_100_calls incremental_check
subjects: ours serde modyne toasty bare; without any: ours serde bare";

type Failure = Box<dyn std::error::Error>;

/// What the command is asked for.
struct Asked {
    is_check: bool,
    rounds: usize,
    cases: Vec<Case>,
    subjects: Vec<Subject>,
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let folder = folder();
    let outcome = if arguments == ["clean_build"] {
        clean::run(&folder).map(|()| true)
    } else {
        let Some(asked) = asked(&arguments) else {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        };
        rounds::run(&folder, &asked.cases, &asked.subjects, asked.rounds)
            .map(|holds| holds || !asked.is_check)
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn asked(arguments: &[String]) -> Option<Asked> {
    let mut asked = Asked { is_check: false, rounds: 9, cases: Vec::new(), subjects: Vec::new() };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--check" => asked.is_check = true,
            "--rounds" => asked.rounds = arguments.next()?.parse().ok().filter(|it| *it > 0)?,
            name => match (Case::named(name), Subject::named(name)) {
                (Some(case), _) => asked.cases.push(case),
                (_, Some(subject)) => asked.subjects.push(subject),
                (None, None) => return None,
            },
        }
    }
    if asked.cases.is_empty() {
        asked.cases = Case::ALL.to_vec();
    }
    if asked.subjects.is_empty() {
        asked.subjects = vec![Subject::Ours, Subject::Serde, Subject::Bare];
    }
    Some(asked)
}

/// The root of this repository.
fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Where the crates are made, which keep what they depend on from one run to the next.
fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR");
    let target = target.map_or_else(|| repository().join("target"), PathBuf::from);
    target.join("compile-benches")
}
