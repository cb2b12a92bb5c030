//! A struct that is stored as its one field.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::names::place_of;
use super::shape;
use crate::model::Newtype;

/// A value that is no key: `#[derive(Document)]`.
pub(super) fn value(newtype: &Newtype) -> TokenStream {
    let value = attribute_value(newtype);
    quote! {
        const _: () = {
            #value
        };
    }
}

/// A value that can be a key, an element of a set, and where it is text the
/// key of a map: `#[derive(KeyPart)]`.
pub(super) fn key_part(newtype: &Newtype) -> TokenStream {
    let Newtype { target, member, ty, phantoms } = newtype;
    let p = target.private();
    let value = attribute_value(newtype);
    let element = target.implement_key(&quote!(#p::SetElement));
    let key_part = target.implement_key(&quote!(#p::KeyPart));
    quote! {
        const _: () = {
            #value
            #element {
                type Set = <<#ty as #p::AttributeValue>::Kind as #p::KeyKind>::Set;
            }
            #key_part {
                const FORM: #p::PartForm = <#ty as #p::KeyPart>::FORM;
                fn key_size(&self) -> ::core::primitive::usize {
                    <#ty as #p::KeyPart>::key_size(&self.#member)
                }
                fn write_part(&self, __text: &mut #p::PartText) {
                    <#ty as #p::KeyPart>::write_part(&self.#member, __text)
                }
                fn read_part(
                    __part: &::core::primitive::str,
                ) -> ::core::option::Option<Self> {
                    ::core::option::Option::Some(Self {
                        #member: <#ty as #p::KeyPart>::read_part(__part)?,
                        #(#phantoms: ::core::marker::PhantomData,)*
                    })
                }
            }
        };
    }
}

fn attribute_value(newtype: &Newtype) -> TokenStream {
    let Newtype { target, member, ty, phantoms } = newtype;
    let p = target.private();
    let place = place_of(ty);
    let at = target.private_at(place);
    let kind = quote_spanned!(place=> <#ty as #at::AttributeValue>::Kind);
    let is_optional = quote_spanned!(place=> <#ty as #at::AttributeValue>::OPTIONAL);
    let has_one_spelling = quote_spanned!(place=> <#ty as #at::AttributeValue>::HAS_ONE_SPELLING);
    let shape = shape::shape(
        target,
        &quote_spanned!(place=> <#ty as #at::AttributeValue>::shape(__shapes)),
    );
    let encode = target.implement_stored(&quote!(#p::Encode));
    let decode = target.implement_read(&quote!(#p::Decode<'__de>));
    let attribute_value = target.implement_stored(&quote!(#p::AttributeValue));
    quote! {
        #encode {
            fn encode(&self, __writer: &mut #p::Writer) {
                <#ty as #p::Encode>::encode(&self.#member, __writer)
            }
            fn is_absent(&self) -> ::core::primitive::bool {
                <#ty as #p::Encode>::is_absent(&self.#member)
            }
            #[inline]
            fn origin(&self) -> #p::Origin {
                <#ty as #p::Encode>::origin(&self.#member)
            }
        }
        #decode {
            fn decode(
                __reader: &mut #p::Reader<'__de>,
            ) -> ::core::result::Result<Self, #p::DecodeError> {
                ::core::result::Result::Ok(Self {
                    #member: <#ty as #p::Decode<'__de>>::decode(__reader)?,
                    #(#phantoms: ::core::marker::PhantomData,)*
                })
            }
            fn absent() -> ::core::option::Option<Self> {
                ::core::option::Option::Some(Self {
                    #member: <#ty as #p::Decode<'__de>>::absent()?,
                    #(#phantoms: ::core::marker::PhantomData,)*
                })
            }
        }
        #attribute_value {
            type Kind = #kind;
            type ListKind = #p::List;
            type Operand = Self;
            const OPTIONAL: ::core::primitive::bool = #is_optional;
            const HAS_ONE_SPELLING: ::core::primitive::bool = #has_one_spelling;
            #shape
        }
    }
}
