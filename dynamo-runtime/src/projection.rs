//! Some attributes of an entity, as a type of their own.

use std::borrow::Cow;

use crate::attribute::{Attribute, AttributeAt};
use crate::codec::{DecodeError, DecodeItem, Decoding, Members, Plain, Reader};
use crate::entity::Entity;
use crate::expression::Fragment;
use crate::value::Sensitive;

/// What a read of the entity `E` gives: the entity itself, or some of its attributes as a struct
/// with `#[derive(Projection)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection of `{E}`",
    label = "not a projection of this entity",
    note = "add `#[derive(Projection)]` and `#[dynamo(of = {E})]` to the struct"
)]
pub trait Projection<E> {
    /// The attributes to ask for; `None` for all.
    #[doc(hidden)]
    const SELECTION: Option<&'static [Selected]>;

    /// The type, where it borrows from a response that lives so long.
    type Read<'de>: DecodeItem<'de>;
}

impl<E: Entity> Projection<E> for E {
    const SELECTION: Option<&'static [Selected]> = None;
    type Read<'de> = E;
}

/// What a read gives without keeping the response: the entity `E` itself, or a projection of it
/// that owns its data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection of `{E}` that owns its data",
    label = "not a projection of this entity that owns its data",
    note = "add `#[derive(Projection)]` and `#[dynamo(of = {E})]` to the struct",
    note = "a projection that borrows from the response is read by `.fetch::<..>(&client)`, which keeps it"
)]
pub trait Owned<E>: Projection<E> + for<'de> DecodeItem<'de> + Send + Sync + 'static {}

#[diagnostic::do_not_recommend]
impl<E: Entity> Owned<E> for E {}

/// An attribute that a projection asks for.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Selected {
    name: &'static str,
    aliases: &'static [&'static str],
}

impl Selected {
    pub(crate) fn is_in(&self, names: &[&str]) -> bool {
        names.contains(&self.name)
    }
}

/// The attribute as a projection asks for it.
#[doc(hidden)]
pub const fn selected<E: AttributeAt<N>, T, const N: usize>(
    attribute: &Attribute<E, T, N>,
) -> Selected {
    let _ = attribute;
    Selected { name: E::NAME, aliases: E::ALIASES }
}

/// The attributes that `P` asks for, and those that the read itself needs; empty for all.
pub(crate) fn expression<E: Entity, P: Projection<E>>(needed: &[&'static str]) -> Fragment {
    let Some(selection) = P::SELECTION else { return Fragment::default() };
    let selected = selection
        .iter()
        .flat_map(|selected| std::iter::once(&selected.name).chain(selected.aliases).copied());
    let is_new = |name: &&&'static str| selection.iter().all(|selected| selected.name != **name);
    let needed = needed.iter().filter(is_new).copied();
    selected
        .chain(needed)
        .map(|name| Fragment::default().path(&name.into()))
        .fold(Fragment::default(), Fragment::followed_by)
}

/// A type as which a projection reads an attribute of the entity, which holds a `Self`.
// `Self` is what the attribute says; were it the projection's type, the compiler would take the one
// implementation that fits and complain of the attribute.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "the projection reads this attribute as a `{P}`, and the entity holds a `{Self}`",
    label = "another type than the entity's",
    note = "use the type that the field has in the entity; for a `String`, `Cow<'_, str>` will do"
)]
pub trait ReadAs<'de, C, P> {
    fn read_attribute(reader: &mut Reader<'de>) -> Result<P, DecodeError>;

    fn absent_attribute() -> Option<P>;

    fn convert_attribute(self) -> P;
}

#[diagnostic::do_not_recommend]
impl<'de, C: Decoding<'de, T>, T> ReadAs<'de, C, T> for T {
    #[inline]
    fn read_attribute(reader: &mut Reader<'de>) -> Result<T, DecodeError> {
        C::decode(reader)
    }

    fn absent_attribute() -> Option<T> {
        C::absent()
    }

    fn convert_attribute(self) -> T {
        self
    }
}

