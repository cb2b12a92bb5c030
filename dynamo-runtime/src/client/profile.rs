//! The named profile of certificates: what is required of a chain beyond its signatures, times and name.

pub(super) mod fault;
pub(super) mod rules;

use std::fmt;

use self::CertificateRule as Rule;

/// What a chain of certificates must be like, after [RFC 5280] and the [Baseline Requirements] of the CA/Browser Forum:
/// all of the [`CertificateRule`]s, for every chain and for both kinds of [`Trust`](super::Trust).
///
/// Each rule has a name, which is in the error and in the audit event of a chain that breaks it. A private authority
/// that cannot be mended is accepted by naming what it gets wrong:
///
/// ```
/// use dynamo_runtime::client::{CertificateProfile, CertificateRule};
/// use dynamo_runtime::Trust;
///
/// # fn trust(authority: &[u8]) -> Result<Trust, dynamo_runtime::client::BuildError> {
/// let profile = CertificateProfile::standard()
///     .tolerating(CertificateRule::SerialNumber)
///     .max_intermediates(1);
/// assert!(profile.tolerates(CertificateRule::SerialNumber));
/// assert!(!profile.tolerates(CertificateRule::PublicKey));
/// let trust = Trust::private_ca(authority)?.profile(profile);
/// # Ok(trust)
/// # }
/// ```
///
/// No tolerance reaches the signatures, the times, the name, the name constraints, the path length, a usage that a
/// certificate states, a short RSA key, a revocation or a pin.
///
/// [RFC 5280]: https://www.rfc-editor.org/rfc/rfc5280
/// [Baseline Requirements]: https://cabforum.org/working-groups/server/baseline-requirements/requirements/
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateProfile {
    tolerated: Vec<CertificateRule>,
    max_intermediates: usize,
}

/// As many as webpki follows.
const MAX_INTERMEDIATES: usize = 6;

impl CertificateProfile {
    /// Every rule, and up to six intermediate certificates; the default.
    pub fn standard() -> Self {
        Self { tolerated: Vec::new(), max_intermediates: MAX_INTERMEDIATES }
    }

    /// Accepts chains that break this rule.
    pub fn tolerating(mut self, rule: CertificateRule) -> Self {
        if !self.tolerates(rule) {
            self.tolerated.push(rule);
        }
        self
    }

    /// How many certificates may stand between the server's and the root, self-issued ones included: from 0, where the
    /// root signs the server's certificate, to 6, which is the default and the most.
    pub fn max_intermediates(mut self, count: usize) -> Self {
        self.max_intermediates = count.min(MAX_INTERMEDIATES);
        self
    }

    /// Whether chains that break this rule are accepted.
    pub fn tolerates(&self, rule: CertificateRule) -> bool {
        self.tolerated.contains(&rule)
    }

    /// The rules that are not required.
    ///
    /// ```
    /// use dynamo_runtime::client::{CertificateProfile, CertificateRule};
    ///
    /// let profile = CertificateProfile::standard().tolerating(CertificateRule::SerialNumber);
    /// assert_eq!(profile.tolerated(), [CertificateRule::SerialNumber]);
    /// ```
    pub fn tolerated(&self) -> &[CertificateRule] {
        &self.tolerated
    }

    pub(super) fn intermediates(&self) -> usize {
        self.max_intermediates
    }
}

impl Default for CertificateProfile {
    fn default() -> Self {
        Self::standard()
    }
}

macro_rules! rules {
    ($($rule:ident = $name:literal: $requires:literal, $source:literal;)+) => {
        /// One rule of a [`CertificateProfile`].
        ///
        /// ```
        /// use dynamo_runtime::client::CertificateRule;
        ///
        /// for rule in CertificateRule::ALL {
        ///     assert!(!rule.requirement().is_empty() && !rule.source().is_empty(), "{}", rule.name());
        /// }
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CertificateRule {
            $(
                #[doc = concat!($requires, "\n\nSource: ", $source, ".")]
                $rule,
            )+
        }

        impl CertificateRule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule),+];

            /// The name, as errors and audit events have it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)+
                }
            }

            /// What it requires, in a sentence.
            pub fn requirement(self) -> &'static str {
                match self {
                    $(Self::$rule => $requires,)+
                }
            }

            /// Where it is laid down: "BR" are the CA/Browser Forum's Baseline Requirements.
            pub fn source(self) -> &'static str {
                match self {
                    $(Self::$rule => $source,)+
                }
            }
        }
    };
}

