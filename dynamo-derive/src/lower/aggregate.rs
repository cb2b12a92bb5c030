//! A struct with `#[derive(Collection)]` to its model.

use proc_macro2::Ident;
use quote::{ToTokens, format_ident};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{DataStruct, DeriveInput, Field, Fields, GenericArgument, PathArguments, Token, Type};

use super::collection::{CollectionDraft, check_no_words, last_parameter, written};
use crate::errors::Errors;
use crate::model::{Aggregate, AggregateField, CollectionItems, CollectionVariant, Count};

pub(super) fn aggregate(input: &DeriveInput, data: &DataStruct) -> Result<Aggregate, Errors> {
    let mut errors = Errors::default();
    let CollectionDraft { runtime, index, skips_others } = CollectionDraft::of(input, &mut errors);
    let members = check_named(input, data, &mut errors).map(|fields| members(fields, &mut errors));
    match members {
        Some((fields, members)) if errors.is_empty() => Ok(Aggregate {
            visibility: input.vis.clone(),
            ident: input.ident.clone(),
            fields,
            items: CollectionItems {
                runtime,
                ident: format_ident!("__Item"),
                name: input.ident.unraw().to_string(),
                index,
                skips_others,
                members,
            },
        }),
        _ => Err(errors),
    }
}

/// The fields, and the entities of the items in the same order.
fn members(
    fields: &Punctuated<Field, Token![,]>,
    errors: &mut Errors,
) -> (Vec<AggregateField>, Vec<CollectionVariant>) {
    let mut members: Vec<CollectionVariant> = Vec::new();
    let mut gathered = Vec::new();
    for (place, field) in fields.iter().enumerate() {
        check_no_words(&field.attrs, "a field of a collection", errors);
        let Some(ident) = &field.ident else { continue };
        let (count, entity) = counted(&field.ty);
        if let Some(parameter) = last_parameter(entity) {
            check_field_is_of_an_entity(field, ident, parameter, errors);
        }
        check_once(field, entity, &members, errors);
        members
            .push(CollectionVariant { ident: format_ident!("__{place}"), entity: entity.clone() });
        gathered.push(AggregateField { ident: ident.clone(), count });
    }
    (gathered, members)
}

/// A collection that is a struct has a field for each entity.
fn check_named<'a>(
    input: &DeriveInput,
    data: &'a DataStruct,
    errors: &mut Errors,
) -> Option<&'a Punctuated<Field, Token![,]>> {
    let found = match &data.fields {
        Fields::Named(fields) if !fields.named.is_empty() => return Some(&fields.named),
        Fields::Unnamed(_) => "has fields without names",
        Fields::Named(_) | Fields::Unit => "has none",
    };
    let name = &input.ident;
    errors.report(
        name,
        format_args!(
            "a collection that is a struct has a field for each entity, and `{name}` {found}"
        ),
        format_args!("type `struct {name} {{ customer: Customer, orders: Vec<Order> }}`"),
    );
    None
}

/// An entity takes no parameters, so what has some is no entity.
fn check_field_is_of_an_entity(field: &Field, name: &Ident, parameter: &Type, errors: &mut Errors) {
    let (found, entity) = (written(&field.ty), written(parameter));
    errors.report(
        &field.ty,
        format_args!(
            "a field of a collection holds an entity, an `Option` or a `Vec` of one, and `{name}` is `{found}`"
        ),
        format_args!(
            "type `{name}: Vec<{entity}>` for any number of them, none too; or `Option<{entity}>` or `{entity}` for one"
        ),
    );
}

/// Two fields of one entity could not tell which item is whose.
fn check_once(field: &Field, entity: &Type, members: &[CollectionVariant], errors: &mut Errors) {
    let entity_text = entity.to_token_stream().to_string();
    if members.iter().any(|first| first.entity.to_token_stream().to_string() == entity_text) {
        errors.report(
            &field.ty,
            format_args!("two fields are of the entity `{entity_text}`"),
            "remove one of them; a field of all is a `Vec`",
        );
    }
}

/// How many entities the field holds, and of which type.
fn counted(ty: &Type) -> (Count, &Type) {
    let Type::Path(path) = ty else { return (Count::One, ty) };
    let Some(segment) = path.path.segments.last() else { return (Count::One, ty) };
    let count = match segment.ident.to_string().as_str() {
        "Option" => Count::AtMostOne,
        "Vec" => Count::Any,
        _ => return (Count::One, ty),
    };
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first() {
            Some(GenericArgument::Type(entity)) if arguments.args.len() == 1 => (count, entity),
            _ => (Count::One, ty),
        },
        _ => (Count::One, ty),
    }
}
