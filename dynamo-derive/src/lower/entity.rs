//! `#[derive(Entity)]` to its model.

use std::rc::Rc;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{Data, DeriveInput, Fields, Generics};

use super::fields::{FieldDraft, check_no_name_of_its_own, drafts};
use super::names::{check_resource_name, generated_type};
use super::{
    constants, evolution, forms, indexes, names, target, template, unique, vector_indexes,
};
use crate::attr::{
    self, EntityAttributes, FieldAttributes, Permission, Purpose, TemplateAttribute,
};
use crate::errors::{Errors, Failed, concluded};
use crate::model::{Attribute, Entity, Field, Key, KeyAttribute, Record};

pub(crate) fn entity(input: &DeriveInput) -> Result<Entity, Failed<Entity>> {
    let mut errors = Errors::default();
    let mended = lower(input, &mut errors);
    concluded(errors, mended)
}

fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Entity> {
    let attributes = attr::entity(&input.attrs, errors);
    let is_plain = check_generics(&input.generics, errors);
    let drafts = check_named_struct(input, errors)?;
    for draft in &drafts {
        check_no_name_of_its_own(draft, errors);
        check_one_purpose(draft, errors);
        check_key_is_not_optional(draft, errors);
        check_form_is_free(draft, errors);
        evolution::check_alias_is_of_data(draft, errors);
        forms::check_one_form(draft, errors);
        forms::check_form_of_purpose(draft, errors);
    }
    evolution::check_one_unknown(&drafts, errors);
    let table = check_table(&input.ident, &attributes, errors);
    let mut keys = indexes::keys(&attributes.indexes);
    keys.extend(vector_indexes::partition_keys(&attributes.vector_indexes));
    for draft in &drafts {
        forms::check_form_of_key(draft, &keys, errors);
    }
    let fields = names::attributes(&drafts, attributes.rename_all, &keys, errors);
    let partition_key = the_one(Purpose::PartitionKey, &drafts, &fields, errors);
    let sort_key = the_one(Purpose::SortKey, &drafts, &fields, errors);
    let version = the_one(Purpose::Version, &drafts, &fields, errors);
    let created_at = the_one(Purpose::CreatedAt, &drafts, &fields, errors);
    let updated_at = the_one(Purpose::UpdatedAt, &drafts, &fields, errors);
    let ttl = the_one(Purpose::Ttl, &drafts, &fields, errors);
    let mut templates = template::Templates::new(&input.ident, &fields, ttl.as_deref());
    let mut key_of = |field: Option<Rc<Attribute>>, template: &Option<TemplateAttribute>| {
        check_one_key(field.as_deref(), template.as_ref(), errors);
        let template = template.as_ref().and_then(|template| templates.of_table(template, errors));
        field.map(KeyAttribute::Field).or(template.map(KeyAttribute::Template))
    };
    let partition_key = key_of(partition_key, &attributes.partition_key);
    let sort_key = key_of(sort_key, &attributes.sort_key);
    for draft in &drafts {
        templates.check_parts_of_table(draft, errors);
        templates.check_key_only(draft, errors);
    }
    let has_partition_key = partition_key.is_some() || attributes.seen.contains("partition_key");
    check_has_partition_key(&input.ident, has_partition_key, errors);
    let mut unique = unique::unique(&drafts, &templates, errors);
    let mut lowering = indexes::Table {
        entity: &input.ident,
        fields: &fields,
        has_sort_key: sort_key.is_some() || attributes.seen.contains("sort_key"),
        ttl: ttl.as_deref(),
        templates,
    };
    let indexes = lowering.lower(&attributes.indexes, errors);
    let vector_indexes =
        lowering.lower_vectors(&attributes.vector_indexes, &attributes.indexes, errors);
    let templates = lowering.templates.all();
    let constants = constants::constants(&attributes.constants, &fields, &templates, errors);
    check_permissions(&input.ident, &attributes, version.is_some(), errors);

    let partition_key = partition_key.or_else(|| likely_key(&fields).map(KeyAttribute::Field))?;
    let partition_type = generated_type(&input.ident, "Partition");
    let key = Key { partition_key, sort_key, partition_type };
    let has_version = version.is_some();
    if !unique::check_entity(&input.ident, &drafts, &attributes, &key, has_version, errors) {
        unique.clear();
    }
    names::check_key_names(&drafts, &key, &indexes, errors);
    let key_groups = template::groups(&key, &indexes, errors);
    unique::check_groups(&unique, &key_groups, errors);
    evolution::check_unknown_is_kept_or_denied(&fields, &attributes.evolution, errors);
    evolution::check_alias_is_of_no_key(&drafts, &templates, errors);
    forms::check_form_of_no_part(&drafts, &templates, errors);
    let record = Record {
        target: target::of_fields(input, attributes.runtime.as_ref(), &fields),
        fields,
        attributes: attributes.attributes,
        denies_unknown: attributes.evolution.deny_unknown.is_some(),
        upgrade: attributes.evolution.upgrade.map(|(_, older)| older),
    };
    let entity = Entity {
        record,
        table,
        key,
        version,
        first_version: first_version(&drafts),
        created_at,
        updated_at,
        ttl,
        indexes,
        constants,
        vector_indexes,
        templates,
        unique,
        key_groups,
        permissions: attributes.allowed.iter().map(|(_, permission)| *permission).collect(),
        key_type: generated_type(&input.ident, "Key"),
        query_trait: generated_type(&input.ident, "Query"),
    };
    vector_indexes::check_vectors_of_entity(&entity, errors);
    let is_free_of_collisions = names::check_generated_types(&entity, errors);
    (is_plain && is_free_of_collisions).then_some(entity)
}

