use std::fmt;

use base64_simd::STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::endpoint::{Authority, Host};
use super::error::BuildError;
use crate::value::Sensitive;

/// An HTTP proxy that the client goes through, set in code: what the environment says of proxies has no effect.
///
/// It is asked for a tunnel by `CONNECT`, and TLS goes through the tunnel to the endpoint, whose certificate is
/// verified as without a proxy. So the proxy learns the endpoint's host and port, and no more. A proxy that ends TLS
/// itself shows a certificate of its own, and is refused unless [`Trust::private_ca`](super::Trust::private_ca) names
/// its authority.
///
/// Source: [RFC 9110, section 9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6).
///
/// ```
/// # use dynamo_runtime::client::Proxy;
/// # use dynamo_runtime::{Credentials, Region, SecureClient};
/// # async fn build() -> Result<(), dynamo_runtime::client::BuildError> {
/// let client = SecureClient::builder()
///     .region(Region::EU_CENTRAL_1)
///     .credentials(Credentials::environment())
///     .proxy(Proxy::connect("proxy.internal", 3128)?)
///     .build()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Proxy {
    authority: Authority,
    authorization: Option<Sensitive<String>>,
}

impl Proxy {
    /// A proxy by its host and port.
    ///
    /// ```
    /// use dynamo_runtime::client::Proxy;
    ///
    /// assert!(Proxy::connect("proxy.internal", 3128).is_ok());
    /// assert!(Proxy::connect("http://proxy.internal", 3128).is_err());
    /// ```
    ///
    /// # Errors
    /// The host is neither a lower-case host name nor an IP address, or the port is zero.
    pub fn connect(host: &str, port: u16) -> Result<Self, BuildError> {
        if port == 0 {
            return Err(BuildError::invalid("port", "0", "a port is between 1 and 65535"));
        }
        let authority = Authority { host: Host::parse(host)?, port };
        Ok(Self { authority, authorization: None })
    }

    /// Says to the proxy who asks, by HTTP's `Basic` scheme. The way to the proxy is not encrypted.
    ///
    /// ```
    /// use dynamo_runtime::client::Proxy;
    /// use dynamo_runtime::Sensitive;
    ///
    /// let password = Sensitive::new("hunter2".to_owned());
    /// let proxy = Proxy::connect("proxy.internal", 3128)?.basic_authorization("ann", &password)?;
    /// assert!(!format!("{proxy:?}").contains("hunter2"));
    /// # Ok::<(), dynamo_runtime::client::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// The user's name has a colon, or one of the two has a control character.
    pub fn basic_authorization(
        mut self,
        user: &str,
        password: &Sensitive<String>,
    ) -> Result<Self, BuildError> {
        let password = password.expose();
        if user.contains(':') || user.chars().chain(password.chars()).any(char::is_control) {
            return Err(BuildError::credentials(
                "the user of the proxy has no colon, and neither user nor password a control character",
            ));
        }
        let pair = STANDARD.encode_to_string(format!("{user}:{password}"));
        self.authorization = Some(Sensitive::new(format!("Basic {pair}")));
        Ok(self)
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Asks for a tunnel on a fresh connection.
    pub(super) async fn tunnel(
        &self,
        stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
        target: &Authority,
    ) -> Result<(), ProxyError> {
        let request = self.request(target);
        stream.write_all(request.as_bytes()).await.map_err(|_| ProxyError::Closed)?;
        let mut head = Vec::new();
        loop {
            let mut buffer = [0; 512];
            let read = stream.read(&mut buffer).await.map_err(|_| ProxyError::Closed)?;
            if read == 0 {
                return Err(ProxyError::Closed);
            }
            head.extend_from_slice(buffer.get(..read).unwrap_or_default());
            if let Some(verdict) = judge(&head) {
                return verdict;
            }
        }
    }

    fn request(&self, target: &Authority) -> String {
        let (host, port) = (&target.host, target.port);
        let authorization = match &self.authorization {
            Some(value) => format!("proxy-authorization: {}\r\n", value.expose()),
            None => String::new(),
        };
        format!("CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\n{authorization}\r\n")
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("authority", &self.authority).finish_non_exhaustive()
    }
}

/// The longest answer of a proxy, in bytes, with all that it says before its final response.
const HEAD_LIMIT: usize = 16 << 10;

/// Judges an answer as far as it has come; nothing where it is still incomplete.
///
/// It is a stranger's: only its status is believed, and no word of it is repeated.
fn judge(mut answer: &[u8]) -> Option<Result<(), ProxyError>> {
    if answer.len() > HEAD_LIMIT {
        return Some(Err(ProxyError::Malformed));
    }
    loop {
        let end = answer.windows(4).position(|it| it == b"\r\n\r\n")? + 4;
        let (head, rest) = answer.split_at_checked(end)?;
        match status(head) {
            // Interim responses come before the final one, whether they were asked for or not (RFC 9110, 15.2). A change
            // of the protocol is none of these, and was not asked for.
            Some(status) if status / 100 == 1 && status != 101 => answer = rest,
            // From the end of its head on it is a tunnel (9.3.6), in which the endpoint speaks second: what follows is
            // not the endpoint's.
            Some(status) if status / 100 == 2 && rest.is_empty() => return Some(Ok(())),
            Some(status) if status / 100 != 2 => return Some(Err(ProxyError::Status(status))),
            Some(_) | None => return Some(Err(ProxyError::Malformed)),
        }
    }
}

fn status(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(b"HTTP/1.1 ").or_else(|| head.strip_prefix(b"HTTP/1.0 "))?;
    let (digits, rest) = rest.split_at_checked(3)?;
    if !digits.iter().all(u8::is_ascii_digit) || !rest.starts_with(b" ") && !rest.starts_with(b"\r")
    {
        return None;
    }
    let status = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (100..600).contains(&status).then_some(status)
}

/// Why a proxy gave no tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProxyError {
    Closed,
    Status(u16),
    Malformed,
}

