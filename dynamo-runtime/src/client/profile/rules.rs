//! The rules of a profile, asked of one certificate, and of a chain what no certificate shows alone.

use super::fault::Fault;
use super::{Breach, CertificateProfile, CertificateRule as Rule, Role};
use crate::client::certificate::der::{Der, OBJECT_IDENTIFIER, SEQUENCE};
use crate::client::certificate::names::{
    GeneralName, common_names_are_of, email_addresses, is_public_suffix, rdns,
};
use crate::client::certificate::public_key::{self, KeyFault};
use crate::client::certificate::{
    ALTERNATIVE_NAMES, AUTHORITY_INFORMATION, AUTHORITY_KEY_IDENTIFIER, BASIC_CONSTRAINTS,
    Certificate, DISTRIBUTION_POINTS, EXTENDED_KEY_USAGE, INHIBIT_ANY_POLICY, KEY_USAGE, KeyUsage,
    NAME_CONSTRAINTS, POLICIES, POLICY_CONSTRAINTS, POLICY_MAPPINGS, SERVER_AUTHENTICATION,
    SUBJECT_KEY_IDENTIFIER, identifiers,
};

/// Asks everything of a server's certificate.
pub(in crate::client) fn check_server(
    profile: &CertificateProfile,
    server: &Certificate<'_>,
    issuer: Option<&Certificate<'_>>,
) -> Result<(), Fault> {
    let check = Check { profile, role: Role::Server };
    let usage = server.key_usage();
    if matches!(usage, Some(Ok(usage)) if !usage.has(KeyUsage::DIGITAL_SIGNATURE)) {
        return Err(Fault::LeafMayNotSign);
    }
    check.server_purposes(server)?;
    check.everything(server, issuer)?;
    check.require(
        Rule::ServerKeyUsage,
        usage.is_none_or(|it| {
            it.is_ok_and(|it| !it.has(KeyUsage::KEY_CERT_SIGN) && !it.has(KeyUsage::CRL_SIGN))
        }),
        "may sign certificates or lists, or has no key usage that can be read",
    )?;
    check.require(
        Rule::BasicConstraints,
        server.basic_constraints().is_none_or(|it| it.is_ok_and(|it| it.path_length.is_none())),
        "has an authority's basic constraints",
    )?;
    check.require(
        Rule::NameConstraints,
        server.name_constraints().is_none(),
        "has the name constraints of an authority",
    )?;
    let names = server.names().and_then(Result::ok).unwrap_or_default();
    check.require(
        Rule::AlternativeNames,
        !names.is_empty() && names.iter().all(GeneralName::is_sound),
        "has no alternative names, or one that nothing can have",
    )?;
    check.require(
        Rule::AlternativeNamesCriticality,
        server.is_critical(ALTERNATIVE_NAMES) == server.subject.is_empty(),
        "has alternative names that are critical beside a subject, or not without one",
    )?;
    let is_of_a_registry = |name: &GeneralName<'_>| match name {
        GeneralName::Dns(name) => name.strip_prefix(b"*.").is_some_and(is_public_suffix),
        _ => false,
    };
    check.require(
        Rule::PublicSuffix,
        !names.iter().any(is_of_a_registry),
        "has a wildcard for all that a registry owns",
    )?;
    check.require(
        Rule::CommonName,
        common_names_are_of(server.subject, &names),
        "has a common name that is none of its alternative names",
    )
}

