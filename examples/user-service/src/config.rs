//! The service's configuration, from environment variables that are named here and nowhere else.

mod network;
#[cfg(test)]
mod tests;
mod variables;

use std::env::{self, VarError};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use dynamo_runtime::error::BoxError;
use dynamo_runtime::{Endpoint, Region, TableName, Trust};

pub use self::variables::ConfigError;
use self::variables::Variables;
use crate::auth::{Party, SigningKey};
use crate::edge::{ForwardedBy, Limits, Proxies};
use crate::https::{HttpsUrl, Pin};
use crate::secret::Secret;

const DEFAULT_PORT: u16 = 8443;
const DEFAULT_REQUESTS_PER_MINUTE: u32 = 600;

/// Where the service listens, whom it believes, and where it keeps its users.
#[derive(Clone, Debug)]
pub struct Config {
    /// From `USER_SERVICE_ADDRESS` and `USER_SERVICE_PORT`; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// From `TLS_CERT` and `TLS_KEY`.
    pub certificate: Certificate,
    /// From `PLAIN_LISTEN`: where a proxy that has ended the TLS sends its requests.
    pub plain_listen: Option<SocketAddr>,
    /// From `PROXY_ADDRESSES` and `PROXY_HEADER`.
    pub proxies: Option<Proxies>,
    /// From `DYNAMO_REGION`, `USER_TABLE`, and `DYNAMO_ENGINE` with `DYNAMO_ENGINE_CA`.
    pub store: Store,
    /// From `TOKEN_KEY` or `TOKEN_JWKS`, and `TOKEN_ISSUER` and `TOKEN_AUDIENCE`.
    pub tokens: Tokens,
    /// From `OTLP_ENDPOINT`, `OTLP_CA` and `OTLP_PIN`: where spans and metrics go.
    pub collector: Option<HttpsUrl>,
    /// From `SECRET_FILE`.
    pub secret: Secret,
    /// From `REQUESTS_PER_MINUTE`: of one caller.
    pub requests_per_minute: u32,
    /// Of the edge; `DRAIN_SECONDS` is one of them, and no variable changes the others.
    pub limits: Limits,
}

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// It is made for this run.
    ForThisRun,
    /// It is read from PEM files, and again when they change.
    Files {
        /// The service's certificate and its intermediates.
        chain: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
}

/// Where the users are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// In an engine inside of the process, for as long as it runs.
    Embedded,
    /// In DynamoDB, or in a compatible engine.
    Remote {
        /// The table's region.
        region: Region,
        /// The table's name, unless it is the entities' own, `users`.
        table: Option<TableName>,
        /// Where a compatible engine is, unless it is DynamoDB itself.
        engine: Option<CompatibleEngine>,
    },
}

/// An engine that speaks as DynamoDB does, behind a certificate of a private authority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompatibleEngine {
    /// A host name or an IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The authority's certificate, in PEM.
    pub ca_pem: String,
}

/// Which tokens are taken.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Who has made them, and for whom.
    pub party: Party,
    /// By which they are verified.
    pub keys: TokenKeys,
}

/// The keys of tokens.
#[derive(Clone, Debug)]
pub enum TokenKeys {
    /// The service's own, made for this run.
    ForThisRun(SigningKey),
    /// The service's own, with which it signs the tokens of its logins.
    Own(SigningKey),
    /// Those of a JSON Web Key set in a file, which is read again when it changes.
    File(PathBuf),
    /// Those of a JSON Web Key set at an https URL.
    Url(HttpsUrl),
}

