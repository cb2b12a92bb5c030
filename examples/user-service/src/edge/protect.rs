//! What stands before all handlers.

use std::sync::Arc;

use axum::response::IntoResponse;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use super::headers::secure;
use super::limits::{Places, admit_some};
use super::proxy::came_over_tls;
use super::strict::strict;
use super::trace::trace;
use crate::config::Config;
use crate::ops::RefusedCallers;
use crate::problem::Problem;

/// Puts the edge before a router: nothing reaches a handler that did not come over TLS, is no strict
/// request or is one too many, and nothing leaves without its headers and its line in the log.
pub fn protect<S>(router: Router<S>, config: &Config, refused: &RefusedCallers) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let proxies = Arc::new(config.proxies.clone());
    // The last is the first that a request meets.
    router
        .layer(CatchPanicLayer::custom(|_| Problem::internal("a handler panicked").into_response()))
        .layer(middleware::from_fn_with_state(Places::of(&config.limits), admit_some))
        .layer(middleware::from_fn(strict))
        .layer(middleware::from_fn_with_state(proxies, came_over_tls))
        .layer(middleware::from_fn_with_state(refused.clone(), trace))
        .layer(middleware::from_fn(secure))
}
