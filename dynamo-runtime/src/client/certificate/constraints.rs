//! Which names an authority may speak for, in all forms.
//!
//! webpki knows the constraints of DNS names and addresses, and refuses a chain with any other. What a private root
//! says is only checked here, so that a root that is limited to a directory or to mailboxes can be used.
//!
//! Source: [RFC 5280, section 4.2.1.10](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.10).

use super::der::{Der, SEQUENCE, constructed};
use super::names::{GeneralName, host_of_uri, is_below, is_host, rdns, split_email};

#[derive(Debug)]
pub(in crate::client) struct Constraints<'a> {
    permitted: Option<Vec<GeneralName<'a>>>,
    excluded: Option<Vec<GeneralName<'a>>>,
}

impl<'a> Constraints<'a> {
    pub(in crate::client) fn parse(der: &'a [u8]) -> Option<Self> {
        let mut both = Der::only(der, SEQUENCE)?;
        let permitted = subtrees(both.optional(constructed(0))?)?;
        let excluded = subtrees(both.optional(constructed(1))?)?;
        both.end()?;
        Some(Self { permitted, excluded })
    }

    /// Whether it says anything, and each base is of its form.
    pub(in crate::client) fn is_sound(&self) -> bool {
        let lists = [&self.permitted, &self.excluded];
        lists.iter().any(|list| list.is_some())
            && lists.into_iter().flatten().all(|list| !list.is_empty() && list.iter().all(is_base))
    }

    pub(in crate::client) fn len(&self) -> usize {
        self.permitted.iter().chain(&self.excluded).map(Vec::len).sum()
    }

    pub(in crate::client) fn allow(&self, name: &GeneralName<'_>) -> bool {
        let mut permitted = self.permitted.iter().flatten().filter(|base| is_of_kind(name, base));
        let mut excluded = self.excluded.iter().flatten().filter(|base| is_of_kind(name, base));
        // A kind that is not known is refused as soon as it is constrained.
        let is_permitted = permitted.clone().next().is_none()
            || permitted.any(|base| covers(base, name, Side::Permitted));
        is_permitted && !excluded.any(|base| covers(base, name, Side::Excluded))
    }
}

