//! Keys in the form of other libraries: their own items are read, found and written back.
#![expect(clippy::struct_field_names, reason = "they are the other libraries'")]

use std::collections::BTreeMap;

use dynamo_runtime::client::{AuditEvent, AuditLog};
use dynamo_runtime::codec::{DecodeItem, EncodeItem, decode_item, encode_item};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Number, UnknownAttributes};
use serde_json::{Value, json};

use crate::engine;

/// What the libraries have stored, by the library and by what was done.
fn items() -> BTreeMap<String, BTreeMap<String, Value>> {
    serde_json::from_str(include_str!("foreign_keys/items.json")).unwrap()
}

fn item(library: &str, what: &str) -> Value {
    items()[library][what].clone()
}

/// The item as it is written again after it was read.
fn again<E>(item: &Value) -> Value
where
    E: EncodeItem + for<'de> DecodeItem<'de>,
{
    let read = decode_item::<E>(item.to_string().as_bytes())
        .unwrap_or_else(|error| panic!("{error}: {item}"));
    serde_json::from_slice(&encode_item(&read).unwrap()).unwrap()
}

/// A table in which electrodb keeps its tasks, with these keys.
macro_rules! tasks {
    ($($name:ident($($words:tt)*) = $pk:literal, $sk:literal;)*) => {$(
        mod $name {
            use super::*;

            #[derive(Entity, Clone, Debug, PartialEq)]
            #[dynamo(table = "electrodb", rename_all = "camelCase")]
            #[dynamo(constant("__edb_e__") = "task", constant("__edb_v__") = "1")]
            #[dynamo(partition_key("pk", raw, $($words)*) = $pk)]
            #[dynamo(sort_key("sk", raw, $($words)*) = $sk)]
            pub(super) struct Task {
                pub task_id: String,
                pub project: String,
                pub num: Number,
                pub done: Option<bool>,
                #[dynamo(unknown)]
                pub rest: UnknownAttributes,
            }
        }
    )*};
}

tasks! {
    plain(lowercase, lossy) = "$taskapp#taskid_{task_id}", "$task_1#project_{project}#num_{num}";
    of_templates(lowercase, lossy) = "t#{task_id}", "p#{project}#n#{num}";
    half_template(lowercase, lossy) = "t#{task_id}", "$task_1#project_{project}#num_{num}";
    upper(uppercase, lossy) = "$TASKAPP#TASKID_{task_id}", "$TASK_1#PROJECT_{project}#NUM_{num}";
    padded(lowercase, lossy) = "$taskapp#taskid_{task_id}", "$task_1#project_{project}#num_{num:05}";
    clustered(lowercase, lossy) = "$taskapp#taskid_{task_id}", "$assign#project_{project}#num_{num}#task_1";
    isolated(lowercase, lossy) = "$taskapp#taskid_{task_id}", "$assign#task_1#project_{project}#num_{num}";
}

mod of_booleans {
    use super::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "electrodb", rename_all = "camelCase")]
    #[dynamo(constant("__edb_e__") = "task", constant("__edb_v__") = "1")]
    #[dynamo(partition_key("pk", raw, lowercase, lossy) = "$taskapp#taskid_{task_id}")]
    #[dynamo(sort_key("sk", raw) = "$task_1#done_{done}#num_{num}")]
    pub(super) struct Task {
        pub task_id: String,
        pub done: bool,
        pub num: Number,
        #[dynamo(unknown)]
        pub rest: UnknownAttributes,
    }
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "electrodb", rename_all = "camelCase")]
#[dynamo(constant("__edb_e__") = "task", constant("__edb_v__") = "1")]
#[dynamo(partition_key("pk", raw, lowercase, lossy) = "$taskapp#taskid_{task_id}")]
#[dynamo(sort_key("sk", raw, lowercase, lossy) = "$task_1#project_{project}#num_{num}")]
#[dynamo(index(
    by_state,
    name = "gsi1",
    partition_key("gsi1pk", raw, lowercase, lossy) = "$taskapp#st_{st}",
    sort_key("gsi1sk", raw, lowercase, lossy) = "$task_1#project_{project}"
))]
struct StateTask {
    task_id: String,
    project: String,
    num: Number,
    st: Option<String>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "electrodb", rename_all = "camelCase")]
