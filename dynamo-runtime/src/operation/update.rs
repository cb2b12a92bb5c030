//! Changing attributes of an item.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::exchange::{Request, Response};
use super::prepared::{Prepared, Write};
use super::returning::{ReturnNew, ReturnOld, Returning};
use super::write::{
    AtVersion, ConditionFailed, Conditioned, Guards, HasCondition, IfExists, NoCondition, audit,
    now, write_changes,
};
use crate::attribute::{Attribute, AttributeAt, ValueFor};
use crate::client::{Api, Replay, SecureClient};
use crate::codec::response::member_item;
use crate::codec::same::{attribute_of, same_value};
use crate::codec::{AttributeValue, Plain};
use crate::entity::{CanBeAbsent, Entity, Versioned};
use crate::error::{Error, ReadCurrent, WriteError, read_current};
use crate::expression::{
    Actions, Arithmetic, Computed, Condition, Counter, ExpressionError, Fragment, NotKey,
    NotManaged, SameEntity, SetAlone,
};
use crate::key::{IndexKey, Key as _, KeyParts, PartAttributes};
use crate::projection::Owned;
use crate::value::{Timestamp, Version};

/// Changes attributes of an item: made by [`Entity::update`] and [`Entity::upsert`].
///
/// `C` tells whether it has a condition; without one it cannot be sent. `R` tells what it gives
/// back. Its actions do not change its type, so they can be added in a loop.
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Update<E: Entity, C, R> {
    key: E::Key,
    is_upsert: bool,
    actions: Actions,
    guards: Guards,
    version: Option<Version>,
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
            deadline: None,
            state: PhantomData,
        }
    }

    fn state<C2, R2>(self) -> Update<E, C2, R2> {
        let Self { key, is_upsert, actions, guards, version, deadline, state: _ } = self;
        Update { key, is_upsert, actions, guards, version, deadline, state: PhantomData }
    }

    /// Sets the attribute; `None` removes it.
    pub fn set<F, T, V, const N: usize>(mut self, attribute: Attribute<F, T, N>, value: V) -> Self
    where
        F: SameEntity<E> + AttributeAt<N, Value = T> + NotKey<N> + NotManaged<N>,
        F: SetAlone<N, F::Part>,
        V: ValueFor<T>,
    {
        let _ = attribute;
        value.with(|value| {
            self.check::<F, T, N>(value);
            self.actions.set::<F::Encoding, T>(F::NAME, value);
            F::note(value, self.actions.parts());
        });
        self
    }

    /// Sets all parts of a templated key of an index, and the key itself.
    ///
    /// The type is generated where a key has several parts: of the index `by_status` of `Order` it
    /// is `OrderByStatusKey`.
    pub fn set_index_key<K: IndexKey>(mut self, key: K) -> Self
    where
        K::Entity: SameEntity<E>,
    {
        key.set(&mut KeyParts(&mut self.actions));
        self
    }

    /// Sets the attribute unless the item has it.
    pub fn set_if_absent<F, T, V, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E>
            + AttributeAt<N, Value = T, Operand = T::Operand>
            + NotKey<N>
            + NotManaged<N>
            + Computed<N, F::Part>,
        F::Absence: CanBeAbsent,
        T: AttributeValue,
        V: ValueFor<T::Operand>,
    {
        let _ = attribute;
        value.with(|value| {
            self.actions.set_if_absent::<F::Encoding, T::Operand>(F::NAME, value, |json| {
                E::SCHEMA.check_index_keys(F::NAME, json)
            });
        });
        self
    }

    /// Removes the attribute, which must be one that can be absent.
    pub fn remove<F, T, const N: usize>(mut self, attribute: Attribute<F, T, N>) -> Self
    where
        F: SameEntity<E> + AttributeAt<N, Value = T> + NotKey<N> + NotManaged<N>,
        F: SetAlone<N, F::Part>,
        F::Absence: CanBeAbsent,
    {
        let _ = attribute;
        self.actions.remove(F::NAME);
        match F::when_absent() {
            Some(default) => F::note(&default, self.actions.parts()),
            None => self.actions.parts().note_removed(N),
        }
        self
    }

    /// Adds to the number; one that is absent counts as its default, or as zero.
    ///
    /// A result that the field's type cannot hold fails the condition.
    pub fn add<F, T, V, const N: usize>(mut self, attribute: Attribute<F, T, N>, value: V) -> Self
    where
        F: SameEntity<E> + AttributeAt<N, Value = T> + NotKey<N> + NotManaged<N>,
        F: Computed<N, F::Part>,
        T: Counter,
        V: ValueFor<T::Number>,
    {
        let _ = attribute;
        let absent = absent_number::<F, T, N>();
        value.with(|value| self.actions.add(F::NAME, value, absent.as_ref()));
        self
    }

    /// Subtracts from the number; one that is absent counts as its default, or as zero.
    ///
    /// A result that the field's type cannot hold fails the condition.
    pub fn subtract<F, T, V, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + AttributeAt<N, Value = T> + NotKey<N> + NotManaged<N>,
        F: Computed<N, F::Part>,
        T: Counter,
        V: ValueFor<T::Number>,
    {
        let _ = attribute;
        let absent = absent_number::<F, T, N>();
        value.with(|value| self.actions.subtract(F::NAME, value, absent.as_ref()));
        self
    }

    /// The condition that the item must fulfil as it is now; several must all hold.
    pub fn condition<F, K>(mut self, condition: Condition<F, K>) -> Update<E, HasCondition, R>
    where
        F: SameEntity<E>,
    {
        self.guards.add(condition.into_fragment());
        self.state()
    }

    /// The item must be at this version.
    pub fn at_version(mut self, version: Version) -> Update<E, AtVersion, R>
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

    /// The longest that the call may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    fn check<F: AttributeAt<N, Value = T>, T, const N: usize>(&mut self, value: &T) {
        if let Err(error) = F::check(value) {
            self.actions.fail(error.into());
        }
    }
}

