//! Each operator, where it holds and where it does not.

use dynamo_runtime::Condition;
use dynamo_runtime::prelude::*;

use crate::entities::{Reading, client, engine, reading, reading_key};

/// Whether the condition holds for the item.
async fn holds<K>(client: &SecureClient, condition: Condition<Reading, K>) -> bool {
    let result = Reading::update(reading_key("s", 6))
        .set(Reading::IS_VALID, true)
        .condition(condition)
        .send(client)
        .await;
    match result {
        Ok(()) => true,
        Err(error) if error.is_condition_failed() => false,
        Err(error) => panic!("{error}: {:?}", error.as_error().service_message()),
    }
}

macro_rules! holds {
    ($($condition:expr => $expected:expr,)*) => {{
        let client = client().await;
        Reading::create(reading("s", 6)).send(&client).await.unwrap();
        $(assert_eq!(holds(&client, $condition).await, $expected, stringify!($condition));)*
    }};
}

#[tokio::test]
async fn comparisons() {
    holds! {
        Reading::VALUE.eq(3.0) => true,
        Reading::VALUE.eq(4.0) => false,
        Reading::UNIT.eq("celsius") => true,
        Reading::UNIT.eq("kelvin".to_owned()) => false,
        Reading::UNIT.ne("kelvin") => true,
        Reading::REMARK.ne("anything") => true,
        Reading::VALUE.lt(3.5) => true,
        Reading::VALUE.lt(3.0) => false,
        Reading::VALUE.le(3.0) => true,
        Reading::VALUE.gt(3.0) => false,
        Reading::VALUE.ge(3.0) => true,
        Reading::NUMBER.between(6, 7) => true,
        Reading::NUMBER.between(7, 9) => false,
        Reading::RAW.eq(vec![0, 1, 255]) => true,
        Reading::IS_VALID.eq(true) => true,
        Reading::TAKEN_AT.eq(Timestamp::from_epoch_seconds(6).unwrap()) => true,
        Reading::TAKEN_AT.lt(Timestamp::from_epoch_seconds(6).unwrap()) => false,
    }
}

#[tokio::test]
async fn a_list_is_compared_by_its_elements() {
    let list = |tags: [&str; 2]| tags.map(str::to_owned).to_vec();
    holds! {
        Reading::TAGS.eq(list(["a", "b"])) => true,
        Reading::TAGS.eq(list(["b", "a"])) => false,
    }
}

#[tokio::test]
async fn functions() {
    holds! {
        Reading::UNIT.exists() => true,
        Reading::REMARK.exists() => false,
        Reading::REMARK.not_exists() => true,
        Reading::UNIT.begins_with("cel") => true,
        Reading::UNIT.begins_with("kel") => false,
        Reading::RAW.begins_with(vec![0, 1]) => true,
        Reading::UNIT.contains("sius") => true,
        Reading::UNIT.contains("vin") => false,
        Reading::TAGS.contains("b") => true,
        Reading::TAGS.contains("c") => false,
        Reading::UNIT.size().eq(7) => true,
        Reading::TAGS.size().gt(2) => false,
        Reading::RAW.size().between(1, 3) => true,
        Reading::NUMBER.is_in([1, 6]) => true,
        Reading::NUMBER.is_in(vec![1, 2]) => false,
        Reading::UNIT.is_in(["celsius"]) => true,
    }
}

#[tokio::test]
async fn combinations_keep_their_meaning() {
    let yes = || Reading::VALUE.eq(3.0);
    let no = || Reading::VALUE.eq(4.0);
    holds! {
        yes().and(no()) => false,
        yes().or(no()) => true,
        yes().or(no()).and(no()) => false,
        yes().or(no().and(no())) => true,
        no().and(yes().or(yes())) => false,
        no().and(yes()).or(yes()) => true,
        no().not() => true,
        !yes() => false,
        !!yes() => true,
        !(yes().or(no())) => false,
        !(no().or(yes())) => false,
        !(no().and(no())) => true,
        (!yes()).or(no().not()) => true,
        all_of([yes(), no().not(), yes()]) => true,
        all_of([yes(), no()]) => false,
        any_of([no(), no(), yes()]) => true,
        any_of([no(), no()]) => false,
        all_of([yes().or(no()), yes()]) => true,
        any_of([yes().and(no()), no()]) => false,
        any_of([no(), yes()]).and(all_of([yes()])) => true,
        any_of([yes(), yes()]).and(no()) => false,
        Reading::UNIT.eq("celsius").and(Reading::VALUE.gt(1.0)) => true,
        all_of([Reading::UNIT.exists().any_keys(), Reading::VALUE.gt(9.0).any_keys()]) => false,
    }
}

#[tokio::test]
async fn a_deep_condition_overflows_no_stack() {
    let deep = (0..100).fold(Reading::NUMBER.eq(6), |condition, _| !condition);
    let (client, _engine) = engine().await;
    Reading::create(reading("s", 6)).send(&client).await.unwrap();
    assert!(holds(&client, deep).await);
    let too_deep = (0..10_000).fold(Reading::NUMBER.eq(6), |condition, _| !condition);
    let result = Reading::delete(reading_key("s", 6)).condition(too_deep).send(&client).await;
    assert!(result.unwrap_err().as_error().is_invalid());
}
