//! One entity or several, as data.

use std::any::TypeId;

use super::Entity;
use crate::codec::{AttributeShape, ShapeAttributes, Shapes};
#[cfg(feature = "load")]
use crate::codec::{DecodeError, decode_item};
use crate::schema::Described;

/// Entities: one, several as a tuple, or those of a [`Collection`](trait@crate::Collection).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no entity, and no several",
    label = "not an entity, a collection, or a tuple of these",
    note = "name entities: `<User>`, `<(User, Order)>`, or an enum with `#[derive(Collection)]`"
)]
pub trait Entities {
    #[doc(hidden)]
    fn describe(entities: &mut Descriptions);
}

macro_rules! tuple {
    ($($each:ident)*) => {
        impl<$($each: Entities),*> Entities for ($($each,)*) {
            fn describe(entities: &mut Descriptions) {
                $($each::describe(entities);)*
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);
tuple!(A B C D E F G);
tuple!(A B C D E F G H);
tuple!(A B C D E F G H I);
tuple!(A B C D E F G H I J);
tuple!(A B C D E F G H I J K);
tuple!(A B C D E F G H I J K L);

/// What an entity declares that it allows.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    Scan,
    UnconditionalPut,
    UnconditionalDelete,
    UnconditionalUpsert,
    Load,
}

/// What is known of each entity.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Descriptions(Vec<Description>);

/// What is known of an entity.
#[derive(Clone, Debug)]
#[cfg_attr(not(feature = "schema"), expect(dead_code, reason = "what the feature reads"))]
pub(crate) struct Description {
    pub(crate) entity: Described,
    /// The names of its own attributes, which the templates of keys are made of.
    pub(crate) names: &'static [&'static str],
    pub(crate) allows: &'static [Allowed],
    pub(crate) attributes: Vec<AttributeShape>,
    /// Whether an item can be read as one of it.
    #[cfg(feature = "load")]
    pub(crate) reads: fn(&[u8]) -> Result<(), DecodeError>,
}

impl Descriptions {
    /// One more entity.
    pub fn entity<E: Entity>(
        &mut self,
        allows: &'static [Allowed],
        attributes: impl FnOnce(&mut ShapeAttributes<'_>),
    ) {
        let entity = Described::new(TypeId::of::<E>(), &E::SCHEMA);
        if self.0.iter().any(|known| known.entity.is(&entity)) {
            return;
        }
        let attributes = Shapes::default().attributes(attributes);
        self.0.push(Description {
            entity,
            names: E::NAMES,
            allows,
            attributes,
            #[cfg(feature = "load")]
            reads: |item| decode_item::<E>(item).map(drop),
        });
    }

    /// Those of the type.
    #[cfg(feature = "schema")]
    pub(crate) fn of<E: Entities>() -> Vec<Description> {
        let mut all = Self::default();
        E::describe(&mut all);
        all.0
    }

    /// Each entity once.
    #[cfg(feature = "local")]
    pub(crate) fn each(&self) -> &[Description] {
        &self.0
    }
}
