use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};

use super::ambient::{self, Scope};
use super::attempts::{Attempts, Destination, Destinations, Searches, SearchesApart};
use super::attestation::{AttestedHost, Limits, Statement};
use super::audit::{AttestedSearch, Auditor};
use super::capacity::Ledger;
use super::choke::Served;
#[cfg(any(test, feature = "local"))]
use super::connection::Resolver;
use super::connection::{DEFAULT_MAX, Route};
use super::connector::Connector;
#[cfg(feature = "__benches")]
use super::connector::memory::Memory;
use super::credentials::{Credentials, KeyCache};
use super::endpoint::Endpoint;
use super::environment::{Environment, ProcessEnvironment};
use super::error::BuildError;
use super::proxy::Proxy;
use super::region::Region;
use super::search_endpoint::{SearchAuthority, SearchEndpoint};
use super::table_name::TableName;
use super::timeouts::Timeouts;
use super::tls::Tls;
use super::tls_floor::TlsFloor;
use super::trust::Trust;
use super::{Audit, Inner, SecureClient};
use crate::schema::{Described, conflict};

/// The builder of a [`SecureClient`]: call `.region(..)`, then `.credentials(..)`, then `.build()`.
///
/// `build` exists once both are given.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use std::time::{Duration, SystemTime};
///
/// use dynamo_runtime::client::{AuditEvent, AuditLog, Proxy, SearchEndpoint, Timeouts, TlsFloor};
/// use dynamo_runtime::{Endpoint, Trust};
///
/// # #[derive(Entity)]
/// # #[dynamo(table = "users")]
/// # struct User {
/// #     #[dynamo(partition_key)]
/// #     user_id: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), dynamo_runtime::client::BuildError> {
/// let log = AuditLog::default();
/// let client = SecureClient::builder()
///     .region(Region::EU_CENTRAL_1)
///     .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None)) // or `Credentials::environment()`
///     .table::<User>(TableName::new("prod-users")?)
///     .endpoint(Endpoint::standard())
///     .search_endpoint(SearchEndpoint::default()) // the search host that matches the endpoint
///     .trust(Trust::amazon())
///     .tls_floor(TlsFloor::Tls13)
///     .proxy(Proxy::connect("proxy.internal", 3128)?)
///     .timeouts(Timeouts::default().deadline(Duration::from_secs(5)))
///     .retries(5)
///     .max_connections(32)
///     .return_capacity()
///     .waive_ambient("AWS_ENDPOINT_URL") // which another part of the program needs
///     .clock(SystemTime::now)
///     .audit(log.clone())
///     .build()
///     .await?;
/// assert_eq!(client.region(), Region::EU_CENTRAL_1);
/// let attested = log.take().pop();
/// assert!(matches!(attested, Some(AuditEvent::BuildAttested { tls_floor: TlsFloor::Tls13, .. })));
/// # Ok(())
/// # }
/// ```
pub struct SecureClientBuilder<R, C> {
    region: R,
    credentials: C,
    settings: BuilderSettings,
}

/// A builder that has no region yet: call `.region(..)`.
#[derive(Debug)]
pub struct NeedsRegion(());

/// A builder that has no credentials yet: call `.credentials(..)`.
#[derive(Debug)]
pub struct NeedsCredentials(());

pub(super) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

struct BuilderSettings {
    trust: Trust,
    endpoint: Endpoint,
    search: SearchEndpoint,
    timeouts: Timeouts,
    tls_floor: TlsFloor,
    proxy: Option<Proxy>,
    attempts: u32,
    max_connections: usize,
    returns_capacity: bool,
    waived: Vec<String>,
    is_ambient_checked: bool,
    clock: Clock,
    /// How the pauses between attempts pass.
    sleep: SharedAsyncSleep,
    auditor: Auditor,
    tables: HashMap<&'static str, TableName>,
    /// What it was told of, to be compared.
    entities: Vec<Described>,
    kept: Option<Arc<dyn Any + Send + Sync>>,
    /// What looks host names up, where it is not the system.
    #[cfg(any(test, feature = "local"))]
    resolver: Option<Arc<Resolver>>,
    #[cfg(feature = "__benches")]
    memory: Option<Memory>,
}

