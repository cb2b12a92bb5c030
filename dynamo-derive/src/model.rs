//! The model: what a type is, once every rule holds. An illegal one cannot be
//! written down: an entity has one partition key, at most one version, a local
//! index has a sort key.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::{Attribute as RustAttribute, Generics, Lifetime, Member, Path, Type, Visibility};

pub(crate) use crate::attr::{Permission, Purpose};

/// The type that a derive stands on.
pub(crate) struct Target {
    /// The crate `dynamo_runtime`, by the path that the user's crate has for it.
    pub(crate) runtime: Path,
    pub(crate) visibility: Visibility,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    /// The type parameters of which a stored field is made.
    pub(crate) stored: Vec<Ident>,
    /// The type parameters of which a field is made that has a default.
    pub(crate) defaulted: Vec<Ident>,
}

/// A struct whose fields are attributes: an entity, or a document.
pub(crate) struct Record {
    pub(crate) target: Target,
    /// All fields, in the order of the struct.
    pub(crate) fields: Vec<Field>,
    /// The type to generate for the attribute constants, if not the struct.
    pub(crate) attributes: Option<Ident>,
}

pub(crate) struct Entity {
    pub(crate) record: Record,
    pub(crate) table: String,
    pub(crate) key: Key,
    pub(crate) version: Option<Rc<Attribute>>,
    pub(crate) created_at: Option<Rc<Attribute>>,
    pub(crate) updated_at: Option<Rc<Attribute>>,
    pub(crate) ttl: Option<Rc<Attribute>>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) permissions: Vec<Permission>,
    /// The key's type.
    pub(crate) key_type: Ident,
    /// The trait of the sort key conditions.
    pub(crate) query_trait: Ident,
}

/// A type that is stored as a value of an attribute.
pub(crate) enum Document {
    /// As a map.
    Record(Box<Record>),
    /// As its field.
    Newtype(Box<Newtype>),
    /// As text.
    Text(Box<TextEnum>),
    /// As a map with a tag.
    Tagged(Box<TaggedEnum>),
}

/// A type that can be a key.
pub(crate) enum KeyPart {
    Newtype(Box<Newtype>),
    Text(Box<TextEnum>),
}

/// A struct of one field, which is stored as that field is.
pub(crate) struct Newtype {
    pub(crate) target: Target,
    /// The field's name, or `0`.
    pub(crate) member: Member,
    pub(crate) ty: Type,
}

/// An enum whose variants have no fields.
pub(crate) struct TextEnum {
    pub(crate) target: Target,
    /// Each variant with its text.
    pub(crate) variants: Vec<(Ident, String)>,
    /// The variant that holds every other text.
    pub(crate) other: Option<Ident>,
}

/// An enum whose variants have fields, told apart by an attribute.
pub(crate) struct TaggedEnum {
    pub(crate) target: Target,
    /// The attribute's name.
    pub(crate) tag: String,
    pub(crate) variants: Vec<TaggedVariant>,
}

pub(crate) struct TaggedVariant {
    pub(crate) ident: Ident,
    /// What the tag holds.
    pub(crate) text: String,
    pub(crate) content: Content,
}

/// What stands beside the tag.
pub(crate) enum Content {
    Nothing,
    Fields(Vec<Field>),
    /// What a document has in its map.
    Document(Box<Type>),
}

pub(crate) enum Field {
    Stored(Rc<Attribute>),
    Skipped(Box<Skipped>),
    Flattened(Box<Group>),
}

/// A field whose attributes stand among those of the struct.
pub(crate) struct Group {
    /// Its place among the groups.
    pub(crate) ordinal: usize,
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
}

/// A field that is not stored.
pub(crate) struct Skipped {
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
    /// The name of its constant.
    pub(crate) constant: Ident,
    pub(crate) absence: Absence,
    pub(crate) form: Form,
    /// What it is for, where it is not plain data.
    pub(crate) purpose: Option<Purpose>,
}

/// What the form of a stored field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The type's own.
    OfType,
    /// What serde makes of the value.
    Serde,
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

