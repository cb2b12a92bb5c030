//! What an entity has and allows, each a trait of its own with its own words for who lacks it.

use super::Entity;
use crate::record::{
    CanBeAbsent, DeclaresDelete, DeclaresPut, DeclaresScan, DeclaresUpsert, DeclaresVersion,
};
use crate::value::Revision;

/// An entity of which every attribute but the key can be absent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has attributes that every item needs, so it has no upsert",
    label = "an item that this makes could not be read",
    note = "use `create` or `update`; or make each field of `{Self}` that is no key an `Option` or give it `#[dynamo(default)]`"
)]
pub trait Upsertable: Entity + sealed::Known {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Required: CanBeAbsent>> Upsertable for E {}

/// Known here, as what can be absent is.
mod sealed {
    use super::{CanBeAbsent, Entity};

    pub trait Known {}
    #[diagnostic::do_not_recommend]
    impl<E: Entity<Required: CanBeAbsent>> Known for E {}
}

/// An entity with a field `#[dynamo(version)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no version",
    label = "this needs an entity with a version",
    note = "add a field `#[dynamo(version)] version: Version` to `{Self}`"
)]
pub trait Versioned: Entity<Revision = <Self as Versioned>::Version> {
    /// What its version is: a [`Version`](crate::Version), or a token.
    type Version: Revision;
}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresVersion>> Versioned for E {
    type Version = E::Revision;
}

/// An entity whose items may be overwritten blindly.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow a put without a condition",
    label = "this would overwrite whatever is there",
    note = "use `put` with a condition, `create` or `replace`; or declare it: `#[dynamo(allow(unconditional_put))]` on `{Self}`"
)]
pub trait AllowsUnconditionalPut: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresPut>> AllowsUnconditionalPut for E {}

/// An entity whose items may be deleted blindly.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow a delete without a condition",
    label = "this would delete whatever is there",
    note = "use `delete` with a condition; or declare it: `#[dynamo(allow(unconditional_delete))]` on `{Self}`"
)]
pub trait AllowsUnconditionalDelete: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresDelete>> AllowsUnconditionalDelete for E {}

/// An entity whose items may be upserted blindly.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow an upsert without a condition",
    label = "this would change or make whatever is there",
    note = "use `upsert` with a condition; or declare it: `#[dynamo(allow(unconditional_upsert))]` on `{Self}`"
)]
pub trait AllowsUnconditionalUpsert: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresUpsert>> AllowsUnconditionalUpsert for E {}

/// An entity whose table may be scanned.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not allow scans",
    label = "a scan reads the whole table",
    note = "use `query` or an index; or declare it: `#[dynamo(allow(scan))]` on `{Self}`"
)]
pub trait AllowsScan: Entity {}

#[diagnostic::do_not_recommend]
impl<E: Entity<Declared: DeclaresScan>> AllowsScan for E {}
