//! Names in certificates: distinguished names, and the nine kinds of a `GeneralName`.

use std::net::IpAddr;

use super::der::{
    Der, IA5_STRING, OBJECT_IDENTIFIER, PRINTABLE_STRING, SEQUENCE, SET, UTF8_STRING, Value,
    constructed, primitive,
};

/// Common name, 2.5.4.3.
pub(in crate::client) const COMMON_NAME: &[u8] = &[0x55, 4, 3];
/// PKCS #9's email address, 1.2.840.113549.1.9.1.
const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];

/// One name of an alternative name or of a constraint.
///
/// Source: [RFC 5280, section 4.2.1.6](https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum GeneralName<'a> {
    Email(&'a [u8]),
    Dns(&'a [u8]),
    /// The content of the name's `SEQUENCE`.
    Directory(&'a [u8]),
    Uri(&'a [u8]),
    /// An address; in a constraint, one with its mask.
    Address(&'a [u8]),
    /// Of a kind whose constraints are not known here.
    Other {
        kind: u8,
    },
}

impl<'a> GeneralName<'a> {
    pub(in crate::client) fn of(value: Value<'a>) -> Option<Self> {
        const OTHER: u8 = constructed(0);
        const EMAIL: u8 = primitive(1);
        const DNS: u8 = primitive(2);
        const X400: u8 = constructed(3);
        const DIRECTORY: u8 = constructed(4);
        const EDI_PARTY: u8 = constructed(5);
        const URI: u8 = primitive(6);
        const ADDRESS: u8 = primitive(7);
        const REGISTERED: u8 = primitive(8);
        Some(match value.tag {
            EMAIL => Self::Email(value.content),
            DNS => Self::Dns(value.content),
            DIRECTORY => Self::Directory(Der::only(value.content, SEQUENCE)?.rest()),
            URI => Self::Uri(value.content),
            ADDRESS => Self::Address(value.content),
            OTHER | X400 | EDI_PARTY | REGISTERED => Self::Other { kind: value.tag },
            _ => return None,
        })
    }

    /// The names of a `GeneralNames`, which has one at least.
    pub(in crate::client) fn list(der: &'a [u8]) -> Option<Vec<Self>> {
        let mut list = Der::only(der, SEQUENCE)?;
        let mut names = Vec::new();
        while !list.is_empty() {
            names.push(Self::of(list.next()?)?);
        }
        (!names.is_empty()).then_some(names)
    }

    /// Whether it is a name that something could be reached by.
    pub(in crate::client) fn is_sound(&self) -> bool {
        match self {
            Self::Email(address) => {
                let (user, host) = split_email(address).unwrap_or_default();
                !user.is_empty() && user.iter().all(u8::is_ascii_graphic) && is_host(host)
            }
            Self::Dns(name) => is_host(name.strip_prefix(b"*.").unwrap_or(name)),
            Self::Directory(name) => rdns(name).is_some(),
            Self::Uri(uri) => is_uri(uri),
            Self::Address(address) => matches!(address.len(), 4 | 16),
            Self::Other { .. } => true,
        }
    }
}

/// The user and the host of a mailbox, which has one `@`.
pub(in crate::client) fn split_email(address: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut parts = address.split(|&byte| byte == b'@');
    let (user, host) = (parts.next()?, parts.next()?);
    parts.next().is_none().then_some((user, host))
}

/// Whether it is a host name of letters, digits and hyphens, and no address.
///
/// Source: [RFC 1034, section 3.5](https://www.rfc-editor.org/rfc/rfc1034#section-3.5), as RFC 5280 cites it.
pub(in crate::client) fn is_host(name: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label.iter().all(|it| it.is_ascii_alphanumeric() || *it == b'-')
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    };
    let last = name.rsplit(|&byte| byte == b'.').next().unwrap_or_default();
    name.len() <= 253
        && name.split(|&byte| byte == b'.').all(is_label)
        && !last.iter().all(u8::is_ascii_digit)
}

fn is_uri(uri: &[u8]) -> bool {
    let colon = uri.iter().position(|&byte| byte == b':').unwrap_or_default();
    let (scheme, rest) = uri.split_at(colon);
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(it))
        && rest.len() > 1
        && rest.iter().all(u8::is_ascii_graphic)
}

/// The host of a URI with an authority, without user and port.
pub(in crate::client) fn host_of_uri(uri: &[u8]) -> Option<&[u8]> {
    let start = uri.windows(3).position(|it| it == b"://")? + 3;
    let authority = uri.get(start..)?.split(|byte| b"/?#".contains(byte)).next()?;
    let host = authority.rsplit(|&byte| byte == b'@').next()?;
    let host = host.split(|&byte| byte == b':').next()?;
    is_host(host).then_some(host)
}

/// Whether nobody but a registry owns what is below this domain.
///
/// The list of public suffixes changes each week and is longer than this crate; what is known here is that a single
/// label is one, and so is a usual second label below a country's code (`co.uk`, `com.au`).
pub(in crate::client) fn is_public_suffix(domain: &[u8]) -> bool {
    const SECOND_LABELS: [&str; 22] = [
        "ac", "co", "com", "edu", "gob", "gov", "govt", "info", "ltd", "mil", "muni", "ne", "net",
        "nhs", "nom", "or", "org", "plc", "police", "sch", "school", "web",
    ];
    let labels: Vec<_> = domain.split(|&byte| byte == b'.').collect();
    match labels[..] {
        [_] => true,
        [second, country] => {
            let second = second.to_ascii_lowercase();
            country.len() == 2 && SECOND_LABELS.iter().any(|it| it.as_bytes() == second)
        }
        _ => false,
    }
}

/// One attribute of a distinguished name.
#[derive(Clone, Copy, Debug)]
pub(in crate::client) struct NameAttribute<'a> {
    pub(in crate::client) kind: &'a [u8],
    pub(in crate::client) value: Value<'a>,
}

/// The relative names of a distinguished name, given by its `SEQUENCE`'s content.
pub(in crate::client) fn rdns(name: &[u8]) -> Option<Vec<Vec<NameAttribute<'_>>>> {
    let mut sets = Der::new(name);
    let mut rdns = Vec::new();
    while !sets.is_empty() {
        let mut set = sets.expect(SET)?;
        let mut attributes = Vec::new();
        while !set.is_empty() {
            let mut attribute = set.expect(SEQUENCE)?;
            let kind = attribute.expect(OBJECT_IDENTIFIER)?.rest();
            let value = attribute.next()?;
            attribute.end()?;
            attributes.push(NameAttribute { kind, value });
        }
        if attributes.is_empty() {
            return None;
        }
        rdns.push(attributes);
    }
    Some(rdns)
}

