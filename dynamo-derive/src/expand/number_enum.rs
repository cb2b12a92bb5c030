//! An enum whose variants have numbers, which is stored as those.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{listed, origin};
use super::shape;
use crate::model::NumberEnum;

/// A value that is no key: `#[derive(Document)]`.
pub(super) fn value(numbers: &NumberEnum) -> TokenStream {
    let value = attribute_value(numbers);
    quote! {
        const _: () = {
            #value
        };
    }
}

/// A value that can be a key: `#[derive(KeyPart)]`.
pub(super) fn key_part(numbers: &NumberEnum) -> TokenStream {
    let NumberEnum { target, integer, .. } = numbers;
    let p = target.private();
    let value = attribute_value(numbers);
    let key_part = target.implement(&quote!(#p::KeyPart));
    quote! {
        const _: () = {
            #value
            #key_part {
                fn key_size(&self) -> ::core::primitive::usize {
                    <::core::primitive::#integer as #p::KeyPart>::key_size(&__number(self))
                }
                fn write_part(&self, __text: &mut #p::PartText) {
                    <::core::primitive::#integer as #p::KeyPart>::write_part(&__number(self), __text)
                }
                fn read_part(
                    __part: &::core::primitive::str,
                ) -> ::core::option::Option<Self> {
                    __variant(<::core::primitive::#integer as #p::KeyPart>::read_part(__part)?)
                }
            }
        };
    }
}

fn attribute_value(numbers: &NumberEnum) -> TokenStream {
    let NumberEnum { target, variants, integer } = numbers;
    let p = target.private();
    let this = target.this();
    let integer = quote!(::core::primitive::#integer);
    let written =
        variants.iter().map(|variant| quote!(#this::#variant => #this::#variant as #integer,));
    let read = variants.iter().map(|variant| {
        quote! {
            if __number == #this::#variant as #integer {
                return ::core::option::Option::Some(#this::#variant);
            }
        }
    });
    let reason = format!("the number is that of none of {}", listed(variants));
    let each = variants
        .iter()
        .map(|variant| quote!(#this::#variant as #integer as ::core::primitive::i128));
    let shape = shape::shape(target, &quote!(__shapes.integers(&[#(#each),*])));
    let origin = origin(target);
    let encode = target.implement(&quote!(#p::Encode));
    let decode = target.implement_read(&quote!(#p::Decode<'__de>));
    let value = target.implement(&quote!(#p::AttributeValue));
    let element = target.implement(&quote!(#p::SetElement));
    quote! {
        fn __number(__value: &#this) -> #integer {
            match __value {
                #(#written)*
            }
        }
        fn __variant(__number: #integer) -> ::core::option::Option<#this> {
            #(#read)*
            ::core::option::Option::None
        }
        #encode {
            fn encode(&self, __writer: &mut #p::Writer) {
                <#integer as #p::Encode>::encode(&__number(self), __writer)
            }
            #origin
        }
        #decode {
            fn decode(
                __reader: &mut #p::Reader<'__de>,
            ) -> ::core::result::Result<Self, #p::DecodeError> {
                let __start = __reader.position();
                let __number = <#integer as #p::Decode<'__de>>::decode(__reader)?;
                ::core::option::Option::ok_or_else(
                    __variant(__number),
                    || #p::DecodeError::refused(__start, #reason),
                )
            }
        }
        #value {
            type Kind = <#integer as #p::AttributeValue>::Kind;
            type ListKind = #p::List;
            type Operand = Self;
            const OPTIONAL: ::core::primitive::bool = false;
            const HAS_ONE_SPELLING: ::core::primitive::bool = true;
            #shape
        }
        #element {
            type Set = <#integer as #p::SetElement>::Set;
        }
    }
}
