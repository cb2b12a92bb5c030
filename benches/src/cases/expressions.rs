//! From a condition and an update, as the call site makes them, to what a request has of them.
//!
//! The SDK's users write the expression as text, and its names and values as maps.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemInputBuilder;
use aws_sdk_dynamodb::operation::update_item::{UpdateItem, UpdateItemInput};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamo_runtime::__benches as internal;
use dynamo_runtime::codec::Writer;
use dynamo_runtime::prelude::*;

use crate::measure::{Case, Subject, Target};
use crate::sdk::{Codec, input};
use crate::things::{Product, product_key};

pub(super) fn condition() -> Case {
    let make = || {
        Product::STOCK
            .ge(5)
            .and(Product::IS_ACTIVE.eq(true))
            .and(Product::PRICE_CENTS.between(1_000, 5_000))
            .and(Product::NAME.begins_with("Kettle"))
    };
    let mut writer = Writer::default();
    assert!(internal::condition(make(), &mut writer));
    let written = String::from_utf8(writer.as_bytes().to_vec()).unwrap();
    assert!(
        written.starts_with(
            r##"{"ConditionExpression":"#0 >= :0 AND #1 = :1 AND #2 BETWEEN :2 AND :3 AND begins_with(#3, :4)""##
        ),
        "{written}"
    );
    let by_hand = || {
        UpdateItemInput::builder()
            .condition_expression(
                "stock >= :stock AND is_active = :active AND price_cents BETWEEN :low AND :high AND begins_with(#name, :prefix)",
            )
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":stock", AttributeValue::N(5.to_string()))
            .expression_attribute_values(":active", AttributeValue::Bool(true))
            .expression_attribute_values(":low", AttributeValue::N(1_000.to_string()))
            .expression_attribute_values(":high", AttributeValue::N(5_000.to_string()))
            .expression_attribute_values(":prefix", AttributeValue::S("Kettle".to_owned()))
    };
    Case {
        name: "render_condition",
        ours: Subject::with_input("ours", make, move |condition| {
            writer.clear();
            internal::condition(condition, &mut writer)
        }),
        others: vec![sdk("sdk_hand", by_hand)],
        targets: vec![Target::Allocations { at_most: 0.0 }],
        items: 1,
    }
}

pub(super) fn update() -> Case {
    let make = || {
        Product::update(product_key())
            .set(Product::PRICE_CENTS, 1_999_u64)
            .set(Product::NAME, "Kettle")
            .remove(Product::IMAGE_URL)
            .add(Product::STOCK, 5)
            .if_exists()
    };
    let mut writer = Writer::default();
    assert!(internal::update(&make(), &mut writer));
    let written = String::from_utf8(writer.as_bytes().to_vec()).unwrap();
    assert!(
        written
            .starts_with(r#"{"UpdateExpression":"SET #0 = :0, #1 = :1, #2 = #2 + :2 REMOVE #3","#),
        "{written}"
    );
    let by_hand = || {
        UpdateItemInput::builder()
            .update_expression(
                "SET price_cents = :price, #name = :name, stock = stock + :more REMOVE image_url",
            )
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":price", AttributeValue::N(1_999.to_string()))
            .expression_attribute_values(":name", AttributeValue::S("Kettle".to_owned()))
            .expression_attribute_values(":more", AttributeValue::N(5.to_string()))
    };
    Case {
        name: "render_update",
        ours: Subject::with_input("ours", make, move |update| {
            writer.clear();
            internal::update(&update, &mut writer)
        }),
        others: vec![sdk("sdk_hand", by_hand)],
        targets: vec![
            Target::Ratio { other: "sdk_hand", at_most: 0.60 },
            Target::Allocations { at_most: 0.0 },
        ],
        items: 1,
    }
}

/// The input made and written, less one that has no expression.
fn sdk(name: &'static str, by_hand: fn() -> UpdateItemInputBuilder) -> Subject {
    let codec = Codec::of(&UpdateItem::new());
    let rest = codec;
    let key = || HashMap::from([("category".to_owned(), AttributeValue::S("kitchen".to_owned()))]);
    let with_key = move |builder: UpdateItemInputBuilder| {
        input(builder.table_name("products").set_key(Some(key())).build().unwrap())
    };
    Subject::new(name, move || codec.serialize(with_key(by_hand())))
        .less(Subject::new(name, move || rest.serialize(with_key(UpdateItemInput::builder()))))
}