/// An entity is a struct with named fields.
fn check_named_struct<'a>(
    input: &'a DeriveInput,
    errors: &mut Errors,
) -> Option<Vec<FieldDraft<'a>>> {
    let (place, found) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                return Some(drafts(fields, |attributes| attr::field(attributes, errors)));
            }
            Fields::Unnamed(fields) => (fields.to_token_stream(), "fields without names"),
            Fields::Unit => (input.ident.to_token_stream(), "no fields"),
        },
        Data::Enum(data) => (data.enum_token.to_token_stream(), "an enum"),
        Data::Union(data) => (data.union_token.to_token_stream(), "a union"),
    };
    let name = &input.ident;
    let wrong = match &input.data {
        Data::Struct(_) => format!("an entity has named fields, and `{name}` has {found}"),
        Data::Enum(_) | Data::Union(_) => {
            format!("an entity is a struct with named fields, and `{name}` is {found}")
        }
    };
    errors.report(
        &place,
        wrong,
        format_args!("type `struct {name} {{ #[dynamo(partition_key)] id: String, .. }}`"),
    );
    None
}

/// An entity is one type, stored in one table.
fn check_generics(generics: &Generics, errors: &mut Errors) -> bool {
    let parameters = &generics.params;
    if let Some(parameter) = parameters.first() {
        let (what, instead) = match parameter {
            syn::GenericParam::Lifetime(_) => ("lifetimes", "own the data, as in `String`"),
            syn::GenericParam::Type(_) => ("type parameters", "name the type in the field"),
            syn::GenericParam::Const(_) => ("const parameters", "write the value in the field"),
        };
        errors.report(parameters, format_args!("an entity takes no {what}"), instead);
    }
    if let Some(clause) = generics.where_clause.as_ref().filter(|_| parameters.is_empty()) {
        errors.report(clause, "an entity takes no `where` clause", "remove it");
    }
    parameters.is_empty() && generics.where_clause.is_none()
}

/// The table has a name that DynamoDB takes.
fn check_table(entity: &Ident, attributes: &EntityAttributes, errors: &mut Errors) -> String {
    let Some(table) = &attributes.table else {
        if !attributes.seen.contains("table") {
            errors.report(
                entity,
                format_args!("`{entity}` has no table"),
                r#"name it above the struct: `#[dynamo(table = "users")]`"#,
            );
        }
        return String::new();
    };
    check_resource_name("a table", table, errors);
    table.value()
}

/// A field has one purpose.
fn check_one_purpose(draft: &FieldDraft<'_>, errors: &mut Errors) {
    let mut purposes = draft.attributes.purposes.iter();
    let Some((_, first)) = purposes.next() else {
        return;
    };
    let field = draft.ident;
    for (word, second) in purposes {
        let wrong = match (first.is_key(), second.is_key()) {
            (true, true) => format!("`{field}` cannot be both partition key and sort key"),
            (false, false) => {
                format!("`{field}` cannot be both {} and {}", first.name(), second.name())
            }
            _ => format!("`{field}` is a key, and the library cannot manage a key"),
        };
        errors.report(
            word,
            wrong,
            format_args!(
                "keep one of them here, and give the {second} a field of its own",
                second = second.name()
            ),
        );
    }
}

