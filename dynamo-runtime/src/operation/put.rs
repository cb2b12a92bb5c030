//! Writing a whole item.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::conditioned::{
    Conditioned, HasCondition, NoCondition, PutConditionFor, Unconditional, audit,
};
use super::guards::{Guards, now};
use super::request::Request;
use super::response::Response;
use super::returning::{ReturnOld, Returning};
use super::stamped::Stamped;
use super::unique::{GuardChange, GuardChanges, GuardKeys, same_values, unknown_values};
use super::write::{GuardPart, Write, item_request, next_version, replay, send_changes, send_item};
use crate::client::SecureClient;
use crate::entity::{Entity, Stamp};
use crate::error::{Error, ReadCurrent, WriteError, read_current};
use crate::expression::IntoCondition;
use crate::key::{KeyAttribute, TemplatedKey};
use crate::schema::EntitySchema;
use crate::subject::Subject;
use crate::value::{Revision as _, Timestamp};

/// Writes a whole item: made by [`put`](crate::Operations::put) and
/// [`replace`](crate::Operations::replace) of its entity.
///
/// `C` says whether it has a condition; without one it cannot be sent.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let ann = User::put(ann).if_exists().deadline(Duration::from_secs(2)).send(&client).await?;
/// let put = User::put(ann).condition(User::EMAIL.begins_with("ann@"));
/// assert_eq!(put.clone().send_with_metadata(&client).await?.value.version, Version::new(3));
///
/// let error = put.exactly_once().send(&client).await.unwrap_err(); // at version 2, which is gone
/// assert_eq!(error.current().map(|user| user.version), Some(Version::new(3)));
///
/// engine.faults().lose_response("PutItem");
/// let ann = error.into_current().ok_or("no such user")?;
/// let error = User::replace(ann).at_most_once().send(&client).await.unwrap_err();
/// assert!(error.is_outcome_unknown());
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
#[expect(clippy::struct_excessive_bools, reason = "each is what one method says")]
pub struct Put<E, C> {
    entity: E,
    operation: &'static str,
    guards: Guards,
    /// Whether an item must be there.
    is_existing: bool,
    is_checked: bool,
    is_at_most_once: bool,
    deadline: Option<Duration>,
    /// The guards of unique attributes that change with it; by default those that a new item needs.
    guarded: Option<GuardChanges>,
    /// Whether the item may have other unique values before.
    is_moving: bool,
    condition: PhantomData<fn() -> C>,
}

impl<E: Entity> Put<E, NoCondition> {
    pub(crate) fn new(entity: E) -> Self {
        Self::with(entity, "put")
    }
}

impl<E: Entity> Put<E, HasCondition> {
    pub(crate) fn replace(entity: E) -> Self {
        Self { is_existing: true, ..Self::with(entity, "replace") }
    }

    /// With the guards of its unique attributes, which an older item may lack.
    pub(crate) fn claiming(entity: E) -> Self {
        let guarded = Some(GuardChanges::all(GuardChange::Claim, &entity));
        Self { is_existing: true, guarded, ..Self::with(entity, "claim_unique") }
    }

    /// Moves the guards, too, from those of what was read at the entity's version.
    pub(super) fn moving(mut self, before: GuardKeys) -> Self {
        let moved = GuardChanges::moved(before, &self.entity);
        self.is_moving = !moved.is_empty();
        self.guarded = Some(moved);
        self
    }
}

impl<E: Entity> Put<E, Unconditional> {
    pub(crate) fn unconditional(entity: E) -> Self {
        let put = Self::with(entity, "put_unconditionally");
        Self { is_checked: false, ..put }
    }
}

impl<E: Entity, C> Put<E, C> {
    fn with(entity: E, operation: &'static str) -> Self {
        Self {
            entity,
            operation,
            guards: Guards::default(),
            is_existing: false,
            is_checked: true,
            is_at_most_once: false,
            deadline: None,
            guarded: None,
            is_moving: false,
            condition: PhantomData,
        }
    }

    fn state<State>(self) -> Put<E, State> {
        let Self { entity, operation, guards, is_existing, is_checked, .. } = self;
        let (is_at_most_once, deadline) = (self.is_at_most_once, self.deadline);
        let (guarded, is_moving) = (self.guarded, self.is_moving);
        Put {
            entity,
            operation,
            guards,
            is_existing,
            is_checked,
            is_at_most_once,
            deadline,
            guarded,
            is_moving,
            condition: PhantomData,
        }
    }

