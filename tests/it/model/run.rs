//! The same operations with the typed API, on an engine.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Condition, Error, TransactionError, WriteError};

use super::conditions::{Cond, Operator};
use super::entities::{
    Modelled, Thing, ThingKey, ThingQuery, Ticket, TicketByStateKey, TicketKey, TicketQuery,
};
use super::operations::{
    ByPlace, Current, OnThing, OnTicket, Operation, Outcome, Part, Read, Reason, Returning, Sort,
    ThingId, TicketChange, TicketCond, TicketId, TicketSearch, Transact,
};
use super::updates::Action;
use super::value::Item;

pub async fn run(client: &SecureClient, operation: &Operation) -> Outcome {
    match operation {
        Operation::Thing(operation) => Box::pin(on_thing(client, operation)).await,
        Operation::Ticket(operation) => Box::pin(on_ticket(client, operation)).await,
        Operation::BatchWrite { puts, things, tickets } => {
            let batch = BatchWrite::new()
                .put_all(puts.clone())
                .delete_all(things.iter().map(key))
                .delete_all(tickets.iter().map(ticket_key));
            match batch.send(client).await {
                Ok(written) => {
                    done(written.complete().map(|_| ()).map_err(WriteError::<Thing>::from))
                }
                Err(error) => failed(&error),
            }
        }
        Operation::Transact(transaction) => Box::pin(transact(client, transaction)).await,
        Operation::TransactGet(first, ticket, second) => {
            let gets =
                (Thing::get(key(first)), Ticket::get(ticket_key(ticket)), Thing::get(key(second)));
            match Transaction::get(gets).send(client).await {
                Ok((first, ticket, second)) => {
                    let found =
                        [item(first.as_ref()), item(ticket.as_ref()), item(second.as_ref())];
                    Outcome::Items(found.into_iter().map(Option::unwrap_or_default).collect())
                }
                Err(error) => failed(error.as_error()),
            }
        }
    }
}

pub fn key((id, number): &ThingId) -> ThingKey {
    ThingKey { id: id.clone(), number: *number }
}

pub fn ticket_key((team, day, number): &TicketId) -> TicketKey {
    TicketKey { team: team.clone(), day: *day, number: *number }
}

fn item<E: Modelled>(found: Option<&E>) -> Option<Item> {
    found.map(Modelled::to_item)
}

/// An error that tells of no item.
fn failed(error: &Error) -> Outcome {
    if error.is_invalid() {
        // It was found before anything was sent.
        assert_eq!(error.attempts(), 0, "{error}");
        Outcome::Invalid
    } else if error.is_inapplicable() {
        Outcome::Inapplicable
    } else {
        Outcome::Unexpected(format!("{error}: {:?}", error.service_message()))
    }
}

fn write_failed<E: Modelled>(error: &WriteError<E>) -> Outcome {
    if let Some(unreadable) = error.current_unreadable() {
        return Outcome::Unexpected(unreadable.to_string());
    }
    if error.is_condition_failed() {
        let item = error.current().map(Modelled::to_item);
        return Outcome::Failed(Current { is_absent: error.is_absent(), item });
    }
    failed(error.as_error())
}

fn done<E: Modelled>(result: Result<(), WriteError<E>>) -> Outcome {
    result.map_or_else(|error| write_failed(&error), |()| Outcome::Done)
}

fn written<E: Modelled>(result: Result<E, WriteError<E>>) -> Outcome {
    returned(result.map(Some))
}

fn returned<E: Modelled>(result: Result<Option<E>, WriteError<E>>) -> Outcome {
    result.map_or_else(|error| write_failed(&error), |found| Outcome::Found(item(found.as_ref())))
}

fn found<E: Modelled>(result: Result<Option<E>, Error>) -> Outcome {
    result.map_or_else(|error| failed(&error), |found| Outcome::Found(item(found.as_ref())))
}

fn items<E: Modelled>(result: Result<Vec<E>, Error>) -> Outcome {
    match result {
        Ok(items) => Outcome::Items(items.iter().map(Modelled::to_item).collect()),
        Err(error) => failed(&error),
    }
}

