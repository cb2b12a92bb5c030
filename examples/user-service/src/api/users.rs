//! To create, read and delete a user.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{ETAG, HeaderName, LOCATION};
use axum::response::{IntoResponse, Response};
use dynamo_runtime::TransactionError;
use dynamo_runtime::error::CancellationReason;
use dynamo_runtime::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{Json, UserPath};
use super::etag::{IfMatch, IfNoneMatch, etag};
use super::idempotency::{IdempotencyKey, KeptRequest};
use crate::auth::{Caller, Password, Scope};
use crate::fields::{EmailAddress, Expiry, Name, UserId};
use crate::problem::{Kind, Problem};
use crate::service::{DEADLINE, Service};
use crate::user::{EmailClaim, User};

/// A user to be created.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// The caller's own id, and with the scope `admin` any; without it the service chooses.
    user_id: Option<UserId>,
    email: EmailAddress,
    name: Name,
    password: Password,
    /// From then on the user is absent.
    expires_at: Option<Expiry>,
}

/// Creates a user. Two users never have one e-mail address.
#[utoipa::path(
    post,
    path = "/users",
    tag = "users",
    operation_id = "createUser",
    request_body = NewUser,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 64 letters, digits, hyphens and underscores: the same request with the same key creates one user, for 24 hours", pattern = "^[A-Za-z0-9_-]{1,64}$")),
    responses(
        (status = 201, description = "The user as it is", body = PublicUser, headers(
            ("ETag" = String, description = "The version of the user"),
            ("Location" = String, description = "The path of the user"))),
        (status = 409, description = "The id or the address is taken")
    ),
    security(("bearer" = []))
)]
pub(crate) async fn create(
    State(service): State<Service>,
    caller: Caller,
    key: Option<IdempotencyKey>,
    Json { value: new, bytes }: Json<NewUser>,
) -> Result<Response, Problem> {
    caller.require(Scope::Write)?;
    let user_id = caller.new_user_id(new.user_id)?;
    let kept = key.map(|key| KeptRequest::new(&service, &caller, &key, &bytes, user_id.clone()));
    if let Some(kept) = &kept
        && let Some(earlier) = kept.made_before(&service).await?
    {
        return again(&service, kept, &earlier).await;
    }
    let hash = service.hasher.hash(new.password).await.map_err(Problem::internal)?;
    let user = User::new(user_id, new.email, new.name, hash, new.expires_at);
    // The user, the claim on the address and the request are there together, or none of them is.
    let claim = user.email_claim();
    let both = Transaction::new().create(user).create(claim).deadline(DEADLINE);
    let created = match &kept {
        None => both.send(&service.client).await.map(|(user, _)| user),
        Some(kept) => {
            let all = both.create(kept.clone());
            all.send(&service.client).await.map(|(user, ..)| user)
        }
    };
    match created {
        Ok(user) => Ok(created_now(user)),
        Err(error) => {
            // Another with the same key was faster.
            if let (Some(kept), Some(earlier)) = (&kept, current::<KeptRequest>(&error, 2)) {
                return again(&service, kept, earlier).await;
            }
            Err(Problem::of_transaction(error, |error| {
                let failed = |at: usize| {
                    error.reasons().get(at).is_some_and(CancellationReason::is_condition_failed)
                };
                if failed(0) {
                    Some(Kind::UserExists)
                } else {
                    failed(1).then_some(Kind::EmailTaken)
                }
            }))
        }
    }
}

/// The item that kept an action of a transaction from being done.
fn current<E: Entity>(error: &TransactionError, at: usize) -> Option<&E> {
    error.reasons().get(at).and_then(|reason| reason.current())
}

fn created_now(user: User) -> Response {
    let location = [(LOCATION, format!("/users/{}", user.user_id))];
    (StatusCode::CREATED, location, Representation(user)).into_response()
}

/// The answer to a request that was made before: the user that it created, as it is now.
async fn again(
    service: &Service,
    kept: &KeptRequest,
    earlier: &KeptRequest,
) -> Result<Response, Problem> {
    const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

    let created = kept.created_by(earlier)?;
    let user = User::get(User::key(created)).deadline(DEADLINE).send(&service.client).await?;
    let user = user.ok_or(Kind::CreatedUserGone)?;
    Ok(([(REPLAYED, "true")], created_now(user)).into_response())
}

