//! Tokens: each way to come in without the right one.

use std::fs;
use std::time::SystemTime;

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};
use base64_simd::URL_SAFE_NO_PAD;
use hyper::{Method, StatusCode};
use serde_json::{Value, json};
use user_service::config::TokenKeys;
use user_service::edge::RunFiles;

use crate::callers::LOGIN;
use crate::{ADAS_PATH, start, start_with};

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode_to_string(bytes)
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs()
}

/// Valid but for what the test changes.
fn claims() -> Value {
    json!({
        "iss": "user-service", "aud": "user-service", "sub": "operator", "scope": "admin",
        "exp": now() + 300, "nbf": now(), "iat": now(),
    })
}

/// The key of an identity provider, with the name that its key set gives it.
pub(crate) struct Provider {
    id: &'static str,
    pair: Ed25519KeyPair,
}

impl Provider {
    pub(crate) fn new(id: &'static str) -> Self {
        Self { id, pair: Ed25519KeyPair::generate().unwrap() }
    }

    pub(crate) fn jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "kid": self.id, "x": encode(self.pair.public_key()) })
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.pair.sign(message.as_bytes());
        format!("{message}.{}", encode(signature))
    }

    pub(crate) fn token(&self) -> String {
        self.sign(&json!({ "alg": "EdDSA", "kid": self.id }), &claims())
    }
}

pub(crate) fn key_set(keys: &[Value]) -> String {
    json!({ "keys": keys }).to_string()
}

#[tokio::test]
async fn nobody_comes_in_without_a_token() {
    let service = start().await;
    let nobody = service.client.without_token();
    for (method, path) in [
        (Method::POST, "/users"),
        (Method::POST, "/users/search"),
        (Method::GET, ADAS_PATH),
        (Method::GET, "/users/no-id"),
        (Method::PATCH, ADAS_PATH),
        (Method::DELETE, ADAS_PATH),
        (Method::GET, "/metrics"),
        (Method::GET, "/security"),
    ] {
        let answer = nobody.request(method, path, &[], "").await;
        assert_eq!((answer.status.as_u16(), &*answer.problem()), (401, "token-required"), "{path}");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"user-service\"");
    }
    let basic =
        nobody.request(Method::GET, ADAS_PATH, &[("authorization", "Basic YTpi")], "").await;
    assert_eq!(basic.problem(), "token-required");
    let one = format!("Bearer {}", service.token("operator", "admin"));
    let twice = [("authorization", &*one), ("authorization", &*one)];
    assert_eq!(nobody.request(Method::GET, ADAS_PATH, &twice, "").await.problem(), "invalid-token");
    // Nothing has reached the store.
    assert!(service.engine.requests().iter().all(|request| request.operation() != "UpdateItem"));
}

