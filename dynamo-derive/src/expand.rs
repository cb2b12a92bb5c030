//! The model to tokens. Nothing here can fail.
//!
//! What is generated is thin: it names types and calls the runtime. All paths
//! are absolute, and local names start with `__`, so that nothing of the
//! user's module changes their meaning.

mod attributes;
mod codec;
mod entity;
mod index;
mod key;
mod key_part;
mod query;
#[cfg(test)]
mod tests;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use crate::model::Entity;

pub(crate) use key_part::key_part;

pub(crate) fn entity(entity: &Entity) -> TokenStream {
    let public_types =
        [key::ty(entity), index::markers(entity), query::sort_keys(entity), attributes::ty(entity)];
    let implementations = [
        query::implementation(entity),
        attributes::constants(entity),
        attributes::implementations(entity),
        index::implementations(entity),
        codec::encode(entity),
        codec::decode(entity),
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

impl Entity {
    /// The module that generated code calls.
    fn private(&self) -> TokenStream {
        let runtime = &self.runtime;
        quote!(#runtime::__private)
    }

    /// The same at the place of the user's tokens, so that an error in what is
    /// called points there and nowhere else.
    fn private_at(&self, place: Span) -> TokenStream {
        let relocated = self.private().into_iter().map(|mut token| {
            token.set_span(token.span().located_at(place));
            token
        });
        relocated.collect()
    }
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
