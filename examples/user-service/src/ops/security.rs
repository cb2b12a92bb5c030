//! Whom the client of the table met, what it refused, and which callers were refused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json as Answer;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::auth::{Caller, Scope};
use crate::edge::PAGE_POLICY;
use crate::problem::Problem;
use crate::service::Service;

/// How many requests were refused, by the code of the problem. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct RefusedCallers(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl RefusedCallers {
    pub(crate) fn count(&self, code: &'static str) {
        *self.lock().entry(code).or_default() += 1;
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is known since the service started.
#[derive(Serialize, ToSchema)]
#[schema(as = SecurityReport)]
pub(crate) struct Report {
    /// The attestation of the table's client: what it trusts and whom it talks to, what it refused,
    /// the ambient variables that it saw, and the last server of each host.
    #[schema(value_type = Object)]
    client: Value,
    /// How many requests were refused, by the code of the problem.
    #[schema(value_type = BTreeMap<String, u64>)]
    refused_callers: BTreeMap<&'static str, u64>,
}

/// What a security review asks of a running service.
#[utoipa::path(
    get,
    path = "/security",
    tag = "operators",
    operation_id = "security",
    responses((status = 200, description = "What is known since the service started", body = Report)),
    security(("bearer" = []))
)]
pub(crate) async fn security(
    State(service): State<Service>,
    caller: Caller,
) -> Result<Answer<Report>, Problem> {
    caller.require(Scope::Admin)?;
    let client = service.client.attestation().to_json();
    let client = serde_json::from_str(&client).map_err(Problem::internal)?;
    let refused_callers = service.refused.lock().clone();
    Ok(Answer(Report { client, refused_callers }))
}

/// The page has nothing in it: its script asks for a token, and with it for what is shown.
pub(crate) async fn page() -> Response {
    let page = part("text/html; charset=utf-8", include_str!("page/security.html"));
    ([(CONTENT_SECURITY_POLICY, PAGE_POLICY)], page).into_response()
}

pub(crate) async fn script() -> Response {
    part("text/javascript; charset=utf-8", include_str!("page/security.js"))
}

pub(crate) async fn style() -> Response {
    part("text/css; charset=utf-8", include_str!("page/security.css"))
}

fn part(content_type: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(content_type))], text).into_response()
}