impl<E: Entity, C, P> Update<E, C, ReturnNew<P>> {
    /// Gives back the projection instead; where the update sets all of its attributes, the service
    /// sends nothing else.
    pub fn project<Q: Owned<E>>(self) -> Update<E, C, ReturnNew<Q>> {
        self.state()
    }
}

impl<E: Entity, C, P> Update<E, C, ReturnOld<P>> {
    /// Gives back the projection instead.
    pub fn project<Q: Owned<E>>(self) -> Update<E, C, ReturnOld<Q>> {
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
        Ok(self.response(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn response(
        mut self,
        client: &SecureClient,
    ) -> Result<Response<R::Output>, WriteError<E>> {
        let now = now(client);
        let prepared = self.prepare(client, now)?;
        let values = R::return_values(self.actions.set_attributes());
        let (ready, _) = prepared.alone(values, self.deadline)?;
        write_changes::<E, R>(ready, client, now, |failed| self.recover(failed)).await
    }

    /// What the update gives back, if an attempt whose answer was lost turns out to be applied.
    fn recover(&self, failed: &ConditionFailed) -> Option<R::Output> {
        let current = failed.item_after_lost_attempt()?;
        let raised = self.version?.next()?;
        let outcome = self.actions.outcome()?;
        let entity = member_item::<E>(failed.body(), "Item").ok()??;
        let is_raised = crate::entity::Managed::version(&entity) == Some(raised);
        let is_written =
            outcome.iter().all(|(name, sent)| match (attribute_of(current, name), sent) {
                (Ok(None), None) => true,
                (Ok(Some(found)), Some(sent)) => same_value(found, sent).unwrap_or(false),
                _ => false,
            });
        if is_raised && is_written { R::recover(Some(current)) } else { None }
    }
}

impl<E: Entity, C: Conditioned, R> Write for Update<E, C, R> {
    fn prepare<'a>(
        &mut self,
        client: &'a SecureClient,
        now: Timestamp,
    ) -> Result<Prepared<'a>, Error> {
        audit::<E, C>(client, "upsert_unconditionally");
        if self.actions.is_empty() {
            self.actions.fail(ExpressionError::NoActions);
        }
        self.manage(now);
        let condition = self.guard(now);
        let operation = if self.is_upsert { "upsert" } else { "update" };
        let mut request = Request::new::<E>(client, Api::UpdateItem, operation, 256);
        let place = request.key(&self.key)?;
        // Only a raised version makes the condition of a second arrival false.
        let replay = if self.version.is_some() { Replay::Harmless } else { Replay::Harmful };
        Prepared::new::<E>(request, place, &self.actions.expression(), &condition, replay)
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn read_current(&self) -> ReadCurrent {
        read_current::<E>
    }
}

impl<E: Entity, C, R> Update<E, C, R> {
    /// Adds the attributes that the library writes itself.
    fn manage(&mut self, now: Timestamp) {
        let schema = E::SCHEMA;
        if let Some(updated_at) = schema.updated_at {
            self.actions.set::<Plain, _>(updated_at, &now);
            self.actions.parts().note_time::<E>(updated_at, now, false);
        }
        if let (Some(created_at), true) = (schema.created_at, self.is_upsert) {
            self.actions.set_if_absent::<Plain, _>(created_at, &now, |_| Ok(()));
            self.actions.parts().note_time::<E>(created_at, now, true);
        }
        if let Some(version) = schema.version {
            self.actions.raise_version(version);
        }
        if self.is_upsert {
            self.key.set_parts(&mut PartAttributes(&mut self.actions));
        }
        self.actions.set_keys::<E>(&self.key, self.is_upsert);
    }

    fn guard(&mut self, now: Timestamp) -> Fragment {
        let mut guards = Guards::default();
        if !self.is_upsert {
            guards.item_exists::<E>();
        }
        guards.add(std::mem::take(&mut self.guards).into_fragment());
        guards.add(self.actions.guards().clone());
        guards.alive::<E>(now);
        guards.into_fragment()
    }
}

impl<E: Entity, R> Update<E, NoCondition, R> {
    /// The item must exist and be alive, as every update requires.
    pub fn if_exists(mut self) -> Update<E, IfExists, R> {
        if self.is_upsert {
            self.guards.item_exists::<E>();
        }
        self.state()
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

/// What an absent number counts as, where the field can be absent.
fn absent_number<F: AttributeAt<N, Value = T>, T: Counter, const N: usize>() -> Option<T::Number> {
    let zero = T::COUNTS_FROM_ZERO.then_some(T::Number::ZERO);
    F::when_absent().and_then(T::into_number).or(zero)
}
