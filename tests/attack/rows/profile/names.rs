//! The names of a server.

use dynamo_runtime::client::CertificateRule as Rule;

use super::{Change, breaks, passes, refused};
use crate::row::Row;
use crate::rows::HOST;
use crate::x509::{ALTERNATIVE_NAMES, Chain, bytes, constructed, name, oid, primitive, sequence};

pub fn rows() -> Vec<Row> {
    let beside: Vec<(Rule, &str, Change)> = vec![
        (Rule::AlternativeNames, "an underscore", |it| beside(it, &dns("a_b.example"))),
        (Rule::AlternativeNames, "an empty name", |it| beside(it, &dns(""))),
        (Rule::AlternativeNames, "an empty label", |it| beside(it, &dns("a..example"))),
        (Rule::AlternativeNames, "a point before a name", |it| beside(it, &dns(".example.com"))),
        (Rule::AlternativeNames, "a point after a name", |it| beside(it, &dns("example.com."))),
        (Rule::AlternativeNames, "a label of 64 letters", |it| {
            beside(it, &dns(&format!("{}.example", "a".repeat(64))));
        }),
        (Rule::AlternativeNames, "a name of 254 letters", |it| {
            beside(it, &dns(&format!("{}ab", "a.".repeat(126))));
        }),
        (Rule::AlternativeNames, "a hyphen before a label", |it| beside(it, &dns("-a.example"))),
        (Rule::AlternativeNames, "a hyphen after a label", |it| beside(it, &dns("a-.example"))),
        (Rule::AlternativeNames, "a NUL in a name", |it| beside(it, &dns("a.example\0.com"))),
        (Rule::AlternativeNames, "a space in a name", |it| beside(it, &dns("a b.example"))),
        (Rule::AlternativeNames, "letters that are not ASCII", |it| beside(it, &dns("ä.example"))),
        (Rule::AlternativeNames, "an emoji", |it| beside(it, &dns("😜.example"))),
        (Rule::AlternativeNames, "a URI as a host name", |it| {
            beside(it, &dns("https://a.example"));
        }),
        (Rule::AlternativeNames, "a port after a name", |it| beside(it, &dns("a.example:443"))),
        (Rule::AlternativeNames, "an address as a host name", |it| beside(it, &dns("10.0.0.1"))),
        (Rule::AlternativeNames, "a wildcard alone", |it| beside(it, &dns("*"))),
        (Rule::AlternativeNames, "a wildcard after a label", |it| beside(it, &dns("a.*.example"))),
        (Rule::AlternativeNames, "a wildcard within a label", |it| {
            beside(it, &dns("a*.b.example"));
        }),
        (Rule::AlternativeNames, "a wildcard below a wildcard", |it| {
            beside(it, &dns("*.*.b.example"));
        }),
        (Rule::AlternativeNames, "an address of five bytes", |it| {
            beside(it, &primitive(7, &[7; 5]));
        }),
        (Rule::AlternativeNames, "an address with its mask", |it| {
            beside(it, &primitive(7, &[7; 8]));
        }),
        (Rule::AlternativeNames, "a mailbox with two at signs", |it| {
            beside(it, &primitive(1, b"a@b@example.com"));
        }),
        (Rule::AlternativeNames, "a mailbox without a host", |it| beside(it, &primitive(1, b"a@"))),
        (Rule::AlternativeNames, "a URI without a scheme", |it| {
            beside(it, &primitive(6, b"//example.com/"));
        }),
        (Rule::PublicSuffix, "a wildcard for `.com`", |it| beside(it, &dns("*.com"))),
        (Rule::PublicSuffix, "a wildcard for `.co.uk`", |it| beside(it, &dns("*.co.uk"))),
        (Rule::PublicSuffix, "a wildcard for `.COM.AU`", |it| beside(it, &dns("*.COM.AU"))),
        (Rule::AlternativeNamesCriticality, "critical names beside a subject", |it| {
            it.server.set_critical(&ALTERNATIVE_NAMES, true);
        }),
        (Rule::AlternativeNamesCriticality, "names of no subject that are not critical", |it| {
            it.server.subject = sequence(&[]);
        }),
        (Rule::CommonName, "a common name that is no alternative name", |it| {
            it.server.subject = name("other.example");
        }),
        (Rule::CommonName, "a common name in capitals", |it| {
            it.server.subject = name("DYNAMODB.us-east-1.amazonaws.com");
        }),
        (Rule::CommonName, "a common name in letters that are not ASCII", |it| {
            beside(it, &dns("xn--exmple-cua.com"));
            it.server.subject = name("exämple.com");
        }),
        (Rule::CommonName, "an address as common name in hexadecimal digits", |it| {
            beside(it, &primitive(7, &[10, 0, 0, 1]));
            it.server.subject = name("0xa.0.0.1");
        }),
        (Rule::CommonName, "an address as common name with leading zeros", |it| {
            beside(it, &primitive(7, &[10, 0, 0, 1]));
            it.server.subject = name("10.000.000.001");
        }),
        (Rule::CommonName, "an IPv6 address as common name in capitals", |it| {
            beside(it, &primitive(7, &[&[0xfd], [0; 14].as_slice(), &[0xa]].concat()));
            it.server.subject = name("FD00::A");
        }),
        (Rule::SubjectName, "a subject that is malformed", |it| {
            it.server.subject = sequence(&[&bytes(b"a server")]);
        }),
    ];
    let beside = beside.into_iter().flat_map(|(rule, name, change)| breaks(rule, name, change));
    beside.chain(others()).collect()
}

