//! The indexes: a type for each, and the function that queries it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::attributes::ordinal;
use super::place_of;
use crate::model::{Attribute, Entity, Index, Scope, Target};

/// `pub enum UserByEmail {}` for each index.
pub(super) fn markers(entity: &Entity) -> TokenStream {
    let Target { visibility, ident, .. } = entity.target();
    let markers = entity.indexes.iter().map(|index| {
        let Index { marker, name, scope, .. } = index;
        let scope = match scope {
            Scope::Global(_) => "global",
            Scope::Local { .. } => "local",
        };
        let doc = format!("The {scope} secondary index `{name}` of [`{}`].", ident.unraw());
        quote! {
            #[doc = #doc]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
            #visibility enum #marker {}
        }
    });
    quote!(#(#markers)*)
}

pub(super) fn implementations(entity: &Entity) -> TokenStream {
    if entity.indexes.is_empty() {
        return TokenStream::new();
    }
    let ident = &entity.target().ident;
    let p = entity.private();
    let functions = entity.indexes.iter().map(|index| function(entity, index));
    let each = entity.indexes.iter().map(|index| {
        let Index { marker, name, scope, .. } = index;
        let consistently_readable = match scope {
            Scope::Global(_) => None,
            Scope::Local { .. } => Some(quote! {
                #[automatically_derived]
                impl #p::ConsistentlyReadable for #marker {}
            }),
        };
        quote! {
            #[automatically_derived]
            impl #p::Index<#ident> for #marker {
                const NAME: ::core::option::Option<&'static ::core::primitive::str> =
                    ::core::option::Option::Some(#name);
            }
            #consistently_readable
        }
    });
    let distinct = distinct(entity);
    quote! {
        #[automatically_derived]
        impl #ident {
            #(#functions)*
        }
        #(#each)*
        #distinct
    }
}

/// `User::by_email(..)`.
fn function(entity: &Entity, index: &Index) -> TokenStream {
    let Target { visibility, ident, .. } = entity.target();
    let Index { function, marker, name, .. } = index;
    let p = entity.private();
    let key = entity.index_partition_key(index);
    let Attribute { ident: field, ty, .. } = key;
    let mut parameter = field.clone();
    parameter.set_span(place_of(field));
    let ordinal = ordinal(key);
    let doc = format!("Queries the index `{name}` by `{}`.", key.name);
    quote! {
        #[doc = #doc]
        #visibility fn #function(
            #parameter: impl #p::ValueFor<<#ty as #p::AttributeValue>::Operand>,
        ) -> #p::Query<#ident, #marker, #p::Unsorted> {
            #p::Query::partition::<#ordinal>(#parameter)
        }
    }
}

/// The table and its indexes are different from each other.
fn distinct(entity: &Entity) -> TokenStream {
    let p = entity.private();
    let markers = entity.indexes.iter().map(|Index { marker, .. }| quote!(#marker));
    let all: Vec<_> = std::iter::once(quote!(#p::Primary)).chain(markers).collect();
    let pairs = all.iter().enumerate().flat_map(|(i, one)| {
        let others = all.iter().enumerate().filter(move |(j, _)| i != *j);
        others.map(move |(_, other)| (one, other))
    });
    let implementations = pairs.map(|(one, other)| {
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #p::Distinct<#other> for #one {}
        }
    });
    quote!(#(#implementations)*)
}
