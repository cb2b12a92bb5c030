//! What a client trusts, what it refuses, and what it has met so far, as one value for a `/security` page or an auditor.
//!
//! ```
//! # use dynamo_runtime::{Credentials, Region, SecureClient};
//! # async fn attest() -> Result<(), dynamo_runtime::client::BuildError> {
//! let client = SecureClient::builder()
//!     .region(Region::EU_CENTRAL_1)
//!     .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
//!     .build()
//!     .await?;
//! let attestation = client.attestation();
//! assert_eq!(attestation.authority(), "dynamodb.eu-central-1.amazonaws.com");
//! let search = attestation.search().map(|host| host.authority());
//! assert_eq!(search, Some("search-dynamodb.eu-central-1.amazonaws.com"));
//! assert!(attestation.roots().iter().any(|root| root.subject.contains("CN=Amazon Root CA 1")));
//! assert_eq!(attestation.refusals().connections, 0);
//! assert!(attestation.to_json().contains(r#""region":"eu-central-1""#));
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(attest()).unwrap();
//! ```

mod display;
mod json;

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};

use super::certificate::{Certificate, distinguished_name};
use super::endpoint::Authority;
use super::profile::CertificateProfile;
use super::proxy::Proxy;
use super::region::Region;
use super::timeouts::Timeouts;
use super::tls_floor::TlsFloor;
use super::trust::{PinnedKey, Trust, anchor_sha256};
use super::{SecureClient, revocation};
use crate::sha256::sha256;

pub use super::audit::history::{Peer, Refusals, Variable};

/// What a client trusts and refuses at one moment, and what it has met since it was built: made by
/// [`SecureClient::attestation`].
///
/// It holds no secret, no access key id, and nothing of what was sent or read. [`Display`](std::fmt::Display) is for
/// people, [`to_json`](Self::to_json) for programs.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// use std::time::SystemTime;
/// use dynamo_runtime::client::TlsFloor;
///
/// let attestation = client.attestation();
/// assert!(attestation.at() <= SystemTime::now());
///
/// // Whom it talks to, and as whom.
/// assert_eq!(attestation.region(), Region::US_EAST_1);
/// assert_eq!(attestation.authority(), format!("{}:{}", engine.host(), engine.port()));
/// assert_eq!(attestation.search().map(|it| it.authority()), Some(attestation.authority()));
/// assert_eq!(attestation.proxy(), None);
/// assert_eq!(attestation.credentials().source, "Credentials::fixed(..)");
///
/// // What a server must prove.
/// assert_eq!(attestation.roots().len(), 1); // of `Trust::private_ca`
/// assert!(attestation.pins().is_empty() && attestation.revocation_lists().is_empty());
/// assert_eq!(attestation.tls_floor(), TlsFloor::Tls12);
/// assert!(attestation.certificate_profile().tolerated().is_empty());
/// assert!(attestation.is_crc_required()); // a response without its checksum is refused
/// assert_eq!(attestation.limits().attempts, 3);
///
/// // What it has met.
/// assert_eq!(attestation.peers().len(), 1);
/// assert_eq!(attestation.peers()[0].authority, attestation.authority());
/// assert!(attestation.connections().opened > 0);
/// assert_eq!(attestation.refusals().connections, 0);
/// assert!(attestation.variables().is_empty());
///
/// assert!(attestation.to_json().contains(r#""region":"us-east-1""#));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Attestation {
    at: SystemTime,
    statement: Statement,
    credentials: Keys,
    connections: Connections,
    refusals: Refusals,
    variables: Vec<Variable>,
    peers: Vec<Peer>,
}

/// What does not change while the client lives.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    region: Region,
    host: AttestedHost,
    search: Option<AttestedHost>,
    proxy: Option<String>,
    tls_floor: TlsFloor,
    source: String,
    limits: Limits,
}

/// A host that a client talks to, and what it must prove.
#[derive(Clone, Debug, PartialEq)]
pub struct AttestedHost {
    authority: String,
    trust: Arc<AttestedTrust>,
    is_crc_required: bool,
}

/// It may be that of several hosts.
#[derive(Clone, Debug, PartialEq)]
struct AttestedTrust {
    name: &'static str,
    roots: Vec<Root>,
    revocation_lists: Vec<RevocationList>,
    pins: Vec<Pin>,
    profile: CertificateProfile,
}

