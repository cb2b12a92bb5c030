//! To find users by one of their attributes, page by page.

use std::cmp::Ordering::Equal;

use axum::Json as Answer;
use axum::extract::State;
use dynamo_runtime::operation::{Cursor, CursorError, Query};
use dynamo_runtime::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Json;
use super::users::PublicUser;
use crate::auth::{Caller, Scope};
use crate::fields::{Domain, EmailAddress, Invalid, Name};
use crate::problem::{Kind, Problem};
use crate::service::{DEADLINE, Service};
use crate::user::{EmailClaim, User};

/// By exactly one of `email`, `domain` and `name`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(min_properties = 1)]
pub(crate) struct Search {
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "super::body::named")]
    email: Option<EmailAddress>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "super::body::named")]
    domain: Option<Domain>,
    #[schema(nullable = false)]
    #[serde(default, deserialize_with = "super::body::named")]
    name: Option<Name>,
    #[serde(default)]
    limit: Limit,
    /// `next` of the page before.
    #[schema(nullable = false, max_length = 4096)]
    #[serde(default, deserialize_with = "super::body::named")]
    cursor: Option<String>,
}

/// How many users a page has at most: 1 to 100.
#[derive(Deserialize, ToSchema, Clone, Copy)]
#[serde(try_from = "f64")]
#[schema(value_type = u8, minimum = 1, maximum = 100, default = 25)]
pub(crate) struct Limit(u8);

impl Limit {
    pub(super) const RULE: &'static str = "A limit is 1 to 100.";
}

impl Default for Limit {
    fn default() -> Self {
        Self(25)
    }
}

/// JSON has one kind of number: 25.0 is an integer (JSON Schema, section 4.2.3).
impl TryFrom<f64> for Limit {
    type Error = Invalid;

    fn try_from(number: f64) -> Result<Self, Invalid> {
        // A number that is none has no order.
        let limit = (1..=100).find(|limit| f64::from(*limit).partial_cmp(&number) == Some(Equal));
        limit.map(Self).ok_or(Invalid::new(Self::RULE))
    }
}

/// Finds users by an e-mail address, a domain or a name. Those of a domain are in the order of their
/// addresses. An index may be a moment behind a write.
#[utoipa::path(
    post,
    path = "/users/search",
    tag = "users",
    operation_id = "searchUsers",
    request_body = Search,
    responses((status = 200, description = "A page of users", body = Found)),
    security(("bearer" = []))
)]
pub(crate) async fn search(
    State(service): State<Service>,
    caller: Caller,
    Json { value: search, .. }: Json<Search>,
) -> Result<Answer<Found>, Problem> {
    caller.require(Scope::Admin)?;
    let Search { email, domain, name, limit, cursor } = search;
    let (keys, audience) = (&service.cursors, caller.subject().as_bytes());
    // The cursor is sealed for the caller, and belongs to one query.
    let found = match (email, domain, name) {
        (Some(email), None, None) if cursor.is_none() => by_email(&service, email).await,
        (Some(_), None, None) => Err(Kind::InvalidCursor.into()),
        (None, Some(domain), None) => {
            let query =
                after(User::by_domain(domain), cursor, |text| keys.open_for(text, audience))?;
            page(&service, query, limit, |cursor| keys.seal_for(cursor, audience)).await
        }
        (None, None, Some(name)) => {
            let query = after(User::by_name(name), cursor, |text| keys.open_for(text, audience))?;
            page(&service, query, limit, |cursor| keys.seal_for(cursor, audience)).await
        }
        _ => Err(Kind::InvalidBody.into()),
    };
    found.map(Answer)
}

/// An address is one user's at most.
async fn by_email(service: &Service, email: EmailAddress) -> Result<Found, Problem> {
    let client = &service.client;
    let claim = EmailClaim::get(EmailClaim::key(email.folded())).deadline(DEADLINE);
    let Some(claim) = claim.send(client).await? else {
        return Ok(Found { users: Vec::new(), next: None });
    };
    let user = User::get(User::key(claim.user_id)).deadline(DEADLINE).send(client).await?;
    // The address may have moved between the two reads.
    let user = user.filter(|user| user.email.folded() == claim.address);
    Ok(Found { users: user.iter().map(PublicUser::from).collect(), next: None })
}

fn after<I, S>(
    query: Query<User, I, S>,
    cursor: Option<String>,
    open: impl FnOnce(&str) -> Result<Cursor<User, I>, CursorError>,
) -> Result<Query<User, I, S>, Problem> {
    match cursor {
        Some(text) => Ok(query.after(open(&text).map_err(|_| Kind::InvalidCursor)?)),
        None => Ok(query),
    }
}

async fn page<I, S>(
    service: &Service,
    query: Query<User, I, S>,
    limit: Limit,
    seal: impl FnOnce(&Cursor<User, I>) -> Result<String, CursorError>,
) -> Result<Found, Problem> {
    let page = query.limit(limit.0.into()).deadline(DEADLINE).page(&service.client).await;
    let page = page.map_err(|error| {
        // A cursor of another query.
        if error.is_invalid() { Kind::InvalidCursor.into() } else { Problem::from(error) }
    })?;
    let next = page.next.map(|cursor| seal(&cursor)).transpose();
    Ok(Found {
        users: page.items.iter().map(PublicUser::from).collect(),
        next: next.map_err(Problem::internal)?,
    })
}

/// A page of users.
#[derive(Serialize, ToSchema)]
pub(crate) struct Found {
    #[schema(max_items = 100)]
    users: Vec<PublicUser>,
    /// The cursor of the next page, where there may be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<String>,
}
