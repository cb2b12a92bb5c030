//! What may be told of a course, by linearisability.

use std::collections::BTreeMap;

use crate::course::{Course, Resent, Rules, Sight, Step, step};
use crate::entities::{Content, FIRST};
use crate::writes::Write;

/// What the caller was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// `may_be_applied_twice` of the response.
    Ok {
        twice: bool,
    },
    Failed,
    /// `may_be_applied_twice` of the error.
    Unknown {
        twice: bool,
    },
}

impl Told {
    fn says_twice(self) -> bool {
        matches!(self, Self::Ok { twice: true } | Self::Unknown { twice: true })
    }
}

/// A course, and what came of it.
#[derive(Debug)]
pub struct Seen {
    pub course: Course,
    /// What the caller was told, in this course or in one in which the client sees the same; or how
    /// the engine differs from the model.
    pub told: Result<Told, String>,
}

/// What was seen of a write in all its courses.
#[derive(Default)]
pub struct Row {
    pub courses: usize,
    pub ok: usize,
    pub failed: usize,
    pub unknown: usize,
    /// What no order explains, and the response or the error says that it may be so.
    pub twice: usize,
    pub faults: Vec<String>,
}

pub fn judge(write: &Write, seen: &[Seen]) -> Row {
    let rules = &write.rules;
    let mut row = Row { courses: seen.len(), ..Row::default() };
    // By what the client saw: whether the write was applied in none, some or all of these courses.
    let mut applied: BTreeMap<Vec<Sight>, (bool, bool)> = BTreeMap::new();
    for Seen { course, .. } in seen {
        let (none, some) = applied.entry(course.sights()).or_default();
        *none |= course.applied == 0;
        *some |= course.applied > 0;
    }
    for Seen { course, told } in seen {
        let told = match told {
            Ok(told) => *told,
            Err(fault) => {
                row.faults.push(format!("{fault}: {course:?}"));
                continue;
            }
        };
        match told {
            Told::Ok { .. } => row.ok += 1,
            Told::Failed => row.failed += 1,
            Told::Unknown { .. } => row.unknown += 1,
        }
        let mut fault = |words: &str| row.faults.push(format!("{words} ({told:?}): {course:?}"));
        if told.says_twice() && rules.resent != Resent::Guarded {
            fault("it cannot be applied twice");
        }
        if matches!(told, Told::Unknown { .. }) && applied[&course.sights()] != (true, true) {
            fault("what the client saw tells whether it was applied");
        }
        if !is_explained(rules, course, told) {
            if told.says_twice() {
                row.twice += 1;
                if !write.remains.is_some_and(|remains| remains.is_about(course)) {
                    fault("the table has no words for it");
                }
            } else {
                fault("no order explains it");
            }
        }
    }
    if row.twice == 0 && write.remains.is_some() {
        row.faults.push("the table has words for what does not happen".to_owned());
    }
    row
}

/// Whether there is an order of the write, applied as often as was told, and the other writer's steps that gives their
/// results and the item that is there at the end.
fn is_explained(rules: &Rules, course: &Course, told: Told) -> bool {
    let steps = course.steps();
    let before = steps.iter().filter(|(_, is_told)| !is_told).count();
    let not_at_all = || run(rules, course, &steps, None) == Some(course.end);
    let once = |last: usize| {
        (0..=last).any(|place| run(rules, course, &steps, Some(place)) == Some(course.end))
    };
    match told {
        Told::Ok { .. } => once(before),
        Told::Failed => not_at_all(),
        // It may arrive after all that the other writer did.
        Told::Unknown { .. } => not_at_all() || once(steps.len()),
    }
}

/// The item at the end, where the write is applied before the step of that number; `None` if that gives other results.
#[expect(clippy::option_option, reason = "the inner one is the item, which may be absent")]
fn run(
    rules: &Rules,
    course: &Course,
    steps: &[(Step, bool)],
    place: Option<usize>,
) -> Option<Option<Content>> {
    let mut item = rules.is_there.then_some((FIRST, u64::from(rules.has_version)));
    for number in 0..=steps.len() {
        if place == Some(number) {
            item = (rules.effect)(item)?;
        }
        if let Some((next, _)) = steps.get(number) {
            let made = step(rules, *next, item);
            if made.is_some() != course.results[number] {
                return None;
            }
            item = made.unwrap_or(item);
        }
    }
    Some(item)
}
