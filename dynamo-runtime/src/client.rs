//! The secure client: one host and another one for searches, named credentials, pinned roots, and responses that are checked.

mod ambient;
mod api;
mod attempts;
pub mod attestation;
mod audit;
mod builder;
mod call;
mod call_error;
mod capacity;
mod causes;
mod certificate;
mod choke;
mod connection;
mod connector;
mod counters;
mod credentials;
mod endpoint;
mod environment;
mod error;
mod expiry;
mod flight;
mod head;
mod integrity;
mod peer;
mod profile;
mod proxy;
mod region;
mod request_id;
mod revocation;
mod search_endpoint;
mod secret;
mod service_error;
mod signing;
mod small_file;
mod staple;
mod table_name;
mod throttling;
mod timeouts;
mod tls;
mod tls_floor;
mod transport;
mod trust;
mod verifier;

#[cfg(test)]
mod tests;

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub(crate) use self::api::Api;
#[cfg(fuzzing)]
pub(crate) use self::api::read_error_body;
pub use self::attestation::Attestation;
pub use self::audit::{
    AmbientOutcome, AttestedSearch, Audit, AuditEvent, AuditLog, TracingAudit, TrustedItem,
};
pub use self::builder::{NeedsCredentials, NeedsRegion, SecureClientBuilder};
pub(crate) use self::call::{Call, RawResponse};
pub(crate) use self::call_error::{CallError, CallErrorKind, FailedAttempt};
pub use self::capacity::ConsumedCapacity;
pub use self::credentials::{Credentials, IdentityCenter, RoleSession};
pub use self::endpoint::{AccountId, Endpoint, VpcEndpointId};
pub use self::error::BuildError;
pub(crate) use self::flight::Replay;
pub use self::peer::PeerInfo;
pub use self::profile::{CertificateProfile, CertificateRule};
pub use self::proxy::Proxy;
pub use self::region::Region;
pub use self::search_endpoint::SearchEndpoint;
pub use self::table_name::TableName;
pub use self::throttling::{ThrottledAccess, ThrottledResource, ThrottlingLimit, ThrottlingReason};
pub use self::timeouts::Timeouts;
pub use self::tls_floor::TlsFloor;
pub use self::trust::Trust;

use self::attempts::{Attempts, Destination, Destinations};
use self::attestation::Statement;
use self::audit::Auditor;
use self::builder::Clock;
use self::capacity::Ledger;
use self::connection::Sockets;
use self::credentials::KeptKeys;
use self::integrity::IntegrityError;
use self::transport::TransportError;
use crate::codec::Stray;
use crate::subject::Subject;

/// A handle that can only talk to the DynamoDB that its builder named, over TLS that its builder trusts: to one host,
/// and for searches of vector indexes to the one that its [`SearchEndpoint`] says.
///
/// Cloning is cheap, and clones share their connections. It is made by [`SecureClient::builder`] only: there is no
/// conversion from an SDK client, and no way to the raw requests.
///
/// # Runtimes
/// A connection is used on the Tokio runtime that it was opened on, so one client serves several runtimes, one after
/// another or at once. What a call began ends with it: no task goes on when its future has ended or is dropped.
///
/// # Counters
/// With the feature `metrics-024` the clients of a process count by the `metrics` crate, with the labels
/// `db.system.name` and, where the operation is known, `db.operation.name`:
///
/// | counter | what it counts |
/// |---|---|
/// | `dynamo.client.calls`, `dynamo.client.calls.failed` | calls, with all their attempts |
/// | `dynamo.client.attempts` | attempts |
/// | `dynamo.client.attempts.queued` | attempts that had to wait for a connection, since all that are allowed were in use |
/// | `dynamo.client.attempts.throttled` | attempts that were throttled, once for each reason; `aws.dynamodb.throttling_reason` is as in [`ThrottlingReason`], or `_OTHER` |
/// | `dynamo.client.request.body.bytes`, `dynamo.client.response.body.bytes` | bytes of bodies that were sent, and of those that were checked and believed |
/// | `dynamo.client.connections.opened`, `dynamo.client.connections.refused` | handshakes that passed, and servers that were refused |
/// | `dynamo.client.requests.refused` | requests that were stopped before DNS and TCP |
/// | `dynamo.client.responses.rejected` | responses that were not what DynamoDB sends |
///
/// and as gauges:
///
/// | gauge | what there is |
/// |---|---|
/// | `dynamo.client.connections.open` | open connections, idle ones too, and those that are being opened or that ask for credentials |
/// | `dynamo.client.attempts.waiting` | attempts that wait for a connection |
#[derive(Clone)]
pub struct SecureClient {
    inner: Arc<Inner>,
}