impl Default for BuilderSettings {
    fn default() -> Self {
        Self {
            trust: Trust::amazon(),
            endpoint: Endpoint::standard(),
            search: SearchEndpoint::default(),
            timeouts: Timeouts::default(),
            tls_floor: TlsFloor::default(),
            proxy: None,
            attempts: 3,
            max_connections: DEFAULT_MAX,
            returns_capacity: false,
            waived: Vec::new(),
            is_ambient_checked: true,
            clock: Arc::new(SystemTime::now),
            sleep: SharedAsyncSleep::new(TokioSleep::new()),
            auditor: Auditor::default(),
            tables: HashMap::new(),
            entities: Vec::new(),
            kept: None,
            #[cfg(any(test, feature = "local"))]
            resolver: None,
            #[cfg(feature = "__benches")]
            memory: None,
        }
    }
}

impl SecureClientBuilder<NeedsRegion, NeedsCredentials> {
    pub(super) fn new() -> Self {
        Self {
            region: NeedsRegion(()),
            credentials: NeedsCredentials(()),
            settings: BuilderSettings::default(),
        }
    }

    /// The region that requests are signed for and, with a standard endpoint, sent to.
    pub fn region(self, region: Region) -> SecureClientBuilder<Region, NeedsCredentials> {
        SecureClientBuilder { region, credentials: self.credentials, settings: self.settings }
    }
}

impl SecureClientBuilder<Region, NeedsCredentials> {
    /// Where the keys come from.
    pub fn credentials(self, credentials: Credentials) -> SecureClientBuilder<Region, Credentials> {
        SecureClientBuilder { region: self.region, credentials, settings: self.settings }
    }
}

