//! The adapter of Auth.js: users and sessions in one table, an expiry with a fraction, and keys of an
//! index that stay behind when the e-mail changes.

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use super::{instant, soon};
use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "auth", rename_all = "camelCase", constant("type") = "USER")]
#[dynamo(partition_key("pk", raw) = "USER#{id}", sort_key("sk", raw) = "USER#{id}")]
#[dynamo(index(by_email, name = "GSI1", stale = tolerated,
    partition_key("GSI1PK", raw) = "USER#{email}", sort_key("GSI1SK", raw) = "USER#{email}"))]
struct Person {
    id: String,
    name: String,
    email: String,
    #[dynamo(form = rfc3339(digits = 3))]
    email_verified: Option<Timestamp>,
    #[dynamo(null_when_none)]
    image: Option<String>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "auth", rename_all = "camelCase", constant("type") = "SESSION")]
#[dynamo(partition_key("pk", raw) = "USER#{user_id}", sort_key("sk", raw) = "SESSION#{session_token}")]
#[dynamo(index(by_token, name = "GSI1",
    partition_key("GSI1PK", raw) = "SESSION#{session_token}", sort_key("GSI1SK", raw) = "SESSION#{session_token}"))]
struct LoginSession {
    user_id: String,
    session_token: String,
    #[dynamo(ttl)]
    expires: Timestamp,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<Person>().table::<LoginSession>()).await;
    let mut auth = Program::start("auth.mjs", "auth", engine);

    let id = auth.call("write", "ann@example.com");
    let id = id.as_str().unwrap();
    let read = Person::get(Person::key(id)).send(&client).await.unwrap().unwrap();
    assert_eq!((read.email_verified, read.image.as_ref()), (Some(instant()), None));
    let by_token = async || {
        let found = LoginSession::by_token("session of ann@example.com");
        found.items(&client).collect().await.unwrap()
    };
    assert!(soon(async || !by_token().await.is_empty()).await);
    let session = by_token().await.remove(0);
    assert_eq!(session.expires.epoch_micros() % 1_000_000, 250_000);
    let update = Person::update(Person::key(id)).set(Person::NAME, "Ann B.");
    update.condition(Person::EMAIL.eq("ann@example.com")).send(&client).await.unwrap();
    assert_eq!(auth.call("read", id)["name"], "Ann B.");

    let later = session.expires.floor_to_second();
    let extend = LoginSession::update(session.to_key()).set(LoginSession::EXPIRES, later);
    extend.if_exists().send(&client).await.unwrap();
    let expected = json!({ "user": id, "expires": "2100-01-01T00:00:00.000Z" });
    assert!(soon(async || auth.call("session", session.session_token.as_str()) == expected).await);

    // The adapter leaves the keys of the index behind.
    auth.call("change", json!({ "id": id, "email": "eve@example.com" }));
    let changed = Person::get(Person::key(id)).send(&client).await.unwrap().unwrap();
    assert_eq!(changed.email, "eve@example.com");
    assert_eq!(auth.call("find", "eve@example.com"), Value::Null);
    assert!(soon(async || auth.call("find", "ann@example.com") == json!(id)).await);
    let mended = Person::put(changed).condition(Person::EMAIL.eq("eve@example.com"));
    mended.send(&client).await.unwrap();
    assert!(soon(async || auth.call("find", "eve@example.com") == json!(id)).await);

    let new = Person { id: "other".into(), email: "bob@example.com".into(), ..read };
    Person::create(new).send(&client).await.unwrap();
    assert!(soon(async || auth.call("find", "bob@example.com") == json!("other")).await);
    assert_eq!(auth.call("read", "other")["image"], Value::Null);
    let delete = |email| Person::delete(Person::key("other")).condition(Person::EMAIL.eq(email));
    assert!(delete("eve@example.com").send(&client).await.unwrap_err().is_condition_failed());
    delete("bob@example.com").send(&client).await.unwrap();
    assert_eq!(auth.call("read", "other"), Value::Null);
    Row {
        library: "@auth/dynamodb-adapter",
        forms: "keys `raw`; `constant` for `type`; `stale = tolerated`; `rfc3339(digits = 3)`; `null_when_none`; a `ttl` with a fraction",
        read: "all, by key and by index; also with the keys that it left behind",
        written_back: "update, put, create, delete by condition; a put mends the keys that it left behind",
        read_by_them: "all, by key and by index",
    }
}