/// What can be borrowed from the response.
macro_rules! borrowed {
    ($($owned:ty => $borrowed:ty, $convert:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'de: 'a, 'a> ReadAs<'de, Plain, $borrowed> for $owned {
            #[inline]
            fn read_attribute(reader: &mut Reader<'de>) -> Result<$borrowed, DecodeError> {
                <Plain as Decoding<'de, $borrowed>>::decode(reader)
            }

            fn absent_attribute() -> Option<$borrowed> {
                <Plain as Decoding<'de, $borrowed>>::absent()
            }

            fn convert_attribute(self) -> $borrowed {
                let convert: fn($owned) -> $borrowed = $convert;
                convert(self)
            }
        }
    )*};
}

borrowed! {
    String => Cow<'a, str>, Cow::Owned;
    Option<String> => Option<Cow<'a, str>>, |owned| owned.map(Cow::Owned);
    Sensitive<String> => Sensitive<Cow<'a, str>>,
        |owned| Sensitive::new(Cow::Owned(owned.into_inner()));
    Option<Sensitive<String>> => Option<Sensitive<Cow<'a, str>>>,
        |owned| owned.map(|owned| Sensitive::new(Cow::Owned(owned.into_inner())));
}

/// A field of a projection while its item is read: an attribute that holds a `T`, as a `P`.
///
/// The one place that asks how `T` is read as `P` is [`of`](Self::of), so that a wrong type is one
/// error.
#[doc(hidden)]
pub struct Projected<'de, P, T> {
    /// The value, and the name that the item has it under.
    value: Option<(P, &'static str)>,
    name: &'static str,
    aliases: &'static [&'static str],
    read: fn(&mut Reader<'de>) -> Result<P, DecodeError>,
    absent: fn() -> Option<P>,
    when_absent: fn() -> Option<T>,
    convert: fn(T) -> P,
}

impl<'de, P, T> Projected<'de, P, T> {
    #[inline]
    pub fn of<E, const N: usize>(attribute: &Attribute<E, T, N>) -> Self
    where
        E: AttributeAt<N, Value = T>,
        T: ReadAs<'de, E::Encoding, P>,
    {
        let _ = attribute;
        Self {
            value: None,
            name: E::NAME,
            aliases: E::ALIASES,
            read: T::read_attribute,
            absent: T::absent_attribute,
            when_absent: E::when_absent,
            convert: T::convert_attribute,
        }
    }

    /// The attribute's name, if it is this one.
    #[inline]
    fn spelling(&self, name: &str) -> Option<&'static str> {
        if name == self.name {
            return Some(self.name);
        }
        self.aliases.iter().copied().find(|alias| *alias == name)
    }

    /// Reads the value of the member that was just named, if it is this attribute, and tells
    /// whether it was.
    ///
    /// # Errors
    /// When the attribute is read already, or the value does not fit.
    #[inline]
    pub fn read(&mut self, item: &mut Members<'_, 'de>, name: &str) -> Result<bool, DecodeError> {
        let Some(name) = self.spelling(name) else { return Ok(false) };
        match &self.value {
            Some((_, first)) if *first != name => {
                let alias = if name == self.name { first } else { name };
                return Err(item.two_names(self.name, alias));
            }
            _ => {}
        }
        let read = self.read;
        item.fill(&mut self.value, |reader| Ok((read(reader)?, name)))?;
        Ok(true)
    }

    /// What the item holds, or what the entity reads an absent attribute as.
    ///
    /// # Errors
    /// When the attribute is missing and the entity has nothing for that.
    #[inline]
    pub fn take(self, item: &Members<'_, 'de>) -> Result<P, DecodeError> {
        match self.value {
            Some((value, _)) => Ok(value),
            None => (self.when_absent)()
                .map(self.convert)
                .or_else(self.absent)
                .ok_or_else(|| item.missing(self.name)),
        }
    }
}

/// That a projection is one of an entity, and its attributes are of that.
#[doc(hidden)]
pub const fn of_entity<E: Entity>() {}

#[doc(hidden)]
pub const fn of_the_entity<E, T, const N: usize>(attribute: &Attribute<E, T, N>) {
    let _ = attribute;
}
