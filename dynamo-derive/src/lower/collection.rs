//! `#[derive(Collection)]` to its model.

use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Type, Variant};

use super::aggregate;
use super::target::runtime;
use crate::attr;
use crate::errors::Errors;
use crate::model::{Aggregate, Collection, CollectionItems, CollectionVariant};

pub(crate) fn collection(input: &DeriveInput) -> Result<Collection, Errors> {
    let mut errors = Errors::default();
    let attributes = attr::collection(&input.attrs, &mut errors);
    check_no_generics(input, &mut errors);
    let runtime = runtime(attributes.runtime);
    let index = attributes.index;
    let skips_others = attributes.skip_others.is_some();
    let collection = match aggregate::of(input) {
        Some(data) => aggregate::aggregate(input, data, &mut errors).map(|(fields, members)| {
            Collection::Aggregate(Aggregate {
                visibility: input.vis.clone(),
                ident: input.ident.clone(),
                fields,
                items: CollectionItems {
                    runtime,
                    ident: format_ident!("__Item"),
                    name: input.ident.to_string(),
                    index,
                    skips_others,
                    members,
                },
            })
        }),
        None => check_enum(input, &mut errors).map(|data| {
            Collection::Items(CollectionItems {
                runtime,
                ident: input.ident.clone(),
                name: input.ident.unraw().to_string(),
                index,
                skips_others,
                members: members(data, &mut errors),
            })
        }),
    };
    collection.filter(|_| errors.is_empty()).ok_or(errors)
}

/// A collection is one type.
fn check_no_generics(input: &DeriveInput, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        errors.report(
            &input.generics.params,
            "a collection takes no parameters, as an entity takes none",
            "name the types in it",
        );
    }
    if let Some(clause) = &input.generics.where_clause {
        errors.report(clause, "a collection takes no `where` clause", "remove it");
    }
}

/// A collection that is no struct is an enum with at least one variant.
fn check_enum<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a DataEnum> {
    let name = &input.ident;
    let (place, found) = match &input.data {
        Data::Enum(data) if !data.variants.is_empty() => return Some(data),
        Data::Enum(_) => (name.to_token_stream(), "has no variants"),
        Data::Union(data) => (data.union_token.to_token_stream(), "is a union"),
        Data::Struct(_) => return None,
    };
    errors.report(
        &place,
        format_args!(
            "a collection is an enum with an entity in each variant, or a struct with fields of entities, and `{name}` {found}"
        ),
        format_args!("type `enum {name} {{ Customer(Customer), Order(Order) }}`"),
    );
    None
}

fn members(data: &DataEnum, errors: &mut Errors) -> Vec<CollectionVariant> {
    let mut members: Vec<CollectionVariant> = Vec::new();
    for variant in &data.variants {
        let of_fields = variant.fields.iter().flat_map(|field| &field.attrs);
        check_no_words(variant.attrs.iter().chain(of_fields), "a variant of a collection", errors);
        let Some(entity) = check_one_field(variant, errors) else { continue };
        let is_the_same = |first: &&CollectionVariant| {
            first.entity.to_token_stream().to_string() == entity.to_token_stream().to_string()
        };
        if let Some(first) = members.iter().find(is_the_same) {
            errors.report(
                entity,
                format_args!(
                    "`{}` and `{}` are both of the entity `{}`",
                    first.ident,
                    variant.ident,
                    entity.to_token_stream()
                ),
                "remove one of them",
            );
        }
        members.push(CollectionVariant { ident: variant.ident.clone(), entity: entity.clone() });
    }
    members
}

/// A variant holds one entity.
fn check_one_field<'a>(variant: &'a Variant, errors: &mut Errors) -> Option<&'a Type> {
    let name = &variant.ident;
    let found = match &variant.fields {
        Fields::Unnamed(fields) => match fields.unnamed.first() {
            Some(field) if fields.unnamed.len() == 1 => return Some(&field.ty),
            _ => "has not one field",
        },
        Fields::Named(_) => "has fields with names",
        Fields::Unit => "has none",
    };
    errors.report(
        variant,
        format_args!("a variant of a collection holds an entity, and `{name}` {found}"),
        format_args!("name the entity: `{name}({name})`"),
    );
    None
}

/// How an item is stored, and which it is, is said once, on the entity.
pub(super) fn check_no_words<'a>(
    attributes: impl IntoIterator<Item = &'a Attribute>,
    what: &str,
    errors: &mut Errors,
) {
    for attribute in attributes {
        if attribute.path().is_ident("dynamo") {
            errors.report(
                attribute,
                format_args!("{what} is told by its entity's key"),
                "remove this: the key and the attributes are the entity's",
            );
        }
    }
}
