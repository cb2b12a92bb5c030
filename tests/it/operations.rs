//! Operations as values, before they are sent.

use std::fmt::Debug;

use dynamo_runtime::WriteError;
use dynamo_runtime::operation::traits::Versioned;
use dynamo_runtime::prelude::*;

use crate::entities::{Reading, ReadingQuery, User, client, user, user_key};

#[test]
fn an_operation_shows_its_shape_and_no_value() {
    fn check(operation: &(impl Debug + ?Sized)) {
        let shown = format!("{operation:?}");
        assert!(shown.contains("User"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }
    let user = || user("secret");
    let key = || user_key("secret");
    let is_secret = || User::EMAIL.eq("secret");
    check(&User::get(key()));
    check(&User::create(user()));
    check(&User::put(user()).condition(is_secret()));
    check(&User::replace(user()));
    check(&User::update(key()).set(User::EMAIL, "secret").condition(is_secret()));
    check(&User::modify(key(), |_| Ok(())));
    check(&User::delete(key()).condition(is_secret()));
    check(
        &User::by_email("secret")
            .filter(User::USER_ID.ne(crate::entities::UserId("secret".into()))),
    );
}

#[test]
fn an_operation_can_be_kept_and_cloned() {
    fn check<T: Clone>(operation: &T) -> T {
        operation.clone()
    }
    drop(check(&User::get(user_key("u1"))));
    drop(check(&User::create(user("u1"))));
    drop(check(&User::put(user("u1")).condition(User::EMAIL.exists())));
    drop(check(&User::replace(user("u1"))));
    drop(check(&User::update(user_key("u1")).if_exists().returning_new()));
    drop(check(&User::delete(user_key("u1")).if_exists().returning_old()));
    drop(check(&Reading::query("s").number(1..)));
    drop(check(&Reading::scan()));
}

/// What is generic over entities compiles, and every future of it can be sent.
async fn round<E>(client: &SecureClient, entity: E) -> Result<E, WriteError<E>>
where
    E: Versioned<Version = Version> + Clone,
{
    fn sendable<T: Send>(future: T) -> T {
        future
    }
    let key = entity.to_key();
    let created = sendable(E::create(entity).send(client)).await?;
    let replaced = sendable(E::replace(created).send(client)).await?;
    let put = E::update(key.clone()).at_version(Version::FIRST).returning_old();
    drop(sendable(put.send(client)));
    let modified = sendable(E::modify(key.clone(), |_| Ok(())).send(client)).await?;
    drop(sendable(E::get(key).send(client)).await?);
    sendable(E::delete_entity(&modified).returning_old().send(client)).await?;
    Ok(replaced)
}

#[tokio::test]
async fn generic_code_can_use_every_operation_of_one_item() {
    let client = client().await;
    let task = tokio::spawn(async move { round(&client, user("u1")).await });
    assert_eq!(task.await.unwrap().unwrap().version, Version::new(2));
}