/// Asks everything of an authority's certificate.
pub(in crate::client) fn check_authority(
    profile: &CertificateProfile,
    role: Role,
    authority: &Certificate<'_>,
    issuer: Option<&Certificate<'_>>,
) -> Result<(), Fault> {
    let check = Check { profile, role };
    let usage = authority.key_usage();
    if usage.is_some_and(|it| !it.is_ok_and(|it| it.has(KeyUsage::KEY_CERT_SIGN))) {
        return Err(Fault::MayNotSign(role));
    }
    let purposes = authority.purposes();
    if matches!(&purposes, Some(Ok(all)) if !all.contains(&SERVER_AUTHENTICATION) && !all.contains(&ANY_PURPOSE))
    {
        return Err(Fault::AuthorityNotForServers(role));
    }
    check.require(
        Rule::AuthorityKeyUsage,
        usage.is_some(),
        "does not say that it may sign certificates",
    )?;
    check.everything(authority, issuer)?;
    check.require(
        Rule::BasicConstraints,
        authority.is_critical(BASIC_CONSTRAINTS),
        "has basic constraints that are not critical",
    )?;
    check.require(
        Rule::SubjectKeyIdentifier,
        matches!(authority.subject_key_identifier(), Some(Ok(_))),
        "has no subject key identifier",
    )?;
    check.require(
        Rule::AuthorityPurposes,
        match (role, purposes) {
            (_, None) => true,
            (Role::Root, Some(_)) => false,
            (_, Some(all)) => all.is_ok_and(|all| !all.contains(&ANY_PURPOSE)),
        },
        "has an extended key usage, as no root has, or one for any purpose whatever",
    )?;
    check.require(
        Rule::NameConstraints,
        authority.name_constraints().is_none_or(|it| it.is_ok_and(|it| it.is_sound())),
        "has name constraints that say nothing, or that are malformed",
    )
}

/// The purpose that stands for all, `2.5.29.37.0`.
const ANY_PURPOSE: &[u8] = &[0x55, 0x1d, 37, 0];

/// Refuses a critical extension of a root that is not known here. webpki looks at the other certificates.
pub(in crate::client) fn check_critical_extensions(root: &Certificate<'_>) -> Result<(), Fault> {
    const KNOWN: [&[u8]; 11] = [
        SUBJECT_KEY_IDENTIFIER,
        KEY_USAGE,
        ALTERNATIVE_NAMES,
        BASIC_CONSTRAINTS,
        NAME_CONSTRAINTS,
        DISTRIBUTION_POINTS,
        POLICIES,
        POLICY_MAPPINGS,
        AUTHORITY_KEY_IDENTIFIER,
        EXTENDED_KEY_USAGE,
        INHIBIT_ANY_POLICY,
    ];
    if root.extensions.iter().any(|it| it.is_critical && !KNOWN.contains(&it.id)) {
        return Err(Fault::UnknownInRoot);
    }
    Ok(())
}

/// As many comparisons of names with constraints as webpki makes.
const MAX_COMPARISONS: usize = 250_000;

/// Whether all authorities of a chain, from the root down, may speak for the names of what is below them.
pub(in crate::client) fn check_names(chain: &[&Certificate<'_>]) -> Result<(), Fault> {
    let mut comparisons = 0;
    for (at, authority) in chain.iter().enumerate() {
        let Some(constraints) = authority.name_constraints() else {
            continue;
        };
        let constraints = constraints.map_err(|_| Fault::Malformed)?;
        let below = chain.get(at + 1..).unwrap_or_default();
        for (at, certificate) in below.iter().enumerate() {
            let is_last = at + 1 == below.len();
            if !is_last && certificate.is_self_issued() {
                continue;
            }
            let names = all_names(certificate)?;
            comparisons += names.len() * constraints.len();
            if comparisons > MAX_COMPARISONS {
                return Err(Fault::TooMuch);
            }
            if !names.iter().all(|name| constraints.allow(name)) {
                return Err(Fault::ForbiddenName);
            }
        }
    }
    Ok(())
}

/// The subject, and the alternative names or in their place the subject's mailboxes.
fn all_names<'a>(certificate: &Certificate<'a>) -> Result<Vec<GeneralName<'a>>, Fault> {
    let mut names = match certificate.names() {
        Some(names) => names.map_err(|_| Fault::Malformed)?,
        None => email_addresses(certificate.subject).collect(),
    };
    if !certificate.subject.is_empty() {
        names.push(GeneralName::Directory(certificate.subject));
    }
    Ok(names)
}

