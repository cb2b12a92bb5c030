//! Secrets are planted wherever a caller can put one, and then looked for wherever the service
//! writes anything.

use hyper::Method;

use crate::{log, start};

const PLANTED: [&str; 7] = [
    "hunter2",
    "argon2id",
    "grace.secret",
    "private.example",
    "Unlogged",
    "s3cr3t-key",
    "p4th-secret",
];

#[tokio::test]
async fn nothing_sensitive_is_in_a_response_a_log_a_span_or_a_metric() {
    let service = start().await;
    let client = &service.client;
    let person = r#"{"email":"grace.secret@private.example","name":"Grace Unlogged","password":"hunter2hunter2"}"#;
    let json = ("content-type", "application/json");
    let key = [json, ("idempotency-key", "s3cr3t-key")];
    let created = client.request(Method::POST, "/users", &key, person).await;
    let replayed = client.request(Method::POST, "/users", &key, person).await;
    let path = created.header("location").to_owned();
    let login = r#"{"email":"grace.secret@private.example","password":"hunter2hunter2"}"#;
    let token = client.json(Method::POST, "/login", "", login).await;
    let token = token.json()["access_token"].as_str().unwrap().to_owned();
    let planted = [
        ("x-forwarded-for", "p4th-secret"),
        ("x-correlation-id", "p4th-secret"),
        ("traceparent", "p4th-secret"),
        ("cookie", "session=hunter2"),
        ("referer", "https://private.example/?p4th-secret"),
    ];
    let answers = [
        client.get(&path).await,
        client.request(Method::GET, &path, &planted, "").await,
        client.get("/users/p4th-secret").await,
        client.get("/p4th-secret").await,
        client.get("/healthz?password=hunter2&p4th-secret").await,
        client.json(Method::POST, "/users/search", "", r#"{"domain":"private.example"}"#).await,
        client
            .json(
                Method::POST,
                "/users/search",
                "",
                r#"{"domain":"private.example","cursor":"hunter2"}"#,
            )
            .await,
        client
            .json(Method::PATCH, &path, "\"7\"", r#"{"email":"grace.secret@private.example"}"#)
            .await,
        client.json(Method::PATCH, &path, "\"hunter2\"", "{}").await,
        client.json(Method::POST, "/login", "", &login.replace("r2\"", "r2x\"")).await,
        client.json(Method::POST, "/users", "", &person.replace("Grace", "\\u0000Grace")).await,
        client.json(Method::POST, "/users", "", &person.replace("email", "hunter2hunter2")).await,
        client.with_token("hunter2.hunter2.hunter2").get(&path).await,
        client.bare(Method::DELETE, &path, "\"1\"").await,
        created,
        replayed,
    ];
    for answer in &answers {
        let shown = format!("{answer:?}");
        for secret in ["hunter2", "argon2", "password_hash", "p4th-secret", "s3cr3t-key"] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        // Each has its line, at the finest level, with all of its spans.
        assert!(log::about(answer.header("x-correlation-id")).contains("answered"));
    }
    let log = log::so_far();
    let counted = client.get("/metrics").await.text;
    let reported = client.get("/security").await.text;
    for (place, text) in [("log", &log), ("metrics", &counted), ("report", &reported)] {
        for secret in PLANTED.iter().copied().chain([&*token, &path]) {
            let line = text.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret} is in the {place}");
        }
    }
    // Nor is any of it in the table, but where it belongs.
    let requests = service.engine.requests();
    let stored: String = requests
        .iter()
        .map(|request| String::from_utf8_lossy(request.body()).into_owned())
        .collect();
    for secret in ["hunter2", "s3cr3t-key", "p4th-secret"] {
        assert!(!stored.contains(secret), "{secret} is in the table");
    }
}

#[tokio::test]
async fn a_trace_goes_on_to_the_table() {
    let service = start().await;
    let trace = uuid_of_this_test();
    let parent = format!("00-{trace}-00f067aa0ba902b7-01");
    let headers = [("traceparent", &*parent)];
    let answer = service.client.request(Method::GET, crate::ADAS_PATH, &headers, "").await;
    let log = log::about(answer.header("x-correlation-id"));
    assert!(log.contains(&trace) && log.contains("00f067aa0ba902b7"), "{log}");
    // The spans of the library are inside of the request's.
    let call =
        log.lines().find(|line| line.contains("request{") && line.contains(":DynamoDB.GetItem{"));
    assert!(call.is_some_and(|call| call.contains(&trace)), "{log}");
}

fn uuid_of_this_test() -> String {
    "4bf92f3577b34da6a3ce929d0e0e4736".to_owned()
}
