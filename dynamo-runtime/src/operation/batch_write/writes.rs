//! Puts and deletes of whatever entities.

use std::any::Any;
use std::fmt;

use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::Error;
use crate::operation::conditioned::Unconditional;
use crate::operation::delete::Delete;
use crate::operation::put::Put;
use crate::operation::request::Part;
use crate::operation::write::Write;
use crate::value::Timestamp;

/// Puts and deletes of many items.
///
/// ```
#[doc = include_str!("../../example/orders.md")]
/// let bill = Order { customer: "ann".into(), number: 9, ..Order::default() };
/// let batch = BatchWrite::new().put(bill).delete(order(1));
/// let applied = batch.send(&client).await?.complete()?;
/// assert!(applied.len() == 2 && !applied.is_empty());
/// assert_eq!(applied.puts::<Order>().next().map(|order| order.number), Some(9));
/// assert_eq!(applied.deletes::<Order>().collect::<Vec<_>>(), [&order(1)]);
/// # Ok(()) }
/// ```
#[derive(Default)]
pub struct UnsentWrites(Vec<Box<dyn BatchAction>>);

/// A put or a delete of whatever entity.
pub(super) trait BatchAction: Any + Send + Sync {
    /// Writes the request, and gives the action back to the caller: a put has the entity as it is
    /// written.
    fn into_part(
        self: Box<Self>,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Part<'_>, Box<dyn BatchAction>), Error>;
}

impl<E: Entity> BatchAction for Put<E, Unconditional> {
    fn into_part(
        self: Box<Self>,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Part<'_>, Box<dyn BatchAction>), Error> {
        let (request, entity) = self.into_request(client, now)?;
        Ok((request.into_part()?, Box::new(Self::unconditional(entity))))
    }
}

impl<E: Entity> BatchAction for Delete<E, Unconditional> {
    fn into_part(
        self: Box<Self>,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Part<'_>, Box<dyn BatchAction>), Error> {
        let (request, key) = self.key_request(client, now)?;
        Ok((request.into_part()?, Box::new(Self::unconditional(key))))
    }
}

impl UnsentWrites {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entities of `E` that are put.
    pub fn puts<E: Entity>(&self) -> impl Iterator<Item = &E> {
        self.each()
            .filter_map(|write| Some(write.downcast_ref::<Put<E, Unconditional>>()?.entity()))
    }

    /// The keys of `E` that are deleted.
    pub fn deletes<E: Entity>(&self) -> impl Iterator<Item = &E::Key> {
        self.each()
            .filter_map(|write| Some(write.downcast_ref::<Delete<E, Unconditional>>()?.key()))
    }

    fn each(&self) -> impl Iterator<Item = &dyn Any> {
        self.0.iter().map(|write| &**write as &dyn Any)
    }

    pub(super) fn push(&mut self, write: impl BatchAction) {
        self.add(Box::new(write));
    }

    pub(super) fn add(&mut self, write: Box<dyn BatchAction>) {
        self.0.push(write);
    }

    pub(super) fn into_iter(self) -> impl Iterator<Item = Box<dyn BatchAction>> {
        self.0.into_iter()
    }
}

/// Shows how many, and no value.
impl fmt::Debug for UnsentWrites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsentWrites").field("len", &self.len()).finish()
    }
}
