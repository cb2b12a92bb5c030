//! What operators look at.

use std::time::Duration;

use hyper::{Method, StatusCode};

use crate::{ADA, ADAS_PATH, start};

#[tokio::test]
async fn a_service_is_ready_while_its_table_is_as_it_must_be() {
    let service = start().await;
    let client = service.client.without_token();
    let ready = client.get("/readyz").await;
    assert_eq!((ready.status, &*ready.text), (StatusCode::OK, "ready"));
    for (operation, code) in [
        ("GetItem", "ResourceNotFoundException"),
        ("GetItem", "ValidationException"),
        ("Query", "ValidationException"),
    ] {
        service.clock.put_on(Duration::from_secs(5));
        service.engine.faults().fail(operation, 400, code);
        let refused = client.get("/readyz").await;
        assert_eq!((refused.status.as_u16(), &*refused.problem()), (503, "not-ready"), "{code}");
        assert!(!refused.text.contains(code));
        assert_eq!(
            client.get("/readyz").await.problem(),
            "not-ready",
            "for as long as an answer is good"
        );
    }
    service.clock.put_on(Duration::from_secs(5));
    assert_eq!(client.get("/healthz").await.text, "ok");
    // Who asks again and again has the store read once.
    assert_eq!(client.get("/readyz").await.text, "ready");
    let before = service.engine.requests().len();
    for _ in 0..3 {
        assert_eq!(client.get("/readyz").await.text, "ready");
    }
    assert_eq!(service.engine.requests().len(), before);
}

#[tokio::test]
async fn what_is_counted_can_be_scraped() {
    let service = start().await;
    let client = &service.client;
    client.json(Method::POST, "/users", "", ADA).await;
    client.get(ADAS_PATH).await;
    client.get("/nowhere").await;
    client.request(Method::from_bytes(b"SECRET").unwrap(), "/users", &[], "").await;
    let metrics = client.get("/metrics").await;
    assert_eq!(metrics.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    for line in [
        r#"http_server_requests_total{method="GET",route="/users/{user_id}",status="200"}"#,
        r#"http_server_requests_total{method="_OTHER",route="/users",status="405"}"#,
        r#"http_server_request_duration_seconds_bucket{method="GET",route="/users/{user_id}",le="0.5"}"#,
        r#"user_service_problems_total{code="no-route"}"#,
        "http_server_requests_in_flight ",
        "dynamo_client_calls{",
    ] {
        assert!(
            metrics.text.lines().any(|found| found.starts_with(line)),
            "{line}\n{}",
            metrics.text
        );
    }
    assert!(!metrics.text.contains("SECRET"), "who calls makes no names");
}

#[tokio::test]
async fn peers_and_refusals_are_on_record() {
    let service = start().await;
    let client = &service.client;
    client.get(ADAS_PATH).await;
    client.without_token().get(ADAS_PATH).await;
    let report = client.get("/security").await.json();
    let peer = &report["client"]["peers"][0];
    assert_eq!(peer["tls_version"], "TLSv1_3");
    for digest in ["certificate_sha256", "root_public_key_sha256"] {
        assert_eq!(peer[digest].as_str().unwrap().len(), 64);
    }
    assert!(report["client"]["connections"]["opened"].as_u64().unwrap() >= 1);
    assert_eq!(report["client"]["trust"], "private_ca");
    assert_eq!(report["refused_callers"]["token-required"], 1);
    assert_eq!(report["refused_callers"]["user-not-found"], 1);

    service.engine.faults().corrupt_response("GetItem");
    client.get(ADAS_PATH).await;
    let report = client.get("/security").await.json();
    assert!(report["client"]["refusals"]["responses"].as_u64().unwrap() >= 1, "{report}");
}

#[tokio::test]
async fn the_page_of_the_report_shows_nothing_by_itself() {
    let service = start().await;
    let nobody = service.client.without_token();
    let page = nobody.get("/security/page").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for path in ["/security/page.js", "/security/page.css"] {
        assert!(page.text.contains(path));
        assert_eq!(nobody.get(path).await.status, StatusCode::OK);
    }
    assert!(!page.text.contains("TLSv1") && !page.text.contains("http:"));
}
