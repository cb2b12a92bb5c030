use std::path::Path;

use super::*;
use crate::edge::RunFiles;

fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
    let variable = |name: &str| {
        let found = variables.iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| (*value).to_owned()).ok_or(VarError::NotPresent)
    };
    Config::read(&variable).map_err(|error| error.to_string())
}

struct Given {
    files: RunFiles,
}

impl Given {
    fn new() -> Self {
        let files = RunFiles::create().unwrap();
        files.write("secret", &"ab".repeat(32)).unwrap();
        files.write("key.pem", SigningKey::random().unwrap().expose_pem()).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let root = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        files.write("ca.pem", &root.self_signed(&key).unwrap().pem()).unwrap();
        let mut authority = rcgen::CertificateParams::default();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        files.write("engine.pem", &authority.self_signed(&key).unwrap().pem()).unwrap();
        Self { files }
    }

    fn path(&self, name: &str) -> String {
        self.files.path().join(name).display().to_string()
    }
}

#[test]
fn with_nothing_set_the_service_runs_by_itself() {
    let config = read(&[]).unwrap();
    assert_eq!(config.listen, "127.0.0.1:8443".parse().unwrap());
    assert_eq!(config.certificate, Certificate::ForThisRun);
    assert_eq!(config.store, Store::Embedded);
    assert_eq!((config.plain_listen, config.proxies), (None, None));
    assert!(matches!(config.tokens.keys, TokenKeys::ForThisRun(_)));
    assert_eq!(config.tokens.party.issuer, "user-service");
    assert_eq!(config.requests_per_minute, 600);
    assert!(config.limits.drain.is_zero());
}

#[test]
fn everything_can_be_set() {
    let given = Given::new();
    let (secret, key) = (given.path("secret"), given.path("key.pem"));
    let config = read(&[
        ("USER_SERVICE_ADDRESS", "::"),
        ("USER_SERVICE_PORT", "0"),
        ("TLS_CERT", "chain.pem"),
        ("TLS_KEY", "key.pem"),
        ("PLAIN_LISTEN", "10.1.2.3:8080"),
        ("PROXY_ADDRESSES", "10.0.0.7, fd00::/8"),
        ("PROXY_HEADER", "forwarded"),
        ("DYNAMO_REGION", "eu-central-1"),
        ("USER_TABLE", "prod-users"),
        ("TOKEN_KEY", &key),
        ("TOKEN_ISSUER", "https://id.example"),
        ("TOKEN_AUDIENCE", "users"),
        ("SECRET_FILE", &secret),
        ("REQUESTS_PER_MINUTE", "5"),
        ("DRAIN_SECONDS", "20"),
    ])
    .unwrap();
    assert_eq!(config.limits.drain.as_secs(), 20);
    assert_eq!(config.listen, "[::]:0".parse().unwrap());
    let files = Certificate::Files { chain: "chain.pem".into(), key: "key.pem".into() };
    assert_eq!(config.certificate, files);
    assert_eq!(config.plain_listen, Some("10.1.2.3:8080".parse().unwrap()));
    let proxies = config.proxies.unwrap();
    assert_eq!(proxies.by, ForwardedBy::Forwarded);
    assert_eq!(proxies.networks, ["10.0.0.7/32".parse().unwrap(), "fd00::/8".parse().unwrap()]);
    let table = Some(TableName::new("prod-users").unwrap());
    let store = Store::Remote { region: Region::EU_CENTRAL_1, table, engine: None };
    assert_eq!(config.store, store);
    assert_eq!(config.tokens.party.audience, "users");
    assert_eq!(config.requests_per_minute, 5);
}

