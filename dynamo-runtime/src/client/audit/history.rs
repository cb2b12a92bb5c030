//! What the events of one client come to, for its attestation.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::{AmbientOutcome, AuditEvent};
use crate::client::peer::PeerInfo;

/// What was refused since the client was built, by the kind of its [`AuditEvent`](super::AuditEvent).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusals {
    /// Servers that were not the one that is trusted, or spoke TLS too weakly: `ConnectionRefused`.
    pub connections: u64,
    /// Requests that were stopped before DNS and TCP: `RequestRefused`.
    pub requests: u64,
    /// Responses that were not what DynamoDB sends: `ResponseRejected`.
    pub responses: u64,
    /// Failures of the source of credentials: `CredentialsNotRenewed`.
    pub credentials: u64,
}

/// A variable of the environment, or a key of a profile, that would change an SDK client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// The name, as it is spelled there.
    pub name: String,
    /// The file and the line, for a profile's key.
    pub place: Option<String>,
    /// What came of it.
    pub outcome: AmbientOutcome,
}

/// Who proved to be a host when a connection was last opened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// The host, and the port where it is not 443.
    pub authority: String,
    /// When that connection was opened.
    pub at: SystemTime,
    /// The facts of its handshake.
    pub peer: PeerInfo,
}

/// All events of a client, summed up.
#[derive(Default)]
pub(in crate::client) struct History(Mutex<Sums>);

#[derive(Default)]
struct Sums {
    opened: u64,
    refusals: Refusals,
    variables: Vec<Variable>,
    /// By their authorities, of which there are as many as the client has hosts.
    peers: BTreeMap<String, Peer>,
}

/// The sums at one moment.
pub(in crate::client) struct Summary {
    pub(in crate::client) opened: u64,
    pub(in crate::client) refusals: Refusals,
    pub(in crate::client) variables: Vec<Variable>,
    pub(in crate::client) peers: Vec<Peer>,
}

impl History {
    pub(super) fn note(&self, event: &AuditEvent) {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            AuditEvent::AmbientSeen { name, place, outcome } => {
                let (name, place) = (name.clone(), place.clone());
                sums.variables.push(Variable { name, place, outcome: *outcome });
            }
            AuditEvent::ConnectionOpened { authority, peer } => {
                sums.opened += 1;
                let (authority, peer) = (authority.clone(), peer.clone());
                let last = Peer { authority: authority.clone(), at: SystemTime::now(), peer };
                sums.peers.insert(authority, last);
            }
            AuditEvent::ConnectionRefused { .. } => sums.refusals.connections += 1,
            AuditEvent::RequestRefused { .. } => sums.refusals.requests += 1,
            AuditEvent::ResponseRejected { .. } => sums.refusals.responses += 1,
            AuditEvent::CredentialsNotRenewed { .. } => sums.refusals.credentials += 1,
            AuditEvent::BuildAttested { .. }
            | AuditEvent::TrustExpiring { .. }
            | AuditEvent::DangerousOperation { .. }
            | AuditEvent::IndexKeysRewritten { .. } => {}
        }
    }

    pub(super) fn summary(&self) -> Summary {
        let sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Summary {
            opened: sums.opened,
            refusals: sums.refusals,
            variables: sums.variables.clone(),
            peers: sums.peers.values().cloned().collect(),
        }
    }
}
