//! The record's form in a request and in a response.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::attributes::{default, encoding};
use super::place_of;
use crate::model::{Attribute, Field, Record, Skipped, Target};

/// About how many bytes of JSON an attribute has besides its name.
const VALUE_SIZE_HINT: usize = 24;

/// As an item.
pub(super) fn item(record: &Record) -> TokenStream {
    let encode = encode(record);
    let decode = decode(record);
    quote!(#encode #decode)
}

fn encode(record: &Record) -> TokenStream {
    let target = &record.target;
    let p = target.private();
    let size = |attribute: &Attribute| attribute.name.len() + VALUE_SIZE_HINT;
    let size_hint = Literal::usize_unsuffixed(record.stored().map(size).sum());
    let attributes = record.stored().map(|attribute| {
        let Attribute { ident, ty, name, .. } = attribute;
        let encoding = encoding(target, attribute);
        quote_spanned! {place_of(ty)=>
            __writer.attribute_as::<#encoding, #ty>(#name, &self.#ident);
        }
    });
    let header = target.implement_stored(&quote!(#p::EncodeItem));
    quote! {
        #header {
            const SIZE_HINT: ::core::primitive::usize = #size_hint;
            fn encode_attributes(&self, __writer: &mut #p::Writer) {
                #(#attributes)*
            }
        }
    }
}

fn decode(record: &Record) -> TokenStream {
    let target = &record.target;
    let p = target.private();
    let slots = record.stored().map(|attribute| {
        let slot = slot(attribute);
        let ty = &attribute.ty;
        let encoding = encoding(target, attribute);
        quote_spanned!(place_of(ty)=> let mut #slot = #p::Field::<#encoding, #ty>::new();)
    });
    let arms = record.stored().map(|attribute| {
        let slot = slot(attribute);
        let ty = &attribute.ty;
        let encoding = encoding(target, attribute);
        let name = Literal::byte_string(attribute.name.as_bytes());
        quote_spanned! {place_of(ty)=>
            #name => __item.field::<#encoding, #ty>(&mut #slot)?,
        }
    });
    let fields = record.fields.iter().map(|field| match field {
        Field::Stored(attribute) => {
            let Attribute { ident, .. } = &**attribute;
            let value = take(target, attribute);
            quote!(#ident: #value)
        }
        Field::Skipped(skipped) => {
            let Skipped { ident, ty } = &**skipped;
            let default =
                quote_spanned!(place_of(ty)=> <#ty as ::core::default::Default>::default());
            quote!(#ident: #default)
        }
    });
    let header = target.implement_read(&quote!(#p::DecodeItem<'__de>));
    quote! {
        #header {
            const ATTRIBUTES: &'static [&'static ::core::primitive::str] =
                <Self as #p::Record>::NAMES;
            fn decode_attributes(
                mut __item: #p::Members<'_, '__de>,
            ) -> ::core::result::Result<Self, #p::DecodeError> {
                #(#slots)*
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

fn take(target: &Target, attribute: &Attribute) -> TokenStream {
    let Attribute { ty, name, .. } = attribute;
    let encoding = encoding(target, attribute);
    let slot = slot(attribute);
    match default(target, attribute) {
        None => quote_spanned!(place_of(ty)=> __item.take::<#encoding, #ty>(#slot, #name)?),
        Some(default) => quote_spanned!(place_of(ty)=> __item.take_or(#slot, || #default)),
    }
}
