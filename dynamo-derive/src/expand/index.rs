//! The indexes: a type for each, and the function that queries it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::names::{ordinal, place_of, private, private_at};
use super::template;
use crate::model::{Attribute, Entity, Index, KeyAttribute, Scope, Target};

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
    let p = private();
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
        let partition = partition(entity, index);
        let held = held(entity, index);
        let tells_expiry = tells_expiry(entity, index);
        quote! {
            #[automatically_derived]
            impl #p::Index<#ident> for #marker {
                const NAME: #p::Option<&'static #p::str> =
                    #p::Some(#name);
                #partition
                type Item = #held;
            }
            #consistently_readable
            #tells_expiry
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
    let p = private();
    let key = entity.index_partition_key(index);
    let partition_of = quote!(<#marker as #p::Index<#ident>>::partition);
    let given = match key.fields().as_slice() {
        [] => None,
        [field] => Some((generated_parameter(field), operand(field))),
        _ => Some((format_ident!("partition"), partition_type(entity, index).to_token_stream())),
    };
    let (parameter, partition) = match given {
        None => (None, quote!(#partition_of(&()))),
        Some((name, ty)) => (
            Some(quote!(#name: impl #p::ValueFor<#ty>)),
            quote!(#p::ValueFor::<#ty>::with(#name, #partition_of)),
        ),
    };
    let doc = format!("Queries the index `{name}` by `{}`.", key.names().join("` and `"));
    let held = held(entity, index);
    quote! {
        #[doc = #doc]
        #visibility fn #function(#parameter) -> #p::Query<#ident, #marker, #p::Unsorted, #held> {
            #p::Query::index(#partition)
        }
    }
}

/// What finds a partition of it, as one value.
fn partition(entity: &Entity, index: &Index) -> TokenStream {
    let ident = &entity.target().ident;
    let p = private();
    let key = entity.index_partition_key(index);
    let (ty, partition) = match (key, key.fields().as_slice()) {
        (KeyAttribute::Field(field), _) => {
            let ordinal = ordinal(field);
            (operand(field), quote!(#p::Partition::of_index::<#ident, #ordinal>(__key)))
        }
        (KeyAttribute::Fields(fields), _) => {
            let conditions = fields.iter().map(|field| {
                let ordinal = ordinal(field);
                let field = &field.ident;
                quote!(#p::Partition::of_index::<#ident, #ordinal>(&__key.#field))
            });
            let ty = partition_type(entity, index);
            (quote!(#ty), quote!(#p::Partition::all([#(#conditions),*])))
        }
        (KeyAttribute::Template(template), []) => {
            let key = template::constant(entity, template);
            (quote!(()), quote!(#p::Partition::of_parts::<#ident>(#key, __key)))
        }
        (KeyAttribute::Template(template), [part]) => {
            let key = template::constant(entity, template);
            let ty = operand(part);
            let partition = quote!(#p::Partition::of_part::<#ident, #ty>(#key, __key));
            (ty, partition)
        }
        (KeyAttribute::Template(template), _) => {
            let key = template::constant(entity, template);
            let ty = partition_type(entity, index);
            (quote!(#ty), quote!(#p::Partition::of_parts::<#ident>(#key, __key)))
        }
    };
    quote! {
        type PartitionKey = #ty;
        fn partition(__key: &Self::PartitionKey) -> #p::Partition {
            #partition
        }
    }
}

/// What its items are read as.
fn held(entity: &Entity, index: &Index) -> TokenStream {
    let ident = &entity.target().ident;
    index.projects.as_ref().map_or_else(|| quote!(#ident), ToTokens::to_token_stream)
}

/// That a query of it can leave out what is expired.
fn tells_expiry(entity: &Entity, index: &Index) -> Option<TokenStream> {
    let (projection, ttl) = index.projects.as_ref().zip(entity.ttl.as_ref())?;
    let ident = &entity.target().ident;
    let place = place_of(projection);
    let at = private_at(place);
    let (marker, name) = (&index.marker, &ttl.name);
    Some(quote_spanned! {place=>
        const _: () = #at::assert_tells_expiry::<#ident, #marker>(#name);
    })
}

fn partition_type<'a>(entity: &'a Entity, index: &'a Index) -> &'a Ident {
    match &index.scope {
        Scope::Global(key) => &key.partition_type,
        Scope::Local { .. } => &entity.key.partition_type,
    }
}

/// What a field is queried by: of an `Option`, what is in it.
fn operand(field: &Attribute) -> TokenStream {
    let p = private();
    let ty = &field.ty;
    quote!(<#ty as #p::AttributeValue>::Operand)
}

fn generated_parameter(field: &Attribute) -> Ident {
    let mut parameter = field.ident.clone();
    parameter.set_span(place_of(&field.ident));
    parameter
}

/// The table and its indexes are different from each other.
fn distinct(entity: &Entity) -> TokenStream {
    let p = private();
    let markers = entity.indexes.iter().map(|Index { marker, .. }| quote!(#marker));
    let all: Vec<_> = std::iter::once(quote!(#p::Primary)).chain(markers).collect();
    let pairs = all.iter().enumerate().flat_map(|(i, one)| {
        let others = all.iter().enumerate().filter(move |(j, _)| i != *j);
        others.map(move |(_, other)| (one, other))
    });
    let implementations = pairs.map(|(one, other)| {
        quote! {
            #[automatically_derived]
            impl #p::DistinctFrom<#other> for #one {}
        }
    });
    quote!(#(#implementations)*)
}
