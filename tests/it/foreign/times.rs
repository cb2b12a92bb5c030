//! Times in the forms of other programs.

use crate::engine::{self, eventually};

use dynamo_runtime::codec::{DecodeItem, EncodeItem, decode_item, encode_item};
use dynamo_runtime::prelude::*;
use proptest::prelude::*;

/// What an item in DynamoDB's JSON is read as; it is written as the same item.
fn as_stored<E: EncodeItem + for<'de> DecodeItem<'de>>(json: &str) -> E {
    let entity =
        decode_item::<E>(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
    assert_eq!(written(&entity), json);
    entity
}

fn written(item: &impl EncodeItem) -> String {
    String::from_utf8(encode_item(item).unwrap()).unwrap()
}

/// The 30th of November 2026, 12:34:56, so many milliseconds later.
fn noon(millis: i64) -> Timestamp {
    Timestamp::from_epoch_micros((1_796_042_096_000 + millis) * 1_000).unwrap()
}

/// A model of Dynamoose, with `timestamps: true` and a `Date` in each storage.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "dynamoose", rename_all = "camelCase")]
#[dynamo(index(by_day, name = "day-index", partition_key = day, sort_key = t))]
struct Task {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(sort_key, form = epoch_millis)]
    due: Timestamp,
    #[dynamo(form = epoch_millis)]
    t: Option<Timestamp>,
    #[dynamo(form = rfc3339(digits = 3))]
    iso: Option<Timestamp>,
    #[dynamo(form = rfc3339(digits = 0))]
    day: Option<Timestamp>,
    #[dynamo(created_at, form = epoch_millis)]
    created_at: Timestamp,
    #[dynamo(updated_at, form = epoch_millis)]
    updated_at: Timestamp,
    #[dynamo(ttl)]
    ttl: Option<Timestamp>,
}

#[test]
fn what_dynamoose_stores_is_read_and_written_back() {
    let task: Task = as_stored(
        r#"{"id":{"S":"1"},"due":{"N":"1796042096789"},"t":{"N":"1796042096789"},"iso":{"S":"2026-11-30T12:34:56.789Z"},"day":{"S":"2026-11-30T12:34:56Z"},"createdAt":{"N":"1796064643646"},"updatedAt":{"N":"1796064643646"},"ttl":{"N":"1796064733"}}"#,
    );
    assert_eq!((task.t, task.iso, task.day), (Some(noon(789)), Some(noon(789)), Some(noon(0))));
    assert_eq!(task.created_at.to_string(), "2026-11-30T18:50:43.646000Z");
}

/// An entity of DynamoDB-Toolbox.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "toolbox")]
struct Pokemon {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    level: u32,
    #[dynamo(rename = "_et")]
    entity: String,
    #[dynamo(rename = "_ct", created_at, form = rfc3339(digits = 3))]
    created_at: Timestamp,
    #[dynamo(rename = "_md", updated_at, form = rfc3339(digits = 3))]
    updated_at: Timestamp,
}

/// A session of Auth.js, whose expiry has a fraction.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "auth", rename_all = "camelCase")]
struct AuthSession {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    #[dynamo(ttl)]
    expires: Timestamp,
    #[dynamo(form = rfc3339(digits = 3), null_when_none)]
    email_verified: Option<Timestamp>,
}

/// A record of Powertools, and a `OneTable` `ttl` that is a number of milliseconds, which never expires.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "records")]
struct Record {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(ttl)]
    expiration: Option<Timestamp>,
    #[dynamo(form = epoch_millis)]
    in_progress_expiration: Option<Timestamp>,
    #[dynamo(form = epoch_millis)]
    e: Option<Timestamp>,
}

#[test]
fn what_the_libraries_of_typescript_store_is_read_and_written_back() {
    let pokemon: Pokemon = as_stored(
        r#"{"pk":{"S":"p1"},"sk":{"S":"x"},"level":{"N":"5"},"_et":{"S":"Pokemon"},"_ct":{"S":"2026-11-30T18:52:54.280Z"},"_md":{"S":"2026-11-30T18:52:54.281Z"}}"#,
    );
    assert!(pokemon.created_at < pokemon.updated_at);
    let json = r#"{"pk":{"S":"USER#1"},"sk":{"S":"SESSION#tok-1"},"expires":{"N":"1796042096.789"},"emailVerified":{"NULL":true}}"#;
    let session: AuthSession = decode_item(json.as_bytes()).unwrap();
    assert_eq!((session.expires, session.email_verified), (noon(789), None));
    assert_eq!(written(&session), json.replace("1796042096.789", "1796042096"));
    let record: Record = as_stored(
        r#"{"id":{"S":"my-fn#1"},"expiration":{"N":"1796069089"},"in_progress_expiration":{"N":"1796065519483"},"e":{"N":"1796042096789"}}"#,
    );
    assert_eq!(record.e, Some(noon(789)));
}

