use std::time::Duration;

use dynamo_runtime::prelude::*;

use crate::entities::{
    Reading, Session, SessionKey, User, client, reading, reading_key, user, user_key,
};

async fn stored(client: &SecureClient) -> Reading {
    Reading::get(reading_key("s", 1)).send(client).await.unwrap().unwrap()
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_nothing_else() {
    let client = client().await;
    let before = Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let after = Reading::update(reading_key("s", 1))
        .set(Reading::VALUE, 9.5)
        .set(Reading::REMARK, "warm")
        .set(Reading::TAGS, vec!["x".to_owned()])
        .remove(Reading::UNIT)
        .add(Reading::COUNT, 3)
        .if_exists()
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    let expected = Reading {
        value: 9.5,
        remark: Some("warm".to_owned()),
        tags: vec!["x".to_owned()],
        unit: None,
        count: 3,
        ..before.clone()
    };
    assert_eq!(after, expected);
    assert_eq!(stored(&client).await, expected);
    let old = Reading::update(reading_key("s", 1))
        .set(Reading::VALUE, 1.0)
        .if_exists()
        .returning_old()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(old, Some(expected));
}

#[tokio::test]
async fn actions_can_be_added_where_they_are_needed() {
    let client = client().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let mut update = Reading::update(reading_key("s", 1)).set(Reading::IS_VALID, false);
    let tags = vec!["late".to_owned()];
    let is_late = tags.contains(&"late".to_owned());
    if is_late {
        update = update.set(Reading::TAGS, &tags);
    }
    update.if_exists().send(&client).await.unwrap();
    assert_eq!(stored(&client).await.tags, tags);
}

#[tokio::test]
async fn setting_none_removes() {
    let client = client().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    Reading::update(reading_key("s", 1))
        .set(Reading::UNIT, None)
        .if_exists()
        .send(&client)
        .await
        .unwrap();
    let gone = Reading::update(reading_key("s", 1)).set(Reading::VALUE, 0.0);
    gone.condition(Reading::UNIT.not_exists()).send(&client).await.unwrap();
}

#[tokio::test]
async fn set_if_absent_keeps_what_is_there() {
    let client = client().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let after = Reading::update(reading_key("s", 1))
        .set_if_absent(Reading::UNIT, "kelvin")
        .set_if_absent(Reading::REMARK, "first")
        .if_exists()
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(after.unit.as_deref(), Some("celsius"));
    assert_eq!(after.remark.as_deref(), Some("first"));
}

#[tokio::test]
async fn arithmetic_counts_from_what_absence_reads_as() {
    let client = client().await;
    Reading::create(reading("s", 1)).send(&client).await.unwrap();
    let change = || Reading::update(reading_key("s", 1));
    change().add(Reading::DELTA, 5).if_exists().send(&client).await.unwrap();
    change()
        .subtract(Reading::DELTA, 7)
        .add(Reading::VALUE, 0.25)
        .if_exists()
        .send(&client)
        .await
        .unwrap();
    let after = stored(&client).await;
    assert_eq!((after.delta, after.value), (Some(-2), 0.75));
    change().remove(Reading::COUNT).if_exists().send(&client).await.unwrap();
    let below_zero = change().subtract(Reading::COUNT, 1).if_exists().send(&client).await;
    assert!(below_zero.unwrap_err().is_condition_failed());
    change().add(Reading::COUNT, 2).if_exists().send(&client).await.unwrap();
    assert_eq!(stored(&client).await.count, 2);
}

#[allow(clippy::unnecessary_wraps, reason = "the field is an `Option`")]
fn ten() -> Option<u32> {
    Some(10)
}

#[tokio::test]
async fn arithmetic_counts_from_the_default_of_an_option() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "credits")]
    struct Credit {
        #[dynamo(partition_key)]
        id: String,
        #[dynamo(default = ten)]
        left: Option<u32>,
        name: String,
    }
    let client = crate::engine::client().table::<Credit>().build().await;
    let credit = Credit { id: "c".to_owned(), left: None, name: "free".to_owned() };
    Credit::create(credit).send(&client).await.unwrap();
    let change = || Credit::update(Credit::key("c")).if_exists();
    let left = change().subtract(Credit::LEFT, 3).returning_new().send(&client).await.unwrap().left;
    assert_eq!(left, Some(7));
    change().remove(Credit::LEFT).send(&client).await.unwrap();
    let left = change().add(Credit::LEFT, 1).returning_new().send(&client).await.unwrap().left;
    assert_eq!(left, Some(11));
}