fn values<'a>(name: &'a [u8], kind: &'static [u8]) -> impl Iterator<Item = Value<'a>> {
    let attributes = rdns(name).unwrap_or_default().into_iter().flatten();
    attributes.filter(move |it| it.kind == kind).map(|it| it.value)
}

/// The mailboxes of a subject, as a certificate without alternative names has them.
pub(in crate::client) fn email_addresses(name: &[u8]) -> impl Iterator<Item = GeneralName<'_>> {
    values(name, EMAIL_ADDRESS).map(|value| GeneralName::Email(value.content))
}

/// Whether each common name that reads as a host or an address is one of these names, byte for byte.
pub(in crate::client) fn common_names_are_of(subject: &[u8], names: &[GeneralName<'_>]) -> bool {
    values(subject, COMMON_NAME).all(|value| {
        let text = value.content;
        let is_word = !text.iter().any(u8::is_ascii_whitespace);
        let reads_as_host = is_word && text.iter().any(|byte| b".:".contains(byte));
        !reads_as_host
            || names.iter().any(|name| match name {
                GeneralName::Dns(dns) => *dns == text,
                GeneralName::Address(address) => {
                    address_text(address).is_some_and(|it| it.as_bytes() == text)
                }
                _ => false,
            })
    })
}

fn address_text(address: &[u8]) -> Option<String> {
    let address = match address.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(address).ok()?),
        _ => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
    };
    Some(address.to_string())
}

/// Whether one distinguished name is another, or lies below it.
///
/// Source: [RFC 5280, section 7.1](https://www.rfc-editor.org/rfc/rfc5280#section-7.1).
pub(in crate::client) fn is_below(name: &[u8], base: &[u8]) -> bool {
    let (Some(name), Some(base)) = (rdns(name), rdns(base)) else {
        return false;
    };
    let is_same = |(left, right): (&Vec<NameAttribute<'_>>, &Vec<NameAttribute<'_>>)| {
        left.len() == right.len() && right.iter().all(|it| left.iter().any(|has| same(has, it)))
    };
    base.len() <= name.len() && name.iter().zip(&base).all(is_same)
}

fn same(left: &NameAttribute<'_>, right: &NameAttribute<'_>) -> bool {
    left.kind == right.kind
        && (left.value.whole == right.value.whole
            || matches!((folded(left.value), folded(right.value)), (Some(l), Some(r)) if l == r))
}

/// Without case, and with single spaces.
fn folded(value: Value<'_>) -> Option<String> {
    if ![UTF8_STRING, PRINTABLE_STRING, IA5_STRING].contains(&value.tag) {
        return None;
    }
    let text = std::str::from_utf8(value.content).ok()?;
    let words: Vec<_> = text.split(' ').filter(|word| !word.is_empty()).collect();
    Some(words.join(" ").to_lowercase())
}
