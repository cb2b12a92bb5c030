//! The operations of the model, as data, and what comes of one.

use std::ops::Bound;

use super::conditions::{Cond, Operator};
use super::entities::{Thing, Ticket};
use super::updates::Action;
use super::value::Item;

pub type ThingId = (String, i32);
pub type TicketId = (String, i8, u16);

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there are a few dozen at a time")]
pub enum Operation {
    Thing(OnThing),
    Ticket(OnTicket),
    BatchWrite { puts: Vec<Thing>, things: Vec<ThingId>, tickets: Vec<TicketId> },
    Transact(Transact),
    TransactGet(ThingId, TicketId, ThingId),
}

#[derive(Clone, Debug)]
pub enum OnThing {
    Create(Thing),
    Put(Thing, Cond),
    PutUnconditionally(Thing),
    Replace(Thing),
    Update { id: ThingId, actions: Vec<Action>, condition: Option<Cond>, returning: Returning },
    Upsert { id: ThingId, actions: Vec<Action>, condition: Option<Cond>, returning: Returning },
    Delete { id: ThingId, condition: Option<Cond>, returning_old: bool },
    DeleteUnconditionally(ThingId),
    Get(ThingId),
    BatchGet(Vec<ThingId>),
    Query { id: String, numbers: Sort<i32>, search: Search },
    ByLabel { label: String, ranks: Sort<i16>, search: Search },
    Scan(Search),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Returning {
    Nothing,
    New,
    Old,
}

/// A condition on a sort key.
#[derive(Clone, Debug)]
pub enum Sort<T> {
    All,
    Equal(T),
    From(T),
    UpTo(T),
    Below(T),
    Within(T, T),
}

impl<T: PartialOrd> Sort<T> {
    pub fn is_reversed(&self) -> bool {
        matches!(self, Self::Within(least, most) if least > most)
    }

    pub fn contains(&self, value: &T) -> bool {
        let within = |least, most| std::ops::RangeBounds::contains(&(least, most), value);
        match self {
            Self::All => true,
            Self::Equal(only) => value == only,
            Self::From(least) => within(Bound::Included(least), Bound::Unbounded),
            Self::UpTo(most) => within(Bound::Unbounded, Bound::Included(most)),
            Self::Below(end) => within(Bound::Unbounded, Bound::Excluded(end)),
            Self::Within(least, most) => within(Bound::Included(least), Bound::Included(most)),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Search {
    pub filter: Option<Cond>,
    pub is_descending: bool,
    pub read: Read,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Read {
    All,
    Count,
    /// The first so many items.
    Limit(usize),
    /// All of them, by pages of so many.
    Pages(usize),
}

#[derive(Clone, Debug)]
pub enum OnTicket {
    Create(Ticket),
    Put(Ticket, TicketCond),
    Replace(Ticket),
    Update { id: TicketId, change: TicketChange, condition: TicketCond },
    UpdateAtVersion { id: TicketId, change: TicketChange, version: u64 },
    Modify { id: TicketId, points: u64 },
    Delete { id: TicketId, condition: TicketCond },
    DeleteEntity(Ticket),
    DeleteUnconditionally(TicketId),
    Get { id: TicketId, including_expired: bool },
    Query { team: String, days: Sort<i8>, search: TicketSearch },
    ByState { state: String, place: ByPlace, search: TicketSearch },
}

/// What is given of the index's sort key.
#[derive(Clone, Debug)]
pub enum ByPlace {
    All,
    Place(String),
    PlaceAndOwner(String, String),
    /// Places within these, whatever their owners.
    Within(String, String),
}

#[derive(Clone, Debug)]
pub struct TicketSearch {
    pub filter: Option<TicketCond>,
    pub is_descending: bool,
    pub including_expired: bool,
    pub read: Read,
}

#[derive(Clone, Debug)]
pub enum TicketCond {
    Exists,
    Points(Operator, u64),
    HasOwner(bool),
}

#[derive(Clone, Debug)]
pub enum TicketChange {
    AddPoints(u64),
    SubtractPoints(u64),
    State(String),
    Place { place: Option<String>, owner: Option<String> },
    Expires(Option<bool>),
}

/// A transaction: first what it creates, then what it writes, then the others.
#[derive(Clone, Debug)]
pub struct Transact {
    pub things: Vec<Thing>,
    pub tickets: Vec<Ticket>,
    pub puts: Vec<(Thing, Cond)>,
    pub others: Vec<Part>,
}

#[derive(Clone, Debug)]
pub enum Part {
    Update(ThingId, Vec<Action>, Cond),
    UpdateTicket(TicketId, TicketChange),
    Delete(ThingId, Cond),
    DeleteTicket(Ticket),
    Check(ThingId, Cond),
    CheckTicket(TicketId, TicketCond),
    CheckAbsent(TicketId),
}

/// What came of an operation. An entity is shown as the item that it is stored as.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Done,
    Found(Option<Item>),
    Items(Vec<Item>),
    Count(usize),
    /// Refused before anything was sent.
    Invalid,
    Failed(Current),
    /// The item does not admit the update.
    Inapplicable,
    Cancelled(Vec<Reason>),
    /// What the model never expects.
    Unexpected(String),
}

/// The item that an error has when a condition failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    pub is_absent: bool,
    pub item: Option<Item>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    None,
    Failed(Current),
    Inapplicable,
    Unexpected(String),
}
