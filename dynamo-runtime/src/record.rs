//! What a derive describes of a type with stored attributes, an entity or a document.

mod absence;
mod declared;
mod selected;
mod updates;

pub use absence::{CanBeAbsent, Defaulted, HasDefault};
pub use declared::{Declared, No, Yes};
pub(crate) use declared::{
    DeclaresDelete, DeclaresPut, DeclaresScan, DeclaresUpsert, DeclaresVersion, DeclaresZeroVector,
};
pub use selected::Selected;
pub(crate) use selected::paths;
pub(crate) use updates::MadeInto;
pub use updates::{Computed, Embedded, NoPart, NotKey, NotManaged, OnlyPart, SetAlone};

use crate::codec::{DecodeError, Decoding, Encoding, Reader};
use crate::expression::ConditionKeys;
use crate::key::{KeyError, KeyKind, WrittenParts};

/// The stored attributes of a type, in the order of its fields.
///
/// A name is always sent as a placeholder, so an implementation by hand can alias a declared
/// attribute and nothing else.
pub trait Record {
    /// The attributes' names in the table.
    const NAMES: &'static [&'static str];
}

/// What the derive declares of the `N`th attribute of an entity or a document.
#[doc(hidden)]
pub trait AttributeAt<const N: usize>: Record + NameAt<N> {
    /// The field's type.
    type Value;
    /// What a condition compares it with.
    type Operand;
    /// How it is stored.
    type Encoding: Encoding<Self::Value> + Encoding<Self::Operand>;
    /// The keys that it is part of.
    type Keys: ConditionKeys;
    /// The field's type, or `Defaulted`.
    type Absence;
    /// What it is to the templated keys of indexes: `NoPart`, `OnlyPart`, or the type that sets all
    /// parts at once.
    type Part;

    /// Older names, under which it is read too.
    const ALIASES: &'static [&'static str] = &[];

    /// Whether an absent attribute, and a null, reads as a default of the field.
    const HAS_DEFAULT: bool = false;

    /// How it is read as a key of the table, and its data type, where its form is not its type's
    /// own.
    const KEY_FORM: Option<KeyForm<Self::Value>> = None;

    /// What an absent attribute reads as, where the field has a default.
    fn when_absent() -> Option<Self::Value> {
        None
    }

    /// Checks a value against the limits of an index of which this is a key.
    fn check(value: &Self::Value) -> Result<(), KeyError> {
        let _ = value;
        Ok(())
    }

    /// Takes note of a new value, where it is a part of an index's key.
    fn note(value: &Self::Value, parts: &mut WrittenParts) {
        let _ = (value, parts);
    }
}

/// The form of a key that is named on its field.
#[doc(hidden)]
#[derive(Debug)]
pub struct KeyForm<T> {
    pub(crate) code: &'static str,
    pub(crate) read: fn(&mut Reader<'_>) -> Result<T, DecodeError>,
}

impl<T> KeyForm<T> {
    /// The form `C`.
    pub const fn of<C>() -> Self
    where
        C: Encoding<T, Kind: KeyKind> + for<'de> Decoding<'de, T>,
    {
        Self { code: <C::Kind as KeyKind>::CODE, read: |reader| C::decode(reader) }
    }
}

/// The name in the table of the `N`th attribute.
///
/// All records have it, so none can be given another name, and past the declared names it does not
/// compile.
#[doc(hidden)]
pub trait NameAt<const N: usize> {
    const NAME: &'static str;
}

impl<R: Record, const N: usize> NameAt<N> for R {
    #[expect(clippy::indexing_slicing, reason = "the place is within the bounds")]
    const NAME: &'static str = {
        assert!(
            N < R::NAMES.len(),
            "this is no attribute that the derive has declared\n\nhelp: use the constants of the entity: `User::EMAIL`",
        );
        R::NAMES[N]
    };
}

/// What the `N`th attribute or group is to its entity.
#[doc(hidden)]
pub trait RoleAt<const N: usize> {
    /// Whether it is part of the primary key: `Yes` or `No`.
    type InKey;
    /// Whether the library writes it itself: `Yes` or `No`.
    type Managed;
}
