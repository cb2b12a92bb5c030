//! Keys of tables and of indexes.

use std::rc::Rc;

use proc_macro2::{Ident, Span};
use syn::Path;

use super::field::Attribute;

#[expect(clippy::struct_field_names, reason = "they are DynamoDB's names")]
pub(crate) struct Key {
    pub(crate) partition_key: KeyAttribute,
    pub(crate) sort_key: Option<KeyAttribute>,
    /// The type of the parts of the partition key, where it has several.
    pub(crate) partition_type: Ident,
}

/// A key of the table or of an index.
#[derive(Clone)]
pub(crate) enum KeyAttribute {
    Field(Rc<Attribute>),
    /// Several fields, of an index: each is a key attribute by itself.
    Fields(Vec<Rc<Attribute>>),
    Template(Rc<Template>),
}

/// A key that is made of fields.
pub(crate) struct Template {
    /// The name in the table.
    pub(crate) name: String,
    /// What stands between its delimiters.
    pub(crate) segments: Vec<Segment>,
    /// How it is written, if that is the form of another library.
    pub(crate) raw: Option<RawForm>,
    /// Where the template stands.
    pub(crate) place: Span,
}

/// How a key in the form of another library is written.
#[derive(PartialEq, Eq)]
pub(crate) struct RawForm {
    pub(crate) casing: LetterCase,
    pub(crate) is_lossy: bool,
    /// How many characters each part has at least, in the order of the parts.
    pub(crate) widths: Vec<usize>,
}

/// The case of a raw key's letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LetterCase {
    Kept,
    Lower,
    Upper,
}

#[derive(Clone)]
pub(crate) enum Segment {
    Fixed(String),
    Part(Rc<Attribute>),
}

/// A field of which no two items have one value.
pub(crate) struct Unique {
    pub(crate) attribute: Rc<Attribute>,
    /// What the partition key of its guard is made of.
    pub(crate) segments: Vec<Segment>,
    /// Where the template stands.
    pub(crate) place: Span,
}

/// The fields that make keys of indexes and are set together, since a key that they share needs
/// all of them.
pub(crate) struct KeyGroup {
    pub(crate) ty: Ident,
    /// The query function of the first index that has them.
    pub(crate) function: Ident,
    pub(crate) parts: Vec<Rc<Attribute>>,
}

pub(crate) struct Index {
    /// The function that queries it.
    pub(crate) function: Ident,
    /// The type that stands for it.
    pub(crate) marker: Ident,
    pub(crate) name: String,
    pub(crate) scope: Scope,
    /// The projection of what it holds, unless it holds all.
    pub(crate) projects: Option<Path>,
    /// Whether an item is read whose key of it is not the one that its parts make.
    pub(crate) tolerates_stale: bool,
}

pub(crate) enum Scope {
    Global(Key),
    /// It has the table's partition key.
    Local {
        sort_key: KeyAttribute,
    },
}

impl Key {
    /// The partition key and the sort key.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition_key).chain(&self.sort_key)
    }

    /// The fields that are keys, or parts of keys.
    pub(crate) fn fields(&self) -> Vec<&Attribute> {
        distinct(self.attributes().flat_map(KeyAttribute::fields))
    }

    /// Whether the field is a key, or a part of one.
    pub(crate) fn contains(&self, attribute: &Attribute) -> bool {
        self.attributes().flat_map(KeyAttribute::fields).any(|field| field.is(attribute))
    }

    /// Whether the field is a key by itself.
    pub(crate) fn is_field(&self, attribute: &Attribute) -> bool {
        self.attributes().any(|key| key.is(attribute))
    }

    pub(crate) fn is_template(&self, template: &Template) -> bool {
        self.attributes().any(|key| key.is_template(template))
    }
}

impl KeyAttribute {
    /// The field that it is, if it is one.
    pub(crate) fn field(&self) -> Option<&Attribute> {
        match self {
            Self::Field(field) => Some(field),
            Self::Fields(_) | Self::Template(_) => None,
        }
    }

    /// The fields that are key attributes by themselves.
    pub(crate) fn plain(&self) -> &[Rc<Attribute>] {
        match self {
            Self::Field(field) => std::slice::from_ref(field),
            Self::Fields(fields) => fields,
            Self::Template(_) => &[],
        }
    }

    /// The template that makes it, if one does.
    pub(crate) fn template(&self) -> Option<&Rc<Template>> {
        match self {
            Self::Field(_) | Self::Fields(_) => None,
            Self::Template(template) => Some(template),
        }
    }

    /// The field that it is, or those that make it.
    pub(crate) fn fields(&self) -> Vec<&Attribute> {
        match self {
            Self::Field(_) | Self::Fields(_) => distinct(self.plain().iter().map(|field| &**field)),
            Self::Template(template) => distinct(template.parts()),
        }
    }

    /// The names in the table.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Template(template) => vec![&template.name],
            _ => self.plain().iter().map(|field| field.name.as_str()).collect(),
        }
    }

    pub(crate) fn is(&self, attribute: &Attribute) -> bool {
        self.plain().iter().any(|field| field.is(attribute))
    }

    pub(crate) fn has_part(&self, attribute: &Attribute) -> bool {
        self.template().is_some_and(|template| template.parts().any(|part| part.is(attribute)))
    }

    pub(crate) fn is_template(&self, template: &Template) -> bool {
        self.template().is_some_and(|own| own.name == template.name)
    }
}

impl Template {
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Attribute> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Fixed(_) => None,
            Segment::Part(part) => Some(&**part),
        })
    }
}

/// Each attribute once, where it stands first.
pub(super) fn distinct<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
) -> Vec<&'a Attribute> {
    let mut found: Vec<&Attribute> = Vec::new();
    for attribute in attributes {
        if found.iter().all(|known| !known.is(attribute)) {
            found.push(attribute);
        }
    }
    found
}

impl Index {
    pub(crate) fn sort_key(&self) -> Option<&KeyAttribute> {
        match &self.scope {
            Scope::Global(key) => key.sort_key.as_ref(),
            Scope::Local { sort_key } => Some(sort_key),
        }
    }
}