/// `minimum` and `maximum` are never used, so a subtree is its base.
#[expect(clippy::option_option, reason = "absent, or malformed")]
fn subtrees(list: Option<Der<'_>>) -> Option<Option<Vec<GeneralName<'_>>>> {
    let Some(mut list) = list else {
        return Some(None);
    };
    let mut bases = Vec::new();
    while !list.is_empty() {
        let mut subtree = list.expect(SEQUENCE)?;
        bases.push(GeneralName::of(subtree.next()?)?);
        subtree.end()?;
    }
    Some(Some(bases))
}

fn is_base(base: &GeneralName<'_>) -> bool {
    let is_domain = |host: &[u8]| is_host(host.strip_prefix(b".").unwrap_or(host));
    match base {
        GeneralName::Email(address) => match split_email(address) {
            Some((user, host)) => !user.is_empty() && is_host(host),
            None => is_domain(address),
        },
        GeneralName::Dns(name) => name.is_empty() || is_host(name),
        GeneralName::Directory(name) => rdns(name).is_some(),
        GeneralName::Uri(host) => is_domain(host),
        GeneralName::Address(range) => network(range).is_some(),
        GeneralName::Other { .. } => true,
    }
}

fn is_of_kind(name: &GeneralName<'_>, base: &GeneralName<'_>) -> bool {
    match (name, base) {
        (GeneralName::Other { kind: left }, GeneralName::Other { kind: right }) => left == right,
        _ => std::mem::discriminant(name) == std::mem::discriminant(base),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Permitted,
    Excluded,
}

/// Whether all names that `name` stands for are below `base`; for what is excluded, whether any may be.
fn covers(base: &GeneralName<'_>, name: &GeneralName<'_>, side: Side) -> bool {
    match (base, name) {
        (GeneralName::Dns(base), GeneralName::Dns(name)) => covers_dns(base, name, side),
        (GeneralName::Email(base), GeneralName::Email(name)) => {
            covers_email(base, name).unwrap_or(side == Side::Excluded)
        }
        (GeneralName::Uri(base), GeneralName::Uri(uri)) => match host_of_uri(uri) {
            Some(host) => covers_host(base, host),
            None => side == Side::Excluded,
        },
        (GeneralName::Directory(base), GeneralName::Directory(name)) => is_below(name, base),
        (GeneralName::Address(range), GeneralName::Address(address)) => {
            covers_address(range, address).unwrap_or(side == Side::Excluded)
        }
        _ => side == Side::Excluded,
    }
}

fn covers_dns(base: &[u8], name: &[u8], side: Side) -> bool {
    let Some(domain) = name.strip_prefix(b"*.") else {
        return ends_with_labels(name, base);
    };
    if ends_with_labels(domain, base) {
        return true;
    }
    // The wildcard stands for the excluded name itself.
    let parent = base.iter().position(|&byte| byte == b'.').and_then(|at| base.get(at + 1..));
    side == Side::Excluded && parent.is_some_and(|it| it.eq_ignore_ascii_case(domain))
}

fn ends_with_labels(name: &[u8], base: &[u8]) -> bool {
    let Some(at) = name.len().checked_sub(base.len()) else {
        return false;
    };
    let (before, end) = name.split_at(at);
    let starts_label = base.starts_with(b".") || before.is_empty() || before.ends_with(b".");
    base.is_empty() || (starts_label && end.eq_ignore_ascii_case(base))
}

/// A host alone is that host; one after a point is every host below it.
fn covers_host(base: &[u8], host: &[u8]) -> bool {
    if base.starts_with(b".") {
        host.len() > base.len() && ends_with_labels(host, base)
    } else {
        host.eq_ignore_ascii_case(base)
    }
}

fn covers_email(base: &[u8], address: &[u8]) -> Option<bool> {
    let (user, host) = split_email(address)?;
    Some(match split_email(base) {
        Some((only, at)) => user == only && host.eq_ignore_ascii_case(at),
        None => covers_host(base, host),
    })
}

/// An address and a mask of its length whose ones all come first.
fn network(range: &[u8]) -> Option<(&[u8], &[u8])> {
    if !matches!(range.len(), 8 | 32) {
        return None;
    }
    let (address, mask) = range.split_at(range.len() / 2);
    let is_prefix = mask.iter().skip_while(|&&byte| byte == 0xff).enumerate().all(|(at, byte)| {
        if at == 0 { byte.leading_ones() == byte.count_ones() } else { *byte == 0 }
    });
    is_prefix.then_some((address, mask))
}

fn covers_address(range: &[u8], address: &[u8]) -> Option<bool> {
    let (base, mask) = network(range)?;
    let is_same_kind = base.len() == address.len();
    Some(is_same_kind && base.iter().zip(address).zip(mask).all(|((b, a), m)| b & m == a & m))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(base: &str, name: &str, side: Side) -> bool {
        covers(&GeneralName::Dns(base.as_bytes()), &GeneralName::Dns(name.as_bytes()), side)
    }

    #[test]
    fn a_domain_covers_its_labels_and_a_wildcard_all_that_it_stands_for() {
        for side in [Side::Permitted, Side::Excluded] {
            assert!(dns("example.com", "example.com", side));
            assert!(dns("example.com", "A.EXAMPLE.com", side));
            assert!(dns("", "example.com", side));
            assert!(dns("example.com", "*.example.com", side));
            assert!(!dns("example.com", "badexample.com", side));
            assert!(!dns("a.example.com", "example.com", side));
            assert!(!dns("a.b.example.com", "*.example.com", side));
        }
        assert!(!dns("a.example.com", "*.example.com", Side::Permitted));
        assert!(dns("a.example.com", "*.example.com", Side::Excluded));
    }

    #[test]
    fn a_mailbox_is_one_of_its_host_or_of_a_domain() {
        let covers = |base: &str, name: &str| {
            let base = GeneralName::Email(base.as_bytes());
            covers(&base, &GeneralName::Email(name.as_bytes()), Side::Permitted)
        };
        assert!(covers("a@example.com", "a@EXAMPLE.com"));
        assert!(!covers("a@example.com", "A@example.com"));
        assert!(covers("example.com", "b@example.com"));
        assert!(!covers("example.com", "b@mail.example.com"));
        assert!(covers(".example.com", "b@mail.example.com"));
        assert!(!covers(".example.com", "b@example.com"));
    }

    #[test]
    fn a_uri_is_of_its_host() {
        let covers = |base: &str, uri: &str, side: Side| {
            covers(&GeneralName::Uri(base.as_bytes()), &GeneralName::Uri(uri.as_bytes()), side)
        };
        assert!(covers("example.com", "https://me@example.com:8443/a", Side::Permitted));
        assert!(!covers("example.com", "https://www.example.com/", Side::Permitted));
        assert!(covers(".example.com", "https://www.example.com/", Side::Permitted));
        assert!(!covers(".example.com", "https://example.com/", Side::Permitted));
        // One without a host is neither permitted nor passes an exclusion.
        assert!(!covers("example.com", "urn:example", Side::Permitted));
        assert!(covers("example.com", "urn:example", Side::Excluded));
    }

    #[test]
    fn an_address_is_of_a_network_whose_mask_is_a_prefix() {
        let covers = |range: &[u8], address: &[u8]| covers_address(range, address);
        assert_eq!(covers(&[10, 1, 0, 0, 255, 255, 0, 0], &[10, 1, 2, 3]), Some(true));
        assert_eq!(covers(&[10, 1, 0, 0, 255, 255, 0, 0], &[10, 2, 2, 3]), Some(false));
        assert_eq!(covers(&[10, 1, 0, 0, 255, 0, 255, 0], &[10, 1, 2, 3]), None);
        assert_eq!(covers(&[10, 1, 0, 0, 255, 240, 1, 0], &[10, 1, 2, 3]), None);
        assert_eq!(covers(&[10, 1, 0, 0], &[10, 1, 2, 3]), None);
        assert_eq!(covers(&[0; 32], &[10, 1, 2, 3]), Some(false));
        assert_eq!(covers(&[0; 32], &[1; 16]), Some(true));
    }
}
