//! What a security review wants to know of a client, as one typed event for each thing that happens.

pub(super) mod history;
mod log;
mod tracing;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use self::history::{History, Summary};
use super::api::Api;
use super::counters::{self, Counter};
use super::endpoint::Authority;
use super::peer::PeerInfo;
use super::profile::CertificateRule;
use super::proxy::Proxy;
use super::region::Region;
use super::tls_floor::TlsFloor;
use super::trust::Trust;

pub use self::log::AuditLog;
pub use self::tracing::TracingAudit;

/// Receives the [`AuditEvent`]s of a client: given to its builder by
/// [`audit`](super::SecureClientBuilder::audit), in place of [`TracingAudit`].
///
/// It is called on the way of a call or of a handshake, so it must neither block nor panic.
///
/// ```
/// use dynamo_runtime::client::{Audit, AuditEvent, TracingAudit};
/// use dynamo_runtime::{Credentials, Region, SecureClient};
///
/// /// Wakes somebody up for a connection that was refused, and tells the rest as the default does.
/// struct Pager;
///
/// impl Audit for Pager {
///     fn record(&self, event: &AuditEvent) {
///         if let AuditEvent::ConnectionRefused { authority, reason, .. } = event {
///             eprintln!("somebody is between us and {authority}: {reason}");
///         }
///         TracingAudit.record(event);
///     }
/// }
///
/// # async fn build() -> Result<(), dynamo_runtime::client::BuildError> {
/// let client = SecureClient::builder()
///     .region(Region::EU_CENTRAL_1)
///     .credentials(Credentials::environment())
///     .audit(Pager)
///     .build()
///     .await?;
/// # Ok(())
/// # }
/// ```
pub trait Audit: Send + Sync {
    /// Takes note of one event.
    ///
    /// ```
    /// use dynamo_runtime::client::{Audit, AuditLog};
    ///
    /// # use dynamo_runtime::{Credentials, Region, SecureClient};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), dynamo_runtime::client::BuildError> {
    /// # let log = AuditLog::default();
    /// # let builder = SecureClient::builder().region(Region::EU_CENTRAL_1);
    /// # let credentials = Credentials::fixed("AKIDEXAMPLE", "secret", None);
    /// # builder.credentials(credentials).audit(log.clone()).build().await?;
    /// let copy = AuditLog::default();
    /// for event in log.events() {
    ///     copy.record(&event);
    /// }
    /// assert_eq!(copy.events(), log.events());
    /// # Ok(())
    /// # }
    /// ```
    fn record(&self, event: &AuditEvent);
}

impl<T: Audit + ?Sized> Audit for Box<T> {
    fn record(&self, event: &AuditEvent) {
        (**self).record(event);
    }
}

impl<T: Audit + ?Sized> Audit for Arc<T> {
    fn record(&self, event: &AuditEvent) {
        (**self).record(event);
    }
}

