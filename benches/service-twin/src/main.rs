//! `GET /users/{user_id}` of the user service, as it is written on the SDK with `serde_dynamo`: the same
//! configuration, edge and tokens, the same two calls of the table with the same expressions, the same
//! response. Only what stands between the handler and the table differs.
#![forbid(unsafe_code)]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{AUTHORIZATION, ETAG, HeaderMap};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use dynamo_benches::sdk;
use dynamo_benches::wire::https;
use dynamo_runtime::Timestamp;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;
use user_service::auth::{Scope, Tokens};
use user_service::config::{CompatibleEngine, Store};
use user_service::edge::protect;
use user_service::ops::RefusedCallers;
use user_service::secret::Secret;
use user_service::{Config, Server, log};

type Failure = Box<dyn Error + Send + Sync>;

/// The time for one call of the store, with its retries, as the service has it.
const DEADLINE: Duration = Duration::from_secs(5);
/// The length of a window of the rate limit, in seconds.
const WINDOW: u64 = 60;

#[derive(Clone)]
struct Service {
    client: Client,
    tokens: Arc<Tokens>,
    secret: Secret,
    per_minute: u32,
}

/// A user as the table has it.
#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of the attributes")]
struct User {
    user_id: String,
    email: String,
    name: String,
    created_at: String,
    version: u64,
    expires_at: Option<u64>,
}

/// A user as a response shows it.
#[derive(Serialize)]
struct PublicUser {
    user_id: String,
    email: String,
    name: String,
    created_at: String,
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    log::subscriber(filter, std::io::stderr).init();
    let config = Config::from_env()?;
    let Store::Remote { region, engine: Some(engine), .. } = &config.store else {
        return Err("it runs on the engine that DYNAMO_ENGINE names".into());
    };
    let (tokens, _) = Tokens::start(&config.tokens).await?;
    let service = Service {
        client: client(region.name(), engine)?,
        tokens: Arc::new(tokens),
        secret: config.secret.clone(),
        per_minute: config.requests_per_minute,
    };
    let router = Router::new().route("/users/{user_id}", get(read));
    let router = protect(router, &config, &RefusedCallers::default()).with_state(service);
    let server = Server::serving(&config, router).await?;
    println!("user-service listens on https://{}", server.name());
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    server
        .run(async {
            terminate.recv().await;
        })
        .await;
    Ok(())
}

fn client(region: &str, engine: &CompatibleEngine) -> Result<Client, Failure> {
    let variable = |name| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    let (id, secret) = (variable("AWS_ACCESS_KEY_ID")?, variable("AWS_SECRET_ACCESS_KEY")?);
    let config = sdk::config(https(&engine.ca_pem))
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(id, secret, None, None, "environment"))
        .endpoint_url(format!("https://{}:{}", engine.host, engine.port))
        .timeout_config(TimeoutConfig::builder().operation_timeout(DEADLINE).build())
        .build();
    Ok(Client::from_conf(config))
}

async fn read(
    State(service): State<Service>,
    Path(user_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let token = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer "));
    let token = token.ok_or(StatusCode::UNAUTHORIZED)?;
    let verified = service.tokens.verify(token, Timestamp::now()).await;
    let (subject, scopes) = verified.ok_or(StatusCode::UNAUTHORIZED)?;
    count(&service, &subject).await?;
    let is_admin = scopes.contain(Scope::Admin);
    if !is_admin && !scopes.contain(Scope::Read) {
        return Err(StatusCode::FORBIDDEN);
    }
    if !is_admin && subject != user_id {
        return Err(StatusCode::NOT_FOUND);
    }
    let found = service
        .client
        .get_item()
        .table_name("users")
        .key("pk", AttributeValue::S(format!("USER#{user_id}")))
        .consistent_read(true)
        .send()
        .await
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let item = found.item.ok_or(StatusCode::NOT_FOUND)?;
    let user: User =
        serde_dynamo::from_item(item).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    if user.expires_at.is_some_and(|until| until <= now()) {
        return Err(StatusCode::NOT_FOUND);
    }
    let expires_at = user.expires_at.and_then(|until| {
        Timestamp::from_epoch_seconds(i64::try_from(until).ok()?).ok().map(|at| at.to_string())
    });
    let public = PublicUser {
        user_id: user.user_id,
        email: user.email,
        name: user.name,
        created_at: user.created_at,
        version: user.version,
        expires_at,
    };
    Ok(([(ETAG, format!("\"{}\"", user.version))], Json(public)).into_response())
}

/// Counts one request of the caller, where there are not as many as there may be.
async fn count(service: &Service, subject: &str) -> Result<(), StatusCode> {
    let window = now() / WINDOW * WINDOW;
    let caller = service.secret.fingerprint("rate", &[b"caller", subject.as_bytes()]);
    let number = |number: u64| AttributeValue::N(number.to_string());
    let counted = service
        .client
        .update_item()
        .table_name("users")
        .key("pk", AttributeValue::S(format!("RATE#{caller}#{window}")))
        .update_expression(
            "ADD #requests :one SET #expires_at = :until, #caller = :caller, #window = :window",
        )
        .condition_expression("attribute_not_exists(#requests) OR #requests < :limit")
        .expression_attribute_names("#requests", "requests")
        .expression_attribute_names("#expires_at", "expires_at")
        .expression_attribute_names("#caller", "caller")
        .expression_attribute_names("#window", "window")
        .expression_attribute_values(":one", number(1))
        .expression_attribute_values(":until", number(window + WINDOW + 3600))
        .expression_attribute_values(":caller", AttributeValue::S(caller))
        .expression_attribute_values(":window", number(window))
        .expression_attribute_values(":limit", number(service.per_minute.into()))
        .send()
        .await;
    counted.map(|_| ()).map_err(|error| match error.into_service_error() {
        error if error.is_conditional_check_failed_exception() => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
