//! The model to tokens. Nothing here can fail.
//!
//! What is generated is thin: it names types and calls the runtime. All paths
//! are absolute, and local names start with `__`, so that nothing of the
//! user's module changes their meaning.

mod aggregate;
mod attributes;
mod codec;
mod collection;
mod document;
mod entity;
mod evolution;
mod field;
mod form;
mod generics;
mod group;
mod index;
mod key;
mod names;
mod newtype;
mod number_enum;
mod projection;
mod query;
mod role;
mod shape;
mod tagged_enum;
mod template;
#[cfg(test)]
mod tests;
mod text_enum;
mod vector_index;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Collection, Entity, KeyPart};
use role::Role;

pub(crate) use document::document;
pub(crate) use projection::projection;

pub(crate) fn entity(entity: &Entity) -> TokenStream {
    let record = &entity.record;
    let public_types = [
        key::ty(entity),
        index::markers(entity),
        vector_index::markers(entity),
        template::types(entity),
        query::sort_keys(entity),
        attributes::ty(record),
    ];
    let implementations = [
        template::constants(entity),
        template::implementations(entity),
        query::implementation(entity),
        attributes::constants(record),
        attributes::implementations(record, |attribute| Role::of(attribute, entity)),
        role::of_groups(entity),
        index::implementations(entity),
        vector_index::implementations(entity),
        codec::item(record, entity.beside()),
        group::checks_of_entity(entity),
        entity::implementations(entity),
        key::implementations(entity),
    ];
    // The user's fields may be deprecated, and a program may leave any
    // attribute unused.
    let allowed = quote!(#[allow(dead_code, deprecated)]);
    let implementations =
        names::block(&entity.target().runtime, Some(&allowed), &quote!(#(#implementations)*));
    quote!(#(#public_types)* #implementations)
}

pub(crate) fn key_part(part: &KeyPart) -> TokenStream {
    match part {
        KeyPart::Newtype(newtype) => newtype::key_part(newtype),
        KeyPart::Text(text) => text_enum::key_part(text),
        KeyPart::Number(numbers) => number_enum::key_part(numbers),
    }
}

pub(crate) fn collection(collection: &Collection) -> TokenStream {
    match collection {
        Collection::Items(items) => collection::collection(items),
        Collection::Aggregate(aggregate) => aggregate::aggregate(aggregate),
    }
}
