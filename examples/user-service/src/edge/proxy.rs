//! Who sent a request, and whether it came over TLS: from the connection, or from a proxy that the
//! configuration names.

mod forwarded;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{FORWARDED, HeaderName};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;

use crate::problem::Kind;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The proxies that are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxies {
    /// Their addresses.
    pub networks: Vec<IpNet>,
    /// Which headers they set. What they do not set they pass on as a client wrote it, so nothing
    /// else is read.
    pub by: ForwardedBy,
}

/// The headers by which a proxy says whose request it passes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForwardedBy {
    /// `X-Forwarded-Proto` and `X-Forwarded-For`.
    XForwarded,
    /// `Forwarded`, of RFC 7239.
    Forwarded,
}

impl Proxies {
    fn contain(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// The client of a request that a proxy passed on.
    fn client(&self, headers: &HeaderMap) -> Result<IpAddr, Kind> {
        match self.by {
            ForwardedBy::XForwarded => {
                // A list would say what the proxy was told, beside what it knows.
                let mut protocols = headers.get_all(X_FORWARDED_PROTO).iter();
                let is_https = protocols.next().is_some_and(|value| value == "https");
                if !is_https || protocols.next().is_some() {
                    return Err(Kind::NotOverTls);
                }
                // Each hop appends the address that it saw, so the last is the proxy's own word.
                let last = headers.get_all(X_FORWARDED_FOR).iter().next_back();
                let last =
                    last.and_then(|value| value.to_str().ok()).ok_or(Kind::NoClientAddress)?;
                let last = last.rsplit(',').next().unwrap_or_default().trim();
                address(last).ok_or(Kind::NoClientAddress)
            }
            ForwardedBy::Forwarded => {
                let mut values = headers.get_all(FORWARDED).iter();
                let value = values.next().and_then(|value| value.to_str().ok());
                let (Some(value), None) = (value, values.next()) else {
                    return Err(Kind::NotOverTls);
                };
                let hop = forwarded::last_hop(value).ok_or(Kind::NotOverTls)?;
                if hop.protocol.as_deref() != Some("https") {
                    return Err(Kind::NotOverTls);
                }
                hop.client.as_deref().and_then(address).ok_or(Kind::NoClientAddress)
            }
        }
    }
}

/// An address with or without a port, an IPv6 address with a port in brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: Option<IpAddr> = text.parse().ok();
    let address = address.or_else(bracketed);
    let address = address.or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()));
    address.map(|address| address.to_canonical())
}

/// The connection that a request came by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival {
    pub(super) peer: SocketAddr,
    pub(super) is_tls: bool,
}

/// The address of the client, its proxy's word where there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Lets a request in that came over TLS all the way; of any other nothing is answered but this.
pub(crate) async fn came_over_tls(
    State(proxies): State<Arc<Option<Proxies>>>,
    mut request: Request,
    next: Next,
) -> Response {
    let arrival = request.extensions().get::<Arrival>().copied();
    let client = arrival
        .ok_or(Kind::NotOverTls)
        .and_then(|arrival| client(Option::as_ref(&proxies), arrival, request.headers()));
    match client {
        Ok(client) => {
            request.extensions_mut().insert(ClientAddress(client));
            next.run(request).await
        }
        Err(kind) => kind.into_response(),
    }
}

