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
async fn comparisons_of_two_attributes() {
    // Of the item: a count of 0, a value of 3.0, a number of 6, and no remark.
    holds! {
        Reading::VALUE.eq_attribute(Reading::COUNT) => false,
        Reading::VALUE.ne_attribute(Reading::COUNT) => true,
        Reading::COUNT.lt_attribute(Reading::VALUE) => true,
        Reading::VALUE.lt_attribute(Reading::COUNT) => false,
        Reading::COUNT.le_attribute(Reading::VALUE) => true,
        Reading::VALUE.gt_attribute(Reading::NUMBER) => false,
        Reading::NUMBER.gt_attribute(Reading::VALUE) => true,
        Reading::NUMBER.ge_attribute(Reading::VALUE) => true,
        Reading::UNIT.eq_attribute(Reading::SENSOR) => false,
        Reading::UNIT.eq_attribute(Reading::REMARK) => false,
        Reading::UNIT.ne_attribute(Reading::REMARK) => true,
        Reading::REMARK.lt_attribute(Reading::UNIT) => false,
        Reading::TAGS.at(0).ne_attribute(Reading::TAGS.at(1)) => true,
        Reading::VALUE.eq(3.0).and(Reading::COUNT.lt_attribute(Reading::NUMBER)) => true,
    }
}

#[tokio::test]
async fn an_attribute_is_not_compared_with_itself() {
    let client = client().await;
    Reading::create(reading("s", 6)).send(&client).await.unwrap();
    for condition in [
        Reading::VALUE.eq_attribute(Reading::VALUE),
        Reading::TAGS.at(1).ne_attribute(Reading::TAGS.at(1)),
    ] {
        let update = Reading::update(reading_key("s", 6)).set(Reading::IS_VALID, true);
        let error = update.condition(condition).send(&client).await.unwrap_err();
        assert!(error.as_error().is_invalid(), "{error}");
        assert!(error.to_string().contains("with itself, which DynamoDB refuses"), "{error}");
    }
}

/// The keys of maps are in no description of a path, and tell two apart all the same.
#[tokio::test]
async fn two_entries_of_a_map_are_two_attributes() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "stocks")]
    struct Stock {
        #[dynamo(partition_key)]
        name: String,
        counts: std::collections::BTreeMap<String, u32>,
        is_even: bool,
    }
    let client = crate::engine::client().table::<Stock>().build().await;
    let counts = [("tea", 2), ("rum", 2)].map(|(name, count)| (name.to_owned(), count));
    let stock = Stock { name: "s".to_owned(), counts: counts.into(), is_even: false };
    Stock::create(stock).send(&client).await.unwrap();
    let update = || Stock::update(Stock::key("s")).set(Stock::IS_EVEN, true);
    let tea = || Stock::COUNTS.entry("tea");
    let even = update().condition(tea().eq_attribute(Stock::COUNTS.entry("rum")));
    even.send(&client).await.unwrap();
    let error = update().condition(tea().eq_attribute(tea())).send(&client).await.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
}

#[tokio::test]
async fn conditions_are_added_in_a_branch_and_in_a_loop() {
    let client = client().await;
    Reading::create(reading("s", 6)).send(&client).await.unwrap();
    for (tags, expected) in [(["a", "b"], true), (["b", "c"], false)] {
        let mut update =
            Reading::update(reading_key("s", 6)).set(Reading::IS_VALID, true).if_exists();
        for tag in tags {
            update = update.condition(Reading::TAGS.contains(tag));
        }
        assert_eq!(update.send(&client).await.is_ok(), expected, "{tags:?}");

        let put = Reading::put(reading("s", 6));
        let put = if expected { put.if_exists() } else { put.condition(Reading::VALUE.eq(4.0)) };
        assert_eq!(put.send(&client).await.is_ok(), expected);
    }
    let mut delete = Reading::delete(reading_key("s", 6)).condition(Reading::VALUE.eq(4.0));
    for _ in 0..2 {
        delete = delete.if_exists();
    }
    assert!(delete.send(&client).await.unwrap_err().is_condition_failed());
}

/// A write that its entity declares as unconditional has the condition that it is given after all.
#[tokio::test]
async fn what_is_declared_unconditional_can_require_an_item() {
    let client = client().await;
    let put = Reading::put_unconditionally(reading("s", 6)).if_exists();
    assert!(put.send(&client).await.unwrap_err().is_absent());
    let delete = Reading::delete_unconditionally(reading_key("s", 6)).if_exists();
    assert!(delete.send(&client).await.unwrap_err().is_absent());
    let upsert = Reading::upsert(reading_key("s", 6)).set(Reading::COUNT, 1);
    let upsert = upsert.condition(Reading::COUNT.not_exists()).if_exists();
    assert!(upsert.send(&client).await.unwrap_err().is_absent());
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

/// Conditions that hold, of this depth.
type Deep = fn(usize) -> Condition<Reading>;

fn negated(depth: usize) -> Condition<Reading> {
    let innermost = Reading::VALUE.eq(if depth.is_multiple_of(2) { 3.0 } else { 4.0 });
    (0..depth).fold(innermost, |condition, _| !condition)
}

fn nested(depth: usize) -> Condition<Reading> {
    (0..depth).fold(Reading::VALUE.eq(3.0), |condition, level| {
        if level.is_multiple_of(2) {
            Reading::VALUE.eq(3.0).and(condition)
        } else {
            Reading::VALUE.eq(4.0).or(condition)
        }
    })
}

fn chained(depth: usize) -> Condition<Reading> {
    (0..depth).fold(Reading::VALUE.eq(4.0), |chain, _| chain.or(Reading::VALUE.eq(3.0)))
}

/// The depth of the deepest one that an update sends.
async fn deepest(client: &SecureClient, form: Deep) -> usize {
    for depth in (1..=300).rev() {
        let update = Reading::update(reading_key("s", 6)).set(Reading::IS_VALID, true);
        match update.condition(form(depth)).send(client).await {
            Err(error) if error.as_error().is_invalid() => {}
            Err(error) => panic!("{error}: {:?}", error.as_error().service_message()),
            Ok(()) => return depth,
        }
    }
    panic!("no condition is sent");
}

#[tokio::test]
async fn a_condition_as_deep_as_may_be_sent_overflows_no_stack() {
    let (client, _engine) = engine().await;
    Reading::create(reading("s", 6)).send(&client).await.unwrap();
    for (form, least) in [(negated as Deep, 290), (nested, 145), (chained, 145)] {
        let depth = deepest(&client, form).await;
        assert!(depth >= least, "{depth}");
        let filter = form(depth);
        let filtered = Reading::scan().filter(filter).count(&client).await.unwrap();
        assert_eq!(filtered, 1);
        let delete = Reading::delete(reading_key("s", 6)).condition(form(10_000));
        assert!(delete.send(&client).await.unwrap_err().as_error().is_invalid());
    }
}
