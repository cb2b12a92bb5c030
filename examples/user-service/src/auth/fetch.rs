//! A key set by https.

use axum::http::header::ACCEPT;
use axum::http::{Request, StatusCode};
use dynamo_runtime::error::BoxError;
use http_body_util::Full;

use super::keys::MAX_LENGTH;
use crate::https::HttpsUrl;

pub(super) async fn get(url: &HttpsUrl) -> Result<Vec<u8>, BoxError> {
    let request = Request::get(url.path())
        .header(ACCEPT, "application/jwk-set+json, application/json")
        .body(Full::default())?;
    let response = url.send(request, MAX_LENGTH).await?;
    if response.status() != StatusCode::OK {
        return Err(format!("the key set was answered with {}", response.status()).into());
    }
    Ok(response.into_body().to_vec())
}