impl<R, C> SecureClientBuilder<R, C> {
    /// Which certificates are accepted; [`Trust::amazon`] by default.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.settings.trust = trust;
        self
    }

    /// Where DynamoDB is reached; [`Endpoint::standard`] by default.
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.settings.endpoint = endpoint;
        self
    }

    /// Where searches of vector indexes go; by default to DynamoDB's search host that matches the endpoint.
    ///
    /// Without this, a client of an engine or of an interface endpoint sends none.
    pub fn search_endpoint(mut self, search: SearchEndpoint) -> Self {
        self.settings.search = search;
        self
    }

    /// How long the client waits.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.settings.timeouts = timeouts;
        self
    }

    /// The oldest version of TLS; 1.2 by default.
    pub fn tls_floor(mut self, floor: TlsFloor) -> Self {
        self.settings.tls_floor = floor;
        self
    }

    /// The proxy that every connection goes through, those to STS for credentials as well; none by default.
    ///
    /// The link-local addresses of an instance's or a task's role are never asked through it.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.settings.proxy = Some(proxy);
        self
    }

    /// How often a call is attempted at most, the first time included; 3 by default.
    ///
    /// Which errors are retried, and after what delay, is as in the AWS SDK, except where `docs/behaviour.md` says why.
    pub fn retries(mut self, max_attempts: u32) -> Self {
        self.settings.attempts = max_attempts;
        self
    }

    /// How many connections the client has at most to a host, open or being opened; 128 by default.
    ///
    /// Each carries one request at a time. A request that finds all of them in use waits for its turn, in the order in
    /// which they came and within its call's deadline; the feature `metrics-024` counts those that wait.
    ///
    /// A write that must not be sent twice takes one that was silent for 100 ms after its last response, or opens another
    /// while there are fewer than these.
    pub fn max_connections(mut self, max: usize) -> Self {
        self.settings.max_connections = max;
        self
    }

    /// Asks for the capacity that each request consumes: it is in
    /// [`Response::capacity`](crate::Response::capacity), in the call's span, and summed in
    /// [`SecureClient::consumed_capacity`].
    pub fn return_capacity(mut self) -> Self {
        self.settings.returns_capacity = true;
        self
    }

    /// Allows this environment variable or profile key to be set; this client ignores it.
    ///
    /// For a program whose other parts need `AWS_ENDPOINT_URL` and the like.
    pub fn waive_ambient(mut self, name: &str) -> Self {
        self.settings.waived.push(name.to_owned());
        self
    }

    /// The clock for the times that the client writes and for expiry; signing still uses the real time.
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Receives the audit events, for a security review; [`TracingAudit`](super::TracingAudit) by default.
    pub fn audit(mut self, sink: impl Audit + 'static) -> Self {
        self.settings.auditor = Auditor::new(sink);
        self
    }

    #[cfg(test)]
    pub(super) fn sleep(mut self, sleep: SharedAsyncSleep) -> Self {
        self.settings.sleep = sleep;
        self
    }

    /// Looks the hosts of DynamoDB and of a proxy up by this function, for tests of what a program does while names are not
    /// resolved: an error, or a query that is never answered.
    ///
    /// It is called on a thread of its own, once at a time for each host, and may block. It decides only whereto a
    /// connection is opened: who answers there is proven by TLS.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let client = SecureClient::builder()
    ///     .region(Region::EU_CENTRAL_1)
    ///     .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
    ///     .resolver(|_host| Err(std::io::Error::other("no name server answers")))
    ///     .retries(1)
    ///     .build()
    ///     .await?;
    /// let error = User::get(User::key("ann")).send(&client).await.unwrap_err();
    /// assert!(error.is_connection());
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "local")]
    pub fn resolver(
        self,
        resolve: impl Fn(&str) -> std::io::Result<Vec<std::net::IpAddr>> + Send + Sync + 'static,
    ) -> Self {
        let with_port = |address| std::net::SocketAddr::new(address, 0);
        self.resolved_by(Resolver::new(move |host| {
            Ok(resolve(host)?.into_iter().map(with_port).collect())
        }))
    }

    #[cfg(any(test, feature = "local"))]
    pub(super) fn resolved_by(mut self, resolver: Arc<Resolver>) -> Self {
        self.settings.resolver = Some(resolver);
        self
    }

    /// For an engine of this process, which lives as long as the client: what the environment says
    /// of the service is not about it.
    #[cfg(feature = "local")]
    pub(crate) fn embedded(mut self, engine: impl Any + Send + Sync) -> Self {
        self.settings.kept = Some(Arc::new(engine));
        self.settings.is_ambient_checked = false;
        self
    }

    /// Puts these answers in the place of the network.
    #[cfg(feature = "__benches")]
    pub(crate) fn answered_by(
        mut self,
        answer: impl Fn(&str, &[u8]) -> http::Response<bytes::Bytes> + Send + Sync + 'static,
    ) -> Self {
        self.settings.memory = Some(Memory::new(answer));
        self
    }

    pub(crate) fn physical_table(mut self, logical: &'static str, name: TableName) -> Self {
        self.settings.tables.insert(logical, name);
        self
    }

    /// Tells it of an entity that is stored in one of the tables.
    pub(crate) fn told_of(mut self, entity: Described) -> Self {
        self.settings.entities.push(entity);
        self
    }
}

impl SecureClientBuilder<Region, Credentials> {
    /// Builds the client. No packet is sent.
    ///
    /// # Errors
    /// The environment or the active profile would redirect an AWS client, the trust does not fit the endpoint or the
    /// region, the credentials are absent, or two entities cannot share their table.
    #[allow(clippy::unused_async, reason = "sources of credentials may have to be awaited")]
    pub async fn build(self) -> Result<SecureClient, BuildError> {
        self.build_in(&ProcessEnvironment)
    }

