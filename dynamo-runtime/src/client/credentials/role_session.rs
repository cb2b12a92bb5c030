//! A session of a role, taken on with the keys of another source.

use std::fmt;
use std::time::Duration;

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::{self, ProvideCredentials, future};

use super::sts::{Form, Sts};
use super::ways::Ways;
use super::{Checked, Credentials, Source};
use crate::client::error::BuildError;
use crate::client::region::Region;

/// A session of a role, for [`Credentials::assume_role`].
///
/// ```
/// use std::time::Duration;
/// use dynamo_runtime::client::RoleSession;
/// use dynamo_runtime::Credentials;
///
/// let session = RoleSession::new("arn:aws:iam::123456789012:role/orders", "orders-service")
///     .external_id("partner-12") // as the account of the role asks for it
///     .tag("tenant", "t-4711")
///     .transitive_tag("cost-center", "42")
///     .policy(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:GetItem","Resource":"*"}]}"#)
///     .duration(Duration::from_secs(3600));
/// let credentials = Credentials::assume_role(session, Credentials::environment());
/// let shown = format!("{credentials:?}");
/// assert!(shown.contains("role/orders") && !shown.contains("t-4711"));
/// ```
///
/// What is wrong with any of it is an error of the client's `build`.
///
/// Source of each limit: [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
#[derive(Clone, PartialEq, Eq)]
pub struct RoleSession {
    role_arn: String,
    name: String,
    external_id: Option<String>,
    tags: Vec<Tag>,
    duration: Option<Duration>,
    policy: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
struct Tag {
    key: String,
    value: String,
    is_transitive: bool,
}

impl RoleSession {
    /// A session of the role with this ARN, under a name of 2 to 64 characters that the role's account sees in its
    /// logs.
    pub fn new(role_arn: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            role_arn: role_arn.into(),
            name: name.into(),
            external_id: None,
            tags: Vec::new(),
            duration: None,
            policy: None,
        }
    }

    /// The external id that the role's trust policy asks for, of 2 to 1,224 characters.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    /// A session tag, which policies know as `aws:PrincipalTag/<key>`; at most 50.
    pub fn tag(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(Tag { key: key.into(), value: value.into(), is_transitive: false })
    }

    /// A session tag that stays when the session takes on another role.
    pub fn transitive_tag(self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(Tag { key: key.into(), value: value.into(), is_transitive: true })
    }

    fn with(mut self, tag: Tag) -> Self {
        self.tags.push(tag);
        self
    }

    /// How long its keys are good: 15 minutes to 12 hours, one hour by default.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = Some(duration);
        self
    }

    /// A policy in JSON that the session keeps to besides the role's own, of at most 2,048 characters.
    pub fn policy(mut self, json: impl Into<String>) -> Self {
        self.policy = Some(json.into());
        self
    }

    fn check(&self) -> Result<(), BuildError> {
        let refused = |what: &str| Err(BuildError::credentials(format!("the role session {what}")));
        if !self.role_arn.starts_with("arn:")
            || !is_within(&self.role_arn, 20, 2048, |it| it.is_ascii_graphic())
        {
            return refused("has a role that is no ARN");
        }
        if !is_within(&self.name, 2, 64, |it| is_plain(it, "+=,.@-_")) {
            return refused("has a name that is not 2 to 64 letters, digits and `_+=,.@-`");
        }
        if let Some(id) = &self.external_id
            && !is_within(id, 2, 1224, |it| is_plain(it, "+=,.@:/-_"))
        {
            return refused(
                "has an external id that is not 2 to 1224 letters, digits and `_+=,.@:/-`",
            );
        }
        if let Some(duration) = self.duration
            && !(900..=43_200).contains(&duration.as_secs())
        {
            return refused("has a duration that is not between 15 minutes and 12 hours");
        }
        if self.policy.as_ref().is_some_and(|policy| !is_within(policy, 1, 2048, |_| true)) {
            return refused("has a policy that is not of 1 to 2048 characters");
        }
        if self.tags.len() > 50 {
            return refused("has more than 50 tags");
        }
        for (index, tag) in self.tags.iter().enumerate() {
            let is_text = |it: char| it.is_alphanumeric() || " _.:/=+-@".contains(it);
            let key = tag.key.to_lowercase();
            if !is_within(&tag.key, 1, 128, is_text) || key.starts_with("aws:") {
                return refused(
                    "has a tag whose key is not 1 to 128 letters, digits, spaces and `_.:/=+-@`, or begins with `aws:`",
                );
            }
            if !is_within(&tag.value, 0, 256, is_text) {
                return refused(&format!(
                    "has a tag `{}` whose value is not of up to 256 letters, digits, spaces and `_.:/=+-@`",
                    tag.key
                ));
            }
            if self.tags.iter().take(index).any(|other| other.key.to_lowercase() == key) {
                return refused(&format!("has the tag `{}` twice", tag.key));
            }
        }
        Ok(())
    }

    fn form(&self) -> Form {
        let mut form = Form::new(ACTION);
        form.set("RoleArn", &self.role_arn);
        form.set("RoleSessionName", &self.name);
        if let Some(id) = &self.external_id {
            form.set("ExternalId", id);
        }
        if let Some(duration) = self.duration {
            form.set("DurationSeconds", &duration.as_secs().to_string());
        }
        if let Some(policy) = &self.policy {
            form.set("Policy", policy);
        }
        for (number, tag) in (1..).zip(&self.tags) {
            form.set(&format!("Tags.member.{number}.Key"), &tag.key);
            form.set(&format!("Tags.member.{number}.Value"), &tag.value);
        }
        let transitive = self.tags.iter().filter(|tag| tag.is_transitive);
        for (number, tag) in (1..).zip(transitive) {
            form.set(&format!("TransitiveTagKeys.member.{number}"), &tag.key);
        }
        form
    }
}

