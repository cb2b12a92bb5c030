//! What an update or a delete gives back.

use crate::codec::DecodeError;
use crate::codec::response::member_item;
use crate::entity::Entity;

/// Nothing.
#[derive(Debug)]
pub enum ReturnNothing {}
/// The entity as it is after the update.
#[derive(Debug)]
pub enum ReturnNew {}
/// The entity as it was before.
#[derive(Debug)]
pub enum ReturnOld {}

/// What an operation gives back.
pub trait Returning<E> {
    /// What `send` gives.
    type Output: Send;

    #[doc(hidden)]
    const RETURN_VALUES: Option<&'static str>;

    #[doc(hidden)]
    fn decode(body: &[u8]) -> Result<Option<Self::Output>, DecodeError>;

    /// What is known after the fact, from the item as it is now; `None` if that does not tell.
    #[doc(hidden)]
    fn recover(current: Option<E>) -> Option<Self::Output>;
}

impl<E> Returning<E> for ReturnNothing {
    type Output = ();
    const RETURN_VALUES: Option<&'static str> = None;

    fn decode(_body: &[u8]) -> Result<Option<()>, DecodeError> {
        Ok(Some(()))
    }

    fn recover(_current: Option<E>) -> Option<()> {
        Some(())
    }
}

impl<E: Entity> Returning<E> for ReturnNew {
    type Output = E;
    const RETURN_VALUES: Option<&'static str> = Some("ALL_NEW");

    fn decode(body: &[u8]) -> Result<Option<E>, DecodeError> {
        member_item(body, "Attributes")
    }

    fn recover(current: Option<E>) -> Option<E> {
        current
    }
}

impl<E: Entity> Returning<E> for ReturnOld {
    type Output = Option<E>;
    const RETURN_VALUES: Option<&'static str> = Some("ALL_OLD");

    fn decode(body: &[u8]) -> Result<Option<Option<E>>, DecodeError> {
        member_item(body, "Attributes").map(Some)
    }

    fn recover(_current: Option<E>) -> Option<Option<E>> {
        None
    }
}
