//! What the operations on tickets do, which have a version and may expire.

use dynamo_runtime::{Timestamp, Version};

use super::{Refused, State, Written, outcome, read, ticket_id};
use crate::model::conditions::Operator;
use crate::model::entities::{Modelled, Ticket, future, is_expired, past};
use crate::model::operations::{
    ByPlace, Current, OnTicket, Outcome, Read, TicketChange, TicketCond, TicketId, TicketSearch,
};

impl State {
    pub(super) fn on_ticket(&mut self, operation: &OnTicket) -> Outcome {
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
                Some(ticket.version.number().unwrap_or(0)),
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

    pub(super) fn alive(&self, id: &TicketId) -> Option<&Ticket> {
        self.tickets.get(id).filter(|ticket| !is_expired(ticket))
    }

    fn written_ticket(&self, done: Written, id: &TicketId) -> Outcome {
        match done {
            Ok(()) => Outcome::Found(self.tickets.get(id).map(Modelled::to_item)),
            refused => outcome(refused),
        }
    }

    pub(super) fn ticket_failed(&self, id: &TicketId) -> Refused {
        let item = self.tickets.get(id).map(Modelled::to_item);
        Refused::Failed(Current { is_absent: self.alive(id).is_none(), item })
    }

    fn store(&mut self, ticket: &Ticket, version: u64) {
        let version = Version::new(version);
        self.tickets.insert(ticket_id(ticket), Ticket { version, ..ticket.clone() });
    }

    pub(super) fn create_ticket(&mut self, ticket: &Ticket) -> Written {
        check_parts(ticket)?;
        if self.alive(&ticket_id(ticket)).is_some() {
            return Err(self.ticket_failed(&ticket_id(ticket)));
        }
        self.store(ticket, 1);
        Ok(())
    }

    fn put_ticket(&mut self, ticket: &Ticket, condition: &TicketCond) -> Written {
        check_parts(ticket)?;
        let id = ticket_id(ticket);
        let stored = self.tickets.get(&id);
        let version = stored.map_or(0, |stored| stored.version.number().unwrap_or(0));
        let holds = condition.holds(stored)
            && version == ticket.version.number().unwrap_or(0)
            && stored.is_none_or(|stored| !is_expired(stored));
        if !holds {
            return Err(self.ticket_failed(&id));
        }
        self.store(ticket, version + 1);
        Ok(())
    }

    fn replace_ticket(&mut self, ticket: &Ticket) -> Written {
        check_parts(ticket)?;
        let version = ticket.version.number().unwrap_or(0);
        self.required_ticket(&ticket_id(ticket), &TicketCond::Exists, Some(version))?;
        self.store(ticket, version + 1);
        Ok(())
    }

    pub(super) fn required_ticket(
        &self,
        id: &TicketId,
        condition: &TicketCond,
        version: Option<u64>,
    ) -> Written {
        let is_fulfilled = self.alive(id).is_some_and(|ticket| {
            let is_at =
                version.is_none_or(|version| version == ticket.version.number().unwrap_or(0));
            is_at && condition.holds(Some(ticket))
        });
        if is_fulfilled { Ok(()) } else { Err(self.ticket_failed(id)) }
    }

    pub(super) fn update_ticket(
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
        let version = ticket.version.number().unwrap_or(0);
        self.store(&ticket, version + 1);
        Ok(())
    }

    pub(super) fn delete_ticket(
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

impl TicketCond {
    fn holds(&self, ticket: Option<&Ticket>) -> bool {
        match self {
            Self::Exists => ticket.is_some(),
            Self::Points(operator, points) => match ticket {
                Some(ticket) => operator.holds(ticket.points.cmp(points)),
                None => *operator == Operator::Different,
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

    pub fn time(is_past: Option<bool>) -> Option<Timestamp> {
        is_past.map(|is_past| if is_past { past() } else { future() })
    }
}

/// A part of a key is never empty, whatever is beside it.
fn check_parts(ticket: &Ticket) -> Written {
    let parts = [Some(&ticket.state), ticket.place.as_ref(), ticket.owner.as_ref()];
    if parts.into_iter().flatten().any(String::is_empty) { Err(Refused::Invalid) } else { Ok(()) }
}
