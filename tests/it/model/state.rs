//! The tables of the model, and what each operation does to them.

use std::collections::BTreeMap;

use super::conditions::Cond;
use super::entities::{Modelled, Thing, Ticket, is_expired};
use super::operations::{
    ByPlace, Current, OnThing, OnTicket, Operation, Outcome, Part, Read, Reason, Returning, Search,
    ThingId, TicketChange, TicketCond, TicketId, TicketSearch, Transact,
};
use super::updates::{Action, Refusal, applied, are_invalid};
use super::value::{Item, Value};

#[derive(Clone, Debug, Default)]
pub struct State {
    things: BTreeMap<ThingId, Item>,
    tickets: BTreeMap<TicketId, Ticket>,
}

/// Why a single write is not applied.
enum Refused {
    Invalid,
    Failed(Current),
    Inapplicable,
}

type Written = Result<(), Refused>;

impl State {
    pub fn apply(&mut self, operation: &Operation) -> Outcome {
        match operation {
            Operation::Thing(operation) => self.on_thing(operation),
            Operation::Ticket(operation) => self.on_ticket(operation),
            Operation::BatchWrite { puts, things, tickets } => {
                self.batch_write(puts, things, tickets)
            }
            Operation::Transact(transaction) => self.transact(transaction),
            Operation::TransactGet(first, ticket, second) if first == second => {
                let _ = ticket;
                Outcome::Invalid
            }
            Operation::TransactGet(first, ticket, second) => {
                let ticket = self.alive(ticket).map(Modelled::to_item);
                let found = [self.thing(first), ticket, self.thing(second)];
                Outcome::Items(found.into_iter().map(Option::unwrap_or_default).collect())
            }
        }
    }

    fn on_thing(&mut self, operation: &OnThing) -> Outcome {
        match operation {
            OnThing::Create(thing) => self.write(|state| state.create(thing), &id_of(thing)),
            OnThing::Put(thing, condition) => {
                self.write(|state| state.put(thing, condition), &id_of(thing))
            }
            OnThing::PutUnconditionally(thing) => {
                self.write(|state| state.put_over(thing), &id_of(thing))
            }
            OnThing::Replace(thing) => {
                let replace = |state: &mut Self| {
                    check_keys(thing)?;
                    state.required(&id_of(thing), None)?;
                    state.put_over(thing)
                };
                self.write(replace, &id_of(thing))
            }
            OnThing::Update { id, actions, condition, returning } => {
                let old = self.thing(id);
                let done = self.update(id, actions, condition.as_ref());
                self.returned(done, *returning, id, old)
            }
            OnThing::Upsert { id, actions, condition, returning } => {
                let old = self.thing(id);
                let done = self.upsert(id, actions, condition.as_ref());
                self.returned(done, *returning, id, old)
            }
            OnThing::Delete { id, condition, returning_old } => {
                let old = self.thing(id);
                match self.delete(id, condition.as_ref()) {
                    Ok(()) if *returning_old => Outcome::Found(old),
                    done => outcome(done),
                }
            }
            OnThing::DeleteUnconditionally(id) => {
                self.things.remove(id);
                Outcome::Done
            }
            OnThing::Get(id) => Outcome::Found(self.thing(id)),
            OnThing::BatchGet(ids) => {
                let mut ids = ids.clone();
                ids.sort();
                ids.dedup();
                Outcome::Items(ids.iter().filter_map(|id| self.thing(id)).collect())
            }
            OnThing::Query { id, numbers, search } => {
                let is_found = |thing: &Thing| thing.id == *id && numbers.contains(&thing.number);
                self.search(search, numbers.is_reversed(), is_found, |thing| {
                    i64::from(thing.number)
                })
            }
            OnThing::ByLabel { label, ranks, search } => {
                let is_found = |thing: &Thing| {
                    let is_ranked = thing.rank.is_some_and(|rank| ranks.contains(&rank));
                    thing.label.as_ref() == Some(label) && is_ranked
                };
                let is_invalid = label.is_empty() || ranks.is_reversed();
                self.search(search, is_invalid, is_found, |thing| thing.rank.map_or(0, i64::from))
            }
            OnThing::Scan(search) => self.search(search, false, |_| true, |_| 0),
        }
    }

