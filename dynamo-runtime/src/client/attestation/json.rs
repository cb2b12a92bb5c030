//! The attestation as JSON.

use std::time::{Duration, SystemTime};

use super::{
    Attestation, AttestedHost, AttestedTrust, Keys, Peer, Pin, RevocationList, Root, Statement,
    Variable, hex,
};
use crate::codec::Writer;
use crate::value::Timestamp;

impl Attestation {
    /// As one JSON object, whose members have the names of the getters.
    ///
    /// Times are in UTC as `2026-11-23T19:55:13.123456Z`, limits in milliseconds, hashes in hexadecimal digits; what is not
    /// there is `null`. Members are added in later versions, and none is renamed.
    pub fn to_json(&self) -> String {
        let mut json = Json(Writer::with_capacity(4096));
        json.object(|json| self.write(json));
        // It is text, of pieces that are text.
        String::from_utf8_lossy(json.0.as_bytes()).into_owned()
    }

    fn write(&self, json: &mut Json) {
        let Self { at, statement, credentials, connections, refusals, variables, peers } = self;
        json.time("at", Some(*at));
        statement.write(json);
        json.member("credentials", |json| credentials.write(json));
        json.member("connections", |json| {
            json.number("opened", connections.opened);
            json.number("open", connections.open as u64);
        });
        json.member("refusals", |json| {
            json.number("connections", refusals.connections);
            json.number("requests", refusals.requests);
            json.number("responses", refusals.responses);
            json.number("credentials", refusals.credentials);
        });
        json.list("variables", variables, Variable::write);
        json.list("peers", peers, Peer::write);
    }
}

impl Statement {
    fn write(&self, json: &mut Json) {
        json.text("region", Some(self.region.name()));
        json.text("partition", Some(self.region.partition().name()));
        json.text("authority", Some(&self.host.authority));
        json.text("proxy", self.proxy.as_deref());
        self.host.trust.write(json);
        json.text("tls_floor", Some(self.tls_floor.version()));
        self.host.trust.write_profile(json);
        json.flag("crc_required", self.host.is_crc_required);
        match &self.search {
            Some(search) => json.member("search", |json| search.write(json)),
            None => json.text("search", None),
        }
        json.member("limits", |json| {
            json.milliseconds("connect", self.limits.connect);
            json.milliseconds("response", self.limits.response);
            json.milliseconds("deadline", self.limits.deadline);
            json.number("attempts", self.limits.attempts.into());
            json.number("connections", self.limits.connections as u64);
        });
    }
}

impl AttestedHost {
    fn write(&self, json: &mut Json) {
        json.text("authority", Some(&self.authority));
        self.trust.write(json);
        self.trust.write_profile(json);
        json.flag("crc_required", self.is_crc_required);
    }
}

impl AttestedTrust {
    fn write(&self, json: &mut Json) {
        json.text("trust", Some(self.name));
        json.list("roots", &self.roots, Root::write);
        json.list("revocation_lists", &self.revocation_lists, RevocationList::write);
        json.list("pins", &self.pins, Pin::write);
    }

    fn write_profile(&self, json: &mut Json) {
        json.member("certificate_profile", |json| {
            let tolerated = self.profile.tolerated().iter().map(|rule| rule.name());
            json.0.member("tolerated");
            json.0.begin_array();
            for rule in tolerated {
                json.0.separate();
                json.0.json_string(rule);
            }
            json.0.end_array();
            json.number("max_intermediates", self.profile.intermediates() as u64);
        });
    }
}

impl Root {
    fn write(&self, json: &mut Json) {
        json.text("subject", Some(&self.subject));
        json.text("public_key_sha256", Some(&hex(&self.public_key_sha256)));
        json.time("expires", self.expires);
    }
}

impl RevocationList {
    fn write(&self, json: &mut Json) {
        json.text("issuer", Some(&self.issuer));
        json.text("number", self.number.as_deref());
        json.time("issued", Some(self.issued));
        json.time("expires", Some(self.expires));
        json.text("sha256", Some(&hex(&self.sha256)));
    }
}

impl Pin {
    fn write(&self, json: &mut Json) {
        json.text("public_key_sha256", Some(&hex(&self.public_key_sha256)));
        json.time("expires", self.expires);
    }
}

impl Keys {
    fn write(&self, json: &mut Json) {
        json.text("source", Some(&self.source));
        json.time("held_since", self.held_since);
        json.time("expire", self.expire);
        json.number("failures", self.failures.into());
    }
}

impl Variable {
    fn write(&self, json: &mut Json) {
        json.text("name", Some(&self.name));
        json.text("place", self.place.as_deref());
        json.text("outcome", Some(self.outcome.name()));
    }
}

impl Peer {
    fn write(&self, json: &mut Json) {
        let Self { authority, at, peer } = self;
        json.text("authority", Some(authority));
        json.time("at", Some(*at));
        json.text("remote_address", Some(&peer.remote_address().to_string()));
        json.text("tls_version", Some(peer.tls_version()));
        json.text("cipher_suite", Some(peer.cipher_suite()));
        json.text("key_exchange_group", Some(peer.key_exchange_group()));
        json.text("certificate_sha256", Some(&hex(peer.certificate_sha256())));
        json.text("public_key_sha256", Some(&hex(peer.public_key_sha256())));
        json.text("root_public_key_sha256", Some(&hex(peer.root_public_key_sha256())));
        json.time("stapled_until", peer.stapled_until());
        json.flag("client_certificate_requested", peer.is_client_certificate_requested());
    }
}

/// Members of an object, one after the other.
struct Json(Writer);

impl Json {
    fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.0.begin_object();
        members(self);
        self.0.end_object();
    }

    fn member(&mut self, name: &str, members: impl FnOnce(&mut Self)) {
        self.0.member(name);
        self.object(members);
    }

    fn list<T>(&mut self, name: &str, values: &[T], write: impl Fn(&T, &mut Self)) {
        self.0.member(name);
        self.0.begin_array();
        for value in values {
            self.0.separate();
            self.object(|json| write(value, json));
        }
        self.0.end_array();
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        self.0.member(name);
        match text {
            Some(text) => self.0.json_string(text),
            None => self.0.raw(b"null"),
        }
    }

    fn number(&mut self, name: &str, number: u64) {
        self.0.member(name);
        self.0.json_u64(number);
    }

    fn flag(&mut self, name: &str, value: bool) {
        self.0.member(name);
        self.0.json_bool(value);
    }

    fn milliseconds(&mut self, name: &str, limit: Duration) {
        self.number(name, u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
    }

    /// A time outside of the years that a timestamp has is none.
    fn time(&mut self, name: &str, time: Option<SystemTime>) {
        let time = time.and_then(|time| Timestamp::try_from(time).ok());
        self.text(name, time.map(|time| time.to_string()).as_deref());
    }
}
