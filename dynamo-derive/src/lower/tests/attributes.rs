//! The words of `#[dynamo(..)]` on an entity, and how they are written.

use quote::quote;

use super::{TokenStream, lowered, mistakes, only_mistake};

/// An entity that is right but for `#[dynamo(..)]`.
fn with(words: &TokenStream) -> TokenStream {
    quote! {
        #[dynamo(table = "things")]
        #words
        struct Thing { #[dynamo(partition_key)] id: String }
    }
}

#[test]
fn an_unknown_word_names_the_known_ones() {
    assert_eq!(
        only_mistake(with(&quote!(#[dynamo(renameall = "camelCase")]))),
        "`renameall` is not a word of an entity\n\n\
         help: did you mean `rename_all`, as in `#[dynamo(rename_all = \"camelCase\")]`? the words of an entity \
         are `table`, `partition_key`, `sort_key`, `constant`, `rename_all`, `index`, `vector_index`, `allow`, `crate`, \
         `attributes`, `deny_unknown`, `upgrade`"
    );
    assert_eq!(
        only_mistake(with(&quote!(#[dynamo(projection)]))),
        "`projection` is not a word of an entity\n\n\
         help: the words of an entity are `table`, `partition_key`, `sort_key`, `constant`, `rename_all`, `index`, `vector_index`, `allow`, `crate`, `attributes`, \
         `deny_unknown`, `upgrade`"
    );
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(allow(scna, drop))]))),
        ["`scna` is not a word of `allow(..)`", "`drop` is not a word of `allow(..)`"]
    );
}

#[test]
fn a_word_of_another_place() {
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(partition_key, local)]))),
        [
            "on an entity, `partition_key` is a key that is made of fields",
            "`local` is a word of an index, not of an entity",
        ]
    );
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "things")]
            struct Thing { #[dynamo(partition_key, table = "things")] id: String }
        }),
        ["`table` is a word of an entity, not of a field"]
    );
}

#[test]
fn a_word_is_said_once() {
    assert_eq!(
        mistakes(with(
            &quote!(#[dynamo(table = "again", allow(scan, scan), crate = "a", crate = "b")])
        )),
        ["`table` is said twice", "`scan` is said twice", "`crate` is said twice"]
    );
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "things")]
            struct Thing {
                #[dynamo(partition_key)]
                #[dynamo(partition_key)]
                id: String,
            }
        }),
        ["`partition_key` is said twice"]
    );
}

#[test]
fn malformed_words_cost_only_themselves() {
    assert_eq!(
        mistakes(with(&quote! {
            #[dynamo]
            #[dynamo = "x"]
            #[dynamo("x", crate, attributes = "X", rename_all camelCase, index, allow = scan)]
            #[dynamo(crate = 5 + 5, attributes = , rename_all = "camelCase" "x")]
        })),
        [
            "`#[dynamo(..)]` takes its words in parentheses",
            "`#[dynamo(..)]` takes its words in parentheses",
            "expected a word of an entity",
            "`crate` needs a value",
            "`attributes` takes the name of a type",
            "`rename_all` needs a value",
            "`index` takes its words in parentheses",
            "`allow` takes its words in parentheses",
            "`crate` is said twice",
            "`attributes` is said twice",
            "`rename_all` is said twice",
        ]
    );
    assert_eq!(
        mistakes(with(
            &quote!(#[dynamo(crate = 5 + 5, attributes = , rename_all = "camelCase" "x")])
        )),
        [
            "`crate` takes a string",
            "`attributes` takes the name of a type",
            "unexpected text after `rename_all`",
        ]
    );
}

#[test]
fn a_malformed_word_shows_an_example() {
    assert_eq!(
        only_mistake(with(&quote!(#[dynamo(attributes = "X")]))),
        "`attributes` takes the name of a type\n\nhelp: type `#[dynamo(attributes = UserAttributes)]`"
    );
}

#[test]
fn the_table_has_a_name_that_dynamodb_takes() {
    let of = |name: &str| {
        mistakes(quote! {
            #[dynamo(table = #name)]
            struct Thing { #[dynamo(partition_key)] id: String }
        })
    };
    assert_eq!(of("ab"), ["the name of a table has 3 to 255 characters, and this has 2"]);
    assert_eq!(
        of(&"a".repeat(256)),
        ["the name of a table has 3 to 255 characters, and this has 256"]
    );
    assert_eq!(of("my table"), ["the name of a table cannot contain ' '"]);
    lowered(quote! {
        #[dynamo(table = "a-B_9.")]
        struct Thing { #[dynamo(partition_key)] id: String }
    });
    assert_eq!(
        mistakes(quote!(
            struct Thing {
                #[dynamo(partition_key)]
                id: String,
            }
        )),
        ["`Thing` has no table"]
    );
}

#[test]
fn rename_all_lists_its_cases() {
    assert_eq!(
        only_mistake(with(&quote!(#[dynamo(rename_all = "camelcase")]))),
        "`camelcase` is not a case of `rename_all`\n\n\
         help: did you mean `camelCase`? `rename_all` takes one of `camelCase`, `PascalCase`, `snake_case`, \
         `SCREAMING_SNAKE_CASE`, `kebab-case`, `lowercase`, `UPPERCASE`"
    );
}

#[test]
fn the_crate_is_a_path() {
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(crate = "not a path")]))),
        ["`crate` takes a path in a string"]
    );
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(crate = "")]))),
        ["`crate` takes a path in a string"]
    );
}

#[test]
fn a_version_refuses_unconditional_puts() {
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "things", allow(scan, unconditional_put, unconditional_delete))]
            struct Thing {
                #[dynamo(partition_key)] id: String,
                #[dynamo(version)] version: Version,
            }
        }),
        ["an entity with a version refuses `unconditional_put`"]
    );
}

#[test]
fn the_type_of_the_attributes_has_a_name_of_its_own() {
    assert_eq!(
        mistakes(with(&quote!(#[dynamo(attributes = ThingKey)]))),
        ["the key and the type of the attribute constants would both be the type `ThingKey`"]
    );
}
