//! Searches go to a host of their own, which is verified like the first, and nothing else goes there.

use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};

use super::server::{Act, Server, ServerIdentity, failure, response, success};
use super::*;
use crate::client::{
    AttestedSearch, AuditEvent, AuditLog, BuildError, CallErrorKind, SearchEndpoint, VpcEndpointId,
};

const FOUND: &[u8] = br#"{"SearchResults":[]}"#;

fn found() -> Act {
    Act::Answer(success(FOUND))
}

fn at(server: &Server) -> SearchEndpoint {
    SearchEndpoint::at(Endpoint::compatible("127.0.0.1", server.port).unwrap())
}

fn trust(server: &Server) -> Trust {
    Trust::private_ca(&server.identity.ca_pem).unwrap()
}

async fn search(client: &SecureClient) -> Result<RawResponse, CallError> {
    let body = Bytes::from_static(b"{\"TopK\":1}");
    let asked = Asked::MANY;
    client.call(Call { api: Api::SearchVectors, body, asked, ..call(Replay::Harmless) }).await
}

fn targets(server: &Server) -> Vec<String> {
    let target = |request: &String| {
        let line =
            request.lines().find_map(|it| it.strip_prefix("x-amz-target: DynamoDB_20120810."));
        line.unwrap().to_owned()
    };
    server.requests().iter().map(target).collect()
}

#[tokio::test]
async fn searches_alone_go_to_their_host_and_nothing_is_opened_before_the_first() {
    let first = Server::start(ServerIdentity::good(), vec![]).await;
    let second = Server::start(ServerIdentity::good(), vec![found(), found()]).await;
    let log = AuditLog::default();
    let client = builder(&first).search_endpoint(at(&second).trust(trust(&second)));
    let client = client.audit(log.clone()).build_in(&Fake::default()).unwrap();
    send(&client, Replay::Harmful).await.unwrap();
    assert_eq!((first.connections(), second.connections()), (1, 0));
    search(&client).await.unwrap();
    search(&client).await.unwrap();
    send(&client, Replay::Harmless).await.unwrap();
    assert_eq!(targets(&first), ["PutItem", "PutItem"]);
    assert_eq!(targets(&second), ["SearchVectors", "SearchVectors"]);
    assert_eq!((first.handshakes(), second.handshakes()), (1, 1));
    for (server, port) in [(&first, first.port), (&second, second.port)] {
        let host = format!("\r\nhost: 127.0.0.1:{port}\r\n");
        assert!(server.requests().iter().all(|request| request.contains(&host)));
        // The keys are those of the client, in its region.
        let scope = "/us-east-1/dynamodb/aws4_request";
        assert!(server.requests().iter().all(|request| request.contains(scope)));
    }
    // Each is on record under its own name.
    let met = client.attestation();
    let expected = [&first, &second]
        .map(|server| (format!("127.0.0.1:{}", server.port), server.identity.certificate_sha256()));
    let mut peers: Vec<_> = met
        .peers()
        .iter()
        .map(|it| (it.authority.clone(), *it.peer.certificate_sha256()))
        .collect();
    peers.sort_by_key(|(authority, _)| *authority != expected[0].0);
    assert_eq!(peers, expected);
    assert_eq!((met.connections().opened, met.connections().open), (2, 2));
    let of_search = met.search().unwrap();
    assert_eq!(of_search.authority(), expected[1].0);
    assert_eq!(of_search.roots()[0].public_key_sha256, second.identity.root_sha256);
    assert_eq!(met.roots()[0].public_key_sha256, first.identity.root_sha256);
}

#[tokio::test]
async fn an_engine_that_answers_both_is_one_host_and_only_where_the_code_says_so() {
    let server = Server::start(ServerIdentity::good(), vec![found()]).await;
    let client = builder(&server).search_endpoint(SearchEndpoint::same_host());
    let client = client.build_in(&Fake::default()).unwrap();
    search(&client).await.unwrap();
    send(&client, Replay::Harmless).await.unwrap();
    assert_eq!(targets(&server), ["SearchVectors", "PutItem"]);
    assert_eq!(server.handshakes(), 1);
    assert_eq!(
        client.attestation().search().unwrap().authority(),
        client.attestation().authority()
    );

    let untold = builder(&server).build_in(&Fake::default()).unwrap();
    let error = search(&untold).await.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::NoSearchEndpoint(_)), "{error}");
    assert!(error.to_string().contains("SearchEndpoint::same_host()"), "{error}");
    assert_eq!((error.attempts, error.outcome_unknown, server.connections()), (0, false, 1));
    assert_eq!(untold.attestation().search(), None);
}

