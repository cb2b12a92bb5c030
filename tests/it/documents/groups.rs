//! Groups: the attributes of a document among those of the struct that it is in.

use dynamo_runtime::prelude::*;

use super::{json, read};

mod attributes;

#[derive(Document, Clone, Debug, Default, PartialEq)]
#[dynamo(rename_all = "camelCase")]
struct Audit {
    created_by: String,
    changed_by: Option<String>,
    #[dynamo(flatten)]
    origin: Origin,
}

#[derive(Document, Clone, Debug, Default, PartialEq)]
struct Origin {
    #[dynamo(default)]
    host: String,
}

#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(tag = "kind", rename_all = "lowercase")]
enum State {
    Draft,
    Published { url: String },
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "articles")]
struct Article {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(flatten)]
    audit: Audit,
    title: String,
    #[dynamo(flatten)]
    state: State,
}

#[derive(Entity, Clone, Debug, Default, PartialEq)]
#[dynamo(table = "counters")]
struct Counter {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(flatten)]
    origin: Origin,
    count: Option<u64>,
}

fn article() -> Article {
    Article {
        id: "a1".to_owned(),
        audit: Audit {
            created_by: "ann".to_owned(),
            changed_by: None,
            origin: Origin { host: "h1".to_owned() },
        },
        title: "Tea".to_owned(),
        state: State::Published { url: "/tea".to_owned() },
    }
}

#[test]
fn the_attributes_of_a_group_stand_in_the_item() {
    let json = json(&article());
    assert_eq!(
        json,
        r#"{"id":{"S":"a1"},"title":{"S":"Tea"},"createdBy":{"S":"ann"},"host":{"S":"h1"},"kind":{"S":"published"},"url":{"S":"/tea"}}"#
    );
    assert_eq!(read(&json), Ok(article()));
}

#[test]
fn they_are_read_in_any_order_and_beside_others() {
    let stored = r#"{"url":{"S":"/tea"},"host":{"S":"h1"},"x":{"N":"1"},"kind":{"S":"published"},"createdBy":{"S":"ann"},"title":{"S":"Tea"},"id":{"S":"a1"},"changedBy":{"NULL":true}}"#;
    assert_eq!(read(stored), Ok(article()));
    let draft =
        r#"{"kind":{"S":"draft"},"createdBy":{"S":"ann"},"title":{"S":"Tea"},"id":{"S":"a1"}}"#;
    let expected = Article {
        audit: Audit { created_by: "ann".to_owned(), ..Audit::default() },
        state: State::Draft,
        ..article()
    };
    assert_eq!(read(draft), Ok(expected));
}

#[test]
fn an_error_in_a_group_has_its_path() {
    let error = |rest: &str| {
        let stored =
            format!(r#"{{"id":{{"S":"a1"}},"title":{{"S":"Tea"}},"kind":{{"S":"draft"}}{rest}}}"#);
        read::<Article>(&stored).unwrap_err().to_string()
    };
    assert_eq!(
        error(""),
        "`createdBy`: the attribute is missing; a field that older items lack has `#[dynamo(default)]`"
    );
    assert_eq!(
        error(r#","createdBy":{"N":"1"}"#),
        "`createdBy`: expected a string (S), found a number (N)"
    );
    assert_eq!(
        error(r#","createdBy":{"S":"a"},"createdBy":{"S":"a"}"#),
        "`createdBy`: the name stands twice in its object"
    );
}

#[tokio::test]
async fn an_entity_with_groups_round_trips_through_the_engine() {
    let client = crate::engine::client().table::<Article>().build().await;
    Article::create(article()).send(&client).await.unwrap();
    let found = Article::get(Article::key("a1")).send(&client).await.unwrap();
    assert_eq!(found, Some(article()));
}

#[tokio::test]
async fn an_upsert_leaves_out_a_group_that_can_be_absent() {
    let client = crate::engine::client().table::<Counter>().build().await;
    Counter::upsert(Counter::key("c1"))
        .set(Counter::COUNT, 1)
        .condition(Counter::COUNT.not_exists())
        .send(&client)
        .await
        .unwrap();
    let found = Counter::get(Counter::key("c1")).send(&client).await.unwrap().unwrap();
    assert_eq!(found, Counter { id: "c1".to_owned(), count: Some(1), ..Counter::default() });
}
