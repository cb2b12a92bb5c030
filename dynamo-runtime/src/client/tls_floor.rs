//! The oldest version of TLS that is spoken.

/// The oldest version of TLS that the client speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsFloor {
    /// TLS 1.2 with ECDHE, an AEAD cipher and the extended master secret; the default.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

impl TlsFloor {
    /// The version's number.
    pub(super) fn version(self) -> &'static str {
        match self {
            Self::Tls12 => "1.2",
            Self::Tls13 => "1.3",
        }
    }
}
