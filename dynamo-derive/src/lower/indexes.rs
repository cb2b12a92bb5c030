//! `index(..)` to the model's indexes.

use std::rc::Rc;

use proc_macro2::Ident;
use quote::format_ident;
use syn::LitStr;
use syn::ext::IdentExt;

use super::names::{check_resource_name, generated_type};
use super::template::Templates;
use crate::attr::{IndexAttribute, IndexKey, TemplateAttribute};
use crate::case::type_name;
use crate::errors::{Errors, quoted};
use crate::model::{Attribute, Field, Form, Index, Key, KeyAttribute, Scope};
use crate::near::nearest;

/// The operations of every entity, which an index function would hide.
pub(super) const OPERATIONS: [&str; 19] = [
    "get",
    "batch_get",
    "create",
    "put",
    "replace",
    "claim_unique",
    "update",
    "upsert",
    "modify",
    "delete",
    "delete_entity",
    "query",
    "scan",
    "scan_index",
    "key",
    "to_key",
    "put_unconditionally",
    "delete_unconditionally",
    "upsert_unconditionally",
];

/// What an index is checked against.
pub(super) struct Table<'a> {
    pub(super) entity: &'a Ident,
    pub(super) fields: &'a [Field],
    pub(super) has_sort_key: bool,
    pub(super) ttl: Option<&'a Attribute>,
    pub(super) templates: Templates<'a>,
}

impl Table<'_> {
    /// The indexes, but those with a mistake that leaves nothing to query.
    pub(super) fn lower(
        &mut self,
        attributes: &[IndexAttribute],
        errors: &mut Errors,
    ) -> Vec<Index> {
        check_each_once(attributes, errors);
        let mut indexes: Vec<Index> = Vec::new();
        for attribute in attributes {
            let is_free = check_function_is_free(&attribute.function, self.entity, errors);
            let name = check_name(attribute, errors);
            let suffix = type_name(&attribute.function.unraw().to_string());
            let marker = generated_type(self.entity, &suffix);
            let Some(scope) = self.scope(attribute, &marker, errors) else {
                continue;
            };
            if !is_free || indexes.iter().any(|index| index.function == attribute.function) {
                continue;
            }
            let function = attribute.function.clone();
            let projects = attribute.projects.clone();
            check_stale_key_is_made(attribute, &scope, errors);
            let tolerates_stale = attribute.stale.is_some();
            indexes.push(Index { function, marker, name, scope, projects, tolerates_stale });
        }
        indexes
    }

    fn scope(
        &mut self,
        index: &IndexAttribute,
        marker: &Ident,
        errors: &mut Errors,
    ) -> Option<Scope> {
        match &index.local {
            None => self.global(index, marker, errors).map(Scope::Global),
            Some(local) => {
                let sort_key = self.local(index, local, errors)?;
                Some(Scope::Local { sort_key })
            }
        }
    }

    fn global(
        &mut self,
        index: &IndexAttribute,
        marker: &Ident,
        errors: &mut Errors,
    ) -> Option<Key> {
        check_has_partition_key(index, errors);
        check_two_fields(index, errors);
        let partition_key = index.partition_key.as_ref().map(|key| self.key(key, errors));
        let sort_key = index.sort_key.as_ref().map(|key| self.key(key, errors));
        let sort_key = match sort_key {
            Some(key) => Some(key?),
            None => None,
        };
        let partition_type = generated_type(marker, "Partition");
        Some(Key { partition_key: partition_key??, sort_key, partition_type })
    }

    /// The sort key of a local index.
    fn local(
        &mut self,
        index: &IndexAttribute,
        local: &Ident,
        errors: &mut Errors,
    ) -> Option<KeyAttribute> {
        check_no_partition_key(index, errors);
        check_has_sort_key(index, local, errors);
        self.check_table_has_sort_key(local, errors);
        check_local_has_one_sort_key(index, errors);
        index.sort_key.as_ref().and_then(|key| self.key(key, errors))
    }

    fn key(&mut self, key: &IndexKey, errors: &mut Errors) -> Option<KeyAttribute> {
        match key {
            IndexKey::Field { word, field } => {
                self.attribute(word, field, errors).map(KeyAttribute::Field)
            }
            IndexKey::Fields { word, fields } => {
                check_count(word, fields, errors);
                let fields: Vec<_> =
                    fields.iter().map(|field| self.attribute(word, field, errors)).collect();
                let mut fields: Vec<_> = fields.into_iter().collect::<Option<_>>()?;
                Some(match fields.as_slice() {
                    [_] => KeyAttribute::Field(fields.remove(0)),
                    _ => KeyAttribute::Fields(fields),
                })
            }
            IndexKey::Template(template) => {
                self.templates.of_index(template, errors).map(KeyAttribute::Template)
            }
        }
    }

    /// An index names fields that are stored, by their names in the struct.
    fn attribute(&self, word: &Ident, name: &Ident, errors: &mut Errors) -> Option<Rc<Attribute>> {
        let wanted = name.unraw();
        for field in self.fields {
            match field {
                Field::Stored(attribute) if attribute.ident.unraw() == wanted => {
                    self.check_not_ttl(name, attribute, errors);
                    check_not_by_serde(name, attribute, errors)?;
                    check_is_attribute(name, attribute, errors)?;
                    return Some(Rc::clone(attribute));
                }
                Field::Skipped(skipped) if skipped.ident.unraw() == wanted => {
                    errors.report(
                        name,
                        format_args!("`{name}` is skipped, so an index cannot have it as its key"),
                        format_args!(
                            "remove `skip` from `{name}`, or choose a field that is stored"
                        ),
                    );
                    return None;
                }
                Field::Flattened(group) if group.ident.unraw() == wanted => {
                    errors.report(
                        name,
                        format_args!("`{name}` is flattened, so an index cannot have it as its key"),
                        "the key of an index is a field of the entity itself: move it out of the group",
                    );
                    return None;
                }
                Field::Stored(_) | Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => {}
            }
        }
        let known: Vec<_> = self.stored().map(|field| field.ident.unraw().to_string()).collect();
        let help = match nearest(&wanted.to_string(), known.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{word} = {meant}`?"),
            None => format!("the fields are {}", quoted(&known)),
        };
        errors.report(name, format_args!("`{}` has no field `{name}`", self.entity), help);
        None
    }

    /// The ttl is stored as whole seconds, unlike every other timestamp.
    fn check_not_ttl(&self, place: &Ident, attribute: &Attribute, errors: &mut Errors) {
        if self.ttl.is_some_and(|ttl| ttl.ordinal == attribute.ordinal) {
            errors.report(
                place,
                format_args!("`{place}` is the `ttl`, which cannot be a key of an index"),
                "store the time in a second field, and make that the key",
            );
        }
    }

    /// A local index sorts the items of one partition another way.
    fn check_table_has_sort_key(&self, local: &Ident, errors: &mut Errors) {
        if !self.has_sort_key {
            errors.report(
                local,
                format_args!("a local index needs a table with a sort key, and `{}` has none", self.entity),
                "mark the table's sort key with `#[dynamo(sort_key)]`; or remove `local` and give the index its `partition_key`",
            );
        }
    }

    fn stored(&self) -> impl Iterator<Item = &Attribute> {
        self.fields.iter().filter_map(|field| match field {
            Field::Stored(attribute) => Some(&**attribute),
            Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => None,
        })
    }
}

