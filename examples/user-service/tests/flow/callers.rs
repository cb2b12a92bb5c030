//! Who calls: what a caller may do, how often, and how it logs in.

use std::time::Duration;

use hyper::{Method, StatusCode};
use serde_json::json;
use user_service::config::TokenKeys;

use crate::{ADA, ADAS_ID, ADAS_PATH, start, start_on, start_with};

#[tokio::test]
async fn a_caller_has_its_own_record_and_its_scopes() {
    let service = start().await;
    let other = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let ada = service.as_caller(ADAS_ID, "read write");
    assert_eq!(ada.json(Method::POST, "/users", "", ADA).await.status, StatusCode::CREATED);
    assert_eq!(ada.get(ADAS_PATH).await.status, StatusCode::OK);

    // Another's record is as if there were none, whether there is or not.
    let stranger = service.as_caller(other, "read write");
    let patch = r#"{"name":"Mallory"}"#;
    for (client, path) in [(&stranger, ADAS_PATH.to_owned()), (&ada, format!("/users/{other}"))] {
        for answer in [
            client.get(&path).await,
            client.json(Method::PATCH, &path, "\"1\"", patch).await,
            client.bare(Method::DELETE, &path, "\"1\"").await,
        ] {
            assert_eq!((answer.status.as_u16(), &*answer.problem()), (404, "user-not-found"));
        }
    }
    let as_ada = stranger.json(Method::POST, "/users", "", ADA).await;
    assert_eq!((as_ada.status.as_u16(), &*as_ada.problem()), (403, "scope-missing"));

    let reader = service.as_caller(ADAS_ID, "read");
    let writer = service.as_caller(ADAS_ID, "write");
    let nothing = service.as_caller(ADAS_ID, "");
    assert_eq!(reader.get(ADAS_PATH).await.status, StatusCode::OK);
    for answer in [
        writer.get(ADAS_PATH).await,
        nothing.get(ADAS_PATH).await,
        reader.json(Method::PATCH, ADAS_PATH, "\"1\"", patch).await,
        reader.bare(Method::DELETE, ADAS_PATH, "\"1\"").await,
        reader.json(Method::POST, "/users", "", ADA).await,
        ada.json(Method::POST, "/users/search", "", r#"{"name":"Ada Lovelace"}"#).await,
        ada.get("/metrics").await,
        ada.get("/security").await,
    ] {
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (403, "scope-missing"));
        assert!(answer.header("www-authenticate").ends_with("error=\"insufficient_scope\""));
    }
    let admin = &service.client;
    assert_eq!(admin.get(ADAS_PATH).await.status, StatusCode::OK);
}

#[tokio::test]
async fn two_instances_count_a_callers_requests_together() {
    let one = start_with(|config| config.requests_per_minute = 3).await;
    let secret = user_service::secret::Secret::from_hex(&"ab".repeat(32)).unwrap();
    let with = |config: &mut user_service::Config| {
        config.requests_per_minute = 3;
        config.secret = secret.clone();
        config.tokens.keys = TokenKeys::Own(one.key.clone());
    };
    let (first, second) = (start_on(&one.engine, with).await, start_on(&one.engine, with).await);
    // One time on both.
    let time = *first.clock.0.lock().unwrap();
    *second.clock.0.lock().unwrap() = time;
    let token = one.token("ada", "read");
    let (a, b) = (first.client.with_token(&token), second.client.with_token(&token));
    for client in [&a, &b, &a] {
        assert_eq!(client.get(ADAS_PATH).await.problem(), "user-not-found");
    }
    for client in [&a, &b] {
        let refused = client.get(ADAS_PATH).await;
        assert_eq!((refused.status.as_u16(), &*refused.problem()), (429, "rate-limited"));
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
    }
    let other = one.token("bob", "read");
    assert_eq!(second.client.with_token(&other).get(ADAS_PATH).await.problem(), "user-not-found");
    // Who waits as long as it was told is let in.
    let wait: u64 = a.get(ADAS_PATH).await.header("retry-after").parse().unwrap();
    first.clock.put_on(Duration::from_secs(wait));
    assert_eq!(a.get(ADAS_PATH).await.problem(), "user-not-found");
}

#[tokio::test]
async fn who_cannot_be_counted_is_not_let_in() {
    let service = start().await;
    service.engine.faults().fail("UpdateItem", 400, "AccessDeniedException");
    assert_eq!(service.client.get(ADAS_PATH).await.problem(), "internal");
    assert!(service.engine.requests().iter().all(|request| request.operation() != "GetItem"));
}

pub(crate) const LOGIN: &str = r#"{"email":"ada@example.com","password":"correct horse battery"}"#;

#[tokio::test]
async fn a_login_gives_a_token_for_ones_own_record() {
    let service = start().await;
    service.client.json(Method::POST, "/users", "", ADA).await;
    let nobody = service.client.without_token();
    let login = async |body: &str| nobody.json(Method::POST, "/login", "", body).await;
    let token = login(LOGIN).await.json();
    assert_eq!((&token["token_type"], &token["scope"]), (&json!("Bearer"), &json!("read write")));
    assert_eq!(token["expires_in"], 900);
    let ada = service.client.with_token(token["access_token"].as_str().unwrap());
    assert_eq!(ada.get(ADAS_PATH).await.status, StatusCode::OK);
    let patch = r#"{"password":"another horse"}"#;
    assert_eq!(ada.json(Method::PATCH, ADAS_PATH, "\"1\"", patch).await.status, StatusCode::OK);
    let search = ada.json(Method::POST, "/users/search", "", r#"{"name":"Ada Lovelace"}"#).await;
    assert_eq!(search.problem(), "scope-missing");

    // The old password, nobody's address, and the address of who is gone are all the same.
    let (old, stranger) = (login(LOGIN).await, login(&LOGIN.replace("ada", "eve")).await);
    ada.bare(Method::DELETE, ADAS_PATH, "\"2\"").await;
    let gone = login(&LOGIN.replace("correct horse battery", "another horse")).await;
    for refused in [old, stranger, gone] {
        assert_eq!((refused.status.as_u16(), &*refused.problem()), (401, "login-failed"));
    }
    // The token outlives its user, who is absent all the same.
    assert_eq!(ada.get(ADAS_PATH).await.problem(), "user-not-found");
    service.clock.put_on(Duration::from_secs(900 + 31));
    assert_eq!(ada.get(ADAS_PATH).await.problem(), "invalid-token");
}
