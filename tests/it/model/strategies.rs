//! Random operations on a few keys, with values of which many are equal or at a bound.

mod tickets;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use self::tickets::{on_ticket, ticket, ticket_change, ticket_cond, ticket_id};
use super::conditions::{Cond, Operator, Test};
use super::entities::{Detail, Kind, PRICES, Target, Thing};
use super::operations::{
    OnThing, OnTicket, Operation, Part, Read, Returning, Search, Sort, ThingId, Transact,
};
use super::state::id_of;
use super::updates::{Action, Change};
use super::value::{Step, ToValue, Value};

pub const IDS: [&str; 2] = ["a", "b#"];
pub const NUMBERS: [i32; 4] = [-7, 0, 12, 300];
pub const TEAMS: [&str; 2] = ["red", "a#b"];
pub const DAYS: [i8; 3] = [-3, 0, 5];
pub const TICKETS: [u16; 2] = [1, 400];

fn one_of<T: Clone + Debug + 'static>(all: impl Into<Vec<T>>) -> BoxedStrategy<T> {
    select(all.into()).boxed()
}

fn text() -> BoxedStrategy<String> {
    one_of(["", "a", "ab", "b", "first", "#0 = :0"].map(str::to_owned))
}

/// Of an index's key or a part of one, which is seldom empty.
fn key_text() -> BoxedStrategy<String> {
    let common = ["a", "a", "a", "b", "b", "b", "a#", "ab", "ab"];
    let all = [common.as_slice(), &common, &common, &[""]].concat();
    one_of(all.into_iter().map(str::to_owned).collect::<Vec<_>>())
}

fn byte() -> BoxedStrategy<u8> {
    one_of([0, 1, 2, 250, 255])
}

fn small() -> BoxedStrategy<i8> {
    one_of([-128, -1, 0, 1, 100, 127])
}

fn rank() -> BoxedStrategy<i16> {
    one_of([-300, -2, 0, 0, 1, 1, i16::MAX])
}

fn float() -> BoxedStrategy<f64> {
    let usual = [0.0, 0.1, 0.2, -1.5, 2.0, 123_456_789.0];
    let at_a_bound = [9e125, -9e125, 1e-130, 1.5e-130, 1e20, 1e-20];
    prop_oneof![4 => one_of(usual), 1 => one_of(at_a_bound)].boxed()
}

fn bytes() -> BoxedStrategy<Vec<u8>> {
    one_of([vec![], vec![0], vec![0, 255], vec![7]])
}

fn texts() -> BoxedStrategy<Vec<String>> {
    vec(text(), 0..4).boxed()
}

fn floats() -> BoxedStrategy<Vec<f64>> {
    vec(float(), 0..4).boxed()
}

fn grid() -> BoxedStrategy<Vec<Vec<f64>>> {
    vec(floats(), 0..3).boxed()
}

fn slots() -> BoxedStrategy<Vec<Option<u8>>> {
    vec(option::of(byte()), 0..4).boxed()
}

fn roles() -> BoxedStrategy<BTreeSet<String>> {
    vec(text(), 0..3).prop_map(|roles| roles.into_iter().collect()).boxed()
}

fn marks() -> BoxedStrategy<BTreeSet<i16>> {
    vec(rank(), 0..3).prop_map(|marks| marks.into_iter().collect()).boxed()
}

fn prices() -> BoxedStrategy<BTreeMap<String, u8>> {
    let key = one_of(PRICES.map(str::to_owned));
    vec((key, byte()), 0..3).prop_map(|prices| prices.into_iter().collect()).boxed()
}

fn detail() -> BoxedStrategy<Detail> {
    (option::of(text()), byte(), option::of(floats()))
        .prop_map(|(city, visits, weights)| Detail { city, visits, weights })
        .boxed()
}

fn thing_id() -> BoxedStrategy<ThingId> {
    (one_of(IDS.map(str::to_owned)), one_of(NUMBERS)).boxed()
}

pub fn thing() -> BoxedStrategy<Thing> {
    let keys = (thing_id(), option::of(key_text()), option::of(rank()));
    let plain = (byte(), option::of(small()), float(), any::<bool>(), bytes());
    let lists = (texts(), option::of(texts()), slots(), option::of(grid()));
    let others = (roles(), marks(), option::of(prices()), option::of(detail()));
    (keys, plain, lists, others)
        .prop_map(|(keys, plain, lists, others)| {
            let ((id, number), label, rank) = keys;
            let (count, delta, ratio, flag, bytes) = plain;
            let (tags, names, slots, grid) = lists;
            let (roles, marks, prices, detail) = others;
            Thing {
                id,
                number,
                label,
                rank,
                count,
                delta,
                ratio,
                flag,
                bytes,
                tags,
                names,
                slots,
                roles,
                marks,
                prices,
                detail,
                grid,
            }
        })
        .boxed()
}

