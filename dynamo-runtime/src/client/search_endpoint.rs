use std::fmt;

use super::endpoint::{Authority, Endpoint};
use super::error::BuildError;
use super::region::Region;
use super::trust::Trust;

/// Where searches of vector indexes go: given to the builder by
/// [`search_endpoint`](super::SecureClientBuilder::search_endpoint).
///
/// DynamoDB answers them on hosts of their own, such as `search-dynamodb.eu-central-1.amazonaws.com`, and on no other.
/// By default a client uses the one that matches its endpoint, by its region, FIPS, dual stack and account. It is
/// verified like the endpoint, and nothing but searches is sent to it.
///
/// ```
/// use dynamo_runtime::client::{BuildError, SearchEndpoint, VpcEndpointId};
/// use dynamo_runtime::{Credentials, Endpoint, Region, SecureClient};
///
/// let client = async |endpoint, search| {
///     let keys = Credentials::fixed("AKIDEXAMPLE", "secret", None);
///     let builder = SecureClient::builder().region(Region::EU_CENTRAL_1).credentials(keys);
///     builder.endpoint(endpoint).search_endpoint(search).build().await
/// };
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let matching = client(Endpoint::fips(), SearchEndpoint::default()).await?.attestation();
/// let search = matching.search().ok_or("it searches nowhere")?;
/// assert_eq!(search.authority(), "search-dynamodb-fips.eu-central-1.amazonaws.com");
/// assert!(search.is_crc_required());
///
/// // An interface endpoint answers no searches: they go where the code says.
/// let interface = Endpoint::interface(VpcEndpointId::new("vpce-0a1b2c3d4e5f67890-abcd1234")?);
/// let private = client(interface.clone(), SearchEndpoint::default()).await?.attestation();
/// assert!(private.search().is_none());
/// let public = SearchEndpoint::at(Endpoint::standard()).without_crc();
/// let search = client(interface, public).await?.attestation();
/// let search = search.search().ok_or("it searches nowhere")?;
/// assert_eq!(search.authority(), "search-dynamodb.eu-central-1.amazonaws.com");
/// assert!(!search.is_crc_required());
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
///
/// The hosts are those of the SDK's own rules. They were never tried on DynamoDB itself by this project.
#[derive(Clone, Default)]
#[must_use = "it is given to the builder by `.search_endpoint(..)`"]
pub struct SearchEndpoint {
    place: SearchPlace,
    trust: Option<Trust>,
    is_crc_waived: bool,
}

#[derive(Clone, Default)]
enum SearchPlace {
    #[default]
    Matching,
    SameHost,
    At(Endpoint),
}

/// What is known of where searches go.
pub(super) enum SearchAuthority {
    /// The code must say it: how.
    Unsaid(&'static str),
    SameHost,
    Own(Authority),
}

impl SearchEndpoint {
    /// The host and port of the endpoint itself, of a compatible engine that answers searches beside all else.
    ///
    /// DynamoDB does not, so `build` refuses it with an endpoint of DynamoDB's.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # use dynamo_runtime::testing::LocalEngine;
    /// use dynamo_runtime::client::SearchEndpoint;
    /// use dynamo_runtime::{Endpoint, Trust};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let engine = LocalEngine::in_memory().await?;
    /// let client = SecureClient::builder()
    ///     .region(Region::US_EAST_1)
    ///     .credentials(Credentials::fixed(engine.access_key_id(), engine.secret_access_key(), None))
    ///     .endpoint(Endpoint::compatible(engine.host(), engine.port())?)
    ///     .search_endpoint(SearchEndpoint::same_host())
    ///     .trust(Trust::private_ca(engine.ca_pem())?)
    ///     .build()
    ///     .await?;
    /// let attestation = client.attestation();
    /// assert_eq!(attestation.search().map(|it| it.authority()), Some(attestation.authority()));
    /// # Ok(()) }
    /// ```
    pub fn same_host() -> Self {
        Self { place: SearchPlace::SameHost, ..Self::default() }
    }

    /// Where who has this endpoint searches: of a public one of DynamoDB's its search host, of a
    /// [compatible](Endpoint::compatible) one its own host and port.
    ///
    /// No search host of an interface endpoint is known, so `build` refuses one here. A client of such an endpoint
    /// either searches nothing, which is the default, or at DynamoDB's public search host: that traffic leaves the VPC
    /// as any other to the internet does.
    ///
    /// ```
    /// use dynamo_runtime::Endpoint;
    /// use dynamo_runtime::client::SearchEndpoint;
    ///
    /// let public = SearchEndpoint::at(Endpoint::standard());
    /// let engine = SearchEndpoint::at(Endpoint::compatible("search.internal", 8044)?);
    /// assert_eq!(format!("{public:?}"), "SearchEndpoint::at(Endpoint::standard())");
    /// assert_eq!(format!("{engine:?}"), "SearchEndpoint::at(Endpoint::compatible(search.internal, 8044))");
    /// # Ok::<(), dynamo_runtime::client::BuildError>(())
    /// ```
    pub fn at(endpoint: Endpoint) -> Self {
        Self { place: SearchPlace::At(endpoint), ..Self::default() }
    }

