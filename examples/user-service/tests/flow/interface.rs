//! The document of the interface, and the page that shows it.

use hyper::StatusCode;

use crate::start;

#[tokio::test]
async fn the_document_says_all_of_each_operation() {
    let service = start().await;
    let document = service.client.without_token().get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(!document.to_string().contains(":null"), "nothing is said of what is not there");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations.push(format!("{method} {path}"));
            assert!(operation["operationId"].is_string(), "{method} {path}");
            let responses = operation["responses"].as_object().unwrap();
            for (status, response) in responses {
                // Without one the document is invalid.
                let text = response["description"].as_str().unwrap_or_default();
                assert!(!text.is_empty(), "{method} {path}: {status}");
                let problem = &response["content"]["application/problem+json"]["schema"]["$ref"];
                let is_refusal = status.starts_with(['4', '5']);
                assert_eq!(
                    problem == "#/components/schemas/Problem",
                    is_refusal,
                    "{path} {status}"
                );
            }
            let is_secured = operation["security"][0]["bearer"].is_array();
            let is_open = ["/login", "/healthz", "/readyz"].contains(&path.as_str());
            assert_eq!(is_secured, !is_open, "{method} {path}");
            assert_eq!(responses.contains_key("429"), is_secured || path == "/login", "{path}");
        }
    }
    operations.sort_unstable();
    assert_eq!(
        operations,
        [
            "delete /users/{user_id}",
            "get /healthz",
            "get /metrics",
            "get /readyz",
            "get /security",
            "get /users/{user_id}",
            "patch /users/{user_id}",
            "post /login",
            "post /users",
            "post /users/search",
        ]
    );
    // What is asked for is bounded, and no reference leads nowhere.
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name}");
    }
    for named in ["NewUser", "UserPatch", "Search", "Login"] {
        assert_eq!(schemas[named]["additionalProperties"], false, "{named}");
    }
    assert_eq!(document["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
}

#[tokio::test]
async fn the_page_needs_no_other_host() {
    let service = start().await;
    let client = service.client.without_token();
    let moved = client.get("/docs").await;
    assert_eq!((moved.status.as_u16(), moved.header("location")), (308, "/docs/"));
    let page = client.get("/docs/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-type").starts_with("text/html"));
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self'") && policy.contains("connect-src 'self'"));
    for asset in ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-initializer.js", "index.css"] {
        let found = client.get(&format!("/docs/{asset}")).await;
        assert_eq!(found.status, StatusCode::OK, "{asset}");
    }
    let settings = client.get("/docs/swagger-initializer.js").await.text;
    assert!(settings.contains("/openapi.json") && settings.contains("\"validatorUrl\": \"none\""));
    assert!(!page.text.contains("://"), "{}", page.text);
}
