//! Documents: their shapes, their words, their parameters.

use quote::quote;

use super::TokenStream;
use crate::errors::Failed;
use crate::lower::document;
use crate::model::{Content, Document, Record, TextEnum, groups, stored};

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
        _ => panic!("it is no map"),
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

fn text(input: TokenStream) -> TextEnum {
    match lowered(input) {
        Document::Text(text) => *text,
        _ => panic!("it is no text"),
    }
}

#[test]
fn an_enum_without_fields_is_text() {
    let status = text(quote! {
        #[dynamo(rename_all = "SCREAMING_SNAKE_CASE")]
        enum Status { Open, r#InTransit, #[dynamo(rename = "gone")] Lost, #[dynamo(other)] Other(String) }
    });
    let texts: Vec<_> = status.variants.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["OPEN", "IN_TRANSIT", "gone"]);
    assert_eq!(status.other.unwrap(), "Other");
}

#[test]
fn an_enum_with_a_tag_is_a_map() {
    let Document::Tagged(payment) = lowered(quote! {
        #[dynamo(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
        enum Payment<T, U> {
            Cash,
            BankTransfer { account_number: T, #[dynamo(skip)] cache: U },
            Card(Card<T>),
        }
    }) else {
        panic!("it is no map");
    };
    assert_eq!(payment.tag, "type");
    let texts: Vec<_> = payment.variants.iter().map(|variant| variant.text.as_str()).collect();
    assert_eq!(texts, ["cash", "bank_transfer", "card"]);
    let Content::Fields(fields) = &payment.variants[1].content else {
        panic!("it has fields");
    };
    assert_eq!(stored(fields).next().unwrap().name, "accountNumber");
    assert_eq!(payment.target.stored, ["T"]);
    assert_eq!(payment.target.defaulted, ["U"]);
}

#[test]
fn the_mistakes_of_an_enum() {
    assert_eq!(
        mistakes(quote!(
            enum Never {}
        )),
        ["`Never` has no variants, so no value can be stored"]
    );
    assert_eq!(
        mistakes(quote! {
            #[dynamo(rename_all = "lowercase", attributes = StatusAttributes, rename_all_fields = "camelCase")]
            enum Status {
                Open,
                #[dynamo(rename = "open", skip)] Opened,
                #[dynamo(other, rename = "x")] Other,
                #[dynamo(other)] Rest(String),
                Shipped { at: u64 },
            }
        }),
        [
            "the variants of `Status` have no constants",
            "`skip` is a word of a field, not of a variant",
            "`Open` and `Opened` are both stored as `open`",
            "`rename_all_fields` is about the fields of variants beside a tag",
            "`Shipped` has fields, and nothing says which variant of `Status` is stored",
            "`Other` holds every other text, so it has none of its own",
            "`Other` is to hold every other text, and has no place for it",
            "one variant holds every other text, and `Other` is it already",
        ]
    );
    assert_eq!(
        mistakes(quote! {
            #[dynamo(tag = "type")]
            enum Payment {
                Card { r#type: String, #[dynamo(rename = "type")] kind: String, #[dynamo(ttl)] at: u64 },
                Cash(u64, u64),
                #[dynamo(other)] Other(String),
                Bank(#[dynamo(default)] Bank),
            }
        }),
        [
            "`ttl` is a word of a field of an entity, not of a field of a document",
            "`r#type` and `kind` are both stored as `type`",
            "the tag and the field `r#type` of `Card` would both be stored as `type`",
            "the fields beside a tag have names, and those of `Cash` have none",
            "`other` is for an enum that is stored as text, and this one is a map with a tag",
            "what is in `Bank` stands beside the tag, so nothing can be said of it",
        ]
    );
    assert_eq!(
        mistakes(quote!(
            #[dynamo(tag = "type", rename_all_fields = "camelCase")]
            struct A {
                b: u8,
            }
        )),
        [
            "`tag` is about variants, and `A` has none",
            "`rename_all_fields` is about variants, and `A` has none",
        ]
    );
}

#[test]
fn a_group_has_no_name_of_its_own() {
    let article = record(quote! {
        struct Article { title: String, #[dynamo(flatten)] audit: Audit, body: String }
    });
    assert_eq!(article.stored().map(|attribute| attribute.ordinal).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(groups(&article.fields).count(), 1);
    assert_eq!(
        mistakes(quote! {
            struct Article {
                #[dynamo(flatten, rename = "a", default)] audit: Audit,
                #[dynamo(flatten, skip)] cache: Audit,
            }
        }),
        [
            "`audit` is flattened, so `rename` has no effect on it",
            "`audit` is flattened, so `default` has no effect on it",
            "`cache` is skipped, so `flatten` has no effect on it",
        ]
    );
}