fn is_within(text: &str, least: usize, most: usize, is_allowed: impl Fn(char) -> bool) -> bool {
    (least..=most).contains(&text.chars().count()) && text.chars().all(is_allowed)
}

fn is_plain(character: char, others: &str) -> bool {
    character.is_ascii_alphanumeric() || others.contains(character)
}

const ACTION: &str = "AssumeRole";

impl Credentials {
    /// A session of a role, taken on with the keys of another source at STS of the client's region.
    ///
    /// Its keys are renewed as those of every source; the other source is asked each time. With a session tag it is the
    /// session of one tenant, as `docs/hardening.md` advises:
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::client::{BuildError, RoleSession};
    ///
    /// async fn client_of(tenant: &str) -> Result<SecureClient, BuildError> {
    ///     let role = "arn:aws:iam::123456789012:role/one-tenant";
    ///     let session = RoleSession::new(role, "orders").tag("tenant", tenant);
    ///     SecureClient::builder()
    ///         .region(Region::EU_CENTRAL_1)
    ///         .credentials(Credentials::assume_role(session, Credentials::eks_pod_identity()))
    ///         .build()
    ///         .await
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), BuildError> {
    /// let client = client_of("t-4711").await?; // STS is asked at the first call
    /// let source = client.attestation().credentials().source.clone();
    /// assert!(source.starts_with("Credentials::assume_role(") && !source.contains("t-4711"));
    /// # Ok(()) }
    /// ```
    pub fn assume_role(session: RoleSession, source: Self) -> Self {
        Self { source: Source::AssumedRole(session, Box::new(source)) }
    }
}

#[derive(Debug)]
pub(super) struct AssumedRole {
    sts: Sts,
    session: RoleSession,
    caller: Checked,
}

impl AssumedRole {
    pub(super) fn new(
        session: RoleSession,
        caller: Checked,
        region: Region,
        ways: &Ways,
    ) -> Result<Self, BuildError> {
        session.check()?;
        Ok(Self { sts: Sts::new(ways, region)?, session, caller })
    }

    async fn keys(&self) -> Result<Keys, provider::error::CredentialsError> {
        // Where the other source has none, this one has none either.
        let caller = self.caller.provide_credentials().await?;
        Ok(self.sts.ask_as(&caller, ACTION, self.session.form()).await?)
    }
}

impl ProvideCredentials for AssumedRole {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.keys())
    }
}

// Neither the external id, which some keep as a secret, nor whose session it is.
impl fmt::Debug for RoleSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role_arn, name, .. } = self;
        f.debug_struct("RoleSession")
            .field("role_arn", role_arn)
            .field("name", name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/r";

    fn of() -> RoleSession {
        RoleSession::new(ROLE, "name")
    }

    #[test]
    fn what_sts_would_refuse_is_told_before_it_is_asked() {
        let refused = |session: RoleSession, says: &str| {
            let error = session.check().unwrap_err();
            assert!(error.is_credentials() && error.to_string().contains(says), "{error}");
        };
        of().check().unwrap();
        refused(RoleSession::new("role", "name"), "no ARN");
        refused(RoleSession::new("arn:aws:iam::123456789012:role/r\n", "name"), "no ARN");
        for name in ["", "n", "a b", "a/b", "a\u{e9}", &"x".repeat(65)] {
            refused(RoleSession::new(ROLE, name), "name");
        }
        refused(of().external_id("x"), "external id");
        refused(of().external_id("a b"), "external id");
        for seconds in [0, 899, 43_201] {
            refused(of().duration(Duration::from_secs(seconds)), "duration");
        }
        refused(of().policy(""), "policy");
        refused(of().policy("x".repeat(2049)), "policy");
        for key in ["", "aws:x", "AWS:x", "a*b", &"x".repeat(129)] {
            refused(of().tag(key, "v"), "key");
        }
        refused(of().tag("tenant", "a*"), "`tenant`");
        refused(of().tag("tenant", "x".repeat(257)), "`tenant`");
        refused(of().tag("tenant", "a").transitive_tag("Tenant", "b"), "twice");
        refused((0..51).fold(of(), |it, n| it.tag(n.to_string(), "v")), "50");
        (0..50).fold(of(), |it, n| it.tag(n.to_string(), "")).check().unwrap();
        let full = of().external_id("a:b/c").duration(Duration::from_mins(15)).policy("{}");
        full.tag("a tenant", "caf\u{e9} 1").check().unwrap();
    }

    #[test]
    fn debug_shows_neither_the_external_id_nor_the_tenant() {
        let shown =
            format!("{:?}", of().external_id("hunter2").tag("tenant", "hunter2").policy("hunter2"));
        assert!(!shown.contains("hunter2") && shown.contains(ROLE), "{shown}");
    }
}
