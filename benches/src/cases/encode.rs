//! From entities and keys to the bytes of a request.
//!
//! The SDK's serialiser gives whole requests only: what one without an item costs is taken off.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::batch_write_item::{BatchWriteItem, BatchWriteItemInput};
use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemInput};
use aws_sdk_dynamodb::operation::put_item::{PutItem, PutItemInput};
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use aws_smithy_runtime_api::client::interceptors::context::Input;
use bytes::Bytes;
use dynamo_runtime::codec::{EncodeItem, Writer, decode_item, encode_item};
use serde::Serialize;
use serde_dynamo::aws_sdk_dynamodb_1::to_item;

use crate::measure::{Case, Subject, Target};
use crate::sdk::{Codec, input};
use crate::things::{
    Item, KeyedOrderKey, Product, order, order_to_item, product, product_to_item, products,
};

const BATCH: u32 = 25;

pub(super) fn item() -> Case {
    let product = product(1);
    let others = item_by_others(&product, product_to_item);
    Case {
        name: "encode_item",
        ours: Subject::new("ours", move || encode_item(&product).unwrap()),
        others,
        targets: vec![
            Target::Ratio { other: "sdk_hand", at_most: 0.07 },
            Target::Allocations { at_most: 1.0 },
        ],
        items: 1,
    }
}

pub(super) fn item_reused() -> Case {
    let product = product(1);
    let others = item_by_others(&product, product_to_item);
    let mut writer = Writer::default();
    Case {
        name: "encode_item_reused",
        ours: Subject::new("ours", move || {
            writer.clear();
            product.encode_item(&mut writer);
            writer.as_bytes().len()
        }),
        others,
        targets: vec![
            Target::Ratio { other: "sdk_hand", at_most: 0.07 },
            Target::Allocations { at_most: 0.0 },
        ],
        items: 1,
    }
}

pub(super) fn nested() -> Case {
    let order = order();
    let others = item_by_others(&order, order_to_item);
    Case {
        name: "encode_nested",
        ours: Subject::new("ours", move || encode_item(&order).unwrap()),
        others,
        targets: vec![],
        items: 1,
    }
}

fn item_by_others<T>(item: &T, by_hand: fn(&T) -> Item) -> Vec<Subject>
where
    T: EncodeItem
        + for<'de> dynamo_runtime::codec::DecodeItem<'de>
        + Serialize
        + Clone
        + PartialEq
        + std::fmt::Debug
        + 'static,
{
    let codec = Codec::of(&PutItem::new());
    let put = |item: Item| input(PutItemInput::builder().set_item(Some(item)).build().unwrap());
    let body = |item: Item| body_of(&codec, put(item));
    let written = |body: &[u8]| dynamo_runtime::__benches::item::<T>(body, "Item").unwrap();
    assert_eq!(written(&body(by_hand(item))).as_ref(), Some(item));
    assert_eq!(written(&body(to_item(item).unwrap())).as_ref(), Some(item));
    let json = encode_item(item).unwrap();
    assert_eq!(&decode_item::<T>(&json).unwrap(), item);
    let subject = |name, make: Box<dyn Fn() -> Item>| {
        let (codec, rest) = (codec, codec);
        Subject::new(name, move || codec.serialize(put(make())))
            .less(Subject::new(name, move || rest.serialize(put(Item::new()))))
    };
    let (hand, serde, raw) = (item.clone(), item.clone(), by_hand(item));
    let raw_codec = codec;
    let rest = codec;
    vec![
        subject("sdk_hand", Box::new(move || by_hand(&hand))),
        subject("sdk_serde_dynamo", Box::new(move || to_item(&serde).unwrap())),
        Subject::with_input(
            "sdk_raw",
            move || put(raw.clone()),
            move |input| raw_codec.serialize(input),
        )
        .less(Subject::with_input(
            "sdk_raw",
            move || put(Item::new()),
            move |input| rest.serialize(input),
        )),
        memcpy(json),
    ]
}

fn body_of(codec: &Codec, input: Input) -> Bytes {
    Bytes::copy_from_slice(codec.serialize(input).body().bytes().unwrap())
}