/// Reads a query or a scan.
macro_rules! read {
    ($client:expr, $query:expr, $read:expr) => {{
        let query = $query;
        match $read {
            Read::All => items(query.items($client).collect().await),
            Read::Count => match query.count($client).await {
                Ok(count) => Outcome::Count(usize::try_from(count).unwrap()),
                Err(error) => failed(&error),
            },
            Read::Limit(limit) => {
                items(query.limit(limit).page($client).await.map(|page| page.items))
            }
            Read::Pages(size) => {
                let mut all = Vec::new();
                let mut page = query.clone().limit(size).page($client).await;
                loop {
                    let read = match page {
                        Ok(read) => read,
                        Err(error) => break failed(&error),
                    };
                    let is_full = read.items.len() == size;
                    all.extend(read.items);
                    match read.next {
                        // Each page but the last is full.
                        Some(next) if is_full => {
                            page = query.clone().limit(size).after(next).page($client).await;
                        }
                        Some(_) => break Outcome::Unexpected("a page that is not full".to_owned()),
                        None => break items(Ok(all)),
                    }
                }
            }
        }
    }};
}

macro_rules! sorted {
    ($client:expr, $query:expr, $key:ident, $sort:expr, $search:expr) => {
        match $sort.clone() {
            Sort::All => search!($client, $query, $search),
            Sort::Equal(value) => search!($client, $query.$key(value), $search),
            Sort::From(least) => search!($client, $query.$key(least..), $search),
            Sort::UpTo(most) => search!($client, $query.$key(..=most), $search),
            Sort::Below(end) => search!($client, $query.$key(..end), $search),
            Sort::Within(least, most) => search!($client, $query.$key(least..=most), $search),
        }
    };
}

macro_rules! search {
    ($client:expr, $query:expr, $search:expr) => {{
        let mut query = $query;
        if let Some(filter) = &$search.filter {
            query = query.filter(filter.typed_filter());
        }
        if $search.is_descending {
            query = query.descending();
        }
        read!($client, query, $search.read)
    }};
}

macro_rules! search_tickets {
    ($client:expr, $query:expr, $search:expr) => {{
        let mut query = $query;
        if $search.including_expired {
            query = query.including_expired();
        }
        search!($client, query, $search)
    }};
}

macro_rules! update_thing {
    ($client:expr, $update:expr, $actions:expr, $condition:expr, $returning:expr) => {{
        let update = $actions.iter().fold($update, |update, action: &Action| action.add_to(update));
        macro_rules! send {
            ($ready:expr) => {
                match $returning {
                    Returning::Nothing => done($ready.send($client).await),
                    Returning::New => written($ready.returning_new().send($client).await),
                    Returning::Old => returned($ready.returning_old().send($client).await),
                }
            };
        }
        match &$condition {
            Some(condition) => send!(update.condition(condition.typed())),
            None => send!(update),
        }
    }};
}

async fn on_thing(client: &SecureClient, operation: &OnThing) -> Outcome {
    match operation {
        OnThing::Create(thing) => written(Thing::create(thing.clone()).send(client).await),
        OnThing::Put(thing, condition) => {
            written(Thing::put(thing.clone()).condition(condition.typed()).send(client).await)
        }
        OnThing::PutUnconditionally(thing) => {
            written(Thing::put_unconditionally(thing.clone()).send(client).await)
        }
        OnThing::Replace(thing) => written(Thing::replace(thing.clone()).send(client).await),
        OnThing::Update { id, actions, condition, returning } => {
            let update = Thing::update(key(id)).if_exists();
            update_thing!(client, update, actions, condition, returning)
        }
        OnThing::Upsert { id, actions, condition: None, returning } => {
            let update = Thing::upsert_unconditionally(key(id));
            update_thing!(client, update, actions, None::<Cond>, returning)
        }
        OnThing::Upsert { id, actions, condition, returning } => {
            let update = Thing::upsert(key(id));
            update_thing!(
                client,
                update.condition(condition.as_ref().unwrap().typed()),
                actions,
                None::<Cond>,
                returning
            )
        }
        OnThing::Delete { id, condition, returning_old } => {
            let delete = Thing::delete(key(id));
            match (condition, returning_old) {
                (None, false) => done(delete.if_exists().send(client).await),
                (None, true) => returned(delete.if_exists().returning_old().send(client).await),
                (Some(condition), false) => {
                    done(delete.condition(condition.typed()).send(client).await)
                }
                (Some(condition), true) => {
                    returned(delete.condition(condition.typed()).returning_old().send(client).await)
                }
            }
        }
        OnThing::DeleteUnconditionally(id) => {
            done(Thing::delete_unconditionally(key(id)).send(client).await)
        }
        OnThing::Get(id) => found(Thing::get(key(id)).send(client).await),
        OnThing::BatchGet(ids) => {
            let batch = Thing::batch_get(ids.iter().map(key)).send(client).await;
            items(batch.and_then(dynamo_runtime::operation::BatchGetOutput::complete))
        }
        OnThing::Query { id, numbers, search } => {
            sorted!(client, Thing::query(id), number, numbers, search)
        }
        OnThing::ByLabel { label, ranks, search } => {
            sorted!(client, Thing::by_label(label), rank, ranks, search)
        }
        OnThing::Scan(search) => {
            let mut scan = Thing::scan();
            if let Some(filter) = &search.filter {
                scan = scan.filter(filter.typed_filter());
            }
            read!(client, scan, search.read)
        }
    }
}