/// Whether there are no more authorities below the root than it allows. Those that are self-issued do not count.
pub(in crate::client) fn check_path_length(
    root: &Certificate<'_>,
    intermediates: &[Certificate<'_>],
) -> Result<(), Fault> {
    let limit = root.basic_constraints().and_then(Result::ok).and_then(|it| it.path_length);
    let length = intermediates.iter().filter(|it| !it.is_self_issued()).count();
    match limit {
        Some(limit) if u32::try_from(length).is_ok_and(|length| length > limit) => {
            Err(Fault::TooLongForRoot)
        }
        _ => Ok(()),
    }
}

struct Check<'p> {
    profile: &'p CertificateProfile,
    role: Role,
}

impl Check<'_> {
    fn require(&self, rule: Rule, holds: bool, says: &'static str) -> Result<(), Fault> {
        if holds || self.profile.tolerates(rule) {
            return Ok(());
        }
        Err(Fault::Breach(Breach { rule, of: self.role, says }))
    }

    /// What is asked of every certificate.
    fn everything(
        &self,
        it: &Certificate<'_>,
        issuer: Option<&Certificate<'_>>,
    ) -> Result<(), Fault> {
        self.require(
            Rule::SerialNumber,
            it.serial.len() <= 20 && matches!(it.serial, [1..=0x7f, ..] | [0, _, ..]),
            "has a serial number that is not positive, or that is longer than 20 octets",
        )?;
        self.require(
            Rule::Validity,
            it.not_before.is_of_its_form && it.not_after.is_of_its_form,
            "has a time that is not of the form of its year",
        )?;
        let is_name = |name| rdns(name).is_some();
        self.require(
            Rule::SubjectName,
            is_name(it.issuer) && is_name(it.subject) && !it.issuer.is_empty(),
            "has no issuer, or a malformed name",
        )?;
        let key = public_key::check(it.public_key);
        if key == Err(KeyFault::Short) {
            return Err(Fault::WeakKey(self.role));
        }
        self.require(
            Rule::PublicKey,
            key.is_ok(),
            "has a key of a kind or a form that is not accepted",
        )?;
        let mut ids: Vec<_> = it.extensions.iter().map(|it| it.id).collect();
        ids.sort_unstable();
        self.require(
            Rule::Extensions,
            ids.windows(2).all(|pair| pair.first() != pair.last()),
            "has an extension twice",
        )?;
        self.key_identifiers(it, issuer)?;
        self.policies(it)?;
        self.require(
            Rule::AuthorityInformation,
            it.extension(AUTHORITY_INFORMATION)
                .is_none_or(|it| !it.is_critical && is_access(it.value).is_some()),
            "has a malformed or critical access to information about its authority",
        )
    }

    fn key_identifiers(
        &self,
        it: &Certificate<'_>,
        issuer: Option<&Certificate<'_>>,
    ) -> Result<(), Fault> {
        let own = it.subject_key_identifier();
        self.require(
            Rule::SubjectKeyIdentifier,
            own.is_none_or(|it| it.is_ok()) && !it.is_critical(SUBJECT_KEY_IDENTIFIER),
            "has a malformed or critical subject key identifier",
        )?;
        let is_own_issuer = self.role == Role::Root && it.is_self_issued();
        let of_issuer =
            if is_own_issuer { own } else { issuer.and_then(Certificate::subject_key_identifier) };
        let is_right = match it.authority_key_identifier() {
            None => is_own_issuer,
            Some(Err(_)) => false,
            Some(Ok(stated)) => {
                let is_of_issuer = |key| match of_issuer {
                    Some(Ok(right)) => key == right,
                    // An issuer without one has a fault of its own.
                    _ => true,
                };
                !stated.has_more
                    && stated.key.is_some_and(is_of_issuer)
                    && !it.is_critical(AUTHORITY_KEY_IDENTIFIER)
            }
        };
        self.require(
            Rule::AuthorityKeyIdentifier,
            is_right,
            "has no authority key identifier, or another than its issuer's key identifier",
        )
    }

    fn policies(&self, it: &Certificate<'_>) -> Result<(), Fault> {
        let is_authority = self.role != Role::Server;
        let is_right = |id: &[u8], is_ok: fn(&[u8]) -> Option<()>, is_critical: bool| {
            it.extension(id).is_none_or(|it| {
                (is_authority && (it.is_critical || !is_critical)) && is_ok(it.value).is_some()
            })
        };
        // Where they are critical, they are unknown: to webpki, and here of a root.
        let constraints_are_critical =
            it.extension(POLICY_CONSTRAINTS).is_none_or(|it| it.is_critical);
        let are_policies = it.extension(POLICIES).is_none_or(|it| policies(it.value).is_some());
        self.require(
            Rule::Policies,
            are_policies
                && is_right(POLICY_MAPPINGS, policy_mappings, false)
                && constraints_are_critical
                && is_right(INHIBIT_ANY_POLICY, inhibit_any_policy, true),
            "has malformed policies, or constraints of policies that are not critical",
        )
    }

    fn server_purposes(&self, server: &Certificate<'_>) -> Result<(), Fault> {
        /// Signing of code, mail, time stamps and status responses.
        const OF_OTHERS: [&[u8]; 5] = [
            ANY_PURPOSE,
            &[0x2b, 6, 1, 5, 5, 7, 3, 3],
            &[0x2b, 6, 1, 5, 5, 7, 3, 4],
            &[0x2b, 6, 1, 5, 5, 7, 3, 8],
            &[0x2b, 6, 1, 5, 5, 7, 3, 9],
        ];
        let purposes = server.purposes();
        self.require(
            Rule::ServerPurposes,
            purposes.is_some(),
            "does not say that it is for servers",
        )?;
        self.require(
            Rule::ServerPurposes,
            purposes
                .is_none_or(|it| it.is_ok_and(|all| !all.iter().any(|it| OF_OTHERS.contains(it))))
                && !server.is_critical(EXTENDED_KEY_USAGE),
            "has a critical extended key usage, or a purpose of another service",
        )
    }
}

