//! The one point that every request passes last, before DNS and TCP: one shape for each purpose.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::header::{AsHeaderName, HOST};
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderMap, HeaderName, Method};

use super::api::Api;

pub(super) const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// What a request is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose<'a> {
    /// An operation of DynamoDB, asked of the authority that is there for it.
    Operation { authority: &'a str, serves: Served, api: Api },
    /// A role's keys, asked of STS in the client's region.
    Sts { authority: &'a str },
    /// A role's keys, asked of IAM Identity Center.
    RoleCredentials { authority: &'a str },
    /// The keys of an instance, a task or a pod: the one plain HTTP that there is.
    Metadata,
}

/// Which operations go to an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Served {
    /// An engine that answers searches in the same place as all else.
    Everything,
    AllButSearches,
    SearchesAlone,
}

impl Served {
    fn has(self, api: Api) -> bool {
        match self {
            Self::Everything => true,
            Self::AllButSearches => !api.is_search(),
            Self::SearchesAlone => api.is_search(),
        }
    }
}

/// What was wrong with a request that a misled layer above made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    OtherScheme,
    OtherAuthority,
    OtherPath,
    OtherMethod,
    HostDisagrees,
    OtherTarget,
    NotServed,
    NotSts,
    NotLinkLocal,
    Malformed,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherScheme => "its scheme is not the one for its purpose",
            Self::OtherAuthority => "its authority is not the one for its purpose",
            Self::OtherPath => "its path is not the one for its purpose",
            Self::OtherMethod => "its method is not the one for its purpose",
            Self::HostDisagrees => "its Host header is not exactly its authority",
            Self::OtherTarget => "its target is not the operation that was called",
            Self::NotServed => "its operation is not one that goes to its authority",
            Self::NotSts => "it is not for STS in the client's region",
            Self::NotLinkLocal => "plain HTTP goes to the link-local addresses of roles only",
            Self::Malformed => "it is no HTTP request",
        })
    }
}

/// Admits the one shape that a request for this purpose has.
pub(super) fn admit(request: &Parts, purpose: Purpose<'_>) -> Result<(), Refusal> {
    match purpose {
        Purpose::Operation { authority, serves, api } => {
            if !serves.has(api) {
                return Err(Refusal::NotServed);
            }
            admit_post(request, authority)?;
            // It is there that the authority goes out.
            if only(&request.headers, HOST) != Some(authority.as_bytes()) {
                return Err(Refusal::HostDisagrees);
            }
            if only(&request.headers, TARGET) != Some(api.target().as_bytes()) {
                return Err(Refusal::OtherTarget);
            }
            Ok(())
        }
        Purpose::Sts { authority } => {
            admit_post(request, authority).map_err(|refusal| match refusal {
                Refusal::OtherAuthority => Refusal::NotSts,
                other => other,
            })
        }
        Purpose::RoleCredentials { authority } => {
            admit_secure(request, authority, &Method::GET, ROLE_CREDENTIALS)
        }
        Purpose::Metadata => admit_metadata(request),
    }
}

/// `POST /` to this authority over TLS.
fn admit_post(request: &Parts, authority: &str) -> Result<(), Refusal> {
    admit_secure(request, authority, &Method::POST, "/")?;
    match request.uri.query() {
        None => Ok(()),
        Some(_) => Err(Refusal::OtherPath),
    }
}

/// [GetRoleCredentials](https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html).
const ROLE_CREDENTIALS: &str = "/federation/credentials";

/// This method and path, with whatever query, to this authority over TLS.
fn admit_secure(
    request: &Parts,
    authority: &str,
    method: &Method,
    path: &str,
) -> Result<(), Refusal> {
    if request.uri.scheme() != Some(&Scheme::HTTPS) {
        return Err(Refusal::OtherScheme);
    }
    check_authority(request, authority)?;
    if request.uri.path() != path {
        return Err(Refusal::OtherPath);
    }
    if request.method != method {
        return Err(Refusal::OtherMethod);
    }
    Ok(())
}

fn check_authority(request: &Parts, authority: &str) -> Result<(), Refusal> {
    if request.uri.authority().map(http::uri::Authority::as_str) != Some(authority) {
        return Err(Refusal::OtherAuthority);
    }
    if request.headers.get_all(HOST).iter().any(|host| host.as_bytes() != authority.as_bytes()) {
        return Err(Refusal::HostDisagrees);
    }
    Ok(())
}

fn path(request: &Parts) -> Option<&str> {
    request.uri.path_and_query().map(http::uri::PathAndQuery::as_str)
}

/// Where instances give their role's keys, for a session's token.
const INSTANCE: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
];

/// Where tasks of ECS and pods of EKS get theirs.
const CONTAINER: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
];