/// Each index has a function and a name of its own.
fn check_each_once(indexes: &[IndexAttribute], errors: &mut Errors) {
    for (position, index) in indexes.iter().enumerate() {
        let earlier = indexes.iter().take(position);
        if earlier.clone().any(|other| other.function == index.function) {
            errors.report(
                &index.function,
                format_args!("two indexes have the query function `{}`", index.function),
                "give one of them another function",
            );
        }
        let name = index.name.as_ref().map(LitStr::value);
        let is_named_alike =
            |other: &IndexAttribute| other.name.as_ref().map(LitStr::value) == name;
        if let Some(name) = index.name.as_ref().filter(|_| earlier.clone().any(is_named_alike)) {
            errors.report(
                name,
                format_args!("two indexes have the name `{}`", name.value()),
                "an index has one name in its table: correct or remove one of them",
            );
        }
    }
}

/// An operation that is called like an index function would be out of reach.
/// Says whether it is not.
pub(super) fn check_function_is_free(
    function: &Ident,
    entity: &Ident,
    errors: &mut Errors,
) -> bool {
    let is_operation = OPERATIONS.contains(&function.unraw().to_string().as_str());
    if is_operation {
        let other = format_ident!("by_{}", function.unraw());
        errors.report(
            function,
            format_args!(
                "an index cannot be queried by `{entity}::{function}`, which is an operation"
            ),
            format_args!("choose another name for the function, as in `index({other}, ..)`"),
        );
    }
    !is_operation
}

/// An index has the name that the table gives it.
fn check_name(index: &IndexAttribute, errors: &mut Errors) -> String {
    let Some(name) = &index.name else {
        let function = &index.function;
        if index.seen.contains("name") {
            return String::new();
        }
        errors.report(
            function,
            format_args!("the index `{function}` has no name"),
            format_args!(
                r#"add its name in the table: `index({function}, name = "email-index", ..)`"#
            ),
        );
        return String::new();
    };
    check_resource_name("an index", name, errors);
    name.value()
}

/// A global index has a partition key of its own.
fn check_has_partition_key(index: &IndexAttribute, errors: &mut Errors) {
    let function = &index.function;
    if !index.seen.contains("partition_key") {
        errors.report(
            function,
            format_args!("the index `{function}` has no partition key"),
            "add `partition_key = field`; or, to sort the table's own partitions another way, `local`",
        );
    }
}

