//! The tables of the model, and what each operation does to them.

mod tickets;

use std::collections::BTreeMap;

use super::conditions::Cond;
use super::entities::{Modelled, Thing, Ticket};
use super::operations::{
    Current, OnThing, Operation, Outcome, Part, Read, Reason, Returning, Search, ThingId,
    TicketCond, TicketId, Transact,
};
use super::updates::{Action, Refusal, applied, are_invalid, only_remove};
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
        if only_remove(actions) {
            return Err(Refused::Invalid);
        }
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
                Some(ticket.version.number().unwrap_or(0)),
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
