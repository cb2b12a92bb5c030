//! Changing attributes of an item.

mod embedding;
mod operand;
mod request;

use std::marker::PhantomData;
use std::time::Duration;

use super::conditioned::{Conditioned, HasCondition};
use super::guards::{Guards, now};
use super::response::Response;
use super::returning::{ReturnNew, ReturnOld, Returning};
use super::write::send_changes;
use crate::attribute::{
    Attribute, Fillable, Gathering, Growing, Leaf, Place, Removable, StoredKindOf, TopLevel,
    ValueFor,
};
use crate::client::SecureClient;
use crate::codec::AttributeValue;
use crate::entity::{Entity, IndexKey, KeyParts, Versioned};
use crate::error::WriteError;
use crate::expression::{Actions, Countable, IntoCondition, SameEntity};
use crate::projection::OwnedProjection;
use crate::record::{CanBeAbsent, Computed, NotKey, NotManaged, SetAlone};

/// Changes attributes of an item: made by [`update`](crate::Operations::update) and
/// [`upsert`](crate::Operations::upsert) of its entity.
///
/// `C` says whether it has a condition; without one it cannot be sent. `R` is what it gives
/// back. Its actions do not change its type, so they can be added in a loop.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let update = Order::update(order(1)).set(Order::STATUS, "paid").if_exists();
/// let old = update.clone().returning_old().send(&client).await?.ok_or("no such order")?;
/// assert_eq!(old.status.as_deref(), Some("open"));
/// let new = update.returning_new().deadline(Duration::from_secs(2)).send_with_metadata(&client).await?;
/// assert_eq!(new.value.status.as_deref(), Some("paid"));
/// let rename = User::update(User::key("ann")).set(User::EMAIL, "a@example.com");
/// rename.clone().at_version(Version::FIRST).send(&client).await?;
/// let late = rename.at_version(Version::FIRST).send(&client).await.unwrap_err();
/// assert_eq!(late.current().map(|user| user.version), Some(Version::new(2)));
/// # Ok(()) }
/// ```
///
/// An addition whose response is lost is not sent again:
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
    version: Option<E::Revision>,
    is_at_most_once: bool,
    deadline: Option<Duration>,
    state: PhantomData<fn() -> (C, R)>,
}

/// Actions. Each attribute is written once: two paths of which one is a part of the other are an error
/// when the update is sent.
///
/// DynamoDB makes no document, list or map on the way to a nested attribute: an update through one
/// that is absent is refused by it ([`Error::is_inapplicable`](crate::Error::is_inapplicable)). To require that it is there, add
/// `.condition(User::ADDRESS.exists())`.
impl<E: Entity, C, R> Update<E, C, R> {
    /// Sets the attribute; `None` removes it. What the item has under an older name is removed.
    ///
    /// An element of a list must be there, or the condition fails; `None` is a null there and in an
    /// entry of a map.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let update = Order::update(order(1)).set(Order::TOTAL, 12_u32).set(Order::STATUS, None);
    /// let order = update.if_exists().returning_new().send(&client).await?;
    /// assert_eq!((order.total, order.status), (12, None));
    /// # Ok(()) }
    /// ```
    pub fn set<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + SetAlone<N, P::Part>,
        P: Place<F, T, N>,
        V: ValueFor<T>,
    {
        value.with(|value| {
            if let Err(error) = P::check(value) {
                self.actions.fail(error.into());
            }
            self.actions.set::<P::Encoding, T>(&attribute.into_path(), value);
            P::note(value, self.actions.parts());
        });
        self
    }

