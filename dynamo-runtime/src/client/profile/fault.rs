//! Why a chain is not believed.

use std::fmt;
use std::sync::Arc;

use rustls::{CertificateError, Error, OtherError};

use super::{Breach, Role};
use crate::client::staple::StapleFault;

/// Why a chain is not believed.
///
/// The server chooses what its certificates say, so no word of theirs is repeated.
#[derive(Clone, Debug)]
pub(in crate::client) enum Fault {
    Chain(webpki::Error),
    Malformed,
    OtherName,
    LeafMayNotSign,
    WeakKey(Role),
    MayNotSign(Role),
    AuthorityNotForServers(Role),
    /// A rule of the profile.
    Breach(Breach),
    ForbiddenName,
    TooDeep {
        limit: usize,
    },
    TooMuch,
    TooLongForRoot,
    RootExpired,
    RootNotValidYet,
    UnknownInRoot,
    RootMayNotSignLists,
    ListNotValidYet,
    NotPinned,
    Staple(StapleFault),
}

impl Fault {
    /// What the verifier has told of already.
    pub(in crate::client) fn of(error: &Error) -> Option<&Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(OtherError(cause))) => {
                cause.downcast_ref()
            }
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chain(error) => return write_chain_fault(error, f),
            Self::Breach(breach) => return breach.fmt(f),
            Self::Staple(fault) => return fault.fmt(f),
            Self::TooDeep { limit } => {
                return write!(f, "its chain has more than {limit} intermediate certificates");
            }
            Self::MayNotSign(role) => {
                return write!(f, "{role} does not say that it may sign certificates");
            }
            Self::AuthorityNotForServers(role) => return write!(f, "{role} is not for servers"),
            Self::WeakKey(role) => return write!(f, "{role}'s RSA key has less than 2048 bits"),
            Self::Malformed => "a certificate of its chain is malformed",
            Self::OtherName => "its certificate is for another name",
            Self::LeafMayNotSign => "its certificate's key may not sign a handshake",
            Self::ForbiddenName => "an authority of its chain may not speak for its name",
            Self::TooMuch => "its chain is too much to verify",
            Self::TooLongForRoot => "its chain is longer than an authority of it allows",
            Self::RootExpired => "the root has expired",
            Self::RootNotValidYet => "the root is not valid yet",
            Self::UnknownInRoot => "the root has a critical extension that is not known",
            Self::RootMayNotSignLists => "a revocation list is of a root that may not sign lists",
            Self::ListNotValidYet => "a revocation list is not valid yet",
            Self::NotPinned => "its public key is not one of the pins",
        })
    }
}

fn write_chain_fault(error: &webpki::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use webpki::Error as E;
    f.write_str(match error {
        E::CertExpired { .. } => "a certificate of its chain has expired",
        E::CertNotValidYet { .. } => "a certificate of its chain is not valid yet",
        E::UnknownIssuer => "no root that is trusted has signed its chain",
        E::InvalidSignatureForPublicKey => "a signature of its chain is wrong",
        E::CaUsedAsEndEntity => "its certificate is an authority's",
        E::EndEntityUsedAsCa => {
            "a certificate of its chain is signed by one that is no authority's"
        }
        E::NameConstraintViolation => "an authority of its chain may not speak for its name",
        E::PathLenConstraintViolated => "its chain is longer than an authority of it allows",
        E::UnsupportedCriticalExtension => {
            "a certificate of its chain has a critical extension that is not known"
        }
        E::UnsupportedCertVersion => "a certificate of its chain is not of X.509 version 3",
        E::RequiredEkuNotFoundContext(_) => "a certificate of its chain is not for servers",
        E::UnsupportedSignatureAlgorithmContext(_)
        | E::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature of its chain is of an algorithm that is not accepted"
        }
        E::CertRevoked => "a certificate of its chain is revoked",
        E::UnknownRevocationStatus => {
            "a certificate of its chain is covered by none of the revocation lists"
        }
        E::CrlExpired { .. } => "a revocation list has expired: give the current one",
        E::InvalidCrlSignatureForPublicKey | E::IssuerNotCrlSigner => {
            "a revocation list is not signed by the authority that it names"
        }
        E::MaximumPathBuildCallsExceeded
        | E::MaximumPathDepthExceeded
        | E::MaximumSignatureChecksExceeded
        | E::MaximumNameConstraintComparisonsExceeded => "its chain is too much to verify",
        _ => "a certificate of its chain is malformed",
    })
}

impl std::error::Error for Fault {}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(fault))))
    }
}
