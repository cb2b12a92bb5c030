//! The service's configuration, from environment variables.

use std::env::{self, VarError};
use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use dynamo_runtime::error::BoxError;
use dynamo_runtime::{Region, TableName};

const DEFAULT_PORT: u16 = 8443;

/// Where the service listens, how it proves who it is, and where it keeps its users.
#[derive(Clone, Debug)]
pub struct Config {
    /// From `USER_SERVICE_ADDRESS` and `USER_SERVICE_PORT`; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// From `TLS_CERT` and `TLS_KEY`.
    pub certificate: Certificate,
    /// From `DYNAMO_REGION` and `USER_TABLE`.
    pub store: Store,
}

/// Where the certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// It is made for this run.
    ForThisRun,
    /// It is read from PEM files.
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
    /// In DynamoDB.
    Aws {
        /// The table's region.
        region: Region,
        /// The table's name, unless it is the entity's own, `users`.
        table: Option<TableName>,
    },
}

impl Config {
    /// Reads the configuration of this process; with no variable set, the service runs by itself.
    ///
    /// # Errors
    /// A variable has a value that it cannot have, or lacks the one that belongs to it.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::read(|name| env::var(name))
    }

    fn read(variable: impl Fn(&str) -> Result<String, VarError>) -> Result<Self, ConfigError> {
        let read = |name| match variable(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(error) => Err(ConfigError::new(name, error)),
        };
        let address = parse(read, "USER_SERVICE_ADDRESS", str::parse::<IpAddr>)?;
        let port = parse(read, "USER_SERVICE_PORT", str::parse::<u16>)?;
        let certificate = match (read("TLS_CERT")?, read("TLS_KEY")?) {
            (None, None) => Certificate::ForThisRun,
            (Some(chain), Some(key)) => Certificate::Files { chain: chain.into(), key: key.into() },
            (Some(_), None) => {
                return Err(ConfigError::new("TLS_KEY", "TLS_CERT is set without it"));
            }
            (None, Some(_)) => {
                return Err(ConfigError::new("TLS_CERT", "TLS_KEY is set without it"));
            }
        };
        let region = parse(read, "DYNAMO_REGION", Region::parse)?;
        let table = parse(read, "USER_TABLE", |text| TableName::new(text))?;
        let store = match (region, table) {
            (None, None) => Store::Embedded,
            (Some(region), table) => Store::Aws { region, table },
            (None, Some(_)) => {
                return Err(ConfigError::new("DYNAMO_REGION", "USER_TABLE is set without it"));
            }
        };
        Ok(Self {
            listen: SocketAddr::new(
                address.unwrap_or(Ipv4Addr::LOCALHOST.into()),
                port.unwrap_or(DEFAULT_PORT),
            ),
            certificate,
            store,
        })
    }
}

fn parse<T, E: Into<BoxError>>(
    read: impl Fn(&'static str) -> Result<Option<String>, ConfigError>,
    name: &'static str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, ConfigError> {
    read(name)?.map(|text| parse(&text).map_err(|error| ConfigError::new(name, error))).transpose()
}

/// An environment variable that the service cannot start with.
#[derive(Debug)]
pub struct ConfigError {
    variable: &'static str,
    cause: BoxError,
}

impl ConfigError {
    fn new(variable: &'static str, cause: impl Into<BoxError>) -> Self {
        Self { variable, cause: cause.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.variable, self.cause)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned()).ok_or(VarError::NotPresent)
        };
        Config::read(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn with_nothing_set_the_service_runs_by_itself() {
        let config = read(&[]).unwrap();
        assert_eq!(config.listen, "127.0.0.1:8443".parse().unwrap());
        assert_eq!(config.certificate, Certificate::ForThisRun);
        assert_eq!(config.store, Store::Embedded);
    }

    #[test]
    fn everything_can_be_set() {
        let config = read(&[
            ("USER_SERVICE_ADDRESS", "::"),
            ("USER_SERVICE_PORT", "0"),
            ("TLS_CERT", "chain.pem"),
            ("TLS_KEY", "key.pem"),
            ("DYNAMO_REGION", "eu-central-1"),
            ("USER_TABLE", "prod-users"),
        ])
        .unwrap();
        assert_eq!(config.listen, "[::]:0".parse().unwrap());
        let files = Certificate::Files { chain: "chain.pem".into(), key: "key.pem".into() };
        assert_eq!(config.certificate, files);
        let table = Some(TableName::new("prod-users").unwrap());
        assert_eq!(config.store, Store::Aws { region: Region::EU_CENTRAL_1, table });
    }

    #[test]
    fn a_region_is_enough_for_aws() {
        let config = read(&[("DYNAMO_REGION", "eu-central-1")]).unwrap();
        assert_eq!(config.store, Store::Aws { region: Region::EU_CENTRAL_1, table: None });
    }

    #[test]
    fn what_does_not_fit_names_its_variable() {
        let cases: [(&[(&str, &str)], &str); 8] = [
            (&[("USER_SERVICE_PORT", "65536")], "USER_SERVICE_PORT: "),
            (&[("USER_SERVICE_PORT", "")], "USER_SERVICE_PORT: "),
            (&[("USER_SERVICE_ADDRESS", "localhost")], "USER_SERVICE_ADDRESS: "),
            (&[("TLS_CERT", "chain.pem")], "TLS_KEY: "),
            (&[("TLS_KEY", "key.pem")], "TLS_CERT: "),
            (&[("DYNAMO_REGION", "local"), ("USER_TABLE", "users")], "DYNAMO_REGION: "),
            (&[("DYNAMO_REGION", "eu-central-1"), ("USER_TABLE", "a")], "USER_TABLE: "),
            (&[("USER_TABLE", "users")], "DYNAMO_REGION: "),
        ];
        for (variables, start) in cases {
            let error = read(variables).unwrap_err();
            assert!(error.starts_with(start), "{error}");
        }
    }
}