    pub fn has_thing(&self, id: &ThingId) -> bool {
        self.things.contains_key(id)
    }

    /// What the thing is read as.
    fn thing(&self, id: &ThingId) -> Option<Item> {
        self.things.get(id).map(as_read)
    }

    /// Of a write that gives back the entity as it is written.
    fn write(&mut self, write: impl FnOnce(&mut Self) -> Written, id: &ThingId) -> Outcome {
        match write(self) {
            Ok(()) => Outcome::Found(self.thing(id)),
            refused => outcome(refused),
        }
    }

    fn returned(
        &self,
        done: Written,
        returning: Returning,
        id: &ThingId,
        old: Option<Item>,
    ) -> Outcome {
        match (done, returning) {
            (Ok(()), Returning::New) => Outcome::Found(self.thing(id)),
            (Ok(()), Returning::Old) => Outcome::Found(old),
            (done, _) => outcome(done),
        }
    }

    fn failed(&self, id: &ThingId) -> Refused {
        let item = self.thing(id);
        Refused::Failed(Current { is_absent: item.is_none(), item })
    }

    /// Requires that the thing is there and fulfils the condition.
    fn required(&self, id: &ThingId, condition: Option<&Cond>) -> Written {
        let holds = |item| condition.is_none_or(|condition| condition.holds(item));
        let is_fulfilled = self.things.get(id).is_some_and(holds);
        if is_fulfilled { Ok(()) } else { Err(self.failed(id)) }
    }

    fn put_over(&mut self, thing: &Thing) -> Written {
        check_keys(thing)?;
        self.things.insert(id_of(thing), thing.to_item());
        Ok(())
    }

    fn create(&mut self, thing: &Thing) -> Written {
        check_keys(thing)?;
        if self.things.contains_key(&id_of(thing)) {
            return Err(self.failed(&id_of(thing)));
        }
        self.put_over(thing)
    }

    fn put(&mut self, thing: &Thing, condition: &Cond) -> Written {
        check_keys(thing)?;
        check(Some(condition))?;
        let none = Item::new();
        // Of an item that is not there, the condition is one on nothing.
        if !condition.holds(self.things.get(&id_of(thing)).unwrap_or(&none)) {
            return Err(self.failed(&id_of(thing)));
        }
        self.put_over(thing)
    }

    fn update(&mut self, id: &ThingId, actions: &[Action], condition: Option<&Cond>) -> Written {
        check_update(actions, condition)?;
        self.required(id, condition)?;
        let after =
            applied(&self.things[id], actions).map_err(|refusal| self.refused(id, refusal))?;
        self.things.insert(id.clone(), after);
        Ok(())
    }

    fn refused(&self, id: &ThingId, refusal: Refusal) -> Refused {
        match refusal {
            Refusal::Guard => self.failed(id),
            Refusal::Inapplicable => Refused::Inapplicable,
        }
    }

    fn upsert(&mut self, id: &ThingId, actions: &[Action], condition: Option<&Cond>) -> Written {
        check_update(actions, condition)?;
        let none = Item::new();
        let before = self.things.get(id).unwrap_or(&none);
        if condition.is_some_and(|condition| !condition.holds(before)) {
            return Err(self.failed(id));
        }
        let mut after = applied(before, actions).map_err(|refusal| self.refused(id, refusal))?;
        after.insert("id".to_owned(), Value::text(&id.0));
        after.insert("number".to_owned(), Value::number(id.1));
        self.things.insert(id.clone(), after);
        Ok(())
    }

    fn delete(&mut self, id: &ThingId, condition: Option<&Cond>) -> Written {
        check(condition)?;
        self.required(id, condition)?;
        self.things.remove(id);
        Ok(())
    }

