//! AWS's own cases of its SDKs, by the names that its benchmarks have: `PutItemRequest` and `GetItemOutput`, each
//! `Baseline`, `ShallowMap_S` and `_M`, `Nested_M` and `_L`, and `MixedItem_S`.
//!
//! AWS measures what its serialiser and deserialiser do alone, between bytes and a map of values: `sdk_raw`. Here the
//! same items are typed. `MixedItem_M` and `_L` have lists of many types in no order, which no struct has, and
//! `ShallowMap_L` is `_M` with three times as many attributes.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Debug;

use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::{PutItem, PutItemInput};
use dynamo_runtime::codec::{DecodeItem, EncodeItem, decode_item, encode_item};
use dynamo_runtime::prelude::*;

use super::decode::limits;
use crate::measure::{Case, Subject};
use crate::sdk::{Canned, Codec, input, response};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "test-table")]
struct Baseline {
    #[dynamo(partition_key)]
    id: String,
}

macro_rules! shallow_map {
    ($name:ident: $($attribute:ident),*) => {
        #[derive(Entity, Clone, Debug, PartialEq)]
        #[dynamo(table = "test-table")]
        struct $name {
            #[dynamo(partition_key)]
            id: String,
            $($attribute: String,)*
        }

        impl $name {
            fn filled() -> Self {
                Self {
                    id: id(),
                    $($attribute: stringify!($attribute).replace("attr", "value"),)*
                }
            }
        }
    };
}

#[rustfmt::skip]
shallow_map!(ShallowMapS: attr1, attr2, attr3, attr4, attr5, attr6, attr7, attr8, attr9, attr10);
#[rustfmt::skip]
shallow_map!(ShallowMapM: attr1, attr2, attr3, attr4, attr5, attr6, attr7, attr8, attr9, attr10, attr11, attr12, attr13, attr14, attr15, attr16, attr17, attr18, attr19, attr20, attr21, attr22, attr23, attr24, attr25, attr26, attr27, attr28, attr29, attr30, attr31, attr32, attr33, attr34, attr35, attr36, attr37, attr38, attr39, attr40, attr41, attr42, attr43, attr44, attr45, attr46, attr47, attr48, attr49, attr50, attr51, attr52, attr53, attr54, attr55, attr56, attr57, attr58, attr59, attr60, attr61, attr62, attr63, attr64, attr65, attr66, attr67, attr68, attr69, attr70, attr71, attr72, attr73, attr74, attr75, attr76, attr77, attr78, attr79, attr80);

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "test-table")]
struct NestedM {
    #[dynamo(partition_key)]
    id: String,
    nested: Within1,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "test-table")]
struct NestedL {
    #[dynamo(partition_key)]
    id: String,
    nested: Listed1,
}

/// A map with one attribute.
macro_rules! levels {
    ($($name:ident { $field:ident: $type:ty })*) => {$(
        #[derive(Document, Clone, Debug, PartialEq)]
        #[dynamo(rename_all = "camelCase")]
        struct $name {
            $field: $type,
        }
    )*};
}

levels! {
    Within1 { level1: Within2 }
    Within2 { level2: Within3 }
    Within3 { level3: Within4 }
    Within4 { level4: Deep }
    Deep { deep_value: String }
    Listed1 { level1: Vec<Listed3> }
    Listed3 { level3: Vec<Listed5> }
    Listed5 { level5: Vec<Listed7> }
    Listed7 { level7: Vec<Listed9> }
    Listed9 { level9: Vec<Listed11> }
    Listed11 { level11: Vec<Listed13> }
    Listed13 { level13: Vec<Listed15> }
    Listed15 { level15: Vec<Listed17> }
    Listed17 { level17: Vec<Listed19> }
    Listed19 { level19: Vec<Listed21> }
    Listed21 { level21: Vec<Listed23> }
    Listed23 { level23: Vec<Listed25> }
    Listed25 { level25: Vec<Listed27> }
    Listed27 { level27: Vec<Deep> }
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "test-table", rename_all = "camelCase")]
struct MixedItemS {
    #[dynamo(partition_key)]
    id: String,
    string_set: BTreeSet<String>,
    number_set: BTreeSet<u32>,
    list: (String, u32, bool),
    mixed_map: MixedMap,
}

#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "they are AWS's")]
struct MixedMap {
    string_attr: String,
    number_attr: u32,
    bool_attr: bool,
}

fn id() -> String {
    "test-id".to_owned()
}

fn baseline() -> Baseline {
    Baseline { id: id() }
}

fn nested_m() -> NestedM {
    let deep = Deep { deep_value: "deep-nested-value".to_owned() };
    let level2 = Within2 { level2: Within3 { level3: Within4 { level4: deep } } };
    NestedM { id: id(), nested: Within1 { level1: level2 } }
}