#[dynamo(constant("__edb_e__") = "task", constant("__edb_v__") = "1")]
#[dynamo(partition_key("pk", raw, lowercase, lossy) = "$taskapp#taskid_{task_id}")]
#[dynamo(sort_key("sk", raw, lowercase, lossy) = "$task_1#project_{project}#num_{num}")]
#[dynamo(index(
    by_state,
    name = "gsi1",
    partition_key("gsi1pk", raw, lowercase, lossy) = "$taskapp#st_{st}",
    sort_key("gsi1sk", raw) = "$task_1"
))]
struct LooseTask {
    task_id: String,
    project: String,
    num: Number,
    st: Option<String>,
}

#[test]
fn what_electrodb_has_stored_is_read_and_written_back() {
    let mut left = items()["electrodb"].clone();
    let mut check = |what: &str, again: fn(&Value) -> Value| {
        let item = left.remove(what).unwrap();
        assert_eq!(again(&item), item, "{what}");
    };
    for what in [
        "base put",
        "base create",
        "casing default explicit",
        "set of strings",
        "value with # and _",
        "float num",
    ] {
        check(what, again::<plain::Task>);
    }
    check("pk template T#${taskId}", again::<half_template::Task>);
    check("pk+sk templates", again::<of_templates::Task>);
    check("casing upper", again::<upper::Task>);
    check("number padded 5", again::<padded::Task>);
    check("number padded 5 as negative", again::<padded::Task>);
    check("boolean composite", again::<of_booleans::Task>);
    check("clustered collection", again::<clustered::Task>);
    check("isolated collection", again::<isolated::Task>);
    check("gsi", again::<StateTask>);
    check("gsi sk empty composite", again::<LooseTask>);
    assert_eq!(left.keys().collect::<Vec<_>>(), Vec::<&String>::new(), "each item is checked");
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "User")]
#[dynamo(partition_key("pk", raw) = "user:{id}", sort_key("sk", raw) = "user:")]
struct OneUser {
    id: String,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "User")]
#[dynamo(partition_key("pk", raw) = "u#{id}", sort_key("sk", raw) = "u#")]
struct ShortUser {
    id: String,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "User")]
#[dynamo(partition_key("pk", raw) = "user:{id}", sort_key("sk", raw) = "n:{num:05}")]
struct NumberedUser {
    id: String,
    num: u16,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "User")]
#[dynamo(partition_key("pk", raw) = "user:{id}", sort_key("sk", raw) = "d:{t}")]
struct DatedUser {
    id: String,
    t: u64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "_Unique")]
#[dynamo(partition_key("pk", raw) = "_unique#User#email#{email}", sort_key("sk", raw) = "_unique#")]
struct UniqueEmail {
    #[dynamo(key_only)]
    email: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "onetable", constant("_type") = "_Unique")]
#[dynamo(partition_key("pk", raw) = "_unique#{scope}#User#email", sort_key("sk", raw) = "_unique#")]
struct Scope {
    #[dynamo(key_only)]
    scope: String,
}

#[test]
fn what_onetable_has_stored_is_read_and_written_back() {
    for (what, item) in &items()["onetable"] {
        let of = |key: &str| item[key]["S"].as_str().unwrap_or_default().to_owned();
        let written = match (of("pk").as_str(), of("sk").as_str()) {
            (pk, _) if pk.starts_with("u#") => again::<ShortUser>(item),
            (_, sk) if sk.starts_with("n:") => again::<NumberedUser>(item),
            (_, sk) if sk.starts_with("d:") => again::<DatedUser>(item),
            (pk, _) if pk.starts_with("_unique#User") => again::<UniqueEmail>(item),
            // Two texts in one key, of which neither is an attribute: the key alone is not enough.
            (pk, _) if pk.starts_with("_unique#acme") => item.clone(),
            _ => again::<OneUser>(item),
        };
        assert_eq!(written, *item, "{what}");
    }
    let unique = item("onetable", "unique: true on email after update [item 1 of 2]");
    let read = decode_item::<UniqueEmail>(unique.to_string().as_bytes()).unwrap();
    assert_eq!(read.email, "z@b.c");
    let other = decode_item::<Scope>(unique.to_string().as_bytes()).unwrap_err();
    assert!(other.is_key_mismatch(), "{other:?}");
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "toolbox", constant("_et") = "Pokemon")]
struct Pokemon {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    #[dynamo(created_at, rename = "_ct")]
    created: Timestamp,
    #[dynamo(updated_at, rename = "_md")]
    modified: Timestamp,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "toolbox", constant("_et") = "Pokemon")]
