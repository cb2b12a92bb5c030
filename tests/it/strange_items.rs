//! Items that do not fit the struct: an error with entity, path and kind, and no value.

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;

use crate::engine::eventually;
use crate::entities::{User, UserId, client, user, user_key};

/// The same table, as another program may write it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", allow(unconditional_put))]
struct Strange {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    password_hash: Option<Vec<String>>,
    created_at: Option<String>,
    version: Option<f64>,
    expires_at: Option<i64>,
    #[dynamo(default)]
    nobody_knows: Vec<bool>,
}

fn strange() -> Strange {
    Strange {
        user_id: "u1".to_owned(),
        email: "secret@example.com".to_owned(),
        password_hash: Some(vec!["secret".to_owned()]),
        created_at: Some("2026-11-23T19:55:13Z".to_owned()),
        version: Some(1.0),
        expires_at: None,
        nobody_knows: vec![true],
    }
}

/// The table's `User`, with a text where `Strange` has a list.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", allow(unconditional_put))]
struct Other {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    password_hash: String,
    created_at: Option<String>,
    version: Option<f64>,
    expires_at: Option<i64>,
    #[dynamo(default)]
    nobody_knows: Vec<bool>,
}

fn other() -> Other {
    let Strange { user_id, email, created_at, version, expires_at, nobody_knows, .. } = strange();
    Other {
        user_id,
        email,
        password_hash: "secret".to_owned(),
        created_at,
        version,
        expires_at,
        nobody_knows,
    }
}

async fn read(client: &SecureClient) -> Error {
    User::get(user_key("u1")).send(client).await.unwrap_err()
}

fn check(error: &Error, path: &str, message: &str) {
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.entity(), error.path()), ("User", Some(path)));
    let shown = format!("{error} {error:?}");
    assert!(shown.contains(message), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_value_of_another_type() {
    let client = client().await;
    Strange::put_unconditionally(strange()).send(&client).await.unwrap();
    check(&read(&client).await, "Item.password_hash", "list");
}

#[tokio::test]
async fn a_missing_attribute() {
    let client = client().await;
    Strange::put_unconditionally(Strange { password_hash: None, ..strange() })
        .send(&client)
        .await
        .unwrap();
    check(&read(&client).await, "Item.password_hash", "missing");
}

#[tokio::test]
async fn a_number_that_is_no_version() {
    let client = client().await;
    for version in [1.5, -1.0, 1e30] {
        let item = Other { version: Some(version), ..other() };
        Other::put_unconditionally(item).send(&client).await.unwrap();
        check(&read(&client).await, "Item.version", "");
    }
}

#[tokio::test]
async fn a_text_that_is_no_time() {
    let client = client().await;
    for time in ["", "yesterday", "2026-13-01T00:00:00Z", "2026-11-23T19:55:13.0000001Z"] {
        let item = Other { created_at: Some(time.to_owned()), ..other() };
        Other::put_unconditionally(item).send(&client).await.unwrap();
        check(&read(&client).await, "Item.created_at", "");
    }
}

#[tokio::test]
async fn an_unknown_attribute_is_left_alone_and_other_forms_are_read() {
    let client = client().await;
    Other::put_unconditionally(other()).send(&client).await.unwrap();
    let user = User::get(user_key("u1")).send(&client).await.unwrap().unwrap();
    assert_eq!((user.user_id, user.version), (UserId("u1".to_owned()), Version::FIRST));
    assert_eq!(user.created_at.to_string(), "2026-11-23T19:55:13.000000Z");
}

#[tokio::test]
async fn one_strange_item_among_many() {
    let client = client().await;
    User::create(user("u0")).send(&client).await.unwrap();
    Strange::put_unconditionally(strange()).send(&client).await.unwrap();
    let by_email = || User::by_email("secret@example.com");
    eventually(1, async || by_email().count(&client).await.unwrap()).await;
    let error = by_email().page(&client).await.unwrap_err();
    check(&error, "Items[0].password_hash", "list");
}

#[tokio::test]
async fn an_unreadable_item_does_not_hide_that_the_condition_failed() {
    let client = client().await;
    Strange::put_unconditionally(strange()).send(&client).await.unwrap();
    let error = User::create(user("u1")).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && !error.is_absent());
    assert_eq!(error.current(), None);
    assert_eq!(
        error.current_unreadable().and_then(|error| error.path()),
        Some("Item.password_hash")
    );
    assert!(!format!("{error} {error:?}").contains("secret"));
}
