//! What a transaction gives back, as a type: the entities that it writes as a whole.

use crate::entity::Entity;
use crate::operation::create::Create;
use crate::operation::prepared::Write;
use crate::operation::put::Put;
use crate::operation::write::Conditioned;

/// The write of a whole item of `E`, of which a transaction gives back the entity.
pub struct One<E> {
    position: usize,
    write: Box<dyn WriteItem<E>>,
}

/// Writes of whole items of `E`, of which a transaction gives back the entities.
pub struct Many<E> {
    writes: Vec<One<E>>,
}

trait WriteItem<E>: Write {
    fn into_entity(self: Box<Self>) -> E;
}

impl<E: Entity> WriteItem<E> for Create<E> {
    fn into_entity(self: Box<Self>) -> E {
        Create::into_entity(*self)
    }
}

impl<E: Entity, C: Conditioned> WriteItem<E> for Put<E, C> {
    fn into_entity(self: Box<Self>) -> E {
        Put::into_entity(*self)
    }
}

impl<E: Entity> One<E> {
    #[expect(private_bounds, reason = "no other crate makes one")]
    pub(super) fn new(write: impl WriteItem<E> + 'static) -> Self {
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
pub trait Slots: Parts {
    /// The entities as they were written: a tuple in the order of their actions.
    type Entities;

    #[doc(hidden)]
    fn into_entities(self) -> Self::Entities;
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
pub(super) trait Parts {
    /// Each write with its place among the actions.
    fn each<'s>(&'s mut self, writes: &mut Vec<(usize, &'s mut dyn Write)>);
}

/// A part of what a transaction gives back.
#[expect(private_bounds, reason = "no other crate makes one")]
pub trait Slot: Parts {
    /// The entity, or several of one type.
    type Given;

    #[doc(hidden)]
    fn given(self) -> Self::Given;
}

impl<E> Parts for One<E> {
    fn each<'s>(&'s mut self, writes: &mut Vec<(usize, &'s mut dyn Write)>) {
        writes.push((self.position, &mut *self.write));
    }
}

impl<E> Slot for One<E> {
    type Given = E;

    fn given(self) -> E {
        self.write.into_entity()
    }
}

impl<E> Parts for Many<E> {
    fn each<'s>(&'s mut self, writes: &mut Vec<(usize, &'s mut dyn Write)>) {
        for one in &mut self.writes {
            one.each(writes);
        }
    }
}

impl<E> Slot for Many<E> {
    type Given = Vec<E>;

    fn given(self) -> Vec<E> {
        self.writes.into_iter().map(One::given).collect()
    }
}

macro_rules! tuples {
    ($($part:ident)*) => {
        impl<$($part: Parts),*> Parts for ($($part,)*) {
            #[allow(non_snake_case, unused_variables)]
            fn each<'s>(&'s mut self, writes: &mut Vec<(usize, &'s mut dyn Write)>) {
                let ($($part,)*) = self;
                $($part.each(writes);)*
            }
        }

        impl<$($part: Slot),*> Slots for ($($part,)*) {
            type Entities = ($($part::Given,)*);

            #[allow(non_snake_case, clippy::unused_unit)]
            fn into_entities(self) -> Self::Entities {
                let ($($part,)*) = self;
                ($($part.given(),)*)
            }
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