fn nested_l() -> NestedL {
    let listed = Deep { deep_value: "smithy parser limit reached".to_owned() };
    let listed = Listed27 { level27: vec![listed] };
    let listed = Listed25 { level25: vec![listed] };
    let listed = Listed23 { level23: vec![listed] };
    let listed = Listed21 { level21: vec![listed] };
    let listed = Listed19 { level19: vec![listed] };
    let listed = Listed17 { level17: vec![listed] };
    let listed = Listed15 { level15: vec![listed] };
    let listed = Listed13 { level13: vec![listed] };
    let listed = Listed11 { level11: vec![listed] };
    let listed = Listed9 { level9: vec![listed] };
    let listed = Listed7 { level7: vec![listed] };
    let listed = Listed5 { level5: vec![listed] };
    let listed = Listed3 { level3: vec![listed] };
    let listed = Listed1 { level1: vec![listed] };
    NestedL { id: id(), nested: listed }
}

fn mixed_item_s() -> MixedItemS {
    MixedItemS {
        id: id(),
        string_set: ["item1", "item2", "item3"].map(str::to_owned).into(),
        number_set: [1, 2, 3].into(),
        list: ("listItem1".to_owned(), 42, true),
        mixed_map: MixedMap { string_attr: "value".to_owned(), number_attr: 123, bool_attr: false },
    }
}

fn put<T>(name: &'static str, item: T) -> Case
where
    T: EncodeItem + for<'de> DecodeItem<'de> + PartialEq + Debug + 'static,
{
    let codec = Codec::of(&PutItem::new());
    let read = response(&Canned::item(&encode_item(&item).unwrap()));
    let raw = Codec::of(&GetItem::new()).deserialize::<GetItemOutput>(&read).item.unwrap();
    let put = |item| input(PutItemInput::builder().set_item(Some(item)).build().unwrap());
    let request = codec.serialize(put(raw.clone()));
    let body = request.body().bytes().unwrap();
    assert_eq!(dynamo_runtime::__benches::item::<T>(body, "Item").unwrap().as_ref(), Some(&item));
    let rest = codec;
    Case {
        name,
        ours: Subject::new("ours", move || encode_item(&item).unwrap()),
        others: vec![
            Subject::with_input(
                "sdk_raw",
                move || put(raw.clone()),
                move |input| codec.serialize(input),
            )
            .less(Subject::with_input(
                "sdk_raw",
                move || put(HashMap::new()),
                move |input| rest.serialize(input),
            )),
        ],
        targets: vec![],
        items: 1,
    }
}

fn get<T>(name: &'static str, item: &T) -> Case
where
    T: EncodeItem + for<'de> DecodeItem<'de> + PartialEq + Debug + 'static,
{
    let json = encode_item(item).unwrap();
    assert_eq!(&decode_item::<T>(&json).unwrap(), item);
    let canned = Canned::item(&json);
    let (codec, read) = (Codec::of(&GetItem::new()), response(&canned));
    let mut others = vec![Subject::new("sdk_raw", move || {
        codec.deserialize::<GetItemOutput>(&read).item.unwrap()
    })];
    others.extend(limits(&canned));
    let body = canned.body;
    Case {
        name,
        ours: Subject::new("ours", move || {
            dynamo_runtime::__benches::item::<T>(&body, "Item").unwrap().unwrap()
        }),
        others,
        targets: vec![],
        items: 1,
    }
}

pub(super) fn put_baseline() -> Case {
    put("aws_put_baseline", baseline())
}

pub(super) fn get_baseline() -> Case {
    get("aws_get_baseline", &baseline())
}

pub(super) fn put_shallow_map_s() -> Case {
    put("aws_put_shallow_map_s", ShallowMapS::filled())
}

pub(super) fn get_shallow_map_s() -> Case {
    get("aws_get_shallow_map_s", &ShallowMapS::filled())
}

pub(super) fn put_shallow_map_m() -> Case {
    put("aws_put_shallow_map_m", ShallowMapM::filled())
}

pub(super) fn get_shallow_map_m() -> Case {
    get("aws_get_shallow_map_m", &ShallowMapM::filled())
}

pub(super) fn put_nested_m() -> Case {
    put("aws_put_nested_m", nested_m())
}

pub(super) fn get_nested_m() -> Case {
    get("aws_get_nested_m", &nested_m())
}

pub(super) fn put_nested_l() -> Case {
    put("aws_put_nested_l", nested_l())
}

pub(super) fn get_nested_l() -> Case {
    get("aws_get_nested_l", &nested_l())
}

pub(super) fn put_mixed_item_s() -> Case {
    put("aws_put_mixed_item_s", mixed_item_s())
}

pub(super) fn get_mixed_item_s() -> Case {
    get("aws_get_mixed_item_s", &mixed_item_s())
}