    fn search(
        &self,
        search: &Search,
        is_invalid: bool,
        is_found: impl Fn(&Thing) -> bool,
        order: impl Fn(&Thing) -> i64,
    ) -> Outcome {
        let is_filter_invalid = search.filter.as_ref().is_some_and(Cond::is_invalid);
        if is_invalid || is_filter_invalid || search.read == Read::Limit(0) {
            return Outcome::Invalid;
        }
        let filtered = self
            .things
            .values()
            .filter(|item| search.filter.as_ref().is_none_or(|filter| filter.holds(item)));
        let mut found: Vec<_> = filtered.map(Thing::of_item).filter(is_found).collect();
        found.sort_by_key(order);
        read(found, search.is_descending, search.read)
    }
}

/// Tickets.
impl State {
    fn on_ticket(&mut self, operation: &OnTicket) -> Outcome {
        match operation {
            OnTicket::Create(ticket) => {
                let done = self.create_ticket(ticket);
                self.written_ticket(done, &ticket_id(ticket))
            }
            OnTicket::Put(ticket, condition) => {
                let done = self.put_ticket(ticket, condition);
                self.written_ticket(done, &ticket_id(ticket))
            }
            OnTicket::Replace(ticket) => {
                let done = self.replace_ticket(ticket);
                self.written_ticket(done, &ticket_id(ticket))
            }
            OnTicket::Update { id, change, condition } => {
                let done = self.update_ticket(id, change, condition, None);
                self.written_ticket(done, id)
            }
            OnTicket::UpdateAtVersion { id, change, version } => {
                let done = self.update_ticket(id, change, &TicketCond::Exists, Some(*version));
                self.written_ticket(done, id)
            }
            OnTicket::Modify { id, points } => {
                let Some(mut ticket) = self.alive(id).cloned() else {
                    // It reads before it writes, so the expired one is not in the error.
                    return Outcome::Failed(Current { is_absent: true, item: None });
                };
                ticket.points = *points;
                let done = self.replace_ticket(&ticket);
                self.written_ticket(done, id)
            }
            OnTicket::Delete { id, condition } => outcome(self.delete_ticket(id, condition, None)),
            OnTicket::DeleteEntity(ticket) => outcome(self.delete_ticket(
                &ticket_id(ticket),
                &TicketCond::Exists,
                Some(ticket.version.as_u64()),
            )),
            OnTicket::DeleteUnconditionally(id) => {
                self.tickets.remove(id);
                Outcome::Done
            }
            OnTicket::Get { id, including_expired: true } => {
                Outcome::Found(self.tickets.get(id).map(Modelled::to_item))
            }
            OnTicket::Get { id, including_expired: false } => {
                Outcome::Found(self.alive(id).map(Modelled::to_item))
            }
            OnTicket::Query { team, days, search } => {
                let is_found = |ticket: &Ticket| ticket.team == *team && days.contains(&ticket.day);
                let order = |ticket: &Ticket| (ticket.day, ticket.number);
                self.search_tickets(search, days.is_reversed(), is_found, order)
            }
            OnTicket::ByState { state, place, search } => {
                let is_found = |ticket: &Ticket| {
                    let (Some(in_place), Some(owner)) = (&ticket.place, &ticket.owner) else {
                        return false;
                    };
                    let is_placed = match place {
                        ByPlace::All => true,
                        ByPlace::Place(only) => in_place == only,
                        ByPlace::PlaceAndOwner(only, by) => in_place == only && owner == by,
                        ByPlace::Within(least, most) => (least..=most).contains(&in_place),
                    };
                    ticket.state == *state && is_placed
                };
                let is_reversed = matches!(place, ByPlace::Within(least, most) if least > most);
                let order = |ticket: &Ticket| (ticket.place.clone(), ticket.owner.clone());
                self.search_tickets(search, is_reversed, is_found, order)
            }
        }
    }

    fn alive(&self, id: &TicketId) -> Option<&Ticket> {
        self.tickets.get(id).filter(|ticket| !is_expired(ticket))
    }

