//! What a user can be told to do.

use std::time::Duration;

use dynamo_runtime::prelude::*;
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;
use user_service::Server;
use user_service::config::{Certificate, Config, Store};

use crate::client::Client;
use crate::{ADA, ADAS_PATH, log, start};

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
    let body = r#"{"email":"a@example.com","name":"A","password":"correct horse"}"#;
    let mut paths = Vec::new();
    for _ in 0..2 {
        let created = service.client.json(Method::POST, "/users", "", body).await;
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
        (emails.join(" "), found["has_more"].as_bool().unwrap())
    };
    let one = "a@one.example b@one.example c@one.example";
    assert_eq!(search(r#"{"domain":"ONE.example"}"#).await, (one.to_owned(), false));
    assert_eq!(search(r#"{"domain":"one.example","limit":3}"#).await, (one.to_owned(), false));
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
async fn with_nothing_set_up_the_service_starts_by_itself() {
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = Config { listen, certificate: Certificate::ForThisRun, store: Store::Embedded };
    let server = Server::bind(&config).await.unwrap();
    let client = Client::trusting(server.ca_pem().unwrap(), server.address());
    tokio::spawn(server.run(std::future::pending()));
    let health = client.get("/healthz").await;
    assert_eq!((health.status, health.text.as_str()), (StatusCode::OK, "ok"));
    assert_eq!(client.json(Method::POST, "/users", "", ADA).await.status, StatusCode::CREATED);
    assert_eq!(client.get(ADAS_PATH).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_sensitive_is_in_a_response_or_in_the_log() {
    let service = start().await;
    let client = &service.client;
    let person = r#"{"email":"grace.secret@private.example","name":"Grace Unlogged","password":"hunter2hunter2"}"#;
    let created = client.json(Method::POST, "/users", "", person).await;
    let path = created.header("location").to_owned();
    let search = r#"{"domain":"private.example"}"#;
    let answers = [
        client.get(&path).await,
        client.json(Method::POST, "/users/search", "", search).await,
        client
            .json(Method::PATCH, &path, "\"7\"", r#"{"email":"grace.secret@private.example"}"#)
            .await,
        client.json(Method::POST, "/users", "", &person.replace("Grace", "\\u0000Grace")).await,
        client.json(Method::POST, "/users", "", &person.replace("email", "hunter2hunter2")).await,
        client.bare(Method::DELETE, &path, "\"1\"").await,
        created,
    ];
    for answer in &answers {
        let shown = format!("{answer:?}");
        for secret in ["hunter2", "argon2", "password_hash"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
    for answer in &answers {
        assert!(log::about(answer.header("x-correlation-id")).contains("answered"));
    }
    let log = log::so_far();
    for secret in ["hunter2", "argon2id", "grace.secret", "private.example", "Unlogged"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}