    /// Sets all parts of a templated key of an index, and the key itself.
    ///
    /// The type is generated where a key has several parts: of the index `by_status` of `Order` it
    /// is `OrderByStatusKey`.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// #[derive(Entity, Clone, Debug, PartialEq)]
    /// #[dynamo(table = "parcels")]
    /// #[dynamo(index(
    ///     by_depot,
    ///     name = "depot-index",
    ///     partition_key("gsi1pk") = "DEPOT#{country}#{depot}"
    /// ))]
    /// struct Parcel {
    ///     #[dynamo(partition_key)]
    ///     id: u32,
    ///     country: String,
    ///     depot: u32,
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = SecureClient::local().table::<Parcel>().build().await?;
    /// # Parcel::create(Parcel { id: 1, country: "no".into(), depot: 3 }).send(&client).await?;
    ///
    /// let key = ParcelByDepotKey { country: "se".into(), depot: 8 };
    /// let update = Parcel::update(Parcel::key(1_u32)).set_index_key(key).if_exists();
    /// let parcel = update.returning_new().send(&client).await?;
    /// assert_eq!((parcel.country.as_str(), parcel.depot), ("se", 8));
    /// # Ok(()) }
    /// ```
    pub fn set_index_key<K: IndexKey>(mut self, key: K) -> Self
    where
        K::Entity: SameEntity<E>,
    {
        key.set(&mut KeyParts(&mut self.actions));
        self
    }

    /// Sets the attribute unless the item has it.
    ///
    /// A null of another program, which the field reads as absent, fails the condition: DynamoDB has
    /// no way to set it only then. Where one may be, set it under the condition that it
    /// [does not exist](Attribute::not_exists).
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let update = Order::update(order(1)).set_if_absent(Order::STATUS, "new").if_exists();
    /// let order = update.returning_new().send(&client).await?;
    /// assert_eq!(order.status.as_deref(), Some("open")); // it had one
    /// # Ok(()) }
    /// ```
    pub fn set_if_absent<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + Computed<N, P::Part>,
        P: Place<F, T, N, Absence: CanBeAbsent, Leaf: Fillable>,
        V: ValueFor<P::Operand>,
    {
        let path = attribute.into_path();
        value.with(|value| {
            self.actions.set_if_absent::<P::Encoding, P::Operand>(&path, value, |json| {
                E::SCHEMA.check_index_keys(&path, json)
            });
        });
        if <P::Leaf as Leaf<T>>::NULL_IS_ABSENT {
            self.actions.require_not_null(&path);
        }
        self
    }

    /// Removes the attribute, which must be one that can be absent, an entry of a map, or an element
    /// of a list; under its older names too.
    ///
    /// The elements after a removed one move up. Several indexes in one update are those of the list
    /// as it was before, in whichever order they are given.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let update = Order::update(order(1)).remove(Order::STATUS).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.status, None);
    /// # Ok(()) }
    /// ```
    pub fn remove<F, T, P, const N: usize>(mut self, attribute: Attribute<F, T, N, P>) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + SetAlone<N, P::Part>,
        P: Place<F, T, N, Absence: CanBeAbsent, Leaf: Removable>,
    {
        self.actions.remove_as::<P::Encoding, T>(&attribute.into_path());
        P::note_removed(self.actions.parts());
        self
    }