    fn written_ticket(&self, done: Written, id: &TicketId) -> Outcome {
        match done {
            Ok(()) => Outcome::Found(self.tickets.get(id).map(Modelled::to_item)),
            refused => outcome(refused),
        }
    }

    fn ticket_failed(&self, id: &TicketId) -> Refused {
        let item = self.tickets.get(id).map(Modelled::to_item);
        Refused::Failed(Current { is_absent: self.alive(id).is_none(), item })
    }

    fn store(&mut self, ticket: &Ticket, version: u64) -> Written {
        let version = dynamo_runtime::Version::new(version);
        self.tickets.insert(ticket_id(ticket), Ticket { version, ..ticket.clone() });
        Ok(())
    }

    fn create_ticket(&mut self, ticket: &Ticket) -> Written {
        check_parts(ticket)?;
        match self.alive(&ticket_id(ticket)) {
            Some(_) => Err(self.ticket_failed(&ticket_id(ticket))),
            None => self.store(ticket, 1),
        }
    }

    fn put_ticket(&mut self, ticket: &Ticket, condition: &TicketCond) -> Written {
        check_parts(ticket)?;
        let id = ticket_id(ticket);
        let stored = self.tickets.get(&id);
        let version = stored.map_or(0, |stored| stored.version.as_u64());
        let holds = condition.holds(stored)
            && version == ticket.version.as_u64()
            && stored.is_none_or(|stored| !is_expired(stored));
        if !holds {
            return Err(self.ticket_failed(&id));
        }
        self.store(ticket, version + 1)
    }

    fn replace_ticket(&mut self, ticket: &Ticket) -> Written {
        check_parts(ticket)?;
        let version = ticket.version.as_u64();
        self.required_ticket(&ticket_id(ticket), &TicketCond::Exists, Some(version))?;
        self.store(ticket, version + 1)
    }

    fn required_ticket(
        &self,
        id: &TicketId,
        condition: &TicketCond,
        version: Option<u64>,
    ) -> Written {
        let is_fulfilled = self.alive(id).is_some_and(|ticket| {
            let is_at = version.is_none_or(|version| version == ticket.version.as_u64());
            is_at && condition.holds(Some(ticket))
        });
        if is_fulfilled { Ok(()) } else { Err(self.ticket_failed(id)) }
    }

    fn update_ticket(
        &mut self,
        id: &TicketId,
        change: &TicketChange,
        condition: &TicketCond,
        version: Option<u64>,
    ) -> Written {
        let is_empty = |part: &Option<String>| part.as_deref() == Some("");
        match change {
            TicketChange::State(state) if state.is_empty() => return Err(Refused::Invalid),
            TicketChange::Place { place, owner } if is_empty(place) || is_empty(owner) => {
                return Err(Refused::Invalid);
            }
            _ => {}
        }
        self.required_ticket(id, condition, version)?;
        let mut ticket = self.tickets[id].clone();
        if !change.apply(&mut ticket) {
            return Err(self.ticket_failed(id));
        }
        let version = ticket.version.as_u64();
        self.store(&ticket, version + 1)
    }

    fn delete_ticket(
        &mut self,
        id: &TicketId,
        condition: &TicketCond,
        version: Option<u64>,
    ) -> Written {
        self.required_ticket(id, condition, version)?;
        self.tickets.remove(id);
        Ok(())
    }

    fn search_tickets<O: Ord>(
        &self,
        search: &TicketSearch,
        is_invalid: bool,
        is_found: impl Fn(&Ticket) -> bool,
        order: impl Fn(&Ticket) -> O,
    ) -> Outcome {
        if is_invalid || search.read == Read::Limit(0) {
            return Outcome::Invalid;
        }
        let holds = |ticket: &Ticket| {
            search.filter.as_ref().is_none_or(|filter| filter.holds(Some(ticket)))
        };
        let shown = |ticket: &Ticket| search.including_expired || !is_expired(ticket);
        let tickets = self.tickets.values().filter(|ticket| holds(ticket) && shown(ticket));
        let mut found: Vec<_> = tickets.filter(|ticket| is_found(ticket)).cloned().collect();
        found.sort_by_key(order);
        read(found, search.is_descending, search.read)
    }
}