/// A key is in every item.
fn check_key_is_not_optional(draft: &FieldDraft<'_>, errors: &mut Errors) {
    let is_key = draft.attributes.purposes.iter().any(|(_, purpose)| purpose.is_key());
    // `skip` with `default` is reported as such.
    let FieldAttributes { default, skip, flatten, .. } = &draft.attributes;
    let default = default.as_ref().filter(|_| skip.is_none() && flatten.is_none());
    if let (true, Some((word, _))) = (is_key, default) {
        errors.report(
            word,
            format_args!("`{}` is a key, and a key has no default", draft.ident),
            "every item has its key: remove `default`",
        );
    }
}

/// Keys and what the library manages have forms of their own.
fn check_form_is_free(draft: &FieldDraft<'_>, errors: &mut Errors) {
    // `skip` with `serde` is reported as such.
    let serde = draft.attributes.serde.as_ref().filter(|_| draft.attributes.skip.is_none());
    let (Some(word), Some((_, purpose))) = (serde, draft.purpose()) else {
        return;
    };
    let help = if purpose.is_key() {
        "remove `serde`; a struct of one field becomes a type of keys by `#[derive(KeyPart)]`"
    } else {
        "remove `serde`"
    };
    errors.report(
        word,
        format_args!("`{}` is the {}, which has a form of its own", draft.ident, purpose.name()),
        help,
    );
}

/// The field with this purpose; an entity has at most one.
fn the_one(
    purpose: Purpose,
    drafts: &[FieldDraft<'_>],
    fields: &[Field],
    errors: &mut Errors,
) -> Option<Rc<Attribute>> {
    let mut found: Option<Rc<Attribute>> = None;
    for (draft, field) in drafts.iter().zip(fields) {
        let Field::Stored(attribute) = field else {
            continue;
        };
        let Some((word, _)) = draft.purpose().filter(|(_, given)| *given == purpose) else {
            continue;
        };
        match &found {
            None => found = Some(Rc::clone(attribute)),
            Some(first) => errors.report(
                word,
                format_args!(
                    "an entity has one {}, and `{}` is it already",
                    purpose.name(),
                    first.ident
                ),
                format_args!("keep `{word}` on one of `{}` and `{}`", first.ident, draft.ident),
            ),
        }
    }
    found
}

/// The number of the first version, where it is not 1.
fn first_version(drafts: &[FieldDraft<'_>]) -> Option<u64> {
    drafts.iter().find_map(|draft| draft.attributes.starts_at.as_ref()).map(|(_, first)| *first)
}

/// A key is a field, or it is made of fields.
fn check_one_key(
    field: Option<&Attribute>,
    template: Option<&TemplateAttribute>,
    errors: &mut Errors,
) {
    if let (Some(field), Some(template)) = (field, template) {
        let name = template.word.to_string().replace('_', " ");
        errors.report(
            &template.word,
            format_args!("an entity has one {name}, and `{}` is it already", field.ident),
            format_args!("keep `{}` here or on the field, but not both", template.word),
        );
    }
}

/// Every item is found by its partition key.
fn check_has_partition_key(entity: &Ident, is_present: bool, errors: &mut Errors) {
    if !is_present {
        errors.report(
            entity,
            format_args!("`{entity}` has no partition key"),
            "mark the field that finds an item: `#[dynamo(partition_key)]`",
        );
    }
}

/// The field that was probably meant as the partition key, so that one missing
/// word does not take every operation away.
fn likely_key(fields: &[Field]) -> Option<Rc<Attribute>> {
    let mut stored = fields.iter().filter_map(|field| match field {
        Field::Stored(attribute) => Some(attribute),
        Field::Skipped(_) | Field::Flattened(_) | Field::Unknown(_) => None,
    });
    stored.find(|field| field.name == "id" || field.name.ends_with("_id")).cloned()
}

/// A put without a condition would overwrite an item at any version.
fn check_permissions(
    entity: &Ident,
    attributes: &EntityAttributes,
    has_version: bool,
    errors: &mut Errors,
) {
    for (word, permission) in &attributes.allowed {
        if has_version && *permission == Permission::UnconditionalPut {
            errors.report(
                word,
                "an entity with a version refuses `unconditional_put`",
                format_args!(
                    "use `{entity}::put`, which checks the version; or remove `version` from the field"
                ),
            );
        }
    }
}
