//! Names that are not the host's.

use std::net::Ipv4Addr;

use dynamo_runtime::Endpoint;
use rcgen::{CertificateParams, DnType, SanType};

use super::super::responses::success;
use super::{HOST, with_leaf};
use crate::account::client;
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Row, Section};
use crate::server::{answering, configuration};

const SAYS: &str = "its certificate is for another name";

/// What is changed of a leaf that is right.
type Change = fn(&mut CertificateParams);

pub fn rows() -> Vec<Row> {
    let rows: [(&str, Change); 18] = [
        ("another host", |leaf| dns(leaf, "example.com")),
        ("another region", |leaf| dns(leaf, "dynamodb.us-west-2.amazonaws.com")),
        ("another service", |leaf| dns(leaf, "sts.us-east-1.amazonaws.com")),
        ("the parent domain", |leaf| dns(leaf, "us-east-1.amazonaws.com")),
        ("a wildcard of two labels", |leaf| dns(leaf, "*.amazonaws.com")),
        ("two wildcards", |leaf| dns(leaf, "*.*.amazonaws.com")),
        ("a partial wildcard", |leaf| dns(leaf, "d*.us-east-1.amazonaws.com")),
        ("a partial wildcard at the end", |leaf| dns(leaf, "*b.us-east-1.amazonaws.com")),
        ("a wildcard in the middle", |leaf| dns(leaf, "dynamodb.*.amazonaws.com")),
        ("a wildcard for everything", |leaf| dns(leaf, "*")),
        ("the host before a suffix", |leaf| {
            dns(leaf, "dynamodb.us-east-1.amazonaws.com.evil.example");
        }),
        ("the host after a prefix", |leaf| dns(leaf, "evil-dynamodb.us-east-1.amazonaws.com")),
        ("a NUL after the host", |leaf| {
            dns(leaf, "dynamodb.us-east-1.amazonaws.com\0.evil.example");
        }),
        ("a space after the host", |leaf| dns(leaf, "dynamodb.us-east-1.amazonaws.com ")),
        ("an IP address", |leaf| {
            leaf.subject_alt_names = vec![SanType::IpAddress(Ipv4Addr::LOCALHOST.into())];
        }),
        ("the host as a URI", |leaf| {
            let uri = format!("https://{HOST}/").try_into().unwrap();
            leaf.subject_alt_names = vec![SanType::URI(uri)];
        }),
        ("the host in the common name only", |leaf| {
            leaf.subject_alt_names.clear();
            leaf.distinguished_name.push(DnType::CommonName, HOST);
        }),
        ("the host in the common name, another beside it", |leaf| {
            dns(leaf, "example.com");
            leaf.distinguished_name.push(DnType::CommonName, HOST);
        }),
    ];
    let row = |(name, change)| with_leaf(name, SAYS, change);
    rows.into_iter().map(row).chain(addresses()).collect()
}

/// An endpoint that is an address.
fn addresses() -> [Row; 2] {
    let row = |name: &str, change: Change| {
        let expected = Expected::Refused(SAYS.to_owned());
        Row::new(Section::Certificate, name, expected, move |call| async move {
            let root = root();
            let mut leaf = leaf("localhost");
            change(&mut leaf);
            let config = configuration(Identity::new(&leaf, &root));
            let (port, tally) = answering(config, success(b"{}")).await;
            let endpoint = Endpoint::compatible("127.0.0.1", port).unwrap();
            call.send(client(port, trust(&root)).endpoint(endpoint), &tally).await
        })
    };
    [
        row("another address", |leaf| {
            leaf.subject_alt_names = vec![SanType::IpAddress(Ipv4Addr::new(127, 0, 0, 2).into())];
        }),
        row("the address as a name", |leaf| dns(leaf, "127.0.0.1")),
    ]
}

fn dns(leaf: &mut CertificateParams, name: &str) {
    leaf.subject_alt_names = vec![SanType::DnsName(name.try_into().unwrap())];
}