#[dynamo(partition_key("pk", raw) = "POKEMON#{id}")]
struct PrefixedPokemon {
    #[dynamo(key_only)]
    id: String,
    #[dynamo(sort_key)]
    sk: String,
    #[dynamo(created_at)]
    c: Timestamp,
    #[dynamo(updated_at)]
    m: Timestamp,
}

#[test]
fn what_toolbox_has_stored_is_read_and_written_back() {
    // A time has six digits of a second when it is written, and the same instant.
    let with_times = |mut item: Value| {
        for name in ["_ct", "_md", "c", "m"] {
            if let Some(text) = item[name]["S"].as_str() {
                let time: Timestamp = text.parse().unwrap();
                item[name]["S"] = json!(time.to_string());
            } else if let Some(item) = item.as_object_mut() {
                item.remove(name);
            }
        }
        item
    };
    for (what, item) in &items()["toolbox"] {
        let written = if item["pk"]["S"].as_str().unwrap().starts_with("POKEMON#") {
            again::<PrefixedPokemon>(item)
        } else {
            again::<Pokemon>(item)
        };
        assert_eq!(with_times(written), with_times(item.clone()), "{what}");
    }
    let prefixed = item("toolbox", "options: names; prefix transform");
    let read = decode_item::<PrefixedPokemon>(prefixed.to_string().as_bytes()).unwrap();
    assert_eq!(read.id, "q1");
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "next-auth", rename_all = "camelCase", constant("type") = "USER")]
#[dynamo(partition_key("pk", raw) = "USER#{id}", sort_key("sk", raw) = "USER#{id}")]
#[dynamo(index(
    by_email,
    name = "GSI1",
    partition_key("GSI1PK", raw) = "USER#{email}",
    sort_key("GSI1SK", raw) = "USER#{email}",
    stale = tolerated
))]
struct AuthUser {
    id: String,
    name: String,
    email: String,
    email_verified: Option<Timestamp>,
    image: Option<String>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "next-auth", rename_all = "camelCase", constant("type") = "SESSION")]
#[dynamo(partition_key("pk", raw) = "USER#{user_id}", sort_key("sk", raw) = "SESSION#{session_token}")]
#[dynamo(index(
    by_token,
    name = "GSI1",
    partition_key("GSI1PK", raw) = "SESSION#{session_token}",
    sort_key("GSI1SK", raw) = "SESSION#{session_token}"
))]
struct AuthSession {
    user_id: String,
    session_token: String,
    expires: Number,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "next-auth", rename_all = "camelCase", constant("type") = "VT")]
