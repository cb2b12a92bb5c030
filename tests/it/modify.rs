use std::time::Duration;

use dynamo_runtime::prelude::*;

use crate::entities::{User, UserId, client, engine, user, user_key};

#[tokio::test]
async fn a_modify_writes_what_the_closure_changed() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let modified = User::modify(user_key("u1"), |user| {
        user.email = "new@example.com".to_owned();
        Ok(())
    })
    .send(&client)
    .await
    .unwrap();
    assert_eq!((modified.email.as_str(), modified.version), ("new@example.com", Version::new(2)));
    assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(modified));
}

#[tokio::test]
async fn concurrent_modifies_lose_nothing() {
    let client = client().await;
    User::create(User { email: String::from("x"), ..user("u1") }).send(&client).await.unwrap();
    let writers = (0..6).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            User::modify(user_key("u1"), |user| {
                user.email.push('x');
                Ok(())
            })
            .send(&client)
            .await
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    let user = User::get(user_key("u1")).send(&client).await.unwrap().unwrap();
    assert_eq!((user.email.as_str(), user.version), ("xxxxxxx", Version::new(7)));
}

#[tokio::test]
async fn an_absent_item_cannot_be_modified() {
    let client = client().await;
    let error = User::modify(user_key("u1"), |_| Ok(())).send(&client).await.unwrap_err();
    assert!(error.is_absent());
    let error = error.as_error();
    assert!(error.request_id().is_some() && error.attempts() == 1, "{error}");
}

#[tokio::test]
async fn an_error_of_one_of_its_requests_is_its_own() {
    let (client, engine) = engine().await;
    User::create(user("u1")).send(&client).await.unwrap();
    for request in ["GetItem", "PutItem"] {
        engine.faults().fail(request, 400, "AccessDeniedException");
        let error = User::modify(user_key("u1"), |_| Ok(())).send(&client).await.unwrap_err();
        assert_eq!(error.as_error().operation(), "modify");
        assert_eq!(error.as_error().code(), Some("AccessDeniedException"));
    }
}

#[tokio::test]
async fn a_deadline_can_be_as_long_as_a_duration_and_as_short() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let modify = || User::modify(user_key("u1"), |_| Ok(()));
    let response = modify().deadline(Duration::MAX).send_with_metadata(&client).await.unwrap();
    assert_eq!(response.value.version, Version::new(2));
    assert!(response.request_id.is_some());
    let error = modify().deadline(Duration::ZERO).send(&client).await.unwrap_err();
    assert!(error.as_error().is_timeout(), "{error}");
}

#[tokio::test]
async fn an_error_of_the_closure_ends_it() {
    let (client, engine) = engine().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let puts = count(&engine, "PutItem");
    let error = User::modify(user_key("u1"), |_| Err("not today".into())).send(&client).await;
    let error = dynamo_runtime::Error::from(error.unwrap_err());
    assert!(error.is_aborted());
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "not today");
    assert_eq!(count(&engine, "PutItem"), puts);
}

#[tokio::test]
async fn the_key_stays() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let moved = User::modify(user_key("u1"), |user| {
        user.user_id = UserId("u2".to_owned());
        Ok(())
    });
    let error = moved.deadline(Duration::from_secs(5)).send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid());
    assert_eq!(User::get(user_key("u2")).send(&client).await.unwrap(), None);
}

fn count(engine: &dynamo_runtime::testing::LocalEngine, operation: &str) -> usize {
    engine.requests().iter().filter(|request| request.operation() == operation).count()
}

/// Changes the item behind the back of a modify that is held.
async fn interfere(client: &SecureClient) {
    let theirs = User::update(user_key("u1")).set(User::EMAIL, "theirs@example.com").if_exists();
    theirs.send(client).await.unwrap();
}

#[tokio::test]
async fn an_item_that_moves_on_at_every_try_is_given_up() {
    let (client, engine) = engine().await;
    User::create(user("u1")).send(&client).await.unwrap();
    let pauses: Vec<_> = (0..8).map(|_| engine.faults().pause("PutItem")).collect();
    let writer = client.clone();
    let task = tokio::spawn(async move {
        let mut tries = 0;
        let modify = User::modify(user_key("u1"), |_| {
            tries += 1;
            Ok(())
        });
        let error = modify.send(&writer).await.unwrap_err();
        (error, tries)
    });
    for pause in pauses {
        pause.reached().await;
        interfere(&client).await;
        pause.release();
    }
    let (error, tries) = task.await.unwrap();
    assert!(error.is_condition_failed() && !error.is_absent(), "{error}");
    assert_eq!(tries, 8);
    assert_eq!(error.current().map(|user| user.version), Some(Version::new(9)));
}

#[tokio::test]
async fn a_try_that_may_have_been_applied_is_not_followed_by_another() {
    let (client, engine) = engine().await;
    User::create(user("u1")).send(&client).await.unwrap();
    engine.faults().lose_response("PutItem");
    let pause = engine.faults().pause("PutItem");
    let writer = client.clone();
    let task = tokio::spawn(async move {
        let modify = User::modify(user_key("u1"), |user| {
            user.email.push('x');
            Ok(())
        });
        modify.send(&writer).await.unwrap_err()
    });
    pause.reached().await;
    interfere(&client).await;
    pause.release();
    let error = task.await.unwrap();
    assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
    assert_eq!(error.as_error().operation(), "modify");
}