/// Several items at once.
impl State {
    fn batch_write(&mut self, puts: &[Thing], things: &[ThingId], tickets: &[TicketId]) -> Outcome {
        let ids = || puts.iter().map(id_of);
        let is_put_twice = puts.iter().enumerate().any(|(place, put)| {
            puts[..place].iter().any(|other| id_of(other) == id_of(put) && other != put)
        });
        let is_put_and_deleted = ids().any(|id| things.contains(&id));
        let is_key_empty = puts.iter().any(|thing| check_keys(thing).is_err());
        if is_put_twice || is_put_and_deleted || is_key_empty {
            return Outcome::Invalid;
        }
        for thing in puts {
            self.things.insert(id_of(thing), thing.to_item());
        }
        self.things.retain(|id, _| !things.contains(id));
        self.tickets.retain(|id, _| !tickets.contains(id));
        Outcome::Done
    }

    fn transact(&mut self, transaction: &Transact) -> Outcome {
        let Transact { things, tickets, puts, others } = transaction;
        let mut of_things: Vec<_> = things.iter().map(id_of).collect();
        of_things.extend(puts.iter().map(|(thing, _)| id_of(thing)));
        let mut of_tickets: Vec<_> = tickets.iter().map(ticket_id).collect();
        for part in others {
            match part {
                Part::Update(id, ..) | Part::Delete(id, _) | Part::Check(id, _) => {
                    of_things.push(id.clone());
                }
                Part::UpdateTicket(id, _) | Part::CheckTicket(id, _) | Part::CheckAbsent(id) => {
                    of_tickets.push(id.clone());
                }
                Part::DeleteTicket(ticket) => of_tickets.push(ticket_id(ticket)),
            }
        }
        let count = of_things.len() + of_tickets.len();
        if count == 0 || has_duplicate(of_things) || has_duplicate(of_tickets) {
            return Outcome::Invalid;
        }
        // No item is written twice, so each action sees the state as it was.
        let mut after = self.clone();
        let mut done: Vec<Written> = Vec::new();
        done.extend(things.iter().map(|thing| after.create(thing)));
        done.extend(tickets.iter().map(|ticket| after.create_ticket(ticket)));
        done.extend(puts.iter().map(|(thing, condition)| after.put(thing, condition)));
        done.extend(others.iter().map(|part| after.part(part)));
        if done.iter().any(|done| matches!(done, Err(Refused::Invalid))) {
            return Outcome::Invalid;
        }
        if done.iter().all(Result::is_ok) {
            *self = after;
            let things = things.iter().chain(puts.iter().map(|(thing, _)| thing)).map(id_of);
            let things = things.filter_map(|id| self.thing(&id));
            let tickets = tickets.iter().map(|ticket| self.tickets[&ticket_id(ticket)].to_item());
            return Outcome::Items(things.chain(tickets).collect());
        }
        Outcome::Cancelled(done.into_iter().map(reason).collect())
    }

    fn part(&mut self, part: &Part) -> Written {
        match part {
            Part::Update(id, actions, condition) => self.update(id, actions, Some(condition)),
            Part::UpdateTicket(id, change) => {
                self.update_ticket(id, change, &TicketCond::Exists, None)
            }
            Part::Delete(id, condition) => self.delete(id, Some(condition)),
            Part::DeleteTicket(ticket) => self.delete_ticket(
                &ticket_id(ticket),
                &TicketCond::Exists,
                Some(ticket.version.as_u64()),
            ),
            Part::Check(id, condition) => {
                check(Some(condition))?;
                self.required(id, Some(condition))
            }
            Part::CheckTicket(id, condition) => self.required_ticket(id, condition, None),
            Part::CheckAbsent(id) => match self.alive(id) {
                Some(_) => Err(self.ticket_failed(id)),
                None => Ok(()),
            },
        }
    }
}

