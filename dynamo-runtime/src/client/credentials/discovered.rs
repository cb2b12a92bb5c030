//! The sources that `aws-config` knows, each over connectors that this crate controls.

use std::fmt;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::connector::CredentialsConnector;
use super::web_identity::WebIdentity;
use super::{Credentials, Source};
use crate::client::ambient::Environment;
use crate::client::audit::Auditor;
use crate::client::error::BuildError;
use crate::client::proxy::Proxy;
use crate::client::region::Region;

pub(in crate::client) enum Discovered {
    Profile(String),
    Ecs,
    Ec2,
    WebIdentity,
}

impl Credentials {
    /// A profile of `~/.aws/config` and `~/.aws/credentials`, by name.
    ///
    /// The profile must not redirect the client; `credential_process` and single sign-on are not supported.
    ///
    /// ```
    /// use dynamo_runtime::{Credentials, Region, SecureClient};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), dynamo_runtime::BuildError> {
    /// // A pod's role, or else an instance's: each is asked at the first call.
    /// let roles = Credentials::first_of([Credentials::ecs(), Credentials::ec2()]);
    /// let client = SecureClient::builder().region(Region::EU_CENTRAL_1).credentials(roles);
    /// assert!(client.build().await.is_ok());
    ///
    /// let sources = [Credentials::profile("billing"), Credentials::web_identity()];
    /// assert_eq!(sources.map(|source| format!("{source:?}").is_empty()), [false; 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn profile(name: impl Into<String>) -> Self {
        Self::discovered(Discovered::Profile(name.into()))
    }

    /// The role of an ECS task or an EKS pod, asked of a link-local address only.
    pub fn ecs() -> Self {
        Self::discovered(Discovered::Ecs)
    }

    /// The role of an EC2 instance, asked of `169.254.169.254` with a session token (`IMDSv2`).
    pub fn ec2() -> Self {
        Self::discovered(Discovered::Ec2)
    }

    /// The role of `AWS_ROLE_ARN`, taken on with the token in `AWS_WEB_IDENTITY_TOKEN_FILE`.
    pub fn web_identity() -> Self {
        Self::discovered(Discovered::WebIdentity)
    }

    fn discovered(discovered: Discovered) -> Self {
        Self { source: Source::Discovered(discovered) }
    }
}

impl Discovered {
    pub(super) fn profile_name(&self) -> Option<&str> {
        match self {
            Self::Profile(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn reaches_sts(&self) -> bool {
        matches!(self, Self::Profile(_) | Self::WebIdentity)
    }

    pub(super) fn into_provider(
        self,
        environment: &dyn Environment,
        region: Region,
        proxy: Option<&Proxy>,
        auditor: &Auditor,
    ) -> Result<SharedCredentialsProvider, BuildError> {
        let partition = region.partition();
        if self.reaches_sts() && !partition.is_trusted_by_amazon_roots() {
            return Err(BuildError::trust(format!(
                "STS of the partition `{}` of {region} has other roots than Amazon's public ones: give the keys by `Credentials::provider(..)`",
                partition.name(),
            )));
        }
        let connector = CredentialsConnector::new(region, proxy, auditor)?;
        self.over(connector.into_http_client(), environment, region)
    }

    /// The source, whose requests go this way.
    pub(in crate::client) fn over(
        self,
        http_client: SharedHttpClient,
        environment: &dyn Environment,
        region: Region,
    ) -> Result<SharedCredentialsProvider, BuildError> {
        let config = ProviderConfig::without_region()
            .with_region(Some(aws_types::region::Region::from_static(region.name())))
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_use_fips(Some(false))
            .with_use_dual_stack(Some(false))
            .with_http_client(http_client.clone());
        Ok(match self {
            Self::Profile(name) => SharedCredentialsProvider::new(
                ProfileFileCredentialsProvider::builder()
                    .configure(&config)
                    .profile_name(name)
                    .build(),
            ),
            Self::Ecs => SharedCredentialsProvider::new(
                EcsCredentialsProvider::builder().configure(&config).build(),
            ),
            Self::Ec2 => {
                // Given in code, so that `AWS_EC2_METADATA_SERVICE_ENDPOINT` has no say.
                let client = imds::Client::builder()
                    .configure(&config)
                    .endpoint("http://169.254.169.254")
                    .map_err(|error| BuildError::internal(error.to_string()))?;
                let provider = ImdsCredentialsProvider::builder().configure(&config);
                SharedCredentialsProvider::new(provider.imds_client(client.build()).build())
            }
            Self::WebIdentity => {
                SharedCredentialsProvider::new(WebIdentity::new(environment, region, http_client))
            }
        })
    }
}

impl fmt::Debug for Discovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(name) => write!(f, "Credentials::profile({name:?})"),
            Self::Ecs => f.write_str("Credentials::ecs()"),
            Self::Ec2 => f.write_str("Credentials::ec2()"),
            Self::WebIdentity => f.write_str("Credentials::web_identity()"),
        }
    }
}
