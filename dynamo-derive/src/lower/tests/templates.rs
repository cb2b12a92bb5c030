use quote::quote;

use super::{lowered, mistakes, only_mistake};
use crate::model::{Entity, LetterCase, Segment};

fn names(parts: &[std::rc::Rc<crate::model::Attribute>]) -> Vec<String> {
    parts.iter().map(|part| part.ident.to_string()).collect()
}

fn of_table(partition_key: &str) -> proc_macro2::TokenStream {
    quote! {
        #[dynamo(table = "shop", partition_key("pk") = #partition_key)]
        struct Order { id: String, r#type: String, #[dynamo(skip)] cache: String, #[dynamo(ttl)] until: Timestamp }
    }
}

fn mistake(partition_key: &str) -> String {
    only_mistake(of_table(partition_key))
}

#[test]
fn fixed_text_and_parts() {
    let order = lowered(of_table("A#{id}##b c#{type}#"));
    let [template] = order.templates.as_slice() else { panic!("one key") };
    assert_eq!(template.name, "pk");
    let segments: Vec<_> = template
        .segments
        .iter()
        .map(|segment| match segment {
            Segment::Fixed(text) => text.clone(),
            Segment::Part(part) => format!("{{{}}}", part.ident),
        })
        .collect();
    assert_eq!(segments, ["A", "{id}", "", "b c", "{r#type}", ""]);
}

#[test]
fn the_message_points_into_the_template() {
    assert_eq!(
        mistake("ORDER#{id}{type}"),
        "a part ends at `#` or at the end of the key: else two keys could be one\n\n  \
         | ORDER#{id}{type}\n  \
         |           ^^^^^^\n\n\
         help: write `{id}#{type}`"
    );
    assert_eq!(
        mistake("ÖRDER#v{id}#x"),
        "a part stands after `#` or at the start of the key\n\n  \
         | ÖRDER#v{id}#x\n  \
         |        ^^^^\n\n\
         help: write `v#{id}`"
    );
    assert_eq!(
        mistake("ORDER#{idd}"),
        "`Order` has no field `idd`\n\n  \
         | ORDER#{idd}\n  \
         |       ^^^^^\n\n\
         help: did you mean `{id}`?"
    );
}

#[test]
fn every_other_mistake_of_a_template() {
    let first_line = |key: &str| mistake(key).lines().next().unwrap().to_owned();
    for (key, expected) in [
        ("", "a key cannot be empty"),
        ("A#$", "`$` cannot be in a key: it is what ends the ranges of queries"),
        ("A#id}", "this `}` closes no part"),
        ("A#{id", "this part is not closed"),
        ("A#{i#d}", "this part is not closed"),
        ("A#{}", "a part is the name of a field"),
        ("A#{a b}", "a part is the name of a field"),
        ("A#{cache}", "`cache` is skipped, so it cannot be a part of a key"),
        ("A#{until}", "`until` is the `ttl`, which cannot be a part of a key"),
        ("A#{id}#{id}", "`id` is a part of this key twice"),
    ] {
        assert_eq!(first_line(key), expected, "{key}");
    }
}

fn indexed(indexes: &proc_macro2::TokenStream) -> proc_macro2::TokenStream {
    quote! {
        #[dynamo(table = "shop")]
        #[dynamo(partition_key("pk") = "CUSTOMER#{customer}", sort_key("sk") = "ORDER#{id}")]
        #indexes
        struct Order {
            customer: String,
            id: u32,
            a: String,
            b: String,
            c: String,
            d: String,
            #[dynamo(updated_at)]
            at: Timestamp,
        }
    }
}

fn groups(entity: &Entity) -> Vec<(String, Vec<String>)> {
    entity.key_groups.iter().map(|group| (group.ty.to_string(), names(&group.parts))).collect()
}

#[test]
fn parts_that_share_a_key_are_set_together() {
    let order = lowered(indexed(&quote! {
        #[dynamo(index(by_a, name = "gsi1", partition_key("gsi1pk") = "{a}#{b}", sort_key("gsi1sk") = "{id}"))]
        #[dynamo(index(by_c, name = "gsi2", partition_key("gsi2pk") = "{c}", sort_key("gsi2sk") = "{customer}#{at}"))]
        #[dynamo(index(by_b, name = "gsi3", partition_key("gsi3pk") = "{b}"))]
    }));
    assert_eq!(groups(&order), [("OrderByAKey".to_owned(), vec!["a".to_owned(), "b".to_owned()])]);
}

#[test]
fn a_part_of_two_keys_joins_their_groups() {
    let order = lowered(indexed(&quote! {
        #[dynamo(index(by_a, name = "gsi1", partition_key("gsi1pk") = "{a}#{b}"))]
        #[dynamo(index(by_c, name = "gsi2", partition_key("gsi2pk") = "{c}#{d}"))]
        #[dynamo(index(by_b, name = "gsi3", partition_key("gsi3pk") = "{b}#{c}"))]
    }));
    let [(name, parts)] = groups(&order).try_into().unwrap();
    assert_eq!((name.as_str(), parts.len()), ("OrderByAKey", 4));
}

#[test]
fn an_inverted_index_has_the_keys_of_the_table() {
    let order = lowered(indexed(&quote! {
        #[dynamo(index(by_id, name = "gsi1", partition_key("sk") = "ORDER#{id}", sort_key("pk") = "CUSTOMER#{customer}"))]
    }));
    assert_eq!(order.templates.len(), 2);
    assert!(order.key_groups.is_empty());
}

#[test]
fn one_attribute_has_one_template() {
    assert_eq!(
        mistakes(indexed(&quote! {
            #[dynamo(index(by_id, name = "gsi1", partition_key("sk") = "ORDERS#{id}"))]
            #[dynamo(index(by_a, name = "gsi2", partition_key("a") = "A#{a}"))]
            #[dynamo(index(by_at, name = "gsi3", partition_key("gsi3pk") = "{a}#{at}"))]
        })),
        [
            "`sk` is made of two different templates",
            "the key and the field `a` are both stored as `a`",
            "`at` is written by the library, and the other parts of the key of `by_a` by the program",
        ]
    );
}

#[test]
fn a_part_of_the_tables_key_is_in_every_item() {
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "shop", partition_key("pk") = "{a}#{b}", sort_key("sk") = "{c}")]
            struct Order {
                #[dynamo(default)]
                a: String,
                #[dynamo(created_at)]
                b: Timestamp,
                #[dynamo(sort_key)]
                c: String,
            }
        }),
        [
            "an entity has one sort key, and `c` is it already",
            "`a` is a part of the key, and a key has no default",
            "`b` is a part of the key, and the library cannot manage a key",
        ]
    );
}

