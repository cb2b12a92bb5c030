//! Documents: their shapes, their words, their parameters.

use quote::quote;

use super::TokenStream;
use crate::lower::{Failed, document};
use crate::model::{Document, Record};

fn failed(input: TokenStream) -> Failed<Document> {
    match document(&syn::parse2(input).unwrap()) {
        Ok(_) => panic!("no mistake was found"),
        Err(failed) => failed,
    }
}

fn mistakes(input: TokenStream) -> Vec<String> {
    failed(input).errors.first_lines()
}

fn lowered(input: TokenStream) -> Document {
    match document(&syn::parse2(input).unwrap()) {
        Ok(document) => document,
        Err(failed) => panic!("{:#?}", failed.errors),
    }
}

fn record(input: TokenStream) -> Record {
    match lowered(input) {
        Document::Record(record) => *record,
        Document::Newtype(_) => panic!("it is no map"),
    }
}

#[test]
fn a_struct_with_named_fields_is_a_map() {
    let address = record(quote! {
        #[dynamo(rename_all = "camelCase", attributes = AddressAttributes, crate = "a::b")]
        pub struct Address {
            r#type: String,
            #[dynamo(skip)] cache: u8,
            #[dynamo(rename = "zip")] postal_code: String,
            street_name: String,
        }
    });
    let names: Vec<_> = address.stored().map(|attribute| attribute.name.as_str()).collect();
    assert_eq!(names, ["type", "zip", "streetName"]);
    let constants: Vec<_> =
        address.stored().map(|attribute| attribute.constant.to_string()).collect();
    assert_eq!(constants, ["TYPE", "POSTAL_CODE", "STREET_NAME"]);
    assert_eq!(address.attributes.unwrap(), "AddressAttributes");
}

#[test]
fn a_struct_of_one_field_without_a_name_is_that_field() {
    assert!(matches!(
        lowered(quote!(
            struct City(String);
        )),
        Document::Newtype(_)
    ));
    assert!(matches!(
        lowered(quote!(
            struct City {
                name: String,
            }
        )),
        Document::Record(_)
    ));
    assert_eq!(
        mistakes(quote! {
            #[dynamo(rename_all = "camelCase")]
            #[dynamo(attributes = CityAttributes)]
            struct City(#[dynamo(default, rename = "c")] String);
        }),
        [
            "a struct of one field is stored as that field, so `rename_all` has no effect",
            "a struct of one field is stored as that field, so `attributes` has no effect",
            "a struct of one field is stored as that field, so `rename` has no effect",
            "a struct of one field is stored as that field, so `default` has no effect",
        ]
    );
}

#[test]
fn only_the_parameters_that_are_stored_have_bounds() {
    let document = record(quote! {
        struct Document<'a, A, B: Clone, C, D, const N: usize> where A: Eq {
            #[dynamo(default)] first: Vec<(A, [u8; N])>,
            second: fn(B) -> u8,
            #[dynamo(skip)] third: C,
            fourth: Cow<'a, str>,
        }
    });
    assert_eq!(document.target.stored, ["A", "B"]);
    assert_eq!(document.target.defaulted, ["A", "C"]);
}

#[test]
fn what_is_mended_has_the_fields() {
    let failed = failed(quote!(
        #[dynamo(table = "a")]
        struct City {
            name: String,
        }
    ));
    let Document::Record(record) = *failed.mended.unwrap() else {
        panic!("it is no map");
    };
    assert_eq!(record.stored().count(), 1);
}