    /// Trusts the search host by this; by default as the endpoint, with the same roots, pins and lists.
    ///
    /// A pin is a server's own key: two hosts that are pinned need either both pins, of which each host may have any, or
    /// this, by which each has its own.
    ///
    /// ```
    /// # use dynamo_runtime::client::BuildError;
    /// use dynamo_runtime::client::SearchEndpoint;
    /// use dynamo_runtime::{Endpoint, Trust};
    ///
    /// fn search(ca: &[u8], pin: [u8; 32]) -> Result<SearchEndpoint, BuildError> {
    ///     let at = SearchEndpoint::at(Endpoint::compatible("search.internal", 8044)?);
    ///     Ok(at.trust(Trust::private_ca(ca)?.pin_spki(pin)))
    /// }
    ///
    /// assert!(search(b"no certificate", [7; 32]).is_err());
    /// ```
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = Some(trust);
        self
    }

    /// Accepts successful searches without `x-amz-crc32`; where the header is there, it is still verified.
    ///
    /// Whether DynamoDB's search hosts send one is not known to this project. Where one is missing a search is
    /// [`Error::is_integrity`](crate::Error::is_integrity), unless this is called. The endpoint's own responses must
    /// have theirs all the same.
    ///
    /// ```
    /// use dynamo_runtime::Endpoint;
    /// use dynamo_runtime::client::SearchEndpoint;
    ///
    /// let search = SearchEndpoint::at(Endpoint::standard()).without_crc();
    /// assert!(format!("{search:?}").ends_with(".without_crc()"));
    /// ```
    pub fn without_crc(mut self) -> Self {
        self.is_crc_waived = true;
        self
    }

    /// Where the searches of a client of this endpoint go.
    pub(super) fn authority(
        &self,
        endpoint: &Endpoint,
        region: Region,
    ) -> Result<SearchAuthority, BuildError> {
        match &self.place {
            SearchPlace::Matching => Ok(match endpoint.search_authority(region)? {
                Some(authority) => SearchAuthority::Own(authority),
                None if endpoint.is_compatible() => SearchAuthority::Unsaid(OF_AN_ENGINE),
                None => SearchAuthority::Unsaid(OF_AN_INTERFACE),
            }),
            SearchPlace::SameHost if !endpoint.is_compatible() => Err(self.refused(
                "DynamoDB answers searches on hosts of their own: leave it out, or name one by `SearchEndpoint::at(..)`",
            )),
            SearchPlace::SameHost if self.trust.is_some() || self.is_crc_waived => {
                Err(self.refused("what is trusted of the same host is what `.trust(..)` of the client says"))
            }
            SearchPlace::SameHost => Ok(SearchAuthority::SameHost),
            SearchPlace::At(other) if other.is_compatible() => {
                Ok(SearchAuthority::Own(other.authority(region)?))
            }
            SearchPlace::At(other) => match other.search_authority(region)? {
                Some(authority) => Ok(SearchAuthority::Own(authority)),
                None => Err(self.refused(
                    "no search host of an interface endpoint is known: name a public one, as by `Endpoint::standard()`",
                )),
            },
        }
    }

    /// The endpoint that the trust must fit, where it is another than the client's.
    pub(super) fn endpoint(&self) -> Option<&Endpoint> {
        match &self.place {
            SearchPlace::At(endpoint) => Some(endpoint),
            SearchPlace::Matching | SearchPlace::SameHost => None,
        }
    }

    pub(super) fn own_trust(&self) -> Option<&Trust> {
        self.trust.as_ref()
    }

    /// Whether each success must have a checksum, where this is what is trusted.
    pub(super) fn expects_crc(&self, trust: &Trust) -> bool {
        trust.expects_crc() && !self.is_crc_waived
    }

    fn refused(&self, reason: &'static str) -> BuildError {
        BuildError::invalid("search endpoint for this client", &format!("{self:?}"), reason)
    }
}

const OF_AN_ENGINE: &str = "no host is named that answers searches: give the client `.search_endpoint(SearchEndpoint::same_host())` if its engine does, or the endpoint that does by `SearchEndpoint::at(..)`";

const OF_AN_INTERFACE: &str = "an interface endpoint answers no searches: give the client `.search_endpoint(SearchEndpoint::at(Endpoint::standard()))`, by which they go to DynamoDB's public search host";

impl fmt::Debug for SearchEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            SearchPlace::Matching => f.write_str("SearchEndpoint::default()")?,
            SearchPlace::SameHost => f.write_str("SearchEndpoint::same_host()")?,
            SearchPlace::At(endpoint) => write!(f, "SearchEndpoint::at({endpoint:?})")?,
        }
        if let Some(trust) = &self.trust {
            write!(f, ".trust({trust:?})")?;
        }
        if self.is_crc_waived {
            f.write_str(".without_crc()")?;
        }
        Ok(())
    }
}
