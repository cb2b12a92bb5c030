//! The document of the interface (`OpenAPI` 3.1), made from the code, and a page that shows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, Response as Documented, ResponseBuilder};
use utoipa_swagger_ui::Config;

use crate::edge::DOCS_POLICY;
use crate::problem::{Described, Kind, PROBLEM_JSON, Problem};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "user-service",
        description = "Users as JSON over HTTPS. A refusal is `application/problem+json`, with a stable `code`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Described)),
    tags(
        (name = "users", description = "Users"),
        (name = "login", description = "Tokens by password"),
        (name = "operators", description = "How the service fares")
    )
)]
struct Interface;

/// The document before any path is in it.
pub(crate) fn begin() -> utoipa::openapi::OpenApi {
    Interface::openapi()
}

/// What the edge and the readers of tokens and bodies may answer stands beside each operation, from
/// the table of kinds.
pub(crate) fn complete(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = document.components.get_or_insert_with(Default::default);
    components.add_security_scheme("bearer", bearer);
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            add_problems(operation);
        }
    }
    document
}

fn add_problems(operation: &mut Operation) {
    use Kind::{
        BodyIncomplete, BodyTooLarge, Busy, Internal, InvalidBody, InvalidPath, InvalidToken,
        NotOverTls, RateLimited, Timeout, UnsupportedMediaType,
    };

    let mut kinds = vec![InvalidPath, NotOverTls, Internal, Busy, Timeout];
    if operation.security.is_some() {
        kinds.extend([InvalidToken, RateLimited]);
    }
    if operation.request_body.is_some() {
        kinds.extend([BodyIncomplete, BodyTooLarge, UnsupportedMediaType, InvalidBody]);
    }
    let responses = &mut operation.responses.responses;
    let statuses: BTreeSet<_> = kinds.into_iter().map(|kind| kind.describe().0).collect();
    for status in statuses {
        let known = Kind::ALL.iter().filter(|kind| kind.describe().0 == status);
        let codes: Vec<_> = known.map(|kind| format!("`{}`", kind.describe().1)).collect();
        let description = format!("Refused: {}", codes.join(", "));
        let response = ResponseBuilder::new().description(description).build();
        responses.entry(status.as_u16().to_string()).or_insert(RefOr::T(response));
    }
    for (status, response) in responses {
        if let (true, RefOr::T(response)) = (status.starts_with(['4', '5']), response) {
            add_problem(response);
        }
    }
}

/// The body of a refusal.
fn add_problem(response: &mut Documented) {
    let problem = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(problem)).build();
    response.content.insert(PROBLEM_JSON.to_owned(), RefOr::T(content));
}

/// The document and the page's settings.
#[derive(Clone)]
pub(crate) struct Pages {
    document: Bytes,
    config: Arc<Config<'static>>,
}

impl Pages {
    pub(crate) fn of(document: &utoipa::openapi::OpenApi) -> Self {
        // swagger-ui would ask a host of its own whether the document is valid.
        let config = Config::from("/openapi.json").validator_url("none").try_it_out_enabled(true);
        let document = serde_json::to_value(document).map(corrected).unwrap_or_default();
        Self { document: document.to_string().into(), config: Arc::new(config) }
    }
}

/// What utoipa cannot say, or says otherwise than it is.
fn corrected(mut document: Value) -> Value {
    let one_of: Vec<_> =
        ["email", "domain", "name"].iter().map(|name| json!({ "required": [name] })).collect();
    document["components"]["schemas"]["Search"]["oneOf"] = one_of.into();
    let items = document["paths"].as_object_mut().into_iter().flat_map(|items| items.values_mut());
    let operations = items.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut());
    let parameters =
        operations.filter_map(|operation| operation.get_mut("parameters")?.as_array_mut());
    for parameter in parameters.flatten() {
        // A header may be absent; it is never null.
        if let Some(kind) = parameter["schema"].get_mut("type").filter(|kind| kind.is_array()) {
            *kind = "string".into();
        }
    }
    document
}

pub(crate) async fn document(State(pages): State<Pages>) -> Response {
    ([(CONTENT_TYPE, "application/json")], pages.document).into_response()
}

pub(crate) async fn page(pages: State<Pages>) -> Result<Response, Problem> {
    asset(pages, Path("index.html".to_owned())).await
}

/// A file of swagger-ui, which is part of this program.
pub(crate) async fn asset(
    State(pages): State<Pages>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let found = utoipa_swagger_ui::serve(&file, pages.config)
        .map_err(|error| Problem::internal(error.to_string()))?;
    let file = found.ok_or(Kind::NoRoute)?;
    let headers = [
        (CONTENT_TYPE, file.content_type.clone()),
        (CONTENT_SECURITY_POLICY, DOCS_POLICY.to_str().unwrap_or_default().to_owned()),
    ];
    if file.content_type.starts_with("text/html") {
        // Without it a phone shows the page as a desktop's, too small to read.
        const VIEWPORT: &str =
            r#"<head><meta name="viewport" content="width=device-width, initial-scale=1">"#;
        let page = String::from_utf8_lossy(&file.bytes).replacen("<head>", VIEWPORT, 1);
        return Ok((headers, page).into_response());
    }
    Ok((headers, file.bytes.into_owned()).into_response())
}
