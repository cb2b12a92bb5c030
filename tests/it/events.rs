//! What the events tell, at the level that tells most: which call, and never a value or a secret.

use std::process::Command;

use dynamo_runtime::prelude::*;
use tracing_subscriber::filter::LevelFilter;

use crate::entities::{User, engine, user, user_key};

/// Runs this test again in a process of its own, where a subscriber can be the only one.
const CHILD: &str = "DYNAMO_TESTS_EVENTS";

#[test]
fn events_name_the_call_and_show_no_value() {
    if std::env::var_os(CHILD).is_some() {
        return calls();
    }
    let test = ["--exact", "events::events_name_the_call_and_show_no_value", "--nocapture"];
    let child = Command::new(std::env::current_exe().unwrap()).args(test).env(CHILD, "1").output();
    let child = child.unwrap();
    let events = String::from_utf8(child.stdout).unwrap();
    assert!(child.status.success(), "{events}");
    for shown in ["DynamoDB.PutItem", "DynamoDB.GetItem", "aws.dynamodb", "users", "the-secret-is="]
    {
        assert!(events.contains(shown), "no {shown} in {} bytes", events.len());
    }
    let secret = events.split("the-secret-is=").nth(1).unwrap().lines().next().unwrap();
    for hidden in ["hash-of-u1", "u1@example.com", secret] {
        let line = events.lines().find(|line| line.contains(hidden) && !line.starts_with("the-"));
        assert_eq!(line, None, "{hidden}");
    }
}

fn calls() {
    tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_ansi(false).init();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, engine) = engine().await;
        println!("the-secret-is={}", engine.secret_access_key());
        User::create(user("u1")).send(&client).await.unwrap();
        User::create(user("u1")).send(&client).await.unwrap_err();
        User::get(user_key("u1")).send(&client).await.unwrap().unwrap();
        User::by_email("u1@example.com").page(&client).await.unwrap();
        engine.faults().corrupt_response("GetItem");
        User::get(user_key("u1")).send(&client).await.unwrap().unwrap();
    });
}
