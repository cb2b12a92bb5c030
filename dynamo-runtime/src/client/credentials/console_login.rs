//! The keys of a console session, which `aws login` has left on this machine.

use std::path::Path;
use std::time::SystemTime;

use aws_credential_types::Credentials as Keys;

use super::answer::{self, Names};
use super::source_error::SourceError;
use super::token_file::TokenFile;
use super::{Ask, Credentials, Source};
use crate::sha256::sha256_hex;

impl Credentials {
    /// The keys of the console session of this ARN, such as `arn:aws:iam::123456789012:user/Ana`, that `aws login` has
    /// written into its cache, `~/.aws/login/cache`.
    ///
    /// The ARN is the `login_session` of the profile that `aws login` has written. The folder is named in code: neither a
    /// home nor `AWS_LOGIN_CACHE_DIRECTORY` is asked for. The session's file, a regular one of at most 64 KiB, is read
    /// each time that keys are asked for.
    ///
    /// Its keys are good for some minutes, and this client does not renew them: any command of the CLI under that profile
    /// does. So it is for a developer's machine.
    ///
    /// ```
    /// use dynamo_runtime::Credentials;
    ///
    /// let session = "arn:aws:iam::123456789012:user/Ana";
    /// let credentials = Credentials::console_login(session, "/home/ana/.aws/login/cache");
    /// assert!(format!("{credentials:?}").contains(session));
    /// ```
    ///
    /// Source: [Login credentials provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html).
    pub fn console_login(session_arn: impl Into<String>, cache: impl AsRef<Path>) -> Self {
        Self { source: Source::ConsoleLogin(session_arn.into(), cache.as_ref().to_owned()) }
    }
}

const NAME: &str = "the console's session";

#[derive(Debug)]
pub(super) struct ConsoleLogin(TokenFile);

impl ConsoleLogin {
    pub(super) fn new(session_arn: &str, cache: &Path) -> Self {
        let hash = sha256_hex(session_arn.trim().as_bytes());
        let name = format!("{}.json", String::from_utf8_lossy(&hash));
        Self(TokenFile::new(NAME, cache.join(name)))
    }
}

impl Ask for ConsoleLogin {
    async fn ask(&self) -> Result<Keys, SourceError> {
        const NAMES: Names = Names {
            id: "accessKeyId",
            secret: "secretAccessKey",
            token: "sessionToken",
            expiry: "expiresAt",
        };
        let session = self.0.bytes().await?;
        let keys = answer::object(&session, "accessToken").unwrap_or_default();
        let keys = NAMES.keys(keys, NAME);
        let keys = keys.map_err(|_| self.0.content("is no session: make one by `aws login`"))?;
        if keys.expiry().is_some_and(|expiry| expiry <= SystemTime::now()) {
            return Err(self.0.content(
                "has expired: a command of the CLI under its profile renews it, or `aws login` makes another",
            ));
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_named_by_the_hash_of_the_session() {
        let file = format!(
            "{:?}",
            ConsoleLogin::new(" arn:aws:iam::0123456789012:user/Admin ", Path::new("/c"))
        );
        let name = "36db1d138ff460920374e4c3d8e01f53f9f73537e89c88d639f68393df0e2726.json";
        assert!(file.contains(name), "{file}");
    }
}
