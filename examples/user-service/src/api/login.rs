//! A token for who knows the password of a user.

use std::time::Duration;

use axum::Extension;
use axum::Json as Answer;
use axum::extract::State;
use dynamo_runtime::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::Json;
use crate::auth::{Password, Scope, Scopes, TokenRequest};
use crate::edge::ClientAddress;
use crate::fields::{EmailAddress, UserId};
use crate::problem::{Kind, Problem};
use crate::service::{DEADLINE, Service};
use crate::user::{EmailClaim, User};

/// How long a token of a login is good.
const LIFE: Duration = Duration::from_mins(15);

/// Who wants to come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Login {
    email: EmailAddress,
    password: Password,
}

/// A token, as RFC 6749, section 5.1, has it.
#[derive(Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the RFC's names")]
pub(crate) struct Token {
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// In seconds.
    #[schema(minimum = 1)]
    expires_in: u64,
    /// Names with spaces between them.
    scope: String,
}

/// Gives a token for a user's own record. Whether it is the address or the password that is wrong,
/// is not told.
#[utoipa::path(
    post,
    path = "/login",
    tag = "login",
    operation_id = "login",
    request_body = Login,
    responses(
        (status = 200, description = "A token", body = Token),
        (status = 401, description = "There is no user with this address and password"),
        (status = 404, description = "This service takes the tokens of another"),
        (status = 429, description = "There were too many logins of this client or to this account")
    )
)]
pub(crate) async fn login(
    State(service): State<Service>,
    Extension(ClientAddress(client)): Extension<ClientAddress>,
    Json { value: Login { email, password }, .. }: Json<Login>,
) -> Result<Answer<Token>, Problem> {
    let issuer = service.issuer.as_ref().ok_or(Kind::NoRoute)?;
    service.rates.count(&service, "login of", &client.to_string()).await?;
    service.rates.count(&service, "login to", email.folded().as_str()).await?;
    let user_id = authenticate(&service, &email, password).await?.ok_or(Kind::LoginFailed)?;
    let scopes = Scopes::of(&[Scope::Read, Scope::Write]);
    let scope = scopes.to_string();
    let subject = user_id.to_string();
    let request = TokenRequest { subject: &subject, scopes, life: LIFE };
    let access_token = issuer.issue(&request, service.clock.now()).map_err(Problem::internal)?;
    let expires_in = LIFE.as_secs();
    Ok(Answer(Token { access_token, token_type: "Bearer", expires_in, scope }))
}

/// The user with this address and password.
///
/// It does the same work whether there is one or not: two reads and one hash.
async fn authenticate(
    service: &Service,
    email: &EmailAddress,
    password: Password,
) -> Result<Option<UserId>, Problem> {
    let client = &service.client;
    let claim = EmailClaim::get(EmailClaim::key(email.folded())).deadline(DEADLINE);
    let claim = claim.send(client).await?;
    let user_id = claim.map_or_else(UserId::random, |claim| claim.user_id);
    let user = User::get(User::key(user_id)).deadline(DEADLINE).send(client).await?;
    // The address may have moved to another user between the two reads.
    let user = user.filter(|user| user.email.folded() == email.folded());
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let is_right = service.hasher.verify(password, hash).await.map_err(Problem::internal)?;
    Ok(user.filter(|_| is_right).map(|user| user.user_id))
}

#[cfg(test)]
mod tests {
    use dynamo_runtime::testing::{LocalEngine, ObservedRequest};

    use super::*;
    use crate::auth::Rate;
    use crate::config::Config;
    use crate::service::Clock;

    #[tokio::test]
    async fn a_login_does_the_same_work_whether_there_is_a_user_or_not() {
        let engine = LocalEngine::in_memory().await.unwrap();
        let client = SecureClient::local().engine(&engine);
        let client = client.table::<User>().table::<EmailClaim>().table::<Rate>();
        let client = client.build().await.unwrap();
        let config = Config::from_env().unwrap();
        let service = Service::start(&config, client, Clock::system()).await.unwrap();
        let password = |text: &str| Password::try_from(text.to_owned()).unwrap();

        let email: EmailAddress = "ada@example.com".parse().unwrap();
        let hash = service.hasher.hash(password("correct horse")).await.unwrap();
        let user = User::new(UserId::random(), email.clone(), "Ada".parse().unwrap(), hash, None);
        let create = Transaction::new().create(user.clone()).create(user.email_claim());
        create.send(&service.client).await.unwrap();

        let nobody = "nobody@example.com".parse().unwrap();
        let upper = "ADA@example.com".parse().unwrap();
        for (email, text, is_right) in [
            (&email, "correct horse", true),
            (&upper, "correct horse", true),
            (&email, "correct house", false),
            (&nobody, "correct horse", false),
        ] {
            let (work, requests) = (service.hasher.work(), engine.requests().len());
            let found = authenticate(&service, email, password(text)).await.unwrap();
            assert_eq!(found, is_right.then(|| user.user_id.clone()), "{text}");
            assert_eq!(service.hasher.work() - work, 1, "hashes");
            let done: Vec<_> = engine.requests().split_off(requests);
            let names: Vec<_> = done.iter().map(ObservedRequest::operation).collect();
            assert_eq!(names, ["GetItem", "GetItem"]);
        }
    }
}
