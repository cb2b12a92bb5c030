//! `SecureClient::local()` itself.

use std::time::{Duration, SystemTime};

use dynamo_runtime::prelude::*;

use crate::engine::{client, embedded, embedded_engine};
use crate::entities::{Reading, Session, SessionKey, User, reading, reading_key, user, user_key};

#[tokio::test]
async fn a_file_keeps_the_data() {
    let folder = std::env::temp_dir().join(format!("dynamo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("engine.db");
    let open = || embedded().file(&file).table::<User>().build();
    let created = User::create(user("u1")).send(&open().await.unwrap()).await.unwrap();
    let read = User::get(user_key("u1")).send(&open().await.unwrap()).await.unwrap();
    assert_eq!(read, Some(created));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn the_last_place_of_the_data_is_the_one() {
    let engine = embedded_engine().await;
    let folder = std::env::temp_dir().join(format!("dynamo-place-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("engine.db");
    embedded().file(&file).engine(&engine).build().await.unwrap();
    assert!(!file.exists());
    embedded().engine(&engine).file(&file).build().await.unwrap();
    assert!(file.exists());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn each_engine_is_one_of_its_own() {
    let one = embedded().table::<Reading>().build().await.unwrap();
    let other = embedded().table::<Reading>().build().await.unwrap();
    Reading::create(reading("s", 1)).send(&one).await.unwrap();
    assert_eq!(Reading::get(reading_key("s", 1)).send(&other).await.unwrap(), None);
}

#[tokio::test]
async fn the_clock_is_the_one_that_was_given() {
    let then = SystemTime::UNIX_EPOCH + Duration::from_hours(1);
    let client = client().clock(move || then).table::<Session>().build().await;
    let at = |seconds| Timestamp::from_epoch_seconds(seconds).unwrap();
    let session = |token: &str, expires_at| Session {
        owner: "o".to_owned(),
        token: token.to_owned(),
        hits: 0,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        expires_at,
    };
    let created = Session::create(session("alive", at(3601))).send(&client).await.unwrap();
    assert_eq!((created.created_at, created.updated_at), (at(3600), at(3600)));
    Session::create(session("over", at(3600))).send(&client).await.unwrap();
    let get =
        |token: &str| Session::get(SessionKey { owner: "o".to_owned(), token: token.to_owned() });
    assert_eq!(get("alive").send(&client).await.unwrap(), Some(created));
    assert_eq!(get("over").send(&client).await.unwrap(), None);
    // At the very second at which it expires, an item is absent to reads and writes alike.
    Session::create(session("over", at(3600))).send(&client).await.unwrap();
    assert_eq!(Session::query("o").count(&client).await.unwrap(), 1);
}

#[tokio::test]
async fn every_response_says_who_answered() {
    let client = client().table::<User>().build().await;
    let response = User::get(user_key("u1")).send_with_metadata(&client).await.unwrap();
    let peer = response.peer.unwrap();
    assert!(peer.remote_address().ip().is_loopback());
    assert_eq!(peer.tls_version(), "TLSv1_3");
}