#[tokio::test]
async fn a_token_that_is_not_quite_right_is_none() {
    let provider = Provider::new("one");
    let files = RunFiles::create().unwrap();
    let path = files.write("keys.json", &key_set(&[provider.jwk()])).unwrap();
    let service = start_with(|config| config.tokens.keys = TokenKeys::File(path)).await;
    let status = async |token: &str| {
        let answer = service.client.with_token(token).get(ADAS_PATH).await;
        if answer.status == StatusCode::UNAUTHORIZED {
            assert_eq!(answer.problem(), "invalid-token");
            assert!(answer.header("www-authenticate").ends_with("error=\"invalid_token\""));
        }
        answer.status.as_u16()
    };
    let header = |more: &Value| {
        let mut header = json!({ "alg": "EdDSA", "kid": "one" });
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        header
    };
    // Both names of the one algorithm, and both types of the one token.
    for good in [
        json!({}),
        json!({ "alg": "Ed25519" }),
        json!({ "typ": "JWT" }),
        json!({ "typ": "at+jwt" }),
    ] {
        assert_eq!(status(&provider.sign(&header(&good), &claims())).await, 404, "{good}");
    }
    for bad in [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "eddsa" }),
        json!({ "kid": "two" }),
        json!({ "kid": null }),
        json!({ "kid": ["one"] }),
        json!({ "typ": "id+jwt" }),
        json!({ "crit": ["exp"] }),
    ] {
        assert_eq!(status(&provider.sign(&header(&bad), &claims())).await, 401, "{bad}");
    }
    for (name, value) in [
        ("iss", json!("another")),
        ("aud", json!("another")),
        ("aud", json!(["user-service", "another"])),
        ("aud", json!([])),
        ("exp", json!(now() - 31)),
        ("exp", Value::Null),
        ("nbf", json!(now() + 300)),
        ("iat", json!(now() + 300)),
        ("sub", json!("")),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        assert_eq!(
            status(&provider.sign(&header(&json!({})), &claims)).await,
            401,
            "{name}: {value}"
        );
    }

    let token = provider.token();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let unsigned =
        format!("{}.{}.", encode(r#"{"alg":"none","kid":"one"}"#), encode(claims().to_string()));
    // The public key is no secret, so it must not be taken for one.
    let public = hmac::Key::new(HMAC_SHA256, provider.pair.public_key().as_ref());
    let by_hmac =
        format!("{}.{}", encode(r#"{"alg":"HS256","kid":"one"}"#), encode(claims().to_string()));
    let by_hmac = format!("{by_hmac}.{}", encode(hmac::sign(&public, by_hmac.as_bytes())));
    let stranger = Provider { id: "one", ..Provider::new("stranger") }.token();
    let doubled = claims().to_string().replacen('{', r#"{"sub":"ada","#, 1);
    let doubled = {
        let message = format!("{}.{}", encode(header(&json!({})).to_string()), encode(doubled));
        format!("{message}.{}", encode(provider.pair.sign(message.as_bytes())))
    };
    for forged in [
        unsigned,
        by_hmac,
        stranger,
        doubled,
        format!("{message}."),
        message.to_owned(),
        format!("{token}."),
        format!("{token}.x"),
        format!("{message}.{}", &signature[..signature.len() - 2]),
        format!("a{token}"),
        format!("{token}{}", "A".repeat(9000)),
        "..".to_owned(),
    ] {
        assert_eq!(status(&forged).await, 401, "{forged:.80}");
    }
}

#[tokio::test]
async fn a_key_of_p_256_is_for_es256_alone() {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref()).unwrap();
    // An uncompressed point: 4, x, y.
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "ec", "x": encode(x), "y": encode(y) });
    let files = RunFiles::create().unwrap();
    let path = files.write("keys.json", &key_set(&[jwk])).unwrap();
    let service = start_with(|config| config.tokens.keys = TokenKeys::File(path)).await;
    for (alg, status) in [("ES256", 404), ("EdDSA", 401), ("ES384", 401), ("HS256", 401)] {
        let header = json!({ "alg": alg, "kid": "ec" }).to_string();
        let message = format!("{}.{}", encode(header), encode(claims().to_string()));
        let signature = pair.sign(&random, message.as_bytes()).unwrap();
        let token = format!("{message}.{}", encode(signature));
        let answer = service.client.with_token(&token).get(ADAS_PATH).await;
        assert_eq!(answer.status.as_u16(), status, "{alg}");
    }
}

#[tokio::test]
async fn keys_of_a_file_change_without_a_restart() {
    let (one, two) = (Provider::new("one"), Provider::new("two"));
    let files = RunFiles::create().unwrap();
    let path = files.write("keys.json", &key_set(&[one.jwk()])).unwrap();
    let service = start_with(|config| config.tokens.keys = TokenKeys::File(path.clone())).await;
    let status = async |of: &Provider| {
        service.client.with_token(&of.token()).get(ADAS_PATH).await.status.as_u16()
    };
    let replace = |text: &str| {
        let new = files.path().join("new.json");
        fs::write(&new, text).unwrap();
        fs::rename(new, &path).unwrap();
    };
    assert_eq!((status(&one).await, status(&two).await), (404, 401));
    replace(&key_set(&[one.jwk(), two.jwk()]));
    assert_eq!((status(&one).await, status(&two).await), (404, 404));
    replace("broken");
    assert_eq!((status(&one).await, status(&two).await), (404, 404));
    replace(&key_set(&[two.jwk()]));
    assert_eq!((status(&one).await, status(&two).await), (401, 404), "a key that is gone is gone");
    assert_eq!(service.client.json(Method::POST, "/login", "", LOGIN).await.problem(), "no-route");
}