impl TicketCond {
    fn typed(&self) -> Condition<Ticket> {
        match self {
            Self::Exists => Ticket::POINTS.exists(),
            Self::Points(operator, points) => match operator {
                Operator::Equal => Ticket::POINTS.eq(*points),
                Operator::Different => Ticket::POINTS.ne(*points),
                Operator::Less => Ticket::POINTS.lt(*points),
                Operator::AtMost => Ticket::POINTS.le(*points),
                Operator::Greater => Ticket::POINTS.gt(*points),
                Operator::AtLeast => Ticket::POINTS.ge(*points),
            },
            Self::HasOwner(true) => Ticket::OWNER.exists(),
            Self::HasOwner(false) => Ticket::OWNER.not_exists(),
        }
    }

    fn typed_filter(&self) -> Condition<Ticket> {
        self.typed()
    }
}

type Changing<C, R> = dynamo_runtime::operation::Update<Ticket, C, R>;

impl TicketChange {
    fn add_to<C, R>(&self, update: Changing<C, R>) -> Changing<C, R> {
        match self {
            Self::AddPoints(points) => update.add(Ticket::POINTS, *points),
            Self::SubtractPoints(points) => update.subtract(Ticket::POINTS, *points),
            Self::State(state) => update.set(Ticket::STATE, state),
            Self::Place { place, owner } => {
                let (place, owner) = (place.clone(), owner.clone());
                update.set_index_key(TicketByStateKey { place, owner })
            }
            Self::Expires(when) => update.set(Ticket::EXPIRES_AT, Self::time(*when)),
        }
    }
}

async fn on_ticket(client: &SecureClient, operation: &OnTicket) -> Outcome {
    match operation {
        OnTicket::Create(ticket) => written(Ticket::create(ticket.clone()).send(client).await),
        OnTicket::Put(ticket, condition) => {
            written(Ticket::put(ticket.clone()).condition(condition.typed()).send(client).await)
        }
        OnTicket::Replace(ticket) => written(Ticket::replace(ticket.clone()).send(client).await),
        OnTicket::Update { id, change, condition } => {
            let update = change.add_to(Ticket::update(ticket_key(id)));
            written(update.condition(condition.typed()).returning_new().send(client).await)
        }
        OnTicket::UpdateAtVersion { id, change, version } => {
            let update = change.add_to(Ticket::update(ticket_key(id)));
            let update = update.at_version(Version::new(*version));
            written(update.returning_new().send(client).await)
        }
        OnTicket::Modify { id, points } => {
            let modify = Ticket::modify(ticket_key(id), |ticket| {
                ticket.points = *points;
                Ok(())
            });
            written(modify.send(client).await)
        }
        OnTicket::Delete { id, condition } => {
            done(Ticket::delete(ticket_key(id)).condition(condition.typed()).send(client).await)
        }
        OnTicket::DeleteEntity(ticket) => done(Ticket::delete_entity(ticket).send(client).await),
        OnTicket::DeleteUnconditionally(id) => {
            done(Ticket::delete_unconditionally(ticket_key(id)).send(client).await)
        }
        OnTicket::Get { id, including_expired: true } => {
            found(Ticket::get(ticket_key(id)).including_expired().send(client).await)
        }
        OnTicket::Get { id, including_expired: false } => {
            found(Ticket::get(ticket_key(id)).send(client).await)
        }
        OnTicket::Query { team, days, search } => query_tickets(client, team, days, search).await,
        OnTicket::ByState { state, place, search } => {
            let query = Ticket::by_state(state);
            match place.clone() {
                ByPlace::All => search_tickets!(client, query, search),
                ByPlace::Place(place) => search_tickets!(client, query.place(place), search),
                ByPlace::PlaceAndOwner(place, owner) => {
                    search_tickets!(client, query.place(place).owner(owner), search)
                }
                ByPlace::Within(least, most) => {
                    search_tickets!(client, query.place(least..=most), search)
                }
            }
        }
    }
}

