//! The caller of a request, and what it may do.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, HeaderMap};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;

use super::scope::{Scope, Scopes};
use crate::fields::UserId;
use crate::problem::{Kind, Problem};
use crate::service::Service;

/// Who has sent a request, by its token.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    subject: String,
    scopes: Scopes,
}

/// Lets a request in that has a valid token, and whose caller has not made too many.
///
/// It stands before every route but the few that need no caller, so that none can forget it.
pub(crate) async fn authenticate(
    State(service): State<Service>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let token = bearer(request.headers())?;
    let verified = service.tokens.verify(token, service.clock.now()).await;
    let (subject, scopes) = verified.ok_or(Kind::InvalidToken)?;
    service.rates.count(&service, "caller", &subject).await?;
    request.extensions_mut().insert(Caller { subject, scopes });
    Ok(next.run(request).await)
}

/// The token of `Authorization: Bearer`, which is there once.
fn bearer(headers: &HeaderMap) -> Result<&str, Kind> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().ok_or(Kind::TokenRequired)?;
    if values.next().is_some() {
        return Err(Kind::InvalidToken);
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or(Kind::InvalidToken)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token) } else { Err(Kind::TokenRequired) }
}

impl Caller {
    pub(crate) fn subject(&self) -> &str {
        &self.subject
    }

    /// # Errors
    /// The caller does not have the scope. One that has `admin` has the others too.
    pub(crate) fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contain(scope) || self.is_admin() {
            Ok(())
        } else {
            Err(Kind::ScopeMissing.into())
        }
    }

    /// # Errors
    /// The record is another's, which is as if there were none: whether there is, is not told.
    pub(crate) fn may_see(&self, user_id: &UserId) -> Result<(), Problem> {
        if self.is_admin() || self.subject == user_id.to_string() {
            Ok(())
        } else {
            Err(Kind::UserNotFound.into())
        }
    }

    /// The id of the user that the caller creates: its own, or with the scope `admin` any.
    pub(crate) fn new_user_id(&self, wanted: Option<UserId>) -> Result<UserId, Problem> {
        if self.is_admin() {
            return Ok(wanted.unwrap_or_else(UserId::random));
        }
        let own: UserId = self.subject.parse().map_err(|_| Kind::ScopeMissing)?;
        if wanted.is_none_or(|wanted| wanted == own) {
            Ok(own)
        } else {
            Err(Kind::ScopeMissing.into())
        }
    }

    fn is_admin(&self) -> bool {
        self.scopes.contain(Scope::Admin)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // A route that is not behind `authenticate` lets nobody in.
        parts.extensions.get().cloned().ok_or_else(|| Kind::TokenRequired.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(subject: &str, scopes: &[Scope]) -> Caller {
        Caller { subject: subject.to_owned(), scopes: Scopes::of(scopes) }
    }

    #[test]
    fn a_token_is_there_once() {
        let token = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, value.parse().unwrap());
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(token(&["Bearer a.b.c"]), Ok("a.b.c".to_owned()));
        assert_eq!(token(&["bearer a.b.c"]), Ok("a.b.c".to_owned()));
        assert_eq!(token(&[]), Err(Kind::TokenRequired));
        assert_eq!(token(&["Basic YTpi"]), Err(Kind::TokenRequired));
        assert_eq!(token(&["Bearer"]), Err(Kind::InvalidToken));
        assert_eq!(token(&["Bearer a.b.c", "Bearer a.b.c"]), Err(Kind::InvalidToken));
    }

    #[test]
    fn a_caller_has_its_own_record_and_an_admin_has_all() {
        let (own, other) = (UserId::random(), UserId::random());
        let user = caller(&own.to_string(), &[Scope::Read, Scope::Write]);
        assert!(user.may_see(&own).is_ok());
        assert_eq!(user.may_see(&other).unwrap_err().kind(), Kind::UserNotFound);
        assert_eq!(user.new_user_id(None).unwrap(), own);
        assert_eq!(user.new_user_id(Some(own.clone())).unwrap(), own);
        assert_eq!(user.new_user_id(Some(other.clone())).unwrap_err().kind(), Kind::ScopeMissing);
        assert_eq!(user.require(Scope::Admin).unwrap_err().kind(), Kind::ScopeMissing);

        let admin = caller("operator", &[Scope::Admin]);
        assert!(admin.may_see(&own).is_ok() && admin.require(Scope::Write).is_ok());
        assert_eq!(admin.new_user_id(Some(other.clone())).unwrap(), other);

        let program = caller("batch", &[Scope::Write]);
        assert_eq!(program.new_user_id(None).unwrap_err().kind(), Kind::ScopeMissing);
        assert_eq!(program.require(Scope::Read).unwrap_err().kind(), Kind::ScopeMissing);
    }
}