struct Inner {
    attempts: Attempts,
    destinations: Destinations,
    region: Region,
    sockets: Sockets,
    keys: Arc<KeptKeys>,
    statement: Statement,
    deadline: Duration,
    clock: Clock,
    auditor: Auditor,
    tables: HashMap<&'static str, TableName>,
    capacity: Option<Ledger>,
    /// What must live as long as the client, such as the engine that it talks to.
    _kept: Option<Arc<dyn Any + Send + Sync>>,
}

impl SecureClient {
    /// A builder: region, then credentials, then whatever else, then `build`.
    ///
    /// ```
    /// # use dynamo_runtime::{Credentials, Region, SecureClient};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), dynamo_runtime::client::BuildError> {
    /// let client = SecureClient::builder()
    ///     .region(Region::EU_CENTRAL_1)
    ///     .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
    ///     .build()
    ///     .await?; // no packet is sent yet
    /// assert_eq!(client.region(), Region::EU_CENTRAL_1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Without a region or credentials there is no `build`:
    ///
    /// ```compile_fail,E0599
    /// # use dynamo_runtime::{Region, SecureClient};
    /// # async fn build() {
    /// SecureClient::builder().region(Region::EU_CENTRAL_1).build().await;
    /// # }
    /// ```
    pub fn builder() -> SecureClientBuilder<NeedsRegion, NeedsCredentials> {
        SecureClientBuilder::new()
    }

    /// The region that requests are signed for.
    ///
    /// ```
    /// use dynamo_runtime::{Credentials, Region, SecureClient};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), dynamo_runtime::client::BuildError> {
    /// let client = SecureClient::builder()
    ///     .region(Region::EU_CENTRAL_1)
    ///     .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
    ///     .build()
    ///     .await?;
    /// assert_eq!(client.region(), Region::EU_CENTRAL_1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn region(&self) -> Region {
        self.inner.region
    }

    /// The table that stands for the one of the derive's name.
    pub(crate) fn physical_table(&self, logical: &'static str) -> &str {
        self.inner.tables.get(logical).map_or(logical, TableName::as_str)
    }

    /// The present, by the client's clock.
    pub(crate) fn now(&self) -> SystemTime {
        (self.inner.clock)()
    }

    /// Tells the audit of an operation that the entity's declaration allows.
    pub(crate) fn audit_danger(
        &self,
        entity: &'static str,
        operation: &'static str,
        table: &'static str,
    ) {
        let table = self.physical_table(table);
        self.inner.auditor.dangerous_operation(entity, operation, table);
    }

    /// Tells the audit that the keys of an index are written anew.
    pub(crate) fn audit_index_keys(
        &self,
        subject: Subject,
        index: &'static str,
        table: &'static str,
    ) {
        let table = self.physical_table(table);
        let Subject { entity, operation } = subject;
        self.inner.auditor.index_keys_rewritten(entity, operation, index, table);
    }

    /// Tells of a response that was not one to its request, as was found while it was read. None of the connections
    /// to its host that are open now is used again: one of them is out of step.
    pub(crate) fn reject(&self, api: Api, peer: Option<&PeerInfo>, stray: Stray) -> CallErrorKind {
        let fault = IntegrityError::Stray(stray);
        if let Ok(to) = self.destination(api) {
            to.connector.end_connections();
        }
        if let Some(peer) = peer {
            let error = TransportError::Integrity(fault);
            self.inner.auditor.response_rejected(api, peer, &error);
        }
        CallErrorKind::Integrity(fault)
    }

    fn attempts(&self) -> &Attempts {
        &self.inner.attempts
    }

    /// The host that this operation is sent to.
    fn destination(&self, api: Api) -> Result<&Destination, CallErrorKind> {
        self.inner.destinations.of(api)
    }

    /// The time for a whole call that sets none.
    pub(crate) fn default_deadline(&self) -> Duration {
        self.inner.deadline
    }
}

impl fmt::Debug for SecureClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecureClient").finish_non_exhaustive()
    }
}
