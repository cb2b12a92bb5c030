//! Requests that mean one thing only.

use axum::extract::Request;
use axum::http::Version;
use axum::http::header::HOST;
use axum::http::uri::Uri;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Kind;

/// Refuses what two programs in a row might read differently, before any handler sees it.
pub(crate) async fn strict(request: Request, next: Next) -> Response {
    match check(&request) {
        Ok(()) => next.run(request).await,
        Err(kind) => kind.into_response(),
    }
}

fn check<B>(request: &axum::http::Request<B>) -> Result<(), Kind> {
    let uri = request.uri();
    // RFC 9112, section 3.2. In HTTP/2 the one name is `:authority`.
    let hosts = request.headers().get_all(HOST).iter().count();
    let is_one = match request.version() {
        Version::HTTP_2 => uri.authority().is_some() && hosts <= 1,
        _ => hosts == 1 && uri.scheme().is_none(),
    };
    if !is_one {
        return Err(Kind::InvalidHost);
    }
    if !is_plain(uri) {
        return Err(Kind::InvalidPath);
    }
    // No path takes one: what is in it would be in somebody's log.
    if uri.query().is_some() {
        return Err(Kind::InvalidQuery);
    }
    Ok(())
}

/// The paths of this service need no percent-encoding, so whatever has one is another text for
/// something: `%2F` for a slash, `%2e%2e` for a parent.
fn is_plain(uri: &Uri) -> bool {
    let path = uri.path();
    !path.contains(['%', '\\', ';'])
        && !path.contains("//")
        && !path.split('/').any(|segment| segment.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use axum::http;

    use super::*;

    fn checked(uri: &str) -> Result<(), Kind> {
        check(&http::Request::get(uri).header(HOST, "localhost").body(()).unwrap())
    }

    #[test]
    fn a_path_is_written_in_one_way() {
        for path in ["/", "/users", "/users/0b9f-8c1e", "/docs/swagger-ui.css"] {
            assert_eq!(checked(path), Ok(()), "{path}");
        }
        for path in [
            "/users%2Fsearch",
            "/users/%2e%2e/admin",
            "/users/%61",
            "//users",
            "/users//search",
            "/users.",
            "/users./x",
            "/users/..",
            "/./users",
            "/users;v=1",
            "/users\\search",
        ] {
            assert_eq!(checked(path), Err(Kind::InvalidPath), "{path}");
        }
    }

    #[test]
    fn there_is_no_query() {
        for path in ["/users?", "/users?a=1", "/users?a=1&a=2", "/healthz?token=x"] {
            assert_eq!(checked(path), Err(Kind::InvalidQuery), "{path}");
        }
    }

    #[test]
    fn there_is_one_host() {
        let with = |hosts: &[&str]| {
            let request = http::Request::get("/users");
            let request = hosts.iter().fold(request, |request, host| request.header(HOST, *host));
            check(&request.body(()).unwrap())
        };
        assert_eq!(with(&["a"]), Ok(()));
        assert_eq!(with(&[]), Err(Kind::InvalidHost));
        assert_eq!(with(&["a", "a"]), Err(Kind::InvalidHost));
        assert_eq!(checked("http://elsewhere.example/users"), Err(Kind::InvalidHost));
    }
}
