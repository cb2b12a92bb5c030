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
    pub(crate) created_at: Option<Rc<Attribute>>,
    pub(crate) updated_at: Option<Rc<Attribute>>,
    pub(crate) ttl: Option<Rc<Attribute>>,
    pub(crate) indexes: Vec<Index>,
    /// The keys of the table and of the indexes that are made of fields.
    pub(crate) templates: Vec<Rc<Template>>,
    /// The parts of index keys that are set together.
    pub(crate) key_groups: Vec<KeyGroup>,
    pub(crate) permissions: Vec<Permission>,
    /// The key's type.
    pub(crate) key_type: Ident,
    /// The trait of the sort key conditions.
    pub(crate) query_trait: Ident,
}

/// The entities of one partition.
pub(crate) enum Collection {
    /// As an enum.
    Items(CollectionItems),
    /// As a struct.
    Aggregate(Aggregate),
}

/// The entities of one partition, as an enum.
pub(crate) struct CollectionItems {
    /// The crate `dynamo_runtime`.
    pub(crate) runtime: Path,
    pub(crate) ident: Ident,
    /// What messages call it.
    pub(crate) name: String,
    /// The type of the index that is queried, if it is not the table.
    pub(crate) index: Option<Path>,
    /// Whether the items of other entities are passed over.
    pub(crate) skips_others: bool,
    /// At least one.
    pub(crate) members: Vec<CollectionVariant>,
}

/// A variant of a collection.
pub(crate) struct CollectionVariant {
    pub(crate) ident: Ident,
    pub(crate) entity: Type,
}

/// All items of one partition, as a struct.
pub(crate) struct Aggregate {
    pub(crate) visibility: Visibility,
    pub(crate) ident: Ident,
    /// The fields, in the order of the variants of `items`.
    pub(crate) fields: Vec<AggregateField>,
    /// The enum of its entities, which is generated.
    pub(crate) items: CollectionItems,
}

pub(crate) struct AggregateField {
    pub(crate) ident: Ident,
    pub(crate) count: Count,
}

/// How many entities of its kind a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    One,
    AtMostOne,
    Any,
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
}

#[derive(Clone)]
pub(crate) enum Segment {
    Fixed(String),
    Part(Rc<Attribute>),
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
}

pub(crate) enum Scope {
    Global(Key),
    /// It has the table's partition key.
    Local {
        sort_key: KeyAttribute,
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
        Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => None,
    })
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

impl Entity {
    pub(crate) fn target(&self) -> &Target {
        &self.record.target
    }

    /// The stored fields, in the order of their ordinals.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Attribute> {
        self.record.stored()
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

    /// The fields that are set together with this one.
    pub(crate) fn group_of(&self, attribute: &Attribute) -> Option<&KeyGroup> {
        self.key_groups.iter().find(|group| group.parts.iter().any(|part| part.is(attribute)))
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

impl Attribute {
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.ordinal == other.ordinal
    }
}

/// Each attribute once, where it stands first.
fn distinct<'a>(attributes: impl IntoIterator<Item = &'a Attribute>) -> Vec<&'a Attribute> {
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

/// Some attributes of an entity or of a document.
pub(crate) struct Projection {
    pub(crate) runtime: Path,
    pub(crate) ident: Ident,
    /// Of the response that it borrows from, if it does.
    pub(crate) lifetime: Option<Lifetime>,
    /// The entity or the document.
    pub(crate) of: Path,
    /// The type that has the constants of its attributes, if not itself.
    pub(crate) attributes: Option<Path>,
    pub(crate) fields: Vec<Projected>,
}

/// A field of a projection.
pub(crate) struct Projected {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The name of the attribute's constant.
    pub(crate) constant: Ident,
    /// Whether it is read as a projection of the document in the attribute.
    pub(crate) is_part: bool,
}
