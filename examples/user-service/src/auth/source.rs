//! Where the keys of tokens come from, and how they are renewed.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dynamo_runtime::error::BoxError;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use tracing::{info, warn};

use super::fetch;
use super::keys::KeySet;
use crate::edge::Stamp;
use crate::https::HttpsUrl;
use crate::log::Causes;

/// From one look at a URL to the next, while all tokens name keys that are known.
const FRESH: Duration = Duration::from_mins(5);
/// From one look to the next, however many tokens name keys that are not.
const PAUSE: Duration = Duration::from_secs(10);
/// For which keys are good when the URL does not answer.
const STALE: Duration = Duration::from_hours(1);

/// The keys of tokens.
#[derive(Debug)]
pub(crate) enum Keys {
    /// The service's own.
    Own(Arc<KeySet>),
    /// A file's, which is looked at with each token.
    File { path: PathBuf, read: Mutex<Read> },
    /// A URL's.
    Url(Arc<FetchedKeys>),
}

#[derive(Debug)]
pub(crate) struct Read {
    keys: Arc<KeySet>,
    /// Of the file as it was last tried, whether or not that went well.
    tried: Option<Stamp>,
}

#[derive(Debug)]
pub(crate) struct FetchedKeys {
    url: HttpsUrl,
    last: Mutex<Last>,
    /// Held by the one who fetches.
    fetching: AsyncMutex<()>,
}

#[derive(Debug)]
struct Last {
    keys: Arc<KeySet>,
    at: Instant,
    /// None where the next unknown key is looked for at once.
    tried: Option<Instant>,
}

impl Keys {
    pub(super) fn of_file(path: &Path) -> Result<Self, BoxError> {
        let tried = Stamp::of(path).ok();
        let keys = Arc::new(read(path)?);
        Ok(Self::File { path: path.to_owned(), read: Mutex::new(Read { keys, tried }) })
    }

    pub(super) async fn of_url(url: HttpsUrl) -> Result<Self, BoxError> {
        let keys = Arc::new(KeySet::parse(&fetch::get(&url).await?)?);
        let last = Mutex::new(Last { keys, at: Instant::now(), tried: None });
        Ok(Self::Url(Arc::new(FetchedKeys { url, last, fetching: AsyncMutex::default() })))
    }

    /// The keys as they are now, for a token that names the key `id`.
    pub(super) async fn current(&self, id: &str) -> Arc<KeySet> {
        match self {
            Self::Own(keys) => Arc::clone(keys),
            Self::File { path, read } => {
                read.lock().unwrap_or_else(PoisonError::into_inner).renewed(path)
            }
            Self::Url(fetched) => fetched.current(id).await,
        }
    }
}

impl Read {
    fn renewed(&mut self, path: &Path) -> Arc<KeySet> {
        // A file that is missing for a moment is being replaced.
        let stamp = Stamp::of(path).ok();
        if stamp.is_some() && stamp != self.tried {
            self.tried = stamp;
            match read(path) {
                Ok(keys) => {
                    self.keys = Arc::new(keys);
                    info!("the keys of tokens were renewed");
                }
                Err(error) => warn!(error = %Causes(&*error), "the keys were not renewed"),
            }
        }
        Arc::clone(&self.keys)
    }
}

fn read(path: &Path) -> Result<KeySet, BoxError> {
    let shown = path.display();
    let json = fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
    KeySet::parse(&json).map_err(|error| format!("{shown}: {error}").into())
}

impl FetchedKeys {
    /// A token whose key is known waits for nobody.
    async fn current(self: &Arc<Self>, id: &str) -> Arc<KeySet> {
        if self.last().keys.get(id).is_none() {
            let _one = self.fetching.lock().await;
            // Another may have fetched it meanwhile.
            let is_due = self.last().is_due(id);
            if is_due {
                self.fetch(id).await;
            }
        } else if self.last().is_due(id) {
            let (fetched, id) = (Arc::clone(self), id.to_owned());
            tokio::spawn(async move {
                if let Ok(_one) = fetched.fetching.try_lock() {
                    fetched.fetch(&id).await;
                }
            });
        }
        let last = self.last();
        // A key may have been revoked since.
        if last.at.elapsed() < STALE { Arc::clone(&last.keys) } else { Arc::default() }
    }

    async fn fetch(&self, id: &str) {
        self.last().tried = Some(Instant::now());
        match fetch::get(&self.url).await.and_then(|json| KeySet::parse(&json)) {
            Ok(keys) => {
                let mut last = self.last();
                // Where the key that was asked for is there, the next may be looked for at once.
                let is_found = keys.get(id).is_some() && last.keys.get(id).is_none();
                let tried = last.tried.filter(|_| !is_found);
                *last = Last { keys: Arc::new(keys), at: Instant::now(), tried };
            }
            Err(error) => warn!(error = %Causes(&*error), "the keys were not renewed"),
        }
    }

    fn last(&self) -> MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Last {
    fn is_due(&self, id: &str) -> bool {
        let is_wanted = self.keys.get(id).is_none() || self.at.elapsed() >= FRESH;
        is_wanted && self.tried.is_none_or(|tried| tried.elapsed() >= PAUSE)
    }
}
