//! A creation that is asked for twice, and addresses that are wanted twice.

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::client::{Answer, Client};
use crate::{ADA, ADAS_PATH, start, start_on};

async fn create(client: &Client, key: &str, body: &str) -> Answer {
    let headers = [("content-type", "application/json"), ("idempotency-key", key)];
    client.request(Method::POST, "/users", &headers, body).await
}

fn user(email: &str) -> String {
    json!({ "email": email, "name": "A", "password": "correct horse" }).to_string()
}

#[tokio::test]
async fn the_same_request_creates_one_user() {
    let service = start().await;
    let client = &service.client;
    let body = user("a@example.com");
    let first = create(client, "key-1", &body).await;
    assert_eq!((first.status, first.header("idempotent-replayed")), (StatusCode::CREATED, ""));
    for key in ["key-1", "\"key-1\""] {
        let again = create(client, key, &body).await;
        assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.json()));
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.header("idempotent-replayed"), "true");
    }
    let other = create(client, "key-1", &user("b@example.com")).await;
    assert_eq!((other.status.as_u16(), &*other.problem()), (422, "idempotency-key-reused"));
    // Another caller has keys of its own.
    let another = service.as_caller("another", "admin");
    let created = create(&another, "key-1", &user("b@example.com")).await;
    assert_eq!((created.status, created.header("idempotent-replayed")), (StatusCode::CREATED, ""));

    client.bare(Method::DELETE, first.header("location"), "\"1\"").await;
    assert_eq!(create(client, "key-1", &body).await.problem(), "created-user-gone");
    for key in ["", "a b", "é", &"x".repeat(65)] {
        assert_eq!(create(client, key, &body).await.problem(), "invalid-idempotency-key", "{key}");
    }
}

#[tokio::test]
async fn the_same_request_at_once_creates_one_user() {
    let service = start().await;
    let body = user("a@example.com");
    let mut transactions = Vec::new();
    for _ in 0..2 {
        transactions.push(service.engine.faults().pause("TransactWriteItems"));
    }
    let ask = || {
        let (client, body) = (service.client.clone(), body.clone());
        tokio::spawn(async move { create(&client, "key-1", &body).await })
    };
    // Both have found no earlier request before either writes.
    let answers = [ask(), ask()];
    for transaction in &transactions {
        transaction.reached().await;
    }
    for transaction in transactions {
        transaction.release().done().await;
    }
    let mut replayed = Vec::new();
    let mut locations = Vec::new();
    for answer in answers {
        let answer = answer.await.unwrap();
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        replayed.push(answer.header("idempotent-replayed").to_owned());
        locations.push(answer.header("location").to_owned());
    }
    replayed.sort();
    assert_eq!(replayed, ["", "true"]);
    assert_eq!(locations[0], locations[1]);
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_known_again() {
    let service = start().await;
    service.engine.faults().lose_response("TransactWriteItems");
    let created = create(&service.client, "key-1", &user("a@example.com")).await;
    assert_eq!((created.status, created.header("etag")), (StatusCode::CREATED, "\"1\""));
    assert_eq!(service.engine.faults().pending(), 0);
}

#[tokio::test]
async fn an_address_is_one_users() {
    let service = start().await;
    let client = &service.client;
    let post = async |body: &str| client.json(Method::POST, "/users", "", body).await;
    assert_eq!(post(ADA).await.status, StatusCode::CREATED);
    for taken in ["ada@example.com", "ADA@EXAMPLE.COM"] {
        let refused = post(&user(taken)).await;
        assert_eq!((refused.status.as_u16(), &*refused.problem()), (409, "email-taken"), "{taken}");
    }
    let bob = post(&user("bob@example.com")).await;
    let bob = bob.header("location");
    let patch = async |etag: &str, path: &str, email: &str| {
        let body = json!({ "email": email }).to_string();
        client.json(Method::PATCH, path, etag, &body).await
    };
    let refused = patch("\"1\"", bob, "ada@example.com").await;
    assert_eq!((refused.status.as_u16(), &*refused.problem()), (409, "email-taken"));
    // The address is free as soon as its user has another, or is gone.
    assert_eq!(patch("\"1\"", ADAS_PATH, "ada@new.example").await.status, StatusCode::OK);
    assert_eq!(patch("\"1\"", bob, "ada@example.com").await.status, StatusCode::OK);
    assert_eq!(client.bare(Method::DELETE, bob, "\"2\"").await.status, StatusCode::NO_CONTENT);
    assert_eq!(post(&user("ada@example.com")).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn two_changes_at_once_do_not_undo_each_other() {
    let service = start().await;
    let other = start_on(&service.engine, |config| {
        config.tokens.keys = user_service::config::TokenKeys::Own(service.key.clone());
    })
    .await;
    let client = &service.client;
    client.json(Method::POST, "/users", "", ADA).await;
    let transaction = service.engine.faults().pause("TransactWriteItems");
    let body = r#"{"name":"Ada King"}"#;
    let late = {
        let client = client.clone();
        tokio::spawn(async move { client.json(Method::PATCH, ADAS_PATH, "\"1\"", body).await })
    };
    transaction.reached().await;
    let token = service.token("operator", "admin");
    let early = other.client.with_token(&token);
    let early = early.json(Method::PATCH, ADAS_PATH, "\"1\"", r#"{"email":"b@example.com"}"#).await;
    assert_eq!(early.status, StatusCode::OK, "{early:?}");
    transaction.release().done().await;
    assert_eq!(late.await.unwrap().problem(), "version-moved-on");
    let now = client.get(ADAS_PATH).await.json();
    assert_eq!((&now["name"], &now["email"]), (&json!("Ada Lovelace"), &json!("b@example.com")));
}
