//! What a user can be told to do.

use std::time::Duration;

use dynamo_runtime::prelude::*;
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;

use crate::{ADA, ADAS_PATH, start};

#[tokio::test]
async fn the_whole_life_of_a_user() {
    let service = start().await;
    let client = &service.client;

    let created = client.json(Method::POST, "/users", "", ADA).await;
    assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
    assert_eq!(created.header("location"), ADAS_PATH);
    assert_eq!(created.header("etag"), "\"1\"");
    let user = created.json();
    assert_eq!(user["email"], "Ada@example.com");
    assert_eq!(user["version"], 1);
    let fields: Vec<_> = user.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["created_at", "email", "name", "user_id", "version"]);

    let duplicate = client.json(Method::POST, "/users", "", ADA).await;
    assert_eq!(duplicate.status, StatusCode::CONFLICT);
    assert_eq!(duplicate.problem(), "user-exists");

    let read = client.get(ADAS_PATH).await;
    assert_eq!((read.status, read.json()), (StatusCode::OK, user.clone()));
    assert_eq!(read.header("etag"), "\"1\"");
    assert_eq!(read.header("cache-control"), "no-store");

    let change = r#"{"email":"countess@analytical.example"}"#;
    let changed = client.json(Method::PATCH, ADAS_PATH, "\"1\"", change).await;
    assert_eq!(changed.status, StatusCode::OK, "{changed:?}");
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.json()["email"], "countess@analytical.example");
    assert_eq!(changed.json()["created_at"], user["created_at"]);

    let stale = client.json(Method::PATCH, ADAS_PATH, "\"1\"", change).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(stale.problem(), "version-moved-on");
    let stale = client.bare(Method::DELETE, ADAS_PATH, "\"1\"").await;
    assert_eq!(stale.problem(), "version-moved-on");

    let deleted = client.bare(Method::DELETE, ADAS_PATH, "\"2\"").await;
    assert_eq!((deleted.status, deleted.text.as_str()), (StatusCode::NO_CONTENT, ""));

    for gone in [
        client.get(ADAS_PATH).await,
        client.json(Method::PATCH, ADAS_PATH, "\"2\"", change).await,
        client.bare(Method::DELETE, ADAS_PATH, "\"2\"").await,
    ] {
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        assert_eq!(gone.problem(), "user-not-found");
    }
    service.stop().await;
}

#[tokio::test]
async fn without_an_id_the_service_chooses_one() {
    let service = start().await;
    let mut paths = Vec::new();
    for email in ["a@example.com", "b@example.com"] {
        let body = json!({ "email": email, "name": "A", "password": "correct horse" }).to_string();
        let created = service.client.json(Method::POST, "/users", "", &body).await;
        assert_eq!(created.status, StatusCode::CREATED);
        paths.push(created.header("location").to_owned());
        assert_eq!(service.client.get(&paths[paths.len() - 1]).await.status, StatusCode::OK);
    }
    assert_ne!(paths[0], paths[1]);
}

