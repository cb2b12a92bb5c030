//! A role of IAM Identity Center, by the session that `aws sso login` has left.

use std::fmt::{self, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use bytes::Bytes;
use http::Request;
use http::header::ACCEPT;

use super::answer::{self, Names};
use super::source_error::{SourceError, SourceProblem};
use super::sts::is_unreserved;
use super::token_file::TokenFile;
use super::ways::{Service, Way, Ways};
use super::{Ask, Credentials, Source};
use crate::client::endpoint::AccountId;
use crate::client::error::BuildError;
use crate::client::region::Region;
use crate::client::secret;

/// A session of IAM Identity Center on this machine, for [`Credentials::identity_center`].
///
/// `aws sso login` writes it into its cache, `~/.aws/sso/cache`. The folder is named in code: no variable is asked for
/// the home.
///
/// ```
/// use dynamo_runtime::client::{AccountId, IdentityCenter};
/// use dynamo_runtime::{Credentials, Region};
///
/// # fn main() -> Result<(), dynamo_runtime::client::BuildError> {
/// let session = IdentityCenter::session("our-sso", Region::EU_CENTRAL_1, "/home/ana/.aws/sso/cache");
/// let account = AccountId::new("123456789012")?;
/// let credentials = Credentials::identity_center(session, account, "ReadOnly");
/// assert!(format!("{credentials:?}").contains("our-sso"));
/// # Ok(()) }
/// ```
///
/// Source: [IAM Identity Center credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html).
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityCenter {
    /// The session's name or the start URL, by whose hash the file is named.
    name: String,
    region: Region,
    cache: PathBuf,
}

impl IdentityCenter {
    /// The session of this name, as in `[sso-session <name>]`, and the region of the Identity Center.
    pub fn session(name: impl Into<String>, region: Region, cache: impl AsRef<Path>) -> Self {
        Self { name: name.into(), region, cache: cache.as_ref().to_owned() }
    }

    /// The session of a start URL, as profiles without an `sso_session` have it.
    ///
    /// ```
    /// use dynamo_runtime::client::IdentityCenter;
    /// use dynamo_runtime::Region;
    ///
    /// let url = "https://example.awsapps.com/start";
    /// let session = IdentityCenter::start_url(url, Region::US_EAST_1, "/home/ana/.aws/sso/cache");
    /// assert!(format!("{session:?}").contains(url));
    /// ```
    pub fn start_url(url: impl Into<String>, region: Region, cache: impl AsRef<Path>) -> Self {
        Self::session(url, region, cache)
    }

    fn file(&self) -> PathBuf {
        let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, self.name.as_bytes());
        let mut name = String::with_capacity(45);
        for byte in hash.as_ref() {
            let _ = write!(name, "{byte:02x}");
        }
        name.push_str(".json");
        self.cache.join(name)
    }
}

impl Credentials {
    /// A role of an account, by a session of IAM Identity Center: asked of `portal.sso.<region>.amazonaws.com`.
    ///
    /// The session's file, a regular one of at most 64 KiB, is read each time that keys are asked for. It is not renewed
    /// by this client: when it has expired, `aws sso login` makes a new one, and so does every command of the CLI that
    /// renews it.
    pub fn identity_center(
        session: IdentityCenter,
        account: AccountId,
        role: impl Into<String>,
    ) -> Self {
        Self { source: Source::IdentityCenter(session, account, role.into()) }
    }
}

const NAME: &str = "IAM Identity Center";

#[derive(Debug)]
pub(super) struct IdentityCenterRole {
    way: Way,
    session: TokenFile,
    uri: String,
}

impl IdentityCenterRole {
    pub(super) fn new(
        session: &IdentityCenter,
        account: &AccountId,
        role: &str,
        ways: &Ways,
    ) -> Result<Self, BuildError> {
        // As AWS has the names of roles, all of which can stand in a query but for the `+`.
        let is_name = |byte: u8| is_unreserved(byte) || b"+=,@".contains(&byte);
        if !(1..=64).contains(&role.len()) || !role.bytes().all(is_name) {
            let reason = "it is 1 to 64 letters, digits and `_+=,.@-`";
            return Err(BuildError::invalid("name of a role", role, reason));
        }
        let way = ways.to_service(Service::IdentityCenter, session.region)?;
        let role = role.replace('+', "%2B");
        let uri = format!(
            "https://{}/federation/credentials?role_name={role}&account_id={}",
            way.authority(),
            account.as_str(),
        );
        Ok(Self { way, session: TokenFile::new(NAME, session.file()), uri })
    }
}

impl Ask for IdentityCenterRole {
    async fn ask(&self) -> Result<Keys, SourceError> {
        const NAMES: Names = Names {
            id: "accessKeyId",
            secret: "secretAccessKey",
            token: "sessionToken",
            expiry: "expiration",
        };
        let session = self.session.bytes().await?;
        let token = answer::secret(&session, "accessToken");
        let expiry = answer::expiry(&session, "expiresAt");
        let Some((token, expiry)) = token.zip(expiry) else {
            return Err(self.session.content("is no session: make one by `aws sso login`"));
        };
        if expiry <= SystemTime::now() {
            return Err(self.session.content("has expired: renew it by `aws sso login`"));
        }
        let token = secret::header(&token)
            .map_err(|_| self.session.content("has a token with a character that no header has"))?;
        let request = Request::get(&self.uri)
            .header("x-amz-sso_bearer_token", token)
            .header(ACCEPT, "application/json")
            .body(Bytes::new());
        let request = request
            .map_err(|_| self.way.error(SourceProblem::Request("its request is none of HTTP")))?;
        let body = self.way.success(request).await?;
        let keys = answer::object(&body, "roleCredentials").unwrap_or_default();
        NAMES.keys(keys, NAME).map_err(|what| self.way.error(SourceProblem::Answer(what)))
    }
}

impl fmt::Debug for IdentityCenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, region, cache } = self;
        f.debug_struct("IdentityCenter")
            .field("name", name)
            .field("region", &region.name())
            .field("cache", cache)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the [SDKs' own tests](https://github.com/smithy-lang/smithy-rs).
    #[test]
    fn the_file_is_named_by_the_hash_of_the_session() {
        let of = |name: &str| IdentityCenter::session(name, Region::US_EAST_1, "/c").file();
        let expected = "/c/13f9d35043871d073ab260e020f0ffde092cb14b.json";
        assert_eq!(of("https://d-92671207e4.awsapps.com/start"), Path::new(expected));
    }
}