impl TicketCond {
    fn holds(&self, ticket: Option<&Ticket>) -> bool {
        match self {
            Self::Exists => ticket.is_some(),
            Self::Points(operator, points) => match ticket {
                Some(ticket) => operator.holds(ticket.points.cmp(points)),
                None => *operator == super::conditions::Operator::Different,
            },
            Self::HasOwner(has_owner) => {
                ticket.is_some_and(|ticket| ticket.owner.is_some()) == *has_owner
            }
        }
    }
}

impl TicketChange {
    /// Whether the result fits the field.
    fn apply(&self, ticket: &mut Ticket) -> bool {
        match self {
            Self::AddPoints(points) => match ticket.points.checked_add(*points) {
                Some(sum) => ticket.points = sum,
                None => return false,
            },
            Self::SubtractPoints(points) => match ticket.points.checked_sub(*points) {
                Some(rest) => ticket.points = rest,
                None => return false,
            },
            Self::State(state) => ticket.state.clone_from(state),
            Self::Place { place, owner } => {
                ticket.place.clone_from(place);
                ticket.owner.clone_from(owner);
            }
            Self::Expires(when) => ticket.expires_at = Self::time(*when),
        }
        true
    }

    pub fn time(is_past: Option<bool>) -> Option<dynamo_runtime::Timestamp> {
        use super::entities::{future, past};

        is_past.map(|is_past| if is_past { past() } else { future() })
    }
}

pub fn id_of(thing: &Thing) -> ThingId {
    (thing.id.clone(), thing.number)
}

pub fn ticket_id(ticket: &Ticket) -> TicketId {
    (ticket.team.clone(), ticket.day, ticket.number)
}

/// The item of the entity that this item is read as: what is absent has its default.
fn as_read(item: &Item) -> Item {
    Thing::of_item(item).to_item()
}

/// A key of an index is never empty.
fn check_keys(thing: &Thing) -> Written {
    if thing.label.as_deref() == Some("") { Err(Refused::Invalid) } else { Ok(()) }
}

/// A part of a key is never empty, whatever is beside it.
fn check_parts(ticket: &Ticket) -> Written {
    let parts = [Some(&ticket.state), ticket.place.as_ref(), ticket.owner.as_ref()];
    if parts.into_iter().flatten().any(String::is_empty) { Err(Refused::Invalid) } else { Ok(()) }
}

fn check(condition: Option<&Cond>) -> Written {
    if condition.is_some_and(Cond::is_invalid) { Err(Refused::Invalid) } else { Ok(()) }
}

fn check_update(actions: &[Action], condition: Option<&Cond>) -> Written {
    check(condition)?;
    if are_invalid(actions) { Err(Refused::Invalid) } else { Ok(()) }
}

fn has_duplicate<T: Ord>(mut all: Vec<T>) -> bool {
    all.sort();
    all.windows(2).any(|pair| pair[0] == pair[1])
}

fn outcome(done: Written) -> Outcome {
    match done {
        Ok(()) => Outcome::Done,
        Err(Refused::Invalid) => Outcome::Invalid,
        Err(Refused::Failed(current)) => Outcome::Failed(current),
        Err(Refused::Inapplicable) => Outcome::Inapplicable,
    }
}

fn reason(done: Written) -> Reason {
    match done {
        Ok(()) => Reason::None,
        Err(Refused::Failed(current)) => Reason::Failed(current),
        Err(Refused::Inapplicable) => Reason::Inapplicable,
        Err(Refused::Invalid) => unreachable!("it is not sent"),
    }
}

/// What is read of the items, which are in the order of their sort key.
fn read<E: Modelled>(mut found: Vec<E>, is_descending: bool, read: Read) -> Outcome {
    if is_descending {
        found.reverse();
    }
    if read == Read::Count {
        return Outcome::Count(found.len());
    }
    if let Read::Limit(limit) = read {
        found.truncate(limit);
    }
    Outcome::Items(found.iter().map(Modelled::to_item).collect())
}
