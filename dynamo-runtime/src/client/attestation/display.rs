//! The attestation for people.

use std::fmt;
use std::time::SystemTime;

use super::{Attestation, AttestedHost, AttestedTrust, hex};
use crate::value::Timestamp;

/// A line for each thing that is trusted, limited or was met.
impl fmt::Display for Attestation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (statement, limits) = (&self.statement, self.limits());
        writeln!(f, "at {}", time(Some(self.at)))?;
        let (region, version) = (self.region(), self.tls_floor().version());
        writeln!(f, "DynamoDB of {region} at {}, by TLS {version} or newer", self.authority())?;
        if let Some(proxy) = self.proxy() {
            writeln!(f, "proxy: {proxy}")?;
        }
        let (host, search) = (&statement.host, &statement.search);
        host.trust.show("", f)?;
        writeln!(f, "response checksum: {}", checksum(host))?;
        match search {
            Some(search) => {
                writeln!(f, "searches at {}", search.authority)?;
                if search.trust != host.trust {
                    search.trust.show("search ", f)?;
                }
                writeln!(f, "search response checksum: {}", checksum(search))?;
            }
            None => writeln!(f, "searches: none are sent, since the code does not say where to")?,
        }
        let keys = self.credentials();
        writeln!(
            f,
            "credentials: {}, held since {}, expire {}, {} failures",
            keys.source,
            time(keys.held_since),
            time(keys.expire),
            keys.failures
        )?;
        writeln!(
            f,
            "limits: connect {:?}, response {:?}, deadline {:?}, {} attempts, {} connections",
            limits.connect, limits.response, limits.deadline, limits.attempts, limits.connections
        )?;
        let (connections, refusals) = (self.connections(), self.refusals());
        writeln!(f, "connections: {} opened, {} open", connections.opened, connections.open)?;
        writeln!(
            f,
            "refused: {} connections, {} requests, {} responses, {} credentials",
            refusals.connections, refusals.requests, refusals.responses, refusals.credentials
        )?;
        for variable in self.variables() {
            let place = variable.place.as_deref().map(|it| format!(" ({it})")).unwrap_or_default();
            writeln!(f, "variable {}{place}: {}", variable.name, variable.outcome.name())?;
        }
        for seen in self.peers() {
            let peer = &seen.peer;
            writeln!(
                f,
                "last peer of {}, at {}: {}, {} {} {}, certificate {}, root {}, stapled until {}",
                seen.authority,
                time(Some(seen.at)),
                peer.remote_address(),
                peer.tls_version(),
                peer.cipher_suite(),
                peer.key_exchange_group(),
                hex(peer.certificate_sha256()),
                hex(peer.root_public_key_sha256()),
                time(peer.stapled_until()),
            )?;
        }
        Ok(())
    }
}

impl AttestedTrust {
    fn show(&self, of: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{of}trust: {}", self.name)?;
        for root in &self.roots {
            let (key, expires) = (hex(&root.public_key_sha256), time(root.expires));
            writeln!(f, "  root {}, key {key}, expires {expires}", root.subject)?;
        }
        for list in &self.revocation_lists {
            let number = list.number.as_deref().unwrap_or("none");
            let (issued, expires) = (time(Some(list.issued)), time(Some(list.expires)));
            writeln!(
                f,
                "  revocation list of {}, number {number}, issued {issued}, expires {expires}",
                list.issuer
            )?;
        }
        for pin in &self.pins {
            let (key, expires) = (hex(&pin.public_key_sha256), time(pin.expires));
            writeln!(f, "  pinned key {key}, expires {expires}")?;
        }
        for rule in self.profile.tolerated() {
            writeln!(f, "  tolerated rule {rule}")?;
        }
        let intermediates = self.profile.intermediates();
        writeln!(f, "  at most {intermediates} intermediate certificates")
    }
}

fn checksum(host: &AttestedHost) -> &'static str {
    if host.is_crc_required { "required" } else { "checked where there is one" }
}

/// A time, or that there is none.
fn time(time: Option<SystemTime>) -> String {
    let time = time.and_then(|time| Timestamp::try_from(time).ok());
    time.map_or_else(|| "-".to_owned(), |time| time.to_string())
}
