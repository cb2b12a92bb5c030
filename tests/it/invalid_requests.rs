//! What DynamoDB would reject is an error before anything is sent.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Error, WriteError};

use crate::entities::{
    Reading, ReadingQuery, Session, SessionKey, SessionQuery, User, UserId, engine, reading,
    reading_key, user, user_key,
};

/// Asserts that each gives an error, with this text, and that nothing was sent.
macro_rules! refused {
    ($client:ident, $engine:ident: $($operation:expr => $message:expr,)*) => {{
        let before = $engine.requests().len();
        $(
            let error: Error = $operation.send(&$client).await.map(|_| ()).unwrap_err().into();
            assert!(error.is_invalid(), "{error}");
            assert_eq!(error.attempts(), 0);
            let text = error.to_string();
            assert!(text.contains($message), "{text}");
        )*
        assert_eq!($engine.requests().len(), before);
    }};
}

fn session_key(token: &str) -> SessionKey {
    SessionKey { owner: "o".to_owned(), token: token.to_owned() }
}

#[tokio::test]
async fn keys_that_are_empty_or_too_long() {
    let (client, engine) = engine().await;
    let long_index_key = User { email: "x".repeat(2049), ..user("u") };
    refused! { client, engine:
        User::get(user_key("")) => "the key attribute `user_id` is empty",
        User::get(user_key(&"x".repeat(2049))) => "`user_id` has 2049 bytes",
        User::create(user("")) => "the key attribute `user_id` is empty",
        User::create(User { email: String::new(), ..user("u") }) => "the key attribute `email` is empty",
        Reading::create(Reading { unit: Some(String::new()), ..reading("s", 1) }) => "the key attribute `unit` is empty",
        User::create(long_index_key) => "`email` has 2049 bytes",
        User::update(user_key("u")).set(User::EMAIL, "").if_exists() => "the key attribute `email` is empty",
        User::delete(User::key(UserId(String::new()))).if_exists() => "is empty",
        Reading::query("") => "the key attribute `sensor` is empty",
        Reading::query("x".repeat(2049)) => "`sensor` has 2049 bytes",
        Session::get(session_key("")) => "the key attribute `token` is empty",
        Session::get(session_key(&"x".repeat(1025))) => "`token` has 1025 bytes, and DynamoDB allows 1024",
        User::by_email("") => "the key attribute `email` is empty",
        Reading::by_unit("") => "the key attribute `unit` is empty",
        Session::query("o").token("") => "the key attribute `token` is empty",
        Session::query("o").token(String::new()..) => "the key attribute `token` is empty",
        Session::query("o").token("\u{e9}".repeat(513)) => "`token` has 1026 bytes",
        Session::query("o").token(begins_with("x".repeat(1025))) => "`token` has 1025 bytes",
        Reading::update(reading_key("s", 1)).set_if_absent(Reading::UNIT, "").if_exists() => "the key attribute `unit` is empty",
    }
}

#[tokio::test]
async fn keys_of_the_greatest_size_are_sent() {
    let (client, _engine) = engine().await;
    let partition = "x".repeat(2048);
    let token = "x".repeat(1024);
    let user = User { email: partition.clone(), ..user(&partition) };
    let created = User::create(user).send(&client).await.unwrap();
    let read = User::get(user_key(&partition)).send(&client).await.unwrap();
    assert_eq!(read.as_ref(), Some(&created));
    let found = User::by_email(partition.clone()).items(&client).collect().await.unwrap();
    assert_eq!(found, [created]);
    assert_eq!(Session::get(session_key(&token)).send(&client).await.unwrap(), None);
    let sessions = || Session::query(partition.clone());
    assert_eq!(sessions().token(token.clone()).count(&client).await.unwrap(), 0);
    assert_eq!(sessions().token(begins_with(token.clone())).count(&client).await.unwrap(), 0);
}

#[tokio::test]
async fn numbers_that_are_none() {
    let (client, engine) = engine().await;
    let with = |value| Reading { value, ..reading("s", 1) };
    refused! { client, engine:
        Reading::create(with(f64::NAN)) => "`value`",
        Reading::create(with(f64::INFINITY)) => "`value`",
        Reading::create(with(1e300)) => "`value`",
        Reading::update(reading_key("s", 1)).set(Reading::VALUE, f64::NAN).if_exists() => "`value`",
        Reading::delete(reading_key("s", 1)).condition(Reading::VALUE.lt(f64::NEG_INFINITY)) => "`value`",
    }
}