#[tokio::test]
async fn a_sum_that_the_field_cannot_hold_is_refused() {
    let client = client().await;
    let before = Reading { delta: Some(100), ..reading("s", 1) };
    Reading::create(before.clone()).send(&client).await.unwrap();
    let change = || Reading::update(reading_key("s", 1));
    for update in [
        change().add(Reading::DELTA, 28),
        change().subtract(Reading::COUNT, 1),
        change().subtract(Reading::DELTA, -28),
    ] {
        let error = update.if_exists().send(&client).await.unwrap_err();
        assert_eq!(error.current(), Some(&before));
    }
    change().add(Reading::DELTA, 27).if_exists().send(&client).await.unwrap();
    assert_eq!(stored(&client).await.delta, Some(127));
    change().add(Reading::DELTA, i8::MIN).if_exists().send(&client).await.unwrap();
    assert_eq!(stored(&client).await.delta, Some(-1));
}

/// A field that holds less than DynamoDB's numbers, though no integer.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "readings")]
struct Gauge {
    #[dynamo(partition_key)]
    sensor: String,
    #[dynamo(sort_key)]
    number: u32,
    level: f32,
}

#[tokio::test]
async fn a_sum_that_a_small_float_cannot_hold_is_refused() {
    let client = client().await;
    for sign in [1.0, -1.0] {
        let gauge = Gauge { sensor: format!("g{sign}"), number: 1, level: sign * 3e38 };
        Gauge::create(gauge.clone()).send(&client).await.unwrap();
        let change = || Gauge::update(gauge.to_key());
        for update in [
            change().add(Gauge::LEVEL, sign * 3e38),
            change().subtract(Gauge::LEVEL, sign * -3e38),
            change().add(Gauge::LEVEL, sign * f32::MAX),
        ] {
            let error = update.if_exists().send(&client).await.unwrap_err();
            assert_eq!(error.current(), Some(&gauge));
        }
        change().add(Gauge::LEVEL, sign * 0.3e38).if_exists().send(&client).await.unwrap();
        change().subtract(Gauge::LEVEL, sign * f32::MAX).if_exists().send(&client).await.unwrap();
        let after = Gauge::get(gauge.to_key()).send(&client).await.unwrap().unwrap();
        assert!((after.level * sign) < 0.0, "{after:?}");
    }
}

#[tokio::test]
async fn an_update_makes_no_item() {
    let client = client().await;
    let error = Reading::update(reading_key("s", 1))
        .set(Reading::VALUE, 1.0)
        .condition(Reading::REMARK.not_exists())
        .send(&client)
        .await
        .unwrap_err();
    assert!(error.is_absent());
    assert_eq!(Reading::get(reading_key("s", 1)).send(&client).await.unwrap(), None);
}

#[tokio::test]
async fn an_upsert_makes_an_item_that_can_be_read() {
    let client = client().await;
    for expected in 1..=2 {
        let after = Reading::upsert_unconditionally(reading_key("s", 1))
            .add(Reading::COUNT, 1)
            .returning_new()
            .send(&client)
            .await
            .unwrap();
        assert_eq!(after.count, expected);
    }
    let error = Reading::upsert(reading_key("s", 1))
        .add(Reading::COUNT, 1)
        .condition(Reading::COUNT.lt(2))
        .send(&client)
        .await
        .unwrap_err();
    assert_eq!(error.current().map(|reading| reading.count), Some(2));
}