fn stored<T: ToValue + Debug + 'static>(values: BoxedStrategy<T>) -> BoxedStrategy<Value> {
    values.prop_map(|value| value.value()).boxed()
}

/// A value that the attribute can have.
fn value(target: Target) -> BoxedStrategy<Value> {
    match target {
        Target::Id => one_of(IDS.map(Value::text)),
        Target::Number => one_of(NUMBERS.map(Value::number)),
        Target::Label => stored(key_text()),
        Target::Rank => stored(rank()),
        Target::Count | Target::Slot(_) | Target::Price(_) | Target::Visits => stored(byte()),
        Target::Delta => stored(small()),
        Target::Ratio | Target::Weight(_) | Target::Cell(..) => stored(float()),
        Target::Flag => stored(any::<bool>().boxed()),
        Target::Bytes => stored(bytes()),
        Target::Tag(_) | Target::Name(_) | Target::City => stored(text()),
        Target::Tags | Target::Names => stored(texts()),
        Target::Slots => stored(slots()),
        Target::Roles => stored(roles()),
        Target::Marks => stored(marks()),
        Target::Prices => stored(prices()),
        Target::Detail => stored(detail()),
        Target::Weights | Target::Row(_) => stored(floats()),
        Target::Grid => stored(grid()),
    }
}

/// What the attribute, a list, a set or a text, can contain.
fn part(target: Target) -> Option<BoxedStrategy<Value>> {
    match target {
        Target::Id | Target::Label | Target::Tag(_) | Target::Name(_) | Target::City => {
            Some(stored(text()))
        }
        Target::Tags | Target::Names | Target::Roles => Some(stored(text())),
        Target::Slots => Some(stored(option::of(byte()).boxed())),
        Target::Marks => Some(stored(rank())),
        Target::Weights | Target::Row(_) => Some(stored(float())),
        Target::Grid => Some(stored(floats())),
        _ => None,
    }
}

fn element_target() -> BoxedStrategy<Target> {
    let index = || 0..3_usize;
    prop_oneof![
        index().prop_map(Target::Tag),
        index().prop_map(Target::Name),
        index().prop_map(Target::Slot),
        index().prop_map(Target::Weight),
        index().prop_map(Target::Row),
        (index(), index()).prop_map(|(row, column)| Target::Cell(row, column)),
        index().prop_map(Target::Price),
    ]
    .boxed()
}

fn plain_target() -> BoxedStrategy<Target> {
    let whole = [
        Target::Count,
        Target::Delta,
        Target::Ratio,
        Target::Flag,
        Target::Bytes,
        Target::Tags,
        Target::Names,
        Target::Slots,
        Target::Roles,
        Target::Marks,
        Target::Prices,
        Target::Detail,
        Target::City,
        Target::Visits,
        Target::Weights,
        Target::Grid,
    ];
    prop_oneof![3 => one_of(whole), 2 => element_target()].boxed()
}

fn target_of_update() -> BoxedStrategy<Target> {
    prop_oneof![1 => one_of([Target::Label, Target::Rank]), 9 => plain_target()].boxed()
}

fn target_of_condition() -> BoxedStrategy<Target> {
    let keys = [Target::Id, Target::Number, Target::Label, Target::Rank];
    prop_oneof![1 => one_of(keys), 4 => plain_target()].boxed()
}

fn operator(is_ordered: bool) -> BoxedStrategy<Operator> {
    let all = [
        Operator::Equal,
        Operator::Different,
        Operator::Less,
        Operator::AtMost,
        Operator::Greater,
        Operator::AtLeast,
    ];
    one_of(if is_ordered { &all[..] } else { &all[..2] })
}

fn test_of(target: Target) -> BoxedStrategy<Test> {
    let kind = target.kind();
    let is_text = kind == Kind::Text;
    let is_number = matches!(kind, Kind::Integer(..) | Kind::Float);
    let is_ordered = is_text || is_number || kind == Kind::Binary;
    let compare = (operator(is_ordered), value(target))
        .prop_map(|(operator, value)| Test::Compare(operator, value));
    let mut tests = vec![
        (4, compare.boxed()),
        (1, vec(value(target), 0..4).prop_map(Test::In).boxed()),
        (2, one_of([Test::Exists, Test::Absent])),
    ];
    if is_ordered {
        let between = (value(target), value(target)).prop_map(|(a, b)| Test::Between(a, b));
        tests.push((1, between.boxed()));
    }
    if is_text || kind == Kind::Binary {
        tests.push((1, value(target).prop_map(Test::BeginsWith).boxed()));
    }
    if let Some(part) = part(target) {
        tests.push((1, part.prop_map(Test::Contains).boxed()));
    }
    if !is_number && kind != Kind::Boolean {
        let size = || 0..4_usize;
        let compare =
            (operator(true), size()).prop_map(|(operator, size)| Test::Size(operator, size));
        tests.push((1, compare.boxed()));
        tests.push((1, (size(), size()).prop_map(|(a, b)| Test::SizeBetween(a, b)).boxed()));
    }
    proptest::strategy::Union::new_weighted(tests).boxed()
}