impl Config {
    /// Reads the configuration of this process; with no variable set, the service runs by itself.
    ///
    /// # Errors
    /// Variables have values that they cannot have, or lack those that belong to them: all of them
    /// are told.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(&|name| env::var(name))
    }

    fn read(read: &dyn Fn(&str) -> Result<String, VarError>) -> Result<Self, ConfigError> {
        let mut variables = Variables::new(read);
        let address = variables.get("USER_SERVICE_ADDRESS", str::parse::<IpAddr>);
        let port = variables.get("USER_SERVICE_PORT", str::parse::<u16>);
        let proxies = network::proxies(&mut variables);
        let plain_listen = variables.get("PLAIN_LISTEN", network::plain_address);
        variables.needs("PLAIN_LISTEN", &["PROXY_ADDRESSES"]);
        let certificate = certificate(&mut variables);
        let store = store(&mut variables);
        let collector = collector(&mut variables);
        let requests_per_minute = variables
            .get("REQUESTS_PER_MINUTE", |text| text.parse::<NonZeroU32>().map(NonZeroU32::get));
        let drain = variables.get("DRAIN_SECONDS", str::parse::<u8>);
        let drain = Duration::from_secs(drain.unwrap_or_default().into());
        let secret = variables
            .get("SECRET_FILE", |path| Secret::from_hex(&read_file(path)?).map_err(BoxError::from));
        let config = tokens(&mut variables).map(|tokens| Self {
            listen: SocketAddr::new(
                address.unwrap_or(Ipv4Addr::LOCALHOST.into()),
                port.unwrap_or(DEFAULT_PORT),
            ),
            certificate,
            plain_listen,
            proxies,
            store,
            tokens,
            collector,
            secret: secret.unwrap_or_else(Secret::random),
            requests_per_minute: requests_per_minute.unwrap_or(DEFAULT_REQUESTS_PER_MINUTE),
            limits: Limits { drain, ..Limits::default() },
        });
        variables.finish(config)
    }
}

fn certificate(variables: &mut Variables<'_>) -> Certificate {
    variables.needs("TLS_CERT", &["TLS_KEY"]);
    variables.needs("TLS_KEY", &["TLS_CERT"]);
    match (path(variables, "TLS_CERT"), path(variables, "TLS_KEY")) {
        (Some(chain), Some(key)) => Certificate::Files { chain, key },
        _ => Certificate::ForThisRun,
    }
}

fn store(variables: &mut Variables<'_>) -> Store {
    let region = variables.get("DYNAMO_REGION", Region::parse);
    let table = variables.get("USER_TABLE", |text| TableName::new(text));
    variables.needs("USER_TABLE", &["DYNAMO_REGION"]);
    // What one instance makes for its run no other instance knows.
    variables.needs("DYNAMO_REGION", &["TOKEN_JWKS", "TOKEN_KEY"]);
    variables.needs("DYNAMO_REGION", &["SECRET_FILE"]);
    let engine = compatible_engine(variables);
    region.map_or(Store::Embedded, |region| Store::Remote { region, table, engine })
}

fn compatible_engine(variables: &mut Variables<'_>) -> Option<CompatibleEngine> {
    variables.needs("DYNAMO_ENGINE", &["DYNAMO_REGION"]);
    variables.needs("DYNAMO_ENGINE", &["DYNAMO_ENGINE_CA"]);
    variables.needs("DYNAMO_ENGINE_CA", &["DYNAMO_ENGINE"]);
    let place = variables.get("DYNAMO_ENGINE", |text| {
        let (host, port) = text.rsplit_once(':').ok_or("it is a host and a port")?;
        let port = port.parse().map_err(|_| "it is a host and a port")?;
        // The client asks the same when it is built; here the variable is named.
        Endpoint::compatible(host, port)?;
        Ok::<_, BoxError>((host.to_owned(), port))
    });
    let ca_pem = variables.get("DYNAMO_ENGINE_CA", |path| {
        let pem = read_file(path)?;
        Trust::private_ca(&pem)?;
        Ok::<_, BoxError>(pem)
    });
    let ((host, port), ca_pem) = (place?, ca_pem?);
    Some(CompatibleEngine { host, port, ca_pem })
}