#[test]
fn a_compatible_engine_is_behind_a_named_authority() {
    let given = Given::new();
    let (secret, key, ca) = (given.path("secret"), given.path("key.pem"), given.path("engine.pem"));
    let config = read(&[
        ("DYNAMO_REGION", "eu-central-1"),
        ("DYNAMO_ENGINE", "engine.example:8043"),
        ("DYNAMO_ENGINE_CA", &ca),
        ("TOKEN_KEY", &key),
        ("SECRET_FILE", &secret),
    ])
    .unwrap();
    let ca_pem = read_file(&ca).unwrap();
    let engine = CompatibleEngine { host: "engine.example".to_owned(), port: 8043, ca_pem };
    let region = Region::EU_CENTRAL_1;
    assert_eq!(config.store, Store::Remote { region, table: None, engine: Some(engine) });
}

#[test]
fn keys_come_from_a_file_or_from_a_url_whose_server_is_named() {
    let given = Given::new();
    let party = [("TOKEN_ISSUER", "https://id.example"), ("TOKEN_AUDIENCE", "users")];
    let with = |more: &[(&'static str, &str)]| {
        let all: Vec<_> = party.iter().chain(more).copied().collect();
        read(&all).map(|config| config.tokens.keys)
    };
    let file = with(&[("TOKEN_JWKS", "keys.json")]).unwrap();
    assert!(matches!(file, TokenKeys::File(path) if path == Path::new("keys.json")));
    let (ca, pins) = (given.path("ca.pem"), format!("{}, {}", "ab".repeat(32), "cd".repeat(32)));
    let url = ("TOKEN_JWKS", "https://id.example/keys");
    for named in [
        &[("TOKEN_JWKS_CA", &*ca)][..],
        &[("TOKEN_JWKS_PIN", &*pins)],
        &[("TOKEN_JWKS_CA", &*ca), ("TOKEN_JWKS_PIN", &*pins)],
    ] {
        let by_url = with(&[&[url], named].concat()).unwrap();
        assert!(matches!(by_url, TokenKeys::Url(_)));
    }
    let nobody = with(&[url]).unwrap_err();
    assert!(
        nobody.contains("\n  TOKEN_JWKS_CA: ") && nobody.contains("TOKEN_JWKS_PIN"),
        "{nobody}"
    );
    let plain = with(&[("TOKEN_JWKS", "http://id.example/keys"), ("TOKEN_JWKS_CA", &ca)]);
    assert!(plain.unwrap_err().contains("\n  TOKEN_JWKS: "));
    let broken = with(&[url, ("TOKEN_JWKS_CA", &ca), ("TOKEN_JWKS_PIN", "sha256//abc")]);
    assert!(broken.unwrap_err().contains("\n  TOKEN_JWKS_PIN: "));
    let file = with(&[("TOKEN_JWKS", "keys.json"), ("TOKEN_JWKS_PIN", &pins)]);
    assert!(file.unwrap_err().contains("\n  TOKEN_JWKS_PIN: "));
}

#[test]
fn what_does_not_fit_names_its_variable() {
    let given = Given::new();
    let (secret, ca) = (given.path("secret"), given.path("ca.pem"));
    let engine = given.path("engine.pem");
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("USER_SERVICE_PORT", "65536")], "USER_SERVICE_PORT"),
        (&[("USER_SERVICE_PORT", "")], "USER_SERVICE_PORT"),
        (&[("USER_SERVICE_ADDRESS", "localhost")], "USER_SERVICE_ADDRESS"),
        (&[("TLS_CERT", "chain.pem")], "TLS_KEY"),
        (&[("TLS_KEY", "key.pem")], "TLS_CERT"),
        (&[("PROXY_ADDRESSES", "0.0.0.0/0")], "PROXY_ADDRESSES"),
        (&[("PROXY_ADDRESSES", "proxy.example")], "PROXY_ADDRESSES"),
        (&[("PROXY_ADDRESSES", "")], "PROXY_ADDRESSES"),
        (&[("PROXY_HEADER", "forwarded")], "PROXY_ADDRESSES"),
        (&[("PROXY_ADDRESSES", "::1"), ("PROXY_HEADER", "via")], "PROXY_HEADER"),
        (&[("PLAIN_LISTEN", "127.0.0.1:80")], "PROXY_ADDRESSES"),
        (&[("PROXY_ADDRESSES", "::1"), ("PLAIN_LISTEN", "0.0.0.0:80")], "PLAIN_LISTEN"),
        (&[("PROXY_ADDRESSES", "::1"), ("PLAIN_LISTEN", "192.0.2.1:80")], "PLAIN_LISTEN"),
        (&[("PROXY_ADDRESSES", "::1"), ("PLAIN_LISTEN", "[2001:db8::1]:80")], "PLAIN_LISTEN"),
        (&[("DYNAMO_REGION", "local")], "DYNAMO_REGION"),
        (&[("DYNAMO_REGION", "eu-central-1"), ("SECRET_FILE", &secret)], "TOKEN_JWKS"),
        (&[("DYNAMO_REGION", "eu-central-1"), ("TOKEN_JWKS", "keys.json")], "SECRET_FILE"),
        (&[("DYNAMO_REGION", "eu-central-1"), ("USER_TABLE", "a")], "USER_TABLE"),
        (&[("USER_TABLE", "users")], "DYNAMO_REGION"),
        (
            &[("DYNAMO_ENGINE", "engine.example:8043"), ("DYNAMO_ENGINE_CA", &engine)],
            "DYNAMO_REGION",
        ),
        (&[("DYNAMO_ENGINE", "engine.example:8043")], "DYNAMO_ENGINE_CA"),
        (&[("DYNAMO_ENGINE", "http://engine.example:8043")], "DYNAMO_ENGINE"),
        (&[("DYNAMO_ENGINE", "engine.example")], "DYNAMO_ENGINE"),
        (&[("DYNAMO_ENGINE_CA", &engine)], "DYNAMO_ENGINE"),
        (&[("DYNAMO_ENGINE_CA", &secret)], "DYNAMO_ENGINE_CA"),
        (&[("SECRET_FILE", "/nowhere")], "SECRET_FILE"),
        (&[("SECRET_FILE", &ca)], "SECRET_FILE"),
        (&[("TOKEN_KEY", &ca)], "TOKEN_KEY"),
        (&[("TOKEN_KEY", &ca), ("TOKEN_JWKS", "keys.json")], "TOKEN_KEY"),
        (&[("TOKEN_JWKS", "keys.json")], "TOKEN_ISSUER"),
        (&[("TOKEN_JWKS", "keys.json")], "TOKEN_AUDIENCE"),
        (&[("TOKEN_ISSUER", "")], "TOKEN_ISSUER"),
        (&[("TOKEN_JWKS_CA", &ca)], "TOKEN_JWKS"),
        (&[("TOKEN_JWKS_PIN", "")], "TOKEN_JWKS"),
        (&[("REQUESTS_PER_MINUTE", "0")], "REQUESTS_PER_MINUTE"),
        (&[("DRAIN_SECONDS", "256")], "DRAIN_SECONDS"),
    ];
    for (variables, name) in cases {
        let error = read(variables).unwrap_err();
        assert!(error.contains(&format!("\n  {name}: ")), "{variables:?}: {error}");
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let error = read(&[
        ("USER_SERVICE_PORT", "many"),
        ("TLS_CERT", "chain.pem"),
        ("USER_TABLE", "a"),
        ("REQUESTS_PER_MINUTE", "-1"),
    ])
    .unwrap_err();
    for name in
        ["USER_SERVICE_PORT", "TLS_KEY", "USER_TABLE", "DYNAMO_REGION", "REQUESTS_PER_MINUTE"]
    {
        assert!(error.contains(&format!("\n  {name}: ")), "{error}");
    }
}

#[test]
fn no_secret_is_shown() {
    let given = Given::new();
    let (secret, key) = (given.path("secret"), given.path("key.pem"));
    let config = read(&[("SECRET_FILE", &secret), ("TOKEN_KEY", &key)]).unwrap();
    let shown = format!("{config:?}");
    assert!(!shown.contains("abab") && !shown.contains("PRIVATE"), "{shown}");
}