impl AttestedHost {
    pub(super) fn new(
        authority: &Authority,
        trust: &Trust,
        lists: &[Arc<revocation::ParsedRevocationList>],
    ) -> Self {
        let pins = trust.pins().iter();
        let pin = |pin: &PinnedKey| Pin { public_key_sha256: pin.sha256, expires: pin.until };
        let attested = AttestedTrust {
            name: trust.name(),
            roots: roots(trust),
            revocation_lists: lists.iter().map(|list| RevocationList::of(list)).collect(),
            pins: pins.map(pin).collect(),
            profile: trust.certificate_profile().clone(),
        };
        Self {
            authority: authority.to_string(),
            trust: Arc::new(attested),
            is_crc_required: trust.expects_crc(),
        }
    }

    /// Another host, of which the same is trusted.
    pub(super) fn beside(&self, authority: &Authority) -> Self {
        Self { authority: authority.to_string(), ..self.clone() }
    }

    pub(super) fn requiring_crc(self, is_crc_required: bool) -> Self {
        Self { is_crc_required, ..self }
    }

    /// The host, and the port where it is not 443.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The roots of trust; of [`Trust::amazon`](super::Trust::amazon) five.
    pub fn roots(&self) -> &[Root] {
        &self.trust.roots
    }

    /// The revocation lists that count.
    pub fn revocation_lists(&self) -> &[RevocationList] {
        &self.trust.revocation_lists
    }

    /// The pinned public keys; none where any server with a valid chain is accepted.
    pub fn pins(&self) -> &[Pin] {
        &self.trust.pins
    }

    /// What a chain of certificates must be like, with the rules that are tolerated.
    pub fn certificate_profile(&self) -> &CertificateProfile {
        &self.trust.profile
    }

    /// Whether every success must have an `x-amz-crc32`.
    pub fn is_crc_required(&self) -> bool {
        self.is_crc_required
    }
}

/// A root that a server's chain may end in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Root {
    /// Its subject, as `CN=Amazon Root CA 1,O=Amazon,C=US`.
    ///
    /// Source: [RFC 4514](https://www.rfc-editor.org/rfc/rfc4514).
    pub subject: String,
    /// The SHA-256 of its `SubjectPublicKeyInfo`.
    pub public_key_sha256: [u8; 32],
    /// When its certificate expires. The compiled-in roots of Amazon are names and keys, of which it is not known.
    pub expires: Option<SystemTime>,
}

/// A certificate revocation list that counts: the newest of its issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationList {
    /// Its issuer, as [`Root::subject`].
    pub issuer: String,
    /// Its number in hexadecimal digits.
    pub number: Option<String>,
    /// When it was issued.
    pub issued: SystemTime,
    /// When the next one is due, from when on it covers nothing.
    pub expires: SystemTime,
    /// The SHA-256 of the list.
    pub sha256: [u8; 32],
}

/// A public key of which the server must have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pin {
    /// The SHA-256 of the server's `SubjectPublicKeyInfo`.
    pub public_key_sha256: [u8; 32],
    /// When it is trusted no longer.
    pub expires: Option<SystemTime>,
}

/// Where the keys come from, and how old those are that the client has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Keys {
    /// The source as it is named in code, such as `Credentials::environment()`.
    pub source: String,
    /// Since when the client has the present keys; nothing before the first call.
    pub held_since: Option<SystemTime>,
    /// When they expire, if they do.
    pub expire: Option<SystemTime>,
    /// How often the source has failed since it last gave keys.
    pub failures: u32,
}

/// How long the client waits, how often it tries, and how many connections it has at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// For a connection: DNS, TCP, a proxy and TLS together.
    pub connect: Duration,
    /// From sending an attempt's request to the last byte of its response.
    pub response: Duration,
    /// For a whole call that sets no deadline of its own.
    pub deadline: Duration,
    /// Attempts of a call.
    pub attempts: u32,
    /// Connections at once, to each host.
    pub connections: usize,
}

/// The client's connections since it was built, to DynamoDB and to its source of credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connections {
    /// Those that passed every check.
    pub opened: u64,
    /// The sockets to DynamoDB's hosts that are open now, those that are being opened among them.
    pub open: usize,
}

impl Attestation {
    /// The present, by the client's clock.
    pub fn at(&self) -> SystemTime {
        self.at
    }

    /// The region that requests are signed for.
    pub fn region(&self) -> Region {
        self.statement.region
    }

    /// The host that all requests but searches are sent to, and the port where it is not 443.
    pub fn authority(&self) -> &str {
        self.statement.host.authority()
    }

    /// The host that searches of vector indexes are sent to, and what it must prove; nothing where the code does not say
    /// where they go, so that none is sent.
    pub fn search(&self) -> Option<&AttestedHost> {
        self.statement.search.as_ref()
    }

