use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use rustls::ClientConnection;
use rustls_pki_types::UnixTime;

use super::certificate;
use crate::sha256::sha256;

/// Who answered: the facts of the TLS connection that a response came by.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let response = User::get(User::key("ann")).send_with_metadata(&client).await?;
/// let peer = response.peer.ok_or("nobody answered")?;
/// assert_eq!(peer.remote_address().port(), engine.port());
/// assert_eq!(peer.tls_version(), "TLSv1_3");
/// assert!(peer.cipher_suite().starts_with("TLS13_"));
/// assert!(!peer.key_exchange_group().is_empty());
/// assert_ne!(peer.certificate_sha256(), peer.public_key_sha256());
/// assert_ne!(peer.root_public_key_sha256(), peer.public_key_sha256());
/// assert_eq!(peer.stapled_until(), None);
/// assert!(!peer.is_client_certificate_requested());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerInfo {
    remote: SocketAddr,
    tls_version: &'static str,
    cipher_suite: &'static str,
    key_exchange_group: &'static str,
    certificate_sha256: [u8; 32],
    public_key_sha256: [u8; 32],
    root_sha256: [u8; 32],
    staple_until: Option<SystemTime>,
    is_certificate_requested: bool,
}

/// What was seen of a server that is believed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// The hash of the public key of the root that the chain ends in.
    pub(super) root_sha256: [u8; 32],
    /// Until when its issuer says that the certificate is not revoked, where that is stapled.
    pub(super) staple_until: Option<UnixTime>,
    /// Whether it has asked for a certificate of the client's.
    pub(super) is_certificate_requested: bool,
}

impl PeerInfo {
    /// The facts of a finished handshake; nothing where one is missing.
    pub(super) fn of(
        connection: &ClientConnection,
        seen: Seen,
        remote: SocketAddr,
    ) -> Option<Self> {
        let leaf = connection.peer_certificates()?.first()?;
        let staple_until = seen
            .staple_until
            .map(|until| SystemTime::UNIX_EPOCH + Duration::from_secs(until.as_secs()));
        Some(Self {
            remote,
            tls_version: connection.protocol_version()?.as_str()?,
            cipher_suite: connection.negotiated_cipher_suite()?.suite().as_str()?,
            key_exchange_group: connection.negotiated_key_exchange_group()?.name().as_str()?,
            certificate_sha256: sha256(leaf),
            public_key_sha256: certificate::public_key_sha256(leaf).ok()?,
            root_sha256: seen.root_sha256,
            staple_until,
            is_certificate_requested: seen.is_certificate_requested,
        })
    }

    /// The address that the connection went to: the proxy's, where there is one.
    pub fn remote_address(&self) -> SocketAddr {
        self.remote
    }

    /// The protocol's version, such as `TLSv1_3`.
    pub fn tls_version(&self) -> &'static str {
        self.tls_version
    }

    /// The cipher suite, such as `TLS13_AES_256_GCM_SHA384`.
    pub fn cipher_suite(&self) -> &'static str {
        self.cipher_suite
    }

    /// The key-exchange group, such as `X25519MLKEM768`.
    pub fn key_exchange_group(&self) -> &'static str {
        self.key_exchange_group
    }

    /// The SHA-256 of the server's certificate.
    pub fn certificate_sha256(&self) -> &[u8; 32] {
        &self.certificate_sha256
    }

    /// The SHA-256 of the server's public key (its `SubjectPublicKeyInfo`), as a pin states it.
    pub fn public_key_sha256(&self) -> &[u8; 32] {
        &self.public_key_sha256
    }

    /// The SHA-256 of the public key of the root that the server's certificate chains to, as Amazon publishes it for
    /// [its own](https://www.amazontrust.com/repository/).
    pub fn root_public_key_sha256(&self) -> &[u8; 32] {
        &self.root_sha256
    }

    /// Until when the certificate's issuer says that it is not revoked, by the response that the server stapled to it;
    /// nothing where the server stapled none and the certificate demands none.
    ///
    /// Source: [RFC 6066, section 8](https://www.rfc-editor.org/rfc/rfc6066#section-8).
    pub fn stapled_until(&self) -> Option<SystemTime> {
        self.staple_until
    }

    /// Whether the server asked for a certificate of the client's, which has none.
    ///
    /// One that insists on it is a refusal; one that goes on without is what it is by its own certificate.
    pub fn is_client_certificate_requested(&self) -> bool {
        self.is_certificate_requested
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(super) struct Hex<'a>(pub(super) &'a [u8; 32]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
