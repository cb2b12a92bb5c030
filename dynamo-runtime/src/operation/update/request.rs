//! An update as it is built and written in a request, and how an update is recognized in the item.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::Update;
use crate::client::{Api, SecureClient};
use crate::codec::Plain;
use crate::codec::equality::same_value;
use crate::codec::response::member_item;
use crate::entity::{Entity, Key as _, PartAttributes, note_time, set_keys};
use crate::error::{Error, ReadCurrent, read_current};
use crate::expression::{Actions, ExpressionError};
use crate::operation::conditioned::{Conditioned, audit};
use crate::operation::guards::Guards;
use crate::operation::request::Request;
use crate::operation::returning::Returning;
use crate::operation::write::{ConditionFailed, Write, replay};
use crate::value::{Revision as _, Timestamp};

impl<E: Entity, C, R> Update<E, C, R> {
    pub(crate) fn existing(key: E::Key) -> Self {
        Self::with(key, false)
    }

    pub(crate) fn upsert(key: E::Key) -> Self {
        Self::with(key, true)
    }

    fn with(key: E::Key, is_upsert: bool) -> Self {
        Self {
            key,
            is_upsert,
            actions: Actions::default(),
            guards: Guards::default(),
            version: None,
            is_at_most_once: false,
            deadline: None,
            state: PhantomData,
        }
    }

    pub(super) fn state<C2, R2>(self) -> Update<E, C2, R2> {
        let Self { key, is_upsert, actions, guards, version, is_at_most_once, deadline, .. } = self;
        Update {
            key,
            is_upsert,
            actions,
            guards,
            version,
            is_at_most_once,
            deadline,
            state: PhantomData,
        }
    }
}

/// What was sent of an update, to recognize it in the item.
pub(super) struct Sent<E: Entity> {
    pub(super) actions: Actions,
    version: Option<E::Revision>,
}

impl<E: Entity> Sent<E> {
    /// What the update gives back, if an attempt whose response was lost turns out to be applied.
    pub(super) fn recover<R: Returning<E>>(&self, failed: &ConditionFailed) -> Option<R::Output> {
        let current = failed.item_after_lost_attempt()?;
        // Without a time or a token of its own another writer's equal update would pass for this
        // one; with it an action whose result depends on what was there, as an addition, is
        // recognized too.
        let is_raised = if E::Revision::IS_OF_ONE_WRITE {
            self.version.is_some()
        } else {
            E::SCHEMA.updated_at.filter(|_| E::UPDATED_AT.is_exact)?;
            let raised = self.version.as_ref()?.next(E::FIRST_VERSION).ok()?;
            let entity = member_item::<E>(failed.body(), "Item").ok()??;
            entity.version() == Some(raised)
        };
        let mut outcome = self.actions.outcome();
        let is_written = outcome.all(|(path, sent)| match (path.value_in(current), sent) {
            (Ok(None), None) => true,
            (Ok(Some(found)), Some(sent)) => same_value(found, sent).unwrap_or(false),
            _ => false,
        });
        if is_raised && is_written { R::recover(current) } else { None }
    }
}

impl<E: Entity, C: Conditioned, R> Update<E, C, R> {
    /// Adds the attributes that the library writes itself, its conditions too, and writes the
    /// request.
    pub(super) fn key_request(
        mut self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, Sent<E>), Error> {
        audit::<E, C>(client, "upsert_unconditionally");
        if self.actions.is_empty() {
            self.actions.fail(ExpressionError::NoActions);
        }
        self.manage(now);
        if self.is_upsert && self.actions.only_removes() {
            self.actions.fail(ExpressionError::OnlyRemovals);
        }
        let operation = if self.is_upsert { "upsert" } else { "update" };
        let mut request = Request::new::<E>(client, Api::UpdateItem, operation, 256);
        request.replay(replay(self.version.is_some(), self.is_at_most_once));
        request.key(&self.key)?;
        let Self { is_upsert, mut actions, guards, version, .. } = self;
        actions.check_item_size(request.item_size());
        let mut given = Guards::default();
        if is_upsert {
            given.absent_or_of_entity::<E>();
        } else {
            given.item_exists::<E>();
        }
        given.add(guards.into_fragment());
        let mut alive = Guards::default();
        alive.alive::<E>(now);
        let conditions = [given.as_fragment(), actions.guards(), alive.as_fragment()];
        request.update(&actions, &conditions)?;
        Ok((request, Sent { actions, version }))
    }
}

impl<E: Entity, C: Conditioned, R> Write for Update<E, C, R> {
    type Written = ();

    fn into_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, ()), Error> {
        let (request, _) = self.key_request(client, now)?;
        Ok((request, ()))
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn read_current(&self) -> ReadCurrent {
        read_current::<E>
    }
}

impl<E: Entity, C, R> Update<E, C, R> {
    /// The actions, for a bench of the renderer.
    #[cfg(feature = "__benches")]
    pub(crate) fn actions(&self) -> &Actions {
        &self.actions
    }

    /// Adds the attributes that the library writes itself.
    fn manage(&mut self, now: Timestamp) {
        let schema = E::SCHEMA;
        if let Some(updated_at) = schema.updated_at {
            self.actions.write(&updated_at.into(), |writer| (E::UPDATED_AT.write)(now, writer));
            note_time::<E>(self.actions.parts(), updated_at, now, false);
        }
        if let (Some(created_at), true) = (schema.created_at, self.is_upsert) {
            self.actions.write_if_absent(
                &created_at.into(),
                |writer| (E::CREATED_AT.write)(now, writer),
                |_| Ok(()),
            );
            note_time::<E>(self.actions.parts(), created_at, now, true);
        }
        if let Some(version) = schema.version {
            match E::Revision::token() {
                None => self.actions.raise_version(version, E::FIRST_VERSION),
                Some(Ok(token)) => self.actions.set::<Plain, _>(&version.into(), &token),
                Some(Err(_)) => self.actions.fail(ExpressionError::NoRandomness),
            }
        }
        if self.is_upsert {
            self.key.set_parts(&mut PartAttributes(&mut self.actions));
            for constant in schema.constants {
                self.actions.set::<Plain, String>(&constant.name.into(), &constant.text.to_owned());
            }
        }
        set_keys::<E>(&mut self.actions, &self.key, self.is_upsert);
    }
}

impl<E: Entity, C, R> Clone for Update<E, C, R> {
    fn clone(&self) -> Self {
        Self {
            key: self.key.clone(),
            is_upsert: self.is_upsert,
            actions: self.actions.clone(),
            guards: self.guards.clone(),
            version: self.version.clone(),
            is_at_most_once: self.is_at_most_once,
            deadline: self.deadline,
            state: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, C, R> fmt::Debug for Update<E, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update")
            .field("entity", &E::SCHEMA.entity)
            .field("actions", &self.actions)
            .field("condition", &self.guards)
            .finish_non_exhaustive()
    }
}
