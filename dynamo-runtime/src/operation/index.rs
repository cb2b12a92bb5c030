//! The indexes of an entity, and the table itself as one of them.

use crate::codec::{Message, is_same};
use crate::entity::{Entity, Partition};
use crate::projection::{OwnedProjection, Projection};
use crate::record::Selected;

/// The table itself, as the index that is queried.
#[derive(Clone, Copy, Debug)]
pub enum Primary {}

/// An index of the entity `E`; its type is made by `#[derive(Entity)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an index of `{E}`",
    label = "not an index of this entity",
    note = "an index `index(by_email, ..)` of `User` has the type `UserByEmail`"
)]
pub trait Index<E> {
    #[doc(hidden)]
    const NAME: Option<&'static str>;

    /// What finds a partition of it.
    type PartitionKey;

    #[doc(hidden)]
    fn partition(key: &Self::PartitionKey) -> Partition;

    /// What a query of it gives: the entity itself, or the projection that the index has of it.
    type Item: OwnedProjection<E>;
}

impl<E: Entity> Index<E> for Primary {
    const NAME: Option<&'static str> = None;
    type PartitionKey = E::PartitionKey;
    type Item = E;

    fn partition(key: &E::PartitionKey) -> Partition {
        E::partition(key)
    }
}

/// Describes what the index `I` of `E` has.
#[doc(hidden)]
pub const fn projected_by<E, I: Index<E>>() -> Option<&'static [Selected]> {
    <I::Item as Projection<E>>::SELECTION
}

/// That what the index `I` of `E` has says whether an item is expired.
///
/// # Panics
/// When it does not have the time of expiry, so that the compiler tells it.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_tells_expiry<E, I: Index<E>>(ttl: &'static str) {
    let Some(mut projected) = projected_by::<E, I>() else { return };
    while let [first, rest @ ..] = projected {
        if is_same(first.name().as_bytes(), ttl.as_bytes()) {
            return;
        }
        projected = rest;
    }
    let index = match I::NAME {
        Some(name) => name,
        None => "",
    };
    let message = Message::EMPTY.with("the index `").with(index).with("` does not have `");
    let message = message.with(ttl).with("`, so expired items would be read from it");
    let message = message.with("\n\nhelp: add the field of the `ttl` to what `projects` names, ");
    panic!("{}", message.with("and to the index").as_str());
}

/// An index that has consistent reads: the table and its local indexes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a global index, and a global index has no consistent reads",
    label = "this index cannot be read consistently",
    note = "leave `.consistent()` out, or query the table"
)]
pub trait ConsistentlyReadable {}

impl ConsistentlyReadable for Primary {}
