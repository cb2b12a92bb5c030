//! Instructions and allocations, which are the same on a busy machine, against a baseline.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cases::{ALL, Named};
use crate::measure::Subject;

/// By how much the instructions of a run may exceed the baseline: versions of the C library differ.
const TOLERANCE: f64 = 0.03;

/// By how many allocations a call over a network may exceed the baseline: how its bytes are split
/// into reads is the network's.
const SPREAD: f64 = 1.0;

/// What a run of a case takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    allocations: f64,
    /// Nothing where valgrind is not installed, or the case waits for a network.
    instructions: Option<u64>,
}

/// The counts of cases, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counts(BTreeMap<String, Count>);

/// So many runs for each count of instructions.
const RUNS: u64 = 20;

/// Where valgrind counts.
#[inline(never)]
fn counted_runs(subject: &mut Subject, runs: u64) {
    black_box(subject.run(black_box(runs)));
}

/// Does the work of a case, for a valgrind around this process.
pub fn run_for_valgrind(case: Named) {
    let mut case = case.make();
    // What is made on first use is made.
    case.ours.run(RUNS);
    counted_runs(&mut case.ours, RUNS);
}

/// Counts what these cases take.
///
/// # Errors
/// When valgrind is there and does not say what it has counted.
pub fn count(cases: &[Named]) -> io::Result<Counts> {
    let has_valgrind = has_valgrind();
    let counts = cases.iter().map(|named| {
        let is_counted = has_valgrind && named.is_steady;
        let instructions = if is_counted { Some(instructions(named.name)?) } else { None };
        let allocations = named.make().ours.allocations();
        Ok((named.name.to_owned(), Count { allocations, instructions }))
    });
    counts.collect::<io::Result<_>>().map(Counts)
}

/// Whether instructions can be counted here.
pub fn has_valgrind() -> bool {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

fn instructions(case: &str) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg("--toggle-collect=dynamo_benches::counts::counted_runs*")
        .arg(std::env::current_exe()?)
        .args(["run-for-valgrind", case])
        .output()?;
    let report = String::from_utf8_lossy(&output.stderr);
    let collected = report.lines().find_map(|line| line.split_once("Collected :"));
    let collected = collected.and_then(|(_, number)| number.trim().parse::<u64>().ok());
    match collected {
        Some(collected) if output.status.success() && collected > 0 => Ok(collected / RUNS),
        _ => Err(io::Error::other(format!("valgrind counted nothing of {case}:\n{report}"))),
    }
}

impl Counts {
    /// Those of a file.
    ///
    /// # Errors
    /// When it cannot be read, or is not of this form.
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let counts = lines.map(|line| {
            parse(line).ok_or_else(|| io::Error::other(format!("not of a baseline: {line}")))
        });
        counts.collect::<io::Result<_>>().map(Self)
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        std::fs::write(path, format!("{HEAD}{self}"))
    }

    /// What is worse than in the baseline, in words.
    pub fn worse_than(&self, baseline: &Self) -> Vec<String> {
        let mut worse = Vec::new();
        for (name, count) in &self.0 {
            let Some(before) = baseline.0.get(name) else {
                worse.push(format!("{name} is not in the baseline"));
                continue;
            };
            let spread = if before.instructions.is_none() { SPREAD } else { 0.0 };
            if count.allocations > before.allocations + spread {
                let (now, before) = (count.allocations, before.allocations);
                worse.push(format!("{name}: {now} allocations, {before} in the baseline"));
            }
            if let (Some(now), Some(before)) = (count.instructions, before.instructions)
                && now as f64 > before as f64 * (1.0 + TOLERANCE)
            {
                worse.push(format!("{name}: {now} instructions, {before} in the baseline"));
            }
        }
        worse
    }
}

const HEAD: &str = "\
# What a run of each case takes: its name, allocations, instructions (- where they are not counted).
# Made by `cargo run --release -p dynamo-benches -- counts --write`, on x86-64.
";

fn parse(line: &str) -> Option<(String, Count)> {
    let mut words = line.split_whitespace();
    let (name, allocations, instructions) = (words.next()?, words.next()?, words.next()?);
    let instructions = match instructions {
        "-" => None,
        number => Some(number.parse().ok()?),
    };
    let count = Count { allocations: allocations.parse().ok()?, instructions };
    words.next().is_none().then(|| (name.to_owned(), count))
}

/// In the order in which cases are shown.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for named in ALL {
            let Some(count) = self.0.get(named.name) else { continue };
            let mut instructions = String::from("-");
            if let Some(number) = count.instructions {
                instructions.clear();
                write!(instructions, "{number}")?;
            }
            writeln!(f, "{} {} {instructions}", named.name, count.allocations)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(lines: &str) -> Counts {
        Counts(lines.lines().map(|line| parse(line).unwrap()).collect())
    }

    #[test]
    fn what_is_worse_is_told() {
        let baseline = counts("decode_item 6 1000\nget_item_tls 200 -");
        let same = counts("decode_item 6 1030\nget_item_tls 200.9 -");
        assert!(same.worse_than(&baseline).is_empty());
        let without_valgrind = counts("decode_item 6 -");
        assert!(without_valgrind.worse_than(&baseline).is_empty());
        for worse in
            ["decode_item 6 1031", "decode_item 6.5 1000", "get_item_tls 201.1 -", "unknown 1 1"]
        {
            assert_eq!(counts(worse).worse_than(&baseline).len(), 1, "{worse}");
        }
    }

    #[test]
    fn a_baseline_is_read_as_it_was_written() {
        let counted = counts("decode_item 6 1000\nget_item_tls 200.5 -");
        let written = counted.to_string();
        assert_eq!(counts(&written), counted);
        assert!(parse("decode_item 6").is_none());
        assert!(parse("decode_item 6 1000 x").is_none());
    }
}
