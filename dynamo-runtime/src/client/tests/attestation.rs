//! What a client says of itself.

use std::time::{SystemTime, UNIX_EPOCH};

use super::server::{Act, Server, ServerIdentity, response, success};
use super::*;
use crate::client::{CertificateProfile, CertificateRule, Proxy, SearchEndpoint, TlsFloor};

const ROOT: &str = include_str!("attestation/ca.pem");
const LIST: &str = include_str!("attestation/crl.pem");
const TOKEN: &str = "the-token-of-the-session";
const PASSWORD: &str = "the-password-of-the-proxy";
/// 2026-11-23T19:55:13Z.
const NOW: u64 = 1_795_463_713;

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Of parts that are the same on every machine and in every year.
fn fixed() -> SecureClient {
    let profile = CertificateProfile::standard().tolerating(CertificateRule::SerialNumber);
    let trust = Trust::private_ca(ROOT).unwrap().revoked_by(LIST).unwrap();
    let trust = trust.pin_spki_until([7; 32], at(4_000_000_000)).pin_spki([8; 32]).profile(profile);
    let search = SearchEndpoint::at(Endpoint::compatible("search.internal", 8044).unwrap());
    let password = PASSWORD.to_owned().into();
    let proxy = Proxy::connect("proxy.internal", 3128).unwrap();
    let environment = Fake::new([("AWS_ENDPOINT_URL", "http://elsewhere"), ("HTTPS_PROXY", "x")]);
    SecureClient::builder()
        .region(Region::EU_CENTRAL_1)
        .credentials(Credentials::fixed("AKIDPLANTED", SECRET, Some(TOKEN.to_owned())))
        .endpoint(Endpoint::compatible("db.internal", 8043).unwrap())
        .trust(trust.without_crc())
        .search_endpoint(search.trust(Trust::private_ca(ROOT).unwrap().pin_spki([9; 32])))
        .tls_floor(TlsFloor::Tls13)
        .proxy(proxy.basic_authorization("the-user-of-the-proxy", &password).unwrap())
        .waive_ambient("AWS_ENDPOINT_URL")
        .clock(|| at(NOW))
        .build_in(&environment)
        .unwrap()
}

#[test]
fn the_json_is_what_it_was() {
    let expected = concat!(
        r#"{"at":"2026-11-23T19:55:13.000000Z","region":"eu-central-1","partition":"aws","#,
        r#""authority":"db.internal:8043","proxy":"proxy.internal:3128","trust":"private_ca","#,
        r#""roots":[{"subject":"CN=Example Root,O=Example\\, Inc.,C=DE","#,
        r#""public_key_sha256":"6ea507cef00f175559b1ba47446ea87d2abb9161fa0afe533c36aa4b8a4fd72e","expires":"2099-12-31T23:59:59.000000Z"}],"#,
        r#""revocation_lists":[{"issuer":"CN=Example Root,O=Example\\, Inc.,C=DE","#,
        r#""number":"2a","issued":"2025-01-02T00:00:00.000000Z","#,
        r#""expires":"2099-12-30T00:00:00.000000Z","sha256":"6f1445fa46c1d32efaf344e84cb43545e066b4150158f80ee73bd877f1a1f475"}],"#,
        r#""pins":[{"public_key_sha256":"0707070707070707070707070707070707070707070707070707070707070707","#,
        r#""expires":"2096-10-02T07:06:40.000000Z"},"#,
        r#"{"public_key_sha256":"0808080808080808080808080808080808080808080808080808080808080808","expires":null}],"#,
        r#""tls_floor":"1.3","certificate_profile":{"tolerated":["serial-number"],"max_intermediates":6},"#,
        r#""crc_required":false,"#,
        r#""search":{"authority":"search.internal:8044","trust":"private_ca","#,
        r#""roots":[{"subject":"CN=Example Root,O=Example\\, Inc.,C=DE","#,
        r#""public_key_sha256":"6ea507cef00f175559b1ba47446ea87d2abb9161fa0afe533c36aa4b8a4fd72e","expires":"2099-12-31T23:59:59.000000Z"}],"#,
        r#""revocation_lists":[],"#,
        r#""pins":[{"public_key_sha256":"0909090909090909090909090909090909090909090909090909090909090909","expires":null}],"#,
        r#""certificate_profile":{"tolerated":[],"max_intermediates":6},"crc_required":true},"#,
        r#""limits":{"connect":3000,"response":10000,"deadline":30000,"attempts":3,"connections":128},"#,
        r#""credentials":{"source":"Credentials::fixed(..)","held_since":null,"expire":null,"failures":0},"#,
        r#""connections":{"opened":0,"open":0},"#,
        r#""refusals":{"connections":0,"requests":0,"responses":0,"credentials":0},"#,
        r#""variables":[{"name":"AWS_ENDPOINT_URL","place":null,"outcome":"waived"},"#,
        r#"{"name":"HTTPS_PROXY","place":null,"outcome":"ignored"}],"peers":[]}"#,
    );
    assert_eq!(fixed().attestation().to_json(), expected);
}

