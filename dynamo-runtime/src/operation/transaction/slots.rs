//! What a transaction gives back, as a type: the entities that it writes as a whole.

use super::parts::{Invalid, TransactionParts};
use crate::entity::Entity;
use crate::operation::write::AnyWrite;

/// The write of a whole item of `E`, of which a transaction gives back the entity.
pub struct One<E> {
    position: usize,
    write: Box<dyn AnyWrite<E>>,
}

/// Writes of whole items of `E`, of which a transaction gives back the entities.
pub struct Many<E> {
    writes: Vec<One<E>>,
}

impl<E: Entity> One<E> {
    pub(super) fn new(write: impl AnyWrite<E> + 'static) -> Self {
        Self { position: 0, write: Box::new(write) }
    }

    pub(super) fn at(self, position: usize) -> Self {
        Self { position, ..self }
    }
}

impl<E> Many<E> {
    pub(super) fn new(writes: Vec<One<E>>) -> Self {
        Self { writes }
    }
}

/// What a transaction gives back, and the writes behind it.
#[expect(private_bounds, reason = "no other crate makes one")]
pub trait Slots: SlotWrites<Written = <Self as Slots>::Entities> {
    /// The entities as they were written: a tuple in the order of their parts.
    type Entities;
}

/// What a transaction gives back with one entity more, or several of one type.
pub trait AddTo<W> {
    /// Both together.
    type Output;

    #[doc(hidden)]
    fn add_to(self, written: W) -> Self::Output;
}

/// One entity more than 12: there is none, and the compiler says why.
#[diagnostic::on_unimplemented(
    message = "a transaction gives back at most 12 entities one by one",
    label = "one more than that",
    note = "give entities of one type together: `.create_all(..)` or `.put_all(..)`"
)]
#[doc(hidden)]
pub trait OneMore: sealed::OneMore + Sized {}

mod sealed {
    /// There is none: a write would be dropped.
    pub trait OneMore {}
}

/// The writes of what a transaction gives back.
pub(super) trait SlotWrites {
    /// The entities as they are written.
    type Written;

    fn write(self, parts: &mut TransactionParts<'_>) -> Result<Self::Written, Invalid>;
}

/// A part of what a transaction gives back.
#[expect(private_bounds, reason = "no other crate makes one")]
pub trait Slot: SlotWrites<Written = <Self as Slot>::Given> {
    /// The entity, or several of one type.
    type Given;
}

impl<E> SlotWrites for One<E> {
    type Written = E;

    fn write(self, parts: &mut TransactionParts<'_>) -> Result<E, Invalid> {
        parts.add(self.position, self.write)
    }
}

impl<E> Slot for One<E> {
    type Given = E;
}

impl<E> SlotWrites for Many<E> {
    type Written = Vec<E>;

    fn write(self, parts: &mut TransactionParts<'_>) -> Result<Vec<E>, Invalid> {
        self.writes.into_iter().map(|one| one.write(parts)).collect()
    }
}

impl<E> Slot for Many<E> {
    type Given = Vec<E>;
}

macro_rules! tuples {
    ($($part:ident)*) => {
        impl<$($part: SlotWrites),*> SlotWrites for ($($part,)*) {
            type Written = ($($part::Written,)*);

            #[allow(non_snake_case, unused_variables, clippy::unused_unit)]
            fn write(self, parts: &mut TransactionParts<'_>) -> Result<Self::Written, Invalid> {
                let ($($part,)*) = self;
                Ok(($($part.write(parts)?,)*))
            }
        }

        impl<$($part: Slot),*> Slots for ($($part,)*) {
            type Entities = ($($part::Given,)*);
        }
    };
}

macro_rules! appends {
    ($($part:ident)*) => {
        impl<$($part,)* Last> AddTo<($($part,)*)> for Last {
            type Output = ($($part,)* Last,);

            #[allow(non_snake_case)]
            fn add_to(self, written: ($($part,)*)) -> Self::Output {
                let ($($part,)*) = written;
                ($($part,)* self,)
            }
        }
    };
}

// Without these the compiler would say that there is no method `create`.
macro_rules! full {
    ($($part:ident)*; $last:ident) => {
        impl<$($part,)* Entity: OneMore> AddTo<($($part,)*)> for $last<Entity> {
            type Output = ($($part,)*);

            fn add_to(self, written: Self::Output) -> Self::Output {
                written
            }
        }
    };
}

macro_rules! up_to {
    ($($done:ident)*; ) => {
        tuples!($($done)*);
        full!($($done)*; One);
        full!($($done)*; Many);
    };
    ($($done:ident)*; $next:ident $($more:ident)*) => {
        tuples!($($done)*);
        appends!($($done)*);
        up_to!($($done)* $next; $($more)*);
    };
}

up_to!(; A B C D E F G H I J K L);