#[tokio::test]
async fn an_update_raises_the_version_and_checks_it_when_asked() {
    let client = client().await;
    let created = User::create(user("u1")).send(&client).await.unwrap();
    let change = || User::update(user_key("u1")).set(User::EMAIL, "new@example.com");
    let second = change().if_exists().returning_new().send(&client).await.unwrap();
    assert_eq!(second.version, Version::new(2));
    let error = change().at_version(created.version).send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&second));
    let both = change().at_version(created.version).at_version(second.version);
    assert!(both.send(&client).await.unwrap_err().is_condition_failed());
    let third = change().at_version(second.version).returning_new().send(&client).await.unwrap();
    assert_eq!(third.version, Version::new(3));
    assert_eq!(third.created_at, created.created_at);
}

/// The table's `User`, as a program may write it that knows no version.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", allow(unconditional_put))]
struct Unversioned {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    version: Option<u64>,
    created_at: Option<Timestamp>,
}

/// The same, by a program that has learned of versions since.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users")]
struct Account {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
    #[dynamo(version, default)]
    version: Version,
    #[dynamo(created_at)]
    created_at: Timestamp,
}

async fn unversioned(client: &SecureClient, version: Option<u64>) -> Account {
    let unversioned = Unversioned {
        user_id: "u1".to_owned(),
        email: "u1@example.com".to_owned(),
        version,
        created_at: Some(Timestamp::EPOCH),
    };
    Unversioned::put_unconditionally(unversioned).send(client).await.unwrap();
    Account::get(Account::key("u1")).send(client).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_last_version_is_not_raised() {
    let client = client().await;
    let last = unversioned(&client, Some(u64::MAX)).await;
    let change = || Account::update(Account::key("u1")).set(Account::EMAIL, "new@example.com");
    let error = change().if_exists().send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&last));
    let error = change().at_version(last.version).send(&client).await.unwrap_err();
    assert!(error.is_condition_failed() && !error.is_absent());
    assert_eq!(Account::get(Account::key("u1")).send(&client).await.unwrap(), Some(last));
}

#[tokio::test]
async fn an_item_without_a_version_gets_its_first_with_its_first_change() {
    let client = client().await;
    let found = unversioned(&client, None).await;
    assert_eq!(found.version, Version::UNSAVED);
    let change = || Account::update(Account::key("u1")).set(Account::EMAIL, "new@example.com");
    let updated = change().at_version(found.version).returning_new().send(&client).await.unwrap();
    assert_eq!((updated.version, updated.created_at), (Version::FIRST, Timestamp::EPOCH));
    let found = unversioned(&client, None).await;
    let updated = change().if_exists().returning_new().send(&client).await.unwrap();
    assert_eq!(updated.version, Version::FIRST);
    let error = Account::replace(found).send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&updated));
    let found = unversioned(&client, None).await;
    let replaced = Account::replace(found).send(&client).await.unwrap();
    assert_eq!((replaced.version, replaced.created_at), (Version::FIRST, Timestamp::EPOCH));
}

#[tokio::test]
async fn an_update_sets_the_time_of_the_last_write() {
    let client = client().await;
    let session = Session {
        owner: "o".to_owned(),
        token: "t".to_owned(),
        hits: 0,
        created_at: Timestamp::now(),
        updated_at: Timestamp::now(),
        expires_at: Timestamp::now() + Duration::from_mins(1),
    };
    let created = Session::create(session).send(&client).await.unwrap();
    assert_eq!(created.created_at, created.updated_at);
    let key = SessionKey { owner: "o".to_owned(), token: "t".to_owned() };
    let updated = Session::update(key)
        .add(Session::HITS, 1)
        .if_exists()
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert!(updated.updated_at > created.updated_at);
    assert_eq!(updated.created_at, created.created_at);
}