pub(crate) struct Key {
    pub(crate) partition_key: Rc<Attribute>,
    pub(crate) sort_key: Option<Rc<Attribute>>,
}

pub(crate) struct Index {
    /// The function that queries it.
    pub(crate) function: Ident,
    /// The type that stands for it.
    pub(crate) marker: Ident,
    pub(crate) name: String,
    pub(crate) scope: Scope,
}

pub(crate) enum Scope {
    Global(Key),
    /// It has the table's partition key.
    Local {
        sort_key: Rc<Attribute>,
    },
}

impl Record {
    /// The stored fields, in the order of their ordinals.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Attribute> {
        stored(&self.fields)
    }
}

/// Those of the fields that are stored.
pub(crate) fn stored(fields: &[Field]) -> impl Iterator<Item = &Attribute> {
    fields.iter().filter_map(|field| match field {
        Field::Stored(attribute) => Some(&**attribute),
        Field::Skipped(_) | Field::Flattened(_) => None,
    })
}

/// Those of the fields that are flattened.
pub(crate) fn groups(fields: &[Field]) -> impl Iterator<Item = &Group> {
    fields.iter().filter_map(|field| match field {
        Field::Flattened(group) => Some(&**group),
        Field::Skipped(_) | Field::Stored(_) => None,
    })
}

impl Entity {
    pub(crate) fn target(&self) -> &Target {
        &self.record.target
    }

    /// The stored fields, in the order of their ordinals.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Attribute> {
        self.record.stored()
    }

    pub(crate) fn index_partition_key<'a>(&'a self, index: &'a Index) -> &'a Attribute {
        match &index.scope {
            Scope::Global(key) => &key.partition_key,
            Scope::Local { .. } => &self.key.partition_key,
        }
    }

    /// The indexes that have the attribute as a key.
    pub(crate) fn indexes_of(&self, attribute: &Attribute) -> impl Iterator<Item = &Index> {
        self.indexes.iter().filter(|index| {
            let keys = [Some(self.index_partition_key(index)), index.sort_key()];
            keys.into_iter().flatten().any(|key| key.ordinal == attribute.ordinal)
        })
    }

    /// The table's sort key, then the indexes', each attribute once.
    pub(crate) fn sort_keys(&self) -> Vec<&Attribute> {
        let mut found: Vec<&Attribute> = Vec::new();
        let all = self.indexes.iter().filter_map(Index::sort_key);
        for attribute in self.key.sort_key.as_deref().into_iter().chain(all) {
            if found.iter().all(|known| known.ordinal != attribute.ordinal) {
                found.push(attribute);
            }
        }
        found
    }

    /// Whether an update leaves the attribute to the library.
    pub(crate) fn is_managed(&self, attribute: &Attribute) -> bool {
        [&self.version, &self.created_at, &self.updated_at]
            .into_iter()
            .flatten()
            .any(|managed| managed.ordinal == attribute.ordinal)
    }
}

impl Key {
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Attribute> {
        std::iter::once(&*self.partition_key).chain(self.sort_key.as_deref())
    }

    pub(crate) fn contains(&self, attribute: &Attribute) -> bool {
        self.parts().any(|part| part.ordinal == attribute.ordinal)
    }
}

impl Index {
    pub(crate) fn sort_key(&self) -> Option<&Attribute> {
        match &self.scope {
            Scope::Global(key) => key.sort_key.as_deref(),
            Scope::Local { sort_key } => Some(sort_key),
        }
    }
}

/// Some attributes of an entity.
pub(crate) struct Projection {
    pub(crate) runtime: Path,
    pub(crate) ident: Ident,
    /// Of the response that it borrows from, if it does.
    pub(crate) lifetime: Option<Lifetime>,
    /// The entity.
    pub(crate) of: Path,
    /// The type that has the constants of the entity's attributes, if not the entity.
    pub(crate) attributes: Option<Path>,
    pub(crate) fields: Vec<Projected>,
}

/// A field of a projection.
pub(crate) struct Projected {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The name of the entity's constant.
    pub(crate) constant: Ident,
}