#[test]
fn a_key_says_its_attribute_and_its_template() {
    assert_eq!(
        mistakes(quote! {
            #[dynamo(table = "shop", partition_key = id, sort_key(sk) = "{id}")]
            #[dynamo(index(by_id, name = "gsi1", partition_key("gsi1pk", "x") = "{id}"))]
            #[dynamo(index(by_id_2, name = "gsi2", partition_key("gsi2pk")))]
            #[dynamo(index(by_id_3, name = "gsi3", partition_key("") = "{id}"))]
            struct Order {
                #[dynamo(partition_key)]
                id: String,
            }
        }),
        [
            "on an entity, `partition_key` is a key that is made of fields",
            "`sort_key(..)` takes the name of an attribute in a string",
            "expected a word of a template",
            "`partition_key` needs a value",
            "the name of a key has 1 to 255 bytes, and this has 0",
        ]
    );
}

#[test]
fn a_key_of_several_attributes() {
    let order = lowered(indexed(&quote! {
        #[dynamo(index(by_a, name = "gsi1", partition_key(a, b), sort_key(c, id)))]
        #[dynamo(index(by_d, name = "gsi2", partition_key(d)))]
    }));
    let names: Vec<_> =
        order.indexes.iter().map(|index| order.index_partition_key(index).names()).collect();
    assert_eq!(names, [vec!["a", "b"], vec!["d"]]);
    assert_eq!(order.indexes[0].sort_key().unwrap().names(), ["c", "id"]);
}

#[test]
fn the_attributes_of_a_key_are_up_to_four_and_each_once() {
    assert_eq!(
        mistakes(indexed(&quote! {
            #[dynamo(index(by_a, name = "gsi1", partition_key(a, b, c, d, id)))]
            #[dynamo(index(by_b, name = "gsi2", partition_key(a, a), sort_key(b)))]
            #[dynamo(index(by_c, name = "gsi3", partition_key(a, b), sort_key(b)))]
            #[dynamo(index(by_d, name = "lsi1", local, sort_key(a, b)))]
            #[dynamo(index(by_e, name = "gsi4", partition_key()))]
            #[dynamo(index(by_f, name = "gsi5", partition_key(a, 1)))]
        })),
        [
            "`partition_key(..)` takes the names of fields, or the name of an attribute in a string",
            "`partition_key(..)` takes the names of fields, or the name of an attribute in a string",
            "the `partition_key` of an index has at most 4 attributes, and this has 5",
            "`a` is an attribute of this key twice",
            "`b` cannot be both partition key and sort key of an index",
            "the sort key of a local index is one attribute",
        ]
    );
}

fn of_raw_table(words: &proc_macro2::TokenStream, partition_key: &str) -> proc_macro2::TokenStream {
    quote! {
        #[dynamo(table = "shop", partition_key("pk", raw, #words) = #partition_key)]
        struct Order { id: String, number: u16 }
    }
}

#[test]
fn fixed_text_and_parts_of_a_raw_key() {
    let order = lowered(of_raw_table(&quote!(lowercase, lossy), "$app#id_{id}#{number:05}!"));
    let [template] = order.templates.as_slice() else { panic!("one key") };
    let raw = template.raw.as_ref().unwrap();
    assert_eq!((raw.casing, raw.is_lossy), (LetterCase::Lower, true));
    assert_eq!(raw.widths, [0, 5]);
    let fixed = template.segments.iter().filter_map(|segment| match segment {
        Segment::Fixed(text) => Some(text.as_str()),
        Segment::Part(_) => None,
    });
    assert_eq!(fixed.collect::<Vec<_>>(), ["$app#id_", "#", "!"]);
}

#[test]
fn mistakes_in_a_raw_key() {
    let first_line = |key: &str| mistakes(of_raw_table(&quote!(), key));
    for (key, wrong) in [
        ("", "a key cannot be empty"),
        ("a}", "this `}` closes no part"),
        ("a{id", "this part is not closed"),
        ("{id}{number}", "two parts without text between them could be any two others"),
        ("{id:5}", "what follows the name of a part is how many characters it has at least"),
        ("{id:065}", "what follows the name of a part is how many characters it has at least"),
        ("{ id }", "a part is the name of a field"),
        ("{idd}", "`Order` has no field `idd`"),
    ] {
        assert_eq!(first_line(key), [wrong], "{key}");
    }
}