impl ProxyError {
    /// Whether another attempt may bring a tunnel.
    pub(super) fn is_transient(self) -> bool {
        match self {
            Self::Closed => true,
            Self::Status(status) => status >= 500,
            Self::Malformed => false,
        }
    }
}

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the proxy closed the connection"),
            Self::Status(407) => f.write_str(
                "the proxy answered with status 407: give it `.basic_authorization(user, &password)`",
            ),
            Self::Status(status) => write!(f, "the proxy answered with status {status}"),
            Self::Malformed => f.write_str("the proxy's answer is not one to `CONNECT`"),
        }
    }
}

impl std::error::Error for ProxyError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// By RFC 9110: any 2xx is a tunnel (section 9.3.6), interim responses are passed over (section 15.2).
    #[test]
    fn an_answer_is_a_status_of_success_and_nothing_after_its_head() {
        for tunnel in [
            "HTTP/1.1 200 Connection established\r\n\r\n",
            "HTTP/1.0 200 OK\r\nvia: x\r\n\r\n",
            "HTTP/1.1 200\r\n\r\n",
            "HTTP/1.1 201 Created\r\n\r\n",
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 299 x\r\n\r\n",
            // A client ignores the length that a proxy must not give.
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 102 x\r\na: b\r\n\r\nHTTP/1.1 103 y\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        ] {
            assert_eq!(judge(tunnel.as_bytes()), Some(Ok(())), "{tunnel:?}");
            for end in 0..tunnel.len() {
                assert_eq!(judge(&tunnel.as_bytes()[..end]), None, "{tunnel:?} until {end}");
            }
        }
        for malformed in [
            "HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 x\r\n\r\n\x16",
            "HTTP/1.1 100 Continue\r\n\r\n\x16\x03\x03\r\n\r\n",
            "HTTP/2 200 OK\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 +20 OK\r\n\r\n",
            "HTTP/1.1 000 x\r\n\r\n",
            "HTTP/1.1 099 x\r\n\r\n",
            "HTTP/1.1 600 x\r\n\r\n",
            "200 OK\r\n\r\n",
            "\r\n\r\n",
        ] {
            assert_eq!(
                judge(malformed.as_bytes()),
                Some(Err(ProxyError::Malformed)),
                "{malformed:?}"
            );
        }
        for status in [101, 300, 302, 399, 403, 407, 502] {
            for before in ["", "HTTP/1.1 100 Continue\r\n\r\n"] {
                let answer = format!("{before}HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n");
                assert_eq!(judge(answer.as_bytes()), Some(Err(ProxyError::Status(status))));
            }
        }
        assert_eq!(judge(&vec![b'x'; HEAD_LIMIT]), None);
        assert_eq!(judge(&vec![b'x'; HEAD_LIMIT + 1]), Some(Err(ProxyError::Malformed)));
        let endless = "HTTP/1.1 100 Continue\r\n\r\n".repeat(1 + HEAD_LIMIT / 25);
        assert_eq!(judge(endless.as_bytes()), Some(Err(ProxyError::Malformed)));
    }

    #[test]
    fn the_proxy_is_told_the_endpoint_and_nothing_else() {
        let target = Authority::https("dynamodb.us-east-1.amazonaws.com".to_owned());
        let proxy = Proxy::connect("proxy.internal", 3128).unwrap();
        assert_eq!(
            proxy.request(&target),
            "CONNECT dynamodb.us-east-1.amazonaws.com:443 HTTP/1.1\r\n\
             host: dynamodb.us-east-1.amazonaws.com:443\r\n\r\n"
        );
        let v6 = Authority { host: Host::parse("::1").unwrap(), port: 8000 };
        assert!(proxy.request(&v6).starts_with("CONNECT [::1]:8000 HTTP/1.1\r\n"));
        let known = proxy.basic_authorization("user", &"pass word".to_owned().into()).unwrap();
        let request = known.request(&target);
        assert!(request.ends_with("\r\nproxy-authorization: Basic dXNlcjpwYXNzIHdvcmQ=\r\n\r\n"));
        let shown = format!("{known:?}");
        assert!(shown.contains("proxy.internal"), "{shown}");
        assert!(!shown.contains("dXNl") && !shown.contains("pass"), "{shown}");
    }

    #[test]
    fn only_a_proxy_that_fails_is_asked_again() {
        assert!(ProxyError::Closed.is_transient());
        for (status, is_transient) in
            [(302, false), (407, false), (499, false), (500, true), (503, true)]
        {
            assert_eq!(ProxyError::Status(status).is_transient(), is_transient, "{status}");
        }
        assert!(!ProxyError::Malformed.is_transient());
    }

    #[test]
    fn a_proxy_is_a_host_and_a_port_and_its_user_no_header() {
        for host in ["http://proxy", "user@proxy", "proxy/", "PROXY", ""] {
            assert!(Proxy::connect(host, 3128).is_err(), "{host:?}");
        }
        assert!(Proxy::connect("proxy", 0).is_err());
        for (user, password) in [("a:b", "c"), ("a\r\nx: y", "c"), ("a", "c\n")] {
            let proxy = Proxy::connect("proxy", 3128).unwrap();
            let password = password.to_owned().into();
            let error = proxy.basic_authorization(user, &password).unwrap_err();
            assert!(error.is_credentials() && !error.to_string().contains("x: y"));
        }
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            judge(&bytes);
            judge(&[b"HTTP/1.1 ", &bytes[..]].concat());
            judge(&[&bytes[..], b"\r\n\r\n"].concat());
        }
    }
}