rules! {
    SerialNumber = "serial-number":
        "The serial number is positive and has 20 octets at most.", "RFC 5280, section 4.1.2.2";
    Validity = "validity":
        "Times have two digits of the year through 2049 and four digits after.", "RFC 5280, section 4.1.2.5";
    SubjectName = "subject-name":
        "The issuer, and an authority's subject, are distinguished names that are not empty.", "RFC 5280, sections 4.1.2.4 and 4.1.2.6";
    CommonName = "common-name":
        "A server's common name that reads as a host or an address is one of its alternative names, byte for byte.", "BR, section 7.1.4.3";
    PublicKey = "public-key":
        "Keys are RSA in whole bytes with an odd exponent, P-256, P-384 or P-521 by their names, or Ed25519.", "BR, sections 6.1.5 and 6.1.6; RFC 8410";
    Extensions = "extensions":
        "No extension is there twice.", "RFC 5280, section 4.2";
    AuthorityKeyIdentifier = "authority-key-identifier":
        "The authority key identifier is there but in a self-signed root, is not critical, has the issuer's key identifier and nothing else.", "RFC 5280, section 4.2.1.1; BR, section 7.1.2.11.1";
    SubjectKeyIdentifier = "subject-key-identifier":
        "An authority has a subject key identifier, and none is critical.", "RFC 5280, section 4.2.1.2";
    BasicConstraints = "basic-constraints":
        "An authority's basic constraints are critical; a path length is an authority's that may sign certificates.", "RFC 5280, section 4.2.1.9";
    AuthorityKeyUsage = "authority-key-usage":
        "An authority says what its key is for.", "RFC 5280, section 4.2.1.3";
    ServerKeyUsage = "server-key-usage":
        "A server's key usage is of its form, and allows to sign neither certificates nor lists.", "BR, section 7.1.2.7.11";
    ServerPurposes = "server-purposes":
        "A server's extended key usage is there, is not critical, and has no purpose of another service.", "BR, section 7.1.2.7.10";
    AuthorityPurposes = "authority-purposes":
        "An intermediate authority is not for any purpose whatever, and a root has no extended key usage.", "BR, sections 7.1.2.1.2 and 7.1.2.10.6";
    AlternativeNames = "alternative-names":
        "A server has alternative names, each of which a host, an address or a mailbox can have.", "RFC 5280, section 4.2.1.6; BR, section 7.1.4.2";
    AlternativeNamesCriticality = "alternative-names-criticality":
        "The alternative names are critical exactly where the subject is empty.", "RFC 5280, section 4.2.1.6; BR, section 7.1.2.7.12";
    PublicSuffix = "public-suffix":
        "A wildcard is not for everything that a registry owns.", "BR, section 3.2.2.6";
    NameConstraints = "name-constraints":
        "Name constraints are an authority's, say something, and are of the form of their kind.", "RFC 5280, section 4.2.1.10";
    Policies = "policies":
        "Policies are each named once, and constraints of policies are critical and an authority's.", "RFC 5280, sections 4.2.1.4, 4.2.1.5, 4.2.1.11 and 4.2.1.14";
    AuthorityInformation = "authority-information":
        "The access to information about the authority is of its form and not critical.", "RFC 5280, section 4.2.2.1";
    RevocationListNumber = "revocation-list-number":
        "A revocation list has a number, which is not critical.", "RFC 5280, section 5.2.3";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A rule that a certificate breaks.
///
/// The server chooses what its certificates say, so no word of theirs is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) rule: Rule,
    pub(super) of: Role,
    pub(super) says: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Server,
    Intermediate,
    Root,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "its certificate",
            Self::Intermediate => "an intermediate certificate",
            Self::Root => "the root",
        })
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} (rule `{}`)", self.of, self.says, self.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_a_name_of_its_own_and_is_in_the_documentation() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/certificates.md");
        let text = std::fs::read_to_string(path).unwrap();
        for (at, rule) in Rule::ALL.iter().enumerate() {
            let (name, requires, source) = (rule.name(), rule.requirement(), rule.source());
            assert!(Rule::ALL[..at].iter().all(|it| it.name() != name), "{name} occurs twice");
            let line =
                format!("| `{name}` | `CertificateRule::{rule:?}` | {requires} | {source} |\n");
            assert!(text.contains(&line), "docs/certificates.md lacks:\n{line}");
        }
        let lines = text.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(lines, Rule::ALL.len(), "docs/certificates.md has a rule that is none");
    }

    #[test]
    fn a_profile_tolerates_what_it_names_and_nothing_else() {
        let profile = CertificateProfile::standard()
            .tolerating(Rule::SerialNumber)
            .tolerating(Rule::SerialNumber);
        assert_eq!(profile.tolerated(), [Rule::SerialNumber]);
        assert_eq!(profile.max_intermediates(100).intermediates(), 6);
    }
}
