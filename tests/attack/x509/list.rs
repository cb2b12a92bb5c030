//! Revocation lists.

use super::chain::{Draft, algorithm, signed};
use super::der::{bytes, constructed, flag, generalized, integer, oid, primitive, sequence, utc};
use super::{AUTHORITY_KEY, x509};

#[derive(Clone)]
pub struct List {
    pub number: Option<Vec<u8>>,
    pub is_number_critical: bool,
    pub has_key: bool,
    pub this_update: Vec<u8>,
    pub next_update: Vec<u8>,
    pub revoked: Vec<u8>,
    /// Whether it is for the certificates of servers alone.
    pub is_for_servers: bool,
    /// The value of an extension that is not known, which is critical.
    pub unknown: Option<Vec<u8>>,
}

impl List {
    /// A current list of this number that revokes these serial numbers.
    pub fn new(number: u8, revoked: &[u8]) -> Self {
        Self {
            number: Some(vec![number]),
            is_number_critical: false,
            has_key: true,
            this_update: utc(&format!("2001{number:02}000000Z")),
            next_update: generalized("21200101000000Z"),
            revoked: revoked.to_vec(),
            is_for_servers: false,
            unknown: None,
        }
    }

    pub fn signed_by(&self, issuer: &Draft) -> Vec<u8> {
        let entry = |serial: &u8| sequence(&[&integer(&[*serial]), &utc("200101000000Z")]);
        let entries: Vec<u8> = self.revoked.iter().flat_map(entry).collect();
        let entries = if entries.is_empty() { entries } else { sequence(&[&entries]) };
        let mut extensions = Vec::new();
        if self.has_key {
            let key = sequence(&[&primitive(0, &issuer.key_identifier())]);
            extensions.extend(sequence(&[&oid(&AUTHORITY_KEY), &bytes(&key)]));
        }
        if let Some(number) = &self.number {
            let critical = if self.is_number_critical { flag(true) } else { Vec::new() };
            let number = bytes(&integer(number));
            extensions.extend(sequence(&[&oid(&x509(20)), &critical, &number]));
        }
        if self.is_for_servers {
            let uri = constructed(0, &primitive(6, b"http://ca.example/servers.crl"));
            let scope = sequence(&[&constructed(0, &uri), &primitive(1, &[0xff])]);
            extensions.extend(sequence(&[&oid(&x509(28)), &flag(true), &bytes(&scope)]));
        }
        if let Some(unknown) = &self.unknown {
            let id = oid(&[1, 3, 6, 1, 4, 1, 1]);
            extensions.extend(sequence(&[&id, &flag(true), &bytes(unknown)]));
        }
        let data = sequence(&[
            &integer(&[1]),
            &algorithm(&issuer.key),
            &issuer.subject,
            &self.this_update,
            &self.next_update,
            &entries,
            &constructed(0, &sequence(&[&extensions])),
        ]);
        signed(&data, &issuer.key)
    }
}
