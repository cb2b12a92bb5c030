//! A role that is taken on with a token, by a client of STS that is told of nothing but its region.
//!
//! `aws-config` has such a source too, but its client obeys the environment's endpoints, waived or not.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use aws_sdk_sts::Client;
use aws_sdk_sts::config::{BehaviorVersion, Config};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::region::Region as SdkRegion;

use crate::client::ambient::Environment;
use crate::client::region::Region;

#[derive(Debug)]
pub(super) struct WebIdentity {
    sts: Client,
    role: Option<Role>,
}

#[derive(Debug)]
struct Role {
    arn: String,
    session: Option<String>,
    token: PathBuf,
}

impl WebIdentity {
    pub(super) fn new(
        environment: &dyn Environment,
        region: Region,
        http_client: SharedHttpClient,
    ) -> Self {
        // A configuration that is built so reads no variable and no profile.
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(SdkRegion::from_static(region.name()))
            .http_client(http_client)
            .build();
        let variable = |name| environment.variable(name).filter(|value| !value.is_empty());
        let role = variable("AWS_ROLE_ARN").zip(variable("AWS_WEB_IDENTITY_TOKEN_FILE"));
        let role = role.map(|(arn, token)| Role {
            arn,
            session: variable("AWS_ROLE_SESSION_NAME"),
            token: token.into(),
        });
        Self { sts: Client::from_conf(config), role }
    }

    async fn keys(&self) -> provider::Result {
        let role = self.role.as_ref().ok_or_else(|| {
            CredentialsError::not_loaded(
                "`AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` are not both set",
            )
        })?;
        // The file is written anew before its token expires.
        let path = role.token.clone();
        let token = tokio::task::spawn_blocking(|| std::fs::read_to_string(path)).await;
        let token = token
            .map_err(CredentialsError::provider_error)?
            .map_err(CredentialsError::provider_error)?;
        let answer = self
            .sts
            .assume_role_with_web_identity()
            .role_arn(&role.arn)
            .role_session_name(role.session.clone().unwrap_or_else(session_name))
            .web_identity_token(token)
            .send()
            .await
            .map_err(CredentialsError::provider_error)?;
        let keys = answer
            .credentials
            .ok_or_else(|| CredentialsError::unhandled("the answer of STS has no credentials"))?;
        let expiry = SystemTime::try_from(keys.expiration).map_err(CredentialsError::unhandled)?;
        Ok(Keys::new(
            keys.access_key_id,
            keys.secret_access_key,
            Some(keys.session_token),
            Some(expiry),
            "web identity",
        ))
    }
}

/// The name under which the role's session is logged where the environment gives none.
fn session_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("web-identity-{}", now.as_millis())
}

impl ProvideCredentials for WebIdentity {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.keys())
    }
}
