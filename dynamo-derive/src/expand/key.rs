//! The key's type.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::names::{generated, ordinal, place_of, private, private_at};
use super::template;
use crate::model::{Attribute, Entity, KeyAttribute, Target};

/// `pub struct UserKey { .. }`.
pub(super) fn ty(entity: &Entity) -> TokenStream {
    let Entity { key_type, key, .. } = entity;
    let Target { visibility, ident, .. } = entity.target();
    let doc = format!("The key of [`{}`].", ident.unraw());
    let fields = key.fields().into_iter().map(|field| {
        let Attribute { visibility, ty, name, .. } = field;
        let ident = generated(&field.ident);
        let is_partition_key = key.partition_key.is(field);
        let role = match (is_partition_key, key.is_field(field)) {
            (true, _) => "The partition key",
            (false, true) => "The sort key",
            (false, false) => "A part of the key",
        };
        let doc = format!("{role}, `{name}`.");
        quote!(#[doc = #doc] #visibility #ident: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(
            ::core::clone::Clone,
            ::core::fmt::Debug,
            ::core::cmp::PartialEq,
        )]
        #visibility struct #key_type {
            #(#fields,)*
        }
    }
}

pub(super) fn implementations(entity: &Entity) -> TokenStream {
    let Entity { key_type, key, .. } = entity;
    let ident = &entity.target().ident;
    let p = private();
    let write = |method: &str, part: &Attribute| {
        let field = &part.ident;
        let method = Ident::new(method, Span::call_site());
        let ordinal = ordinal(part);
        quote!(__writer.#method::<#ident, #ordinal>(&self.#field);)
    };
    let key_at = |part: &Attribute| {
        let place = place_of(&part.ty);
        let at = private_at(place);
        let ordinal = ordinal(part);
        let trait_of = quote_spanned!(place=> #at::KeyAt<#ordinal>);
        quote!(#[automatically_derived] impl #trait_of for #ident {})
    };
    let keys = key.attributes().filter_map(KeyAttribute::field).map(key_at);
    let hash = key.fields().into_iter().map(|part| {
        let field = &part.ident;
        let ordinal = ordinal(part);
        let hash = if key.is_field(part) { quote!(hash_key) } else { quote!(hash_part) };
        quote!(#p::#hash::<#ident, #ordinal, __H>(&self.#field, __state);)
    });
    let partition_key = key.partition_key.field().map(|part| write("partition_key", part));
    let sort_key = key.sort_key.as_ref().and_then(KeyAttribute::field);
    let sort_key = sort_key.map(|part| write("sort_key", part));
    let templates = key
        .attributes()
        .any(|key| key.template().is_some())
        .then(|| quote!(__writer.templates(self);));
    let reads = key.fields().into_iter().map(|part| read(entity, part));
    let set_parts = template::set_parts(entity);
    let single = match key.fields().as_slice() {
        [only] => Some(single(entity, only)),
        _ => None,
    };
    quote! {
        #[automatically_derived]
        impl #p::Key for #key_type {
            type Entity = #ident;
            fn write(&self, __writer: &mut #p::KeyWriter<'_>) {
                #partition_key
                #sort_key
                #templates
            }
            fn read(
                __keys: &#p::StoredKeys<'_>,
            ) -> #p::Result<Self, #p::DecodeError> {
                #p::Ok(Self { #(#reads),* })
            }
            #set_parts
        }
        #(#keys)*
        // Not derived, so that a part that is no key is not told for these again.
        #[automatically_derived]
        impl #p::Eq for #key_type {}
        #[automatically_derived]
        impl #p::Hash for #key_type {
            fn hash<__H: #p::Hasher>(&self, __state: &mut __H) {
                #(#hash)*
            }
        }
        #single
    }
}

/// A field of the key, read from the key attribute that it is, or is a part of.
fn read(entity: &Entity, part: &Attribute) -> TokenStream {
    let ident = &entity.target().ident;
    let p = private();
    let field = &part.ident;
    let ordinal = ordinal(part);
    let template = entity.key.attributes().find(|key| key.has_part(part));
    match template.and_then(KeyAttribute::template) {
        Some(template) if !entity.key.is_field(part) => {
            let key = template::constant(entity, template);
            quote!(#field: #p::StoredKeys::part::<#ident, #ordinal>(__keys, #key)?)
        }
        _ => quote!(#field: #p::StoredKeys::key::<#ident, #ordinal>(__keys)?),
    }
}

/// A key of one part is made from that part.
fn single(entity: &Entity, part: &Attribute) -> TokenStream {
    let Entity { key_type, .. } = entity;
    let ident = &entity.target().ident;
    let p = private();
    let Attribute { ident: field, ty, .. } = part;
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
