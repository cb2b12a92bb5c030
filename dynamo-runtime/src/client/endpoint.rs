use std::fmt;
use std::net::IpAddr;

use super::error::BuildError;
use super::region::Region;

/// Where DynamoDB is reached: a kind of endpoint, never a URL.
///
/// Searches of vector indexes go to another host, the one that [`SearchEndpoint`](super::SearchEndpoint) says.
///
/// ```
/// use dynamo_runtime::client::{AccountId, AuditEvent, AuditLog, BuildError, VpcEndpointId};
/// use dynamo_runtime::{Credentials, Endpoint, Region, SecureClient};
///
/// /// The host that a client of this endpoint talks to.
/// async fn host(endpoint: Endpoint) -> Result<String, BuildError> {
///     let log = AuditLog::default();
///     SecureClient::builder()
///         .region(Region::US_EAST_1)
///         .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
///         .endpoint(endpoint)
///         .audit(log.clone())
///         .build()
///         .await?;
///     match log.take().pop() {
///         Some(AuditEvent::BuildAttested { authority, .. }) => Ok(authority),
///         _ => Ok(String::new()),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), BuildError> {
/// assert_eq!(host(Endpoint::standard()).await?, "dynamodb.us-east-1.amazonaws.com");
/// assert_eq!(host(Endpoint::fips()).await?, "dynamodb-fips.us-east-1.amazonaws.com");
/// assert_eq!(host(Endpoint::dual_stack()).await?, "dynamodb.us-east-1.api.aws");
///
/// let account = Endpoint::account(AccountId::new("123456789012")?);
/// assert_eq!(host(account).await?, "123456789012.ddb.us-east-1.amazonaws.com");
///
/// let interface = Endpoint::interface(VpcEndpointId::new("vpce-0a1b2c3d4e5f67890-abcd1234")?);
/// assert!(host(interface).await?.starts_with("vpce-0a1b2c3d4e5f67890-abcd1234.dynamodb."));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    kind: EndpointKind,
}

#[derive(Clone, PartialEq, Eq)]
enum EndpointKind {
    Public(PublicEndpoint),
    Interface(VpcEndpointId),
    Compatible { host: Host, port: u16 },
}

/// Of DynamoDB, and there for everybody.
#[derive(Clone, PartialEq, Eq)]
enum PublicEndpoint {
    Standard,
    Fips,
    DualStack,
    Account(AccountId),
}

impl Endpoint {
    /// `dynamodb.<region>.amazonaws.com`, the default.
    pub fn standard() -> Self {
        Self { kind: EndpointKind::Public(PublicEndpoint::Standard) }
    }

    /// `dynamodb-fips.<region>.amazonaws.com`, where the region has one.
    pub fn fips() -> Self {
        Self { kind: EndpointKind::Public(PublicEndpoint::Fips) }
    }

    /// `dynamodb.<region>.api.aws`, over IPv6 and IPv4.
    pub fn dual_stack() -> Self {
        Self { kind: EndpointKind::Public(PublicEndpoint::DualStack) }
    }

    /// `<account-id>.ddb.<region>.amazonaws.com`, the endpoint of one account.
    ///
    /// Source: [AWS account-based endpoints](https://docs.aws.amazon.com/sdkref/latest/guide/feature-account-endpoints.html).
    pub fn account(id: AccountId) -> Self {
        Self { kind: EndpointKind::Public(PublicEndpoint::Account(id)) }
    }

    /// An interface endpoint of AWS `PrivateLink`.
    ///
    /// It answers no searches of vector indexes: see [`SearchEndpoint::at`](super::SearchEndpoint::at).
    pub fn interface(id: VpcEndpointId) -> Self {
        Self { kind: EndpointKind::Interface(id) }
    }