/// Models of bloop, `PynamoDB` and pynamodb-attributes.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "python")]
struct Python {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(sort_key, form = rfc3339(offset = "+0000"))]
    at: Timestamp,
    #[dynamo(form = rfc3339(offset = "+00:00"))]
    dt: Timestamp,
    #[dynamo(form = epoch_seconds)]
    ts: Option<Timestamp>,
    #[dynamo(form = epoch_micros)]
    tus: Option<Timestamp>,
    #[dynamo(form = rfc3339(digits = 9, offset = "Z"))]
    nanos: Option<Timestamp>,
}

#[test]
fn what_the_libraries_of_python_store_is_read_and_written_back() {
    let item: Python = as_stored(
        r#"{"id":{"S":"1"},"at":{"S":"2026-11-30T12:34:56.789000+0000"},"dt":{"S":"2026-11-30T12:34:56.789000+00:00"},"ts":{"N":"1796042096"},"tus":{"N":"1796042096789000"},"nanos":{"S":"2026-11-30T12:34:56.789000000Z"}}"#,
    );
    assert_eq!((item.at, item.dt, item.ts), (noon(789), noon(789), Some(noon(0))));
    assert_eq!((item.tus, item.nanos), (Some(noon(789)), Some(noon(789))));
}

/// `OneTable`'s and nova's lists of dates.
#[derive(Document, Debug, PartialEq)]
struct Dates {
    #[dynamo(form = epoch_millis)]
    o: Vec<Timestamp>,
    #[dynamo(form = epoch_seconds)]
    t: Option<Vec<Timestamp>>,
    nested: Nested,
}

#[derive(Document, Debug, PartialEq)]
struct Nested {
    #[dynamo(form = epoch_millis)]
    at: Option<Timestamp>,
}

