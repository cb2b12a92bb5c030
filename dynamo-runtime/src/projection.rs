//! Some attributes of an entity or of a document, as a type of their own.

use std::borrow::Cow;

use crate::attribute::Attribute;
use crate::codec::{
    AttributeValue, DecodeError, DecodeItem, Decoding, IsOf, Members, NativeKey, Plain, Reader,
};
use crate::entity::Entity;
use crate::expression::{DocumentPath, Fragment};
use crate::record::{AttributeAt, Record, Selected, paths};
use crate::value::Sensitive;

mod within;

pub use within::{ReadWithin, absent_map};

/// What a read of the entity `E` gives: the entity itself, or some of its attributes as a struct
/// with `#[derive(Projection)]`. Where `E` is a document, what a projection reads of an attribute
/// that holds one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection of `{E}`",
    label = "not a projection of this entity",
    note = "add `#[derive(Projection)]` and `#[dynamo(of = {E})]` to the struct"
)]
pub trait Projection<E> {
    /// The attributes to ask for; `None` for all.
    #[doc(hidden)]
    const SELECTION: Option<&'static [Selected]>;

    /// Whether an item is one of those that it reads, where it passes over others.
    #[doc(hidden)]
    const IS_OF: Option<IsOf> = None;

    /// The attributes that [`IS_OF`](Self::IS_OF) asks besides the keys.
    #[doc(hidden)]
    fn told_by() -> Vec<&'static str> {
        Vec::new()
    }

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
    note = "a projection that borrows from the response is read by `.fetch_borrowed::<..>(&client)`, which keeps it"
)]
pub trait OwnedProjection<E>:
    Projection<E> + for<'de> DecodeItem<'de> + Send + Sync + 'static
{
}

#[diagnostic::do_not_recommend]
impl<E: Entity> OwnedProjection<E> for E {}

/// What `P` asks for; `None` is all.
pub(crate) fn paths_of<E: Entity, P: Projection<E>>() -> Option<Vec<DocumentPath>> {
    P::SELECTION.map(paths)
}

/// The expression that asks for what is at these paths, and for what the read itself needs; empty
/// for all.
pub(crate) fn expression(
    paths: Option<&[DocumentPath]>,
    needed: impl IntoIterator<Item = &'static str>,
) -> Fragment {
    let Some(paths) = paths else { return Fragment::default() };
    let mut paths = paths.to_vec();
    for needed in needed.into_iter().map(DocumentPath::from) {
        // DynamoDB takes no two paths of which one is in the other.
        paths.retain(|path| !path.overlaps(&needed));
        paths.push(needed);
    }
    paths
        .iter()
        .map(|path| Fragment::default().path(path))
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
        borrowed!(Plain, $owned => $borrowed, $convert);
        // Their texts have one spelling.
        borrowed!(NativeKey, $owned => $borrowed, $convert);
    )*};
    ($encoding:ty, $owned:ty => $borrowed:ty, $convert:expr) => {
        #[diagnostic::do_not_recommend]
        impl<'de: 'a, 'a> ReadAs<'de, $encoding, $borrowed> for $owned {
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
    };
}

borrowed! {
    String => Cow<'a, str>, Cow::Owned;
    Option<String> => Option<Cow<'a, str>>, |owned| owned.map(Cow::Owned);
    Sensitive<String> => Sensitive<Cow<'a, str>>,
        |owned| Sensitive::new(Cow::Owned(owned.into_inner()));
    Option<Sensitive<String>> => Option<Sensitive<Cow<'a, str>>>,
        |owned| owned.map(|owned| Sensitive::new(Cow::Owned(owned.into_inner())));
}

/// What a field of a projection is read from, as a `P`.
///
/// A derive names it in two places by the same tokens, so that a wrong type is one error.
#[doc(hidden)]
pub struct FieldSource<'de, P> {
    selected: Selected,
    read: fn(&mut Reader<'de>) -> Result<P, DecodeError>,
    absent: fn() -> Option<P>,
}

impl<'de, P> FieldSource<'de, P> {
    /// The attribute, which holds a `T`.
    #[inline]
    pub const fn of<E, T, const N: usize>(attribute: &Attribute<E, T, N>) -> Self
    where
        E: AttributeAt<N, Value = T>,
        T: ReadAs<'de, E::Encoding, P>,
    {
        let _ = attribute;
        Self {
            selected: Selected::whole(E::NAME, E::ALIASES),
            read: if E::HAS_DEFAULT { read_or_default::<E, T, P, N> } else { T::read_attribute },
            absent: || E::when_absent().map(T::convert_attribute).or_else(T::absent_attribute),
        }
    }

