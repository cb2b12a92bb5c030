//! To change a user by a merge patch.

use axum::extract::State;
use dynamo_runtime::error::CancellationReason;
use dynamo_runtime::prelude::*;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{MergePatch, UserPath, named};
use super::etag::IfMatch;
use super::users::{Representation, find, give_up_address, of_change};
use crate::auth::{Caller, Password, Scope};
use crate::fields::{EmailAddress, Expiry, Name, UserId};
use crate::problem::{Kind, Problem};
use crate::service::{DEADLINE, Service};
use crate::user::{EmailClaim, User};

/// A merge patch (RFC 7396) of a user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserPatch {
    #[serde(default, deserialize_with = "named")]
    #[schema(nullable = false)]
    email: Option<EmailAddress>,
    #[serde(default, deserialize_with = "named")]
    #[schema(nullable = false)]
    name: Option<Name>,
    #[serde(default, deserialize_with = "named")]
    #[schema(nullable = false)]
    password: Option<Password>,
    /// From then on the user is absent; null keeps the user for ever.
    #[serde(default, deserialize_with = "named")]
    #[schema(value_type = Option<Expiry>)]
    #[expect(clippy::option_option, reason = "absent, null, or a time")]
    expires_at: Option<Option<Expiry>>,
}

impl UserPatch {
    fn is_empty(&self) -> bool {
        let Self { email, name, password, expires_at } = self;
        email.is_none() && name.is_none() && password.is_none() && expires_at.is_none()
    }
}

/// Changes the named members of a user; those that are not named stay.
#[utoipa::path(
    patch,
    path = "/users/{user_id}",
    tag = "users",
    operation_id = "changeUser",
    request_body(content = UserPatch, content_type = "application/merge-patch+json"),
    params(
        ("user_id" = UserId, Path, description = "The id of the user"),
        ("If-Match" = String, Header, description = "The ETag of the user that was seen", pattern = "^\"[1-9][0-9]{0,17}\"$")
    ),
    responses(
        (status = 200, description = "The user as it is now", body = super::users::PublicUser, headers(("ETag" = String, description = "The version of the user"))),
        (status = 404, description = "There is no such user for this caller"),
        (status = 409, description = "The address is taken"),
        (status = 412, description = "The user was changed since that ETag"),
        (status = 428, description = "If-Match is missing")
    ),
    security(("bearer" = []))
)]
pub(crate) async fn patch(
    State(service): State<Service>,
    caller: Caller,
    UserPath(user_id): UserPath,
    IfMatch(version): IfMatch,
    MergePatch(patch): MergePatch<UserPatch>,
) -> Result<Representation, Problem> {
    caller.require(Scope::Write)?;
    let user = find(&service, &caller, user_id).await?;
    if user.version != version {
        return Err(Kind::VersionMovedOn.into());
    }
    if patch.is_empty() {
        return Ok(Representation(user));
    }
    let mut changed = user.clone();
    if let Some(email) = patch.email {
        changed.domain = email.domain();
        changed.email = email;
    }
    if let Some(name) = patch.name {
        changed.name = name;
    }
    if let Some(password) = patch.password {
        changed.password_hash = service.hasher.hash(password).await.map_err(Problem::internal)?;
    }
    if let Some(expires_at) = patch.expires_at {
        changed.expires_at = expires_at.map(Expiry::timestamp);
    }
    write(&service, &user, changed).await.map(Representation)
}

/// Writes the user at its version, and the claim on its address beside it.
async fn write(service: &Service, user: &User, changed: User) -> Result<User, Problem> {
    let claim = changed.email_claim();
    let replace = Transaction::new().replace(changed).deadline(DEADLINE);
    if claim.address == user.email.folded() {
        let keep = EmailClaim::update(claim.to_key())
            .set(EmailClaim::EXPIRES_AT, claim.expires_at)
            .condition(EmailClaim::USER_ID.eq(&user.user_id));
        let (user,) = replace.update(keep).send(&service.client).await.map_err(of_change)?;
        return Ok(user);
    }
    let moved = give_up_address(replace.create(claim), user);
    let (user, _) = moved.send(&service.client).await.map_err(|error| {
        let reasons = error.reasons();
        let is_taken = reasons.first().is_some_and(CancellationReason::is_none)
            && reasons.get(1).is_some_and(CancellationReason::is_condition_failed);
        if is_taken && !error.is_outcome_unknown() {
            Kind::EmailTaken.into()
        } else {
            of_change(error)
        }
    })?;
    Ok(user)
}
