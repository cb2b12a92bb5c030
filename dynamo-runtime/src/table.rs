//! An entity's table: its physical name, and how it is made where tests make it.

#[cfg(feature = "local")]
mod compare;
#[cfg(feature = "local")]
mod create;
#[cfg(feature = "local")]
mod request;
#[cfg(feature = "local")]
mod time_to_live;

#[cfg(feature = "local")]
pub(crate) use create::{create_table, finish_table};
#[cfg(feature = "local")]
pub(crate) use request::CreateTableError;

use std::any::TypeId;

use crate::client::{SecureClientBuilder, TableName};
use crate::entity::Entity;
use crate::schema::Described;

impl<R, C> SecureClientBuilder<R, C> {
    /// The physical name of the entity's table, and of all entities that share it; by default it is
    /// the name that the derive was given.
    ///
    /// The entities that it was given are compared by `build`: two whose items could be taken for
    /// each other are refused in one table.
    pub fn table<E: Entity>(self, name: TableName) -> Self {
        self.physical_table(E::SCHEMA.table, name).told_of(described::<E>())
    }
}

/// What a client, or `Tables`, needs to know of the entity.
pub(crate) fn described<E: Entity>() -> Described {
    Described::new(TypeId::of::<E>(), E::SCHEMA)
}
