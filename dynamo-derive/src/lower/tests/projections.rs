//! What a projection may be.

use proc_macro2::TokenStream;
use quote::quote;

use crate::lower::projection;

fn mistakes(input: TokenStream) -> Vec<String> {
    projection(&syn::parse2(input).unwrap()).err().unwrap().first_lines()
}

#[test]
fn a_projection_names_its_entity_and_the_constants_of_its_fields() {
    let input = quote! {
        #[dynamo(of = model::User, attributes = model::UserAttributes, crate = "crate::dynamo")]
        struct Profile<'r> {
            email: Cow<'r, str>,
            r#type: u32,
        }
    };
    let profile = projection(&syn::parse2(input).unwrap()).unwrap();
    let path = |path: &syn::Path| quote!(#path).to_string().replace(' ', "");
    assert_eq!(path(&profile.of), "model::User");
    assert_eq!(path(&profile.attributes.unwrap()), "model::UserAttributes");
    assert_eq!(path(&profile.runtime), "crate::dynamo");
    assert_eq!(profile.lifetime.unwrap().to_string(), "'r");
    let constants = profile.fields.iter().map(|field| field.constant.to_string());
    assert!(constants.eq(["EMAIL", "TYPE"]));

    let input = quote!(
        #[dynamo(of = User)]
        struct Profile {
            email: String,
        }
    );
    let profile = projection(&syn::parse2(input).unwrap()).unwrap();
    assert!(profile.attributes.is_none());
}

#[test]
fn a_projection_is_of_one_entity() {
    let mistake = ["`Profile` does not say of which entity or document it is a projection"];
    assert_eq!(
        mistakes(quote!(
            struct Profile {
                email: String,
            }
        )),
        mistake
    );
    let unsaid = quote!(
        #[dynamo(of)]
        struct Profile {
            email: String,
        }
    );
    assert_eq!(mistakes(unsaid), ["`of` needs a value"]);
    let text = quote!(
        #[dynamo(of = "User")]
        struct Profile {
            email: String,
        }
    );
    assert_eq!(mistakes(text), ["`of` takes the name of an entity"]);
}

#[test]
fn all_mistakes_of_a_projection_are_told_at_once() {
    let input = quote! {
        #[dynamo(of = User, table = "users", off = Order)]
        struct Profile<'a: 'static, 'b, T, const N: usize>
        where
            T: Copy,
        {
            #[dynamo(rename = "mail")]
            email: &'a T,
            r#email: &'b T,
        }
    };
    assert_eq!(
        mistakes(input),
        [
            "`table` is a word of an entity, not of a projection",
            "`off` is not a word of a projection",
            "`of` is said twice",
            "the lifetime of a projection has no bounds: it is the response's",
            "a projection borrows from one response, so it has one lifetime",
            "a projection takes no type parameters",
            "a projection takes no const parameters",
            "a projection takes no `where` clause",
            "`rename` is a word of the field that declares the attribute, not of a field of a projection",
            "`email` and `r#email` are both the attribute `EMAIL`",
        ]
    );
}

#[test]
fn a_projection_is_a_struct_with_named_fields() {
    for (input, found) in [
        (
            quote!(
                struct Profile(String);
            ),
            "has fields without names",
        ),
        (
            quote!(
                struct Profile;
            ),
            "has no fields",
        ),
        (
            quote!(
                struct Profile {}
            ),
            "has no fields",
        ),
        (
            quote!(
                enum Profile {}
            ),
            "is an enum",
        ),
        (quote!(union Profile { email: u8 }), "is a union"),
    ] {
        let expected = format!("a projection is a struct with named fields, and `Profile` {found}");
        assert_eq!(mistakes(quote!(#[dynamo(of = User)] #input)), [expected]);
    }
}
