//! What an update or a delete gives back.

use std::fmt;
use std::marker::PhantomData;

use crate::codec::response::member_item;
use crate::codec::{DecodeError, decode_item};
use crate::entity::Entity;
use crate::projection::OwnedProjection;

/// Nothing.
#[derive(Debug)]
pub enum ReturnNothing {}

/// The item as it is after the update: the entity, or a projection `P` of it.
pub struct ReturnNew<P>(PhantomData<fn() -> P>);

/// The item as it was before: the entity, or a projection `P` of it.
pub struct ReturnOld<P>(PhantomData<fn() -> P>);

/// What an operation gives back.
pub trait Returning<E>: sealed::Returning {
    /// What `send` gives.
    type Output: Send;

    /// What the service is asked for, by the update's attributes that are certain to be there when
    /// it is applied.
    #[doc(hidden)]
    fn return_values(set: &[&'static str]) -> Option<&'static str>;

    #[doc(hidden)]
    fn decode(body: &[u8]) -> Result<Option<Self::Output>, DecodeError>;

    /// What is known after the fact, from the item as it is now; `None` if that does not tell.
    #[doc(hidden)]
    fn recover(current: &[u8]) -> Option<Self::Output>;
}

mod sealed {
    use super::{ReturnNew, ReturnNothing, ReturnOld};

    pub trait Returning {}
    impl Returning for ReturnNothing {}
    impl<P> Returning for ReturnNew<P> {}
    impl<P> Returning for ReturnOld<P> {}
}

impl<E> Returning<E> for ReturnNothing {
    type Output = ();

    fn return_values(_set: &[&'static str]) -> Option<&'static str> {
        None
    }

    fn decode(_body: &[u8]) -> Result<Option<()>, DecodeError> {
        Ok(Some(()))
    }

    fn recover(_current: &[u8]) -> Option<()> {
        Some(())
    }
}

impl<E: Entity, P: OwnedProjection<E>> Returning<E> for ReturnNew<P> {
    type Output = P;

    fn return_values(set: &[&'static str]) -> Option<&'static str> {
        let is_updated = P::SELECTION
            .is_some_and(|selection| selection.iter().all(|selected| selected.is_in(set)));
        Some(if is_updated { "UPDATED_NEW" } else { "ALL_NEW" })
    }

    fn decode(body: &[u8]) -> Result<Option<P>, DecodeError> {
        member_item(body, "Attributes")
    }

    fn recover(current: &[u8]) -> Option<P> {
        decode_item(current).ok()
    }
}

impl<E: Entity, P: OwnedProjection<E>> Returning<E> for ReturnOld<P> {
    type Output = Option<P>;

    fn return_values(_set: &[&'static str]) -> Option<&'static str> {
        Some("ALL_OLD")
    }

    fn decode(body: &[u8]) -> Result<Option<Option<P>>, DecodeError> {
        member_item(body, "Attributes").map(Some)
    }

    fn recover(_current: &[u8]) -> Option<Option<P>> {
        None
    }
}

impl<P> fmt::Debug for ReturnNew<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnNew")
    }
}

impl<P> fmt::Debug for ReturnOld<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnOld")
    }
}