fn test_on(target: BoxedStrategy<Target>) -> BoxedStrategy<Cond> {
    target
        .prop_flat_map(|target| test_of(target).prop_map(move |test| Cond::Test(target, test)))
        .boxed()
}

fn cond_on(target: BoxedStrategy<Target>) -> BoxedStrategy<Cond> {
    let leaf = test_on(target);
    leaf.prop_recursive(3, 8, 3, |inner| {
        let pair = || (inner.clone(), inner.clone());
        prop_oneof![
            pair().prop_map(|(left, right)| Cond::And(left.into(), right.into())),
            pair().prop_map(|(left, right)| Cond::Or(left.into(), right.into())),
            inner.clone().prop_map(|condition| Cond::Not(condition.into())),
            vec(inner.clone(), 0..4).prop_map(Cond::All),
            vec(inner.clone(), 0..4).prop_map(Cond::Any),
        ]
    })
    .boxed()
}

fn cond() -> BoxedStrategy<Cond> {
    cond_on(target_of_condition())
}

fn change(target: Target) -> BoxedStrategy<Change> {
    let kind = target.kind();
    let is_element = target.path().last().is_some_and(|step| matches!(step, Step::Index(_)));
    let can_be_none = matches!(
        target,
        Target::Label
            | Target::Rank
            | Target::Delta
            | Target::Names
            | Target::Prices
            | Target::Detail
            | Target::City
            | Target::Weights
            | Target::Grid
            | Target::Slot(_)
    );
    let mut changes = vec![
        (3, value(target).prop_map(|value| Change::Set(Some(value))).boxed()),
        (2, Just(Change::Remove).boxed()),
    ];
    if can_be_none {
        changes.push((1, Just(Change::Set(None)).boxed()));
    }
    if !is_element {
        changes.push((1, value(target).prop_map(Change::SetIfAbsent).boxed()));
    }
    match kind {
        Kind::Integer(..) | Kind::Float => {
            changes.push((3, value(target).prop_map(Change::Add).boxed()));
            changes.push((3, value(target).prop_map(Change::Subtract).boxed()));
        }
        Kind::List => {
            let parts = || vec(part(target).unwrap_or_else(|| unreachable!()), 0..3);
            changes.push((2, parts().prop_map(Change::Append).boxed()));
            changes.push((2, parts().prop_map(Change::Prepend).boxed()));
        }
        Kind::TextSet | Kind::NumberSet => {
            changes.push((3, value(target).prop_map(Change::Insert).boxed()));
            changes.push((3, value(target).prop_map(Change::Discard).boxed()));
        }
        _ => {}
    }
    proptest::strategy::Union::new_weighted(changes).boxed()
}

fn actions() -> BoxedStrategy<Vec<Action>> {
    let action = target_of_update()
        .prop_flat_map(|target| change(target).prop_map(move |change| Action { target, change }));
    let action = action.boxed();
    prop_oneof![
        12 => vec(action.clone(), 1..2),
        8 => vec(action.clone(), 2..4),
        1 => vec(action, 0..8),
    ]
    .boxed()
}

fn read() -> BoxedStrategy<Read> {
    prop_oneof![
        2 => Just(Read::All),
        2 => Just(Read::Count),
        3 => (1..4_usize).prop_map(Read::Pages),
    ]
    .boxed()
}

/// Where the order of all items is known, so that it is known which are the first.
fn read_ordered() -> BoxedStrategy<Read> {
    prop_oneof![1 => read(), 1 => (0..4_usize).prop_map(Read::Limit)].boxed()
}

fn sort<T: Clone + Debug + 'static>(
    value: impl Fn() -> BoxedStrategy<T>,
) -> BoxedStrategy<Sort<T>> {
    prop_oneof![
        3 => Just(Sort::All),
        1 => value().prop_map(Sort::Equal),
        1 => value().prop_map(Sort::From),
        1 => value().prop_map(Sort::UpTo),
        1 => value().prop_map(Sort::Below),
        1 => (value(), value()).prop_map(|(a, b)| Sort::Within(a, b)),
    ]
    .boxed()
}

