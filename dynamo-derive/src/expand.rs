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
mod generics;
mod group;
mod index;
mod key;
mod newtype;
mod number_enum;
mod projection;
mod query;
mod role;
mod tagged_enum;
mod template;
#[cfg(test)]
mod tests;
mod text_enum;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use crate::model::{Entity, KeyPart, Target};
use role::Role;

pub(crate) use collection::collection;
pub(crate) use document::document;
pub(crate) use projection::projection;

pub(crate) fn entity(entity: &Entity) -> TokenStream {
    let record = &entity.record;
    let public_types = [
        key::ty(entity),
        index::markers(entity),
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
        codec::item(record, &entity.templates),
        group::checks_of_entity(entity),
        entity::implementations(entity),
        key::implementations(entity),
    ];
    quote! {
        #(#public_types)*
        // The user's fields may be deprecated, and a program may leave any
        // attribute unused.
        #[allow(dead_code, deprecated)]
        const _: () = {
            #(#implementations)*
        };
    }
}

pub(crate) fn key_part(part: &KeyPart) -> TokenStream {
    match part {
        KeyPart::Newtype(newtype) => newtype::key_part(newtype),
        KeyPart::Text(text) => text_enum::key_part(text),
        KeyPart::Number(numbers) => number_enum::key_part(numbers),
    }
}

impl Target {
    /// The module that generated code calls.
    fn private(&self) -> TokenStream {
        let runtime = &self.runtime;
        quote!(#runtime::__private)
    }

    /// The same at the place of the user's tokens, so that an error in what is
    /// called points there and nowhere else.
    fn private_at(&self, place: Span) -> TokenStream {
        relocated(&self.private(), place)
    }
}

impl Entity {
    fn private(&self) -> TokenStream {
        self.target().private()
    }

    fn private_at(&self, place: Span) -> TokenStream {
        self.target().private_at(place)
    }
}

/// That what is written was generated, so that nothing needs to look at it again.
fn origin(target: &Target) -> TokenStream {
    let p = target.private();
    quote! {
        #[inline]
        fn origin(&self) -> #p::Origin {
            #p::Origin::DERIVED
        }
    }
}

/// The same tokens at another place.
fn relocated(tokens: &TokenStream, place: Span) -> TokenStream {
    let relocated = tokens.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    relocated.collect()
}

/// The place of the user's tokens, for code that is not theirs: errors point
/// there, lints do not.
fn place_of(tokens: &impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
}

/// The user's name for something that is generated.
fn generated(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(place_of(&ident));
    ident
}

/// `::core::option::Option`, of something or nothing.
fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
}
