use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use super::{document, entity, key_part};
use crate::lower;

fn expanded(input: TokenStream) -> TokenStream {
    match lower::entity(&syn::parse2(input).unwrap()) {
        Ok(model) => entity(&model),
        Err(failed) => panic!("{:#?}", failed.errors),
    }
}

/// The expansion as text without white space.
fn text(input: TokenStream) -> String {
    expanded(input).to_string().split_whitespace().collect()
}

fn order() -> TokenStream {
    quote! {
        #[dynamo(table = "orders", allow(scan))]
        #[dynamo(index(by_email, name = "email-index", partition_key = email, sort_key = placed_at))]
        #[dynamo(index(by_total, name = "total-index", local, sort_key = total))]
        #[dynamo(index(by_owner, name = "owner-index", partition_key = email, sort_key = customer_id))]
        pub struct Order {
            #[dynamo(partition_key)] pub customer_id: CustomerId,
            #[dynamo(sort_key)] pub order_id: String,
            /// Where to write.
            #[deprecated]
            pub email: Option<String>,
            #[dynamo(rename = "when")] placed_at: Timestamp,
            #[dynamo(default)] pub total: u64,
            #[dynamo(default = path::to::fresh_note)] pub note: String,
            #[dynamo(skip)] pub cache: Vec<u8>,
            #[dynamo(version)] pub version: Version,
            #[dynamo(created_at)] pub created_at: Timestamp,
            #[dynamo(updated_at)] pub updated_at: Timestamp,
            #[dynamo(ttl)] pub expires_at: Option<Timestamp>,
        }
    }
}

fn documents() -> [TokenStream; 4] {
    [
        quote! {
            pub struct Address<'a, T: Clone, const N: usize> where T: Eq {
                #[dynamo(default)] pub city: Cow<'a, str>,
                #[dynamo(default = path::to::home)] pub country: T,
                #[dynamo(skip)] pub cache: Option<T>,
                pub r#type: [u8; N],
                #[dynamo(flatten)] pub audit: Audit,
            }
        },
        quote! { struct City<T>(T); },
        quote! {
            #[dynamo(tag = "type")]
            enum Payment<T> {
                Cash,
                Card { number: T, #[dynamo(skip)] cache: Option<T>, #[dynamo(flatten)] audit: Audit },
                Bank(Bank),
            }
        },
        quote! { enum Status { Open, #[dynamo(other)] Other(String) } },
    ]
}

/// What the derives make of an entity, of documents and of a key part.
fn everything() -> TokenStream {
    let mut tokens = expanded(order());
    tokens.extend(documents().map(expanded_document));
    for part in [quote! { struct Id(String); }, quote! { enum Status { Open } }] {
        match lower::key_part(&syn::parse2(part).unwrap()) {
            Ok(part) => tokens.extend(key_part(&part)),
            Err(failed) => panic!("{:#?}", failed.errors),
        }
    }
    tokens
}

fn expanded_document(input: TokenStream) -> TokenStream {
    match lower::document(&syn::parse2(input).unwrap()) {
        Ok(model) => document(&model),
        Err(failed) => panic!("{:#?}", failed.errors),
    }
}

/// All tokens, those within groups too.
fn flat(tokens: TokenStream, into: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                into.push(open.to_owned());
                flat(group.stream(), into);
                into.push(close.to_owned());
            }
            token => into.push(token.to_string()),
        }
    }
}

#[test]
fn local_names_are_out_of_the_way() {
    let mut tokens = Vec::new();
    flat(everything(), &mut tokens);
    for (position, _) in tokens.iter().enumerate().filter(|(_, token)| *token == "let") {
        let is_name = |token: &&String| !["mut", "(", "["].contains(&token.as_str());
        let name = tokens[position + 1..].iter().find(is_name).unwrap();
        let is_path = name == ":";
        assert!(is_path || name == "_" || name.starts_with("__"), "{name}");
    }
}

#[test]
fn nothing_comes_from_the_prelude() {
    let mut tokens = Vec::new();
    flat(everything(), &mut tokens);
    let mut found = 0;
    for name in ["Some", "None", "Ok", "Err", "Default", "Clone", "Copy", "Sized", "Eq", "usize"] {
        for (position, _) in tokens.iter().enumerate().filter(|(_, token)| *token == name) {
            assert_eq!(tokens[position - 1], ":", "{name}");
            found += 1;
        }
    }
    assert!(found > 20, "{found}");
}

