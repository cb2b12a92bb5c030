//! Ours and the others in turn, in one run.

use std::io::{self, Write};
use std::time::Duration;

use crate::cases::Named;
use crate::measure::{CLOCK, Case, Subject, Target};

/// What a subject takes at least at a time, so that the clock's own cost does not show.
const AT_LEAST: Duration = Duration::from_millis(2);

/// What a case came to.
struct Measured {
    name: &'static str,
    /// Nanoseconds of a run.
    nanoseconds: f64,
    /// Ours as a part of it.
    ratio: f64,
    allocations: f64,
}

/// Runs the cases, prints what they came to, and gives the number of targets that are missed.
///
/// # Errors
/// When nothing can be printed.
pub fn compare(cases: &[Named], rounds: usize, out: &mut dyn Write) -> io::Result<usize> {
    writeln!(
        out,
        "The median of {rounds} rounds, in each of which ours and the others run in turn.\nClock: {CLOCK}, of the client's thread. Allocator: the system's, counted for the client's thread.\n"
    )?;
    let mut missed = 0;
    for case in cases {
        let mut case = case.make();
        let measured = measure(&mut case, rounds);
        missed += print(&case, &measured, out)?;
        out.flush()?;
    }
    Ok(missed)
}

/// Ours first, then the others.
fn measure(case: &mut Case, rounds: usize) -> Vec<Measured> {
    let mut subjects: Vec<&mut Subject> =
        std::iter::once(&mut case.ours).chain(&mut case.others).collect();
    let runs: Vec<u64> = subjects.iter_mut().map(|subject| calibrate(subject)).collect();
    let mut times = vec![Vec::with_capacity(rounds); subjects.len()];
    for round in 0..rounds {
        for turn in 0..subjects.len() {
            // Each comes first as often as the others.
            let place = (round + turn) % subjects.len();
            let sample = subjects[place].run(runs[place]);
            times[place].push(sample.time.as_secs_f64() * 1e9 / runs[place] as f64);
        }
    }
    let ours = times[0].clone();
    let results = subjects.into_iter().zip(times).map(|(subject, times)| Measured {
        name: subject.name,
        ratio: median(ours.iter().zip(&times).map(|(ours, other)| ours / other)),
        nanoseconds: median(times.iter().copied()),
        allocations: subject.allocations(),
    });
    results.collect()
}

/// How many runs take long enough.
fn calibrate(subject: &mut Subject) -> u64 {
    let mut runs = 1;
    loop {
        let sample = subject.run(runs);
        if sample.time >= AT_LEAST || runs >= 1 << 20 {
            return runs;
        }
        runs *= 2;
    }
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn print(case: &Case, measured: &[Measured], out: &mut dyn Write) -> io::Result<usize> {
    let (ours, others) = measured.split_first().expect("ours is measured");
    writeln!(out, "## {}", case.name)?;
    writeln!(out, "| who | time of a run | ours is | allocations of a run |")?;
    writeln!(out, "|---|---|---|---|")?;
    for Measured { name, nanoseconds, ratio, allocations } in measured {
        let time = time(*nanoseconds);
        writeln!(out, "| {name} | {time} | {ratio:.3} of it | {allocations:.1} |")?;
    }
    if case.items > 1 {
        writeln!(out, "A run is of {} items.", case.items)?;
    }
    for Measured { name, ratio, .. } in others {
        writeln!(out, "ratio {} {ratio:.4} {name}", case.name)?;
    }
    for Measured { name, allocations, .. } in others {
        let ours = ours.allocations;
        writeln!(out, "allocations {} {ours:.1} {allocations:.1} {name}", case.name)?;
    }
    let mut missed = 0;
    for target in &case.targets {
        let (found, at_most, what) = judge(*target, case, measured);
        let verdict = if found <= at_most { "holds" } else { "misses" };
        missed += usize::from(found > at_most);
        writeln!(out, "target {} {verdict} {what} {found:.4} at_most {at_most}", case.name)?;
    }
    writeln!(out)?;
    Ok(missed)
}

/// What was found, what it may be at most, and what it is.
fn judge(target: Target, case: &Case, measured: &[Measured]) -> (f64, f64, String) {
    let ours = &measured[0];
    let find = |name: &str| {
        measured.iter().find(|other| other.name == name).expect("the other is measured")
    };
    match target {
        Target::Ratio { other, at_most } => (find(other).ratio, at_most, format!("ratio {other}")),
        Target::AllocationsRatio { other, at_most } => {
            let found = ours.allocations / find(other).allocations;
            (found, at_most, format!("allocations_ratio {other}"))
        }
        Target::Allocations { at_most } => {
            (ours.allocations / case.items as f64, at_most, "allocations_an_item".to_owned())
        }
    }
}

fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e3 => format!("{nanoseconds:.0} ns"),
        ..1e6 => format!("{:.2} us", nanoseconds / 1e3),
        _ => format!("{:.2} ms", nanoseconds / 1e6),
    }
}
