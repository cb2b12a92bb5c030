//! An enum whose variants have no fields, which is stored as text.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{block, none_of, origin, private};
use super::shape;
use crate::model::TextEnum;

/// A value that is no key: `#[derive(Document)]`.
pub(super) fn value(text: &TextEnum) -> TokenStream {
    block(&text.target.runtime, None, &attribute_value(text))
}

/// A value that can be a key: `#[derive(KeyPart)]`.
pub(super) fn key_part(text: &TextEnum) -> TokenStream {
    let value = attribute_value(text);
    let p = private();
    let key_part = text.target.implement(&quote!(#p::KeyPart));
    let name = name(text);
    let arms =
        text.variants.iter().map(|(variant, name)| quote!(#name => #p::Some(Self::#variant),));
    let names = text.variants.iter().map(|(_, name)| name);
    let form = text
        .other
        .is_none()
        .then(|| quote!(const FORM: #p::PartForm = #p::PartForm::of_words(&[#(#names),*]);));
    let rest = match &text.other {
        None => quote!(_ => #p::None,),
        Some(other) => quote!(_ => #p::Some(Self::#other(__name)),),
    };
    let implementations = quote! {
            #value
            #key_part {
                #form
                fn key_size(&self) -> #p::usize {
                    #p::str::len(#name)
                }
                fn write_part(&self, __text: &mut #p::PartText) {
                    __text.text(#name)
                }
                fn read_part(
                    __part: &#p::str,
                ) -> #p::Option<Self> {
                    let __name = <#p::String as #p::KeyPart>::read_part(__part)?;
                    match __name.as_str() {
                        #(#arms)*
                        #rest
                    }
                }
            }
    };
    block(&text.target.runtime, None, &implementations)
}

fn attribute_value(text: &TextEnum) -> TokenStream {
    let TextEnum { target, variants, other } = text;
    let p = private();
    let write = match other {
        None => {
            let name = name(text);
            quote!(__writer.string(#name))
        }
        Some(other) => {
            let arms = variants
                .iter()
                .map(|(variant, name)| quote!(Self::#variant => __writer.string(#name),));
            let names = variants.iter().map(|(_, name)| name);
            quote! {
                match self {
                    #(#arms)*
                    Self::#other(__text) => #p::encode_other(__text, &[#(#names),*], __writer),
                }
            }
        }
    };
    let arms = variants.iter().map(|(variant, name)| quote!(#name => #p::Ok(Self::#variant),));
    let rest = match other {
        None => {
            let reason = none_of(variants.iter().map(|(_, name)| name.as_str()));
            quote!(_ => #p::Err(__variant.unknown(#reason)),)
        }
        Some(other) => quote! {
            _ => #p::Ok(Self::#other(__variant.into_name())),
        },
    };
    let names = variants.iter().map(|(_, name)| name);
    let is_open = other.is_some();
    let shape = shape::shape(&quote!(__shapes.texts(&[#(#names),*], #is_open)));
    let origin = origin();
    let encode = target.implement(&quote!(#p::Encode));
    let decode = target.implement_read(&quote!(#p::Decode<'__de>));
    let value = target.implement(&quote!(#p::AttributeValue));
    let element = target.implement(&quote!(#p::SetElement));
    quote! {
        #encode {
            fn encode(&self, __writer: &mut #p::Writer) {
                #write
            }
            #origin
        }
        #decode {
            fn decode(
                __reader: &mut #p::Reader<'__de>,
            ) -> #p::Result<Self, #p::DecodeError> {
                let __variant = #p::Variant::read(__reader)?;
                match __variant.name() {
                    #(#arms)*
                    #rest
                }
            }
        }
        #value {
            type Kind = #p::Text;
            type ListKind = #p::List;
            type Operand = Self;
            const OPTIONAL: #p::bool = false;
            const HAS_ONE_SPELLING: #p::bool = true;
            #shape
        }
        #element {
            type Set = #p::TextSet;
        }
    }
}

/// The variant's text, as an expression.
fn name(text: &TextEnum) -> TokenStream {
    let arms = text.variants.iter().map(|(variant, name)| quote!(Self::#variant => #name,));
    let other = text.other.iter().map(|other| quote!(Self::#other(__text) => __text.as_str(),));
    quote! {
        match self {
            #(#arms)*
            #(#other)*
        }
    }
}