#[tokio::test]
async fn an_item_that_is_too_large() {
    let (client, engine) = engine().await;
    let large = Reading { raw: vec![0; 410_000], ..reading("s", 1) };
    refused! { client, engine:
        Reading::create(large) => "409600",
    }
    let largest = Reading { raw: vec![0; 409_000], ..reading("s", 1) };
    Reading::create(largest).send(&client).await.unwrap();
}

#[tokio::test]
async fn guards_that_would_vanish() {
    let (client, engine) = engine().await;
    let delete = || Reading::delete(reading_key("s", 1));
    let none = || Vec::<dynamo_runtime::Condition<Reading>>::new();
    refused! { client, engine:
        delete().condition(all_of(none())) => "`all_of` was given an empty list",
        delete().condition(any_of(none())) => "`any_of` was given an empty list",
        delete().condition(!any_of(none())) => "`any_of` was given an empty list",
        delete().condition(Reading::VALUE.gt(0.0).or(all_of(none()))) => "`all_of`",
        delete().condition(Reading::NUMBER.is_in(Vec::<u32>::new())) => "`is_in` was given an empty list",
        delete().condition(Reading::NUMBER.is_in(0..100)) => "given 100 values, and DynamoDB is known to take 99",
        delete().condition(Reading::UNIT.begins_with("")) => "the prefix for `unit` is empty",
        delete().condition(Reading::UNIT.contains("")) => "the text that `unit` is to contain is empty",
        delete().condition(Reading::NUMBER.between(2, 1)) => "the bounds for `number` are reversed",
        delete().condition(Reading::VALUE.between(0.1, 0.0)) => "reversed",
        delete().condition(Reading::RAW.size().between(2, 1)) => "reversed",
        Reading::query("s").number(5..=4) => "reversed",
        Session::query("s").token(begins_with("")) => "the prefix for `token` is empty",
        Reading::query("s").filter(any_of(none())) => "`any_of`",
        Reading::query("s").limit(0) => "the limit is 0",
    }
}

#[tokio::test]
async fn updates_that_are_none() {
    let (client, engine) = engine().await;
    let update = || Reading::update(reading_key("s", 1));
    refused! { client, engine:
        update().if_exists() => "the update has no action",
        update().set(Reading::VALUE, 1.0).add(Reading::VALUE, 1.0).if_exists() => "the update writes `value` twice",
        update().set(Reading::UNIT, None).remove(Reading::UNIT).if_exists() => "the update writes `unit` twice",
    }
}

#[tokio::test]
async fn expressions_that_are_too_long() {
    let (client, engine) = engine().await;
    let many = |count: u32| any_of((0..count).map(|number| Reading::NUMBER.eq(number)));
    let large = || Reading::RAW.eq(vec![0; 1_000_000]);
    let delete = || Reading::delete(reading_key("s", 1));
    refused! { client, engine:
        // 150 comparisons, 149 `OR`, and the guard that the item exists: 301.
        delete().condition(many(150)) => "operators",
        delete().condition(all_of((0..150).map(|number| Reading::NUMBER.ne(number)))) => "operators",
        delete().condition(any_of((0..10).map(|_| Reading::NUMBER.is_in(0..99)))) => "bytes, and DynamoDB allows 4096",
        delete().condition(large().or(large())) => "the names and the values of the expressions",
    }
    let within = delete().condition(many(149)).send(&client).await;
    assert!(within.unwrap_err().is_absent());
}

#[test]
fn an_error_names_the_entity_and_the_operation() {
    fn check(error: WriteError<User>) -> Error {
        error.into()
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let error = runtime.block_on(async {
        let (client, _engine) = engine().await;
        check(User::create(user("")).send(&client).await.unwrap_err())
    });
    assert_eq!((error.entity(), error.operation()), ("User", "create"));
    assert_eq!(error.to_string(), "User::create: the key attribute `user_id` is empty");
    assert_eq!(error.path(), Some("user_id"));
}

#[tokio::test]
async fn an_error_in_an_expression_has_the_attribute() {
    let (client, _engine) = engine().await;
    let update = || User::update(user_key("u"));
    let key = update().set(User::EMAIL, "").if_exists();
    assert_eq!(key.send(&client).await.unwrap_err().as_error().path(), Some("email"));
    let twice = update().set(User::EMAIL, "a").set(User::EMAIL, "b").if_exists();
    assert_eq!(twice.send(&client).await.unwrap_err().as_error().path(), Some("email"));
    let prefix = Session::query("o").token(begins_with(""));
    assert_eq!(prefix.page(&client).await.unwrap_err().path(), Some("token"));
    let limit = Session::query("o").limit(0);
    assert_eq!(limit.page(&client).await.unwrap_err().path(), None);
}