fn policies(value: &[u8]) -> Option<()> {
    let mut list = Der::only(value, SEQUENCE)?;
    let mut seen = Vec::new();
    while !list.is_empty() {
        let mut policy = list.expect(SEQUENCE)?;
        let id = policy.expect(OBJECT_IDENTIFIER)?.rest();
        if let Some(qualifiers) = policy.optional(SEQUENCE)? {
            (!qualifiers.is_empty()).then_some(())?;
        }
        policy.end()?;
        (!seen.contains(&id)).then(|| seen.push(id))?;
    }
    (!seen.is_empty()).then_some(())
}

fn policy_mappings(value: &[u8]) -> Option<()> {
    /// `2.5.29.32.0`, to which and from which nothing is mapped.
    const ANY_POLICY: &[u8] = &[0x55, 0x1d, 32, 0];
    let mut list = Der::only(value, SEQUENCE)?;
    (!list.is_empty()).then_some(())?;
    while !list.is_empty() {
        let pair = identifiers(list.expect(SEQUENCE)?)?;
        (pair.len() == 2 && !pair.contains(&ANY_POLICY)).then_some(())?;
    }
    Some(())
}

fn inhibit_any_policy(value: &[u8]) -> Option<()> {
    let mut der = Der::new(value);
    der.count()?;
    der.end()
}

fn is_access(value: &[u8]) -> Option<()> {
    let mut list = Der::only(value, SEQUENCE)?;
    (!list.is_empty()).then_some(())?;
    while !list.is_empty() {
        let mut access = list.expect(SEQUENCE)?;
        access.expect(OBJECT_IDENTIFIER)?;
        let location = access.next()?;
        access.end()?;
        GeneralName::of(location)?.is_sound().then_some(())?;
    }
    Some(())
}
