//! What an update makes of a thing, by the documentation; and how it is written with the typed API.
//!
//! Source: [Using update expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html).

use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::operation::Update;

use super::entities::{Detail, Kind, PRICES, Target, Thing};
use super::number::{NoNumber, Num};
use super::value::{Holder, Item, OfValue, Path, Step, Value, find, holder};

/// Sets, removes or changes the value at a path.
#[derive(Clone, Debug)]
pub struct Action {
    pub target: Target,
    pub change: Change,
}

#[derive(Clone, Debug)]
pub enum Change {
    /// `None` is a null in a list, and no attribute elsewhere.
    Set(Option<Value>),
    SetIfAbsent(Value),
    Remove,
    Add(Value),
    Subtract(Value),
    Append(Vec<Value>),
    Prepend(Vec<Value>),
    Insert(Value),
    Discard(Value),
}

/// Why an update is not applied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Refusal {
    /// What the library requires of the item besides the condition does not hold.
    Guard,
    /// The item does not admit it: the only requests that are answered with a
    /// `ValidationException`. A path leads through what is not there, or a number would be none of
    /// DynamoDB's.
    Inapplicable,
}

impl From<NoNumber> for Refusal {
    fn from(_: NoNumber) -> Self {
        Self::Inapplicable
    }
}

/// Whether the library refuses the update before anything is sent.
pub fn are_invalid(actions: &[Action]) -> bool {
    let paths: Vec<_> = actions.iter().map(|action| action.target.path()).collect();
    let overlap = paths
        .iter()
        .enumerate()
        .any(|(place, path)| paths[..place].iter().any(|other| overlaps(path, other)));
    actions.is_empty() || overlap || actions.iter().any(Action::is_invalid)
}

/// Whether DynamoDB makes no item of these actions where there is none, so that they are no upsert.
pub fn only_remove(actions: &[Action]) -> bool {
    let removes = |action: &Action| match &action.change {
        Change::Remove | Change::Discard(_) => true,
        Change::Set(None) => !action.is_element(),
        Change::Set(Some(value)) => value.is_empty_set(),
        _ => false,
    };
    actions.iter().all(removes)
}

fn overlaps(left: &Path, right: &Path) -> bool {
    // No two of a thing's paths go on from one value as if it were both a list and a map.
    left.starts_with(right) || right.starts_with(left)
}

/// The item as the actions leave it; all of them see it as it was before.
pub fn applied(before: &Item, actions: &[Action]) -> Result<Item, Refusal> {
    let is_guarded = actions.iter().all(|action| action.is_admitted(before));
    if !is_guarded {
        return Err(Refusal::Guard);
    }
    let written = actions
        .iter()
        .map(|action| Ok((action.target.path(), action.outcome(before)?)))
        .collect::<Result<Vec<_>, Refusal>>()?;
    let mut after = before.clone();
    for (path, _) in &written {
        if holder(&mut after, path).is_none() {
            return Err(Refusal::Inapplicable);
        }
    }
    let (removed, set): (Vec<_>, Vec<_>) =
        written.into_iter().partition(|(_, value)| value.is_none());
    for (path, value) in set {
        put(&mut after, &path, value.unwrap());
    }
    remove_all(&mut after, removed.into_iter().map(|(path, _)| path).collect());
    Ok(after)
}

fn put(item: &mut Item, path: &Path, value: Value) {
    match (holder(item, path), path.last()) {
        (Some(Holder::Map(map)), Some(Step::Name(name))) => {
            map.insert(name.clone(), value);
        }
        (Some(Holder::List(list)), Some(Step::Index(index))) => list[*index] = value,
        _ => unreachable!("it was looked for before"),
    }
}

/// Several indexes are those of the list as it was: the last element goes first.
fn remove_all(item: &mut Item, mut paths: Vec<Path>) {
    let index = |path: &Path| match path.last() {
        Some(Step::Index(index)) => *index,
        _ => 0,
    };
    paths.sort_by_key(|path| std::cmp::Reverse(index(path)));
    for path in paths {
        match (holder(item, &path), path.last()) {
            (Some(Holder::Map(map)), Some(Step::Name(name))) => {
                map.remove(name);
            }
            (Some(Holder::List(list)), Some(Step::Index(index))) if *index < list.len() => {
                list.remove(*index);
            }
            _ => {}
        }
    }
}

