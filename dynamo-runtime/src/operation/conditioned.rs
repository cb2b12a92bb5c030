//! That a write has a condition: the states of a write, and what it may do in each.

use crate::client::SecureClient;
use crate::entity::Entity;

/// A write without a condition: it cannot be sent.
#[derive(Debug)]
pub enum NoCondition {}
/// A write with a condition: that of the caller, that the item exists, or that it is at a version.
///
/// It is one type for all of them, so that conditions can be added in an `if` or a loop.
#[derive(Debug)]
pub enum HasCondition {}
/// A write that the entity's declaration allows without a condition.
#[derive(Debug)]
pub enum Unconditional {}

/// The state of a write that can be sent: it has a condition, or its entity declares that it needs
/// none.
///
/// No other crate can implement it for a write without a condition:
///
/// ```compile_fail
/// use dynamo_runtime::operation::{Conditioned, NoCondition};
///
/// impl Conditioned for NoCondition {}
/// ```
#[diagnostic::on_unimplemented(
    message = "this write may have no condition",
    label = "call `.condition(..)`, `.if_exists()` or `.at_version(..)` before this",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
pub trait Conditioned: sealed::Conditioned {
    #[doc(hidden)]
    const IS_UNCONDITIONAL: bool = false;
}

impl Conditioned for HasCondition {}
impl Conditioned for Unconditional {
    const IS_UNCONDITIONAL: bool = true;
}

/// The condition of a write on `E` that stands in a transaction.
#[diagnostic::on_unimplemented(
    message = "this write on `{E}` has no condition",
    label = "call `.condition(..)`, `.if_exists()` or `.at_version(..)` on it",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
pub trait ConditionFor<E>: Conditioned {}

#[diagnostic::do_not_recommend]
impl<E, C: Conditioned> ConditionFor<E> for C {}

/// The condition of a put of `E` that stands in a transaction.
#[diagnostic::on_unimplemented(
    message = "this write on `{E}` has no condition",
    label = "call `.condition(..)` or `.if_exists()` on it",
    note = "for an item that must not exist there is `.create(..)`, for one that must, `.replace(..)`",
    note = "a write without a condition overwrites what it has not seen, and may be replayed",
    note = "where conditions are added in an `if` or a loop, begin with `.if_exists()`; or collect them and give `.condition(all_of(conditions))`"
)]
pub trait PutConditionFor<E>: Conditioned {}

#[diagnostic::do_not_recommend]
impl<E, C: Conditioned> PutConditionFor<E> for C {}

mod sealed {
    use super::{HasCondition, Unconditional};

    pub trait Conditioned {}
    impl Conditioned for HasCondition {}
    impl Conditioned for Unconditional {}
}

/// Tells the client's audit of a write that has no condition.
pub(super) fn audit<E: Entity, C: Conditioned>(client: &SecureClient, operation: &'static str) {
    if C::IS_UNCONDITIONAL {
        client.audit_danger(E::SCHEMA.entity, operation, E::SCHEMA.table);
    }
}