/// What happened. No event holds a secret, or the name or value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditEvent {
    /// A client was built: the host that it talks to, the one that it searches at, and what it trusts.
    #[non_exhaustive]
    BuildAttested {
        /// The region that requests are signed for.
        region: Region,
        /// The partition of the region, such as `aws-us-gov`.
        partition: &'static str,
        /// The host, and the port where it is not 443.
        authority: String,
        /// The roots: `amazon` or `private_ca`.
        roots: &'static str,
        /// How many public keys are pinned.
        pins: usize,
        /// Whether every success must have an `x-amz-crc32`.
        is_crc_required: bool,
        /// How many certificate revocation lists are given.
        revocation_lists: usize,
        /// The rules of the profile of certificates that are not required.
        tolerated_rules: Vec<CertificateRule>,
        /// The oldest version of TLS.
        tls_floor: TlsFloor,
        /// The host and the port of the proxy, if there is one.
        proxy: Option<String>,
        /// The host that searches go to, unless nothing says where.
        search: Option<AttestedSearch>,
    },
    /// A variable or a profile's key that would change an SDK client was seen. It has no effect on this one.
    #[non_exhaustive]
    AmbientSeen {
        /// The name, as it is spelled there.
        name: String,
        /// The file and the line, for a profile's key.
        place: Option<String>,
        /// What came of it.
        outcome: AmbientOutcome,
    },
    /// Something that the client trusts expires soon, or has: replace it. Told at `build`, and then once a day while
    /// connections are opened, in the last quarter of its time and for thirty days at most.
    #[non_exhaustive]
    TrustExpiring {
        /// What it is.
        item: TrustedItem,
        /// The SHA-256 of a root's or a pinned public key, or of a whole list.
        sha256: [u8; 32],
        /// When it is trusted no longer.
        expires: SystemTime,
    },
    /// A connection passed every check.
    #[non_exhaustive]
    ConnectionOpened {
        /// The host, and the port where it is not 443.
        authority: String,
        /// Who answered.
        peer: PeerInfo,
    },
    /// A server proved not to be the one that is trusted, or does not speak TLS as required, or the proxy gave no tunnel
    /// to it. No byte of a request was sent.
    #[non_exhaustive]
    ConnectionRefused {
        /// The host, and the port where it is not 443.
        authority: String,
        /// Why.
        reason: String,
        /// The SHA-256 of the certificate that the server presented, where it was refused for that.
        certificate_sha256: Option<[u8; 32]>,
    },
    /// A request was not of the one shape that the client sends, and was stopped before DNS and TCP.
    #[non_exhaustive]
    RequestRefused {
        /// The host that it was to go to, and the port where it is not 443.
        authority: String,
        /// Why.
        reason: String,
    },
    /// A response was not one that DynamoDB sends, or it was damaged on its way.
    #[non_exhaustive]
    ResponseRejected {
        /// The operation of DynamoDB's interface, such as `PutItem`.
        operation: &'static str,
        /// Who answered.
        peer: PeerInfo,
        /// Why.
        reason: String,
    },
    /// The source of the credentials gave none that can be used, so those at hand are not renewed, or there are none.
    #[non_exhaustive]
    CredentialsNotRenewed {
        /// Why.
        reason: String,
        /// How long those at hand are good for, where they expire.
        expires_in: Option<Duration>,
    },
    /// An operation that its entity declares as allowed was called, such as `put_unconditionally` or `scan`.
    #[non_exhaustive]
    DangerousOperation {
        /// The entity's name.
        entity: &'static str,
        /// The operation, as it is named in the call.
        operation: &'static str,
        /// The table's physical name.
        table: String,
    },
    /// A whole item is written of an entity that tolerates stale keys of an index: its keys of the index are then those
    /// that its attributes make, whatever another program has left there.
    #[non_exhaustive]
    IndexKeysRewritten {
        /// The entity's name.
        entity: &'static str,
        /// The operation, as it is named in the call.
        operation: &'static str,
        /// The index's name.
        index: &'static str,
        /// The table's physical name.
        table: String,
    },
}

/// The host that a client's searches of vector indexes go to, and what is trusted there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttestedSearch {
    /// The host, and the port where it is not 443.
    pub authority: String,
    /// The roots: `amazon` or `private_ca`.
    pub roots: &'static str,
    /// How many public keys are pinned.
    pub pins: usize,
    /// Whether every success must have an `x-amz-crc32`.
    pub is_crc_required: bool,
    /// How many certificate revocation lists are given.
    pub revocation_lists: usize,
    /// The rules of the profile of certificates that are not required.
    pub tolerated_rules: Vec<CertificateRule>,
}

impl AttestedSearch {
    pub(super) fn new(authority: &Authority, trust: &Trust, is_crc_required: bool) -> Self {
        Self {
            authority: authority.to_string(),
            roots: trust.name(),
            pins: trust.pins().len(),
            is_crc_required,
            revocation_lists: trust.revocations().len(),
            tolerated_rules: trust.certificate_profile().tolerated().to_vec(),
        }
    }
}

impl AuditEvent {
    /// The event's name, as the field `event` of [`TracingAudit`] has it.
    ///
    /// ```
    /// use dynamo_runtime::client::AuditLog;
    ///
    /// # use dynamo_runtime::{Credentials, Region, SecureClient};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), dynamo_runtime::client::BuildError> {
    /// # let log = AuditLog::default();
    /// # let builder = SecureClient::builder().region(Region::EU_CENTRAL_1);
    /// # let credentials = Credentials::fixed("AKIDEXAMPLE", "secret", None);
    /// # builder.credentials(credentials).audit(log.clone()).build().await?;
    /// let last = log.take().pop(); // of building a client
    /// assert_eq!(last.map(|event| event.name()), Some("build_attested"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            Self::BuildAttested { .. } => "build_attested",
            Self::AmbientSeen { .. } => "ambient_seen",
            Self::TrustExpiring { .. } => "trust_expiring",
            Self::ConnectionOpened { .. } => "connection_opened",
            Self::ConnectionRefused { .. } => "connection_refused",
            Self::RequestRefused { .. } => "request_refused",
            Self::ResponseRejected { .. } => "response_rejected",
            Self::CredentialsNotRenewed { .. } => "credentials_not_renewed",
            Self::DangerousOperation { .. } => "dangerous_operation",
            Self::IndexKeysRewritten { .. } => "index_keys_rewritten",
        }
    }
}

/// What came of a variable or a profile's key that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AmbientOutcome {
    /// It would redirect or expose an SDK client, so no client was built.
    Refused,
    /// It is one that is refused, and the code waived it by name.
    Waived,
    /// This client has nothing that it could change.
    Ignored,
}

