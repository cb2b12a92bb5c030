//! An entity as it is written: at its next version, with the time of the write.

use crate::entity::{Entity, Stamp};

/// An entity with the managed attributes of one write: only such a one is written.
pub(super) struct Stamped<E> {
    entity: E,
    has_own_time: bool,
}

impl<E: Entity> Stamped<E> {
    pub(super) fn new(mut entity: E, stamp: &Stamp) -> Self {
        entity.stamp(stamp);
        Self { entity, has_own_time: stamp.sets_a_time::<E>() }
    }

    pub(super) fn get(&self) -> &E {
        &self.entity
    }

    /// Whether it has a time that this write alone sets.
    pub(super) fn has_own_time(&self) -> bool {
        self.has_own_time
    }

    pub(super) fn into_entity(self) -> E {
        self.entity
    }
}
