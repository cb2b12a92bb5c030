//! Fields, and those that are attributes.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::{Attribute as RustAttribute, Path, Type, Visibility};

use crate::attr::{NamedForm, Purpose};

pub(crate) enum Field {
    Stored(Rc<Attribute>),
    Skipped(Box<Skipped>),
    /// The field that keeps the attributes which are no field's.
    Unknown(Box<Unknown>),
    Flattened(Box<Group>),
}

/// A field whose attributes stand among those of the struct.
pub(crate) struct Group {
    /// Its place among the groups.
    pub(crate) ordinal: usize,
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) ty: Type,
    /// The user's `#[doc]` and `#[deprecated]`.
    pub(crate) carried: Vec<RustAttribute>,
    /// The name of its constant.
    pub(crate) constant: Ident,
}

/// A field that is not stored.
pub(crate) struct Skipped {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
}

pub(crate) struct Unknown {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
}

/// A field that is stored.
pub(crate) struct Attribute {
    /// Its place among the stored fields.
    pub(crate) ordinal: usize,
    pub(crate) ident: Ident,
    pub(crate) visibility: Visibility,
    pub(crate) ty: Type,
    /// The user's `#[doc]` and `#[deprecated]`.
    pub(crate) carried: Vec<RustAttribute>,
    /// The name in the table.
    pub(crate) name: String,
    /// Older names, under which it is read too.
    pub(crate) aliases: Vec<String>,
    /// The name of its constant.
    pub(crate) constant: Ident,
    pub(crate) absence: Absence,
    pub(crate) form: Form,
    /// Whether a `None` is written as a null.
    pub(crate) null_when_none: bool,
    /// What it is for, where it is not plain data.
    pub(crate) purpose: Option<Purpose>,
}

/// What the form of a stored field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The type's own.
    OfType,
    /// The type's own, of a key of the table or of an index.
    Key,
    /// What serde makes of the value.
    Serde,
    /// The one that is named on the field.
    Named(NamedForm),
    /// The same of a key of the table or of an index.
    NamedKey(NamedForm),
    /// A part of the table's key, and no attribute by itself.
    InKey,
}

impl Form {
    /// The one that is named on the field.
    pub(crate) fn named(self) -> Option<NamedForm> {
        match self {
            Self::Named(form) | Self::NamedKey(form) => Some(form),
            Self::OfType | Self::Key | Self::Serde | Self::InKey => None,
        }
    }
}

/// What an item without the attribute reads as.
pub(crate) enum Absence {
    /// What the field's type says: `None`, or a decode error.
    OfType,
    /// `Default::default()`.
    Default,
    /// What this function returns.
    Function(Path),
}

/// Those of the fields that are stored.
pub(crate) fn stored(fields: &[Field]) -> impl Iterator<Item = &Attribute> {
    fields.iter().filter_map(|field| match field {
        Field::Stored(attribute) => Some(&**attribute),
        Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => None,
    })
}

/// Those of the fields that are attributes of the item, each by itself.
pub(crate) fn in_item(fields: &[Field]) -> impl Iterator<Item = &Attribute> {
    stored(fields).filter(|attribute| attribute.form != Form::InKey)
}

/// Those of the fields that are flattened.
pub(crate) fn groups(fields: &[Field]) -> impl Iterator<Item = &Group> {
    fields.iter().filter_map(|field| match field {
        Field::Flattened(group) => Some(&**group),
        Field::Skipped(_) | Field::Stored(_) | Field::Unknown(_) => None,
    })
}

/// The one that keeps the attributes which are no field's.
pub(crate) fn unknown(fields: &[Field]) -> Option<&Unknown> {
    fields.iter().find_map(|field| match field {
        Field::Unknown(unknown) => Some(&**unknown),
        Field::Stored(_) | Field::Skipped(_) | Field::Flattened(_) => None,
    })
}

impl Attribute {
    /// Its name in the table, and older ones.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.aliases)
    }
}

impl Attribute {
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.ordinal == other.ordinal
    }
}
