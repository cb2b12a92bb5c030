//! The one point that every request passes last, before DNS and TCP.

use std::fmt;

use http::header::{AsHeaderName, HOST};
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, Method};

use super::api::Api;

pub(super) const TARGET: &str = "x-amz-target";

/// What was wrong with a request that a misled layer above made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    NotHttps,
    OtherAuthority,
    OtherPath,
    NotPost,
    HostDisagrees,
    OtherTarget,
    NoCall,
    Malformed,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotHttps => "its scheme is not https",
            Self::OtherAuthority => "its authority is not the client's endpoint",
            Self::OtherPath => "its path is not `/`",
            Self::NotPost => "its method is not POST",
            Self::HostDisagrees => "its Host header is not exactly the endpoint",
            Self::OtherTarget => "its target is not the operation that was called",
            Self::Malformed => "it is no HTTP request",
            Self::NoCall => "it was not made by a call of this client",
        })
    }
}

/// Admits the one shape that a request of `api` has.
pub(super) fn admit(request: &Parts, authority: &str, api: Api) -> Result<(), Refusal> {
    let uri = &request.uri;
    if uri.scheme() != Some(&Scheme::HTTPS) {
        return Err(Refusal::NotHttps);
    }
    if uri.authority().map(http::uri::Authority::as_str) != Some(authority) {
        return Err(Refusal::OtherAuthority);
    }
    if uri.path_and_query().map(http::uri::PathAndQuery::as_str) != Some("/") {
        return Err(Refusal::OtherPath);
    }
    if request.method != Method::POST {
        return Err(Refusal::NotPost);
    }
    if request.headers.contains_key(HOST)
        && only(&request.headers, HOST) != Some(authority.as_bytes())
    {
        return Err(Refusal::HostDisagrees);
    }
    if only(&request.headers, TARGET) != Some(api.target().as_bytes()) {
        return Err(Refusal::OtherTarget);
    }
    Ok(())
}

/// The value of a header that occurs exactly once.
fn only(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&[u8]> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then_some(value.as_bytes())
}

#[cfg(test)]
mod tests {
    use http::request::Builder;

    use super::*;

    const AUTHORITY: &str = "dynamodb.us-east-1.amazonaws.com";
    const URI: &str = "https://dynamodb.us-east-1.amazonaws.com/";

    fn request(uri: &str) -> Builder {
        http::Request::post(uri).header(TARGET, "DynamoDB_20120810.GetItem")
    }

    fn verdict(request: Builder) -> Result<(), Refusal> {
        admit(&request.body(()).unwrap().into_parts().0, AUTHORITY, Api::GetItem)
    }

    #[test]
    fn the_one_shape_is_admitted() {
        assert_eq!(verdict(request(URI)), Ok(()));
        assert_eq!(verdict(request(URI).header(HOST, AUTHORITY)), Ok(()));
    }

    #[test]
    fn another_scheme_authority_path_or_method_is_refused() {
        let http = URI.replace("https", "http");
        assert_eq!(verdict(request(&http)), Err(Refusal::NotHttps));
        assert_eq!(verdict(request("/")), Err(Refusal::NotHttps));
        for authority in [
            "evil.example",
            "user@dynamodb.us-east-1.amazonaws.com",
            "dynamodb.us-east-1.amazonaws.com:443",
            "DYNAMODB.us-east-1.amazonaws.com",
            "dynamodb.us-east-1.amazonaws.com.",
            "dynamodb.us-east-1.amazonaws.com.evil.example",
        ] {
            let uri = format!("https://{authority}/");
            assert_eq!(verdict(request(&uri)), Err(Refusal::OtherAuthority), "{authority}");
        }
        for path in ["/x", "//", "/?a=b", "/?"] {
            let uri = format!("https://{AUTHORITY}{path}");
            assert_eq!(verdict(request(&uri)), Err(Refusal::OtherPath), "{path}");
        }
        for method in [Method::GET, Method::PUT, Method::CONNECT] {
            assert_eq!(verdict(request(URI).method(method)), Err(Refusal::NotPost));
        }
    }

    #[test]
    fn host_and_target_agree_and_occur_once() {
        assert_eq!(verdict(request(URI).header(HOST, "evil.example")), Err(Refusal::HostDisagrees));
        let twice = request(URI).header(HOST, AUTHORITY).header(HOST, AUTHORITY);
        assert_eq!(verdict(twice), Err(Refusal::HostDisagrees));
        let none = http::Request::post(URI);
        assert_eq!(verdict(none), Err(Refusal::OtherTarget));
        for target in ["DynamoDB_20120810.PutItem", "DynamoDBStreams_20120810.GetItem", "GetItem"] {
            assert_eq!(
                verdict(http::Request::post(URI).header(TARGET, target)),
                Err(Refusal::OtherTarget)
            );
        }
        let twice = request(URI).header(TARGET, "DynamoDB_20120810.GetItem");
        assert_eq!(verdict(twice), Err(Refusal::OtherTarget));
    }
}
