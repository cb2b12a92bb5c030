//! What a writer knows of its items, and what the table may hold of them.

use std::collections::BTreeMap;
use std::time::Duration;

use dynamo_runtime::prelude::*;

use crate::faults::Faults;

/// An item with a version.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "cells")]
pub struct Cell {
    #[dynamo(partition_key)]
    pub owner: String,
    #[dynamo(sort_key)]
    pub number: u32,
    pub value: String,
    pub count: i64,
    #[dynamo(version)]
    pub version: Version,
}

/// An item without one.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "marks", allow(unconditional_put, unconditional_delete))]
pub struct Mark {
    #[dynamo(partition_key)]
    pub owner: String,
    #[dynamo(sort_key)]
    pub number: u32,
    pub value: String,
    pub count: i64,
}

/// What an item holds; each value is written once.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub value: String,
    pub count: i64,
}

impl Cell {
    pub fn row(&self) -> Row {
        Row { value: self.value.clone(), count: self.count }
    }
}

impl Mark {
    pub fn row(&self) -> Row {
        Row { value: self.value.clone(), count: self.count }
    }
}

/// What one item can be.
#[derive(Clone, Debug)]
pub struct Slot {
    /// What it is; after a write of unknown outcome, what it was before that and what it is after it.
    pub possible: Vec<Option<Row>>,
    /// It is written no more: a request may still arrive.
    pub is_frozen: bool,
}

impl Slot {
    pub fn absent() -> Self {
        Self { possible: vec![None], is_frozen: false }
    }

    pub fn admits(&self, found: Option<&Row>) -> bool {
        self.possible.iter().any(|possible| possible.as_ref() == found)
    }

    /// Whether it is known what it is, and it may be written.
    fn may_be_written(&self) -> bool {
        self.possible.len() == 1 && !self.is_frozen
    }

    /// The item, if it is there and may be written.
    pub fn item(&self) -> Option<&Row> {
        self.possible.first()?.as_ref().filter(|_| self.may_be_written())
    }

    /// Whether nothing is there, and something may be written.
    pub fn is_free(&self) -> bool {
        self.may_be_written() && self.possible == [None]
    }
}

/// How a write ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told {
    Done,
    Failed,
    Unknown,
}

pub type Slots = BTreeMap<u32, Slot>;

/// The items of a partition.
#[derive(Debug, Default)]
pub struct Chapter {
    pub owner: String,
    pub cells: Slots,
    pub marks: Slots,
    /// A cell and a mark of one transaction of unknown outcome.
    pub pairs: Vec<(u32, u32)>,
}

impl Chapter {
    /// What of the table contradicts what was told.
    pub fn verify(&self, cells: &BTreeMap<u32, Row>, marks: &BTreeMap<u32, Row>) -> Vec<String> {
        let mut violations = Vec::new();
        for (kind, slots, found) in [("cell", &self.cells, cells), ("mark", &self.marks, marks)] {
            for (number, slot) in slots {
                let found = found.get(number);
                if !slot.admits(found) {
                    let owner = &self.owner;
                    violations.push(format!(
                        "read back: {kind} {owner}/{number} is {found:?}, not {slot:?}"
                    ));
                }
            }
            let others = found.keys().filter(|number| !slots.contains_key(number));
            violations.extend(
                others.map(|number| format!("read back: {kind} {number} was never written")),
            );
        }
        for (cell, mark) in &self.pairs {
            let is_after = |slots: &Slots, number, found: Option<&Row>| {
                slots[number].possible.get(1).is_some_and(|after| after.as_ref() == found)
            };
            let of_cell = is_after(&self.cells, cell, cells.get(cell));
            if of_cell != is_after(&self.marks, mark, marks.get(mark)) {
                violations.push(format!(
                    "read back: half of a transaction: {}/{cell}/{mark}",
                    self.owner
                ));
            }
        }
        violations
    }
}

/// What came of everything.
#[derive(Default)]
pub struct Tally {
    /// Calls by operation: done, failed, of unknown outcome.
    pub calls: BTreeMap<&'static str, [u64; 3]>,
    /// The kinds of errors.
    pub errors: BTreeMap<String, u64>,
    pub longest: Duration,
    pub chapters: Vec<Chapter>,
    pub items: usize,
    pub violations: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        for (operation, counts) in other.calls {
            let sums = self.calls.entry(operation).or_default();
            for (sum, count) in sums.iter_mut().zip(counts) {
                *sum += count;
            }
        }
        for (kind, count) in other.errors {
            *self.errors.entry(kind).or_default() += count;
        }
        self.longest = self.longest.max(other.longest);
        self.chapters.extend(other.chapters);
        self.violations.extend(other.violations);
    }

    pub fn print(&self, faults: &Faults) {
        println!("faults:");
        for (fault, count) in faults.counts() {
            println!("  {count:>8}  {fault}");
        }
        println!("calls: done, failed, unknown");
        for (operation, [done, failed, unknown]) in &self.calls {
            println!("  {done:>8} {failed:>8} {unknown:>8}  {operation}");
        }
        println!("errors:");
        for (kind, count) in &self.errors {
            println!("  {count:>8}  {kind}");
        }
        let calls: u64 = self.calls.values().flatten().sum();
        println!(
            "chaos: {calls} calls, the longest {:?}; {} items read back; {} violations",
            self.longest,
            self.items,
            self.violations.len()
        );
        let kind = |violation: &str| violation.split(':').next().unwrap_or_default().to_owned();
        let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
        for violation in &self.violations {
            *kinds.entry(kind(violation)).or_default() += 1;
        }
        for (kind, count) in kinds {
            println!("  {count:>8}  {kind}");
        }
        for violation in self.violations.iter().take(20) {
            println!("  {violation}");
        }
    }
}