/// Each refusal is of one handshake, told under the host's own name, and without a byte of a request.
#[tokio::test]
async fn what_proves_one_host_does_not_prove_the_other() {
    let first = Server::start(ServerIdentity::good(), vec![]).await;
    let second = Server::start(ServerIdentity::good(), vec![found()]).await;
    let pinned =
        |server: &Server, pin: &Server| trust(server).pin_spki(pin.identity.public_key_sha256);
    let both = format!("{}{}", first.identity.ca_pem, second.identity.ca_pem);
    let both = || Trust::private_ca(&both).unwrap();
    for (name, of_first, of_search, says) in [
        ("the first's roots", trust(&first), None, "a signature of its chain is wrong"),
        ("its own roots", trust(&first), Some(trust(&second)), ""),
        (
            "the first's pin",
            both().pin_spki(first.identity.public_key_sha256),
            None,
            "not one of the pins",
        ),
        ("its own pin", pinned(&first, &first), Some(pinned(&second, &second)), ""),
        (
            "a pin of the first's",
            trust(&first),
            Some(pinned(&second, &first)),
            "not one of the pins",
        ),
    ] {
        let log = AuditLog::default();
        let mut endpoint = at(&second);
        if let Some(trust) = of_search {
            endpoint = endpoint.trust(trust);
        }
        let client = builder(&first).trust(of_first).search_endpoint(endpoint).audit(log.clone());
        let client = client.build_in(&Fake::default()).unwrap();
        let (connections, requests) = (second.connections(), second.requests().len());
        let searched = search(&client).await;
        assert_eq!(second.connections(), connections + 1, "{name}");
        if says.is_empty() {
            searched.unwrap_or_else(|error| panic!("{name}: {error}"));
        } else {
            let error = searched.err().unwrap();
            assert!(matches!(error.kind, CallErrorKind::Refused(_)), "{name}: {error}");
            assert!(error.to_string().contains(says), "{name}: {error}");
            assert_eq!(second.requests().len(), requests, "{name}");
            let refused: Vec<_> = log
                .take()
                .into_iter()
                .filter_map(|event| match event {
                    AuditEvent::ConnectionRefused { authority, reason, .. } => {
                        Some((authority, reason.contains(says)))
                    }
                    _ => None,
                })
                .collect();
            assert_eq!(refused, [(format!("127.0.0.1:{}", second.port), true)], "{name}");
        }
        // The first host is reached as ever.
        send(&client, Replay::Harmless).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[tokio::test]
async fn the_checksum_of_a_search_is_demanded_unless_that_is_waived_for_searches_by_name() {
    let bare = || Act::Answer(response(200, &[], FOUND));
    let first =
        Server::start(ServerIdentity::good(), vec![Act::Answer(response(200, &[], b"{}"))]).await;
    let second = Server::start(ServerIdentity::good(), vec![bare(), bare(), found()]).await;
    let third = Server::start(ServerIdentity::good(), (0..3).map(|_| bare()).collect()).await;
    let client = |search| {
        let client = builder(&first).retries(1).search_endpoint(search);
        client.build_in(&Fake::default()).unwrap()
    };
    let strict = client(at(&second).trust(trust(&second)));
    let error = search(&strict).await.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Integrity(_)), "{error}");
    assert!(error.to_string().contains("`.search_endpoint(..)` a `.without_crc()`"), "{error}");

    let waived = client(at(&second).trust(trust(&second)).without_crc());
    search(&waived).await.unwrap();
    search(&waived).await.unwrap();
    let attested = waived.attestation();
    assert!(attested.is_crc_required() && !attested.search().unwrap().is_crc_required());
    // The other host has no share in it.
    let error = send(&waived, Replay::Harmless).await.err().unwrap();
    assert!(error.to_string().contains("it has no `x-amz-crc32`"), "{error}");
    assert!(!error.to_string().contains("search"), "{error}");

    // A trust without it is one for both, unless the search host has its own.
    let of_engine = builder(&first).trust(trust(&third).without_crc()).search_endpoint(at(&third));
    search(&of_engine.build_in(&Fake::default()).unwrap()).await.unwrap();
    // One that is there is verified all the same.
    let wrong = Act::Answer(response(200, &[("x-amz-crc32", "1")], FOUND));
    let fourth = Server::start(ServerIdentity::good(), vec![wrong]).await;
    let waived = client(at(&fourth).trust(trust(&fourth)).without_crc());
    let error = search(&waived).await.err().unwrap();
    assert!(error.to_string().contains("does not match its body"), "{error}");
}

/// A pause that passes at once.
#[derive(Clone, Debug)]
struct NoPause;

impl AsyncSleep for NoPause {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(std::future::ready(()))
    }
}

#[tokio::test]
async fn a_search_host_in_trouble_uses_up_no_retries_of_the_other() {
    let trouble = || Act::Answer(failure(500, "InternalServerError"));
    let first = Server::start(ServerIdentity::good(), vec![trouble(), trouble()]).await;
    let second = Server::start(ServerIdentity::good(), (0..100).map(|_| trouble()).collect()).await;
    let client = builder(&first).search_endpoint(at(&second).trust(trust(&second)));
    let client = client.sleep(SharedAsyncSleep::new(NoPause)).build_in(&Fake::default()).unwrap();
    let mut attempts = Vec::new();
    for _ in 0..20 {
        attempts.push(search(&client).await.err().unwrap().attempts);
    }
    assert_eq!((attempts[0], attempts[19]), (3, 1), "the quota of searches is used up");
    assert_eq!(send(&client, Replay::Harmless).await.unwrap().attempts, 3);
}

