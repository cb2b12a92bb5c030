//! `impl KeyPart` for a newtype.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::KeyPart;

pub(crate) fn key_part(part: &KeyPart) -> TokenStream {
    let KeyPart { runtime, ident, member, ty } = part;
    let p = quote!(#runtime::__private);
    quote! {
        const _: () = {
            #[automatically_derived]
            impl #p::Encode for #ident {
                fn encode(&self, __writer: &mut #p::Writer) {
                    <#ty as #p::Encode>::encode(&self.#member, __writer)
                }
            }
            #[automatically_derived]
            impl<'de> #p::Decode<'de> for #ident {
                fn decode(
                    __reader: &mut #p::Reader<'de>,
                ) -> ::core::result::Result<Self, #p::DecodeError> {
                    ::core::result::Result::Ok(Self {
                        #member: <#ty as #p::Decode<'de>>::decode(__reader)?,
                    })
                }
            }
            #[automatically_derived]
            impl #p::AttributeValue for #ident {
                type Kind = <#ty as #p::AttributeValue>::Kind;
                type ListKind = #p::List;
                type Operand = Self;
                const OPTIONAL: ::core::primitive::bool = false;
            }
            #[automatically_derived]
            impl #p::KeyPart for #ident {
                fn key_size(&self) -> ::core::primitive::usize {
                    <#ty as #p::KeyPart>::key_size(&self.#member)
                }
            }
        };
    }
}
