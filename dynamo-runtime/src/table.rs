//! An entity's table: its physical name.

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

/// What a client needs to know of the entity.
fn described<E: Entity>() -> Described {
    Described::new(TypeId::of::<E>(), &E::SCHEMA)
}
