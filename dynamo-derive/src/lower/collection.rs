//! `#[derive(Collection)]` to its model.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{
    Attribute, Data, DataEnum, DeriveInput, Fields, GenericArgument, Path, PathArguments, Type,
    Variant,
};

use super::target::runtime;
use crate::attr;
use crate::errors::Errors;
use crate::model::{CollectionItems, CollectionVariant};

/// What an enum or a struct says of itself, before its entities.
pub(super) struct CollectionDraft {
    pub(super) runtime: Path,
    pub(super) index: Option<Path>,
    pub(super) skips_others: bool,
}

impl CollectionDraft {
    pub(super) fn of(input: &DeriveInput, errors: &mut Errors) -> Self {
        let attributes = attr::collection(&input.attrs, errors);
        check_no_generics(input, errors);
        Self {
            runtime: runtime(attributes.runtime),
            index: attributes.index,
            skips_others: attributes.skip_others.is_some(),
        }
    }
}

/// An enum of entities.
pub(super) fn items(input: &DeriveInput) -> Result<CollectionItems, Errors> {
    let mut errors = Errors::default();
    let CollectionDraft { runtime, index, skips_others } = CollectionDraft::of(input, &mut errors);
    let members = check_enum(input, &mut errors).map(|data| members(data, &mut errors));
    match members {
        Some(members) if errors.is_empty() => Ok(CollectionItems {
            runtime,
            ident: input.ident.clone(),
            name: input.ident.unraw().to_string(),
            index,
            skips_others,
            members,
        }),
        _ => Err(errors),
    }
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
        if let Some(parameter) = last_parameter(entity) {
            check_variant_is_an_entity(variant, entity, parameter, errors);
        }
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

/// An entity takes no parameters, so what has some is no entity.
fn check_variant_is_an_entity(
    variant: &Variant,
    found: &Type,
    parameter: &Type,
    errors: &mut Errors,
) {
    let name = &variant.ident;
    let (found, entity) = (written(found), written(parameter));
    errors.report(
        variant,
        format_args!("a variant of a collection holds one entity, and `{name}` holds `{found}`"),
        format_args!(
            "type `{name}({entity})`, a variant for each item; for all of a partition in one value, derive `Collection` for a struct with a field `Vec<{entity}>`"
        ),
    );
}

/// The innermost type of `Option<Vec<Order>>`, of which the outer ones are made; `None` for a type
/// without parameters.
pub(super) fn last_parameter(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    let inner = arguments.args.iter().rev().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })?;
    Some(last_parameter(inner).unwrap_or(inner))
}

/// The type as a user writes it.
pub(super) fn written(ty: &Type) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in [(" <", "<"), ("< ", "<"), (" >", ">"), (" ,", ","), (" :: ", "::")] {
        text = text.replace(spaced, tight);
    }
    text
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
                format_args!("{what} is decided by its entity's key"),
                "remove this: the key and the attributes are the entity's",
            );
        }
    }
}
