//! Attacks on searches, which go to a host of their own: `search-dynamodb.us-east-1.amazonaws.com`, through a proxy of
//! this machine, and the attacker answers.

use std::sync::Arc;

use dynamo_runtime::client::{AuditEvent, SearchEndpoint};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Endpoint, Trust};

use super::certificates::{ESTABLISHED, HOST};
use super::responses::{raw, response, success};
use crate::account::{self, aws_client};
use crate::identity::{Identity, key, leaf, public_key_sha256, root, trust};
use crate::row::{Expected, Outcome, Row, Section, Seen};
use crate::server::raw::answering_hello;
use crate::server::{Answer, Then, answering, configuration, proxy};

pub const SEARCH_HOST: &str = "search-dynamodb.us-east-1.amazonaws.com";

const FOUND: &[u8] = br#"{"SearchResults":[]}"#;

#[derive(Entity)]
#[dynamo(table = "memos")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    distance = cosine,
    partition_key = owner,
    projects = MemoHit
))]
struct Memo {
    #[dynamo(partition_key)]
    id: String,
    owner: String,
    embedding: Embedding<2>,
}

#[derive(Projection)]
#[dynamo(of = Memo)]
struct MemoHit {
    #[expect(dead_code, reason = "nothing is found")]
    id: String,
}

/// What is called in a row.
#[derive(Clone, Copy)]
enum Called {
    Search,
    Get,
}

impl Called {
    async fn send(self, client: &SecureClient) -> Outcome {
        let outcome = match self {
            Self::Search => {
                let search = Memo::by_meaning("the-owner", Embedding::from([1.0, 0.0])).top(1);
                search.send_with_metadata(client).await.map(|found| found.peer)
            }
            Self::Get => {
                let get = Memo::get(Memo::key("m".to_owned()));
                get.send_with_metadata(client).await.map(|found| found.peer)
            }
        };
        outcome.map_or_else(Outcome::Failed, Outcome::Succeeded)
    }
}