#[dynamo(partition_key("pk", raw) = "VT#{identifier}", sort_key("sk", raw) = "VT#{token}")]
struct AuthToken {
    identifier: String,
    token: String,
    expires: Number,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum OfUser {
    User(AuthUser),
    Session(AuthSession),
}

#[test]
fn what_the_adapter_of_auth_has_stored_is_read_and_written_back() {
    for (what, item) in &items()["auth"] {
        let mut expected = item.clone();
        let written = match item["type"]["S"].as_str().unwrap() {
            "USER" => {
                // A null is read as absent, and left out; the time has six digits of a second.
                expected.as_object_mut().unwrap().remove("image");
                expected["emailVerified"] = json!({ "S": "2026-11-30T12:34:56.789000Z" });
                again::<AuthUser>(item)
            }
            "SESSION" => again::<AuthSession>(item),
            _ => again::<AuthToken>(item),
        };
        assert_eq!(written, expected, "{what}");
    }
}

/// Whatever is in the table of `next-auth`.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "next-auth")]
struct Anything {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

async fn auth_client() -> SecureClient {
    engine::client().table::<AuthUser>().table::<AuthSession>().build().await
}

async fn store(client: &SecureClient, item: &Value) {
    let item = decode_item::<Anything>(item.to_string().as_bytes()).unwrap();
    Anything::create(item).send(client).await.unwrap();
}

#[tokio::test]
async fn items_are_found_by_keys_and_indexes_and_changed() {
    let client = auth_client().await;
    let id = "13e7ba9e-1794-4299-9af2-e52fe6912f4e";
    store(&client, &item("auth", "user (emailVerified a Date, image null)")).await;
    store(&client, &item("auth", "session, expires .789")).await;
    let user = AuthUser::get(AuthUser::key(id)).send(&client).await.unwrap().unwrap();
    assert_eq!(user.email, "ann@example.com");
    let found = || async { AuthUser::by_email("ann@example.com").items(&client).collect().await };
    engine::eventually(vec![user.clone()], async || found().await.unwrap()).await;
    let both = OfUser::query(id).items(&client).collect().await.unwrap();
    let [OfUser::Session(session), OfUser::User(_)] = &both[..] else { panic!("{both:?}") };
    assert_eq!(session.session_token, "tok-1");
    let sessions = AuthSession::query(id).session_token("tok-1");
    assert_eq!(sessions.items(&client).collect().await.unwrap(), std::slice::from_ref(session));
    let begun = AuthSession::query(id).session_token(begins_with("tok"));
    assert_eq!(begun.count(&client).await.unwrap(), 1);
    let within = AuthSession::query(id).session_token("tok-0"..="tok-1");
    assert_eq!(within.count(&client).await.unwrap(), 1);
    let others = AuthSession::query(id).session_token("tok-2"..="tok-3");
    assert_eq!(others.count(&client).await.unwrap(), 0);

    let update = AuthUser::update(AuthUser::key(id)).set(AuthUser::EMAIL, "Ann B@example.com");
    let updated = update.if_exists().returning_new().send(&client).await.unwrap();
    assert_eq!(updated.email, "Ann B@example.com");
    let key = AnythingKey { pk: format!("USER#{id}"), sk: format!("USER#{id}") };
    let stored = Anything::get(key).send(&client).await.unwrap().unwrap();
    let stored: Value = serde_json::from_slice(&encode_item(&stored).unwrap()).unwrap();
    assert_eq!(stored["GSI1PK"], json!({ "S": "USER#Ann B@example.com" }));
    assert_eq!(stored["GSI1SK"], json!({ "S": "USER#Ann B@example.com" }));
}

#[tokio::test]
async fn a_stale_key_of_an_index_is_read_where_that_is_declared_and_mended_by_the_next_whole_write()
{
    let log = AuditLog::default();
    let client = engine::embedded().table::<AuthUser>().audit(log.clone()).build().await.unwrap();
    let mut stale = item("auth", "user (emailVerified a Date, image null)");
    stale["email"] = json!({ "S": "new@example.com" });
    store(&client, &stale).await;
    let id = stale["id"]["S"].as_str().unwrap();
    let user = AuthUser::get(AuthUser::key(id)).send(&client).await.unwrap().unwrap();
    assert_eq!(user.email, "new@example.com");
    let by_email = |email: &'static str| AuthUser::by_email(email).count(&client);
    let old = by_email("ann@example.com").await.unwrap();
    assert_eq!((old, by_email("new@example.com").await.unwrap()), (1, 0));
    log.take();
    AuthUser::replace(user).send(&client).await.unwrap();
    let old = by_email("ann@example.com").await.unwrap();
    assert_eq!((old, by_email("new@example.com").await.unwrap()), (0, 1));
    let told: Vec<_> = log
        .take()
        .into_iter()
        .filter_map(|event| match event {
            AuditEvent::IndexKeysRewritten { entity, operation, index, .. } => {
                Some((entity, operation, index))
            }
            _ => None,
        })
        .collect();
    assert_eq!(told, [("AuthUser", "replace", "GSI1")]);

    let mut session = item("auth", "session, expires .789");
    session["GSI1PK"] = json!({ "S": "SESSION#other" });
    let error = decode_item::<AuthSession>(session.to_string().as_bytes()).unwrap_err();
    assert!(error.is_key_mismatch(), "its index tolerates nothing: {error:?}");
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "tickets", partition_key("pk", raw) = "shop/{shop}")]
#[dynamo(sort_key("sk", raw) = "{number:05}|{state}")]
struct Ticket {
    shop: String,
    state: String,
    number: u16,
}

#[tokio::test]
async fn a_query_of_a_raw_key_finds_the_items_of_its_parts_and_no_others() {
    let client = engine::client().table::<Ticket>().build().await;
    // States that hold what is between the parts, or continue each other.
    let states = ["o", "open", "opened", "open|0", "open|00001"];
    for state in states {
        for number in [1, 2, 10] {
            let ticket = Ticket { shop: "a".into(), state: state.into(), number };
            Ticket::create(ticket).send(&client).await.unwrap();
        }
    }
    let of = |number: u16, states: &[&str]| -> Vec<Ticket> {
        let ticket = |state: &&str| Ticket { shop: "a".into(), state: (*state).into(), number };
        states.iter().map(ticket).collect()
    };
    for number in [1, 2, 10] {
        let query = || Ticket::query("a").number(number);
        assert_eq!(query().items(&client).collect().await.unwrap(), of(number, &states));
        let one = query().state("open").items(&client).collect().await.unwrap();
        assert_eq!(one, of(number, &["open"]));
        let some = query().state("open"..="open|1").items(&client).collect().await.unwrap();
        assert_eq!(some, of(number, &states[1..]));
        let some = query().state(begins_with("open|")).items(&client).collect().await.unwrap();
        assert_eq!(some, of(number, &states[3..]));
    }
    let key = TicketKey { shop: "a".into(), state: "open|00001".into(), number: 2 };
    let found = Ticket::get(key.clone()).send(&client).await.unwrap().unwrap();
    assert_eq!(found.to_key(), key);
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "tickets", partition_key("pk", raw) = "shop/{shop}", sort_key("sk", raw) = "profile")]
struct Shop {
    shop: String,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum ShopItem {
    Ticket(Ticket),
    Shop(Shop),
}

/// What has another meaning in a key, in an expression or in JSON.
const HOSTILE: [&str; 14] = [
    "a",
    "a/b",
    "shop/a",
    "/",
    "#",
    "$",
    "%20",
    " ",
    "00001|open",
    "|",
    "profile",
    "\"}}",
    ":0",
    "\u{10ffff}",
];

#[tokio::test]
async fn no_part_of_a_key_reaches_an_item_of_other_parts_or_of_another_entity() {
    let client = engine::client().table::<Ticket>().table::<Shop>().build().await;
    let ticket =
        |shop: &str, state: &str| Ticket { shop: shop.into(), state: state.into(), number: 1 };
    for shop in HOSTILE {
        Shop::create(Shop { shop: shop.into() }).send(&client).await.unwrap();
        for state in HOSTILE {
            Ticket::create(ticket(shop, state)).send(&client).await.unwrap();
        }
    }
    for shop in HOSTILE {
        let found = Shop::get(Shop::key(shop)).send(&client).await.unwrap();
        assert_eq!(found, Some(Shop { shop: shop.into() }));
        let all = ShopItem::query(shop).items(&client).collect().await.unwrap();
        assert_eq!(all.len(), HOSTILE.len() + 1, "{shop:?}");
        let tickets = Ticket::query(shop).number(1_u16);
        assert_eq!(tickets.count(&client).await.unwrap(), HOSTILE.len() as u64, "{shop:?}");
        for state in HOSTILE {
            let one = Ticket::query(shop).number(1_u16).state(state);
            let one = one.items(&client).collect().await.unwrap();
            assert_eq!(one, [ticket(shop, state)], "{shop:?}, {state:?}");
            let found = Ticket::get(ticket(shop, state).to_key()).send(&client).await.unwrap();
            assert_eq!(found, Some(ticket(shop, state)), "{shop:?}, {state:?}");
        }
    }
    let empty = Ticket::get(ticket("", "open").to_key()).send(&client).await.unwrap_err();
    assert!(empty.is_invalid(), "{empty:?}");
    let under = ShopItem::query("a").under(&ticket("a", "o").to_key()).page(&client).await;
    let error = under.unwrap_err();
    assert!(error.to_string().contains("which keys go on from a raw one is not known"), "{error}");
}
