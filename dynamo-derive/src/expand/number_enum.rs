//! An enum whose variants have numbers, which is stored as those.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{block, listed, origin, private};
use super::shape;
use crate::model::NumberEnum;

/// A value that is no key: `#[derive(Document)]`.
pub(super) fn value(numbers: &NumberEnum) -> TokenStream {
    block(&numbers.target.runtime, None, &attribute_value(numbers))
}

/// A value that can be a key: `#[derive(KeyPart)]`.
pub(super) fn key_part(numbers: &NumberEnum) -> TokenStream {
    let NumberEnum { target, integer, .. } = numbers;
    let p = private();
    let value = attribute_value(numbers);
    let key_part = target.implement(&quote!(#p::KeyPart));
    let implementations = quote! {
            #value
            #key_part {
                fn key_size(&self) -> #p::usize {
                    <#p::#integer as #p::KeyPart>::key_size(&__number(self))
                }
                fn write_part(&self, __text: &mut #p::PartText) {
                    <#p::#integer as #p::KeyPart>::write_part(&__number(self), __text)
                }
                fn read_part(
                    __part: &#p::str,
                ) -> #p::Option<Self> {
                    __variant(<#p::#integer as #p::KeyPart>::read_part(__part)?)
                }
            }
    };
    block(&numbers.target.runtime, None, &implementations)
}

fn attribute_value(numbers: &NumberEnum) -> TokenStream {
    let NumberEnum { target, variants, integer } = numbers;
    let p = private();
    let this = target.this();
    let integer = quote!(#p::#integer);
    let written =
        variants.iter().map(|variant| quote!(#this::#variant => #this::#variant as #integer,));
    let read = variants.iter().map(|variant| {
        quote! {
            if __number == #this::#variant as #integer {
                return #p::Some(#this::#variant);
            }
        }
    });
    let reason = format!("the number is that of none of {}", listed(variants));
    let each = variants.iter().map(|variant| quote!(#this::#variant as #integer as #p::i128));
    let shape = shape::shape(&quote!(__shapes.integers(&[#(#each),*])));
    let origin = origin();
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
        fn __variant(__number: #integer) -> #p::Option<#this> {
            #(#read)*
            #p::None
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
            ) -> #p::Result<Self, #p::DecodeError> {
                let __start = __reader.position();
                let __number = <#integer as #p::Decode<'__de>>::decode(__reader)?;
                #p::Option::ok_or_else(
                    __variant(__number),
                    || #p::DecodeError::refused(__start, #reason),
                )
            }
        }
        #value {
            type Kind = <#integer as #p::AttributeValue>::Kind;
            type ListKind = #p::List;
            type Operand = Self;
            const OPTIONAL: #p::bool = false;
            const HAS_ONE_SPELLING: #p::bool = true;
            #shape
        }
        #element {
            type Set = <#integer as #p::SetElement>::Set;
        }
    }
}