    /// The item must exist and be alive.
    pub fn if_exists(mut self) -> Put<E, HasCondition> {
        self.is_existing = true;
        self.is_checked = true;
        self.state()
    }

    /// The condition that the item must fulfil as it is now; several must all hold.
    pub fn condition(mut self, condition: impl IntoCondition<E>) -> Put<E, HasCondition> {
        self.guards.add(condition.into_condition().into_fragment());
        self.is_checked = true;
        self.state()
    }

    pub(super) fn entity(&self) -> &E {
        &self.entity
    }

    /// Gives back what was there before, with the entity as it was written. Call it last, before
    /// `send`.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "notes")]
    /// # struct Note { #[dynamo(partition_key)] id: String, text: String }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let client = SecureClient::local().table::<Note>().build().await?;
    /// # let note = |text: &str| Note { id: "n1".into(), text: text.into() };
    /// # Note::create(note("first")).send(&client).await?;
    /// let put = Note::put(note("second")).if_exists().returning_old().send(&client).await?;
    /// assert_eq!(put.old, Some(note("first")));
    /// assert_eq!(put.new, note("second"));
    /// # Ok(()) })
    /// # }
    /// ```
    pub fn returning_old(self) -> PutReturningOld<E, C>
    where
        C: PutConditionFor<E>,
    {
        PutReturningOld(self)
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

impl<E: Entity, C: Conditioned> Put<E, C> {
    /// Sends it, and gives the entity as it was written.
    ///
    /// # Errors
    /// The condition failed ([`WriteError::is_condition_failed`]), the item is not one that
    /// DynamoDB takes, or the call failed.
    pub async fn send(self, client: &SecureClient) -> Result<E, WriteError<E>> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<E>, WriteError<E>> {
        if const { !E::SCHEMA.unique.is_empty() } && !self.guard_changes().is_empty() {
            return self.sent_once().send_with_metadata(client).await;
        }
        let (now, deadline) = (now(client), self.deadline);
        let (request, entity) = self.item_request(client, now)?;
        send_item(client, request, entity, deadline, now).await
    }

    /// The guards that change with it.
    fn guard_changes(&self) -> GuardChanges {
        match (&self.guarded, self.entity.version()) {
            (Some(changes), _) => changes.clone(),
            (None, Some(version)) if version.is_unsaved() && !self.is_existing => {
                GuardChanges::all(GuardChange::Claim, &self.entity)
            }
            (None, _) => GuardChanges::default(),
        }
    }

    fn item_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, Stamped<E>), Error> {
        let Self {
            entity,
            operation,
            mut guards,
            is_existing,
            is_checked,
            is_at_most_once,
            is_moving,
            ..
        } = self;
        audit::<E, C>(client, operation);
        if const { tolerates_stale_keys(E::SCHEMA.templates) } {
            audit_stale_keys::<E>(client, operation);
        }
        let version = entity.version();
        if is_existing {
            guards.item_exists::<E>();
        }
        if is_checked {
            guards.version::<E>(version.clone());
            guards.alive::<E>(now);
            if !is_existing {
                guards.absent_or_of_entity::<E>();
            }
        }
        if const { !E::SCHEMA.unique.is_empty() } && !is_moving {
            same_values(&entity, is_existing, &mut guards);
        }
        let is_versioned = version.is_some();
        let subject = Subject { entity: E::SCHEMA.entity, operation };
        let stamp = stamp::<E>(version, is_existing, now, subject)?;
        let entity = Stamped::new(entity, &stamp);
        let replay = replay(is_versioned, is_at_most_once);
        let request = item_request(client, operation, &entity, guards, replay)?;
        Ok((request, entity))
    }
}

/// A put that gives back what was there before: made by [`Put::returning_old`].
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let open = Order::get(order(1)).send(&client).await?.ok_or("no order")?;
/// let paid = Order { status: Some("paid".into()), ..open.clone() };
/// let put = Order::put(paid.clone()).if_exists().returning_old();
/// let response = put.clone().send_with_metadata(&client).await?;
/// assert_eq!((response.value.old, response.attempts), (Some(open), 1));
/// assert_eq!(put.send(&client).await?.old, Some(paid));
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct PutReturningOld<E, C>(Put<E, C>);

/// What a put has written, and what it has written over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overwritten<E> {
    /// The entity as it was written.
    pub new: E,
    /// The entity that was there before, if there was one.
    pub old: Option<E>,
}

