//! The engine over real TLS, with signed requests of a client that shares no code with it.

mod client;
mod faults;
mod refusals;

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{LocalEngine, ObservedRequest};
use client::{Answer, Client, exchange, handshake, trusting};

const CREATE_USERS: &str = r#"{"TableName":"users","BillingMode":"PAY_PER_REQUEST",
    "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
    "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}"#;

async fn engine_with_users() -> (LocalEngine, Client) {
    let engine = LocalEngine::in_memory().await.unwrap();
    let client = Client::of(&engine);
    let answer = client.call("CreateTable", CREATE_USERS).await.unwrap();
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    (engine, client)
}

fn put(id: &str) -> String {
    format!(r#"{{"TableName":"users","Item":{{"id":{{"S":"{id}"}},"n":{{"N":"7"}}}}}}"#)
}

fn get(id: &str) -> String {
    format!(r#"{{"TableName":"users","Key":{{"id":{{"S":"{id}"}}}},"ConsistentRead":true}}"#)
}

async fn exists(client: &Client, id: &str) -> bool {
    let answer = client.call("GetItem", &get(id)).await.unwrap();
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.json().get("Item").is_some()
}

fn assert_is_well_formed(answer: &Answer) {
    assert!(answer.crc_is_right());
    assert_eq!(answer.only("content-type"), "application/x-amz-json-1.0");
    assert_eq!(answer.only("x-amzn-requestid").len(), 52);
}

#[tokio::test]
async fn an_item_goes_in_and_comes_out() {
    let (_engine, client) = engine_with_users().await;
    assert!(!exists(&client, "a").await);

    let answer = client.call("PutItem", &put("a")).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_is_well_formed(&answer);

    let answer = client.call("GetItem", &get("a")).await.unwrap();
    assert_is_well_formed(&answer);
    assert_eq!(answer.json()["Item"]["n"]["N"], "7");
}

#[tokio::test]
async fn errors_of_the_engine_are_well_formed_too() {
    let (_engine, client) = engine_with_users().await;
    let absent = put("a").replace("users", "no-such-table");
    for (operation, body, code) in [
        ("PutItem", absent.as_str(), "ResourceNotFoundException"),
        ("PutItem", "{", "SerializationException"),
        ("PutItem", "", "SerializationException"),
        ("NoSuchOperation", "{}", "UnknownOperationException"),
    ] {
        let answer = client.call(operation, body).await.unwrap();
        assert_eq!(answer.status, 400, "{code}");
        assert_is_well_formed(&answer);
        assert_eq!(answer.error_code(), code);
    }
}

#[tokio::test]
async fn a_connection_serves_many_requests() {
    let (_engine, client) = engine_with_users().await;
    let mut connection = client.connect().await.unwrap();
    for id in ["a", "b", "c"] {
        let request = client.signed("PutItem", put(id), SystemTime::now());
        let answer = exchange(&mut connection, request).await.unwrap();
        assert_eq!(answer.status, 200);
    }
    assert!(exists(&client, "c").await);
}

#[tokio::test]
async fn what_arrived_is_observed() {
    let (engine, client) = engine_with_users().await;
    engine.forget_requests();
    client.call("PutItem", &put("a")).await.unwrap();
    client.call("GetItem", &get("a")).await.unwrap();

    let requests = engine.requests();
    let operations: Vec<&str> = requests.iter().map(ObservedRequest::operation).collect();
    assert_eq!(operations, ["PutItem", "GetItem"]);
    assert_eq!(requests[0].body(), put("a").as_bytes());
}

#[tokio::test]
async fn only_the_ca_of_this_run_proves_the_server() {
    let engine = LocalEngine::in_memory().await.unwrap();
    let other = LocalEngine::in_memory().await.unwrap();
    let port = engine.port();

    let right = trusting(&[engine.ca_pem()]);
    for name in ["localhost", "127.0.0.1"] {
        let stream = handshake(&right, name, port).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    }
    assert!(handshake(&right, "elsewhere", port).await.is_err());
    for wrong in [trusting(&[]), trusting(&[other.ca_pem()])] {
        assert!(handshake(&wrong, "localhost", port).await.is_err());
    }
}

#[tokio::test]
async fn credentials_are_of_one_run_and_stay_out_of_debug() {
    let engine = LocalEngine::in_memory().await.unwrap();
    let other = LocalEngine::in_memory().await.unwrap();
    assert_ne!(engine.access_key_id(), other.access_key_id());
    assert_ne!(engine.secret_access_key(), other.secret_access_key());
    assert_eq!(engine.secret_access_key().len(), 40);

    let text = format!("{engine:?}");
    assert!(!text.contains(engine.secret_access_key()), "{text}");
    assert!(!text.contains(engine.access_key_id()), "{text}");
}

#[tokio::test]
async fn the_last_handle_stops_the_engine() {
    let (engine, client) = engine_with_users().await;
    let mut connection = client.connect().await.unwrap();
    let behind = engine.running.front.engine.authority().clone();
    let ports = [engine.port(), behind.port_u16().unwrap()];

    let clone = engine.clone();
    drop(engine);
    assert!(!exists(&client, "a").await, "a clone keeps it up");

    drop(clone);
    let closed = async {
        for port in ports {
            while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                tokio::task::yield_now().await;
            }
        }
    };
    timeout(Duration::from_secs(5), closed).await.unwrap();
    let request = client.signed("GetItem", get("a"), SystemTime::now());
    assert!(exchange(&mut connection, request).await.is_err());
}

#[tokio::test]
async fn a_file_keeps_the_data() {
    let file = DatabaseFile::new("kept");
    let engine = LocalEngine::in_file(&file.0).await.unwrap();
    let client = Client::of(&engine);
    client.call("CreateTable", CREATE_USERS).await.unwrap();
    client.call("PutItem", &put("a")).await.unwrap();
    drop((engine, client));

    let engine = LocalEngine::in_file(&file.0).await.unwrap();
    assert!(exists(&Client::of(&engine), "a").await);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error_that_names_it() {
    let file = DatabaseFile::new("broken");
    std::fs::write(&file.0, "this is no database, however long one looks at it").unwrap();
    let error = LocalEngine::in_file(&file.0).await.unwrap_err();
    assert!(error.to_string().contains("broken"), "{error}");

    let directory = std::env::temp_dir();
    assert!(LocalEngine::in_file(&directory).await.is_err());
    assert!(LocalEngine::in_file("").await.is_err());
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let mut starting = std::pin::pin!(LocalEngine::in_memory());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(started) = starting.as_mut().poll(&mut context) else {
        panic!("it waits for a runtime that is not there");
    };
    assert!(started.unwrap_err().to_string().contains("Tokio"));
}

#[tokio::test]
async fn expired_items_are_swept() {
    let (engine, client) = engine_with_users().await;
    let enable =
        r#"{"TableName":"users","TimeToLiveSpecification":{"AttributeName":"n","Enabled":true}}"#;
    let answer = client.call("UpdateTimeToLive", enable).await.unwrap();
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    let expired = put("expired").replace(r#""7""#, r#""1700000000""#);
    let alive = put("alive").replace(r#""7""#, r#""4000000000""#);
    for item in [expired, alive] {
        client.call("PutItem", &item).await.unwrap();
    }

    assert_eq!(engine.sweep_expired().await.unwrap(), 1);
    assert!(!exists(&client, "expired").await);
    assert!(exists(&client, "alive").await);
}

/// A path for a database that is deleted with its side files.
struct DatabaseFile(PathBuf);

impl DatabaseFile {
    fn new(name: &str) -> Self {
        let file = format!("dynamo-local-engine-{}-{name}.db", std::process::id());
        Self(std::env::temp_dir().join(file))
    }
}

impl Drop for DatabaseFile {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(suffix);
            let _ = std::fs::remove_file(path);
        }
    }
}

#[tokio::test]
async fn an_engine_that_does_not_start_says_why_in_its_source_only() {
    let nowhere = std::env::temp_dir().join("no-such-folder").join("data.sqlite");
    let error = LocalEngine::in_file(nowhere).await.err().unwrap();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(!error.to_string().contains(&source), "`{source}` is in `{error}`");
}