fn client(
    proxies: Option<&Proxies>,
    arrival: Arrival,
    headers: &HeaderMap,
) -> Result<IpAddr, Kind> {
    let peer = arrival.peer.ip().to_canonical();
    match proxies.filter(|proxies| proxies.contain(peer)) {
        // Its own TLS to us says nothing of how the request came to it.
        Some(proxies) => proxies.client(headers),
        None if arrival.is_tls => Ok(peer),
        None => Err(Kind::NotOverTls),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1:4000";
    const STRANGER: &str = "192.0.2.9:4000";

    fn from(
        peer: &str,
        is_tls: bool,
        by: ForwardedBy,
        headers: &[(&'static str, &str)],
    ) -> Result<String, Kind> {
        let proxies = Proxies { networks: vec!["10.0.0.0/8".parse().unwrap()], by };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let arrival = Arrival { peer: peer.parse().unwrap(), is_tls };
        client(Some(&proxies), arrival, &map).map(|address| address.to_string())
    }

    const PROTO: &str = "x-forwarded-proto";
    const FOR: &str = "x-forwarded-for";

    #[test]
    fn a_stranger_is_who_it_is_whatever_it_says() {
        let claims = [(PROTO, "https"), (FOR, "198.51.100.1"), ("forwarded", "proto=https")];
        for by in [ForwardedBy::XForwarded, ForwardedBy::Forwarded] {
            assert_eq!(from(STRANGER, true, by, &claims), Ok("192.0.2.9".to_owned()));
            assert_eq!(from(STRANGER, false, by, &claims), Err(Kind::NotOverTls));
            assert_eq!(from(STRANGER, true, by, &[(PROTO, "http")]), Ok("192.0.2.9".to_owned()));
            assert_eq!(from("[::ffff:192.0.2.9]:1", true, by, &[]), Ok("192.0.2.9".to_owned()));
        }
        let nobody = Arrival { peer: PROXY.parse().unwrap(), is_tls: false };
        let refused = client(None, nobody, &HeaderMap::new());
        assert_eq!(refused, Err(Kind::NotOverTls), "without proxies nothing plain is let in");
    }

    #[test]
    fn a_proxy_says_https_once_or_the_request_is_refused() {
        let is = |headers: &[_]| from(PROXY, false, ForwardedBy::XForwarded, headers);
        let one = (FOR, "198.51.100.1");
        assert_eq!(is(&[(PROTO, "https"), one]), Ok("198.51.100.1".to_owned()));
        assert_eq!(
            from(
                "[::ffff:10.0.0.1]:4000",
                false,
                ForwardedBy::XForwarded,
                &[(PROTO, "https"), one]
            ),
            Ok("198.51.100.1".to_owned())
        );
        for headers in [
            &[one][..],
            &[(PROTO, "http"), one],
            &[(PROTO, ""), one],
            &[(PROTO, "HTTPS"), one],
            &[(PROTO, "https,https"), one],
            &[(PROTO, "https, http"), one],
            &[(PROTO, "http, https"), one],
            &[(PROTO, "https"), (PROTO, "https"), one],
            &[(PROTO, "http"), (PROTO, "https"), one],
            &[("forwarded", "for=198.51.100.1;proto=https")],
        ] {
            assert_eq!(is(headers), Err(Kind::NotOverTls), "{headers:?}");
            let by_tls = from(PROXY, true, ForwardedBy::XForwarded, headers);
            assert_eq!(by_tls, Err(Kind::NotOverTls), "its own TLS does not help: {headers:?}");
        }
    }

    #[test]
    fn the_last_hop_alone_is_believed() {
        let is = |value: &str| {
            from(PROXY, false, ForwardedBy::XForwarded, &[(PROTO, "https"), (FOR, value)])
        };
        assert_eq!(is("203.0.113.7, 198.51.100.1"), Ok("198.51.100.1".to_owned()));
        assert_eq!(is("x, 2001:db8::1"), Ok("2001:db8::1".to_owned()));
        assert_eq!(is("[2001:db8::1]:443"), Ok("2001:db8::1".to_owned()));
        assert_eq!(is("198.51.100.1:5"), Ok("198.51.100.1".to_owned()));
        for value in ["", "unknown", "198.51.100.1,", "198.51.100.1, x", "198.51.100", "a b"] {
            assert_eq!(is(value), Err(Kind::NoClientAddress), "{value}");
        }
        let two = [(PROTO, "https"), (FOR, "203.0.113.7"), (FOR, "198.51.100.1")];
        let last = from(PROXY, false, ForwardedBy::XForwarded, &two);
        assert_eq!(last, Ok("198.51.100.1".to_owned()));
        let none = from(PROXY, false, ForwardedBy::XForwarded, &[(PROTO, "https")]);
        assert_eq!(none, Err(Kind::NoClientAddress));
    }

    #[test]
    fn forwarded_is_read_by_its_last_element() {
        let is = |value: &str| from(PROXY, false, ForwardedBy::Forwarded, &[("forwarded", value)]);
        for value in [
            "for=198.51.100.1;proto=https",
            "For=198.51.100.1; Proto=HTTPS",
            "proto=http;for=203.0.113.7, for=\"198.51.100.1:80\";proto=https",
            "for=\"a,proto=http\", by=_x;proto=\"https\";for=198.51.100.1",
        ] {
            assert_eq!(is(value), Ok("198.51.100.1".to_owned()), "{value}");
        }
        let six = "for=\"[2001:db8::1]:4711\";proto=https";
        assert_eq!(is(six), Ok("2001:db8::1".to_owned()));
        for value in [
            "",
            "proto=http;for=198.51.100.1",
            "for=198.51.100.1",
            "proto=https;for=203.0.113.7, for=198.51.100.1",
            "proto=https;for=203.0.113.7,",
            "proto=http;proto=https;for=198.51.100.1",
            "proto=https;for=\"198.51.100.1",
            "proto = https",
            "proto=https;;for=198.51.100.1",
            "https",
        ] {
            assert_eq!(is(value), Err(Kind::NotOverTls), "{value}");
        }
        for value in ["proto=https", "proto=https;for=unknown", "proto=https;for=_hidden"] {
            assert_eq!(is(value), Err(Kind::NoClientAddress), "{value}");
        }
        let good = ("forwarded", "for=198.51.100.1;proto=https");
        let doubled = from(PROXY, false, ForwardedBy::Forwarded, &[good, good]);
        assert_eq!(doubled, Err(Kind::NotOverTls));
        let other = [(PROTO, "https"), (FOR, "198.51.100.1")];
        assert_eq!(from(PROXY, false, ForwardedBy::Forwarded, &other), Err(Kind::NotOverTls));
    }
}
