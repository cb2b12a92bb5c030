//! Whole calls, answered from memory: each client as it is, but for its network.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use dynamo_runtime::__benches as internal;
use dynamo_runtime::codec::encode_item;
use dynamo_runtime::prelude::*;
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, from_items, to_item};
use tokio::runtime::{Builder, Runtime};

use super::decode::page_of_products;
use crate::measure::{Case, Meter, Subject, Target};
use crate::peers::modyne;
use crate::sdk::{self, Canned};
use crate::things::{
    Item, Product, product, product_from_item, product_key, product_to_item, products,
};

pub(super) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// A subject that makes one call after the other on a runtime of its own.
pub(super) fn calls<C: Clone + 'static, T>(
    name: &'static str,
    client: C,
    call: impl AsyncFn(&C) -> T + 'static,
) -> Subject {
    let runtime = runtime();
    Subject::measured(name, move |runs| {
        runtime.block_on(async {
            let meter = Meter::start();
            for _ in 0..runs {
                std::hint::black_box(call(&client).await);
            }
            meter.stop()
        })
    })
}

/// What a call gives, on a runtime of its own.
pub(super) fn once<C, T>(client: &C, call: impl AsyncFnOnce(&C) -> T) -> T {
    runtime().block_on(call(client))
}

pub(super) fn ours(canned: &Canned) -> SecureClient {
    let canned = canned.clone();
    let client = internal::client(move |_, _| canned.response()).build();
    runtime().block_on(client).expect("a client in memory")
}

fn targets_of_a_call(at_most: f64, allocations: f64) -> Vec<Target> {
    vec![
        Target::Ratio { other: "sdk_raw", at_most },
        Target::AllocationsRatio { other: "sdk_raw", at_most: allocations },
    ]
}

pub(crate) fn key() -> Item {
    HashMap::from([
        ("category".to_owned(), AttributeValue::S("kitchen".to_owned())),
        ("product_id".to_owned(), AttributeValue::S(product(1).product_id)),
    ])
}

pub(super) async fn get_ours(client: &SecureClient) -> Option<Product> {
    Product::get(product_key()).send(client).await.unwrap()
}

pub(super) async fn get_raw(client: &Client) -> Item {
    let get = client.get_item().table_name("products").consistent_read(true);
    get.set_key(Some(key())).send().await.unwrap().item.unwrap()
}

pub(super) async fn put_ours(client: &SecureClient) -> Product {
    Product::create(product(1)).send(client).await.unwrap()
}

/// With the item that it writes, as its maker gives it.
pub(super) async fn put_sdk(client: &Client, item: Item) {
    client
        .put_item()
        .table_name("products")
        .set_item(Some(item))
        .condition_expression("attribute_not_exists(category)")
        .send()
        .await
        .unwrap();
}

pub(super) fn get_item() -> Case {
    let canned = Canned::item(&encode_item(&product(1)).unwrap());
    let (client, sdk) = (ours(&canned), sdk::client(canned));
    let hand = async |client: &Client| product_from_item(get_raw(client).await);
    let serde = async |client: &Client| from_item::<Product>(get_raw(client).await).unwrap();
    assert_eq!(once(&client, get_ours), Some(product(1)));
    assert_eq!(once(&sdk, hand), Some(product(1)));
    assert_eq!(once(&sdk, serde), product(1));
    let shop = modyne::Shop::new(sdk.clone());
    assert_eq!(once(&shop, modyne::get), product(1));
    Case {
        name: "get_item_memory",
        ours: calls("ours", client, get_ours),
        others: vec![
            calls("sdk_raw", sdk.clone(), get_raw),
            calls("sdk_hand", sdk.clone(), hand),
            calls("sdk_serde_dynamo", sdk, serde),
            calls("modyne", shop, modyne::get),
        ],
        targets: targets_of_a_call(0.11, 0.06),
        items: 1,
    }
}