    /// An engine that speaks DynamoDB's protocol over TLS, such as ScyllaDB Alternator.
    ///
    /// It needs [`Trust::private_ca`](super::Trust::private_ca).
    ///
    /// ```
    /// use dynamo_runtime::Endpoint;
    ///
    /// assert!(Endpoint::compatible("alternator.internal", 8043).is_ok());
    /// assert!(Endpoint::compatible("http://alternator.internal", 8043).is_err()); // never a URL
    /// ```
    ///
    /// # Errors
    /// The host is neither a lower-case host name nor an IP address, or the port is zero.
    pub fn compatible(host: &str, port: u16) -> Result<Self, BuildError> {
        if port == 0 {
            return Err(BuildError::invalid("port", "0", "a port is between 1 and 65535"));
        }
        Ok(Self { kind: EndpointKind::Compatible { host: Host::parse(host)?, port } })
    }

    /// Whether it is of an engine that is not DynamoDB.
    pub(super) fn is_compatible(&self) -> bool {
        matches!(self.kind, EndpointKind::Compatible { .. })
    }

    /// Where every operation goes but a search.
    pub(super) fn authority(&self, region: Region) -> Result<Authority, BuildError> {
        match &self.kind {
            EndpointKind::Public(endpoint) => Ok(Authority::https(endpoint.host(region, "")?)),
            EndpointKind::Interface(id) => {
                let suffix = region.partition().dns_suffix();
                Ok(Authority::https(format!("{}.dynamodb.{region}.vpce.{suffix}", id.0)))
            }
            EndpointKind::Compatible { host, port } => {
                Ok(Authority { host: host.clone(), port: *port })
            }
        }
    }

    /// Where DynamoDB answers searches for who has this endpoint: on a host of its own, where one is known.
    pub(super) fn search_authority(&self, region: Region) -> Result<Option<Authority>, BuildError> {
        match &self.kind {
            EndpointKind::Public(endpoint) => {
                Ok(Some(Authority::https(endpoint.host(region, "search-")?)))
            }
            EndpointKind::Interface(_) | EndpointKind::Compatible { .. } => Ok(None),
        }
    }
}

impl PublicEndpoint {
    /// The host of the service that has this before its name.
    fn host(&self, region: Region, prefix: &str) -> Result<String, BuildError> {
        let suffix = region.partition().dns_suffix();
        Ok(match self {
            Self::Standard => format!("{prefix}dynamodb.{region}.{suffix}"),
            // The GovCloud endpoints are FIPS endpoints under their plain name.
            Self::Fips if region.name().starts_with("us-gov-") => {
                format!("{prefix}dynamodb.{region}.{suffix}")
            }
            Self::Fips => format!("{prefix}dynamodb-fips.{region}.{suffix}"),
            Self::DualStack => {
                format!("{prefix}dynamodb.{region}.{}", region.partition().dual_stack_suffix())
            }
            Self::Account(_) if !region.partition().has_account_endpoints() => {
                return Err(BuildError::invalid(
                    "region for an account's endpoint",
                    region.name(),
                    "its partition has none",
                ));
            }
            Self::Account(id) => format!("{}.{prefix}ddb.{region}.{suffix}", id.0),
        })
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::standard()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            EndpointKind::Public(PublicEndpoint::Standard) => f.write_str("Endpoint::standard()"),
            EndpointKind::Public(PublicEndpoint::Fips) => f.write_str("Endpoint::fips()"),
            EndpointKind::Public(PublicEndpoint::DualStack) => {
                f.write_str("Endpoint::dual_stack()")
            }
            EndpointKind::Public(PublicEndpoint::Account(id)) => {
                write!(f, "Endpoint::account({})", id.0)
            }
            EndpointKind::Interface(id) => write!(f, "Endpoint::interface({})", id.0),
            EndpointKind::Compatible { host, port } => {
                write!(f, "Endpoint::compatible({host}, {port})")
            }
        }
    }
}

/// The identifier of an AWS account: twelve digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountId(String);

