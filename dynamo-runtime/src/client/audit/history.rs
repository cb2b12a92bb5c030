//! What the events of one client come to, for its attestation.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use super::AuditEvent;
use crate::client::attestation::{Peer, Refusals, Variable};

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
            | AuditEvent::DangerousOperation { .. } => {}
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
