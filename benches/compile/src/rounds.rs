//! The subjects in turn, and the medians.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Failure;
use crate::cargo::Run;
use crate::case::Case;
use crate::subject::Subject;

/// At most so much of the time of serde's derives, `serde_dynamo` and the SDK.
const AT_MOST: f64 = 1.0;

/// Whether all targets hold.
pub(crate) fn run(
    folder: &Path,
    cases: &[Case],
    subjects: &[Subject],
    rounds: usize,
) -> Result<bool, Failure> {
    let packages: Vec<_> = subjects
        .iter()
        .map(|subject| Ok((*subject, subject.make(folder)?)))
        .collect::<Result<_, Failure>>()?;
    let mut all_hold = true;
    for case in cases {
        let with: Vec<_> = packages.iter().filter(|(subject, _)| case.has(*subject)).collect();
        let times = time(*case, &with, rounds)?;
        print(*case, &times);
        all_hold &= holds(&times);
    }
    Ok(all_hold)
}

/// The times of a subject, one for each round.
struct Times {
    subject: Subject,
    each: Vec<Duration>,
}

fn time(
    case: Case,
    packages: &[&(Subject, PathBuf)],
    rounds: usize,
) -> Result<Vec<Times>, Failure> {
    let mut times: Vec<_> = packages
        .iter()
        .map(|(subject, _)| Times { subject: *subject, each: Vec::with_capacity(rounds) })
        .collect();
    for (subject, package) in packages {
        // What they depend on is compiled here, and the last crate once.
        once(case, *subject, package, false)?;
    }
    for round in 0..rounds {
        for turn in 0..packages.len() {
            // Each is first equally often.
            let place = (round + turn) % packages.len();
            let (subject, package) = packages[place];
            let took = once(case, *subject, package, round % 2 == 0)?;
            times[place].each.push(took);
        }
    }
    Ok(times)
}

fn once(case: Case, subject: Subject, package: &Path, is_other: bool) -> Result<Duration, Failure> {
    subject.write(package, case.source(is_other))?;
    let target = package.join("target");
    Run {
        package,
        target: &target,
        arguments: &[case.command(), "--lib", "--quiet"],
        is_incremental: case.is_incremental(),
    }
    .time()
}

fn print(case: Case, times: &[Times]) {
    println!("{}", case.name());
    for Times { subject, each } in times {
        let seconds = each.iter().map(Duration::as_secs_f64).collect();
        println!("  {:8} {:7.3} s", subject.name(), median(seconds));
    }
    for other in times.iter().filter(|it| it.subject != Subject::Ours) {
        if let Some(ratio) = ratio(times, other.subject) {
            println!("ratio {} {ratio:.3} {}", case.name(), other.subject.name());
        }
    }
    if let Some(found) = ratio(times, Subject::Serde) {
        let verdict = if holds(times) { "holds" } else { "misses" };
        println!("target {} {verdict} serde {found:.3} at_most {AT_MOST}", case.name());
    }
}

fn holds(times: &[Times]) -> bool {
    ratio(times, Subject::Serde).is_none_or(|ratio| ratio <= AT_MOST)
}

/// Ours as a part of the other's: the median of the rounds' ratios.
fn ratio(times: &[Times], other: Subject) -> Option<f64> {
    let of = |subject| times.iter().find(|it| it.subject == subject);
    let (ours, other) = (of(Subject::Ours)?, of(other)?);
    let each = ours.each.iter().zip(&other.each);
    Some(median(each.map(|(ours, other)| ours.as_secs_f64() / other.as_secs_f64()).collect()))
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
