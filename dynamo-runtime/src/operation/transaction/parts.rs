//! The actions of a transaction while they are written, each at its place.

use std::time::Duration;

use super::SUBJECT;
use super::sending::Sending;
use crate::client::SecureClient;
use crate::error::{Error, ReadCurrent};
use crate::operation::request::Part;
use crate::operation::write::{AnyWrite, GuardPart, TransactionAction};
use crate::value::Timestamp;

pub(super) struct TransactionParts<'a> {
    client: &'a SecureClient,
    now: Timestamp,
    /// The shortest of the transaction's and its actions'.
    deadline: Option<Duration>,
    written: Vec<(usize, Part<'a>, ReadCurrent)>,
    /// After all actions, so that each reason is found at its action's place.
    guards: Vec<GuardPart<'a>>,
}

/// An action that cannot be sent.
pub(super) struct Invalid {
    position: usize,
    pub(super) error: Error,
}

impl Invalid {
    /// The error of the action that was given first.
    pub(super) fn first(self, other: Self) -> Error {
        if self.position < other.position { self.error } else { other.error }
    }
}

impl<'a> TransactionParts<'a> {
    pub(super) fn new(
        client: &'a SecureClient,
        now: Timestamp,
        count: usize,
        deadline: Option<Duration>,
    ) -> Self {
        let written = Vec::with_capacity(count);
        Self { client, now, deadline, written, guards: Vec::new() }
    }

    /// Writes an action, and gives what its write gives.
    pub(super) fn add<W>(
        &mut self,
        position: usize,
        write: Box<dyn AnyWrite<W>>,
    ) -> Result<W, Invalid> {
        self.deadline = self.deadline.into_iter().chain(write.deadline()).min();
        let read_current = write.read_current();
        let guards = write.guards(self.client).map_err(|error| Invalid { position, error })?;
        self.guards.extend(guards);
        let (part, written) =
            write.into_part(self.client, self.now).map_err(|error| Invalid { position, error })?;
        self.written.push((position, part, read_current));
        Ok(written)
    }

    pub(super) fn into_sending(mut self, token: Option<&str>) -> Result<Sending<'a>, Error> {
        self.written.sort_by_key(|(position, ..)| *position);
        let (mut parts, mut actions) = (Vec::new(), Vec::new());
        for (_, part, read_current) in self.written {
            let (subject, read) = (part.subject, read_current);
            actions.push(TransactionAction { subject, read, guarded: None });
            parts.push(part);
        }
        for GuardPart { part, action } in self.guards {
            actions.push(action);
            parts.push(part);
        }
        Sending::of_writes(self.client, SUBJECT, &parts, actions, token, self.deadline, self.now)
    }
}