impl Action {
    fn is_invalid(&self) -> bool {
        let is_empty = |value: &Value| value.size() == Some(0);
        match &self.change {
            // The one key of a thing's index that could be empty is a text.
            Change::Set(Some(value)) | Change::SetIfAbsent(value)
                if self.target.is_key() && is_empty(value) =>
            {
                true
            }
            // An empty set is the absent attribute, and no value.
            Change::SetIfAbsent(value) => value.is_empty_set(),
            Change::Insert(set) | Change::Discard(set) => is_empty(set),
            _ => false,
        }
    }

    fn is_element(&self) -> bool {
        matches!(self.target.path().last(), Some(Step::Index(_)))
    }

    /// Whether the item fulfils what the library requires for the action.
    fn is_admitted(&self, item: &Item) -> bool {
        let found = find(item, &self.target.path());
        match &self.change {
            Change::Set(_) => !self.is_element() || found.is_some(),
            Change::Append(_) | Change::Prepend(_) => {
                found.is_some() || self.target.when_absent().is_some()
            }
            Change::Add(_) | Change::Subtract(_) => {
                let Some(before) = found.cloned().or_else(|| self.target.when_absent()) else {
                    return false;
                };
                match (self.target.kind(), before) {
                    (Kind::Integer(least, most), Value::Number(before)) => self
                        .sum(before)
                        .ok()
                        .and_then(Num::to_integer)
                        .is_some_and(|sum| (least..=most).contains(&sum)),
                    (Kind::Integer(..), _) => false,
                    _ => true,
                }
            }
            _ => true,
        }
    }

    fn sum(&self, before: Num) -> Result<Num, NoNumber> {
        match &self.change {
            Change::Add(Value::Number(number)) => before.plus(*number),
            Change::Subtract(Value::Number(number)) => before.plus(number.negated()),
            change => panic!("{change:?} adds nothing"),
        }
    }

    /// The value that is there afterwards; `None` where there is none.
    fn outcome(&self, item: &Item) -> Result<Option<Value>, Refusal> {
        let found = find(item, &self.target.path()).cloned();
        let counted = || found.clone().or_else(|| self.target.when_absent());
        Ok(match &self.change {
            Change::Set(None) if self.is_element() => Some(Value::Null),
            Change::Set(value) => value.clone().filter(|value| !value.is_empty_set()),
            Change::SetIfAbsent(value) => found.or_else(|| Some(value.clone())),
            Change::Remove => None,
            Change::Add(_) | Change::Subtract(_) => match counted() {
                Some(Value::Number(before)) => Some(Value::Number(self.sum(before)?)),
                _ => return Err(Refusal::Inapplicable),
            },
            Change::Append(added) | Change::Prepend(added) => match counted() {
                Some(Value::List(before)) => {
                    let is_append = matches!(self.change, Change::Append(_));
                    let (first, second) =
                        if is_append { (&before, added) } else { (added, &before) };
                    Some(Value::List([first.as_slice(), second].concat()))
                }
                _ => return Err(Refusal::Inapplicable),
            },
            Change::Insert(added) => Some(match (found, added) {
                (None, added) => added.clone(),
                (Some(Value::Texts(set)), Value::Texts(added)) => Value::Texts(&set | added),
                (Some(Value::Numbers(set)), Value::Numbers(added)) => Value::Numbers(&set | added),
                (found, _) => panic!("{found:?} is no set"),
            }),
            Change::Discard(taken) => match (found, taken) {
                (None, _) => None,
                (Some(Value::Texts(set)), Value::Texts(taken)) => Some(Value::Texts(&set - taken)),
                (Some(Value::Numbers(set)), Value::Numbers(taken)) => {
                    Some(Value::Numbers(&set - taken))
                }
                (found, _) => panic!("{found:?} is no set"),
            }
            .filter(|set| !set.is_empty_set()),
        })
    }
}

macro_rules! set {
    ($update:expr, $attribute:expr, $change:expr, $type:ty) => {
        match $change {
            Change::Set(Some(value)) => $update.set($attribute, <$type>::of(value)),
            change => panic!("{change:?} is no change of this attribute"),
        }
    };
}

macro_rules! element {
    ($update:expr, $attribute:expr, $change:expr, $type:ty) => {
        match $change {
            Change::Remove => $update.remove($attribute),
            change => set!($update, $attribute, change, $type),
        }
    };
}