/// Gives a user: the caller's own, or with the scope admin any.
#[utoipa::path(
    get,
    path = "/users/{user_id}",
    tag = "users",
    operation_id = "readUser",
    params(
        ("user_id" = UserId, Path, description = "The id of the user"),
        ("If-None-Match" = Option<String>, Header, description = "ETags of what the caller has", pattern = "^(\\*|\"[A-Za-z0-9]{1,20}\")$")
    ),
    responses(
        (status = 200, description = "The user", body = PublicUser, headers(("ETag" = String, description = "The version of the user"))),
        (status = 304, description = "The caller has this version"),
        (status = 404, description = "There is no such user for this caller")
    ),
    security(("bearer" = []))
)]
pub(crate) async fn read(
    State(service): State<Service>,
    caller: Caller,
    UserPath(user_id): UserPath,
    seen: IfNoneMatch,
) -> Result<Response, Problem> {
    caller.require(Scope::Read)?;
    let user = find(&service, &caller, user_id).await?;
    if seen.has(user.version) {
        let tag = [(ETAG, etag(user.version))];
        return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
    }
    Ok(Representation(user).into_response())
}

/// The user, if the caller may see it.
pub(super) async fn find(
    service: &Service,
    caller: &Caller,
    user_id: UserId,
) -> Result<User, Problem> {
    caller.may_see(&user_id)?;
    let user = User::get(User::key(user_id)).deadline(DEADLINE).send(&service.client).await?;
    user.ok_or_else(|| Kind::UserNotFound.into())
}

/// Deletes a user, and gives the address free.
#[utoipa::path(
    delete,
    path = "/users/{user_id}",
    tag = "users",
    operation_id = "deleteUser",
    params(
        ("user_id" = UserId, Path, description = "The id of the user"),
        ("If-Match" = String, Header, description = "The ETag of the user that is to go", pattern = "^\"[1-9][0-9]{0,17}\"$")
    ),
    responses(
        (status = 204, description = "The user is gone"),
        (status = 404, description = "There is no such user for this caller"),
        (status = 412, description = "The user was changed since that ETag"),
        (status = 428, description = "If-Match is missing")
    ),
    security(("bearer" = []))
)]
pub(crate) async fn delete(
    State(service): State<Service>,
    caller: Caller,
    UserPath(user_id): UserPath,
    IfMatch(version): IfMatch,
) -> Result<StatusCode, Problem> {
    caller.require(Scope::Write)?;
    let user = find(&service, &caller, user_id.clone()).await?;
    if user.version != version {
        return Err(Kind::VersionMovedOn.into());
    }
    let gone = User::delete(User::key(user_id)).at_version(version);
    let both = give_up_address(Transaction::new().delete(gone), &user);
    both.deadline(DEADLINE).send(&service.client).await.map_err(of_change)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the user's address free too, which must be in the name of that user.
pub(super) fn give_up_address<W>(transaction: Transaction<W>, user: &User) -> Transaction<W> {
    let claim = EmailClaim::delete(EmailClaim::key(user.email.folded()));
    transaction.delete(claim.condition(EmailClaim::USER_ID.eq(&user.user_id)))
}

/// A change whose first action is on the user, at the version that the caller has seen.
pub(super) fn of_change(error: TransactionError) -> Problem {
    Problem::of_transaction(error, |error| {
        let user = error.reasons().first()?;
        if user.is_absent() {
            Some(Kind::UserNotFound)
        } else {
            // An address that moved on has done so with its user.
            Some(Kind::VersionMovedOn)
        }
    })
}

/// A user as a response shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(crate) struct PublicUser {
    #[schema(format = "uuid")]
    user_id: String,
    #[schema(format = Email)]
    email: String,
    name: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// Raised by each change; the `ETag` is made of it.
    #[schema(minimum = 1)]
    version: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
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
pub(crate) struct Representation(pub(super) User);

impl IntoResponse for Representation {
    fn into_response(self) -> Response {
        let Self(user) = self;
        ([(ETAG, etag(user.version))], Answer(PublicUser::from(&user))).into_response()
    }
}
