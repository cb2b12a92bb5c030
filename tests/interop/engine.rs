//! The engine that both sides use: the embedded one, or another that `scripts/interop` has started.

use std::path::PathBuf;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::{LocalEngine, Tables};
use dynamo_runtime::{Endpoint, Trust};

/// The port on 127.0.0.1 of another engine, and the file with the certificate of its authority.
const PORT: &str = "INTEROP_ENGINE_PORT";
const CA: &str = "INTEROP_ENGINE_CA";

/// Where the engine is, and what it asks for.
pub(crate) struct EngineAddress {
    host: String,
    port: u16,
    ca: PathBuf,
    credentials: [String; 2],
    /// It lives as long as this.
    embedded: Option<LocalEngine>,
}

impl EngineAddress {
    pub(crate) async fn of_this_run() -> Self {
        let Ok(port) = std::env::var(PORT) else {
            let engine = LocalEngine::in_memory().await.unwrap();
            let ca = std::env::temp_dir().join(format!("interop-ca-{}.pem", std::process::id()));
            std::fs::write(&ca, engine.ca_pem()).unwrap();
            return Self {
                host: engine.host().to_owned(),
                port: engine.port(),
                ca,
                credentials: [engine.access_key_id(), engine.secret_access_key()]
                    .map(str::to_owned),
                embedded: Some(engine),
            };
        };
        let credentials =
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(|name| std::env::var(name).unwrap());
        let ca = PathBuf::from(std::env::var_os(CA).unwrap());
        let host = "127.0.0.1".to_owned();
        Self { host, port: port.parse().unwrap(), ca, credentials, embedded: None }
    }

    /// A client with the tables of these entities.
    pub(crate) async fn client(&self, tables: Tables) -> SecureClient {
        let [id, secret] = &self.credentials;
        let client = SecureClient::builder()
            .region(Region::US_EAST_1)
            .credentials(Credentials::fixed(id, secret, None))
            .endpoint(Endpoint::compatible(&self.host, self.port).unwrap())
            .trust(Trust::private_ca(std::fs::read(&self.ca).unwrap()).unwrap());
        let client = client.build().await.unwrap();
        tables.create(&client).await.unwrap();
        client
    }

    /// The environment of a program of another library.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        let ca = self.ca.display().to_string();
        let [id, secret] = self.credentials.clone();
        vec![
            ("AWS_ACCESS_KEY_ID", id),
            ("AWS_SECRET_ACCESS_KEY", secret),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", format!("https://{}:{}", self.host, self.port)),
            ("AWS_CA_BUNDLE", ca.clone()),
            ("NODE_EXTRA_CA_CERTS", ca),
            ("NODE_NO_WARNINGS", "1".to_owned()),
        ]
    }
}

impl Drop for EngineAddress {
    fn drop(&mut self) {
        if self.embedded.is_some() {
            let _ = std::fs::remove_file(&self.ca);
        }
    }
}
