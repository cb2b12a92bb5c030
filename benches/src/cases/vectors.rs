//! Embeddings, alone and in a search of a hundred.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemOutput};
use aws_sdk_dynamodb::operation::put_item::{PutItem, PutItemInput};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamo_runtime::codec::{Decode, Encode, Reader, Writer};
use dynamo_runtime::prelude::*;

use super::calls::{calls, once, ours};
use crate::measure::{Case, Subject, Target};
use crate::sdk::{self, Canned, Codec, input, response};
use crate::things::Item;

const DIMENSIONS: usize = 1_024;
const HITS: u32 = 100;

/// What a model gives: numbers of a unit vector, most of which have nine digits.
#[expect(clippy::cast_possible_truncation, reason = "it is rounded on purpose")]
fn embedding() -> Embedding<DIMENSIONS> {
    let mut state = 1_u32;
    let numbers = std::array::from_fn(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state) / f64::from(u32::MAX) - 0.5) as f32 / 9.0
    });
    Embedding::from(numbers)
}

/// The same digits as numbers of 64 bits.
fn doubles() -> Vec<f64> {
    let digits = embedding();
    digits.as_array().iter().map(|number| number.to_string().parse().unwrap()).collect()
}

fn json() -> Vec<u8> {
    let mut writer = Writer::default();
    embedding().encode(&mut writer);
    writer.finish().unwrap()
}

fn to_value(embedding: &Embedding<DIMENSIONS>) -> AttributeValue {
    let numbers = embedding.as_array().iter().map(|number| AttributeValue::N(number.to_string()));
    AttributeValue::L(numbers.collect())
}

fn from_value(value: &AttributeValue) -> Embedding<DIMENSIONS> {
    let numbers = value.as_l().unwrap().iter().map(|number| number.as_n().unwrap().parse());
    let numbers: Vec<f32> = numbers.collect::<Result<_, _>>().unwrap();
    numbers.try_into().unwrap()
}

pub(super) fn encode() -> Case {
    let codec = Codec::of(&PutItem::new());
    let put = |item: Item| input(PutItemInput::builder().set_item(Some(item)).build().unwrap());
    let (ours, hand, doubles) = (embedding(), embedding(), doubles());
    assert_eq!(from_value(&to_value(&ours)), ours);
    let rest = codec;
    Case {
        name: "encode_embedding",
        ours: Subject::new("ours", move || {
            let mut writer = Writer::default();
            ours.encode(&mut writer);
            writer.finish().unwrap()
        }),
        others: vec![
            Subject::new("sdk_hand", move || {
                codec.serialize(put(HashMap::from([("embedding".to_owned(), to_value(&hand))])))
            })
            .less(Subject::new("sdk_hand", move || rest.serialize(put(Item::new())))),
            Subject::new("serde_json_f64", move || serde_json::to_vec(&doubles).unwrap()),
        ],
        targets: vec![
            Target::Ratio { other: "sdk_hand", at_most: 0.10 },
            Target::Ratio { other: "serde_json_f64", at_most: 0.55 },
            Target::Allocations { at_most: 1.0 },
        ],
        items: 1,
    }
}

pub(super) fn decode() -> Case {
    let json = json();
    let read = |json: &[u8]| {
        let mut reader = Reader::new(json).unwrap();
        Embedding::<DIMENSIONS>::decode(&mut reader).unwrap()
    };
    assert_eq!(read(&json), embedding());
    let canned = Canned::item(&[b"{\"embedding\":", &*json, b"}"].concat());
    let (codec, response) = (Codec::of(&GetItem::new()), response(&canned));
    let hand = move || {
        let item = codec.deserialize::<GetItemOutput>(&response).item.unwrap();
        from_value(&item["embedding"])
    };
    assert_eq!(hand(), embedding());
    let doubles = serde_json::to_vec(&doubles()).unwrap();
    Case {
        name: "decode_embedding",
        ours: Subject::new("ours", move || read(&json)),
        others: vec![
            Subject::new("sdk_hand", hand),
            Subject::new("serde_json_f64", move || {
                serde_json::from_slice::<Vec<f64>>(&doubles).unwrap()
            }),
        ],
        targets: vec![
            Target::Ratio { other: "sdk_hand", at_most: 0.05 },
            Target::Ratio { other: "serde_json_f64", at_most: 0.60 },
            Target::Allocations { at_most: 1.0 },
        ],
        items: 1,
    }
}

/// A note, and what its index has of it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    distance = cosine,
    partition_key = tenant,
    projects = NoteHit
))]
struct Note {
    #[dynamo(partition_key)]
    id: String,
    tenant: String,
    title: String,
    text: String,
    embedding: Embedding<DIMENSIONS>,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Note)]
struct NoteHit {
    id: String,
    title: String,
    text: String,
}

pub(super) fn search() -> Case {
    let hit = |number: u32| NoteHit {
        id: format!("0b7d2c5e-4f51-4c3e-9a50-{number:012}"),
        title: format!("Note No. {number}"),
        text: format!("What was said of kettles, stoves and {number} spoons, at some length"),
    };
    let results = (0..HITS).map(|number| {
        let NoteHit { id, title, text } = hit(number);
        let score = f64::from(number) / 400.0;
        format!(
            r#"{{"Item":{{"text":{{"S":"{text}"}},"tenant":{{"S":"ann"}},"id":{{"S":"{id}"}},"title":{{"S":"{title}"}}}},"Score":{score}}}"#
        )
    });
    let body = format!(r#"{{"SearchResults":[{}]}}"#, results.collect::<Vec<_>>().join(","));
    let canned = Canned::new(body);
    let (client, sdk) = (ours(&canned), sdk::client(canned));
    let expected: Vec<_> = (0..HITS).map(hit).collect();
    let query = embedding();
    let ours = async move |client: &SecureClient| {
        let search = Note::by_meaning("ann", &query).top(HITS as usize);
        search.send(client).await.unwrap()
    };
    let query = embedding();
    let raw = async move |client: &Client| {
        let AttributeValue::L(vector) = to_value(&query) else { return Vec::new() };
        client
            .search_vectors()
            .table_name("notes")
            .index_name("meaning-index")
            .set_search_vector(Some(vector))
            .top_k(HITS.cast_signed())
            .search_condition_expression("tenant = :tenant")
            .expression_attribute_values(":tenant", AttributeValue::S("ann".to_owned()))
            .projection_expression("id, title, text, tenant")
            .send()
            .await
            .unwrap()
            .search_results
            .unwrap()
    };
    let found: Vec<_> = once(&client, &ours).into_iter().map(|hit| hit.item).collect();
    assert_eq!(found, expected);
    assert_eq!(once(&sdk, &raw).len(), expected.len());
    Case {
        name: "search_memory",
        ours: calls("ours", client, ours),
        others: vec![calls("sdk_raw", sdk, raw)],
        targets: vec![Target::Ratio { other: "sdk_raw", at_most: 0.20 }],
        items: HITS.into(),
    }
}
