//! What the derives can be put on.

use quote::quote;

use super::{TokenStream, key_part, mistakes};

#[test]
fn an_entity_is_a_struct_with_named_fields() {
    let shapes = [
        (
            quote!(
                enum A {
                    B,
                }
            ),
            "an entity is a struct with named fields, and `A` is an enum",
        ),
        (quote!(union A { b: u8 }), "an entity is a struct with named fields, and `A` is a union"),
        (
            quote!(
                struct A(String);
            ),
            "an entity has named fields, and `A` has fields without names",
        ),
        (
            quote!(
                struct A;
            ),
            "an entity has named fields, and `A` has no fields",
        ),
    ];
    for (shape, mistake) in shapes {
        assert_eq!(mistakes(quote!(#[dynamo(table = "things")] #shape)), [mistake]);
    }
}

#[test]
fn a_struct_without_fields_has_no_partition_key() {
    assert_eq!(
        mistakes(quote!(
            #[dynamo(table = "things")]
            struct A {}
        )),
        ["`A` has no partition key"]
    );
}

#[test]
fn an_entity_has_no_parameters() {
    let of = |parameters: TokenStream| {
        mistakes(quote! {
            #[dynamo(table = "things")]
            struct A #parameters { #[dynamo(partition_key)] id: String }
        })
    };
    assert_eq!(of(quote!(<T>)), ["an entity takes no type parameters"]);
    assert_eq!(of(quote!(<'a>)), ["an entity takes no lifetimes"]);
    assert_eq!(of(quote!(<const N: usize>)), ["an entity takes no const parameters"]);
    assert_eq!(of(quote!(where String: Clone)), ["an entity takes no `where` clause"]);
}

fn key_part_mistakes(input: TokenStream) -> Vec<String> {
    match key_part(&syn::parse2(input).unwrap()) {
        Ok(_) => Vec::new(),
        Err(failed) => failed.errors.first_lines(),
    }
}

#[test]
fn a_key_part_is_a_struct_of_one_field() {
    assert_eq!(
        key_part_mistakes(quote!(
            struct A(String);
        )),
        [""; 0]
    );
    assert_eq!(
        key_part_mistakes(quote!(
            struct A {
                id: String,
            }
        )),
        [""; 0]
    );
    assert_eq!(
        key_part_mistakes(quote!(
            #[dynamo(rename_all = "lowercase")]
            enum A {
                B,
                #[dynamo(other)]
                C(String),
            }
        )),
        [""; 0]
    );
    let shapes = [
        (
            quote!(
                enum A {
                    B(u8),
                }
            ),
            "a key is one text, and `B` has fields",
        ),
        (
            quote!(
                enum A {
                    #[dynamo(rename = "")]
                    B,
                }
            ),
            "a key cannot be empty, and `B` is stored as `\"\"`",
        ),
        (
            quote!(
                #[dynamo(rename_all = "camelCase")]
                struct A(String);
            ),
            "a struct of one field is stored as that field, so `rename_all` has no effect",
        ),
        (
            quote!(union A { b: u8 }),
            "a key part is a struct of one field or an enum without fields, and `A` is a union",
        ),
        (
            quote!(
                struct A;
            ),
            "a key part is a struct of one field or an enum without fields, and `A` has no field",
        ),
        (
            quote!(
                struct A();
            ),
            "a key part is a struct of one field or an enum without fields, and `A` has no field",
        ),
        (
            quote!(
                struct A(String, u8);
            ),
            "a key part is a struct of one field or an enum without fields, and `A` has more than one",
        ),
        (
            quote!(
                struct A<'a>(&'a str);
            ),
            "a key part takes no lifetimes",
        ),
    ];
    for (shape, mistake) in shapes {
        assert_eq!(key_part_mistakes(shape), [mistake]);
    }
}

#[test]
fn all_mistakes_of_a_key_part_at_once() {
    assert_eq!(
        key_part_mistakes(quote! {
            #[dynamo(table = "things", crate = "a b")]
            struct A<'a>(&'a str, u8);
        }),
        [
            "`table` is not a word of a key part",
            "`crate` takes a path in a string",
            "a key part takes no lifetimes",
            "a key part is a struct of one field or an enum without fields, and `A` has more than one",
        ]
    );
}