fn memcpy(json: Vec<u8>) -> Subject {
    Subject::new("memcpy", move || json.clone())
}

pub(super) fn batch() -> Case {
    let products = products(BATCH);
    let others = batch_by_others(&products);
    Case {
        name: "encode_batch",
        ours: Subject::new("ours", move || {
            let mut writer = Writer::with_capacity(products.len() * Product::SIZE_HINT);
            for product in &products {
                product.encode_item(&mut writer);
            }
            writer.finish().unwrap()
        }),
        others,
        targets: vec![
            Target::Ratio { other: "sdk_hand", at_most: 0.07 },
            Target::Allocations { at_most: 1.0 / f64::from(BATCH) },
        ],
        items: BATCH.into(),
    }
}

pub(super) fn batch_reused() -> Case {
    let products = products(BATCH);
    let others = batch_by_others(&products);
    let mut writer = Writer::default();
    Case {
        name: "encode_batch_reused",
        ours: Subject::new("ours", move || {
            writer.clear();
            for product in &products {
                product.encode_item(&mut writer);
            }
            writer.as_bytes().len()
        }),
        others,
        targets: vec![
            Target::Ratio { other: "sdk_hand", at_most: 0.07 },
            Target::Allocations { at_most: 0.0 },
        ],
        items: BATCH.into(),
    }
}

fn batch_by_others(products: &[Product]) -> Vec<Subject> {
    fn write(items: impl Iterator<Item = Item>) -> Input {
        let requests = items.map(|item| {
            let put = PutRequest::builder().set_item(Some(item)).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let batch = BatchWriteItemInput::builder();
        input(batch.request_items("products", requests.collect()).build().unwrap())
    }
    let codec = Codec::of(&BatchWriteItem::new());
    let subject = |name, to_item: fn(&Product) -> Item| {
        let (codec, rest, products) = (codec, codec, products.to_vec());
        Subject::new(name, move || codec.serialize(write(products.iter().map(to_item))))
            .less(Subject::new(name, move || rest.serialize(write(std::iter::empty()))))
    };
    vec![
        subject("sdk_hand", product_to_item),
        subject("sdk_serde_dynamo", |product| to_item(product).unwrap()),
    ]
}

pub(super) fn key() -> Case {
    let key = KeyedOrderKey {
        customer_id: "c-0042".to_owned(),
        placed_at: "2026-11-25T21:15:00Z".to_owned(),
        order_id: "7f3a".to_owned(),
    };
    let codec = Codec::of(&GetItem::new());
    let by_hand = |customer_id: &str, placed_at: &str, order_id: &str| -> Item {
        HashMap::from([
            ("pk".to_owned(), AttributeValue::S(format!("CUSTOMER#{customer_id}"))),
            ("sk".to_owned(), AttributeValue::S(format!("ORDER#{placed_at}#{order_id}"))),
        ])
    };
    let get = |key: Item| input(GetItemInput::builder().set_key(Some(key)).build().unwrap());
    let expected = r#"{"pk":{"S":"CUSTOMER#c-0042"},"sk":{"S":"ORDER#2026-11-25T21:15:00Z#7f3a"}}"#;
    let mut writer = Writer::default();
    assert!(dynamo_runtime::__benches::key(&key, &mut writer));
    assert_eq!(writer.as_bytes(), expected.as_bytes());
    let parts = key.clone();
    let rest = codec;
    Case {
        name: "encode_key",
        ours: Subject::new("ours", move || {
            writer.clear();
            assert!(dynamo_runtime::__benches::key(&key, &mut writer));
            writer.as_bytes().len()
        }),
        others: vec![
            Subject::new("sdk_hand", move || {
                let KeyedOrderKey { customer_id, placed_at, order_id, .. } = &parts;
                codec.serialize(get(by_hand(customer_id, placed_at, order_id)))
            })
            .less(Subject::new("sdk_hand", move || rest.serialize(get(Item::new())))),
        ],
        targets: vec![],
        items: 1,
    }
}