/// A key is text, a number or binary by its type, and what serde makes may be anything.
fn check_not_by_serde(place: &Ident, attribute: &Attribute, errors: &mut Errors) -> Option<()> {
    if attribute.form != Form::Serde {
        return Some(());
    }
    errors.report(
        place,
        format_args!("`{place}` is stored by serde, so an index cannot have it as its key"),
        format_args!("remove `serde` from `{place}`, or choose another field"),
    );
    None
}

/// Only a key that is made of fields can be another one than they make.
fn check_stale_key_is_made(index: &IndexAttribute, scope: &Scope, errors: &mut Errors) {
    let is_made = match scope {
        Scope::Global(key) => key.attributes().any(|key| key.template().is_some()),
        Scope::Local { sort_key } => sort_key.template().is_some(),
    };
    if let (Some(word), false) = (&index.stale, is_made) {
        errors.report(
            word,
            format_args!(
                "the keys of the index `{}` are fields, which are never stale",
                index.function
            ),
            "remove `stale`: it is about keys that are made of fields",
        );
    }
}

/// What is no attribute is no key by itself.
fn check_is_attribute(place: &Ident, attribute: &Attribute, errors: &mut Errors) -> Option<()> {
    if attribute.form != Form::InKey {
        return Some(());
    }
    errors.report(
        place,
        format_args!("`{place}` is in the table's key only, so an index cannot have it as its key"),
        format_args!("remove `key_only` from `{place}`, or make the index's key by a template"),
    );
    None
}

/// One attribute cannot be both keys of an index.
fn check_two_fields(index: &IndexAttribute, errors: &mut Errors) {
    let [partition_keys, sort_keys] = [&index.partition_key, &index.sort_key]
        .map(|key| key.as_ref().map_or([].as_slice(), IndexKey::fields));
    for keys in [partition_keys, sort_keys] {
        for (position, field) in keys.iter().enumerate() {
            if keys.iter().take(position).any(|earlier| earlier == field) {
                errors.report(
                    field,
                    format_args!("`{field}` is an attribute of this key twice"),
                    "name each field once",
                );
            }
        }
    }
    for field in sort_keys.iter().filter(|field| partition_keys.contains(field)) {
        errors.report(
            field,
            format_args!("`{field}` cannot be both partition key and sort key of an index"),
            "remove `sort_key`, or name another field",
        );
    }
}

/// A local index has the table's partition key.
fn check_no_partition_key(index: &IndexAttribute, errors: &mut Errors) {
    if let Some(word) = index.partition_key.as_ref().map(IndexKey::word) {
        errors.report(
            word,
            "a local index has the table's partition key, and none of its own",
            "remove `partition_key`, or `local` for a global index",
        );
    }
}

/// Only a global index has keys of several attributes.
fn check_local_has_one_sort_key(index: &IndexAttribute, errors: &mut Errors) {
    if let Some(IndexKey::Fields { word, fields }) = &index.sort_key
        && fields.len() > 1
    {
        errors.report(
            word,
            "the sort key of a local index is one attribute",
            "name one field; or make the key of several: `sort_key(\"lsi1sk\") = \"{a}#{b}\"`",
        );
    }
}

/// A local index differs from its table in the sort key.
fn check_has_sort_key(index: &IndexAttribute, local: &Ident, errors: &mut Errors) {
    if !index.seen.contains("sort_key") {
        errors.report(
            local,
            format_args!("the local index `{}` has no sort key", index.function),
            "add `sort_key = field`",
        );
    }
}

/// The most attributes of each key of an index.
///
/// Source: [Multi-attribute keys](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html).
const MAX_KEY_ATTRIBUTES: usize = 4;

/// A key of an index has up to four attributes.
fn check_count(word: &Ident, fields: &[Ident], errors: &mut Errors) {
    if let Some(field) = fields.get(MAX_KEY_ATTRIBUTES) {
        errors.report(
            field,
            format_args!(
                "the `{word}` of an index has at most {MAX_KEY_ATTRIBUTES} attributes, and this has {}",
                fields.len()
            ),
            "make one key of several fields: `partition_key(\"gsi1pk\") = \"{a}#{b}\"`",
        );
    }
}

/// The fields that are keys by themselves, of any index.
pub(super) fn keys(indexes: &[IndexAttribute]) -> Vec<&Ident> {
    let keys = indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
    keys.flat_map(IndexKey::fields).collect()
}

impl IndexKey {
    fn word(&self) -> &Ident {
        match self {
            Self::Field { word, .. }
            | Self::Fields { word, .. }
            | Self::Template(TemplateAttribute { word, .. }) => word,
        }
    }

    /// The fields that are keys by themselves.
    fn fields(&self) -> &[Ident] {
        match self {
            Self::Field { field, .. } => std::slice::from_ref(field),
            Self::Fields { fields, .. } => fields,
            Self::Template(_) => &[],
        }
    }
}
