//! Deleting an item.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::conditioned::{Conditioned, HasCondition, NoCondition, Unconditional, audit};
use super::guards::{Guards, now};
use super::request::Request;
use super::response::Response;
use super::returning::{ReturnNothing, ReturnOld, Returning};
use super::unique::{GuardChange, GuardChanges, same_values, unknown_values};
use super::write::{GuardPart, Write, replay, send_changes};
use crate::client::{Api, SecureClient};
use crate::entity::{Entity, Versioned};
use crate::error::{Error, ErrorKind, ReadCurrent, WriteError, read_current};
use crate::expression::IntoCondition;
use crate::projection::OwnedProjection;
use crate::subject::Subject;
use crate::value::Timestamp;

/// Deletes an item: made by [`delete`](crate::Operations::delete) and
/// [`delete_entity`](crate::Operations::delete_entity) of its entity.
///
/// `C` says whether it has a condition; without one it cannot be sent. `R` is what it gives
/// back.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let deleted = Order::delete(order(1)).if_exists().returning_old().send(&client).await?;
/// assert_eq!(deleted.map(|order| order.total), Some(10));
///
/// let delete = Order::delete(order(2)).condition(Order::TOTAL.eq(20));
/// let response = delete.deadline(Duration::from_secs(2)).send_with_metadata(&client).await?;
/// assert_eq!(response.attempts, 1);
///
/// let delete = User::delete(User::key("ann")).at_version(Version::new(7));
/// let error = delete.exactly_once().send(&client).await.unwrap_err();
/// assert_eq!(error.into_current(), Some(ann)); // which is at version 1
///
/// engine.faults().lose_response("DeleteItem");
/// let delete = Order::delete(order(3)).if_exists().at_most_once();
/// assert!(delete.send(&client).await.unwrap_err().is_outcome_unknown());
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Delete<E: Entity, C, R = ReturnNothing> {
    key: E::Key,
    guards: Guards,
    is_checked: bool,
    is_at_most_once: bool,
    deadline: Option<Duration>,
    /// The guards of the entity that is deleted; not known of a key alone.
    released: Option<GuardChanges>,
    state: PhantomData<fn() -> (C, R)>,
}

impl<E: Entity> Delete<E, NoCondition> {
    pub(crate) fn new(key: E::Key) -> Self {
        Self::with(key)
    }
}

impl<E: Entity> Delete<E, HasCondition> {
    pub(crate) fn entity(entity: &E) -> Self {
        let mut delete = Self::with(entity.to_key());
        delete.guards.version::<E>(entity.version());
        if const { !E::SCHEMA.unique.is_empty() } {
            same_values(entity, true, &mut delete.guards);
            delete.released = Some(GuardChanges::all(GuardChange::Release, entity));
        }
        delete
    }
}

impl<E: Entity> Delete<E, Unconditional> {
    pub(crate) fn unconditional(key: E::Key) -> Self {
        Self { is_checked: false, ..Self::with(key) }
    }
}

impl<E: Entity, C, R> Delete<E, C, R> {
    fn with(key: E::Key) -> Self {
        Self {
            key,
            guards: Guards::default(),
            is_checked: true,
            is_at_most_once: false,
            deadline: None,
            released: None,
            state: PhantomData,
        }
    }

    fn state<C2, R2>(self) -> Delete<E, C2, R2> {
        let Self { key, guards, is_checked, is_at_most_once, deadline, released, state: _ } = self;
        Delete { key, guards, is_checked, is_at_most_once, deadline, released, state: PhantomData }
    }

    /// The item must exist and be alive, as every delete under a condition requires.
    pub fn if_exists(mut self) -> Delete<E, HasCondition, R> {
        self.is_checked = true;
        self.state()
    }

    /// The condition that the item must fulfil as it is now; several must all hold.
    pub fn condition(mut self, condition: impl IntoCondition<E>) -> Delete<E, HasCondition, R> {
        self.guards.add(condition.into_condition().into_fragment());
        self.is_checked = true;
        self.state()
    }

    /// The item must be at this version.
    pub fn at_version(mut self, version: E::Version) -> Delete<E, HasCondition, R>
    where
        E: Versioned,
    {
        self.guards.version::<E>(Some(version));
        self.is_checked = true;
        self.state()
    }

