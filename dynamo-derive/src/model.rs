//! The model: what a type is, once every rule holds. An illegal one cannot be
//! written down: an entity has one partition key, at most one version, a local
//! index has a sort key.

mod collection;
mod field;
mod key;
mod projection;
mod vector_index;

use std::rc::Rc;

use proc_macro2::Ident;
use syn::{Generics, Member, Path, Type, Visibility};

pub(crate) use crate::attr::{DistanceWord, NamedForm, Permission, Purpose};
pub(crate) use collection::{
    Aggregate, AggregateField, Collection, CollectionItems, CollectionVariant, Count,
};
pub(crate) use field::{
    Absence, Attribute, Field, Form, Group, Skipped, Unknown, groups, in_item, stored, unknown,
};
pub(crate) use key::{
    Index, Key, KeyAttribute, KeyGroup, LetterCase, RawForm, Scope, Segment, Template, Unique,
};
pub(crate) use projection::{Projected, Projection};
pub(crate) use vector_index::VectorIndex;

use key::distinct;

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
    /// Whether an attribute that is no field's is an error.
    pub(crate) denies_unknown: bool,
    /// The shape of older items.
    pub(crate) upgrade: Option<Path>,
}

pub(crate) struct Entity {
    pub(crate) record: Record,
    pub(crate) table: String,
    pub(crate) key: Key,
    pub(crate) version: Option<Rc<Attribute>>,
    /// The number of the first version, where it is not 1.
    pub(crate) first_version: Option<u64>,
    pub(crate) created_at: Option<Rc<Attribute>>,
    pub(crate) updated_at: Option<Rc<Attribute>>,
    pub(crate) ttl: Option<Rc<Attribute>>,
    pub(crate) indexes: Vec<Index>,
    /// The attributes that are the same in all items.
    pub(crate) constants: Vec<Constant>,
    pub(crate) vector_indexes: Vec<VectorIndex>,
    /// The keys of the table and of the indexes that are made of fields.
    pub(crate) templates: Vec<Rc<Template>>,
    /// The fields of which no two items have one value.
    pub(crate) unique: Vec<Unique>,
    /// The parts of index keys that are set together.
    pub(crate) key_groups: Vec<KeyGroup>,
    pub(crate) permissions: Vec<Permission>,
    /// The key's type.
    pub(crate) key_type: Ident,
    /// The trait of the sort key conditions.
    pub(crate) query_trait: Ident,
}

/// An attribute that is the same text in all items of an entity.
pub(crate) struct Constant {
    /// The name in the table.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// What an item has beside the fields of its struct.
#[derive(Clone, Copy, Default)]
pub(crate) struct Beside<'a> {
    /// The keys that are made of fields.
    pub(crate) templates: &'a [Rc<Template>],
    pub(crate) constants: &'a [Constant],
}

/// A type that is stored as a value of an attribute.
pub(crate) enum Document {
    /// As a map.
    Record(Box<Record>),
    /// As its field.
    Newtype(Box<Newtype>),
    /// As text.
    Text(Box<TextEnum>),
    /// As a number.
    Number(Box<NumberEnum>),
    /// As a map with a tag.
    Tagged(Box<TaggedEnum>),
}

/// A type that can be a key.
pub(crate) enum KeyPart {
    Newtype(Box<Newtype>),
    Text(Box<TextEnum>),
    Number(Box<NumberEnum>),
}

/// A struct of one field, which is stored as that field is.
pub(crate) struct Newtype {
    pub(crate) target: Target,
    /// The field's name, or `0`.
    pub(crate) member: Member,
    pub(crate) ty: Type,
    /// The fields beside it, each a `PhantomData`.
    pub(crate) phantoms: Vec<Member>,
}

/// An enum whose variants have no fields.
pub(crate) struct TextEnum {
    pub(crate) target: Target,
    /// Each variant with its text.
    pub(crate) variants: Vec<(Ident, String)>,
    /// The variant that holds every other text.
    pub(crate) other: Option<Ident>,
}

/// An enum whose variants have no fields, and a number each.
pub(crate) struct NumberEnum {
    pub(crate) target: Target,
    pub(crate) variants: Vec<Ident>,
    /// The type of the numbers.
    pub(crate) integer: Ident,
}

/// An enum whose variants have fields, distinguished by an attribute.
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

impl Record {
    /// The stored fields, in the order of their ordinals.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Attribute> {
        stored(&self.fields)
    }
}