impl AccountId {
    /// An account's identifier.
    ///
    /// ```
    /// use dynamo_runtime::client::AccountId;
    ///
    /// assert!(AccountId::new("123456789012").is_ok());
    /// assert!(AccountId::new("1234-5678-9012").is_err());
    /// ```
    ///
    /// # Errors
    /// It is not twelve digits.
    pub fn new(id: &str) -> Result<Self, BuildError> {
        if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BuildError::invalid("AWS account", id, "it is twelve digits"));
        }
        Ok(Self(id.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The DNS name of an interface endpoint up to its first dot, such as `vpce-0a1b2c3d4e5f67890-abcd1234`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VpcEndpointId(String);

impl VpcEndpointId {
    /// An interface endpoint's identifier.
    ///
    /// ```
    /// use dynamo_runtime::client::VpcEndpointId;
    ///
    /// assert!(VpcEndpointId::new("vpce-0a1b2c3d4e5f67890-abcd1234").is_ok());
    /// assert!(VpcEndpointId::new("evil.example.com").is_err());
    /// ```
    ///
    /// # Errors
    /// It does not start with `vpce-`, or it has other than lower-case letters, digits and `-`.
    pub fn new(id: &str) -> Result<Self, BuildError> {
        let rest = id.strip_prefix("vpce-").unwrap_or_default();
        if rest.is_empty() || !is_host_label(id) {
            return Err(BuildError::invalid(
                "VPC endpoint",
                id,
                "it looks like `vpce-0a1b2c3d4e5f67890-abcd1234`",
            ));
        }
        Ok(Self(id.to_owned()))
    }
}

const HTTPS: u16 = 443;

/// A host and its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) host: Host,
    pub(super) port: u16,
}

impl Authority {
    pub(super) fn https(host: String) -> Self {
        Self { host: Host::Name(host), port: HTTPS }
    }
}

impl fmt::Display for Authority {
    /// As it stands in a URI and in the `Host` header: without the default port.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            HTTPS => write!(f, "{}", self.host),
            port => write!(f, "{}:{port}", self.host),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    Name(String),
    Address(IpAddr),
}

impl Host {
    pub(super) fn parse(host: &str) -> Result<Self, BuildError> {
        if let Ok(address) = host.parse() {
            return Ok(Self::Address(address));
        }
        let last = host.rsplit('.').next().unwrap_or_default();
        // A last label of digits is how lax resolvers spell other IPv4 forms (`0x7f.1`, `127.1`).
        let numeric = last.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        if host.len() > 253 || numeric || !host.split('.').all(is_host_label) {
            return Err(BuildError::invalid(
                "host",
                host,
                "give a lower-case host name or an IP address, without a scheme, a port or a path",
            ));
        }
        Ok(Self::Name(host.to_owned()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

fn is_host_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::config::endpoint::{
        DefaultResolver, Params, ParamsBuilder, ResolveEndpoint,
    };

    use super::*;

    fn authority(endpoint: &Endpoint, region: Region) -> String {
        endpoint.authority(region).unwrap().to_string()
    }

    #[test]
    fn each_kind_has_its_host() {
        let region = Region::EU_CENTRAL_1;
        assert!(Endpoint::default() == Endpoint::standard());
        assert_eq!(authority(&Endpoint::standard(), region), "dynamodb.eu-central-1.amazonaws.com");
        assert_eq!(
            authority(&Endpoint::fips(), Region::US_EAST_1),
            "dynamodb-fips.us-east-1.amazonaws.com"
        );
        assert_eq!(
            authority(&Endpoint::fips(), Region::US_GOV_WEST_1),
            "dynamodb.us-gov-west-1.amazonaws.com"
        );
        assert_eq!(authority(&Endpoint::dual_stack(), region), "dynamodb.eu-central-1.api.aws");
        let interface = Endpoint::interface(VpcEndpointId::new("vpce-0a1b-2c3d").unwrap());
        assert_eq!(
            authority(&interface, region),
            "vpce-0a1b-2c3d.dynamodb.eu-central-1.vpce.amazonaws.com"
        );
        assert_eq!(
            authority(&Endpoint::compatible("scylla.internal", 8043).unwrap(), region),
            "scylla.internal:8043"
        );
        assert_eq!(authority(&Endpoint::compatible("::1", 8043).unwrap(), region), "[::1]:8043");
        assert_eq!(authority(&Endpoint::compatible("db", 443).unwrap(), region), "db");
    }

    /// The host that the SDK's own rules give, or nothing where they refuse.
    async fn of_the_sdk(
        region: Region,
        is_search: bool,
        change: impl FnOnce(ParamsBuilder) -> ParamsBuilder,
    ) -> Option<String> {
        let params = Params::builder().region(region.name()).is_search_operation(is_search);
        let params = change(params).build().unwrap();
        let endpoint = DefaultResolver::new().resolve_endpoint(&params).await.ok()?;
        endpoint.url().strip_prefix("https://").map(str::to_owned)
    }

    async fn compare_with_the_sdk(is_search: bool) {
        let account = AccountId::new("123456789012").unwrap();
        for region in Region::known() {
            let ours = |endpoint: &Endpoint| {
                let authority = match is_search {
                    true => endpoint.search_authority(region).ok().flatten(),
                    false => endpoint.authority(region).ok(),
                };
                authority.map(|it| it.to_string())
            };
            let theirs = async |change: fn(ParamsBuilder) -> ParamsBuilder| {
                of_the_sdk(region, is_search, change).await
            };
            assert_eq!(ours(&Endpoint::standard()), theirs(|it| it).await, "{region}");
            let fips = theirs(|it| it.use_fips(true)).await;
            assert_eq!(ours(&Endpoint::fips()), fips, "{region}");
            let dual_stack = theirs(|it| it.use_dual_stack(true)).await;
            assert_eq!(ours(&Endpoint::dual_stack()), dual_stack, "{region}");
            let of_account =
                theirs(|it| it.account_id("123456789012").account_id_endpoint_mode("required"));
            assert_eq!(ours(&Endpoint::account(account.clone())), of_account.await, "{region}");
        }
    }

    #[tokio::test]
    async fn each_host_is_the_one_of_the_sdks_rules_in_every_region() {
        compare_with_the_sdk(false).await;
    }

    #[tokio::test]
    async fn each_search_host_is_the_one_of_the_sdks_rules_in_every_region() {
        compare_with_the_sdk(true).await;
        // So it is by the hosts that were seen to answer searches.
        let standard = Endpoint::standard().search_authority(Region::EU_CENTRAL_1).unwrap();
        let expected = "search-dynamodb.eu-central-1.amazonaws.com";
        assert_eq!(standard.map(|it| it.to_string()).as_deref(), Some(expected));
    }

    #[test]
    fn no_search_host_is_made_up_for_an_endpoint_that_has_none() {
        let interface = Endpoint::interface(VpcEndpointId::new("vpce-0a1b-2c3d").unwrap());
        for endpoint in [interface, Endpoint::compatible("scylla.internal", 8043).unwrap()] {
            assert_eq!(endpoint.search_authority(Region::EU_CENTRAL_1).unwrap(), None);
        }
    }

    #[test]
    fn a_url_or_a_trick_is_no_host() {
        let refused = [
            "",
            "https://db",
            "db:8000",
            "db/",
            "user@db",
            "DB",
            "db..internal",
            ".db",
            "db.",
            "-db",
            "db-",
            "127.1",
            "0x7f.1",
            "2130706433",
            "dä",
            "d b",
            "db\0",
            "[::1]",
            "db#",
            "*.db",
            &"a".repeat(64),
            &format!("{}ab", "a.".repeat(126)),
        ];
        for host in refused {
            assert!(Endpoint::compatible(host, 443).is_err(), "{host:?} was accepted");
        }
        for host in ["a".repeat(63), format!("{}a", "a.".repeat(126))] {
            assert!(Endpoint::compatible(&host, 443).is_ok(), "{host:?} was refused");
        }
        assert!(Endpoint::compatible("db", 0).is_err());
        for id in ["", "12345678901", "1234567890123", "12345678901a", "12345678901١", "x.12345678"]
        {
            assert!(AccountId::new(id).is_err(), "{id:?} was accepted");
        }
        for id in ["vpce-", "vpc-1", "vpce-1.evil", "vpce-1/", "VPCE-1", ""] {
            assert!(VpcEndpointId::new(id).is_err(), "{id:?} was accepted");
        }
    }
}
