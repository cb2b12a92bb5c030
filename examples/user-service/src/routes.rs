//! The paths of the service and what each does.

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::{ETAG, LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use dynamo_runtime::Error;
use dynamo_runtime::operation::Query;
use dynamo_runtime::prelude::*;
use serde::{Deserialize, Serialize};

use crate::extract::{Body, IfMatch, UserPath, etag};
use crate::password::{Hasher, Password};
use crate::problem::{self, Kind, Problem};
use crate::user::{Domain, EmailAddress, Expiry, Invalid, Name, User, UserId};

/// The longest body that is read, in bytes.
const MAX_BODY: usize = 16 * 1024;

/// The time for one call of the store, with its retries.
const DEADLINE: Duration = Duration::from_secs(5);

/// What the handlers share.
#[derive(Clone, Debug)]
struct Service {
    client: SecureClient,
    hasher: Hasher,
}

/// All routes of the service.
///
/// Nothing sensitive is ever in a path or a query string, since those end up in logs: an id is
/// opaque, and a search has a body.
pub(crate) fn router(client: SecureClient) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/users", post(create))
        .route("/users/search", post(search))
        .route("/users/{user_id}", get(read).patch(change_email).delete(delete))
        .fallback(async || Kind::NoRoute)
        .method_not_allowed_fallback(async || Kind::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn(problem::answer))
        .with_state(Service { client, hasher: Hasher::new() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    /// Chosen by a caller who wants to be able to try again: the second time is a conflict.
    user_id: Option<UserId>,
    email: EmailAddress,
    name: Name,
    password: Password,
    expires_at: Option<Expiry>,
}

async fn create(
    State(service): State<Service>,
    Body(new): Body<NewUser>,
) -> Result<Response, Problem> {
    let password_hash = service.hasher.hash(new.password).await.map_err(Problem::internal)?;
    let user_id = new.user_id.unwrap_or_else(UserId::random);
    let user = User::create(User::new(user_id, new.email, new.name, password_hash, new.expires_at))
        .deadline(DEADLINE)
        .send(&service.client)
        .await
        .map_err(Problem::of_create)?;
    let location = [(LOCATION, format!("/users/{}", user.user_id))];
    Ok((StatusCode::CREATED, location, Representation(user)).into_response())
}

async fn read(
    State(service): State<Service>,
    UserPath(user_id): UserPath,
) -> Result<Representation, Problem> {
    let user = User::get(User::key(user_id)).deadline(DEADLINE).send(&service.client).await?;
    user.map(Representation).ok_or_else(|| Kind::UserNotFound.into())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmailChange {
    email: EmailAddress,
}

async fn change_email(
    State(service): State<Service>,
    UserPath(user_id): UserPath,
    IfMatch(version): IfMatch,
    Body(EmailChange { email }): Body<EmailChange>,
) -> Result<Representation, Problem> {
    let user = User::update(User::key(user_id))
        .set(User::DOMAIN, email.domain())
        .set(User::EMAIL, email)
        .at_version(version)
        .returning_new()
        .deadline(DEADLINE)
        .send(&service.client)
        .await
        .map_err(Problem::of_change)?;
    Ok(Representation(user))
}

async fn delete(
    State(service): State<Service>,
    UserPath(user_id): UserPath,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    // A delete leaves nothing that would tell whose it was, so it is sent with a token.
    User::delete(User::key(user_id))
        .at_version(version)
        .exactly_once()
        .deadline(DEADLINE)
        .send(&service.client)
        .await
        .map_err(Problem::of_change)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Users by one of their attributes, at most [`Limit`] of them.
#[derive(Deserialize)]
#[serde(try_from = "SearchFields")]
struct Search {
    by: By,
    limit: Limit,
}

enum By {
    Email(EmailAddress),
    Domain(Domain),
    Name(Name),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchFields {
    email: Option<EmailAddress>,
    domain: Option<Domain>,
    name: Option<Name>,
    #[serde(default)]
    limit: Limit,
}

impl TryFrom<SearchFields> for Search {
    type Error = Invalid;

    fn try_from(fields: SearchFields) -> Result<Self, Invalid> {
        let by = match (fields.email, fields.domain, fields.name) {
            (Some(email), None, None) => By::Email(email),
            (None, Some(domain), None) => By::Domain(domain),
            (None, None, Some(name)) => By::Name(name),
            _ => {
                return Err(Invalid::new("A search is by an e-mail, a domain or a name."));
            }
        };
        Ok(Self { by, limit: fields.limit })
    }
}

/// How many users a search gives at most: 1 to 100.
#[derive(Deserialize, Clone, Copy)]
#[serde(try_from = "u8")]
pub(crate) struct Limit(u8);

impl Limit {
    pub(crate) const RULE: &'static str = "A limit is 1 to 100.";
}

impl Default for Limit {
    fn default() -> Self {
        Self(25)
    }
}

impl TryFrom<u8> for Limit {
    type Error = Invalid;

    fn try_from(limit: u8) -> Result<Self, Invalid> {
        if (1..=100).contains(&limit) { Ok(Self(limit)) } else { Err(Invalid::new(Self::RULE)) }
    }
}

async fn search(
    State(service): State<Service>,
    Body(Search { by, limit }): Body<Search>,
) -> Result<Json<Found>, Problem> {
    let client = &service.client;
    let found = match by {
        By::Email(email) => find(User::by_email(email), limit, client).await,
        By::Domain(domain) => find(User::by_domain(domain), limit, client).await,
        By::Name(name) => find(User::by_name(name), limit, client).await,
    };
    Ok(Json(found?))
}

async fn find<I, S>(
    query: Query<User, I, S>,
    limit: Limit,
    client: &SecureClient,
) -> Result<Found, Error> {
    let limit = usize::from(limit.0);
    // One more than is given, which tells whether there are more.
    let page = query.limit(limit + 1).deadline(DEADLINE).page(client).await?;
    let users = page.items.iter().take(limit).map(PublicUser::from).collect();
    Ok(Found { users, has_more: page.items.len() > limit })
}

/// The answer of a search.
#[derive(Serialize)]
struct Found {
    users: Vec<PublicUser>,
    has_more: bool,
}

/// A user as a response shows it.
#[derive(Serialize)]
struct PublicUser {
    user_id: String,
    email: String,
    name: String,
    created_at: String,
    version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
}

impl From<&User> for PublicUser {
    fn from(user: &User) -> Self {
        Self {
            user_id: user.user_id.to_string(),
            email: user.email.as_str().to_owned(),
            name: user.name.as_str().to_owned(),
            created_at: user.created_at.to_string(),
            version: user.version.number(),
            expires_at: user.expires_at.map(|expires_at| expires_at.to_string()),
        }
    }
}

/// One user as the whole response, with its version as the `ETag`.
struct Representation(User);

impl IntoResponse for Representation {
    fn into_response(self) -> Response {
        let Self(user) = self;
        ([(ETAG, etag(user.version))], Json(PublicUser::from(&user))).into_response()
    }
}