    /// Attributes of the document in the attribute.
    #[inline]
    pub const fn within<E, T, const N: usize>(attribute: &Attribute<E, T, N>) -> Self
    where
        E: AttributeAt<N, Value = T, Absence: WithoutDefault>,
        T: ReadWithin<'de, E::Encoding, P>,
    {
        let _ = attribute;
        Self {
            selected: Selected::within(E::NAME, E::ALIASES, T::SELECTION),
            read: T::read_within,
            absent: T::absent_within,
        }
    }

    pub const fn selected(self) -> Selected {
        self.selected
    }

    #[inline]
    pub fn field(self) -> Projected<'de, P> {
        Projected { value: None, source: self }
    }
}

/// A null is the default, as the absent attribute is.
fn read_or_default<'de, E, T, P, const N: usize>(reader: &mut Reader<'de>) -> Result<P, DecodeError>
where
    E: AttributeAt<N, Value = T>,
    T: ReadAs<'de, E::Encoding, P>,
{
    let mut ahead = reader.clone();
    if ahead.null()?
        && let Some(default) = E::when_absent()
    {
        *reader = ahead;
        return Ok(default.convert_attribute());
    }
    T::read_attribute(reader)
}

/// A field of a projection while its item is read.
#[doc(hidden)]
pub struct Projected<'de, P> {
    /// The value, and the name that the item has it under.
    value: Option<(P, &'static str)>,
    source: FieldSource<'de, P>,
}

impl<'de, P> Projected<'de, P> {
    /// Whether the attribute may have this name.
    #[inline]
    pub fn has_name(&self, name: &str) -> bool {
        self.source.selected.spelling(name).is_some()
    }

    /// Reads the value of the member that was just named, which is this attribute.
    ///
    /// # Errors
    /// When the attribute is read already, or the value does not fit.
    #[expect(clippy::inline_always, reason = "else neither the name nor the reader is known")]
    #[inline(always)]
    pub fn read(&mut self, item: &mut Members<'_, 'de>, name: &str) -> Result<(), DecodeError> {
        let selected = self.source.selected;
        let has_one_name = selected.has_one_name();
        let spelling = if has_one_name { None } else { selected.spelling(name) };
        let name = spelling.unwrap_or(selected.name());
        if let Some((_, first)) = &self.value {
            return Err(selected.twice(item, first, name));
        }
        self.value = Some((item.read_by(self.source.read)?, name));
        Ok(())
    }

    /// What the item holds, or what the entity reads an absent attribute as.
    ///
    /// # Errors
    /// When the attribute is missing and the entity has nothing for that.
    #[inline]
    pub fn take(self, item: &Members<'_, 'de>) -> Result<P, DecodeError> {
        match self.value {
            Some((value, _)) => Ok(value),
            None => (self.source.absent)().ok_or_else(|| item.missing(self.source.selected.name())),
        }
    }
}

/// An attribute that is absent where the item has none, as a type.
///
/// Of one with a default, a part that is absent does not tell whether the default is meant.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a projection cannot read a part of an attribute with a default",
    label = "an item without this attribute reads as the default, which its parts do not tell",
    note = "read the whole attribute: remove `#[dynamo(project)]`, and use the type that the field has in the entity"
)]
pub trait WithoutDefault {}

#[diagnostic::do_not_recommend]
impl<T: AttributeValue> WithoutDefault for T {}

/// What a projection can be of: an entity, or a document with fields.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither an entity nor a document with named fields",
    label = "no attributes that a projection could ask for",
    note = "add `#[derive(Entity)]` and `#[dynamo(table = \"..\")]` to the struct; or, where it is the value of an attribute, `#[derive(Document)]`"
)]
pub trait HasAttributes {}

#[diagnostic::do_not_recommend]
impl<R: Record> HasAttributes for R {}

/// That a projection is one of an entity or a document, and its attributes are of that.
#[doc(hidden)]
pub const fn of_record<R: HasAttributes>() {}

#[doc(hidden)]
pub const fn of_the_record<R, T, const N: usize>(attribute: &Attribute<R, T, N>) {
    let _ = attribute;
}
