//! What is said of the fields.

use quote::quote;

use crate::model::{Form, NamedForm};

use super::{TokenStream, lowered, mistakes, stored_names};

/// An entity that is right but for these fields.
fn with(fields: &TokenStream) -> TokenStream {
    quote! {
        #[dynamo(table = "things")]
        struct Thing { #[dynamo(partition_key)] id: String, #fields }
    }
}

#[test]
fn each_purpose_is_given_once() {
    let fields = |word: &str| {
        let word: TokenStream = word.parse().unwrap();
        mistakes(with(&quote!(#[dynamo(#word)] a: A, #[dynamo(#word)] b: B)))
    };
    assert_eq!(
        fields("partition_key"),
        [
            "an entity has one partition key, and `id` is it already",
            "an entity has one partition key, and `id` is it already",
        ]
    );
    assert_eq!(fields("sort_key"), ["an entity has one sort key, and `a` is it already"]);
    for word in ["version", "created_at", "updated_at", "ttl"] {
        assert_eq!(fields(word), [format!("an entity has one `{word}`, and `a` is it already")]);
    }
}

#[test]
fn a_field_has_one_purpose() {
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(version, created_at)] a: A))),
        ["`a` cannot be both `version` and `created_at`"]
    );
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(updated_at, sort_key)] a: A))),
        ["`a` is a key, and the library cannot manage a key"]
    );
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "things")]
            struct Thing { #[dynamo(partition_key, sort_key)] id: String }
        }),
        ["`id` cannot be both partition key and sort key"]
    );
}

#[test]
fn a_key_is_in_every_item() {
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(sort_key, default)] a: A))),
        ["`a` is a key, and a key has no default"]
    );
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(skip, sort_key)] a: A))),
        ["`a` is a key, and a key cannot be skipped: `skip` with `sort_key`"]
    );
}

#[test]
fn a_skipped_field_has_nothing_else() {
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(skip, rename = "b", default, version)] a: A))),
        [
            "`a` is skipped, so `version` has no effect on it",
            "`a` is skipped, so `rename` has no effect on it",
            "`a` is skipped, so `default` has no effect on it",
        ]
    );
}

#[test]
fn values_of_words() {
    assert_eq!(
        mistakes(with(&quote! {
            #[dynamo(skip = true)] a: A,
            #[dynamo(rename)] b: B,
            #[dynamo(rename = name)] c: C,
            #[dynamo(default = "path")] d: D,
            #[dynamo(created_at(1))] e: E,
            #[dynamo(version(1))] f: F,
        })),
        [
            "`skip` takes no value",
            "`rename` needs a value",
            "`rename` takes a string",
            "`default` takes the path of a function",
            "`created_at` takes no value",
            "expected a word of `version(..)`",
        ]
    );
    assert_eq!(
        mistakes(with(&quote! {
            #[dynamo(version())] a: A,
            #[dynamo(form = rfc3339())] b: B,
            #[dynamo(form = rfc3339(digits = 3, digits = 3))] c: C,
            #[dynamo(form = json(1))] d: D,
        })),
        [
            "`version(..)` has nothing in its parentheses",
            "`rfc3339(..)` has nothing in its parentheses",
            "`digits` is said twice",
            "unexpected text after `form`",
        ]
    );
}

#[test]
fn a_form_is_that_of_the_attribute_where_it_can_be() {
    let forms = |fields: &TokenStream| {
        let thing = lowered(with(fields));
        thing.stored().skip(1).map(|attribute| attribute.form).collect::<Vec<_>>()
    };
    let millis = NamedForm::Epoch { per_second: 1_000 };
    assert_eq!(
        forms(&quote! {
            #[dynamo(sort_key, form = epoch_millis)] a: A,
            #[dynamo(form = rfc3339(offset = "+0000"))] b: B,
            #[dynamo(form = json)] c: C,
            #[dynamo(updated_at, form = epoch_millis)] d: D,
            #[dynamo(ttl, form = epoch_seconds)] e: E,
        }),
        [
            Form::NamedKey(millis),
            Form::Named(NamedForm::Rfc3339 { digits: 6, zone: 2 }),
            Form::Named(NamedForm::Json),
            Form::Named(millis),
            Form::OfType,
        ]
    );
}

#[test]
fn two_fields_are_not_stored_under_one_name() {
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(rename = "id")] a: A))),
        ["`id` and `a` are both stored as `id`"]
    );
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "things", rename_all = "camelCase")]
            struct Thing {
                #[dynamo(partition_key)] the_id: String,
                #[dynamo(rename = "theId")] other: String,
            }
        }),
        ["`the_id` and `other` are both stored as `theId`"]
    );
}

#[test]
fn a_skipped_field_takes_no_name() {
    assert_eq!(
        stored_names(&lowered(with(&quote!(#[dynamo(skip)] a: A, #[dynamo(rename = "a")] b: B)))),
        ["id", "a"]
    );
}

#[test]
fn two_fields_do_not_have_one_constant() {
    assert_eq!(
        mistakes(with(&quote!(user_id: A, userId: B, USER_ID: C))),
        [
            "`user_id` and `userId` would both be the constant `USER_ID`",
            "`user_id` and `USER_ID` would both be the constant `USER_ID`",
        ]
    );
}

#[test]
fn names_have_a_size() {
    let long = "x".repeat(256);
    let longest = "x".repeat(64 * 1024);
    assert_eq!(
        mistakes(with(&quote! {
            #[dynamo(rename = "")] a: A,
            #[dynamo(rename = #longest)] b: B,
            #[dynamo(rename = #long)] c: C,
        })),
        [
            "the name of an attribute cannot be empty",
            "the name of an attribute has at most 65535 bytes, and this has 65536",
        ]
    );
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(sort_key, rename = #long)] a: A))),
        ["the name of a key has at most 255 bytes, and this has 256"]
    );
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "things", index(by_a, name = "a-index", partition_key = a))]
            struct Thing { #[dynamo(partition_key)] id: String, #[dynamo(rename = #long)] a: A }
        }),
        ["the name of a key has at most 255 bytes, and this has 256"]
    );
}

#[test]
fn what_serde_stores_is_plain_data() {
    for (word, name) in [
        ("sort_key", "sort key"),
        ("version", "`version`"),
        ("created_at", "`created_at`"),
        ("updated_at", "`updated_at`"),
        ("ttl", "`ttl`"),
    ] {
        let word: TokenStream = word.parse().unwrap();
        assert_eq!(
            mistakes(with(&quote!(#[dynamo(#word, serde)] a: A))),
            [format!("`a` is the {name}, which has a form of its own")]
        );
    }
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(skip, serde)] a: A))),
        ["`a` is skipped, so `serde` has no effect on it"]
    );
    let plain = with(&quote!(#[dynamo(serde, default, rename = "b")] a: A));
    let thing = lowered(plain);
    assert_eq!(stored_names(&thing), ["id", "b"]);
    assert_eq!(thing.stored().map(|a| a.form).collect::<Vec<_>>(), [Form::Key, Form::Serde]);
}