    /// The host and the port of the proxy.
    pub fn proxy(&self) -> Option<&str> {
        self.statement.proxy.as_deref()
    }

    /// The roots of trust; of [`Trust::amazon`](super::Trust::amazon) five.
    pub fn roots(&self) -> &[Root] {
        self.statement.host.roots()
    }

    /// The revocation lists that count.
    pub fn revocation_lists(&self) -> &[RevocationList] {
        self.statement.host.revocation_lists()
    }

    /// The pinned public keys; none where any server with a valid chain is accepted.
    pub fn pins(&self) -> &[Pin] {
        self.statement.host.pins()
    }

    /// The oldest version of TLS.
    pub fn tls_floor(&self) -> TlsFloor {
        self.statement.tls_floor
    }

    /// What a chain of certificates must be like, with the rules that are tolerated.
    pub fn certificate_profile(&self) -> &CertificateProfile {
        self.statement.host.certificate_profile()
    }

    /// Whether every success must have an `x-amz-crc32`.
    pub fn is_crc_required(&self) -> bool {
        self.statement.host.is_crc_required()
    }

    /// Where the keys come from.
    pub fn credentials(&self) -> &Keys {
        &self.credentials
    }

    /// The limits of time and number.
    pub fn limits(&self) -> Limits {
        self.statement.limits
    }

    /// How many connections there were and are.
    pub fn connections(&self) -> Connections {
        self.connections
    }

    /// What was refused so far.
    pub fn refusals(&self) -> Refusals {
        self.refusals
    }

    /// The variables and the keys of profiles that were seen when the client was built.
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The last peer for each host, by the host.
    pub fn peers(&self) -> &[Peer] {
        &self.peers
    }
}

impl SecureClient {
    /// What the client trusts and refuses now, and what it has met since it was built; see [`attestation`](crate::client::attestation).
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let before = client.attestation().refusals().responses;
    /// engine.faults().corrupt_response("GetItem");
    /// User::get(User::key("ann")).send(&client).await?; // tried again
    /// assert_eq!(client.attestation().refusals().responses, before + 1);
    /// # Ok(()) }
    /// ```
    pub fn attestation(&self) -> Attestation {
        let inner = &*self.inner;
        let history = inner.auditor.history();
        let held = inner.keys.standing();
        Attestation {
            at: self.now(),
            statement: inner.statement.clone(),
            credentials: Keys {
                source: inner.statement.source.clone(),
                held_since: held.since,
                expire: held.expire,
                failures: held.failures,
            },
            connections: Connections { opened: history.opened, open: inner.sockets.open() },
            refusals: history.refusals,
            variables: history.variables,
            peers: history.peers,
        }
    }
}

impl Statement {
    pub(super) fn new(
        region: Region,
        host: AttestedHost,
        search: Option<AttestedHost>,
        source: String,
        limits: Limits,
    ) -> Self {
        let (proxy, tls_floor) = (None, TlsFloor::default());
        Self { region, host, search, proxy, tls_floor, source, limits }
    }

    pub(super) fn over(mut self, tls_floor: TlsFloor, proxy: Option<&Proxy>) -> Self {
        self.tls_floor = tls_floor;
        self.proxy = proxy.map(|proxy| proxy.authority().to_string());
        self
    }
}

impl Limits {
    pub(super) fn new(timeouts: Timeouts, attempts: u32, connections: usize) -> Self {
        let Timeouts { connect, response, deadline } = timeouts;
        Self { connect, response, deadline, attempts, connections }
    }
}

/// Of a private CA the certificates, of Amazon the compiled-in names and keys.
fn roots(trust: &Trust) -> Vec<Root> {
    if trust.is_amazon() {
        let anchors = trust.anchors();
        let root = |anchor: &TrustAnchor<'static>| Root {
            subject: distinguished_name::text(&anchor.subject),
            public_key_sha256: anchor_sha256(anchor),
            expires: None,
        };
        return anchors.roots.iter().map(root).collect();
    }
    let root = |der: &CertificateDer<'static>| {
        let root = Certificate::parse(der)?;
        Some(Root {
            subject: distinguished_name::text(root.subject),
            public_key_sha256: sha256(root.public_key),
            expires: Some(at(root.not_after.at)),
        })
    };
    trust.roots().iter().filter_map(root).collect()
}

impl RevocationList {
    fn of(list: &revocation::ParsedRevocationList) -> Self {
        Self {
            issuer: distinguished_name::text(&list.issuer),
            number: list.number().map(hex),
            issued: at(list.this_update),
            expires: at(list.next_update),
            sha256: list.sha256,
        }
    }
}

fn at(time: UnixTime) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs())
}

fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
