//! C. Servers that speak no TLS, or one that is too old or too weak.

use dynamo_runtime::client::TlsFloor;
use rcgen::SigningKey;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, SupportedProtocolVersion};

use super::responses::success;
use crate::account;
use crate::identity::{Authority, Identity, key, leaf, root, trust};
use crate::row::{Expected, Row, Section};
use crate::server::raw::{
    ClientHello, ServerHello, TLS_1_2, answering_hello, flipping, handshake, record, with_length_16,
};
use crate::server::{answering, asking_for_certificate, configuration};

const ECDHE_ECDSA_AES_128_GCM: u16 = 0xc02b;
const TLS13_AES_128_GCM: u16 = 0x1301;

const ALPN: u16 = 16;
const EXTENDED_MASTER_SECRET: u16 = 23;
const PRE_SHARED_KEY: u16 = 41;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_SHARE: u16 = 51;

/// A group with 192 bits.
const SECP192R1: [u8; 2] = [0, 19];

/// What a `ServerHello` has in place of a random number where it asks for another `ClientHello`.
const HELLO_RETRY_REQUEST: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];

static TLS_1_2_ONLY: &[&SupportedProtocolVersion] = &[&TLS12];
static TLS_1_3_ONLY: &[&SupportedProtocolVersion] = &[&TLS13];

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        raw("plaintext on the port", "corrupt message", b"HTTP/1.1 200 OK\r\n\r\n{}".to_vec()),
        raw("an alert", "fatal alert", vec![21, 3, 3, 0, 2, 2, 40]),
        raw("a record that is no record", "corrupt message", vec![0xff; 64]),
        raw(
            "a handshake message that is none",
            "corrupt message",
            record(TLS_1_2, &[2, 0, 0, 1, 0]),
        ),
        raw("SSLv2", "corrupt message", vec![0x80, 0x2e, 4, 0, 1, 0, 2, 0, 0, 0, 3, 0, 16]),
    ];
    for (version, number) in [("SSLv3", 0x0300), ("TLS 1.0", 0x0301), ("TLS 1.1", 0x0302)] {
        rows.push(hello(
            version,
            "ServerDoesNotSupportTls12Or13",
            ServerHello::new(number, 0xc013),
        ));
    }
    for (suite, number) in [
        ("RSA key exchange (`RSA_WITH_AES_128_GCM_SHA256`)", 0x009c),
        ("CBC (`ECDHE_RSA_WITH_AES_128_CBC_SHA`)", 0xc013),
        ("CBC (`ECDHE_ECDSA_WITH_AES_256_CBC_SHA384`)", 0xc024),
        ("RC4 (`ECDHE_RSA_WITH_RC4_128_SHA`)", 0xc011),
        ("3DES (`ECDHE_RSA_WITH_3DES_EDE_CBC_SHA`)", 0xc012),
        ("NULL (`ECDHE_RSA_WITH_NULL_SHA`)", 0xc010),
        ("anonymous (`ECDH_anon_WITH_AES_128_CBC_SHA`)", 0xc018),
        ("anonymous (`DH_anon_WITH_AES_128_GCM_SHA256`)", 0x00a6),
        ("export (`RSA_EXPORT_WITH_RC4_40_MD5`)", 0x0003),
        ("finite-field DHE (`DHE_RSA_WITH_AES_128_GCM_SHA256`)", 0x009e),
        ("static ECDH (`ECDH_ECDSA_WITH_AES_128_GCM_SHA256`)", 0xc02d),
        ("CCM (`ECDHE_ECDSA_WITH_AES_128_CCM_8`)", 0xc0ae),
    ] {
        let chosen = ServerHello::new(TLS_1_2, number).with_extension(EXTENDED_MASTER_SECRET, &[]);
        rows.push(hello(suite, "SelectedUnofferedCipherSuite", chosen));
    }
    let sound = ServerHello::new(TLS_1_2, ECDHE_ECDSA_AES_128_GCM);
    rows.push(hello("no extended master secret", "ExtendedMasterSecret", sound.clone()));
    let sound = sound.with_extension(EXTENDED_MASTER_SECRET, &[]);
    let mut downgraded = sound.clone();
    downgraded.random[24..].copy_from_slice(b"DOWNGRD\x01");
    rows.push(hello("a downgrade from TLS 1.3", "AttemptedDowngrade", downgraded));
    let compressed = ServerHello { compression: 1, ..sound.clone() };
    rows.push(hello("compression", "SelectedUnofferedCompression", compressed));
    let h2 = sound.clone().with_extension(ALPN, &[0, 3, 2, b'h', b'2']);
    rows.push(hello("HTTP/2 by ALPN", "ApplicationProtocol", h2));
    let tls13 = |random| {
        let hello = ServerHello { random, ..ServerHello::new(TLS_1_2, TLS13_AES_128_GCM) };
        hello.with_extension(SUPPORTED_VERSIONS, &[3, 4])
    };
    let retry = tls13(HELLO_RETRY_REQUEST).with_extension(KEY_SHARE, &SECP192R1);
    rows.push(hello("a request for a weak group (`secp192r1`)", "UnofferedNamedGroup", retry));
    let share = [SECP192R1.as_slice(), &with_length_16(&[4; 49])].concat();
    let share = tls13([7; 32]).with_extension(KEY_SHARE, &share);
    rows.push(hello("a share of a weak group (`secp192r1`)", "Group", share.clone()));
    let psk = share.with_extension(PRE_SHARED_KEY, &[0, 0]);
    rows.push(hello("a session that the client does not have", "Unsolicited", psk));
    rows.extend([
        weak_group_in_tls_1_2(),
        corrupt_record(),
        under_the_floor(),
        demanding_certificate("a certificate of the client demanded", TLS_1_3_ONLY),
        demanding_certificate("a certificate of the client demanded, by TLS 1.2", TLS_1_2_ONLY),
        Row::held_by(
            Section::Tls,
            "a session that goes on without its certificate",
            "dynamo-runtime/src/client/tests/tls.rs",
            "no_session_goes_on_without_its_certificate",
        ),
    ]);
    rows
}

