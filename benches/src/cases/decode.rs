//! From the bytes of a response to the entities in it.

use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemOutput};
use aws_sdk_dynamodb::operation::query::{Query, QueryOutput};
use dynamo_runtime::__benches::page;
use dynamo_runtime::codec::{decode_item, encode_item};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, from_items};

use crate::measure::{Case, Subject, Target};
use crate::sdk::{Canned, Codec, as_stored, response};
use crate::things::{
    Item, Order, Product, ProductRef, order, order_from_item, product, product_from_item, products,
};

/// A page of so many products is a little more than 1 MB.
const PAGE: u32 = 2_500;

pub(super) fn page_of_products() -> Canned {
    let items: Vec<_> = products(PAGE).iter().map(|item| encode_item(item).unwrap()).collect();
    Canned::page(&items)
}

pub(super) fn page_owned() -> Case {
    let canned = page_of_products();
    assert_eq!(page::<Product>(&canned.body).unwrap(), products(PAGE));
    let body = canned.body.clone();
    Case {
        name: "decode_page_owned",
        ours: Subject::new("ours", move || page::<Product>(&body).unwrap()),
        others: page_by_others(&canned),
        targets: vec![
            Target::Ratio { other: "sdk_serde_dynamo", at_most: 0.09 },
            Target::Ratio { other: "sdk_hand", at_most: 0.11 },
        ],
        items: PAGE.into(),
    }
}

pub(super) fn page_borrowed() -> Case {
    let canned = page_of_products();
    let borrowed = page::<ProductRef<'_>>(&canned.body).unwrap();
    let owned: Vec<_> = borrowed.into_iter().map(ProductRef::into_owned).collect();
    assert_eq!(owned, products(PAGE));
    let body = canned.body.clone();
    Case {
        name: "decode_page_borrowed",
        ours: Subject::new("ours", move || page::<ProductRef<'_>>(&body).unwrap().len()),
        others: page_by_others(&canned),
        targets: vec![
            Target::Ratio { other: "sdk_serde_dynamo", at_most: 0.05 },
            Target::Allocations { at_most: 0.1 },
        ],
        items: PAGE.into(),
    }
}

fn page_by_others(canned: &Canned) -> Vec<Subject> {
    let read = || {
        let (codec, response) = (Codec::of(&Query::new()), response(canned));
        move || codec.deserialize::<QueryOutput>(&response).items.unwrap()
    };
    let (raw, hand, serde) = (read(), read(), read());
    let by_hand = move || hand().into_iter().map(product_from_item).collect::<Option<Vec<_>>>();
    let by_serde = move || from_items::<Product>(serde()).unwrap();
    assert_eq!(by_hand(), Some(products(PAGE)));
    assert_eq!(by_serde(), products(PAGE));
    let mut others = vec![
        Subject::new("sdk_hand", by_hand),
        Subject::new("sdk_serde_dynamo", by_serde),
        Subject::new("sdk_raw", raw),
    ];
    others.extend(limits(canned));
    others
}

pub(super) fn item() -> Case {
    let expected = product(1);
    let json = as_stored(&encode_item(&expected).unwrap());
    assert_eq!(decode_item::<Product>(&json).unwrap(), expected);
    let others = item_by_others(&json, product_from_item, &expected);
    Case {
        name: "decode_item",
        ours: Subject::new("ours", move || decode_item::<Product>(&json).unwrap()),
        others,
        targets: vec![Target::Ratio { other: "sdk_hand", at_most: 0.10 }],
        items: 1,
    }
}

pub(super) fn nested() -> Case {
    let expected = order();
    let json = as_stored(&encode_item(&expected).unwrap());
    assert_eq!(decode_item::<Order>(&json).unwrap(), expected);
    let others = item_by_others(&json, order_from_item, &expected);
    Case {
        name: "decode_nested",
        ours: Subject::new("ours", move || decode_item::<Order>(&json).unwrap()),
        others,
        targets: vec![],
        items: 1,
    }
}

fn item_by_others<T>(json: &[u8], by_hand: fn(Item) -> Option<T>, expected: &T) -> Vec<Subject>
where
    T: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug + 'static,
{
    let canned = Canned::item(json);
    let read = || {
        let (codec, response) = (Codec::of(&GetItem::new()), response(&canned));
        move || codec.deserialize::<GetItemOutput>(&response).item.unwrap()
    };
    let (raw, hand, serde) = (read(), read(), read());
    let by_hand = move || by_hand(hand()).unwrap();
    let by_serde = move || from_item::<T>(serde()).unwrap();
    assert_eq!(&by_hand(), expected);
    assert_eq!(&by_serde(), expected);
    let mut others = vec![
        Subject::new("sdk_hand", by_hand),
        Subject::new("sdk_serde_dynamo", by_serde),
        Subject::new("sdk_raw", raw),
    ];
    others.extend(limits(&canned));
    others
}

/// What no reader can go below: to copy the bytes, and to see that they are JSON.
pub(super) fn limits(canned: &Canned) -> [Subject; 2] {
    let (copied, checked) = (canned.body.clone(), canned.body.clone());
    [
        Subject::new("memcpy", move || copied.to_vec()),
        Subject::new("sonic_rs", move || {
            sonic_rs::from_slice::<sonic_rs::LazyValue<'_>>(&checked).unwrap().as_raw_str().len()
        }),
    ]
}