async fn query_tickets(
    client: &SecureClient,
    team: &String,
    days: &Sort<i8>,
    search: &TicketSearch,
) -> Outcome {
    let query = Ticket::query(team);
    match *days {
        Sort::All => search_tickets!(client, query, search),
        Sort::Equal(day) => search_tickets!(client, query.day(day), search),
        Sort::From(least) => search_tickets!(client, query.day(least..), search),
        Sort::UpTo(most) => search_tickets!(client, query.day(..=most), search),
        Sort::Below(_) => unreachable!("no condition on a part of a key"),
        Sort::Within(least, most) => search_tickets!(client, query.day(least..=most), search),
    }
}

async fn transact(client: &SecureClient, transaction: &Transact) -> Outcome {
    let Transact { things, tickets, puts, others } = transaction;
    let puts = puts
        .iter()
        .map(|(thing, condition)| Thing::put(thing.clone()).condition(condition.typed()));
    let mut transaction = Transaction::new()
        .create_all(things.iter().cloned())
        .create_all(tickets.iter().cloned())
        .put_all(puts);
    for part in others {
        transaction = match part {
            Part::Update(id, actions, condition) => {
                let update = Thing::update(key(id)).condition(condition.typed());
                let update = actions.iter().fold(update, |update, action| action.add_to(update));
                transaction.update(update)
            }
            Part::UpdateTicket(id, change) => {
                let update = Ticket::update(ticket_key(id)).if_exists();
                transaction.update(change.add_to(update))
            }
            Part::Delete(id, condition) => {
                transaction.delete(Thing::delete(key(id)).condition(condition.typed()))
            }
            Part::DeleteTicket(ticket) => transaction.delete(Ticket::delete_entity(ticket)),
            Part::Check(id, condition) => transaction.check(key(id), condition.typed()),
            Part::CheckTicket(id, condition) => {
                transaction.check(ticket_key(id), condition.typed())
            }
            Part::CheckAbsent(id) => transaction.check_absent(ticket_key(id)),
        };
    }
    match transaction.send(client).await {
        Ok((things, tickets, puts)) => {
            let things = things.iter().chain(&puts).map(Modelled::to_item);
            Outcome::Items(things.chain(tickets.iter().map(Modelled::to_item)).collect())
        }
        Err(error) if error.is_cancelled() => Outcome::Cancelled(reasons(&error)),
        Err(error) => failed(error.as_error()),
    }
}

fn reasons(error: &TransactionError) -> Vec<Reason> {
    let reasons = error.reasons().iter().map(|reason| {
        if reason.is_none() {
            return Reason::None;
        }
        if reason.is_invalid() {
            return Reason::Inapplicable;
        }
        if !reason.is_condition_failed() || reason.current_unreadable().is_some() {
            return Reason::Unexpected(reason.to_string());
        }
        let item = match reason.entity() {
            "Thing" => reason.current::<Thing>().map(Modelled::to_item),
            _ => reason.current::<Ticket>().map(Modelled::to_item),
        };
        Reason::Failed(Current { is_absent: reason.is_absent(), item })
    });
    reasons.collect()
}
