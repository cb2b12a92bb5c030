//! All paths of the service, and what stands before them.

use axum::extract::DefaultBodyLimit;
use axum::response::Redirect;
use axum::routing::get;
use axum::{Router, middleware};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::{MAX_BODY, document, login, patch, search, users};
use crate::auth::authenticate;
use crate::config::Config;
use crate::edge::protect;
use crate::ops::{health, metrics, security};
use crate::problem::Kind;
use crate::service::Service;

/// Nothing sensitive is ever in a path, and there are no query strings: both end up in logs. An id
/// is opaque, and a search has a body.
pub(crate) fn router(service: Service, config: &Config) -> Router {
    metrics::install();
    let with_caller = OpenApiRouter::new()
        .routes(routes!(users::create))
        .routes(routes!(search::search))
        .routes(routes!(users::read, patch::patch, users::delete))
        .routes(routes!(metrics::metrics))
        .routes(routes!(security::security))
        .route_layer(middleware::from_fn_with_state(service.clone(), authenticate));
    let (router, interface) = OpenApiRouter::with_openapi(document::begin())
        .routes(routes!(login::login))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .merge(with_caller)
        .split_for_parts();
    let pages = document::Pages::of(&document::complete(interface));
    let pages = Router::new()
        .route("/openapi.json", get(document::document))
        .route("/docs", get(async || Redirect::permanent("/docs/")))
        .route("/docs/", get(document::page))
        .route("/docs/{file}", get(document::asset))
        .with_state(pages)
        .route("/security/page", get(security::page))
        .route("/security/page.js", get(security::script))
        .route("/security/page.css", get(security::style));
    let router = router
        .merge(pages)
        .fallback(async || Kind::NoRoute)
        .method_not_allowed_fallback(async || Kind::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(MAX_BODY));
    protect(router, config, &service.refused).with_state(service)
}