impl<'a> Beside<'a> {
    /// The names in the table.
    pub(crate) fn names(self) -> Vec<&'a str> {
        let keys = self.templates.iter().map(|template| template.name.as_str());
        keys.chain(self.constants.iter().map(|constant| constant.name.as_str())).collect()
    }
}

impl Entity {
    pub(crate) fn target(&self) -> &Target {
        &self.record.target
    }

    /// The stored fields, in the order of their ordinals.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Attribute> {
        self.record.stored()
    }

    /// What an item has beside the fields.
    pub(crate) fn beside(&self) -> Beside<'_> {
        Beside { templates: &self.templates, constants: &self.constants }
    }

    pub(crate) fn index_partition_key<'a>(&'a self, index: &'a Index) -> &'a KeyAttribute {
        match &index.scope {
            Scope::Global(key) => &key.partition_key,
            Scope::Local { .. } => &self.key.partition_key,
        }
    }

    /// The indexes that have the attribute as a key.
    pub(crate) fn indexes_of(&self, attribute: &Attribute) -> impl Iterator<Item = &Index> {
        self.indexes.iter().filter(|index| {
            let keys = [Some(self.index_partition_key(index)), index.sort_key()];
            keys.into_iter().flatten().any(|key| key.is(attribute))
        })
    }

    /// Whether a vector index has the attribute as its partition key.
    pub(crate) fn is_vector_partition_key(&self, attribute: &Attribute) -> bool {
        let mut keys = self.vector_indexes.iter().filter_map(|index| index.partition_key.as_ref());
        keys.any(|key| key.is(attribute))
    }

    /// The vector that is made of the attribute.
    pub(crate) fn embedding_of(&self, attribute: &Attribute) -> Option<&Attribute> {
        let of = |index: &&VectorIndex| index.of.as_ref().is_some_and(|of| of.is(attribute));
        self.vector_indexes.iter().find(of).map(|index| &*index.vector)
    }

    /// The fields that are sort keys, of the table and then of the indexes, or parts of them.
    pub(crate) fn sort_fields(&self) -> Vec<&Attribute> {
        let all = self.key.sort_key.iter().chain(self.indexes.iter().filter_map(Index::sort_key));
        distinct(all.flat_map(KeyAttribute::fields))
    }

    /// Whether the attribute is a part of a templated key of the table.
    pub(crate) fn is_table_part(&self, attribute: &Attribute) -> bool {
        self.key.attributes().any(|key| key.has_part(attribute))
    }

    /// Whether the attribute is a part of a templated key of an index.
    pub(crate) fn is_index_part(&self, attribute: &Attribute) -> bool {
        self.templates.iter().any(|template| {
            !self.key.is_template(template) && template.parts().any(|part| part.is(attribute))
        })
    }

    /// The parts of a key of an index that are no part of the table's key.
    pub(crate) fn own_parts<'a>(&'a self, template: &'a Template) -> Vec<&'a Attribute> {
        if self.key.is_template(template) {
            return Vec::new();
        }
        distinct(template.parts().filter(|part| !self.key.contains(part)))
    }

    /// Whether the key is the sort key of the table or of an index.
    pub(crate) fn is_sort_key(&self, template: &Template) -> bool {
        let indexes = self.indexes.iter().filter_map(Index::sort_key);
        self.key.sort_key.iter().chain(indexes).any(|key| key.is_template(template))
    }

    /// Whether each index of which it is a key tolerates one that is not the key of its parts.
    pub(crate) fn is_stale_tolerated(&self, template: &Template) -> bool {
        let mut indexes = self
            .indexes
            .iter()
            .filter(|index| {
                let keys = [Some(self.index_partition_key(index)), index.sort_key()];
                keys.into_iter().flatten().any(|key| key.is_template(template))
            })
            .peekable();
        !self.key.is_template(template)
            && indexes.peek().is_some()
            && indexes.all(|index| index.tolerates_stale)
    }

    /// The fields that are set together with this one.
    pub(crate) fn group_of(&self, attribute: &Attribute) -> Option<&KeyGroup> {
        self.key_groups.iter().find(|group| group.parts.iter().any(|part| part.is(attribute)))
    }

    /// Whether no two items have one value of the attribute.
    pub(crate) fn is_unique(&self, attribute: &Attribute) -> bool {
        self.unique.iter().any(|unique| unique.attribute.is(attribute))
    }

    /// Whether an update leaves the attribute to the library.
    pub(crate) fn is_managed(&self, attribute: &Attribute) -> bool {
        [&self.version, &self.created_at, &self.updated_at]
            .into_iter()
            .flatten()
            .any(|managed| managed.ordinal == attribute.ordinal)
    }
}
