//! The role of an EC2 instance, asked of its metadata with a session's token (`IMDSv2`).

use std::net::{IpAddr, Ipv4Addr};

use aws_credential_types::Credentials as Keys;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri};
use zeroize::Zeroizing;

use super::answer::{self, Names};
use super::source_error::{SourceError, SourceProblem, documented};
use super::sts::is_unreserved;
use super::ways::{Way, Ways};
use super::{Ask, Credentials, Source};
use crate::client::environment::Environment;
use crate::client::secret;
use crate::client::transport::TransportError;

impl Credentials {
    /// The role of an EC2 instance, asked of `169.254.169.254` with a session token (`IMDSv2`).
    ///
    /// Source: [Retrieve security credentials from instance metadata](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html).
    pub fn ec2() -> Self {
        Self { source: Source::Instance }
    }
}

const NAME: &str = "the instance's metadata";
const HOST: &str = "http://169.254.169.254";
const TOKEN: &str = "x-aws-ec2-metadata-token";
const TOKEN_LIFE: &str = "x-aws-ec2-metadata-token-ttl-seconds";

#[derive(Debug)]
pub(super) struct Instance {
    way: Way,
    is_disabled: bool,
}

impl Instance {
    pub(super) fn new(environment: &dyn Environment, ways: &Ways) -> Self {
        let disabled = environment.variable("AWS_EC2_METADATA_DISABLED");
        Self {
            way: ways.to_link_local(NAME, IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254))),
            is_disabled: disabled.is_some_and(|value| value.eq_ignore_ascii_case("true")),
        }
    }

    async fn token(&self) -> Result<HeaderValue, SourceError> {
        let life = (TOKEN_LIFE, HeaderValue::from_static("21600"));
        let request = self.request(Method::PUT, "/latest/api/token", life)?;
        let token = self.way.success(request).await.map_err(|error| match error.transport() {
            // Whatever it runs on is no instance.
            Some(TransportError::Connect(_) | TransportError::ConnectTimeout(_)) => {
                SourceError::absent(NAME, "nobody is at 169.254.169.254")
            }
            _ => error,
        })?;
        let text = str::from_utf8(&token).ok().and_then(|token| secret::header(token).ok());
        text.ok_or_else(|| self.way.error(SourceProblem::Answer("is no token")))
    }

    async fn get(
        &self,
        path: &str,
        token: &HeaderValue,
    ) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        self.way.success(self.request(Method::GET, path, (TOKEN, token.clone()))?).await
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        (name, value): (&'static str, HeaderValue),
    ) -> Result<Request<Bytes>, SourceError> {
        let refused = |_| self.way.error(SourceProblem::Request("its address is no URI"));
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = Uri::try_from(format!("{HOST}{path}")).map_err(refused)?;
        *request.method_mut() = method;
        request.headers_mut().insert(name, value);
        Ok(request)
    }
}

impl Ask for Instance {
    async fn ask(&self) -> Result<Keys, SourceError> {
        const ROLES: &str = "/latest/meta-data/iam/security-credentials/";
        const NAMES: Names = Names {
            id: "AccessKeyId",
            secret: "SecretAccessKey",
            token: "Token",
            expiry: "Expiration",
        };
        if self.is_disabled {
            return Err(SourceError::absent(NAME, "`AWS_EC2_METADATA_DISABLED` is set"));
        }
        let token = self.token().await?;
        let role = self.get(ROLES, &token).await.map_err(|error| {
            if error.status() == Some(404) {
                SourceError::absent(NAME, "the instance has no role")
            } else {
                error
            }
        })?;
        let role = role.trim_ascii();
        let is_name = |byte: &u8| is_unreserved(*byte) || b"+=,@".contains(byte);
        let role = str::from_utf8(role).ok().filter(|it| !it.is_empty());
        let role = role.filter(|role| role.as_bytes().iter().all(is_name));
        let role =
            role.ok_or_else(|| self.way.error(SourceProblem::Answer("is no name of a role")))?;
        let keys = self.get(&format!("{ROLES}{role}"), &token).await?;
        if let Some(code) = answer::text(&keys, "Code").filter(|code| code != "Success") {
            return Err(self.way.error(SourceProblem::Code(documented(&code))));
        }
        NAMES.keys(&keys, NAME).map_err(|what| self.way.error(SourceProblem::Answer(what)))
    }
}
