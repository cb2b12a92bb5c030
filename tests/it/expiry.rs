//! An expired item, which the service may keep for days, reads as absent.

mod stored;

use std::time::Duration;

use dynamo_runtime::prelude::*;

use crate::engine::eventually;
use crate::entities::{Session, SessionKey, User, client, user, user_key};

fn ago(seconds: u64) -> Timestamp {
    Timestamp::now() - Duration::from_secs(seconds)
}

fn hence(seconds: u64) -> Timestamp {
    Timestamp::now() + Duration::from_secs(seconds)
}

async fn expired(client: &SecureClient) -> User {
    let user = User { expires_at: Some(ago(60)), ..user("u1") };
    User::create(user).send(client).await.unwrap()
}

#[tokio::test]
async fn what_is_stored_are_whole_seconds_and_so_is_what_is_given_back() {
    let client = client().await;
    let expires_at = Timestamp::from_epoch_micros(4_000_000_000_123_456).unwrap();
    let created = User::create(User { expires_at: Some(expires_at), ..user("u1") });
    let created = created.send(&client).await.unwrap();
    assert_eq!(created.expires_at.unwrap().epoch_micros(), 4_000_000_000_000_000);
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(created));
}

#[tokio::test]
async fn a_read_leaves_it_out_unless_asked() {
    let client = client().await;
    let user = expired(&client).await;
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), None);
    let asked = User::get(user_key("u1")).including_expired().send(&client).await.unwrap();
    assert_eq!(asked, Some(user.clone()));
    let query = || User::by_email(&user.email);
    let all = || query().including_expired();
    eventually(1, async || all().count(&client).await.unwrap()).await;
    eventually(vec![user.clone()], async || all().items(&client).collect().await.unwrap()).await;
    assert_eq!(query().items(&client).collect().await.unwrap(), []);
    assert_eq!(query().count(&client).await.unwrap(), 0);
}

#[tokio::test]
async fn a_create_succeeds_over_it() {
    let client = client().await;
    expired(&client).await;
    let again = User::create(user("u1")).send(&client).await.unwrap();
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(again));
}

#[tokio::test]
async fn the_other_writes_find_it_absent() {
    let client = client().await;
    let user = expired(&client).await;
    let update = User::update(user_key("u1")).set(User::EMAIL, "new@example.com");
    let errors = [
        update.if_exists().send(&client).await.unwrap_err(),
        User::delete(user_key("u1")).if_exists().send(&client).await.unwrap_err(),
        User::replace(user.clone()).send(&client).await.unwrap_err(),
        User::delete_entity(&user).send(&client).await.unwrap_err(),
        User::modify(user_key("u1"), |_| Ok(())).send(&client).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_absent(), "{error}");
    }
    let asked = User::get(user_key("u1")).including_expired().send(&client).await.unwrap();
    assert_eq!(asked, Some(user));
}

#[tokio::test]
async fn an_item_that_is_alive_is_written() {
    let client = client().await;
    let user = User { expires_at: Some(hence(60)), ..user("u1") };
    User::create(user).send(&client).await.unwrap();
    User::update(user_key("u1"))
        .set(User::EXPIRES_AT, hence(120))
        .condition(User::EXPIRES_AT.lt(hence(90)))
        .send(&client)
        .await
        .unwrap();
    let error = User::create(crate::entities::user("u1")).send(&client).await.unwrap_err();
    assert!(!error.is_absent());
    User::update(user_key("u1")).remove(User::EXPIRES_AT).if_exists().send(&client).await.unwrap();
    let user = User::get(user_key("u1")).send(&client).await.unwrap().unwrap();
    assert_eq!(user.expires_at, None);
}

#[tokio::test]
async fn a_query_of_the_table_leaves_it_out_too() {
    let client = client().await;
    for (token, expires_at) in [("old", ago(5)), ("a", hence(50)), ("b", hence(500))] {
        let session = Session {
            owner: "o".to_owned(),
            token: token.to_owned(),
            hits: 0,
            created_at: Timestamp::now(),
            updated_at: Timestamp::now(),
            expires_at,
        };
        Session::create(session).send(&client).await.unwrap();
    }
    let tokens = |sessions: Vec<Session>| -> Vec<String> {
        sessions.into_iter().map(|session| session.token).collect()
    };
    let all = || Session::query("o");
    assert_eq!(tokens(all().items(&client).collect().await.unwrap()), ["a", "b"]);
    assert_eq!(all().count(&client).await.unwrap(), 2);
    let soon = all().filter(Session::EXPIRES_AT.le(hence(60)));
    assert_eq!(tokens(soon.items(&client).collect().await.unwrap()), ["a"]);
    let key = SessionKey { owner: "o".to_owned(), token: "old".to_owned() };
    assert_eq!(Session::get(key).send(&client).await.unwrap(), None);
}
