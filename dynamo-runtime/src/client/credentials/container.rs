//! The role of a task of ECS or of a pod of EKS, asked of its link-local address.

use std::net::{IpAddr, Ipv4Addr};

use aws_credential_types::Credentials as Keys;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION};
use http::{HeaderValue, Request, Uri};
use zeroize::Zeroizing;

use super::answer::Names;
use super::source_error::{SourceError, SourceProblem};
use super::token_file::TokenFile;
use super::ways::{Way, Ways};
use super::{Ask, Credentials, Source};
use crate::client::environment::Environment;
use crate::client::secret;
use crate::client::transport::TransportError;

impl Credentials {
    /// The role of an ECS task, or of whatever else `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or
    /// `AWS_CONTAINER_CREDENTIALS_FULL_URI` names, asked of a link-local address only.
    ///
    /// The variables are read once, when the client is built; a token's file, a regular one of at most 64 KiB, each time
    /// that keys are asked for.
    ///
    /// Source: [Container credential provider](https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html).
    pub fn ecs() -> Self {
        Self { source: Source::Container(Named::Ecs) }
    }

    /// The role of an EKS pod by Pod Identity: asked of `169.254.170.23`, or of `[fd00:ec2::23]` where that is not
    /// there, with the token in `/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token`.
    ///
    /// No variable has a say in it.
    ///
    /// Source: [How EKS Pod Identity works](https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html).
    pub fn eks_pod_identity() -> Self {
        Self { source: Source::Container(Named::Eks { token: EKS_TOKEN.to_owned() }) }
    }

    /// With a token's file of a test.
    #[cfg(test)]
    pub(in crate::client) fn eks_with_token(path: &str) -> Self {
        Self { source: Source::Container(Named::Eks { token: path.to_owned() }) }
    }
}

pub(super) enum Named {
    Ecs,
    Eks { token: String },
}

const ECS: &str = "the container's role";
const EKS: &str = "EKS Pod Identity";
const EKS_TOKEN: &str =
    "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token";
const EKS_URIS: [&str; 2] =
    ["http://169.254.170.23/v1/credentials", "http://[fd00:ec2::23]/v1/credentials"];

#[derive(Debug)]
pub(super) struct Container {
    way: Way,
    /// The next is asked where the one before is not there.
    uris: Vec<String>,
    token: AuthorizationToken,
}

enum AuthorizationToken {
    None,
    Given(Zeroizing<String>),
    InFile(TokenFile),
}

impl Container {
    pub(super) fn new(named: Named, environment: &dyn Environment, ways: &Ways) -> Self {
        match named {
            Named::Ecs => Self::of(environment, ways),
            Named::Eks { token } => Self {
                way: ways.to_link_local(EKS, IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23))),
                uris: EKS_URIS.map(str::to_owned).into(),
                token: AuthorizationToken::InFile(TokenFile::new(EKS, token)),
            },
        }
    }

    fn of(environment: &dyn Environment, ways: &Ways) -> Self {
        let variable = |name| environment.variable(name).filter(|value| !value.is_empty());
        let relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
            .map(|path| format!("http://169.254.170.2{path}"));
        let uri = relative.or_else(|| variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        let file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        let token = match (file, variable("AWS_CONTAINER_AUTHORIZATION_TOKEN")) {
            (Some(path), _) => AuthorizationToken::InFile(TokenFile::new(ECS, path)),
            (None, Some(token)) => AuthorizationToken::Given(Zeroizing::new(token)),
            (None, None) => AuthorizationToken::None,
        };
        let way = ways.to_link_local(ECS, IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)));
        Self { way, uris: uri.into_iter().collect(), token }
    }

    async fn authorization(&self) -> Result<Option<HeaderValue>, SourceError> {
        let text = match &self.token {
            AuthorizationToken::None => return Ok(None),
            AuthorizationToken::Given(token) => token.clone(),
            AuthorizationToken::InFile(file) => file.token().await?,
        };
        let value = secret::header(&text);
        value.map(Some).map_err(|_| {
            self.way.error(SourceProblem::Request("its token has a character that no header has"))
        })
    }

    fn request(
        &self,
        uri: &str,
        token: Option<HeaderValue>,
    ) -> Result<Request<Bytes>, SourceError> {
        let refused = |_| self.way.error(SourceProblem::Request("its address is no URI"));
        let uri = Uri::try_from(uri).map_err(refused)?;
        let mut request = Request::new(Bytes::new());
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            headers.insert(AUTHORIZATION, token);
        }
        Ok(request)
    }
}

impl Ask for Container {
    async fn ask(&self) -> Result<Keys, SourceError> {
        const NAMES: Names = Names {
            id: "AccessKeyId",
            secret: "SecretAccessKey",
            token: "Token",
            expiry: "Expiration",
        };
        let Some((last, others)) = self.uris.split_last() else {
            let what = "neither `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` nor `AWS_CONTAINER_CREDENTIALS_FULL_URI` is set";
            return Err(SourceError::absent(ECS, what));
        };
        let token = self.authorization().await?;
        let mut answer = None;
        for uri in others {
            match self.way.success(self.request(uri, token.clone())?).await {
                Err(error) if is_absent(&error) => {}
                settled => {
                    answer = Some(settled?);
                    break;
                }
            }
        }
        let answer = match answer {
            Some(answer) => answer,
            None => self.way.success(self.request(last, token)?).await?,
        };
        let keys = NAMES.keys(&answer, self.way.name);
        keys.map_err(|what| self.way.error(SourceProblem::Answer(what)))
    }
}

/// Whether nobody is at the address.
fn is_absent(error: &SourceError) -> bool {
    let transport = error.transport();
    matches!(transport, Some(TransportError::Connect(_) | TransportError::ConnectTimeout(_)))
}

impl std::fmt::Debug for AuthorizationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Given(_) => f.write_str("Given(..)"),
            Self::InFile(file) => file.fmt(f),
        }
    }
}
