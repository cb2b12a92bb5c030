//! A role that is taken on with a token, as pods of EKS by IRSA do.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials as Keys;

use super::source_error::SourceError;
use super::sts::{Form, Sts};
use super::token_file::TokenFile;
use super::ways::Ways;
use super::{Ask, Credentials, Source};
use crate::client::environment::Environment;
use crate::client::error::BuildError;
use crate::client::region::Region;

const NAME: &str = "the web identity";

impl Credentials {
    /// The role of `AWS_ROLE_ARN`, taken on with the token in `AWS_WEB_IDENTITY_TOKEN_FILE`.
    ///
    /// The variables are read once, when the client is built; the file, a regular one of at most 64 KiB, each time that
    /// keys are asked for.
    ///
    /// Source: [AssumeRoleWithWebIdentity](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html).
    pub fn web_identity() -> Self {
        Self { source: Source::WebIdentity(None) }
    }
}

/// A role, under which name it is taken on, and where its token is.
pub(super) struct WebIdentityRole {
    pub(super) arn: String,
    pub(super) session: Option<String>,
    pub(super) token: String,
}

impl WebIdentityRole {
    fn of(environment: &dyn Environment) -> Option<Self> {
        let variable = |name| environment.variable(name).filter(|value| !value.is_empty());
        let (arn, token) = variable("AWS_ROLE_ARN").zip(variable("AWS_WEB_IDENTITY_TOKEN_FILE"))?;
        Some(Self { arn, session: variable("AWS_ROLE_SESSION_NAME"), token })
    }
}

#[derive(Debug)]
pub(super) struct WebIdentity {
    sts: Sts,
    role: Option<(String, Option<String>, TokenFile)>,
}

impl WebIdentity {
    /// Of this role, or else of the one in the environment.
    pub(super) fn new(
        role: Option<WebIdentityRole>,
        environment: &dyn Environment,
        region: Region,
        ways: &Ways,
    ) -> Result<Self, BuildError> {
        let role = role.or_else(|| WebIdentityRole::of(environment));
        let role = role.map(|role| (role.arn, role.session, TokenFile::new(NAME, role.token)));
        Ok(Self { sts: Sts::new(ways, region)?, role })
    }
}

impl Ask for WebIdentity {
    async fn ask(&self) -> Result<Keys, SourceError> {
        const ACTION: &str = "AssumeRoleWithWebIdentity";
        let Some((arn, session, token)) = &self.role else {
            let what = "`AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` are not both set";
            return Err(SourceError::absent(NAME, what));
        };
        let token = token.token().await?;
        let mut form = Form::new(ACTION);
        form.set("RoleArn", arn);
        form.set("RoleSessionName", &session.clone().unwrap_or_else(session_name));
        form.set("WebIdentityToken", &token);
        self.sts.ask(ACTION, form).await
    }
}

/// The name under which the role's session is logged where none is given.
fn session_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("web-identity-{}", now.as_millis())
}
