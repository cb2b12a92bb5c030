//! The vector indexes: a type for each with its filters, and the function that searches it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::names::{
    asked_at, generated, option, ordinal, place_of, private, private_at, private_of,
};
use crate::model::{Attribute, DistanceWord, Entity, Target, VectorIndex};

/// `pub enum NoteByMeaning {}` for each vector index, with its filters as constants.
pub(super) fn markers(entity: &Entity) -> TokenStream {
    let Target { visibility, ident, .. } = entity.target();
    let p = private_of(&entity.target().runtime);
    let markers = entity.vector_indexes.iter().map(|index| {
        let VectorIndex { marker, name, filters, .. } = index;
        let doc = format!("The vector index `{name}` of [`{}`].", ident.unraw());
        let constants = filters.iter().map(|filter| {
            let constant = &filter.constant;
            let ordinal = ordinal(filter);
            let doc = format!("The filter `{}`.", filter.name);
            let visibility = &filter.visibility;
            quote! {
                #[doc = #doc]
                #visibility const #constant: #p::FilterAttribute<#ident, #marker, #ordinal> =
                    #p::filter_attribute();
            }
        });
        let backfill = index.of.as_ref().map(|of| {
            let doc =
                format!("Gives the items that have a `{}` and no vector an embedding.", of.name);
            quote! {
                #[doc = #doc]
                #visibility fn backfill() -> #p::Backfill<#ident, #marker> {
                    #p::Backfill::new()
                }
            }
        });
        quote! {
            #[doc = #doc]
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
            #visibility enum #marker {}
            #[automatically_derived]
            #[allow(dead_code)]
            impl #marker {
                #(#constants)*
                #backfill
            }
        }
    });
    quote!(#(#markers)*)
}

pub(super) fn implementations(entity: &Entity) -> TokenStream {
    if entity.vector_indexes.is_empty() {
        return TokenStream::new();
    }
    let ident = &entity.target().ident;
    let p = private();
    let functions = entity.vector_indexes.iter().map(|index| function(entity, index));
    let each = entity.vector_indexes.iter().map(|index| {
        let VectorIndex { marker, name, vector, projects, distance, .. } = index;
        let vector = operand(vector);
        let metric = Ident::new(
            match distance {
                DistanceWord::Cosine => "Cosine",
                DistanceWord::Euclidean => "Euclidean",
                DistanceWord::DotProduct => "DotProduct",
            },
            Span::call_site(),
        );
        let place = place_of(projects);
        let at = private_at(place);
        let ttl = option(entity.ttl.as_ref().map(|ttl| &ttl.name));
        quote_spanned! {place=>
            #[automatically_derived]
            impl #p::VectorIndex<#ident> for #marker {
                const NAME: &'static #p::str = #name;
                type Embedding = #vector;
                type Metric = #p::#metric;
                type Item = #projects;
            }
            const _: () = #at::assert_vector_index::<#ident, #marker>(#ttl);
        }
    });
    let roles = roles(entity);
    quote! {
        #[automatically_derived]
        impl #ident {
            #(#functions)*
        }
        #(#each)*
        #roles
    }
}

/// `Note::by_meaning(tenant, embedding)`.
fn function(entity: &Entity, index: &VectorIndex) -> TokenStream {
    let Target { visibility, ident, .. } = entity.target();
    let VectorIndex { function, marker, name, vector, partition_key, projects, .. } = index;
    let p = private();
    let vector_type = operand(vector);
    let vector = generated(&vector.ident);
    let (parameter, partition) = match partition_key {
        None => (None, quote!(#p::Partition::none())),
        Some(key) => {
            let ty = operand(key);
            let ordinal = ordinal(key);
            let name = generated(&key.ident);
            (
                Some(quote!(#name: impl #p::ValueFor<#ty>,)),
                quote!(#p::Partition::of_index::<#ident, #ordinal>(#name)),
            )
        }
    };
    let of =
        partition_key.as_ref().map_or_else(String::new, |key| format!(" of one `{}`", key.name));
    let doc =
        format!("Searches the vector index `{name}` for the items{of} that are nearest to this.");
    quote! {
        #[doc = #doc]
        #visibility fn #function(
            #parameter
            #vector: impl #p::ValueFor<#vector_type>,
        ) -> #p::VectorSearch<#ident, #marker, #projects> {
            #p::VectorSearch::new(#partition, #vector)
        }
    }
}

/// What the runtime asks of each field that an index has, once for each field.
fn roles(entity: &Entity) -> TokenStream {
    let ident = &entity.target().ident;
    let mut roles: Vec<(&str, &Attribute)> = Vec::new();
    for index in &entity.vector_indexes {
        let vector = if index.is_sparse { "SparseVectorAt" } else { "VectorAt" };
        roles.push((vector, &index.vector));
        if let (Some(key), false) = (&index.partition_key, index.is_sparse) {
            roles.push(("VectorPartitionAt", key));
        }
        roles.extend(index.filters.iter().map(|filter| ("FilterAt", &**filter)));
        roles.extend(index.of.iter().map(|of| ("EmbeddedAt", &**of)));
    }
    let mut seen: Vec<(&str, usize)> = Vec::new();
    roles.retain(|(role, attribute)| {
        let is_new = !seen.contains(&(*role, attribute.ordinal));
        seen.push((*role, attribute.ordinal));
        is_new
    });
    roles
        .into_iter()
        .map(|(role, attribute)| {
            let place = place_of(&attribute.ty);
            let at = private_at(place);
            let ordinal = ordinal(attribute);
            let role = Ident::new(role, place);
            let trait_of = quote_spanned!(place=> #at::#role<#ordinal>);
            quote!(#[automatically_derived] impl #trait_of for #ident {})
        })
        .collect()
}

/// The vector indexes, for the entity's schema.
pub(super) fn schema(entity: &Entity) -> TokenStream {
    let ident = &entity.target().ident;
    let p = private();
    let indexes = entity.vector_indexes.iter().map(|index| {
        let marker = &index.marker;
        let vector = ordinal(&index.vector);
        let of = option(index.of.as_ref().map(|of| &of.name));
        let key = option(index.partition_key.as_ref().map(|key| {
            let ordinal = ordinal(key);
            quote!(#p::index_key_attribute::<#ident, #ordinal>())
        }));
        let filters = index.filters.iter().map(|filter| {
            let ordinal = ordinal(filter);
            quote!(#p::filter_key::<#ident, #ordinal>())
        });
        quote!(#p::vector_index::<#ident, #marker, #vector>(#key, &[#(#filters),*], #of))
    });
    quote!(&[#(#indexes),*])
}

/// What a search is given for a field: of an `Option`, what is in it.
fn operand(field: &Attribute) -> TokenStream {
    let place = place_of(&field.ty);
    let at = private_at(place);
    let ty = asked_at(&field.ty, place);
    quote_spanned!(place=> <#ty as #at::AttributeValue>::Operand)
}