fn search(read: BoxedStrategy<Read>) -> BoxedStrategy<Search> {
    // Of the simple ones many leave out some items and not others.
    let simple = test_on(one_of([Target::Flag, Target::Count, Target::Delta]));
    let filter = prop_oneof![1 => cond_on(plain_target()), 2 => simple];
    (option::weighted(0.6, filter), any::<bool>(), read)
        .prop_map(|(filter, is_descending, read)| Search { filter, is_descending, read })
        .boxed()
}

fn on_thing() -> BoxedStrategy<OnThing> {
    let condition = || option::weighted(0.3, cond()).boxed();
    let returning = || one_of([Returning::Nothing, Returning::New, Returning::Old]);
    prop_oneof![
        3 => thing().prop_map(OnThing::Create),
        2 => (thing(), cond()).prop_map(|(thing, condition)| OnThing::Put(thing, condition)),
        4 => thing().prop_map(OnThing::PutUnconditionally),
        1 => thing().prop_map(OnThing::Replace),
        20 => (thing_id(), actions(), condition(), returning()).prop_map(
            |(id, actions, condition, returning)| OnThing::Update { id, actions, condition, returning }
        ),
        6 => (thing_id(), actions(), condition(), returning()).prop_map(
            |(id, actions, condition, returning)| OnThing::Upsert { id, actions, condition, returning }
        ),
        2 => (thing_id(), condition(), any::<bool>()).prop_map(
            |(id, condition, returning_old)| OnThing::Delete { id, condition, returning_old }
        ),
        1 => thing_id().prop_map(OnThing::DeleteUnconditionally),
        3 => thing_id().prop_map(OnThing::Get),
        1 => vec(thing_id(), 0..5).prop_map(OnThing::BatchGet),
        5 => (one_of(IDS.map(str::to_owned)), sort(|| one_of(NUMBERS)), search(read_ordered()))
            .prop_map(|(id, numbers, search)| OnThing::Query { id, numbers, search }),
        4 => (key_text(), sort(rank), search(read()))
            .prop_map(|(label, ranks, search)| OnThing::ByLabel { label, ranks, search }),
        4 => search(read())
            .prop_map(|search| OnThing::Scan(Search { is_descending: false, ..search })),
    ]
    .boxed()
}

fn transact() -> BoxedStrategy<Transact> {
    let part = prop_oneof![
        3 => (thing_id(), actions(), cond()).prop_map(|(id, actions, cond)| Part::Update(id, actions, cond)),
        2 => (ticket_id(), ticket_change()).prop_map(|(id, change)| Part::UpdateTicket(id, change)),
        1 => (thing_id(), cond()).prop_map(|(id, cond)| Part::Delete(id, cond)),
        1 => ticket().prop_map(Part::DeleteTicket),
        1 => (thing_id(), cond()).prop_map(|(id, cond)| Part::Check(id, cond)),
        1 => (ticket_id(), ticket_cond()).prop_map(|(id, cond)| Part::CheckTicket(id, cond)),
        1 => ticket_id().prop_map(Part::CheckAbsent),
    ];
    (vec(thing(), 0..2), vec(ticket(), 0..2), vec((thing(), cond()), 0..2), vec(part, 0..3))
        .prop_map(|(things, tickets, puts, others)| Transact { things, tickets, puts, others })
        .boxed()
}

/// Some operations, on tables that may have some items.
pub fn sequence(most: usize) -> BoxedStrategy<Vec<Operation>> {
    let things = vec(thing(), 0..12).prop_map(|mut puts| {
        puts.sort_by_key(id_of);
        puts.dedup_by_key(|thing| id_of(thing));
        Operation::BatchWrite { puts, things: Vec::new(), tickets: Vec::new() }
    });
    let tickets =
        vec(ticket().prop_map(|ticket| Operation::Ticket(OnTicket::Create(ticket))), 0..8);
    (things, tickets, vec(operation(), 1..most))
        .prop_map(|(things, tickets, operations)| {
            std::iter::once(things).chain(tickets).chain(operations).collect()
        })
        .boxed()
}

fn operation() -> BoxedStrategy<Operation> {
    let batch = (vec(thing(), 0..3), vec(thing_id(), 0..2), vec(ticket_id(), 0..2));
    prop_oneof![
        12 => on_thing().prop_map(Operation::Thing),
        6 => on_ticket().prop_map(Operation::Ticket),
        1 => batch.prop_map(|(puts, things, tickets)| Operation::BatchWrite { puts, things, tickets }),
        3 => transact().prop_map(Operation::Transact),
        1 => (thing_id(), ticket_id(), thing_id()).prop_map(
            |(first, ticket, second)| Operation::TransactGet(first, ticket, second)
        ),
    ]
    .boxed()
}