/// Plain HTTP to a link-local address, which no router passes on, at its one port.
fn admit_metadata(request: &Parts) -> Result<(), Refusal> {
    if request.uri.scheme() != Some(&Scheme::HTTP) {
        return Err(Refusal::OtherScheme);
    }
    let address = link_local(request).ok_or(Refusal::NotLinkLocal)?;
    let written = match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    };
    check_authority(request, &written)?;
    let path = path(request).unwrap_or_default();
    let is_instance = INSTANCE.contains(&address);
    if is_instance && !path.starts_with("/latest/") {
        return Err(Refusal::OtherPath);
    }
    match request.method {
        Method::GET => Ok(()),
        Method::PUT if is_instance && path == "/latest/api/token" => Ok(()),
        _ => Err(Refusal::OtherMethod),
    }
}

/// The address that a request for metadata goes to.
pub(super) fn link_local(request: &Parts) -> Option<IpAddr> {
    let host = request.uri.host()?.trim_start_matches('[').trim_end_matches(']');
    let address = host.parse().ok()?;
    (INSTANCE.contains(&address) || CONTAINER.contains(&address)).then_some(address)
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
        http::Request::post(uri).header(HOST, AUTHORITY).header(TARGET, "DynamoDB_20120810.GetItem")
    }

    fn verdict(request: Builder) -> Result<(), Refusal> {
        let serves = Served::AllButSearches;
        let purpose = Purpose::Operation { authority: AUTHORITY, serves, api: Api::GetItem };
        admit(&request.body(()).unwrap().into_parts().0, purpose)
    }

    #[test]
    fn searches_and_all_else_go_each_to_the_authority_that_is_there_for_them() {
        for &api in Api::ALL {
            for (serves, admitted) in [
                (Served::Everything, true),
                (Served::AllButSearches, api != Api::SearchVectors),
                (Served::SearchesAlone, api == Api::SearchVectors),
            ] {
                let request = http::Request::post(URI).header(HOST, AUTHORITY);
                let request = request.header(TARGET, api.target()).body(()).unwrap();
                let purpose = Purpose::Operation { authority: AUTHORITY, serves, api };
                let expected = if admitted { Ok(()) } else { Err(Refusal::NotServed) };
                assert_eq!(admit(&request.into_parts().0, purpose), expected, "{api:?} {serves:?}");
            }
        }
    }

    #[test]
    fn the_one_shape_is_admitted() {
        assert_eq!(verdict(request(URI)), Ok(()));
    }

    #[test]
    fn another_scheme_authority_path_or_method_is_refused() {
        let http = URI.replace("https", "http");
        assert_eq!(verdict(request(&http)), Err(Refusal::OtherScheme));
        assert_eq!(verdict(request("/")), Err(Refusal::OtherScheme));
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
            assert_eq!(verdict(request(URI).method(method)), Err(Refusal::OtherMethod));
        }
    }

    #[test]
    fn host_and_target_agree_and_occur_once() {
        let bare = || http::Request::post(URI).header(TARGET, "DynamoDB_20120810.GetItem");
        assert_eq!(verdict(bare()), Err(Refusal::HostDisagrees));
        assert_eq!(verdict(bare().header(HOST, "evil.example")), Err(Refusal::HostDisagrees));
        let twice = request(URI).header(HOST, AUTHORITY);
        assert_eq!(verdict(twice), Err(Refusal::HostDisagrees));
        let none = http::Request::post(URI).header(HOST, AUTHORITY);
        assert_eq!(verdict(none), Err(Refusal::OtherTarget));
        for target in ["DynamoDB_20120810.PutItem", "DynamoDBStreams_20120810.GetItem", "GetItem"] {
            assert_eq!(
                verdict(http::Request::post(URI).header(HOST, AUTHORITY).header(TARGET, target)),
                Err(Refusal::OtherTarget)
            );
        }
        let twice = request(URI).header(TARGET, "DynamoDB_20120810.GetItem");
        assert_eq!(verdict(twice), Err(Refusal::OtherTarget));
    }

    mod credentials {
        use super::*;

        fn of(purpose: Purpose<'_>, method: Method, uri: &str) -> Result<(), Refusal> {
            let request = http::Request::builder().method(method).uri(uri);
            admit(&request.body(()).unwrap().into_parts().0, purpose)
        }

        fn sts(method: Method, uri: &str) -> Result<(), Refusal> {
            of(Purpose::Sts { authority: "sts.eu-west-1.amazonaws.com" }, method, uri)
        }

        fn metadata(method: Method, uri: &str) -> Result<(), Refusal> {
            of(Purpose::Metadata, method, uri)
        }

        #[test]
        fn sts_of_the_region_is_reached_over_tls_only() {
            assert_eq!(sts(Method::POST, "https://sts.eu-west-1.amazonaws.com/"), Ok(()));
            for (uri, refusal) in [
                ("http://sts.eu-west-1.amazonaws.com/", Refusal::OtherScheme),
                ("https://sts.us-east-1.amazonaws.com/", Refusal::NotSts),
                ("https://sts.eu-west-1.amazonaws.com:8443/", Refusal::NotSts),
                ("https://evil.example/", Refusal::NotSts),
                ("https://169.254.169.254/", Refusal::NotSts),
                ("https://sts.eu-west-1.amazonaws.com/x", Refusal::OtherPath),
                ("https://sts.eu-west-1.amazonaws.com/?x", Refusal::OtherPath),
            ] {
                assert_eq!(sts(Method::POST, uri), Err(refusal), "{uri}");
            }
            let get = sts(Method::GET, "https://sts.eu-west-1.amazonaws.com/");
            assert_eq!(get, Err(Refusal::OtherMethod));
        }

        #[test]
        fn identity_center_is_asked_for_the_keys_of_a_role_and_for_nothing_else() {
            const HOST: &str = "portal.sso.eu-west-1.amazonaws.com";
            let portal =
                |method, rest: &str| of(Purpose::RoleCredentials { authority: HOST }, method, rest);
            let uri = |path: &str| format!("https://{HOST}{path}");
            let path = "/federation/credentials?role_name=r&account_id=1";
            assert_eq!(portal(Method::GET, &uri(path)), Ok(()));
            let http = uri(path).replace("https", "http");
            assert_eq!(portal(Method::GET, &http), Err(Refusal::OtherScheme));
            assert_eq!(portal(Method::POST, &uri(path)), Err(Refusal::OtherMethod));
            for path in ["/", "/federation/credentials/", "/logout", "//federation/credentials"] {
                assert_eq!(portal(Method::GET, &uri(path)), Err(Refusal::OtherPath), "{path}");
            }
            let other = "https://portal.sso.us-east-1.amazonaws.com/federation/credentials";
            assert_eq!(portal(Method::GET, other), Err(Refusal::OtherAuthority));
        }

        #[test]
        fn plain_http_goes_to_link_local_addresses_only() {
            for uri in [
                "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
                "http://[fd00:ec2::254]/latest/dynamic/instance-identity/document",
                "http://169.254.170.2/v2/credentials/x",
                "http://169.254.170.23/v1/credentials",
                "http://[fd00:ec2::23]/v1/credentials",
            ] {
                assert_eq!(metadata(Method::GET, uri), Ok(()), "{uri}");
            }
            assert_eq!(metadata(Method::PUT, "http://169.254.169.254/latest/api/token"), Ok(()));
            for (uri, refusal) in [
                ("https://169.254.169.254/latest/x", Refusal::OtherScheme),
                ("http://localhost/latest/x", Refusal::NotLinkLocal),
                ("http://127.0.0.1:51679/latest/x", Refusal::NotLinkLocal),
                ("http://169.254.169.253/latest/x", Refusal::NotLinkLocal),
                ("http://169.254.169.254:8080/latest/x", Refusal::OtherAuthority),
                ("http://169.254.169.254.evil.example/latest/x", Refusal::NotLinkLocal),
                ("http://user@169.254.169.254/latest/x", Refusal::OtherAuthority),
                ("http://[fd00:ec2:0::254]/latest/x", Refusal::OtherAuthority),
                ("http://evil.example/latest/x", Refusal::NotLinkLocal),
                ("http://169.254.169.254/", Refusal::OtherPath),
                ("http://169.254.169.254/2009-04-04/meta-data/", Refusal::OtherPath),
            ] {
                assert_eq!(metadata(Method::GET, uri), Err(refusal), "{uri}");
            }
            for (method, uri) in [
                (Method::POST, "http://169.254.169.254/latest/api/token"),
                (Method::PUT, "http://169.254.169.254/latest/meta-data"),
                (Method::PUT, "http://169.254.170.2/latest/api/token"),
            ] {
                assert_eq!(metadata(method, uri), Err(Refusal::OtherMethod), "{uri}");
            }
        }

        #[test]
        fn a_host_header_agrees_with_the_link_local_address() {
            let uri = "http://169.254.169.254/latest/x";
            let with = |host: &str| {
                let request = http::Request::get(uri).header(HOST, host).body(()).unwrap();
                admit(&request.into_parts().0, Purpose::Metadata)
            };
            assert_eq!(with("169.254.169.254"), Ok(()));
            assert_eq!(with("evil.example"), Err(Refusal::HostDisagrees));
        }
    }
}