fn refused(
    name: &str,
    says: &str,
    answer: impl Fn(&ClientHello) -> Vec<u8> + Clone + Send + Sync + 'static,
) -> Row {
    Row::new(Section::Tls, name, Expected::Refused(says.to_owned()), move |call| {
        let answer = answer.clone();
        async move {
            let (port, tally) = answering_hello(answer).await;
            call.send(account::client(port, trust(&root())), &tally).await
        }
    })
}

fn raw(name: &str, says: &str, answer: Vec<u8>) -> Row {
    refused(name, says, move |_| answer.clone())
}

fn hello(name: &str, says: &str, hello: ServerHello) -> Row {
    refused(name, says, move |client| hello.record(client))
}

/// A whole flight of TLS 1.2, right but for the curve of its key exchange, which is signed like it.
fn weak_group_in_tls_1_2() -> Row {
    const CERTIFICATE: u8 = 11;
    const SERVER_KEY_EXCHANGE: u8 = 12;
    const SERVER_HELLO_DONE: u8 = 14;
    const NAMED_CURVE: u8 = 3;
    const ECDSA_SECP256R1_SHA256: [u8; 2] = [4, 3];

    fn with_length_24(content: &[u8]) -> Vec<u8> {
        handshake(0, content)[1..].to_vec()
    }

    let expected = Expected::Refused("Group".to_owned());
    let name = "a weak group in TLS 1.2 (`secp192r1`)";
    Row::new(Section::Tls, name, expected, move |call| async move {
        let (root, key) = (root(), key());
        let trust = trust(&root);
        let leaf = leaf("localhost").signed_by(&key, &root).unwrap().der().clone();
        let (port, tally) = answering_hello(move |client| {
            let hello = ServerHello::new(TLS_1_2, ECDHE_ECDSA_AES_128_GCM)
                .with_extension(EXTENDED_MASTER_SECRET, &[]);
            let share = [&[NAMED_CURVE], SECP192R1.as_slice(), &[49], &[4; 49]].concat();
            let signed = [client.random.as_slice(), &hello.random, &share].concat();
            let signature = key.sign(&signed).unwrap();
            let exchange =
                [share.as_slice(), &ECDSA_SECP256R1_SHA256, &with_length_16(&signature)].concat();
            let messages = [
                handshake(CERTIFICATE, &with_length_24(&with_length_24(&leaf))),
                handshake(SERVER_KEY_EXCHANGE, &exchange),
                handshake(SERVER_HELLO_DONE, &[]),
            ];
            [hello.record(client), record(TLS_1_2, &messages.concat())].concat()
        })
        .await;
        call.send(account::client(port, trust), &tally).await
    })
}

fn corrupt_record() -> Row {
    let expected = Expected::Refused("decrypt".to_owned());
    Row::new(Section::Tls, "a corrupt record", expected, |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf("localhost"), &root));
        let (port, tally) = answering(config, success(b"{}")).await;
        // After the `ServerHello` and the change of cipher, which is for show.
        let before = flipping(port, 2).await;
        call.send(account::client(before, trust(&root)), &tally).await
    })
}

fn under_the_floor() -> Row {
    let expected = Expected::Refused("ServerTlsVersionIsDisabledByOurConfig".to_owned());
    Row::new(Section::Tls, "TLS 1.2 under a floor of 1.3", expected, |call| async move {
        let root = root();
        let hello = ServerHello::new(TLS_1_2, ECDHE_ECDSA_AES_128_GCM)
            .with_extension(EXTENDED_MASTER_SECRET, &[]);
        let (port, tally) = answering_hello(move |client| hello.record(client)).await;
        let client = account::client(port, trust(&root)).tls_floor(TlsFloor::Tls13);
        call.send(client, &tally).await
    })
}

/// A server of a right certificate, which lets nobody in without one.
fn demanding_certificate(
    name: &str,
    versions: &'static [&'static SupportedProtocolVersion],
) -> Row {
    let expected = Expected::Demanded("it demands a certificate of the client".to_owned());
    Row::new(Section::Tls, name, expected, move |call| async move {
        let root = root();
        let identity = Identity::new(&leaf("localhost"), &root);
        let config = asking_for_certificate(versions, identity, client_roots(&root), true);
        let (port, tally) = answering(config, success(b"{}")).await;
        call.send(account::client(port, trust(&root)), &tally).await
    })
}

/// Who a client's certificate would have to be signed by.
pub fn client_roots(root: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(root.der().clone()).unwrap();
    roots
}
