//! What the handlers share.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dynamo_runtime::error::BoxError;
use dynamo_runtime::operation::CursorKeys;
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Endpoint, Trust};

use crate::api::KeptRequest;
use crate::auth::{Hasher, Issuer, Rate, Rates, Tokens};
use crate::config::{CompatibleEngine, Config, Store};
use crate::ops::{LastLook, RefusedCallers};
use crate::secret::Secret;
use crate::user::{EmailClaim, User};

/// The time for one call of the store, with its retries.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);

/// What every request needs; a clone is cheap.
#[derive(Clone)]
pub(crate) struct Service(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) client: SecureClient,
    pub(crate) refused: RefusedCallers,
    pub(crate) last_look: LastLook,
    pub(crate) clock: Clock,
    pub(crate) secret: Secret,
    pub(crate) cursors: Arc<CursorKeys>,
    pub(crate) hasher: Hasher,
    pub(crate) rates: Rates,
    pub(crate) tokens: Arc<Tokens>,
    /// Makes the tokens of logins, where this service makes any.
    pub(crate) issuer: Option<Issuer>,
}

impl Service {
    pub(crate) async fn start(
        config: &Config,
        client: SecureClient,
        clock: Clock,
    ) -> Result<Self, BoxError> {
        let (tokens, issuer) = Tokens::start(&config.tokens).await?;
        let shared = Shared {
            client,
            refused: RefusedCallers::default(),
            last_look: LastLook::default(),
            clock,
            cursors: Arc::new(config.secret.cursors()),
            secret: config.secret.clone(),
            hasher: Hasher::new(),
            rates: Rates::new(config.requests_per_minute),
            tokens: Arc::new(tokens),
            issuer,
        };
        Ok(Self(Arc::new(shared)))
    }
}

impl Deref for Service {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Opens the table that the configuration names.
///
/// # Errors
/// The client cannot be built.
pub(crate) async fn open(store: &Store) -> Result<SecureClient, BoxError> {
    match store {
        // All entities share the table, which has what any of them needs.
        Store::Embedded => Ok(SecureClient::local()
            .table::<User>()
            .table::<EmailClaim>()
            .table::<KeptRequest>()
            .table::<Rate>()
            .build()
            .await?),
        Store::Remote { region, table, engine } => {
            let table = match table {
                Some(table) => table.clone(),
                None => TableName::new("users")?,
            };
            let mut client =
                SecureClient::builder().region(*region).credentials(Credentials::environment());
            if let Some(CompatibleEngine { host, port, ca_pem }) = engine {
                client = client
                    .endpoint(Endpoint::compatible(host, *port)?)
                    .trust(Trust::private_ca(ca_pem)?);
            }
            // `build` refuses entities of one table that could be taken for each other.
            Ok(client
                .table::<User>(table.clone())
                .table::<EmailClaim>(table.clone())
                .table::<KeptRequest>(table.clone())
                .table::<Rate>(table)
                .build()
                .await?)
        }
    }
}

/// What time it is: the system's, or a test's.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self::new(SystemTime::now)
    }

    /// Another.
    pub fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> Timestamp {
        // A time that no timestamp can hold is long after every token.
        Timestamp::try_from((self.0)()).unwrap_or_else(|_| Timestamp::now())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
