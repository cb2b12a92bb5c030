use std::time::SystemTime;

use tracing::{info, warn};

use super::{AmbientOutcome, Audit, AuditEvent};
use crate::client::peer::Hex;

const TARGET: &str = "dynamo::audit";
/// What OpenTelemetry shows of an event that has no message; without it, it is a place in this file.
const NAME: &str = "dynamo.audit";

macro_rules! tell {
    ($level:ident, $event:expr, $($field:tt)*) => {
        $level!(name: NAME, target: TARGET, event = $event, $($field)*)
    };
}

/// The default [`Audit`]: each event becomes one of `tracing`, with the target `dynamo::audit`.
///
/// What has gone as it should is at level `INFO`, all else at `WARN`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TracingAudit;

impl Audit for TracingAudit {
    fn record(&self, event: &AuditEvent) {
        let name = event.name();
        match event {
            AuditEvent::BuildAttested {
                region,
                partition,
                authority,
                roots,
                pins,
                is_crc_required,
                revocation_lists,
                tolerated_rules,
                tls_floor,
                proxy,
                search,
            } => tell!(
                info,
                name,
                region = region.name(),
                partition,
                authority,
                roots,
                pins,
                is_crc_required,
                revocation_lists,
                ?tolerated_rules,
                ?tls_floor,
                proxy = proxy.as_deref(),
                search_authority = search.as_ref().map(|it| it.authority.as_str()),
                search_roots = search.as_ref().map(|it| it.roots),
                search_pins = search.as_ref().map(|it| it.pins),
                is_search_crc_required = search.as_ref().map(|it| it.is_crc_required),
                search_revocation_lists = search.as_ref().map(|it| it.revocation_lists),
                search_tolerated_rules =
                    search.as_ref().map(|it| tracing::field::debug(&it.tolerated_rules)),
            ),
            AuditEvent::AmbientSeen { name: variable, place, outcome } => {
                let place = place.as_deref();
                let what_came = outcome.name();
                match outcome {
                    AmbientOutcome::Ignored => {
                        tell!(info, name, name = variable, place, outcome = what_came);
                    }
                    AmbientOutcome::Refused | AmbientOutcome::Waived => {
                        tell!(warn, name, name = variable, place, outcome = what_came);
                    }
                }
            }
            AuditEvent::TrustExpiring { item, sha256, expires } => tell!(warn, name,
                item = item.name(),
                sha256 = %Hex(sha256),
                expires_at = expires
                    .duration_since(SystemTime::UNIX_EPOCH)
                    .map_or(0, |since| since.as_secs()),
            ),
            AuditEvent::ConnectionOpened { authority, peer } => tell!(info, name,
                authority,
                remote = %peer.remote_address(),
                tls_version = peer.tls_version(),
                cipher_suite = peer.cipher_suite(),
                key_exchange_group = peer.key_exchange_group(),
                certificate_sha256 = %Hex(peer.certificate_sha256()),
                public_key_sha256 = %Hex(peer.public_key_sha256()),
                root_public_key_sha256 = %Hex(peer.root_public_key_sha256()),
                is_stapled = peer.stapled_until().is_some(),
            ),
            AuditEvent::ConnectionRefused { authority, reason, certificate_sha256 } => tell!(
                warn,
                name,
                authority,
                reason,
                certificate_sha256 =
                    certificate_sha256.as_ref().map(|hash| tracing::field::display(Hex(hash))),
            ),
            AuditEvent::RequestRefused { authority, reason } => {
                tell!(warn, name, authority, reason);
            }
            AuditEvent::ResponseRejected { operation, peer, reason } => tell!(warn, name,
                operation,
                remote = %peer.remote_address(),
                certificate_sha256 = %Hex(peer.certificate_sha256()),
                reason,
            ),
            AuditEvent::CredentialsNotRenewed { reason, expires_in } => {
                let expires_in = expires_in.map(|left| left.as_secs());
                tell!(warn, name, reason, expires_in_seconds = expires_in);
            }
            AuditEvent::DangerousOperation { entity, operation, table } => {
                tell!(warn, name, entity, operation, table);
            }
            AuditEvent::IndexKeysRewritten { entity, operation, index, table } => {
                tell!(info, name, entity, operation, index, table);
            }
        }
    }
}
