//! Older names, unknown attributes and older shapes.

use quote::quote;

use super::{lowered, mistakes};
use crate::lower::document;
use crate::model::Document;

#[test]
fn a_field_has_as_many_older_names_as_are_given() {
    let user = lowered(quote! {
        #[dynamo(table = "users", rename_all = "camelCase", upgrade = old::User)]
        struct User {
            #[dynamo(partition_key)]
            id: String,
            #[dynamo(alias = "mail", alias = "e-mail")]
            email_address: String,
            #[dynamo(unknown)]
            rest: UnknownAttributes,
        }
    });
    let aliases: Vec<_> = user.stored().map(|attribute| attribute.aliases.as_slice()).collect();
    assert_eq!(aliases, [&[][..], &["mail".to_owned(), "e-mail".to_owned()]]);
    assert_eq!(crate::model::unknown(&user.record.fields).unwrap().ident, "rest");
    assert!(!user.record.denies_unknown);
    assert!(user.record.upgrade.is_some());
}

#[test]
fn a_document_may_deny_what_it_does_not_know() {
    let input = quote! {
        #[dynamo(deny_unknown)]
        struct Address { #[dynamo(alias = "town")] city: String }
    };
    let Ok(Document::Record(record)) = document(&syn::parse2(input).unwrap()) else {
        panic!("no record");
    };
    assert!(record.denies_unknown && record.upgrade.is_none());
}

#[test]
fn an_older_name_is_of_one_field_and_of_data() {
    let input = quote! {
        #[dynamo(table = "users")]
        struct User {
            #[dynamo(partition_key, alias = "key")]
            id: String,
            #[dynamo(alias = "mail", alias = "mail", alias = "email")]
            email: String,
            #[dynamo(alias = "email", alias = "mail", alias = "")]
            name: String,
            #[dynamo(version, alias = "revision")]
            version: Version,
            #[dynamo(ttl, alias = "expires")]
            expires_at: Option<Timestamp>,
            #[dynamo(skip, alias = "cached")]
            cache: String,
            #[dynamo(alias)]
            age: u32,
        }
    };
    assert_eq!(
        mistakes(input),
        [
            "`alias` needs a value",
            "`id` is the partition key, which has one name",
            "`version` is the `version`, which has one name",
            "`expires_at` is the `ttl`, which has one name",
            "`cache` is skipped, so `alias` has no effect on it",
            "`mail` is a name of `email` already",
            "`email` is a name of `email` already",
            "`email` is a name of `email`, not of `name`",
            "`mail` is a name of `email`, not of `name`",
            "the name of an attribute has 1 to 65535 bytes",
        ]
    );
}

#[test]
fn the_unknown_is_kept_once_or_denied() {
    let input = quote! {
        #[dynamo(table = "users", deny_unknown, upgrade)]
        struct User {
            #[dynamo(partition_key)]
            id: String,
            #[dynamo(unknown, rename = "rest", default, alias = "others", ttl)]
            rest: UnknownAttributes,
            #[dynamo(unknown)]
            more: UnknownAttributes,
        }
    };
    assert_eq!(
        mistakes(input),
        [
            "`upgrade` needs a value",
            "`rest` is kept for the unknown attributes, so `ttl` has no effect on it",
            "`rest` is kept for the unknown attributes, so `rename` has no effect on it",
            "`rest` is kept for the unknown attributes, so `default` has no effect on it",
            "`rest` is kept for the unknown attributes, so `alias` has no effect on it",
            "`rest` keeps the unknown attributes already",
            "unknown attributes are denied here, and kept in `rest`",
        ]
    );
}

#[test]
fn an_enum_says_nothing_of_a_whole_map() {
    let input = quote! {
        #[dynamo(tag = "type", deny_unknown, upgrade = OldShape)]
        enum Shape {
            Circle { radius: u32, #[dynamo(unknown)] rest: UnknownAttributes },
        }
    };
    let failed = document(&syn::parse2(input).unwrap()).err().unwrap();
    assert_eq!(
        failed.errors.first_lines(),
        [
            "`deny_unknown` is about a struct, and `Shape` is an enum",
            "`upgrade` is about a struct, and `Shape` is an enum",
            "a variant cannot keep the unknown attributes, as `rest` would",
        ]
    );
}

#[test]
fn what_makes_a_key_has_one_name() {
    let input = quote! {
        #[dynamo(table = "shop")]
        #[dynamo(partition_key("pk") = "USER#{user_id}")]
        struct User {
            #[dynamo(alias = "id")]
            user_id: String,
            #[dynamo(alias = "pk")]
            email: String,
        }
    };
    assert_eq!(
        mistakes(input),
        [
            "`user_id` is a part of a key, which has one name",
            "`pk` is a key that is made of fields",
        ]
    );
}
