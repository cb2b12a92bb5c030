//! An entity as it is written: at its next version, with the time of the write.

use crate::entity::{Entity, Stamp};

/// An entity with the managed attributes of one write: only such a one is written.
pub(super) struct Stamped<E> {
    entity: E,
    is_marked: bool,
}

impl<E: Entity> Stamped<E> {
    pub(super) fn new(mut entity: E, stamp: &Stamp<E::Revision>) -> Self {
        entity.stamp(stamp);
        Self { entity, is_marked: stamp.marks_the_write::<E>() }
    }

    pub(super) fn get(&self) -> &E {
        &self.entity
    }

    /// Whether it has a time or a token that this write alone sets.
    pub(super) fn is_marked(&self) -> bool {
        self.is_marked
    }

    pub(super) fn into_entity(self) -> E {
        self.entity
    }
}