    /// Adds to the number; one that is absent counts as its default, or as zero.
    ///
    /// If a required number is absent, or if the field's type cannot hold the result, the
    /// condition fails; of a float, a result that is no number of DynamoDB's is
    /// [`Error::is_inapplicable`](crate::Error::is_inapplicable).
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let update = Order::update(order(1)).add(Order::TOTAL, 5_u32).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.total, 15);
    /// # Ok(()) }
    /// ```
    pub fn add<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + Computed<N, P::Part>,
        P: Place<F, T, N>,
        T: Countable,
        V: ValueFor<T::Number>,
    {
        let absent = operand::absent_number::<P::Leaf, T>();
        value.with(|value| self.actions.add(&attribute.into_path(), value, absent.as_ref()));
        self
    }

    /// Subtracts from the number, as [`add`](Self::add) adds to it.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let subtract = || Order::update(order(1)).subtract(Order::TOTAL, 6_u32).if_exists();
    /// assert_eq!(subtract().returning_new().send(&client).await?.total, 4);
    /// let error = subtract().send(&client).await.unwrap_err(); // a `u32` is not below zero
    /// assert!(error.is_condition_failed());
    /// # Ok(()) }
    /// ```
    pub fn subtract<F, T, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + Computed<N, P::Part>,
        P: Place<F, T, N>,
        T: Countable,
        V: ValueFor<T::Number>,
    {
        let absent = operand::absent_number::<P::Leaf, T>();
        value.with(|value| self.actions.subtract(&attribute.into_path(), value, absent.as_ref()));
        self
    }

    /// Puts the elements at the end of the list; one that is absent counts as its default, or as
    /// empty. One that must be there and is not fails the condition.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let update = Order::update(order(1)).append(Order::NOTES, ["call first"]).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.notes, ["call first"]);
    /// # Ok(()) }
    /// ```
    pub fn append<F, T, L, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = L>,
        L: Growing<StoredKindOf<F, T, N, P>>,
        T: AttributeValue,
        V: ValueFor<L::Element>,
    {
        let path = attribute.into_path();
        let absent = operand::absent_list::<P::Leaf, T>(&path);
        self.actions.append(&path, operand::list(&path, elements), absent);
        self
    }

    /// Puts the elements, in their order, before those of the list; one that is absent counts as its
    /// default, or as empty. One that must be there and is not fails the condition.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let update = Order::update(order(1)).prepend(Order::NOTES, ["urgent", "fragile"]).if_exists();
    /// assert_eq!(update.returning_new().send(&client).await?.notes, ["urgent", "fragile"]);
    /// # Ok(()) }
    /// ```
    pub fn prepend<F, T, L, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = L>,
        L: Growing<StoredKindOf<F, T, N, P>>,
        T: AttributeValue,
        V: ValueFor<L::Element>,
    {
        let path = attribute.into_path();
        let absent = operand::absent_list::<P::Leaf, T>(&path);
        self.actions.prepend(&path, operand::list(&path, elements), absent);
        self
    }

    /// Adds the elements to the set, or those of them that are not in it yet; an absent set is empty.
    ///
    /// No elements at all are an error when the update is sent.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let tag = || Order::update(order(1)).insert(Order::TAGS, ["gift", "new"]).if_exists();
    /// tag().send(&client).await?;
    /// assert_eq!(tag().returning_new().send(&client).await?.tags.len(), 2); // each stands once
    /// # Ok(()) }
    /// ```
    pub fn insert<F, T, S, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = S> + TopLevel,
        S: Gathering<StoredKindOf<F, T, N, P>>,
        V: ValueFor<S::Element>,
    {
        let path = attribute.into_path();
        self.actions.insert(&path, operand::set::<P::Encoding, S, _, _>(&path, "insert", elements));
        self
    }

    /// Takes the elements, or those of them that are in it, out of the set; an empty set is the
    /// absent attribute.
    ///
    /// No elements at all are an error when the update is sent.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// Order::update(order(1)).insert(Order::TAGS, ["gift", "new"]).if_exists().send(&client).await?;
    /// let update = Order::update(order(1)).discard(Order::TAGS, ["new", "old"]).if_exists();
    /// let tags = update.returning_new().send(&client).await?.tags;
    /// assert_eq!(tags, BTreeSet::from(["gift".to_owned()]));
    /// # Ok(()) }
    /// ```
    pub fn discard<F, T, S, V, P, const N: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        elements: impl IntoIterator<Item = V>,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N>,
        P: Place<F, T, N, Operand = S> + TopLevel,
        S: Gathering<StoredKindOf<F, T, N, P>>,
        V: ValueFor<S::Element>,
    {
        let path = attribute.into_path();
        self.actions
            .discard(&path, operand::set::<P::Encoding, S, _, _>(&path, "discard", elements));
        self
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
    /// One that is known only at run time is added in an `if` or a loop, to a write that has one:
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let only_open = true;
    /// let mut update = Order::update(order(1)).set(Order::TOTAL, 0_u32).if_exists();
    /// if only_open {
    ///     update = update.condition(Order::STATUS.eq("open"));
    /// }
    /// assert!(update.send(&client).await.is_ok());
    /// # Ok(()) }
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
    pub fn condition(mut self, condition: impl IntoCondition<E>) -> Update<E, HasCondition, R> {
        self.guards.add(condition.into_condition().into_fragment());
        self.state()
    }

    /// The item must be at this version.
    pub fn at_version(mut self, version: E::Version) -> Update<E, HasCondition, R>
    where
        E: Versioned,
    {
        self.guards.version::<E>(Some(version.clone()));
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
            sent.recover::<R>(failed)
        });
        updated.await.map_err(|error| error.map_error(|error| error.with_null(null)))
    }
}