#[test]
fn lists_of_times_and_nested_times_have_a_form() {
    let dates: Dates = as_stored(
        r#"{"o":{"L":[{"N":"1796042096789"}]},"t":{"L":[{"N":"-1"}]},"nested":{"M":{"at":{"N":"1796042096789"}}}}"#,
    );
    assert_eq!((dates.o, dates.nested.at), (vec![noon(789)], Some(noon(789))));
    let json = br#"{"o":{"L":[]},"t":{"NULL":true},"nested":{"M":{}}}"#;
    assert_eq!(decode_item::<Dates>(json).unwrap().t, None);
    let error = decode_item::<Dates>(br#"{"o":{"L":[{"N":"1"},{"S":"x"}]},"nested":{"M":{}}}"#);
    assert_eq!(error.unwrap_err().path(), Some("o[1]"));
}

/// The instants of other crates.
#[derive(Document, Debug, PartialEq)]
struct Instants {
    #[dynamo(form = epoch_millis)]
    chrono: chrono::DateTime<chrono::Utc>,
    #[dynamo(form = rfc3339(digits = 3, offset = "+0000"))]
    jiff: jiff::Timestamp,
    #[dynamo(form = epoch_seconds)]
    time: Option<time::OffsetDateTime>,
}

#[test]
fn the_instants_of_other_crates_have_the_same_forms() {
    let instants: Instants = as_stored(
        r#"{"chrono":{"N":"1796042096789"},"jiff":{"S":"2026-11-30T12:34:56.789+0000"},"time":{"N":"1796042096"}}"#,
    );
    assert_eq!(Timestamp::try_from(instants.jiff), Ok(noon(789)));
}

#[test]
fn reading_is_lenient_and_writing_has_one_form() {
    let item = |dt: &str, ts: &str| {
        let json = format!(
            r#"{{"id":{{"S":"1"}},"at":{{"S":"2026-11-30T12:34:56.789000+0000"}},"dt":{{"S":"{dt}"}},"ts":{{"N":"{ts}"}}}}"#
        );
        decode_item::<Python>(json.as_bytes())
    };
    for dt in [
        "2026-11-30T12:34:56.789Z",
        "2026-11-30T12:34:56.789+0000",
        "2026-11-30T13:34:56.789+0100",
        "2026-11-30T13:34:56.789000000+01:00",
    ] {
        let read = item(dt, "1796042096.00").unwrap();
        assert_eq!((read.dt, read.ts), (noon(789), Some(noon(0))), "{dt}");
        assert!(written(&read).contains(r#""dt":{"S":"2026-11-30T12:34:56.789000+00:00"}"#));
    }
    let with_a_fraction = item("2026-11-30T12:34:56.789Z", "1796042096.789").unwrap();
    assert_eq!(with_a_fraction.ts, Some(noon(789)));
    let error = encode_item(&with_a_fraction).unwrap_err();
    assert_eq!(error.path(), Some("ts"));
    assert!(error.to_string().contains("floor_to_second"), "{error}");
    let whole = Python { ts: Some(noon(789).floor_to_second()), ..with_a_fraction };
    assert!(written(&whole).contains(r#""ts":{"N":"1796042096"}"#));

    for (number, unit) in
        [("1796042096789", "epoch_millis"), ("1796042096789000", "epoch_micros"), ("1E40", "9999")]
    {
        let error = item("2026-11-30T12:34:56Z", number).unwrap_err();
        assert_eq!(error.path(), Some("ts"));
        assert!(error.to_string().contains(unit) && !error.to_string().contains(number), "{error}");
    }
    assert!(item("2026-11-30 12:34:56", "1").is_err() && item("2026-11-30T12:34:56", "1").is_err());
}

#[test]
fn an_expiry_in_milliseconds_is_named_as_that() {
    let json = r#"{"id":{"S":"1"},"due":{"N":"1"},"createdAt":{"N":"1"},"updatedAt":{"N":"1"},"ttl":{"N":"1796042096789"}}"#;
    let error = decode_item::<Task>(json.as_bytes()).unwrap_err();
    assert_eq!(error.path(), Some("ttl"));
    assert!(error.to_string().contains("milliseconds"), "{error}");
    // The sessions of Auth.js have a fraction.
    let session = json.replace("1796042096789", "1796042096.789");
    assert_eq!(decode_item::<Task>(session.as_bytes()).unwrap().ttl, Some(noon(789)));
}

#[test]
fn a_key_has_the_one_spelling_of_its_form() {
    let item = |at: &str| {
        let json = format!(
            r#"{{"id":{{"S":"1"}},"at":{{"S":"{at}"}},"dt":{{"S":"2026-11-30T12:34:56Z"}}}}"#
        );
        decode_item::<Python>(json.as_bytes())
    };
    assert!(item("2026-11-30T12:34:56.789000+0000").is_ok());
    for other in ["2026-11-30T12:34:56.789000Z", "2026-11-30T13:34:56.789000+0100"] {
        assert!(item(other).unwrap_err().to_string().contains("key"), "{other}");
    }
}

fn task(id: &str, due: Timestamp) -> Task {
    Task {
        id: id.to_owned(),
        due,
        t: Some(due),
        iso: Some(due),
        day: Some(due.floor_to_second()),
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
        ttl: None,
    }
}

#[tokio::test]
async fn what_is_asked_of_a_time_is_asked_in_its_form() {
    let client = engine::client().table::<Task>().build().await;
    for millis in [0, 1_000, 2_000] {
        let created = Task::create(task("a", noon(millis))).send(&client).await.unwrap();
        // As it is stored.
        assert_eq!(created.created_at, created.created_at.floor_to_millisecond());
        let read = Task::get(created.to_key()).send(&client).await.unwrap();
        assert_eq!(read, Some(created));
    }
    let dues = async |query: dynamo_runtime::operation::Query<Task, _, _>| {
        let found = query.items(&client).collect().await.unwrap();
        found.into_iter().map(|task| task.due).collect::<Vec<_>>()
    };
    let (first, second, third) = (noon(0), noon(1_000), noon(2_000));
    let page = Task::query("a").limit(1).page(&client).await.unwrap();
    let rest = Task::query("a").after(page.next.unwrap()).page(&client).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len()), (1, 2));
    assert_eq!(dues(Task::query("a").due(second)).await, [second]);
    assert_eq!(dues(Task::query("a").due(second..)).await, [second, third]);
    assert_eq!(dues(Task::query("a").due(..second)).await, [first]);
    assert_eq!(dues(Task::query("a").due(first..=second)).await, [first, second]);
    for condition in [
        Task::ISO.gt(first),
        Task::ISO.between(second, third),
        Task::CREATED_AT.gt(first).and(Task::ISO.ne(first)),
    ] {
        let found = Task::query("a").filter(condition).count(&client).await.unwrap();
        assert_eq!(found, 2);
    }
    eventually(vec![second], async || {
        let index = Task::by_day(second).t(second..).items(&client).collect().await.unwrap();
        index.into_iter().map(|task| task.due).collect()
    })
    .await;

    let key = task("a", second).to_key();
    let update = Task::update(key.clone()).set(Task::ISO, third).condition(Task::T.eq(second));
    let updated = update.returning_new().send(&client).await.unwrap();
    assert_eq!(updated.iso, Some(third));
    assert_eq!(updated.updated_at, updated.updated_at.floor_to_millisecond());
    let finer = Timestamp::from_epoch_micros(1).unwrap();
    let error = Task::update(key.clone()).set(Task::ISO, finer).if_exists().send(&client).await;
    let error = error.unwrap_err();
    assert!(error.as_error().is_invalid(), "{error}");
    assert_eq!(error.as_error().path(), Some("iso"));
    let iso = Task::get(key).attribute(Task::ISO).send(&client).await.unwrap();
    assert_eq!(iso, Some(Some(third)));
}

/// A time of the years 0001 to 9999.
fn any_time() -> impl Strategy<Value = Timestamp> {
    let micros = Timestamp::MIN.epoch_micros()..=Timestamp::MAX.epoch_micros();
    micros.prop_map(|micros| Timestamp::from_epoch_micros(micros).unwrap())
}

macro_rules! forms {
    ($($name:ident: $floor:ident, [$($form:tt)*];)*) => {
        $(
            #[derive(Document, Clone, Copy, Debug, PartialEq)]
            struct $name {
                #[dynamo(form = $($form)*)]
                at: Timestamp,
            }
        )*

        proptest! {
            #[test]
            fn each_form_is_read_as_it_was_written_and_keeps_the_order_of_time(
                one in any_time(),
                other in any_time(),
            ) {
                $({
                    let [one, other] = [one, other].map(|at| $name { at: $floor(at) });
                    for time in [one, other] {
                        let json = encode_item(&time).unwrap();
                        prop_assert_eq!(decode_item::<$name>(&json), Ok(time));
                    }
                    prop_assert_eq!(stored(&one).cmp(&stored(&other)), one.at.cmp(&other.at));
                })*
            }
        }
    };
}

fn exact(time: Timestamp) -> Timestamp {
    time
}

fn second(time: Timestamp) -> Timestamp {
    time.floor_to_second()
}

fn millisecond(time: Timestamp) -> Timestamp {
    time.floor_to_millisecond()
}

forms! {
    Seconds: second, [epoch_seconds];
    Millis: millisecond, [epoch_millis];
    Micros: exact, [epoch_micros];
    NoDigits: second, [rfc3339(digits = 0)];
    ThreeDigits: millisecond, [rfc3339(digits = 3, offset = "+00:00")];
    SixDigits: exact, [rfc3339(digits = 6, offset = "+0000")];
    NineDigits: exact, [rfc3339(digits = 9)];
}

/// What is stored, which DynamoDB orders: a number, or a text by its bytes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stored {
    Number(i64),
    Text(String),
}

fn stored(item: &impl EncodeItem) -> Stored {
    let item: serde_json::Value = serde_json::from_slice(&encode_item(item).unwrap()).unwrap();
    match &item["at"]["N"] {
        serde_json::Value::String(number) => Stored::Number(number.parse().unwrap()),
        _ => Stored::Text(item["at"]["S"].as_str().unwrap().to_owned()),
    }
}

#[test]
fn a_time_that_is_too_fine_is_refused_in_each_form() {
    let at = Timestamp::from_epoch_micros(1).unwrap();
    for error in [
        encode_item(&Seconds { at }),
        encode_item(&Millis { at }),
        encode_item(&NoDigits { at }),
        encode_item(&ThreeDigits { at }),
    ] {
        assert_eq!(error.unwrap_err().path(), Some("at"));
    }
    assert!(encode_item(&Micros { at }).is_ok() && encode_item(&SixDigits { at }).is_ok());
}