fn others() -> Vec<Row> {
    const OTHER: &str = "its certificate is for another name";
    vec![
        refused(OTHER, "no alternative names", |it| it.server.remove(&ALTERNATIVE_NAMES)),
        refused(OTHER, "alternative names of none", |it| {
            it.server.set(&ALTERNATIVE_NAMES, false, sequence(&[]));
        }),
        refused("(rule `alternative-names`)", "a wildcard of nothing", |it| beside(it, &dns("*."))),
        passes("an address of an endpoint", |it| {
            it.is_local = true;
            it.server.set(&ALTERNATIVE_NAMES, false, sequence(&[&primitive(7, &[127, 0, 0, 1])]));
        }),
        passes("an IPv6 address beside the host", |it| beside(it, &primitive(7, &[7; 16]))),
        passes("a wildcard of one label below a region", |it| {
            it.server.set(
                &ALTERNATIVE_NAMES,
                false,
                sequence(&[&dns("*.us-east-1.amazonaws.com")]),
            );
        }),
        passes("critical names of no subject", |it| {
            it.server.subject = sequence(&[]);
            it.server.set_critical(&ALTERNATIVE_NAMES, true);
        }),
        passes("the host as common name", |it| it.server.subject = name(HOST)),
        passes("an address as common name", |it| {
            beside(it, &primitive(7, &[10, 0, 0, 1]));
            it.server.subject = name("10.0.0.1");
        }),
        passes("a common name of words", |it| it.server.subject = name("Scylla, node no. 7")),
        passes("a label of 63 letters", |it| {
            beside(it, &dns(&format!("{}.example", "a".repeat(63))));
        }),
        passes("a name in punycode", |it| beside(it, &dns("xn--exmple-cua.com"))),
        passes("a mailbox beside the host", |it| beside(it, &primitive(1, b"a@example.com"))),
        passes("a URI beside the host", |it| beside(it, &primitive(6, b"spiffe://example/db"))),
        passes("a directory's name beside the host", |it| beside(it, &constructed(4, &name("a")))),
        passes("a name of another kind beside the host", |it| {
            let value = constructed(0, &primitive(6, b"x"));
            beside(it, &constructed(0, &[oid(&[1, 2, 3]), value].concat()));
        }),
        passes("a wildcard for a domain of no country", |it| beside(it, &dns("*.co.example"))),
        passes("a wildcard for a domain of a country", |it| beside(it, &dns("*.example.uk"))),
    ]
}

fn dns(name: &str) -> Vec<u8> {
    primitive(2, name.as_bytes())
}

/// Beside the host, which stays the server's.
fn beside(chain: &mut Chain, other: &[u8]) {
    chain.server.set(&ALTERNATIVE_NAMES, false, sequence(&[&dns(HOST), other]));
}
