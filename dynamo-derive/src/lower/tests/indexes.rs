//! What is said of the indexes.

use quote::quote;

use super::{TokenStream, mistakes, only_mistake};

/// An entity that is right but for these words.
fn with(words: &TokenStream) -> TokenStream {
    quote! {
        #[dynamo(table = "things", #words)]
        struct Thing {
            #[dynamo(partition_key)] id: String,
            #[dynamo(sort_key)] at: Timestamp,
            email: String,
            #[dynamo(skip)] cache: Vec<u8>,
            #[dynamo(ttl)] expires_at: Timestamp,
        }
    }
}

#[test]
fn an_index_names_fields_that_are_stored() {
    assert_eq!(
        only_mistake(with(&quote!(index(by_email, name = "email-index", partition_key = emial)))),
        "`Thing` has no field `emial`\n\nhelp: did you mean `partition_key = email`?"
    );
    assert_eq!(
        only_mistake(with(&quote!(index(by_email, name = "email-index", partition_key = zzzzzz)))),
        "`Thing` has no field `zzzzzz`\n\nhelp: the fields are `id`, `at`, `email`, `expires_at`"
    );
    assert_eq!(
        mistakes(with(&quote!(index(
            by_cache,
            name = "one",
            partition_key = cache,
            sort_key = expires_at
        )))),
        [
            "`cache` is skipped, so an index cannot have it as its key",
            "`expires_at` is the `ttl`, which cannot be a key of an index",
        ]
    );
}

#[test]
fn an_index_has_a_name_a_function_and_a_partition_key() {
    assert_eq!(
        mistakes(with(&quote!(
            index(by_email, partition_key = email),
            index(by_id, name = "id-index"),
            index(name = "email-index"),
            index(),
            index(by_x name = "x")
        ))),
        [
            "an index starts with the name of its query function",
            "an index starts with the name of its query function",
            "a comma follows the name of an index's query function",
            "the index `by_email` has no name",
            "the index `by_id` has no partition key",
        ]
    );
}

#[test]
fn an_index_has_a_name_that_dynamodb_takes() {
    assert_eq!(
        mistakes(with(&quote!(
            index(by_a, name = "ab", partition_key = email),
            index(by_b, name = "é-index", partition_key = email)
        ))),
        [
            "the name of an index has 3 to 255 characters, and this has 2",
            "the name of an index cannot contain 'é'",
        ]
    );
}

#[test]
fn an_index_is_declared_once() {
    assert_eq!(
        mistakes(with(&quote!(
            index(by_email, name = "email-index", partition_key = email),
            index(by_email, name = "other-index", partition_key = email),
            index(by_mail, name = "email-index", partition_key = email)
        ))),
        [
            "two indexes have the query function `by_email`",
            "two indexes have the name `email-index`",
        ]
    );
}

#[test]
fn an_index_function_hides_no_operation() {
    for operation in super::super::indexes::OPERATIONS {
        let function: TokenStream = operation.parse().unwrap();
        assert_eq!(
            mistakes(with(&quote!(index(#function, name = "email-index", partition_key = email)))),
            [format!("an index cannot be queried by `Thing::{operation}`, which is an operation")]
        );
    }
}

#[test]
fn an_index_function_is_an_identifier() {
    assert_eq!(
        mistakes(with(&quote!(index(type, name = "email-index", partition_key = email)))),
        ["an index starts with the name of its query function"]
    );
    assert_eq!(
        mistakes(with(&quote!(index(by_email, name = "email-index", partition_key = "email")))),
        ["`partition_key` takes the name of a field, without quotes",]
    );
}

#[test]
fn generated_types_do_not_collide() {
    assert_eq!(
        mistakes(with(&quote!(
            index(by_email, name = "one-index", partition_key = email),
            index(by__email, name = "two-index", partition_key = email),
            index(Key, name = "three-index", partition_key = email)
        ))),
        [
            "the index `by_email` and the index `by__email` would both be the type `ThingByEmail`",
            "the key and the index `Key` would both be the type `ThingKey`",
        ]
    );
}

#[test]
fn a_local_index_has_a_sort_key_and_no_partition_key() {
    assert_eq!(
        mistakes(with(&quote!(
            index(by_email, name = "one-index", local),
            index(by_mail, name = "two-index", local, partition_key = id, sort_key = email)
        ))),
        [
            "the local index `by_email` has no sort key",
            "a local index has the table's partition key, and none of its own",
        ]
    );
}

#[test]
fn a_local_index_needs_a_table_with_a_sort_key() {
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "things", index(by_email, name = "one-index", local, sort_key = email))]
            struct Thing { #[dynamo(partition_key)] id: String, email: String }
        }),
        ["a local index needs a table with a sort key, and `Thing` has none"]
    );
}

#[test]
fn the_keys_of_an_index_are_two_fields() {
    assert_eq!(
        mistakes(with(&quote!(index(
            by_email,
            name = "one-index",
            partition_key = email,
            sort_key = email
        )))),
        ["`email` cannot be both partition key and sort key of an index"]
    );
}

#[test]
fn an_unknown_word_of_an_index() {
    assert_eq!(
        mistakes(with(&quote!(index(by_email, nmae = "one-index", partition_key = email, hash)))),
        ["`nmae` is not a word of an index", "`hash` is not a word of an index"]
    );
}
