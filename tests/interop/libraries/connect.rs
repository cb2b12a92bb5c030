//! connect-dynamodb: the sessions of Express, as JSON in text.

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "connect", constant("type") = "connect-session")]
#[dynamo(partition_key("id", raw) = "sess:{session_id}")]
struct WebSession {
    #[dynamo(key_only)]
    session_id: String,
    #[dynamo(ttl)]
    expires: Timestamp,
    #[dynamo(form = json)]
    sess: SessionData,
}

#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
struct SessionData {
    cookie: Value,
    user: String,
    n: u32,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<WebSession>()).await;
    let mut connect = Program::start("connect.mjs", "connect", engine);

    connect.call("write", "a");
    let read = WebSession::get(WebSession::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.sess.user.as_str(), read.sess.n), ("u1", 1));
    assert_eq!(read.sess.cookie["path"], "/");
    let sess = SessionData { n: 2, ..read.sess.clone() };
    let update = WebSession::update(WebSession::key("a")).set(WebSession::SESS, sess);
    update.condition(WebSession::EXPIRES.eq(read.expires)).send(&client).await.unwrap();
    assert_eq!(connect.call("read", "a"), json!({ "user": "u1", "n": 2 }));

    let new = WebSession { session_id: "b".into(), ..read.clone() };
    WebSession::create(new).send(&client).await.unwrap();
    assert_eq!(connect.call("read", "b"), json!({ "user": "u1", "n": 1 }));
    connect.call("change", "b");
    let touched = WebSession::get(WebSession::key("b")).send(&client).await.unwrap().unwrap();
    assert!(touched.expires > read.expires);
    let delete = |expires| {
        WebSession::delete(WebSession::key("b")).condition(WebSession::EXPIRES.eq(expires))
    };
    assert!(delete(read.expires).send(&client).await.unwrap_err().is_condition_failed());
    delete(touched.expires).send(&client).await.unwrap();
    assert_eq!(connect.call("read", "b"), Value::Null);
    Row {
        library: "connect-dynamodb",
        forms: "a key `raw` of a part that is `key_only`; `constant` for `type`; `json`; `ttl`",
        read: "all",
        written_back: "update, create, delete by condition",
        read_by_them: "all",
    }
}
