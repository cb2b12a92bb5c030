//! Changing attributes of an item.

mod actions;
mod operand;

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::conditioned::{Conditioned, HasCondition, audit};
use super::guards::{Guards, now};
use super::request::Request;
use super::response::Response;
use super::returning::{ReturnNew, ReturnOld, Returning};
use super::write::{ConditionFailed, Write, replay, send_changes};
use crate::client::{Api, SecureClient};
use crate::codec::Plain;
use crate::codec::equality::same_value;
use crate::codec::response::member_item;
use crate::entity::{Entity, Key as _, PartAttributes, Versioned, note_time, set_keys};
use crate::error::{Error, ReadCurrent, WriteError, read_current};
use crate::expression::{Actions, Condition, ExpressionError, Fragment, SameEntity};
use crate::projection::OwnedProjection;
use crate::value::{Timestamp, Version};

/// Changes attributes of an item: made by [`update`](crate::Operations::update) and
/// [`upsert`](crate::Operations::upsert) of its entity.
///
/// `C` tells whether it has a condition; without one it cannot be sent. `R` tells what it gives
/// back. Its actions do not change its type, so they can be added in a loop.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let update = Order::update(order(1)).set(Order::STATUS, "paid").if_exists();
/// let old = update.clone().returning_old().send(&client).await?.ok_or("no such order")?;
/// assert_eq!(old.status.as_deref(), Some("open"));
/// let new = update.returning_new().deadline(Duration::from_secs(2)).send_with_metadata(&client).await?;
/// assert_eq!(new.value.status.as_deref(), Some("paid"));
///
/// let rename = User::update(User::key("ann")).set(User::EMAIL, "a@example.com");
/// rename.clone().at_version(Version::FIRST).send(&client).await?;
/// let late = rename.at_version(Version::FIRST).send(&client).await.unwrap_err();
/// assert_eq!(late.current().map(|user| user.version), Some(Version::new(2)));
/// # Ok(()) }
/// ```
///
/// An addition is not repeated blindly when a response is lost:
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let count = || Order::update(order(1)).add(Order::TOTAL, 1_u32).if_exists();
/// engine.faults().lose_response("UpdateItem");
/// assert!(count().at_most_once().send(&client).await.unwrap_err().is_outcome_unknown());
///
/// engine.faults().lose_response("TransactWriteItems");
/// count().exactly_once().send(&client).await?;
/// let total = Order::get(order(1)).attribute(Order::TOTAL).send(&client).await?;
/// assert_eq!(total, Some(12)); // both were applied, each once
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Update<E: Entity, C, R> {
    key: E::Key,
    is_upsert: bool,
    actions: Actions,
    guards: Guards,
    version: Option<Version>,
    is_at_most_once: bool,
    deadline: Option<Duration>,
    state: PhantomData<fn() -> (C, R)>,
}

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

    fn state<C2, R2>(self) -> Update<E, C2, R2> {
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

impl<E: Entity, C, R> Update<E, C, R> {
    /// The item must exist and be alive, as every update requires.
    pub fn if_exists(mut self) -> Update<E, HasCondition, R> {
        if self.is_upsert {
            self.guards.item_exists::<E>();
        }
        self.state()
    }

    /// The condition that the item must fulfil as it is now; several must all hold.
    ///
    /// Conditions that are known only at run time are added in an `if` or a loop, to a write that
    /// has one already:
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "tasks")]
    /// # struct Task { #[dynamo(partition_key)] name: String, owner: String, is_done: bool }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let client = SecureClient::local().table::<Task>().build().await?;
    /// # let task = Task { name: "tidy".into(), owner: "ann".into(), is_done: false };
    /// # Task::create(task).send(&client).await?;
    /// # let only_own = true;
    /// let mut update = Task::update(Task::key("tidy")).set(Task::IS_DONE, true).if_exists();
    /// if only_own {
    ///     update = update.condition(Task::OWNER.eq("bob"));
    /// }
    /// assert!(update.send(&client).await.unwrap_err().is_condition_failed());
    /// # Ok(()) })
    /// # }
    /// ```
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let pay = Order::update(order(1))
    ///     .set(Order::STATUS, "paid")
    ///     .condition(Order::STATUS.eq("open"))
    ///     .condition(Order::TOTAL.lt(15));
    /// assert!(pay.send(&client).await.is_ok());
    /// # Ok(()) }
    /// ```
    pub fn condition<F, K>(mut self, condition: Condition<F, K>) -> Update<E, HasCondition, R>
    where
        F: SameEntity<E>,
    {
        self.guards.add(condition.into_fragment());
        self.state()
    }

    /// The item must be at this version.
    pub fn at_version(mut self, version: Version) -> Update<E, HasCondition, R>
    where
        E: Versioned,
    {
        self.guards.version::<E>(Some(version));
        self.version = Some(version);
        self.state()
    }

    /// Gives back the entity as it is after the update.
    pub fn returning_new(self) -> Update<E, C, ReturnNew<E>> {
        self.state()
    }

    /// Gives back the entity as it was before the update.
    pub fn returning_old(self) -> Update<E, C, ReturnOld<E>> {
        self.state()
    }

    /// Sends it once only: after its first byte has left it is sent again only if DynamoDB rejected
    /// it, as under throttling. If its response is lost, its outcome is unknown
    /// ([`WriteError::is_outcome_unknown`]).
    pub fn at_most_once(mut self) -> Self {
        self.is_at_most_once = true;
        self
    }

    /// The longest that the call may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

