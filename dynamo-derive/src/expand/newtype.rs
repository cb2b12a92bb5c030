//! A struct that is stored as its one field.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::names::{block, place_of, private, private_at};
use super::shape;
use crate::model::Newtype;

/// A value that is no key: `#[derive(Document)]`.
pub(super) fn value(newtype: &Newtype) -> TokenStream {
    block(&newtype.target.runtime, None, &attribute_value(newtype))
}

/// A value that can be a key, an element of a set, and where it is text the
/// key of a map: `#[derive(KeyPart)]`.
pub(super) fn key_part(newtype: &Newtype) -> TokenStream {
    let Newtype { target, member, ty, phantoms } = newtype;
    let p = private();
    let value = attribute_value(newtype);
    let element = target.implement_key(&quote!(#p::SetElement));
    let key_part = target.implement_key(&quote!(#p::KeyPart));
    let implementations = quote! {
            #value
            #element {
                type Set = <<#ty as #p::AttributeValue>::Kind as #p::KeyKind>::Set;
            }
            #key_part {
                const FORM: #p::PartForm = <#ty as #p::KeyPart>::FORM;
                fn key_size(&self) -> #p::usize {
                    <#ty as #p::KeyPart>::key_size(&self.#member)
                }
                fn write_part(&self, __text: &mut #p::PartText) {
                    <#ty as #p::KeyPart>::write_part(&self.#member, __text)
                }
                fn read_part(
                    __part: &#p::str,
                ) -> #p::Option<Self> {
                    #p::Some(Self {
                        #member: <#ty as #p::KeyPart>::read_part(__part)?,
                        #(#phantoms: #p::PhantomData,)*
                    })
                }
            }
    };
    block(&newtype.target.runtime, None, &implementations)
}

fn attribute_value(newtype: &Newtype) -> TokenStream {
    let Newtype { target, member, ty, phantoms } = newtype;
    let p = private();
    let place = place_of(ty);
    let at = private_at(place);
    let kind = quote_spanned!(place=> <#ty as #at::AttributeValue>::Kind);
    let is_optional = quote_spanned!(place=> <#ty as #at::AttributeValue>::OPTIONAL);
    let has_one_spelling = quote_spanned!(place=> <#ty as #at::AttributeValue>::HAS_ONE_SPELLING);
    let shape =
        shape::shape(&quote_spanned!(place=> <#ty as #at::AttributeValue>::shape(__shapes)));
    let encode = target.implement_stored(&quote!(#p::Encode));
    let decode = target.implement_read(&quote!(#p::Decode<'__de>));
    let attribute_value = target.implement_stored(&quote!(#p::AttributeValue));
    quote! {
        #encode {
            fn encode(&self, __writer: &mut #p::Writer) {
                <#ty as #p::Encode>::encode(&self.#member, __writer)
            }
            fn is_absent(&self) -> #p::bool {
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
            ) -> #p::Result<Self, #p::DecodeError> {
                #p::Ok(Self {
                    #member: <#ty as #p::Decode<'__de>>::decode(__reader)?,
                    #(#phantoms: #p::PhantomData,)*
                })
            }
            fn absent() -> #p::Option<Self> {
                #p::Some(Self {
                    #member: <#ty as #p::Decode<'__de>>::absent()?,
                    #(#phantoms: #p::PhantomData,)*
                })
            }
        }
        #attribute_value {
            type Kind = #kind;
            type ListKind = #p::List;
            type Operand = Self;
            const OPTIONAL: #p::bool = #is_optional;
            const HAS_ONE_SPELLING: #p::bool = #has_one_spelling;
            #shape
        }
    }
}