#[test]
fn the_text_has_a_line_for_each_thing() {
    let expected = "\
at 2026-11-23T19:55:13.000000Z
DynamoDB of eu-central-1 at db.internal:8043, by TLS 1.3 or newer
proxy: proxy.internal:3128
trust: private_ca
  root CN=Example Root,O=Example\\, Inc.,C=DE, key 6ea507cef00f175559b1ba47446ea87d2abb9161fa0afe533c36aa4b8a4fd72e, expires 2099-12-31T23:59:59.000000Z
  revocation list of CN=Example Root,O=Example\\, Inc.,C=DE, number 2a, issued 2025-01-02T00:00:00.000000Z, expires 2099-12-30T00:00:00.000000Z
  pinned key 0707070707070707070707070707070707070707070707070707070707070707, expires 2096-10-02T07:06:40.000000Z
  pinned key 0808080808080808080808080808080808080808080808080808080808080808, expires -
  tolerated rule serial-number
  at most 6 intermediate certificates
response checksum: checked where there is one
searches at search.internal:8044
search trust: private_ca
  root CN=Example Root,O=Example\\, Inc.,C=DE, key 6ea507cef00f175559b1ba47446ea87d2abb9161fa0afe533c36aa4b8a4fd72e, expires 2099-12-31T23:59:59.000000Z
  pinned key 0909090909090909090909090909090909090909090909090909090909090909, expires -
  at most 6 intermediate certificates
search response checksum: required
credentials: Credentials::fixed(..), held since -, expire -, 0 failures
limits: connect 3s, response 10s, deadline 30s, 3 attempts, 128 connections
connections: 0 opened, 0 open
refused: 0 connections, 0 requests, 0 responses, 0 credentials
variable AWS_ENDPOINT_URL: waived
variable HTTPS_PROXY: ignored
";
    assert_eq!(fixed().attestation().to_string(), expected);
}

#[test]
fn what_is_trusted_of_both_hosts_is_told_once_in_words_and_of_each_in_json() {
    let client = || {
        let keys = Credentials::fixed("A", "s", None);
        SecureClient::builder().region(Region::EU_CENTRAL_1).credentials(keys)
    };
    let told = client().build_in(&Fake::default()).unwrap().attestation();
    let text = told.to_string();
    let expected = "
response checksum: required
searches at search-dynamodb.eu-central-1.amazonaws.com
search response checksum: required
";
    assert!(text.contains(expected), "{text}");
    let json: serde_json::Value = serde_json::from_str(&told.to_json()).unwrap();
    assert_eq!(json["search"]["roots"], json["roots"]);

    let interface = crate::client::VpcEndpointId::new("vpce-0a1b-2c3d").unwrap();
    let client = client().endpoint(Endpoint::interface(interface));
    let told = client.build_in(&Fake::default()).unwrap().attestation();
    assert!(told.to_string().contains("\nsearches: none are sent"), "{told}");
    let json: serde_json::Value = serde_json::from_str(&told.to_json()).unwrap();
    assert_eq!(json["search"], serde_json::Value::Null);
}

