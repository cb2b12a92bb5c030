//! Methods that a write does not have, each with a bound that never holds: so that the compiler says
//! what to call instead, and proposes no method whose name is alike.

use super::create::Create;
use super::put::Put;

/// What a put or a create gives. Only a call that asks for it asks.
#[diagnostic::on_unimplemented(
    message = "this write gives back the entity as it was written, without being asked",
    label = "nothing to ask for",
    note = "leave `.returning_new()` out; what was there before is asked of a put by `.returning_old()`"
)]
#[doc(hidden)]
pub trait AsksForNew: sealed::Refused {}

/// That a put meets no item. Only a call that asks for it asks.
#[diagnostic::on_unimplemented(
    message = "a put on an item that must not exist is a `create`",
    label = "call `create` instead of `put`",
    note = "write `User::create(user)`, which fails if the key is taken"
)]
#[doc(hidden)]
pub trait MeetsNoItem: sealed::Refused {}

/// The condition of a create. Only a call that gives one asks.
#[diagnostic::on_unimplemented(
    message = "a create has its condition already: that the key is not taken",
    label = "leave this out",
    note = "there is no item that another condition could be on; to write over one there is `put` with a condition, or `replace`"
)]
#[doc(hidden)]
pub trait TakesCondition: sealed::Refused {}

mod sealed {
    pub trait Refused {}
}

macro_rules! refused {
    ($($method:ident($($argument:ident: $type:ident)?) by $rule:ident;)*) => {$(
        #[doc(hidden)]
        pub fn $method$(<$type>)?(self, $($argument: $type)?) -> Self
        where
            Self: $rule,
        {
            $(let _ = $argument;)?
            self
        }
    )*};
}

impl<E, C> Put<E, C> {
    refused! {
        returning_new() by AsksForNew;
        if_not_exists() by MeetsNoItem;
    }
}

impl<E> Create<E> {
    refused! {
        returning_new() by AsksForNew;
        condition(condition: K) by TakesCondition;
        if_not_exists() by TakesCondition;
    }
}