impl<E: Entity, C: Conditioned> PutReturningOld<E, C> {
    /// Sends it, and gives the entity as it was written with the one that was there before.
    ///
    /// # Errors
    /// As [`Put::send`]. Where the old item does not fit the entity
    /// ([`Error::is_decode`](crate::Error::is_decode)), the new one was written all the same; and where
    /// the response was lost, what was there before is lost with it
    /// ([`WriteError::is_outcome_unknown`]).
    pub async fn send(self, client: &SecureClient) -> Result<Overwritten<E>, WriteError<E>> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Overwritten<E>>, WriteError<E>> {
        let Self(put) = self;
        if const { !E::SCHEMA.unique.is_empty() } && !put.guard_changes().is_empty() {
            return Err(unknown_values::<E>(put.operation).into());
        }
        let (now, deadline) = (now(client), put.deadline);
        let (mut request, entity) = put.item_request(client, now)?;
        request.return_values(<ReturnOld<E> as Returning<E>>::return_values(&[]));
        let call = request.finish(deadline)?;
        let old = send_changes::<E, ReturnOld<E>>(client, call, now, |_| None).await?;
        Ok(old.map(|old| Overwritten { new: entity.into_entity(), old }))
    }
}

impl<E: Entity, C: Conditioned> Write for Put<E, C> {
    type Written = E;

    fn into_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, E), Error> {
        let (request, entity) = self.item_request(client, now)?;
        Ok((request, entity.into_entity()))
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn read_current(&self) -> ReadCurrent {
        read_current::<E>
    }

    fn guards<'a>(&self, client: &'a SecureClient) -> Result<Vec<GuardPart<'a>>, Error> {
        if const { E::SCHEMA.unique.is_empty() } {
            return Ok(Vec::new());
        }
        self.guard_changes().parts::<E>(client, &self.entity.to_key())
    }
}

/// Whether a key may be another one than its parts make.
const fn tolerates_stale_keys(mut templates: &[TemplatedKey]) -> bool {
    while let [key, rest @ ..] = templates {
        if key.is_stale_tolerated {
            return true;
        }
        templates = rest;
    }
    false
}

/// Tells the client's audit of the indexes whose keys may have been stale.
fn audit_stale_keys<E: Entity>(client: &SecureClient, operation: &'static str) {
    let EntitySchema { entity, table, templates, indexes, .. } = E::SCHEMA;
    let is_stale = |key: &KeyAttribute| {
        templates.iter().any(|known| known.attribute == key.name && known.is_stale_tolerated)
    };
    for index in indexes.iter().filter(|index| index.keys().any(|key| is_stale(&key))) {
        client.audit_index_keys(Subject { entity, operation }, index.name, table);
    }
}

/// The next version; an entity that was never stored is new, unless an item must be there.
fn stamp<E: Entity>(
    version: Option<E::Revision>,
    is_existing: bool,
    now: Timestamp,
    subject: Subject,
) -> Result<Stamp<E::Revision>, Error> {
    let Some(version) = version else { return Ok(Stamp::written(now, E::Revision::default())) };
    let next = next_version::<E>(&version, subject)?;
    Ok(if version.is_unsaved() && !is_existing {
        Stamp::created(now, next)
    } else {
        Stamp::written(now, next)
    })
}

impl<E: Clone, C> Clone for Put<E, C> {
    fn clone(&self) -> Self {
        Self {
            entity: self.entity.clone(),
            operation: self.operation,
            guards: self.guards.clone(),
            is_existing: self.is_existing,
            is_checked: self.is_checked,
            is_at_most_once: self.is_at_most_once,
            deadline: self.deadline,
            guarded: self.guarded.clone(),
            is_moving: self.is_moving,
            condition: PhantomData,
        }
    }
}

impl<E: Clone, C> Clone for PutReturningOld<E, C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Shows the shape, and no value.
impl<E: Entity, C> fmt::Debug for PutReturningOld<E, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PutReturningOld").field(&self.0).finish()
    }
}

/// Shows the shape, and no value.
impl<E: Entity, C> fmt::Debug for Put<E, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Put")
            .field("entity", &E::SCHEMA.entity)
            .field("operation", &self.operation)
            .field("condition", &self.guards)
            .finish_non_exhaustive()
    }
}