#[test]
fn nothing_that_is_secret_is_told() {
    let attestation = fixed().attestation();
    let told = format!("{attestation} {attestation:?} {}", attestation.to_json());
    for secret in ["AKID", SECRET, TOKEN, PASSWORD, "the-user", "elsewhere", "Basic"] {
        assert!(!told.contains(secret), "{secret} is told: {told}");
    }
}

/// A peer in JSON, of which the time has its whole seconds checked elsewhere.
fn json_of(last: &crate::client::attestation::Peer) -> serde_json::Value {
    let hex = |bytes: &[u8; 32]| crate::client::peer::Hex(bytes).to_string();
    let time = crate::value::Timestamp::try_from(last.at).unwrap();
    let peer = &last.peer;
    serde_json::json!({
        "authority": last.authority,
        "at": time.to_string(),
        "remote_address": peer.remote_address().to_string(),
        "tls_version": peer.tls_version(),
        "cipher_suite": peer.cipher_suite(),
        "key_exchange_group": peer.key_exchange_group(),
        "certificate_sha256": hex(peer.certificate_sha256()),
        "public_key_sha256": hex(peer.public_key_sha256()),
        "root_public_key_sha256": hex(peer.root_public_key_sha256()),
        "stapled_until": null,
        "client_certificate_requested": false,
    })
}

/// What was met is counted for the client that met it.
#[tokio::test]
async fn what_the_client_has_met_is_counted_and_the_last_peer_told() {
    let damaged = || Act::Answer(response(200, &[("x-amz-crc32", "1")], b"{}"));
    let script = vec![damaged(), damaged(), Act::Answer(success(b"{}"))];
    let server = Server::start(ServerIdentity::good(), script).await;
    let client = client(&server);
    let before = SystemTime::now();
    let response = send(&client, Replay::Harmless).await.unwrap();
    let met = client.attestation();
    assert_eq!((met.connections().opened, met.connections().open), (3, 1));
    assert_eq!(met.refusals().responses, 2);
    let [last] = met.peers() else { panic!("{met:?}") };
    assert_eq!(last.authority, format!("127.0.0.1:{}", server.port));
    assert_eq!(last.peer, *response.peer.unwrap());
    assert!(before <= last.at && last.at <= SystemTime::now());
    assert!(met.credentials().held_since.is_some_and(|since| before <= since));
    let root = met.roots()[0].public_key_sha256;
    assert_eq!((&root, root), (last.peer.root_public_key_sha256(), server.identity.root_sha256));
    let json: serde_json::Value = serde_json::from_str(&met.to_json()).unwrap();
    assert_eq!(json["peers"], serde_json::json!([json_of(last)]));
    assert_eq!(json["refusals"]["responses"], 2);
    let text = met.to_string();
    assert!(text.contains(&format!("last peer of 127.0.0.1:{}, at ", server.port)), "{text}");
    assert!(text.contains("\nresponse checksum: required\n"), "{text}");

    let wrong = Trust::private_ca(ServerIdentity::good().ca_pem).unwrap();
    let refusing = builder(&server).trust(wrong).build_in(&Fake::default()).unwrap();
    send(&refusing, Replay::Harmless).await.err().unwrap();
    let met = refusing.attestation();
    assert_eq!((met.refusals().connections, met.connections().opened), (1, 0));
    assert_eq!((met.peers().len(), met.connections().open), (0, 0));
}

#[tokio::test]
async fn keys_that_could_not_be_had_are_counted() {
    #[derive(Debug)]
    struct Absent;
    impl aws_credential_types::provider::ProvideCredentials for Absent {
        fn provide_credentials<'a>(
            &'a self,
        ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            use aws_credential_types::provider::{error::CredentialsError, future};
            future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("hunter2")))
        }
    }
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::provider(Absent))
        .build_in(&Fake::default())
        .unwrap();
    send(&client, Replay::Harmless).await.err().unwrap();
    let met = client.attestation();
    assert_eq!((met.credentials().failures, met.refusals().credentials), (1, 1));
    assert_eq!(met.credentials().source, "Credentials::provider(..)");
    assert_eq!(met.roots().len(), 5);
    assert!(met.roots().iter().all(|root| root.expires.is_none() && root.subject.contains("CN=")));
    assert!(!format!("{met:?} {met}").contains("hunter2"));
}