impl AmbientOutcome {
    /// In one word, for a log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Waived => "waived",
            Self::Ignored => "ignored",
        }
    }
}

/// A part of the trust that ends at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrustedItem {
    /// A root of a private CA.
    Root,
    /// A pinned public key.
    Pin,
    /// A certificate revocation list.
    RevocationList,
}

impl TrustedItem {
    /// In one word, for a log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Pin => "pin",
            Self::RevocationList => "revocation_list",
        }
    }
}

/// The sink of one client, and where its events are made.
#[derive(Clone)]
pub(super) struct Auditor {
    sink: Arc<dyn Audit>,
    history: Arc<History>,
}

impl Auditor {
    pub(super) fn new(sink: impl Audit + 'static) -> Self {
        Self { sink: Arc::new(sink), history: Arc::default() }
    }

    fn record(&self, event: &AuditEvent) {
        self.history.note(event);
        self.sink.record(event);
    }

    /// What the events so far come to.
    pub(super) fn history(&self) -> Summary {
        self.history.summary()
    }

    pub(super) fn build_attested(
        &self,
        region: Region,
        authority: &Authority,
        trust: &Trust,
        tls_floor: TlsFloor,
        proxy: Option<&Proxy>,
        search: Option<AttestedSearch>,
    ) {
        self.record(&AuditEvent::BuildAttested {
            region,
            partition: region.partition().name(),
            authority: authority.to_string(),
            roots: trust.name(),
            pins: trust.pins().len(),
            is_crc_required: trust.expects_crc(),
            revocation_lists: trust.revocations().len(),
            tolerated_rules: trust.certificate_profile().tolerated().to_vec(),
            tls_floor,
            proxy: proxy.map(|proxy| proxy.authority().to_string()),
            search,
        });
    }

    pub(super) fn ambient_seen(&self, name: &str, place: Option<&str>, outcome: AmbientOutcome) {
        let place = place.map(str::to_owned);
        self.record(&AuditEvent::AmbientSeen { name: name.to_owned(), place, outcome });
    }

    pub(super) fn trust_expiring(&self, item: TrustedItem, sha256: [u8; 32], expires: SystemTime) {
        self.record(&AuditEvent::TrustExpiring { item, sha256, expires });
    }

    pub(super) fn connection_opened(&self, authority: &Authority, peer: &PeerInfo) {
        counters::add(Counter::ConnectionsOpened, None, 1);
        let peer = peer.clone();
        self.record(&AuditEvent::ConnectionOpened { authority: authority.to_string(), peer });
    }

    pub(super) fn connection_refused(
        &self,
        authority: &Authority,
        reason: &dyn fmt::Display,
        certificate_sha256: Option<[u8; 32]>,
    ) {
        counters::add(Counter::ConnectionsRefused, None, 1);
        self.record(&AuditEvent::ConnectionRefused {
            authority: authority.to_string(),
            reason: reason.to_string(),
            certificate_sha256,
        });
    }

    pub(super) fn request_refused(&self, authority: &Authority, refusal: &dyn fmt::Display) {
        counters::add(Counter::RequestsRefused, None, 1);
        let (authority, reason) = (authority.to_string(), refusal.to_string());
        self.record(&AuditEvent::RequestRefused { authority, reason });
    }

    pub(super) fn response_rejected(&self, api: Api, peer: &PeerInfo, reason: &dyn fmt::Display) {
        counters::add(Counter::ResponsesRejected, Some(api), 1);
        self.record(&AuditEvent::ResponseRejected {
            operation: api.name(),
            peer: peer.clone(),
            reason: reason.to_string(),
        });
    }

    pub(super) fn credentials_not_renewed(
        &self,
        reason: &dyn fmt::Display,
        expires_in: Option<Duration>,
    ) {
        let reason = reason.to_string();
        self.record(&AuditEvent::CredentialsNotRenewed { reason, expires_in });
    }

    pub(super) fn dangerous_operation(
        &self,
        entity: &'static str,
        operation: &'static str,
        table: &str,
    ) {
        let table = table.to_owned();
        self.record(&AuditEvent::DangerousOperation { entity, operation, table });
    }

    pub(super) fn index_keys_rewritten(
        &self,
        entity: &'static str,
        operation: &'static str,
        index: &'static str,
        table: &str,
    ) {
        let table = table.to_owned();
        self.record(&AuditEvent::IndexKeysRewritten { entity, operation, index, table });
    }
}

impl Default for Auditor {
    fn default() -> Self {
        Self::new(TracingAudit)
    }
}

impl fmt::Debug for Auditor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Auditor(..)")
    }
}