    /// Gives back the deleted entity.
    pub fn returning_old(self) -> Delete<E, C, ReturnOld<E>> {
        self.state()
    }

    pub(super) fn key(&self) -> &E::Key {
        &self.key
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

impl<E: Entity, C, P> Delete<E, C, ReturnOld<P>> {
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
    /// let delete = Order::delete(order(3)).if_exists().returning_old().project::<Total>();
    /// assert_eq!(delete.send(&client).await?.map(|order| order.total), Some(30));
    /// # Ok(()) }
    /// ```
    pub fn project<Q: OwnedProjection<E>>(self) -> Delete<E, C, ReturnOld<Q>> {
        self.state()
    }
}

impl<E: Entity, C: Conditioned, R: Returning<E>> Delete<E, C, R> {
    /// Sends it.
    ///
    /// # Errors
    /// The condition failed ([`WriteError::is_condition_failed`]), or the call failed. Where the
    /// item that it gives back does not fit the entity
    /// ([`Error::is_decode`](crate::Error::is_decode)), it was deleted all the same.
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
        if const { !E::SCHEMA.unique.is_empty() } {
            return self.send_with_guards(client).await;
        }
        let (now, deadline) = (now(client), self.deadline);
        let (mut request, _) = self.key_request(client, now)?;
        request.return_values(R::return_values(&[]));
        // A delete leaves nothing that would distinguish it from another's.
        send_changes::<E, R>(client, request.finish(deadline)?, now, |_| None).await
    }
}

impl<E: Entity, C: Conditioned, R: Returning<E>> Delete<E, C, R> {
    /// As a transaction, which gives no item back.
    async fn send_with_guards(
        self,
        client: &SecureClient,
    ) -> Result<Response<R::Output>, WriteError<E>> {
        if R::return_values(&[]).is_some() {
            return Err(unknown_values::<E>("delete").into());
        }
        let deleted = self.state::<C, ReturnNothing>().sent_once();
        let response = deleted.send_with_metadata(client).await?;
        let nothing = R::recover(b"{}");
        let subject = Subject { entity: E::SCHEMA.entity, operation: "delete" };
        let missing = ErrorKind::Incomplete { member: "Attributes" };
        let nothing = nothing.ok_or_else(|| subject.error(missing))?;
        Ok(response.map(|()| nothing))
    }
}

impl<E: Entity, C: Conditioned, R> Delete<E, C, R> {
    /// Writes the request, and gives the key back.
    pub(super) fn key_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, E::Key), Error> {
        audit::<E, C>(client, "delete_unconditionally");
        if const { !E::SCHEMA.unique.is_empty() } && self.released.is_none() {
            return Err(unknown_values::<E>("delete"));
        }
        let mut guards = Guards::default();
        if self.is_checked {
            guards.item_exists::<E>();
        }
        guards.add(self.guards.into_fragment());
        if self.is_checked {
            guards.alive::<E>(now);
        }
        let mut request = Request::new::<E>(client, Api::DeleteItem, "delete", 0);
        request.replay(replay(self.is_checked, self.is_at_most_once));
        request.key(&self.key)?;
        request.condition(&guards.into_fragment())?;
        Ok((request, self.key))
    }
}

impl<E: Entity, C: Conditioned, R> Write for Delete<E, C, R> {
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

    fn guards<'a>(&self, client: &'a SecureClient) -> Result<Vec<GuardPart<'a>>, Error> {
        match &self.released {
            Some(released) => released.parts::<E>(client, &self.key),
            None => Ok(Vec::new()),
        }
    }
}

impl<E: Entity, C, R> Clone for Delete<E, C, R> {
    fn clone(&self) -> Self {
        Self {
            key: self.key.clone(),
            guards: self.guards.clone(),
            is_checked: self.is_checked,
            is_at_most_once: self.is_at_most_once,
            deadline: self.deadline,
            released: self.released.clone(),
            state: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, C, R> fmt::Debug for Delete<E, C, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delete")
            .field("entity", &E::SCHEMA.entity)
            .field("condition", &self.guards)
            .finish_non_exhaustive()
    }
}
