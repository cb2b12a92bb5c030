//! What a write without a condition has in the place of `send`: a bound that never holds, so that
//! the compiler says what is missing.
//!
//! The bound could stand at `send` itself; but of an `async fn` whose bound does not hold the
//! compiler complains at its name, at the call and at the `.await`.

use std::future::{Pending, pending};

use super::conditioned::NoCondition;
use super::delete::Delete;
use super::put::Put;
use super::response::Response;
use super::returning::Returning;
use super::update::Update;
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::WriteError;

/// The condition of an update or a delete. There is none: only a write without one asks.
#[diagnostic::on_unimplemented(
    message = "this write on `{E}` has no condition",
    label = "call `.condition(..)`, `.if_exists()` or `.at_version(..)` before this",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
#[doc(hidden)]
pub trait ConditionOn<E>: sealed::Sealed<E> {}

/// The condition of a put, whose entity has the version.
#[diagnostic::on_unimplemented(
    message = "this write on `{E}` has no condition",
    label = "call `.condition(..)` or `.if_exists()` before this",
    note = "for an item that must not exist there is `create`, for one that must, `replace`",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
#[doc(hidden)]
pub trait PutConditionOn<E>: sealed::Sealed<E> {}

mod sealed {
    pub trait Sealed<E> {}
}

macro_rules! asks_for_a_condition {
    ($condition:ident, $output:ty) => {
        #[doc(hidden)]
        pub fn send(self, client: &SecureClient) -> Pending<Result<$output, WriteError<E>>>
        where
            NoCondition: $condition<E>,
        {
            let _ = client;
            pending()
        }

        #[doc(hidden)]
        pub fn send_with_metadata(
            self,
            client: &SecureClient,
        ) -> Pending<Result<Response<$output>, WriteError<E>>>
        where
            NoCondition: $condition<E>,
        {
            let _ = client;
            pending()
        }
    };
}

impl<E: Entity> Put<E, NoCondition> {
    asks_for_a_condition!(PutConditionOn, E);
}

impl<E: Entity, R: Returning<E>> Update<E, NoCondition, R> {
    asks_for_a_condition!(ConditionOn, R::Output);
}

impl<E: Entity, R: Returning<E>> Delete<E, NoCondition, R> {
    asks_for_a_condition!(ConditionOn, R::Output);
}
