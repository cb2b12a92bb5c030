//! Bytes, JSON, nulls and values of any type in the forms of other programs.

use crate::engine;
use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::codec::{DecodeItem, EncodeItem, decode_item, encode_item};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, AttributeType, Sensitive};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

fn written(item: &impl EncodeItem) -> String {
    String::from_utf8(encode_item(item).unwrap()).unwrap()
}

/// What an item in DynamoDB's JSON is read as; it is written as the same item.
fn as_stored<E: EncodeItem + for<'de> DecodeItem<'de>>(json: &str) -> E {
    let entity =
        decode_item::<E>(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(written(&entity), json);
    entity
}

/// `OneTable`'s `Buffer`, and bloop's `Binary`.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "bytes")]
struct Bytes {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = base64)]
    b: Vec<u8>,
    #[dynamo(form = base64_binary)]
    bi: Option<[u8; 2]>,
}

#[tokio::test]
async fn bytes_are_base64_in_a_text_and_in_binary() {
    let bytes: Bytes = as_stored(r#"{"id":{"S":"1"},"b":{"S":"aGk="},"bi":{"B":"YUdrPQ=="}}"#);
    assert_eq!((bytes.b.as_slice(), bytes.bi), (&b"hi"[..], Some(*b"hi")));
    let plain = br#"{"id":{"S":"1"},"b":{"S":"aGk="},"bi":{"B":"aGk="}}"#;
    assert_eq!(decode_item::<Bytes>(plain).unwrap_err().path(), Some("bi"));

    let client = engine::client().table::<Bytes>().build().await;
    Bytes::create(bytes.clone()).send(&client).await.unwrap();
    let update = Bytes::update(Bytes::key("1")).set(Bytes::B, b"ho".to_vec());
    let update = update.condition(Bytes::B.eq(b"hi".to_vec())).returning_new();
    let updated = update.send(&client).await.unwrap();
    assert_eq!((updated.b, updated.bi), (b"ho".to_vec(), bytes.bi));
    let condition = Bytes::BI.eq(*b"no");
    let stale = Bytes::delete(Bytes::key("1")).condition(condition).send(&client).await;
    assert!(stale.unwrap_err().is_condition_failed());
}

/// A session of connect-dynamodb, and an idempotency record of Powertools for Python.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "sessions")]
struct Session {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(form = json)]
    sess: Option<Sess>,
    #[dynamo(form = json)]
    data: serde_json::Value,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Sess {
    user: String,
    n: u32,
}

#[tokio::test]
async fn json_in_a_text_is_a_typed_field() {
    let session: Session = as_stored(
        r#"{"id":{"S":"sess:1"},"sess":{"S":"{\"user\":\"u1\",\"n\":1}"},"data":{"S":"{\"message\":\"ok\"}"}}"#,
    );
    assert_eq!(session.sess, Some(Sess { user: "u1".to_owned(), n: 1 }));
    assert_eq!(session.data["message"], "ok");
    // Python puts a space after a colon.
    let spaced = br#"{"id":{"S":"1"},"data":{"S":"{\"n\": 1, \"a\": null}"}}"#;
    let spaced: Session = decode_item(spaced).unwrap();
    assert_eq!((spaced.sess.clone(), spaced.data["n"].as_u64()), (None, Some(1)));
    assert_eq!(written(&spaced), r#"{"id":{"S":"1"},"data":{"S":"{\"a\":null,\"n\":1}"}}"#);
    for nothing in [r#"{"NULL":true}"#, r#"{"S":"null"}"#] {
        let json = format!(r#"{{"id":{{"S":"1"}},"sess":{nothing},"data":{{"S":"1"}}}}"#);
        assert_eq!(decode_item::<Session>(json.as_bytes()).unwrap().sess, None, "{nothing}");
    }
    for (text, reason) in [(r#"{\"user\":7}"#, "not of the field's type"), ("secret", "not JSON")] {
        let json = format!(r#"{{"id":{{"S":"1"}},"sess":{{"S":"{text}"}},"data":{{"S":"1"}}}}"#);
        let error = decode_item::<Session>(json.as_bytes()).unwrap_err();
        assert_eq!(error.path(), Some("sess"));
        assert!(error.to_string().contains(reason) && !error.to_string().contains("secret"));
    }

    let client = engine::client().table::<Session>().build().await;
    Session::create(session.clone()).send(&client).await.unwrap();
    let sess = Sess { user: "u2".to_owned(), n: 2 };
    let update = Session::update(Session::key("sess:1")).set(Session::SESS, sess.clone());
    let update = update.condition(Session::SESS.exists()).returning_new();
    assert_eq!(update.send(&client).await.unwrap().sess, Some(sess));
    let sess = Session::get(Session::key("sess:1")).attribute(Session::SESS).send(&client).await;
    assert_eq!(sess.unwrap().flatten().map(|sess| sess.n), Some(2));
}

/// An item of Dynamoose with `null` allowed, whose reader expects it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "nulls")]
struct Nulls {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(null_when_none)]
    image: Option<String>,
    #[dynamo(null_when_none, form = epoch_millis)]
    verified: Option<Timestamp>,
    #[dynamo(ttl, null_when_none)]
    expires: Option<Timestamp>,
    #[dynamo(null_when_none, form = json)]
    data: Option<Sess>,
    nested: Inner,
    /// nova's empty text.
    #[dynamo(default)]
    name: String,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Inner {
    #[dynamo(null_when_none)]
    a: Option<u32>,
}

#[tokio::test]
async fn a_null_is_written_where_another_program_expects_one() {
    const JSON: &str = r#"{"id":{"S":"1"},"image":{"NULL":true},"verified":{"NULL":true},"expires":{"NULL":true},"data":{"NULL":true},"nested":{"M":{"a":{"NULL":true}}},"name":{"S":""}}"#;
    let nulls: Nulls = as_stored(JSON);
    assert_eq!((&nulls.image, nulls.verified, nulls.nested.a), (&None, None, None));
    let absent = br#"{"id":{"S":"1"},"nested":{"M":{}},"name":{"NULL":true}}"#;
    assert_eq!(decode_item::<Nulls>(absent).unwrap(), nulls);

    let client = engine::client().table::<Nulls>().build().await;
    Nulls::create(nulls.clone()).send(&client).await.unwrap();
    let update = || Nulls::update(Nulls::key("1"));
    let is_null =
        || Nulls::IMAGE.attribute_type(AttributeType::Null).and(Nulls::IMAGE.not_exists());
    let set = update().set(Nulls::IMAGE, "x").condition(is_null());
    assert_eq!(set.returning_new().send(&client).await.unwrap().image.as_deref(), Some("x"));
    update().remove(Nulls::IMAGE).condition(Nulls::IMAGE.eq("x")).send(&client).await.unwrap();
    update().set(Nulls::IMAGE, None).condition(is_null()).send(&client).await.unwrap();
    let a = Nulls::NESTED.then(Inner::A);
    update().set(a.clone(), 1_u32).condition(a.is_null()).send(&client).await.unwrap();
    update().remove(a.clone()).condition(a.eq(1_u32)).send(&client).await.unwrap();
    update().remove(Nulls::EXPIRES).condition(a.is_null()).send(&client).await.unwrap();
    let read = Nulls::get(Nulls::key("1")).send(&client).await.unwrap();
    assert_eq!(read, Some(nulls));
}

/// An idempotency record of Powertools for TypeScript, and what else is of any type.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "any")]
struct Any {
    #[dynamo(partition_key)]
    id: String,
    data: Option<AnyValue>,
    #[dynamo(default)]
    more: BTreeMap<String, AnyValue>,
    secret: Option<Sensitive<AnyValue>>,
}

#[tokio::test]
async fn a_value_of_any_type_keeps_its_sets_and_its_binary() {
    let any: Any = as_stored(
        r#"{"id":{"S":"1"},"data":{"M":{"b":{"B":"aGk="},"n":{"N":"1.50"},"s":{"NS":["1","2"]}}},"more":{"M":{"l":{"L":[{"NULL":true},{"BOOL":true}]}}}}"#,
    );
    let client = engine::client().table::<Any>().build().await;
    Any::create(any.clone()).send(&client).await.unwrap();
    let data = any.data.clone().unwrap();
    let update = || Any::update(Any::key("1"));
    let entry = Any::MORE.entry("l");
    let list = AnyValue::L(vec![AnyValue::Null, AnyValue::from(true)]);
    let condition = all_of([Any::DATA.eq(data), entry.clone().eq(list)]);
    let text = AnyValue::Ss(BTreeSet::from(["x".to_owned()]));
    let update_both = update().set(Any::DATA, text.clone()).set(entry, AnyValue::from("y"));
    let updated = update_both.condition(condition).returning_new().send(&client).await.unwrap();
    assert_eq!((updated.data, &updated.more["l"]), (Some(text.clone()), &AnyValue::from("y")));
    assert!(!format!("{:?}", Some(Sensitive::new(AnyValue::from("hidden")))).contains("hidden"));
    let other = update().remove(Any::DATA).condition(Any::DATA.ne(text)).send(&client).await;
    assert!(other.unwrap_err().is_condition_failed());
    let empty = AnyValue::Ss(BTreeSet::new());
    let error = update().set(Any::DATA, empty).if_exists().send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
}

/// A value of any type.
fn any_value() -> impl Strategy<Value = AnyValue> {
    let text = ".{0,4}";
    let set = |element| prop::collection::btree_set(element, 1..4);
    let leaf = prop_oneof![
        text.prop_map(AnyValue::S),
        any::<i64>().prop_map(AnyValue::from),
        any::<Vec<u8>>().prop_map(AnyValue::B),
        any::<bool>().prop_map(AnyValue::Bool),
        Just(AnyValue::Null),
        prop::collection::btree_set(text, 1..4).prop_map(AnyValue::Ss),
        set(any::<i64>()).prop_map(|set| AnyValue::Ns(set.into_iter().map(Into::into).collect())),
        prop::collection::btree_set(any::<Vec<u8>>(), 1..4).prop_map(AnyValue::Bs),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(AnyValue::L),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(AnyValue::M),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_of_any_type_is_read_as_it_was_written(value in any_value()) {
        let any = Any { id: "1".to_owned(), data: Some(value.clone()), more: BTreeMap::new(), secret: None };
        let read = decode_item::<Any>(&encode_item(&any).unwrap()).unwrap();
        let expected = Some(value).filter(|value| *value != AnyValue::Null);
        prop_assert_eq!(&read.data, &expected);
        if let Some(value) = expected {
            let json = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(serde_json::from_str::<AnyValue>(&json).unwrap(), value);
        }
    }
}
