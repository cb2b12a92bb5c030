//! A document: the value of an attribute.

use proc_macro2::TokenStream;
use quote::quote;

use super::names::{block, origin, private};
use super::role::Role;
use super::{attributes, codec, group, newtype, number_enum, shape, tagged_enum, text_enum};
use crate::model::{Beside, Document, Record, Target};

pub(crate) fn document(document: &Document) -> TokenStream {
    match document {
        Document::Record(record) => map(record),
        Document::Newtype(newtype) => newtype::value(newtype),
        Document::Text(text) => text_enum::value(text),
        Document::Number(numbers) => number_enum::value(numbers),
        Document::Tagged(tagged) => {
            let item = tagged_enum::item(tagged);
            let value = map_of_item(&tagged.target, &shape::of_tagged(tagged));
            let allowed = quote!(#[allow(deprecated)]);
            block(&tagged.target.runtime, Some(&allowed), &quote!(#item #value))
        }
    }
}

/// A map, whose attributes are the fields.
fn map(record: &Record) -> TokenStream {
    let public_type = attributes::ty(record);
    let constants = attributes::constants(record);
    let attributes =
        attributes::implementations(record, |attribute| Role::data(attribute, &record.target));
    let item = codec::item(record, Beside::default());
    let group = group::of_record(record);
    let value = map_of_item(&record.target, &shape::of_document(&record.fields));
    // The user's fields may be deprecated, and a program may leave any
    // attribute unused.
    let allowed = quote!(#[allow(dead_code, deprecated)]);
    let implementations = quote!(#constants #attributes #item #group #value);
    let implementations = block(&record.target.runtime, Some(&allowed), &implementations);
    quote!(#public_type #implementations)
}

/// What is in the map is as it would be in an item.
fn map_of_item(target: &Target, shape: &TokenStream) -> TokenStream {
    let p = private();
    let encode = target.implement_stored(&quote!(#p::Encode));
    let decode = target.implement_read(&quote!(#p::Decode<'__de>));
    let attribute_value = target.implement_stored(&quote!(#p::AttributeValue));
    let origin = origin();
    quote! {
        #encode {
            fn encode(&self, __writer: &mut #p::Writer) {
                #p::encode_map(self, __writer)
            }
            #origin
        }
        #decode {
            fn decode(
                __reader: &mut #p::Reader<'__de>,
            ) -> #p::Result<Self, #p::DecodeError> {
                #p::decode_map(__reader)
            }
        }
        #attribute_value {
            type Kind = #p::Map;
            type ListKind = #p::List;
            type Operand = Self;
            const OPTIONAL: #p::bool = false;
            #shape
        }
    }
}
