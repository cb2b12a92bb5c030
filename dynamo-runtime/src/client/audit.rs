//! What a security review wants to know, as structured events of one target; no secret and no item in any.

use std::fmt::Display;

use tracing::{info, warn};

use super::api::Api;
use super::endpoint::Authority;
use super::peer::{Hex, PeerInfo};
use super::region::Region;
use super::tls::TlsFloor;
use super::trust::Trust;

const TARGET: &str = "dynamo::audit";

/// A client was built: the one host it talks to, and what it trusts.
pub(super) fn build_attested(
    region: Region,
    authority: &Authority,
    trust: &Trust,
    floor: TlsFloor,
) {
    info!(
        target: TARGET,
        event = "build_attested",
        region = region.name(),
        partition = region.partition().name(),
        authority = %authority,
        roots = trust.name(),
        pins = trust.pins().len(),
        crc = trust.expects_crc(),
        tls_floor = ?floor,
    );
}

/// A variable or a profile key that would change an SDK client was seen, and has no effect.
pub(super) fn ambient_seen(name: &str, waived: bool) {
    warn!(target: TARGET, event = "ambient_ignored", name, waived);
}

/// A connection passed every check.
pub(super) fn connection_opened(authority: &Authority, peer: &PeerInfo) {
    info!(
        target: TARGET,
        event = "connection_opened",
        authority = %authority,
        remote = %peer.remote_address(),
        tls_version = peer.tls_version(),
        cipher_suite = peer.cipher_suite(),
        key_exchange = peer.key_exchange_group(),
        leaf_sha256 = %Hex(peer.certificate_sha256()),
        spki_sha256 = %Hex(peer.public_key_sha256()),
    );
}

/// A certificate was refused, before a byte of any request was sent.
pub(super) fn certificate_refused(server: &str, reason: &dyn Display, leaf: &[u8; 32]) {
    warn!(
        target: TARGET,
        event = "connection_refused",
        server,
        reason = %reason,
        leaf_sha256 = %Hex(leaf),
    );
}

/// A handshake failed for another reason than the certificate.
pub(super) fn handshake_refused(authority: &Authority, reason: &dyn Display) {
    warn!(target: TARGET, event = "connection_refused", authority = %authority, reason = %reason);
}

/// The choke point refused a request, before DNS and TCP.
pub(super) fn request_refused(authority: &Authority, reason: &dyn Display) {
    warn!(target: TARGET, event = "request_refused", authority = %authority, reason = %reason);
}

/// A response was not what DynamoDB sends.
pub(super) fn response_rejected(api: Api, peer: &PeerInfo, reason: &dyn Display) {
    warn!(
        target: TARGET,
        event = "response_rejected",
        operation = api.name(),
        remote = %peer.remote_address(),
        leaf_sha256 = %Hex(peer.certificate_sha256()),
        reason = %reason,
    );
}
