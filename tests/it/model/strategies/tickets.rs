//! Random operations on tickets.

use dynamo_runtime::prelude::*;
use proptest::option;
use proptest::prelude::*;

use super::{DAYS, TEAMS, TICKETS, key_text, one_of, operator, read, read_ordered, sort};
use crate::model::entities::Ticket;
use crate::model::operations::{
    ByPlace, OnTicket, Read, Sort, TicketChange, TicketCond, TicketId, TicketSearch,
};

pub(super) fn ticket_id() -> BoxedStrategy<TicketId> {
    (one_of(TEAMS.map(str::to_owned)), one_of(DAYS), one_of(TICKETS)).boxed()
}

fn points() -> BoxedStrategy<u64> {
    one_of([0, 1, 5, u64::MAX])
}

/// Most tickets are at their first.
fn version() -> BoxedStrategy<u64> {
    one_of([0, 1, 1, 1, 1, 2, 2, 3])
}

fn expiry() -> BoxedStrategy<Option<bool>> {
    one_of([None, None, None, Some(false), Some(true)])
}

pub(super) fn ticket() -> BoxedStrategy<Ticket> {
    let places = (key_text(), option::weighted(0.8, key_text()), option::weighted(0.8, key_text()));
    (ticket_id(), places, points(), expiry(), version())
        .prop_map(|((team, day, number), (state, place, owner), points, expires, version)| Ticket {
            team,
            day,
            number,
            state,
            place,
            owner,
            points,
            expires_at: TicketChange::time(expires),
            // The model counts from 0, which is no version yet.
            version: if version == 0 { Version::UNSAVED } else { Version::new(version) },
        })
        .boxed()
}

pub(super) fn ticket_cond() -> BoxedStrategy<TicketCond> {
    prop_oneof![
        2 => Just(TicketCond::Exists),
        2 => (operator(true), points()).prop_map(|(operator, points)| TicketCond::Points(operator, points)),
        1 => any::<bool>().prop_map(TicketCond::HasOwner),
    ]
    .boxed()
}

pub(super) fn ticket_change() -> BoxedStrategy<TicketChange> {
    let place = (option::of(key_text()), option::of(key_text()));
    prop_oneof![
        points().prop_map(TicketChange::AddPoints),
        points().prop_map(TicketChange::SubtractPoints),
        key_text().prop_map(TicketChange::State),
        place.prop_map(|(place, owner)| TicketChange::Place { place, owner }),
        expiry().prop_map(TicketChange::Expires),
    ]
    .boxed()
}

fn ticket_search(read: BoxedStrategy<Read>) -> BoxedStrategy<TicketSearch> {
    (option::of(ticket_cond()), any::<bool>(), any::<bool>(), read)
        .prop_map(|(filter, is_descending, including_expired, read)| TicketSearch {
            filter,
            is_descending,
            including_expired,
            read,
        })
        .boxed()
}

pub(super) fn on_ticket() -> BoxedStrategy<OnTicket> {
    // `..b` of a part of a key is no condition.
    let days = sort(|| one_of(DAYS)).prop_map(|days| match days {
        Sort::Below(day) => Sort::UpTo(day),
        days => days,
    });
    let place = || one_of(["a", "a", "a", "b", "b", "ab", "a#"].map(str::to_owned));
    let by_place = prop_oneof![
        Just(ByPlace::All),
        place().prop_map(ByPlace::Place),
        (place(), place()).prop_map(|(place, owner)| ByPlace::PlaceAndOwner(place, owner)),
        (place(), place()).prop_map(|(least, most)| ByPlace::Within(least, most)),
    ];
    prop_oneof![
        4 => ticket().prop_map(OnTicket::Create),
        3 => (ticket(), ticket_cond()).prop_map(|(ticket, condition)| OnTicket::Put(ticket, condition)),
        1 => ticket().prop_map(OnTicket::Replace),
        6 => (ticket_id(), ticket_change(), ticket_cond()).prop_map(
            |(id, change, condition)| OnTicket::Update { id, change, condition }
        ),
        2 => (ticket_id(), ticket_change(), version()).prop_map(
            |(id, change, version)| OnTicket::UpdateAtVersion { id, change, version }
        ),
        1 => (ticket_id(), points()).prop_map(|(id, points)| OnTicket::Modify { id, points }),
        1 => (ticket_id(), ticket_cond()).prop_map(|(id, condition)| OnTicket::Delete { id, condition }),
        1 => ticket().prop_map(OnTicket::DeleteEntity),
        1 => ticket_id().prop_map(OnTicket::DeleteUnconditionally),
        2 => (ticket_id(), any::<bool>()).prop_map(
            |(id, including_expired)| OnTicket::Get { id, including_expired }
        ),
        2 => (one_of(TEAMS.map(str::to_owned)), days, ticket_search(read_ordered())).prop_map(
            |(team, days, search)| OnTicket::Query { team, days, search }
        ),
        6 => (place(), by_place, ticket_search(read())).prop_map(
            |(state, place, search)| OnTicket::ByState { state, place, search }
        ),
    ]
    .boxed()
}