#[test]
fn an_attribute_knows_the_keys_that_it_is_part_of() {
    let text = text(order());
    let p = "__p";
    let none = format!("typeKeys={p}::NoKey;");
    let email =
        format!("typeKeys=({p}::KeyOf<OrderByEmail>,({p}::KeyOf<OrderByOwner>,{p}::NoKey));");
    let total = format!("typeKeys={p}::KeyOf<OrderByTotal>;");
    let customer_id = format!(
        "typeKeys=({p}::KeyOf<{p}::Primary>,({p}::KeyOf<OrderByTotal>,({p}::KeyOf<OrderByOwner>,{p}::NoKey)));"
    );
    for (keys, count) in [(none, 5), (email, 1), (total, 1), (customer_id, 1)] {
        assert_eq!(text.matches(&keys).count(), count, "{keys}");
    }
}

#[test]
fn a_key_of_an_index_is_checked_as_strictly_as_the_index_needs() {
    let text = text(order());
    // `customer_id` is the sort key of an index, whose limit is the lower one.
    assert_eq!(text.matches("check_index_sort_key").count(), 3);
    assert_eq!(text.matches("check_index_partition_key").count(), 1);
    assert_eq!(text.matches("check_partition_key").count(), 1);
    assert_eq!(text.matches("check_sort_key").count(), 1);
    assert_eq!(text.matches(">>::check(&self.").count(), 4);
}

#[test]
fn each_index_differs_from_the_others_and_the_table() {
    assert_eq!(text(order()).matches("::DistinctFrom<").count(), 4 * 3);
}

#[test]
fn each_sort_key_has_a_method_of_queries() {
    let text = text(order());
    for method in ["order_id", "placed_at", "total", "customer_id"] {
        assert_eq!(text.matches(&format!("fn{method}<")).count(), 1, "{method}");
    }
    assert_eq!(text.matches("typeForm=").count(), 4);
}

#[test]
fn a_table_without_sort_keys_has_no_such_trait() {
    let text = text(quote! {
        #[dynamo(table = "things")]
        struct Thing { #[dynamo(partition_key)] id: String }
    });
    assert!(!text.contains("ThingQuery"));
    assert!(text.contains("SingleKeyforThing"));
    assert!(!text.contains("::Versioned"));
}

#[test]
fn a_constant_carries_what_the_user_said_of_the_field() {
    let text = text(order());
    let email = r#"#[doc=r"Wheretowrite."]#[deprecated]#[doc=""]#[doc="Theattribute`email`."]pubconstEMAIL:"#;
    assert!(text.contains(email));
    assert!(text.contains(r#"#[doc="Theattribute`when`."]constPLACED_AT:"#));
}

#[test]
fn constants_go_on_the_type_that_was_named() {
    let text = text(quote! {
        #[dynamo(table = "things", attributes = ThingAttributes)]
        pub(crate) struct Thing { #[dynamo(partition_key)] id: String }
    });
    assert!(text.contains("pub(crate)enumThingAttributes{}"));
    assert!(text.contains("implThingAttributes{"));
}

#[test]
fn a_skipped_field_is_in_no_item() {
    let text = text(order());
    assert!(!text.contains(r#""cache""#));
    assert!(text.contains("cache:<Vec<u8>as__p::Default>::default()"));
}

#[test]
fn a_document_keeps_its_parameters_and_asks_of_them_what_its_fields_need() {
    let [map, newtype, ..] = documents().map(|document| {
        let text: String = expanded_document(document).to_string();
        text.split_whitespace().collect::<String>()
    });
    let p = "__p";
    let address = "Address<'a,T,N>whereT:Eq";
    for header in [
        format!("impl<'a,T:Clone,constN:usize>{address}{{"),
        format!("impl<'a,T:Clone,constN:usize>{p}::Recordfor{address}{{"),
        format!("{p}::EncodeItemfor{address},T:{p}::AttributeValue{{"),
        format!(
            "impl<'__de,'a,T:Clone,constN:usize>{p}::DecodeItem<'__de>for{address},'__de:'a,T:{p}::AttributeValue,T:{p}::Decode<'__de>,T:__p::Default{{"
        ),
    ] {
        assert!(map.contains(&header), "{header}");
    }
    assert!(newtype.contains(&format!(
        "{p}::Decode<'__de>forCity<T>whereT:{p}::AttributeValue,T:{p}::Decode<'__de>{{"
    )));
}

#[test]
fn what_is_text_or_a_key_part_is_an_element_of_a_set() {
    let mut tokens = Vec::new();
    flat(everything(), &mut tokens);
    assert_eq!(tokens.iter().filter(|token| *token == "SetElement").count(), 3);
}
