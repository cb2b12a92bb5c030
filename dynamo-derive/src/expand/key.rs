//! The key's type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::attributes::ordinal;
use super::{generated, place_of};
use crate::model::{Attribute, Entity, Target};

/// `pub struct UserKey { .. }`.
pub(super) fn ty(entity: &Entity) -> TokenStream {
    let Entity { key_type, key, .. } = entity;
    let Target { visibility, ident, .. } = entity.target();
    let doc = format!("The key of [`{}`].", ident.unraw());
    let field = |role: &str, part: &Attribute| {
        let Attribute { visibility, ty, name, .. } = part;
        let ident = generated(&part.ident);
        let doc = format!("The {role}, `{name}`.");
        quote!(#[doc = #doc] #visibility #ident: #ty)
    };
    let partition_key = field("partition key", &key.partition_key);
    let sort_key = key.sort_key.iter().map(|part| field("sort key", part));
    quote! {
        #[doc = #doc]
        #[derive(
            ::core::clone::Clone,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
        )]
        #visibility struct #key_type {
            #partition_key,
            #(#sort_key,)*
        }
    }
}

pub(super) fn implementations(entity: &Entity) -> TokenStream {
    let Entity { key_type, key, .. } = entity;
    let ident = &entity.target().ident;
    let p = entity.private();
    let write = |method: &str, part: &Attribute| {
        let field = &part.ident;
        let method = Ident::new(method, Span::call_site());
        let ordinal = ordinal(part);
        quote!(__writer.#method::<#ident, #ordinal>(&self.#field);)
    };
    let key_at = |part: &Attribute| {
        let place = place_of(&part.ty);
        let at = entity.private_at(place);
        let ordinal = ordinal(part);
        let trait_of = quote_spanned!(place=> #at::KeyAt<#ordinal>);
        quote!(#[automatically_derived] impl #trait_of for #ident {})
    };
    let keys = key.parts().map(key_at);
    let hash = key.parts().map(|part| {
        let field = &part.ident;
        let ordinal = ordinal(part);
        quote!(#p::hash_key::<#ident, #ordinal, __H>(&self.#field, __state);)
    });
    let partition_key = write("partition_key", &key.partition_key);
    let sort_key = key.sort_key.iter().map(|part| write("sort_key", part));
    let single = key.sort_key.is_none().then(|| single(entity));
    quote! {
        #[automatically_derived]
        impl #p::Key for #key_type {
            type Entity = #ident;
            fn write(&self, __writer: &mut #p::KeyWriter<'_>) {
                #partition_key
                #(#sort_key)*
            }
        }
        #(#keys)*
        // Not derived, so that a part that is no key is not told for these again.
        #[automatically_derived]
        impl ::core::cmp::Eq for #key_type {}
        #[automatically_derived]
        impl ::core::hash::Hash for #key_type {
            fn hash<__H: ::core::hash::Hasher>(&self, __state: &mut __H) {
                #(#hash)*
            }
        }
        #single
    }
}

/// A key of one part is made from that part.
fn single(entity: &Entity) -> TokenStream {
    let Entity { key_type, key, .. } = entity;
    let ident = &entity.target().ident;
    let p = entity.private();
    let Attribute { ident: field, ty, .. } = &*key.partition_key;
    quote! {
        #[automatically_derived]
        impl #p::SingleKey for #ident {
            type Part = #ty;
            fn single(__part: #ty) -> #key_type {
                #key_type { #field: __part }
            }
        }
    }
}
