//! Each test gives a derive its input and states every mistake that is reported,
//! by its first line and in order.

use proc_macro2::TokenStream;
use quote::quote;

use super::{entity, key_part};
use crate::errors::Failed;
use crate::model::{Entity, Field, Scope};

mod attributes;
mod documents;
mod evolution;
mod fields;
mod indexes;
mod projections;
mod shapes;
mod templates;

fn failed(input: TokenStream) -> Failed<Entity> {
    match entity(&syn::parse2(input).unwrap()) {
        Ok(_) => panic!("no mistake was found"),
        Err(failed) => failed,
    }
}

/// The first line of each mistake.
fn mistakes(input: TokenStream) -> Vec<String> {
    failed(input).errors.first_lines()
}

/// The whole text of the only mistake.
fn only_mistake(input: TokenStream) -> String {
    let texts = failed(input).errors.texts();
    assert_eq!(texts.len(), 1, "{texts:#?}");
    texts.concat()
}

fn lowered(input: TokenStream) -> Entity {
    match entity(&syn::parse2(input).unwrap()) {
        Ok(entity) => entity,
        Err(failed) => panic!("{:#?}", failed.errors),
    }
}

fn stored_names(entity: &Entity) -> Vec<&str> {
    entity.stored().map(|attribute| attribute.name.as_str()).collect()
}

#[test]
fn the_user_of_the_documentation() {
    let user = lowered(quote! {
        #[dynamo(table = "users")]
        #[dynamo(index(by_email, name = "email-index", partition_key = email))]
        pub struct User {
            #[dynamo(partition_key)]
            pub user_id: UserId,
            pub email: String,
            #[dynamo(created_at)]
            pub created_at: Timestamp,
            #[dynamo(version)]
            pub version: Version,
            #[dynamo(ttl)]
            pub expires_at: Option<Timestamp>,
        }
    });
    assert_eq!(user.table, "users");
    assert_eq!(user.key.partition_key.names(), ["user_id"]);
    assert!(user.key.sort_key.is_none());
    assert_eq!(user.version.as_ref().map(|version| version.ordinal), Some(3));
    assert!(user.updated_at.is_none());
    assert_eq!(user.key_type, "UserKey");
    assert_eq!(user.indexes[0].marker, "UserByEmail");
    assert!(matches!(&user.indexes[0].scope, Scope::Global(key) if key.sort_key.is_none()));
}

#[test]
fn several_words_in_one_attribute_and_several_attributes() {
    let entity = lowered(quote! {
        #[dynamo(table = "orders", rename_all = "camelCase", allow(scan),)]
        #[dynamo(crate = "crate::dynamo", attributes = OrderAttributes)]
        struct Order {
            #[dynamo(partition_key)]
            #[dynamo(rename = "pk")]
            customer_id: String,
            #[dynamo(default, rename = "note")]
            free_text: String,
            #[dynamo(skip)]
            cache: Vec<u8>,
            placed_at: Timestamp,
        }
    });
    assert_eq!(stored_names(&entity), ["pk", "note", "placedAt"]);
    assert_eq!(entity.stored().map(|a| a.ordinal).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(matches!(entity.record.fields[2], Field::Skipped(_)));
    assert_eq!(entity.record.attributes.unwrap(), "OrderAttributes");
}

#[test]
fn raw_identifiers_lose_their_prefix() {
    let entity = lowered(quote! {
        #[dynamo(table = "things", index(r#match, name = "match-index", partition_key = r#type))]
        struct r#Thing {
            #[dynamo(partition_key)]
            r#type: String,
        }
    });
    assert_eq!(stored_names(&entity), ["type"]);
    assert_eq!(entity.key.partition_key.field().unwrap().constant, "TYPE");
    assert_eq!(entity.indexes[0].marker, "ThingMatch");
}

#[test]
fn all_mistakes_of_a_struct_at_once() {
    assert_eq!(
        mistakes(quote! {
            #[dynamo(tabel = "users", rename_all = "camel_case")]
            #[dynamo(index(get, name = "x", partition_key = emial), allow(unconditional_put))]
            struct User<T> {
                #[dynamo(partition_key, default)]
                id: T,
                #[dynamo(partition_key)]
                other: String,
                #[dynamo(rename = "id")]
                email: String,
                #[dynamo(version, skip)]
                version: Version,
            }
        }),
        [
            "`tabel` is not a word of an entity",
            "`camel_case` is not a case of `rename_all`",
            "an entity takes no type parameters",
            "`id` is a key, and a key has no default",
            "`version` is skipped, so `version` has no effect on it",
            "`id` and `email` are both stored as `id`",
            "an entity has one partition key, and `id` is it already",
            "an index cannot be queried by `User::get`, which is an operation",
            "the name of an index has 3 to 255 characters, and this has 1",
            "`User` has no field `emial`",
        ]
    );
}

#[test]
fn a_misspelt_word_is_reported_once_and_taken_as_what_was_meant() {
    let failed = failed(quote! {
        #[dynamo(tabel = "users")]
        struct User {
            #[dynamo(partition_key)]
            id: String,
            #[dynamo(renam = "mail")]
            email: String,
        }
    });
    assert_eq!(
        failed.errors.first_lines(),
        ["`tabel` is not a word of an entity", "`renam` is not a word of a field"]
    );
    let mended = failed.mended.unwrap();
    assert_eq!(mended.table, "users");
    assert_eq!(stored_names(&mended), ["id", "mail"]);
}

#[test]
fn a_forgotten_partition_key_is_guessed_for_the_rest_of_the_program_only() {
    let failed = failed(quote! {
        #[dynamo(table = "users")]
        struct User { email: String, user_id: String }
    });
    assert_eq!(failed.errors.first_lines(), ["`User` has no partition key"]);
    assert_eq!(failed.mended.unwrap().key.partition_key.names(), ["user_id"]);
}