impl<E: Entity, C, P> Update<E, C, ReturnNew<P>> {
    /// Gives back the projection instead; where the update sets all of its attributes, the service
    /// sends nothing else.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// #[derive(Projection)]
    /// #[dynamo(of = Order)]
    /// struct Total {
    ///     total: u32,
    /// }
    ///
    /// let update = Order::update(order(1)).add(Order::TOTAL, 1_u32).if_exists();
    /// let changed = update.returning_new().project::<Total>().send(&client).await?;
    /// assert_eq!(changed.total, 11);
    /// # Ok(()) }
    /// ```
    pub fn project<Q: OwnedProjection<E>>(self) -> Update<E, C, ReturnNew<Q>> {
        self.state()
    }
}

impl<E: Entity, C, P> Update<E, C, ReturnOld<P>> {
    /// Gives back the projection instead.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// #[derive(Projection)]
    /// #[dynamo(of = Order)]
    /// struct Total {
    ///     total: u32,
    /// }
    ///
    /// let update = Order::update(order(1)).set(Order::TOTAL, 0_u32).if_exists();
    /// let before = update.returning_old().project::<Total>().send(&client).await?;
    /// assert_eq!(before.map(|order| order.total), Some(10));
    /// # Ok(()) }
    /// ```
    pub fn project<Q: OwnedProjection<E>>(self) -> Update<E, C, ReturnOld<Q>> {
        self.state()
    }
}

impl<E: Entity, C: Conditioned, R: Returning<E>> Update<E, C, R> {
    /// Sends it.
    ///
    /// # Errors
    /// The condition failed ([`WriteError::is_condition_failed`]), the update is not one that
    /// DynamoDB takes, or the call failed. Where the item that it gives back does not fit the
    /// entity ([`Error::is_decode`](crate::Error::is_decode)), it was updated all the same.
    pub async fn send(self, client: &SecureClient) -> Result<R::Output, WriteError<E>> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<R::Output>, WriteError<E>> {
        let (now, deadline) = (now(client), self.deadline);
        let (mut request, sent) = self.key_request(client, now)?;
        request.return_values(R::return_values(sent.actions.set_attributes()));
        let mut null = None;
        let call = request.finish(deadline)?;
        let updated = send_changes::<E, R>(client, call, now, |failed| {
            null = failed.item().and_then(|item| sent.actions.null_in(item));
            sent.recover::<E, R>(failed)
        });
        updated.await.map_err(|error| error.map_error(|error| error.with_null(null)))
    }
}

/// What was sent of an update, to recognize it in the item.
struct Sent {
    actions: Actions,
    version: Option<Version>,
}

impl Sent {
    /// What the update gives back, if an attempt whose response was lost turns out to be applied.
    fn recover<E: Entity, R: Returning<E>>(&self, failed: &ConditionFailed) -> Option<R::Output> {
        let current = failed.item_after_lost_attempt()?;
        // Without a time of its own another writer's equal update would pass for this one; with it
        // an action whose result depends on what was there, as an addition, is recognized too.
        E::SCHEMA.updated_at?;
        let raised = self.version?.next()?;
        let entity = member_item::<E>(failed.body(), "Item").ok()??;
        let is_raised = crate::entity::Managed::version(&entity) == Some(raised);
        let mut outcome = self.actions.outcome().iter();
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
    fn key_request(
        mut self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, Sent), Error> {
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
        let condition = all_guards::<E>(is_upsert, guards, &actions, now);
        request.write_expressions(&actions.expression(), &condition)?;
        Ok((request, Sent { actions, version }))
    }
}

/// The caller's conditions, and those of the library.
fn all_guards<E: Entity>(
    is_upsert: bool,
    given: Guards,
    actions: &Actions,
    now: Timestamp,
) -> Fragment {
    let mut guards = Guards::default();
    if !is_upsert {
        guards.item_exists::<E>();
    }
    guards.add(given.into_fragment());
    guards.add(actions.guards().clone());
    guards.alive::<E>(now);
    guards.into_fragment()
}

impl<E: Entity, C: Conditioned, R> Write for Update<E, C, R> {
    type Written = ();

    fn into_request<'a>(
        self,
        client: &'a SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'a>, ()), Error> {
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
    pub(crate) fn expression(&self) -> Fragment {
        self.actions.expression()
    }

    /// Adds the attributes that the library writes itself.
    fn manage(&mut self, now: Timestamp) {
        let schema = E::SCHEMA;
        if let Some(updated_at) = schema.updated_at {
            self.actions.set::<Plain, _>(&updated_at.into(), &now);
            note_time::<E>(self.actions.parts(), updated_at, now, false);
        }
        if let (Some(created_at), true) = (schema.created_at, self.is_upsert) {
            self.actions.set_if_absent::<Plain, _>(&created_at.into(), &now, |_| Ok(()));
            note_time::<E>(self.actions.parts(), created_at, now, true);
        }
        if let Some(version) = schema.version {
            self.actions.raise_version(version);
        }
        if self.is_upsert {
            self.key.set_parts(&mut PartAttributes(&mut self.actions));
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
            version: self.version,
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
            .field("actions", &self.actions.expression())
            .field("condition", &self.guards)
            .finish_non_exhaustive()
    }
}
