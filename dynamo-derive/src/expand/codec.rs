//! The item's form in a request and in a response.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::attributes::{default, encoding};
use super::place_of;
use crate::model::{Attribute, Entity, Field, Skipped};

/// About how many bytes of JSON an attribute has besides its name.
const VALUE_SIZE_HINT: usize = 24;

pub(super) fn encode(entity: &Entity) -> TokenStream {
    let ident = &entity.ident;
    let p = entity.private();
    let size = |attribute: &Attribute| attribute.name.len() + VALUE_SIZE_HINT;
    let size_hint = Literal::usize_unsuffixed(entity.stored().map(size).sum());
    let attributes = entity.stored().map(|attribute| {
        let Attribute { ident, ty, name, .. } = attribute;
        let encoding = encoding(entity, attribute);
        quote_spanned! {place_of(ty)=>
            __writer.attribute_as::<#encoding, #ty>(#name, &self.#ident);
        }
    });
    quote! {
        #[automatically_derived]
        impl #p::EncodeItem for #ident {
            const SIZE_HINT: ::core::primitive::usize = #size_hint;
            fn encode_item(&self, __writer: &mut #p::Writer) {
                __writer.begin_item();
                #(#attributes)*
                __writer.end_item();
            }
        }
    }
}

pub(super) fn decode(entity: &Entity) -> TokenStream {
    let ident = &entity.ident;
    let p = entity.private();
    let slots = entity.stored().map(|attribute| {
        let slot = slot(attribute);
        let ty = &attribute.ty;
        let encoding = encoding(entity, attribute);
        quote_spanned!(place_of(ty)=> let mut #slot = #p::Field::<#encoding, #ty>::new();)
    });
    let arms = entity.stored().map(|attribute| {
        let slot = slot(attribute);
        let ty = &attribute.ty;
        let encoding = encoding(entity, attribute);
        let name = Literal::byte_string(attribute.name.as_bytes());
        quote_spanned! {place_of(ty)=>
            #name => __item.field::<#encoding, #ty>(&mut #slot)?,
        }
    });
    let fields = entity.fields.iter().map(|field| match field {
        Field::Stored(attribute) => {
            let Attribute { ident, .. } = &**attribute;
            let value = take(entity, attribute);
            quote!(#ident: #value)
        }
        Field::Skipped(skipped) => {
            let Skipped { ident, ty } = &**skipped;
            let default =
                quote_spanned!(place_of(ty)=> <#ty as ::core::default::Default>::default());
            quote!(#ident: #default)
        }
    });
    quote! {
        #[automatically_derived]
        impl<'de> #p::DecodeItem<'de> for #ident {
            const ATTRIBUTES: &'static [&'static ::core::primitive::str] =
                <Self as #p::Record>::NAMES;
            fn decode_item(
                __reader: &mut #p::Reader<'de>,
            ) -> ::core::result::Result<Self, #p::DecodeError> {
                #(#slots)*
                let mut __item = __reader.item()?;
                while let ::core::option::Option::Some(__name) = __item.next_name()? {
                    match __name.as_bytes() {
                        #(#arms)*
                        _ => __item.skip(__name)?,
                    }
                }
                ::core::result::Result::Ok(Self { #(#fields,)* })
            }
        }
    }
}

/// Where an attribute waits until the item ends.
fn slot(attribute: &Attribute) -> Ident {
    format_ident!("__{}", attribute.ordinal)
}

fn take(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let Attribute { ty, name, .. } = attribute;
    let encoding = encoding(entity, attribute);
    let slot = slot(attribute);
    match default(entity, attribute) {
        None => quote_spanned!(place_of(ty)=> __item.take::<#encoding, #ty>(#slot, #name)?),
        Some(default) => quote_spanned!(place_of(ty)=> __item.take_or(#slot, || #default)),
    }
}