macro_rules! fill {
    ($update:expr, $attribute:expr, $change:expr, $type:ty) => {
        match $change {
            Change::SetIfAbsent(value) => $update.set_if_absent($attribute, <$type>::of(value)),
            change => element!($update, $attribute, change, $type),
        }
    };
}

macro_rules! optional {
    ($update:expr, $attribute:expr, $change:expr, $type:ty) => {
        match $change {
            Change::Set(None) => $update.set($attribute, None::<$type>),
            change => fill!($update, $attribute, change, $type),
        }
    };
}

macro_rules! count {
    ($update:expr, $attribute:expr, $change:expr, $type:ty, $others:ident) => {
        match $change {
            Change::Add(value) => $update.add($attribute, <$type>::of(value)),
            Change::Subtract(value) => $update.subtract($attribute, <$type>::of(value)),
            change => $others!($update, $attribute, change, $type),
        }
    };
}

macro_rules! grow {
    ($update:expr, $attribute:expr, $change:expr, $type:ty, $element:ty, $others:ident) => {
        match $change {
            Change::Append(added) => $update.append($attribute, added.iter().map(<$element>::of)),
            Change::Prepend(added) => $update.prepend($attribute, added.iter().map(<$element>::of)),
            change => $others!($update, $attribute, change, $type),
        }
    };
}

macro_rules! gather {
    ($update:expr, $attribute:expr, $change:expr, $type:ty) => {
        match $change {
            Change::Insert(added) => $update.insert($attribute, <$type>::of(added)),
            Change::Discard(taken) => $update.discard($attribute, <$type>::of(taken)),
            change => fill!($update, $attribute, change, $type),
        }
    };
}

impl Action {
    /// With the typed API.
    pub fn add_to<C, R>(&self, update: Update<Thing, C, R>) -> Update<Thing, C, R> {
        let city = Thing::DETAIL.then(Detail::CITY);
        let visits = Thing::DETAIL.then(Detail::VISITS);
        let weights = Thing::DETAIL.then(Detail::WEIGHTS);
        let change = &self.change;
        match self.target {
            Target::Id | Target::Number => panic!("a key is not updated"),
            Target::Label => optional!(update, Thing::LABEL, change, String),
            Target::Rank => count!(update, Thing::RANK, change, i16, optional),
            Target::Count => count!(update, Thing::COUNT, change, u8, fill),
            Target::Delta => count!(update, Thing::DELTA, change, i8, optional),
            Target::Ratio => count!(update, Thing::RATIO, change, f64, fill),
            Target::Flag => fill!(update, Thing::FLAG, change, bool),
            Target::Bytes => fill!(update, Thing::BYTES, change, Vec<u8>),
            Target::Tags => grow!(update, Thing::TAGS, change, Vec<String>, String, fill),
            Target::Tag(index) => element!(update, Thing::TAGS.at(index), change, String),
            Target::Names => grow!(update, Thing::NAMES, change, Vec<String>, String, optional),
            Target::Name(index) => element!(update, Thing::NAMES.at(index), change, String),
            Target::Slots => {
                grow!(update, Thing::SLOTS, change, Vec<Option<u8>>, Option<u8>, fill)
            }
            Target::Slot(index) => match change {
                Change::Set(None) => update.set(Thing::SLOTS.at(index), None::<u8>),
                change => count!(update, Thing::SLOTS.at(index), change, u8, element),
            },
            Target::Roles => gather!(update, Thing::ROLES, change, BTreeSet<String>),
            Target::Marks => gather!(update, Thing::MARKS, change, BTreeSet<i16>),
            Target::Prices => optional!(update, Thing::PRICES, change, BTreeMap<String, u8>),
            Target::Price(key) => {
                count!(update, Thing::PRICES.entry(PRICES[key]), change, u8, fill)
            }
            Target::Detail => optional!(update, Thing::DETAIL, change, Detail),
            Target::City => optional!(update, city, change, String),
            Target::Visits => count!(update, visits, change, u8, fill),
            Target::Weights => grow!(update, weights, change, Vec<f64>, f64, optional),
            Target::Weight(index) => count!(update, weights.at(index), change, f64, element),
            Target::Grid => grow!(update, Thing::GRID, change, Vec<Vec<f64>>, Vec<f64>, optional),
            Target::Row(row) => {
                grow!(update, Thing::GRID.at(row), change, Vec<f64>, f64, element)
            }
            Target::Cell(row, column) => {
                count!(update, Thing::GRID.at(row).at(column), change, f64, element)
            }
        }
    }
}
