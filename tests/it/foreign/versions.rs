//! Versions that another library began at 0.

use dynamo_runtime::prelude::*;

use crate::entities::{User, client, user, user_key};

/// The table's user, as another library writes it.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "users", allow(unconditional_put))]
struct Foreign {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    password_hash: String,
    created_at: Timestamp,
    version: u64,
}

/// The user with the version 0, as it is read.
async fn begun_at_0(client: &SecureClient) -> User {
    let foreign = Foreign {
        user_id: "u1".to_owned(),
        email: "u1@example.com".to_owned(),
        password_hash: "hash".to_owned(),
        created_at: Timestamp::EPOCH,
        version: 0,
    };
    Foreign::put_unconditionally(foreign).send(client).await.unwrap();
    let user = User::get(user_key("u1")).send(client).await.unwrap().unwrap();
    assert_eq!(user.version, Version::new(0));
    user
}

#[tokio::test]
async fn an_item_that_began_at_0_is_written_as_any_other() {
    let client = client().await;
    let user = begun_at_0(&client).await;
    let replaced = User::replace(user).send(&client).await.unwrap();
    assert_eq!(replaced.version, Version::FIRST);

    let user = begun_at_0(&client).await;
    let put = User::put(user).condition(User::EMAIL.eq("u1@example.com"));
    assert_eq!(put.send(&client).await.unwrap().version, Version::FIRST);

    begun_at_0(&client).await;
    let modified = User::modify(user_key("u1"), |user| {
        user.email = "new@example.com".to_owned();
        Ok(())
    });
    assert_eq!(modified.send(&client).await.unwrap().version, Version::FIRST);

    let user = begun_at_0(&client).await;
    let update = || User::update(user_key("u1")).set(User::EMAIL, "new@example.com");
    let updated = update().at_version(user.version).returning_new().send(&client).await.unwrap();
    assert_eq!(updated.version, Version::FIRST);
    begun_at_0(&client).await;
    let updated = update().if_exists().returning_new().send(&client).await.unwrap();
    assert_eq!(updated.version, Version::FIRST);

    let user = begun_at_0(&client).await;
    User::delete_entity(&user).send(&client).await.unwrap();
    begun_at_0(&client).await;
    User::delete(user_key("u1")).at_version(Version::new(0)).send(&client).await.unwrap();
}

#[tokio::test]
async fn a_version_of_0_is_checked() {
    let client = client().await;
    let stale = begun_at_0(&client).await;
    let current = User::replace(stale.clone()).send(&client).await.unwrap();
    for error in [
        User::replace(stale.clone()).send(&client).await.unwrap_err(),
        User::delete_entity(&stale).send(&client).await.unwrap_err(),
        User::delete(user_key("u1")).at_version(Version::new(0)).send(&client).await.unwrap_err(),
    ] {
        assert!(error.is_condition_failed(), "{error}");
    }
    // Nor is it taken for "never stored", nor the other way round.
    begun_at_0(&client).await;
    let unsaved = User { version: Version::UNSAVED, ..current };
    assert!(User::replace(unsaved.clone()).send(&client).await.unwrap_err().is_condition_failed());
    User::delete(user_key("u1")).if_exists().send(&client).await.unwrap();
    let zero = User { version: Version::new(0), ..unsaved };
    let put = User::put(zero).condition(User::USER_ID.not_exists());
    assert!(put.send(&client).await.unwrap_err().is_condition_failed());
}

#[tokio::test]
async fn a_version_that_was_never_stored_is_compared_with_nothing() {
    let client = client().await;
    let delete = User::delete(user_key("u1")).condition(User::VERSION.eq(Version::UNSAVED));
    let error = delete.send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
    assert_eq!(error.as_error().path(), Some("version"));
}

#[tokio::test]
async fn a_modify_is_written_at_the_version_that_was_read_whatever_the_closure_makes_of_it() {
    let client = client().await;
    User::create(user("u1")).send(&client).await.unwrap();
    for (before, version) in [(1, Version::UNSAVED), (2, Version::new(9)), (3, Version::new(0))] {
        let modified = User::modify(user_key("u1"), |read| {
            *read = User { version, email: "form@example.com".to_owned(), ..user("u1") };
            Ok(())
        });
        let modified = modified.send(&client).await.unwrap();
        assert_eq!(modified.version, Version::new(before + 1));
        assert_eq!(User::get(user_key("u1")).send(&client).await.unwrap(), Some(modified));
    }
}