#[tokio::test]
async fn a_host_out_of_step_ends_its_own_connections_and_no_others() {
    let first = Server::start(ServerIdentity::good(), vec![]).await;
    let second = Server::start(ServerIdentity::good(), (0..3).map(|_| found()).collect()).await;
    let client = builder(&first).search_endpoint(at(&second).trust(trust(&second)));
    let client = client.build_in(&Fake::default()).unwrap();
    for (api, handshakes) in [(Api::SearchVectors, (1, 2)), (Api::GetItem, (2, 2))] {
        search(&client).await.unwrap();
        send(&client, Replay::Harmless).await.unwrap();
        client.reject(api, None, crate::codec::Stray::NotAnObject);
        search(&client).await.unwrap();
        send(&client, Replay::Harmless).await.unwrap();
        assert_eq!((first.handshakes(), second.handshakes()), handshakes, "{api:?}");
    }
}

fn built(
    region: Region,
    endpoint: Endpoint,
    search: SearchEndpoint,
) -> Result<(SecureClient, Option<AttestedSearch>), BuildError> {
    let log = AuditLog::default();
    let client = SecureClient::builder()
        .region(region)
        .credentials(Credentials::fixed("A", "s", None))
        .endpoint(endpoint)
        .search_endpoint(search)
        .audit(log.clone())
        .build_in(&Fake::default())?;
    let Some(AuditEvent::BuildAttested { search, .. }) = log.take().pop() else {
        panic!("nothing is attested");
    };
    Ok((client, search))
}

#[test]
fn a_client_of_dynamodb_searches_at_the_host_that_matches_its_endpoint() {
    let account = crate::client::AccountId::new("123456789012").unwrap();
    for (endpoint, host) in [
        (Endpoint::standard(), "search-dynamodb.us-east-1.amazonaws.com"),
        (Endpoint::fips(), "search-dynamodb-fips.us-east-1.amazonaws.com"),
        (Endpoint::dual_stack(), "search-dynamodb.us-east-1.api.aws"),
        (Endpoint::account(account), "123456789012.search-ddb.us-east-1.amazonaws.com"),
    ] {
        let (client, told) = built(Region::US_EAST_1, endpoint, SearchEndpoint::default()).unwrap();
        let told = told.unwrap();
        assert_eq!((&*told.authority, told.roots, told.is_crc_required), (host, "amazon", true));
        let to = client.destination(Api::SearchVectors).ok().unwrap();
        assert_eq!((&*to.host, to.port), (host, 443));
        assert_eq!(client.attestation().search().unwrap().authority(), host);
        assert_eq!(client.attestation().search().unwrap().roots().len(), 5);
    }
}

#[test]
fn what_cannot_search_is_refused_when_the_client_is_built() {
    let interface = || Endpoint::interface(VpcEndpointId::new("vpce-0a1b-2c3d").unwrap());
    let engine = || Endpoint::compatible("db.internal", 8043).unwrap();
    let refused = |endpoint, search| {
        let error = built(Region::US_EAST_1, endpoint, search).err().unwrap();
        (error.is_trust(), error.to_string())
    };
    for endpoint in [Endpoint::standard(), interface()] {
        let (_, error) = refused(endpoint, SearchEndpoint::same_host());
        assert!(error.contains("DynamoDB answers searches on hosts of their own"), "{error}");
    }
    let (_, error) = refused(Endpoint::standard(), SearchEndpoint::at(interface()));
    assert!(error.contains("no search host of an interface endpoint is known"), "{error}");
    // Amazon's roots are for Amazon's hosts, here too.
    let (is_trust, error) = refused(Endpoint::standard(), SearchEndpoint::at(engine()));
    assert!(is_trust && error.contains("private_ca"), "{error}");
    let waived = SearchEndpoint::at(Endpoint::standard()).trust(Trust::amazon().without_crc());
    assert!(refused(Endpoint::standard(), waived).0);

    let (client, told) = built(Region::US_EAST_1, interface(), SearchEndpoint::default()).unwrap();
    let Err(CallErrorKind::NoSearchEndpoint(how)) = client.destination(Api::SearchVectors) else {
        panic!("an interface endpoint is searched");
    };
    assert!(how.contains("SearchEndpoint::at(Endpoint::standard())"), "{how}");
    assert_eq!(told, None);
    let public = SearchEndpoint::at(Endpoint::standard());
    let (_, told) = built(Region::US_EAST_1, interface(), public).unwrap();
    assert_eq!(told.unwrap().authority, "search-dynamodb.us-east-1.amazonaws.com");
}

#[tokio::test]
async fn one_host_has_one_trust() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    for search in [
        SearchEndpoint::same_host().trust(trust(&server)),
        SearchEndpoint::same_host().without_crc(),
    ] {
        let error = builder(&server).search_endpoint(search).build_in(&Fake::default());
        let error = error.err().unwrap().to_string();
        assert!(error.contains("what `.trust(..)` of the client says"), "{error}");
    }
}