pub fn rows() -> Vec<Row> {
    [
        certificates(),
        answers(),
        vec![plaintext(), by_its_own_name(), through_no_other_proxy()],
        held(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

async fn attacked(
    called: Called,
    identity: Identity,
    (trust, search): (Trust, SearchEndpoint),
    answer: Answer,
) -> Seen {
    let (port, tally) = answering(configuration(identity), answer).await;
    let (proxy, _, _) = proxy(ESTABLISHED, Some(port)).await;
    let client = aws_client(proxy, trust).search_endpoint(search);
    account::seen(client, &tally, move |client| async move { called.send(&client).await }).await
}

fn certificates() -> Vec<Row> {
    let other = "its certificate is for another name";
    let named = |name: &str, called, host: &'static str| {
        let expected = Expected::Refused(other.to_owned());
        Row::new(Section::Certificate, name, expected, move |_| async move {
            let root = root();
            let identity = Identity::new(&leaf(host), &root);
            let search = SearchEndpoint::default();
            attacked(called, identity, (trust(&root), search), success(FOUND)).await
        })
    };
    let pinned = |section, name: &str, expected, own: bool| {
        Row::new(section, name, expected, move |_| async move {
            let (root, of_first, of_search) = (root(), key(), key());
            let first = trust(&root).pin_spki(public_key_sha256(&of_first));
            let certificate = leaf(SEARCH_HOST).signed_by(&of_search, &root).unwrap();
            let identity = Identity::of(certificate.der().clone(), &of_search);
            let mut search = SearchEndpoint::at(Endpoint::standard());
            if own {
                search = search.trust(trust(&root).pin_spki(public_key_sha256(&of_search)));
            }
            attacked(Called::Search, identity, (first, search), success(FOUND)).await
        })
    };
    vec![
        named("a search answered by DynamoDB's other host", Called::Search, HOST),
        named("a search answered by another host", Called::Search, "example.com"),
        named(
            "a search answered by the search host of another region",
            Called::Search,
            "search-dynamodb.us-west-2.amazonaws.com",
        ),
        named(
            "a search answered by an account's search host",
            Called::Search,
            "123456789012.search-ddb.us-east-1.amazonaws.com",
        ),
        named("another operation answered by the search host", Called::Get, SEARCH_HOST),
        pinned(
            Section::Certificate,
            "a search host whose key is not the one that is pinned",
            Expected::Refused("its public key is not one of the pins".to_owned()),
            false,
        ),
        pinned(
            Section::Control,
            "a search host with a pin of its own",
            Expected::Passes("TLSv1_3".to_owned()),
            true,
        ),
    ]
}

fn answers() -> Vec<Row> {
    let crc = crc32fast::hash(FOUND).to_string();
    let crc = crc.as_str();
    let with = |values: &[&str]| {
        let values: Vec<_> = values.iter().map(|value| ("x-amz-crc32", *value)).collect();
        response(&values, FOUND)
    };
    let of = |name: &str, says: &str, sent, bytes: Vec<u8>| {
        let says = says.to_owned();
        let expected = Expected::OfAnother { says, sent, is_write: false };
        answered(Section::Response, name, expected, SearchEndpoint::default(), bytes)
    };
    let location = [("location", "https://evil.example/")];
    let waived = || SearchEndpoint::at(Endpoint::standard()).without_crc();
    let wrong = Expected::OfAnother {
        says: "its `x-amz-crc32` does not match its body".to_owned(),
        sent: 3,
        is_write: false,
    };
    vec![
        of(
            "a search with a CRC that does not match",
            "its `x-amz-crc32` does not match its body",
            3,
            with(&["1"]),
        ),
        of(
            "a search without a CRC",
            "it has no `x-amz-crc32`: if its host never sends one",
            3,
            with(&[]),
        ),
        of(
            "a search with its CRC twice",
            "its `x-amz-crc32` is no number, or there are several",
            3,
            with(&[crc, crc]),
        ),
        answered(
            Section::Response,
            "a search with a CRC that does not match, where one may be missing",
            wrong,
            waived(),
            with(&["1"]),
        ),
        answered(
            Section::Control,
            "a search without a CRC, where one may be missing",
            Expected::Passes("TLSv1_3".to_owned()),
            waived(),
            with(&[]),
        ),
        answered(
            Section::Control,
            "a search",
            Expected::Passes("TLSv1_3".to_owned()),
            SearchEndpoint::default(),
            with(&[crc]),
        ),
        of(
            "a redirect of a search",
            "DynamoDB does not answer with status 307",
            1,
            raw(307, &location, b""),
        ),
        of("a search that is an array", "its body is not one JSON object", 3, success(b"[]").bytes),
        of(
            "a search that is an error",
            "a success whose body is an error",
            1,
            success(br#"{"__type":"x#ThrottlingException"}"#).bytes,
        ),
        of("HTML in the place of a search", "its content type is not DynamoDB's", 3, html()),
        one_without_a_crc_of_the_first_host(),
    ]
}

fn html() -> Vec<u8> {
    raw(200, &[("content-type", "text/html")], b"<html>Welcome to the airport</html>")
}

/// The search host answers each request with these bytes, and closes.
fn answered(
    section: Section,
    name: &str,
    expected: Expected,
    search: SearchEndpoint,
    bytes: Vec<u8>,
) -> Row {
    Row::new(section, name, expected, move |_| {
        let (search, answer) =
            (search.clone(), Answer { bytes: bytes.clone(), then: Then::Closes });
        async move {
            let root = root();
            let identity = Identity::new(&leaf(SEARCH_HOST), &root);
            attacked(Called::Search, identity, (trust(&root), search), answer).await
        }
    })
}

/// What is waived for searches is waived for nothing else.
fn one_without_a_crc_of_the_first_host() -> Row {
    let says = "it has no `x-amz-crc32`".to_owned();
    let expected = Expected::OfAnother { says, sent: 3, is_write: false };
    let name = "`{}` without a CRC, where a search may have none";
    Row::new(Section::Response, name, expected, |_| async move {
        let root = root();
        let identity = Identity::new(&leaf(HOST), &root);
        let answer = Answer { bytes: response(&[], b"{}"), then: Then::Closes };
        let search = SearchEndpoint::at(Endpoint::standard()).without_crc();
        attacked(Called::Get, identity, (trust(&root), search), answer).await
    })
}

fn plaintext() -> Row {
    let expected = Expected::Refused("corrupt message".to_owned());
    Row::new(Section::Tls, "plaintext on the port of searches", expected, |_| async move {
        let (port, tally) =
            answering_hello(|_| b"HTTP/1.1 200 OK\r\n\r\n{\"SearchResults\":[]}".to_vec()).await;
        let (proxy, _, _) = proxy(ESTABLISHED, Some(port)).await;
        let client = aws_client(proxy, trust(&root()));
        let search = |client: SecureClient| async move { Called::Search.send(&client).await };
        account::seen(client, &tally, search).await
    })
}

/// What the proxy is asked for is the search host, and the audit says so.
fn by_its_own_name() -> Row {
    let expected = Expected::Passes("TLSv1_3".to_owned());
    Row::new(
        Section::Control,
        "a search, which goes to the search host",
        expected,
        |_| async move {
            let root = root();
            let identity = Identity::new(&leaf(SEARCH_HOST), &root);
            let (port, tally) = answering(configuration(identity), success(FOUND)).await;
            let (proxy, asked, _) = proxy(ESTABLISHED, Some(port)).await;
            let client = aws_client(proxy, trust(&root));
            let search = |client: SecureClient| async move { Called::Search.send(&client).await };
            let seen = account::seen(client, &tally, search).await;
            let asked = asked.lock().unwrap().clone();
            let [connect] = &asked[..] else { panic!("{asked:?}") };
            assert!(
                connect.starts_with(&format!("CONNECT {SEARCH_HOST}:443 HTTP/1.1\r\n")),
                "{connect}"
            );
            let is_told = |event: &AuditEvent| matches!(event, AuditEvent::ConnectionOpened { authority, .. } if authority == SEARCH_HOST);
            assert!(seen.events.iter().any(is_told), "{:?}", seen.events);
            seen
        },
    )
}

/// A host of searches alone on this machine, beside a first host that nobody serves.
fn through_no_other_proxy() -> Row {
    let name = "`HTTPS_PROXY`, of a search";
    let expected = Expected::Ambient { name: "HTTPS_PROXY".to_owned(), outcome: "ignored" };
    let row = Row::new(Section::Ambient, name, expected, |_| async move {
        let root = Arc::new(root());
        let identity = Identity::new(&leaf("localhost"), &root);
        let (port, tally) = answering(configuration(identity), success(FOUND)).await;
        let at = SearchEndpoint::at(Endpoint::compatible("localhost", port).unwrap());
        let client = account::client(1, trust(&root)).search_endpoint(at);
        let search = |client: SecureClient| async move { Called::Search.send(&client).await };
        account::seen(client, &tally, search).await
    });
    row.with_variable("HTTPS_PROXY", "http://localhost:{attacker}")
}

/// What needs two hosts, or what the public interface does not show.
fn held() -> Vec<Row> {
    let of_client = "dynamo-runtime/src/client/tests/searches.rs";
    let held = Row::held_by;
    vec![
        held(
            Section::Handle,
            "a search to the first host, or another operation to that of searches",
            "dynamo-runtime/src/client/choke.rs",
            "searches_and_all_else_go_each_to_the_authority_that_is_there_for_them",
        ),
        held(
            Section::Handle,
            "the same, of a misled layer of the machinery",
            "dynamo-runtime/src/client/tests/final_request.rs",
            "a_search_does_not_leave_to_the_first_host_nor_anything_else_to_that_of_searches",
        ),
        held(
            Section::Handle,
            "a search host that is not the one of the SDK's own rules",
            "dynamo-runtime/src/client/endpoint.rs",
            "each_search_host_is_the_one_of_the_sdks_rules_in_every_region",
        ),
        held(
            Section::Handle,
            "a search endpoint that cannot be one",
            of_client,
            "what_cannot_search_is_refused_when_the_client_is_built",
        ),
        held(
            Section::Handle,
            "a search of an endpoint that answers none",
            "tests/it/vectors/requests.rs",
            "a_search_of_which_nobody_says_where_it_goes_is_not_sent",
        ),
        held(
            Section::Certificate,
            "what proves one host, of the other",
            of_client,
            "what_proves_one_host_does_not_prove_the_other",
        ),
        held(
            Section::Response,
            "the answer to another operation in the place of a search; scores that are none, more hits than were asked \
             for, items of another partition",
            "tests/it/vectors/hostile.rs",
            "an_answer_that_does_not_fit_is_an_error",
        ),
        held(
            Section::Response,
            "items of another entity in a search",
            "tests/it/vectors/hostile.rs",
            "an_item_of_another_entity_is_never_given_as_this_one",
        ),
        held(
            Section::Response,
            "a search host out of step",
            of_client,
            "a_host_out_of_step_ends_its_own_connections_and_no_others",
        ),
        held(
            Section::Resources,
            "a search host that fails until no retry is left",
            of_client,
            "a_search_host_in_trouble_uses_up_no_retries_of_the_other",
        ),
        held(
            Section::Resources,
            "a search that is given up",
            of_client,
            "a_search_that_is_given_up_leaves_no_socket_and_no_request",
        ),
    ]
}