pub(super) fn put_item() -> Case {
    let canned = Canned::new("{}");
    let (client, sdk) = (ours(&canned), sdk::client(canned));
    let hand = async |client: &Client| {
        let product = product(1);
        put_sdk(client, product_to_item(&product)).await;
        product
    };
    let serde = async |client: &Client| {
        let product = product(1);
        put_sdk(client, to_item(&product).unwrap()).await;
        product
    };
    assert_eq!(once(&client, put_ours), product(1));
    let raw_item = product_to_item(&product(1));
    let shop = modyne::Shop::new(sdk.clone());
    Case {
        name: "put_item_memory",
        ours: calls("ours", client, put_ours),
        others: vec![
            calls("sdk_raw", sdk.clone(), async move |client: &Client| {
                put_sdk(client, raw_item.clone()).await;
            }),
            calls("sdk_hand", sdk.clone(), hand),
            calls("sdk_serde_dynamo", sdk, serde),
            calls("modyne", shop, modyne::put),
        ],
        targets: targets_of_a_call(0.12, 0.06),
        items: 1,
    }
}

pub(super) fn update_item() -> Case {
    let item = encode_item(&product(1)).unwrap();
    let canned = Canned::new([b"{\"Attributes\":", &*item, b"}"].concat());
    let (client, sdk) = (ours(&canned), sdk::client(canned));
    let ours = async |client: &SecureClient| {
        Product::update(product_key())
            .set(Product::PRICE_CENTS, 1_999_u64)
            .add(Product::STOCK, 5)
            .condition(Product::IS_ACTIVE.eq(true))
            .returning_new()
            .send(client)
            .await
            .unwrap()
    };
    let raw = async |client: &Client| {
        client
            .update_item()
            .table_name("products")
            .set_key(Some(key()))
            .update_expression("SET price_cents = :price ADD stock :more")
            .condition_expression("attribute_exists(category) AND is_active = :active")
            .expression_attribute_values(":price", AttributeValue::N(1_999.to_string()))
            .expression_attribute_values(":more", AttributeValue::N(5.to_string()))
            .expression_attribute_values(":active", AttributeValue::Bool(true))
            .return_values(ReturnValue::AllNew)
            .send()
            .await
            .unwrap()
            .attributes
            .unwrap()
    };
    let hand = async move |client: &Client| product_from_item(raw(client).await).unwrap();
    assert_eq!(once(&client, ours), product(1));
    assert_eq!(once(&sdk, hand), product(1));
    Case {
        name: "update_item_memory",
        ours: calls("ours", client, ours),
        others: vec![calls("sdk_raw", sdk.clone(), raw), calls("sdk_hand", sdk, hand)],
        targets: targets_of_a_call(0.15, 0.08),
        items: 1,
    }
}

pub(super) fn query_page() -> Case {
    let canned = page_of_products();
    let count = u32::try_from(products(2_500).len()).unwrap();
    let (client, sdk) = (ours(&canned), sdk::client(canned));
    let ours =
        async |client: &SecureClient| Product::query("kitchen").page(client).await.unwrap().items;
    let raw = async |client: &Client| {
        client
            .query()
            .table_name("products")
            .key_condition_expression("category = :category")
            .expression_attribute_values(":category", AttributeValue::S("kitchen".to_owned()))
            .send()
            .await
            .unwrap()
            .items
            .unwrap()
    };
    let hand = async move |client: &Client| {
        raw(client).await.into_iter().map(product_from_item).collect::<Option<Vec<_>>>().unwrap()
    };
    let serde = async move |client: &Client| from_items::<Product>(raw(client).await).unwrap();
    assert_eq!(once(&client, ours), products(count));
    assert_eq!(once(&sdk, hand), products(count));
    assert_eq!(once(&sdk, serde), products(count));
    Case {
        name: "query_page_memory",
        ours: calls("ours", client, ours),
        others: vec![
            calls("sdk_raw", sdk.clone(), raw),
            calls("sdk_hand", sdk.clone(), hand),
            calls("sdk_serde_dynamo", sdk, serde),
        ],
        targets: vec![Target::Ratio { other: "sdk_serde_dynamo", at_most: 0.07 }],
        items: count.into(),
    }
}