    pub(super) fn build_in(
        self,
        environment: &dyn Environment,
    ) -> Result<SecureClient, BuildError> {
        let Self { region, credentials, settings } = self;
        let BuilderSettings { trust, endpoint, search, timeouts, .. } = &settings;
        let BuilderSettings { tls_floor, proxy, auditor, .. } = &settings;
        if settings.is_ambient_checked {
            let scope = Scope { waived: &settings.waived, profiles: &credentials.profile_names() };
            ambient::check(environment, scope, auditor)?;
        }
        check_trust(trust, endpoint, region)?;
        let search_trust = search.own_trust().unwrap_or(trust);
        check_trust(search_trust, search.endpoint().unwrap_or(endpoint), region)?;
        if settings.attempts == 0 {
            return Err(BuildError::invalid(
                "number of attempts",
                "0",
                "a call is attempted at least once",
            ));
        }
        if settings.max_connections == 0 {
            return Err(BuildError::invalid(
                "number of connections",
                "0",
                "a request needs a connection",
            ));
        }
        timeouts.validate()?;
        let table =
            |logical: &'static str| settings.tables.get(logical).map_or(logical, TableName::as_str);
        if let Some(reason) = conflict(&settings.entities, table) {
            return Err(BuildError::tables(reason));
        }
        let authority = endpoint.authority(region)?;
        let source = format!("{credentials:?}");
        let provider = credentials.into_provider(environment, region, proxy.as_ref(), auditor)?;
        let search_authority = search.authority(endpoint, region)?;
        let tls = Tls::new(trust, *tls_floor, &authority, auditor)?;
        let host = AttestedHost::new(&authority, trust, tls.revocations());
        let is_search_crc_required = search.expects_crc(search_trust);
        let attested = |at| AttestedSearch::new(at, search_trust, is_search_crc_required);
        let (searches, attested_host, attested) = match search_authority {
            SearchAuthority::Unsaid(how) => (Searches::Unsaid(how), None, None),
            SearchAuthority::SameHost => {
                (Searches::WithTheRest, Some(host.clone()), Some(attested(&authority)))
            }
            SearchAuthority::Own(at) => {
                let own = search.own_trust();
                let own = own.map(|trust| Tls::new(trust, *tls_floor, &at, auditor)).transpose()?;
                let host = match &own {
                    Some(tls) => AttestedHost::new(&at, search_trust, tls.revocations()),
                    None => host.beside(&at),
                };
                let attested = attested(&at);
                let apart = SearchesApart::new(at, own, is_search_crc_required);
                let host = host.requiring_crc(is_search_crc_required);
                (Searches::Apart(Box::new(apart)), Some(host), Some(attested))
            }
        };
        let limits = Limits::new(*timeouts, settings.attempts, settings.max_connections);
        let statement = Statement::new(region, host, attested_host, source, limits)
            .over(*tls_floor, proxy.as_ref());
        let route =
            Route::new(authority.clone(), tls, proxy.clone(), timeouts.connect, auditor.clone())?;
        #[cfg(any(test, feature = "local"))]
        let route = match &settings.resolver {
            Some(resolver) => route.resolved_by(resolver.clone()),
            None => route,
        };
        let sockets = route.sockets.clone();
        let serves = match searches {
            Searches::WithTheRest => Served::Everything,
            Searches::Unsaid(_) | Searches::Apart(_) => Served::AllButSearches,
        };
        let (response, max) = (timeouts.response, settings.max_connections);
        let connector = Connector::new(route, serves, response, trust.expects_crc(), max);
        #[cfg(feature = "__benches")]
        let connector = connector.answered_by(settings.memory.clone());
        let cache = KeyCache::new(provider, auditor.clone());
        let keys = cache.kept();
        let destinations = Destinations::new(Destination::new(connector)?, searches);
        let attempts = Attempts::new(region, cache, settings.attempts, settings.sleep.clone());
        let proxy = proxy.as_ref();
        auditor.build_attested(region, &authority, trust, *tls_floor, proxy, attested);
        Ok(SecureClient {
            inner: Arc::new(Inner {
                attempts,
                destinations,
                region,
                sockets,
                keys,
                statement,
                deadline: timeouts.deadline,
                clock: settings.clock,
                auditor: settings.auditor,
                tables: settings.tables,
                capacity: settings.returns_capacity.then(Ledger::default),
                _kept: settings.kept,
            }),
        })
    }
}

fn check_trust(trust: &Trust, endpoint: &Endpoint, region: Region) -> Result<(), BuildError> {
    trust.validate()?;
    if !trust.is_amazon() {
        return Ok(());
    }
    if endpoint.is_compatible() {
        return Err(BuildError::trust(
            "a compatible endpoint has no certificate of Amazon's: give `.trust(Trust::private_ca(pem)?)`",
        ));
    }
    let partition = region.partition();
    if !partition.is_trusted_by_amazon_roots() {
        return Err(BuildError::trust(format!(
            "the partition `{}` of {region} has other roots than Amazon's public ones",
            partition.name(),
        )));
    }
    Ok(())
}

impl<R, C> fmt::Debug for SecureClientBuilder<R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecureClientBuilder").finish_non_exhaustive()
    }
}