fn tokens(variables: &mut Variables<'_>) -> Option<Tokens> {
    const OURS: &str = "user-service";

    variables.needs("TOKEN_JWKS_CA", &["TOKEN_JWKS"]);
    variables.needs("TOKEN_JWKS_PIN", &["TOKEN_JWKS"]);
    variables.needs("TOKEN_JWKS", &["TOKEN_ISSUER"]);
    variables.needs("TOKEN_JWKS", &["TOKEN_AUDIENCE"]);
    let text = |text: &str| if text.is_empty() { Err("it is empty") } else { Ok(text.to_owned()) };
    let issuer = variables.get("TOKEN_ISSUER", text).unwrap_or_else(|| OURS.to_owned());
    let audience = variables.get("TOKEN_AUDIENCE", text).unwrap_or_else(|| OURS.to_owned());
    let key = variables.get("TOKEN_KEY", |path| SigningKey::from_pem(&read_file(path)?));
    let keys = if variables.is_set("TOKEN_JWKS") {
        if variables.is_set("TOKEN_KEY") {
            variables.refuse("TOKEN_KEY", "TOKEN_JWKS is set too: tokens come from one place");
        }
        key_set(variables)
    } else if variables.is_set("TOKEN_KEY") {
        key.map(TokenKeys::Own)
    } else {
        match SigningKey::random() {
            Ok(key) => Some(TokenKeys::ForThisRun(key)),
            Err(error) => {
                variables.refuse("TOKEN_KEY", &error.to_string());
                None
            }
        }
    };
    keys.map(|keys| Tokens { party: Party { issuer, audience }, keys })
}

/// From a file or an https URL.
fn key_set(variables: &mut Variables<'_>) -> Option<TokenKeys> {
    let location = variables.get("TOKEN_JWKS", |text| Ok::<_, BoxError>(text.to_owned()))?;
    if location.contains("://") {
        let url = https_url(variables, "TOKEN_JWKS", "TOKEN_JWKS_CA", "TOKEN_JWKS_PIN");
        return url.map(TokenKeys::Url);
    }
    for name in ["TOKEN_JWKS_CA", "TOKEN_JWKS_PIN"] {
        if variables.is_set(name) {
            variables.refuse(name, "TOKEN_JWKS is a file, which no server gives");
        }
    }
    Some(TokenKeys::File(location.into()))
}

/// A URL, and its server's authority or key: one of the two at least.
fn https_url(
    variables: &mut Variables<'_>,
    url: &'static str,
    ca: &'static str,
    pin: &'static str,
) -> Option<HttpsUrl> {
    let roots = variables.get(ca, read_file);
    let pins = variables.get(pin, |text| {
        text.split(',').map(|pin| pin.trim().parse()).collect::<Result<Vec<Pin>, _>>()
    });
    variables.needs(url, &[ca, pin]);
    let has = |name, is_read: bool| is_read || !variables.is_set(name);
    if !has(ca, roots.is_some()) || !has(pin, pins.is_some()) || (roots.is_none() && pins.is_none())
    {
        return None;
    }
    let pins = pins.unwrap_or_default();
    variables.get(url, |text| HttpsUrl::new(text, roots.as_deref(), pins))
}

/// Where spans and metrics go.
fn collector(variables: &mut Variables<'_>) -> Option<HttpsUrl> {
    variables.needs("OTLP_CA", &["OTLP_ENDPOINT"]);
    variables.needs("OTLP_PIN", &["OTLP_ENDPOINT"]);
    if !variables.is_set("OTLP_ENDPOINT") {
        return None;
    }
    if !cfg!(feature = "otlp") {
        variables.refuse("OTLP_ENDPOINT", "this program was built without the feature `otlp`");
        return None;
    }
    https_url(variables, "OTLP_ENDPOINT", "OTLP_CA", "OTLP_PIN")
}

fn path(variables: &mut Variables<'_>, name: &'static str) -> Option<PathBuf> {
    variables.get(name, |text| Ok::<_, BoxError>(PathBuf::from(text)))
}

fn read_file(path: &str) -> Result<String, BoxError> {
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}").into())
}