#[tokio::test]
async fn users_are_found_by_domain_name_and_address() {
    let service = start().await;
    let client = &service.client;
    for (email, name) in [
        ("c@one.example", "Kim"),
        ("a@one.example", "Ada"),
        ("b@one.example", "Kim"),
        ("a@two.example", "Ada"),
    ] {
        let body = json!({ "email": email, "name": name, "password": "correct horse" });
        let created = client.json(Method::POST, "/users", "", &body.to_string()).await;
        assert_eq!(created.status, StatusCode::CREATED);
    }
    let search = async |body: &str| {
        let found = client.json(Method::POST, "/users/search", "", body).await;
        assert_eq!(found.status, StatusCode::OK, "{found:?}");
        let found = found.json();
        let users = found["users"].as_array().unwrap();
        let mut emails: Vec<_> =
            users.iter().map(|user| user["email"].as_str().unwrap().to_owned()).collect();
        if body.contains("name") {
            emails.sort();
        }
        (emails.join(" "), found["next"].is_string())
    };
    let one = "a@one.example b@one.example c@one.example";
    assert_eq!(search(r#"{"domain":"ONE.example"}"#).await, (one.to_owned(), false));
    assert_eq!(search(r#"{"domain":"one.example","limit":4.0}"#).await, (one.to_owned(), false));
    let two = "a@one.example b@one.example".to_owned();
    assert_eq!(search(r#"{"domain":"one.example","limit":2}"#).await, (two, true));
    let kims = "b@one.example c@one.example".to_owned();
    assert_eq!(search(r#"{"name":"Kim"}"#).await, (kims, false));
    let address = "a@two.example".to_owned();
    assert_eq!(search(r#"{"email":"a@two.example"}"#).await, (address, false));
    assert_eq!(search(r#"{"domain":"three.example"}"#).await, (String::new(), false));
}

#[tokio::test]
async fn a_changed_address_is_found_under_its_new_domain_alone() {
    let service = start().await;
    let client = &service.client;
    client.json(Method::POST, "/users", "", ADA).await;
    client.json(Method::PATCH, ADAS_PATH, "\"1\"", r#"{"email":"ada@new.example"}"#).await;
    let found = async |body| {
        let found = client.json(Method::POST, "/users/search", "", body).await.json();
        found["users"].as_array().unwrap().len()
    };
    assert_eq!(found(r#"{"domain":"new.example"}"#).await, 1);
    assert_eq!(found(r#"{"domain":"example.com"}"#).await, 0);
}

#[tokio::test]
async fn an_expired_user_is_absent_and_gives_the_id_free() {
    let service = start().await;
    let client = &service.client;
    let expires_at = Timestamp::now() + Duration::from_secs(2);
    let mut body: serde_json::Value = serde_json::from_str(ADA).unwrap();
    body["expires_at"] = json!(expires_at.to_string());
    let created = client.json(Method::POST, "/users", "", &body.to_string()).await;
    assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
    assert!(created.json()["expires_at"].is_string());
    sleep(Duration::from_secs(2)).await;
    assert_eq!(client.get(ADAS_PATH).await.problem(), "user-not-found");
    let again = client.json(Method::POST, "/users", "", ADA).await;
    assert_eq!(again.status, StatusCode::CREATED);
    assert_eq!(client.get(ADAS_PATH).await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_are_for_their_caller_and_their_search() {
    let service = start().await;
    let client = &service.client;
    for name in ["a", "b", "c"] {
        let body = json!({ "email": format!("{name}@one.example"), "name": "Kim", "password": "correct horse" });
        client.json(Method::POST, "/users", "", &body.to_string()).await;
    }
    let search = async |client: &crate::client::Client, domain: &str, cursor: Option<&str>| {
        let mut body = json!({ "domain": domain, "limit": 2 });
        if let Some(cursor) = cursor {
            body["cursor"] = json!(cursor);
        }
        client.json(Method::POST, "/users/search", "", &body.to_string()).await
    };
    let first = search(client, "one.example", None).await.json();
    let next = first["next"].as_str().unwrap();
    assert!(!next.contains("one") && first["users"].as_array().unwrap().len() == 2);
    let second = search(client, "one.example", Some(next)).await.json();
    assert_eq!(second["users"][0]["email"], "c@one.example");
    assert_eq!(second["next"].as_str(), None);

    let other = service.as_caller("another", "admin");
    let forged = format!("{}A", &next[..next.len() - 1]);
    for refused in [
        search(&other, "one.example", Some(next)).await,
        search(client, "two.example", Some(next)).await,
        search(client, "one.example", Some(&forged)).await,
        search(client, "one.example", Some("")).await,
        client
            .json(
                Method::POST,
                "/users/search",
                "",
                &json!({ "name": "Kim", "cursor": next }).to_string(),
            )
            .await,
        client
            .json(
                Method::POST,
                "/users/search",
                "",
                &json!({ "email": "a@one.example", "cursor": next }).to_string(),
            )
            .await,
    ] {
        assert_eq!((refused.status.as_u16(), &*refused.problem()), (400, "invalid-cursor"));
    }
}

#[tokio::test]
async fn a_caller_that_has_a_version_is_not_given_it_again() {
    let service = start().await;
    let client = &service.client;
    client.json(Method::POST, "/users", "", ADA).await;
    let get = async |tags: &str| {
        client.request(Method::GET, ADAS_PATH, &[("if-none-match", tags)], "").await
    };
    for tags in ["\"1\"", "*", "W/\"1\"", "\"7\", \"1\""] {
        let answer = get(tags).await;
        assert_eq!((answer.status, &*answer.text), (StatusCode::NOT_MODIFIED, ""), "{tags}");
        assert_eq!(answer.header("etag"), "\"1\"");
    }
    assert_eq!(get("\"2\"").await.status, StatusCode::OK);
    assert_eq!(get("1").await.problem(), "invalid-if-none-match");
}

#[tokio::test]
async fn a_merge_patch_changes_what_it_names() {
    let service = start().await;
    let client = &service.client;
    client.json(Method::POST, "/users", "", ADA).await;
    let patch =
        async |etag: &str, body: &str| client.json(Method::PATCH, ADAS_PATH, etag, body).await;

    let same = patch("\"1\"", "{}").await;
    assert_eq!((same.status, same.header("etag")), (StatusCode::OK, "\"1\""), "nothing is written");
    let timed =
        patch("\"1\"", r#"{"name":"Ada King","expires_at":"2999-01-01T00:00:00Z"}"#).await.json();
    assert_eq!((&timed["name"], &timed["email"]), (&json!("Ada King"), &json!("Ada@example.com")));
    assert!(timed["expires_at"].as_str().unwrap().starts_with("2999-01-01"));
    let untimed = patch("\"2\"", r#"{"expires_at":null}"#).await.json();
    assert!(untimed.get("expires_at").is_none());
    let case = patch("\"3\"", r#"{"email":"ada@example.com"}"#).await;
    assert_eq!(case.json()["email"], "ada@example.com", "the same address in another case");
    assert_eq!(patch("\"4\"", r#"{"password":"another horse"}"#).await.status, StatusCode::OK);

    for body in [
        r#"{"email":null}"#,
        r#"{"name":null}"#,
        r#"{"password":null}"#,
        r#"{"expires_at":7}"#,
        r#"{"version":7}"#,
        r#"{"user_id":"0b9f8c1e-6f0a-4b1e-9c55-2f1d3a4b5c6d"}"#,
        "[]",
        "null",
    ] {
        let answer = patch("\"5\"", body).await;
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (422, "invalid-body"), "{body}");
    }
    assert_eq!(client.get(ADAS_PATH).await.header("etag"), "\"5\"");
}
