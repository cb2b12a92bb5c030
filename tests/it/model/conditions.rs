//! When a condition holds, by the documentation; and how it is written with the typed API.
//!
//! Source: [Condition and filter expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::expression::{AnyKeys, Join};
use dynamo_runtime::{Condition, all_of, any_of};

use super::entities::{Detail, Kind, PRICES, Target, Thing};
use super::value::{Item, OfValue, Value, find};

#[derive(Clone, Debug)]
pub enum Test {
    Compare(Operator, Value),
    Between(Value, Value),
    In(Vec<Value>),
    Exists,
    Absent,
    BeginsWith(Value),
    Contains(Value),
    Size(Operator, usize),
    SizeBetween(usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operator {
    Equal,
    Different,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

/// A condition on a thing.
#[derive(Clone, Debug)]
pub enum Cond {
    Test(Target, Test),
    And(Box<Cond>, Box<Cond>),
    Or(Box<Cond>, Box<Cond>),
    Not(Box<Cond>),
    All(Vec<Cond>),
    Any(Vec<Cond>),
}

impl Operator {
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Different => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

macro_rules! equal {
    ($attribute:expr, $test:expr, $of:expr) => {
        match $test {
            Test::Compare(Operator::Equal, value) => $attribute.eq($of(value)),
            Test::Compare(Operator::Different, value) => $attribute.ne($of(value)),
            Test::In(values) => $attribute.is_in(values.iter().map($of)),
            Test::Exists => $attribute.exists(),
            Test::Absent => $attribute.not_exists(),
            test => panic!("{test:?} is not asked of this type"),
        }
    };
}

macro_rules! ordered {
    ($attribute:expr, $test:expr, $of:expr) => {
        match $test {
            Test::Compare(Operator::Less, value) => $attribute.lt($of(value)),
            Test::Compare(Operator::AtMost, value) => $attribute.le($of(value)),
            Test::Compare(Operator::Greater, value) => $attribute.gt($of(value)),
            Test::Compare(Operator::AtLeast, value) => $attribute.ge($of(value)),
            Test::Between(least, most) => $attribute.between($of(least), $of(most)),
            test => equal!($attribute, test, $of),
        }
    };
}

macro_rules! sized {
    ($attribute:expr, $test:expr, $of:expr, $others:ident) => {
        match $test {
            Test::Size(Operator::Equal, size) => $attribute.size().eq(*size),
            Test::Size(Operator::Different, size) => $attribute.size().ne(*size),
            Test::Size(Operator::Less, size) => $attribute.size().lt(*size),
            Test::Size(Operator::AtMost, size) => $attribute.size().le(*size),
            Test::Size(Operator::Greater, size) => $attribute.size().gt(*size),
            Test::Size(Operator::AtLeast, size) => $attribute.size().ge(*size),
            Test::SizeBetween(least, most) => $attribute.size().between(*least, *most),
            test => $others!($attribute, test, $of),
        }
    };
}

macro_rules! text {
    ($attribute:expr, $test:expr) => {
        match $test {
            Test::BeginsWith(prefix) => $attribute.begins_with(String::of(prefix)),
            Test::Contains(part) => $attribute.contains(String::of(part)),
            test => sized!($attribute, test, String::of, ordered),
        }
    };
}

macro_rules! gathered {
    ($attribute:expr, $test:expr, $all:ty, $element:ty) => {
        match $test {
            Test::Contains(part) => $attribute.contains(<$element>::of(part)),
            test => sized!($attribute, test, <$all>::of, equal),
        }
    };
}

impl Cond {
    pub fn holds(&self, item: &Item) -> bool {
        match self {
            Self::Test(target, test) => test.holds(find(item, &target.path())),
            Self::And(left, right) => left.holds(item) && right.holds(item),
            Self::Or(left, right) => left.holds(item) || right.holds(item),
            Self::Not(condition) => !condition.holds(item),
            Self::All(conditions) => conditions.iter().all(|condition| condition.holds(item)),
            Self::Any(conditions) => conditions.iter().any(|condition| condition.holds(item)),
        }
    }

    /// Whether the library refuses it before anything is sent.
    pub fn is_invalid(&self) -> bool {
        match self {
            Self::Test(target, test) => test.is_invalid(target.kind()),
            Self::And(left, right) | Self::Or(left, right) => {
                left.is_invalid() || right.is_invalid()
            }
            Self::Not(condition) => condition.is_invalid(),
            Self::All(conditions) | Self::Any(conditions) => {
                conditions.is_empty() || conditions.iter().any(Self::is_invalid)
            }
        }
    }

    /// With the typed API, for a write.
    pub fn typed(&self) -> Condition<Thing, AnyKeys> {
        self.build(&|target, test| match target {
            Target::Id => text!(Thing::ID, test).any_keys(),
            Target::Number => ordered!(Thing::NUMBER, test, i32::of).any_keys(),
            Target::Label => text!(Thing::LABEL, test).any_keys(),
            Target::Rank => ordered!(Thing::RANK, test, i16::of).any_keys(),
            _ => plain(target, test).any_keys(),
        })
    }

    /// With the typed API, for a filter: its attributes are no keys.
    pub fn typed_filter(&self) -> Condition<Thing> {
        self.build(&plain)
    }

    fn build<K>(&self, test: &impl Fn(Target, &Test) -> Condition<Thing, K>) -> Condition<Thing, K>
    where
        K: Join<K, Output = K>,
    {
        match self {
            Self::Test(target, condition) => test(*target, condition),
            Self::And(left, right) => left.build(test).and(right.build(test)),
            Self::Or(left, right) => left.build(test).or(right.build(test)),
            Self::Not(condition) => !condition.build(test),
            Self::All(conditions) => {
                all_of(conditions.iter().map(|condition| condition.build(test)))
            }
            Self::Any(conditions) => {
                any_of(conditions.iter().map(|condition| condition.build(test)))
            }
        }
    }
}

impl Test {
    fn holds(&self, found: Option<&Value>) -> bool {
        let Some(found) = found else {
            // Of what is absent nothing holds, but that it differs.
            return matches!(
                self,
                Self::Absent
                    | Self::Compare(Operator::Different, _)
                    | Self::Size(Operator::Different, _)
            );
        };
        let within = |least: &Value, most: &Value| {
            found.order(least).is_some_and(Ordering::is_ge)
                && found.order(most).is_some_and(Ordering::is_le)
        };
        match self {
            Self::Compare(Operator::Equal, value) => found == value,
            Self::Compare(Operator::Different, value) => found != value,
            Self::Compare(operator, value) => {
                found.order(value).is_some_and(|order| operator.holds(order))
            }
            Self::Between(least, most) => within(least, most),
            Self::In(values) => values.contains(found),
            Self::Exists => true,
            Self::Absent => false,
            Self::BeginsWith(prefix) => match (found, prefix) {
                (Value::Text(text), Value::Text(prefix)) => text.starts_with(prefix),
                (Value::Binary(bytes), Value::Binary(prefix)) => bytes.starts_with(prefix),
                _ => false,
            },
            Self::Contains(part) => match (found, part) {
                (Value::Text(text), Value::Text(part)) => text.contains(part),
                (Value::List(list), part) => list.contains(part),
                (Value::Texts(set), Value::Text(part)) => set.contains(part),
                (Value::Numbers(set), Value::Number(part)) => set.contains(part),
                _ => false,
            },
            Self::Size(operator, size) => {
                found.size().is_some_and(|found| operator.holds(found.cmp(size)))
            }
            Self::SizeBetween(least, most) => {
                found.size().is_some_and(|size| (*least..=*most).contains(&size))
            }
        }
    }

    fn is_invalid(&self, kind: Kind) -> bool {
        let is_empty = |value: &Value| value.size() == Some(0);
        match self {
            Self::Compare(_, value) => value.is_empty_set(),
            Self::Between(least, most) => least.order(most).is_some_and(Ordering::is_gt),
            Self::In(values) => {
                values.is_empty() || values.len() > 99 || values.iter().any(Value::is_empty_set)
            }
            Self::BeginsWith(prefix) => is_empty(prefix),
            Self::Contains(part) => kind == Kind::Text && is_empty(part),
            Self::SizeBetween(least, most) => least > most,
            Self::Exists | Self::Absent | Self::Size(..) => false,
        }
    }
}

fn plain(target: Target, test: &Test) -> Condition<Thing> {
    let weights = || Thing::DETAIL.then(Detail::WEIGHTS);
    match target {
        Target::Id | Target::Number | Target::Label | Target::Rank => {
            panic!("{target:?} is a key")
        }
        Target::Count => ordered!(Thing::COUNT, test, u8::of),
        Target::Delta => ordered!(Thing::DELTA, test, i8::of),
        Target::Ratio => ordered!(Thing::RATIO, test, f64::of),
        Target::Flag => equal!(Thing::FLAG, test, bool::of),
        Target::Bytes => match test {
            Test::BeginsWith(prefix) => Thing::BYTES.begins_with(Vec::<u8>::of(prefix)),
            test => sized!(Thing::BYTES, test, Vec::<u8>::of, ordered),
        },
        Target::Tags => gathered!(Thing::TAGS, test, Vec<String>, String),
        Target::Tag(index) => text!(Thing::TAGS.at(index), test),
        Target::Names => gathered!(Thing::NAMES, test, Vec<String>, String),
        Target::Name(index) => text!(Thing::NAMES.at(index), test),
        Target::Slots => gathered!(Thing::SLOTS, test, Vec<Option<u8>>, Option<u8>),
        Target::Slot(index) => ordered!(Thing::SLOTS.at(index), test, u8::of),
        Target::Roles => gathered!(Thing::ROLES, test, BTreeSet<String>, String),
        Target::Marks => gathered!(Thing::MARKS, test, BTreeSet<i16>, i16),
        Target::Prices => sized!(Thing::PRICES, test, BTreeMap::<String, u8>::of, equal),
        Target::Price(key) => ordered!(Thing::PRICES.entry(PRICES[key]), test, u8::of),
        Target::Detail => sized!(Thing::DETAIL, test, Detail::of, equal),
        Target::City => text!(Thing::DETAIL.then(Detail::CITY), test),
        Target::Visits => ordered!(Thing::DETAIL.then(Detail::VISITS), test, u8::of),
        Target::Weights => gathered!(weights(), test, Vec<f64>, f64),
        Target::Weight(index) => ordered!(weights().at(index), test, f64::of),
        Target::Grid => gathered!(Thing::GRID, test, Vec<Vec<f64>>, Vec<f64>),
        Target::Row(row) => gathered!(Thing::GRID.at(row), test, Vec<f64>, f64),
        Target::Cell(row, column) => ordered!(Thing::GRID.at(row).at(column), test, f64::of),
    }
}
