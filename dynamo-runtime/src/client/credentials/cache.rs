//! The keys of a client, kept for as long as they are good and renewed before they expire.
//!
//! Why not the SDK's cache: it holds calls up while it renews, gives none of its keys while the source is
//! down, and asks a source that fails anew for each call.

use std::error::Error;
use std::fmt;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_async::time::SharedTimeSource;
use http::HeaderValue;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::{Instant, timeout};

use super::Checked;
use super::source_error::SourceError;
use crate::client::audit::Auditor;
use crate::client::causes::cause_of;
use crate::client::secret;
use crate::client::transport::TransportError;

#[cfg(test)]
mod tests;

/// What a source has for one answer, and a call for its turn to ask.
const LOAD_LIMIT: Duration = Duration::from_secs(10);
/// How long a source is waited for before it is asked for keys that it has in hand.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long before they expire keys are renewed at the latest; up to as much again is random, so that
/// many instances that started together do not ask together.
const RENEWED_BEFORE: Duration = Duration::from_mins(5);
/// When keys without an expiry are asked for again, in case they were replaced.
const WITHOUT_EXPIRY: Duration = Duration::from_mins(15);
/// The bound of the pause after a source failed; it doubles with each further failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// Gives each attempt its keys, and asks the source as seldom as it can.
pub(in crate::client) struct KeyCache {
    kept: Arc<KeptKeys>,
    renewal: Mutex<Option<AbortHandle>>,
}

/// The keys, and what is known of the source.
pub(in crate::client) struct KeptKeys {
    source: Checked,
    clock: SharedTimeSource,
    auditor: Auditor,
    state: Mutex<State>,
    /// Whoever has no keys waits for the one that asks.
    asking: tokio::sync::Mutex<()>,
    is_renewing: AtomicBool,
}

#[derive(Default)]
struct State {
    held: Option<Held>,
    /// Keys that the service refused as expired, whatever is written on them, and until when they are not
    /// taken from the source again.
    refused: Option<(Keys, Instant)>,
    failures: u32,
    /// The last failure, and until when the source is left alone after it.
    failure: Option<(KeysError, Instant)>,
}

/// Keys, and the header of their session's token, which is made once and wiped with its last share.
#[derive(Clone)]
pub(in crate::client) struct SigningKeys {
    pub(in crate::client) keys: Keys,
    pub(in crate::client) token: Option<HeaderValue>,
}

struct Held {
    signing: SigningKeys,
    since: SystemTime,
    /// By the wall clock and by a clock that nobody sets: the keys have expired when either says so.
    expiry: Option<(SystemTime, Instant)>,
    renew_at: Instant,
}

/// What can be told of the keys.
pub(in crate::client) struct Standing {
    pub(in crate::client) since: Option<SystemTime>,
    pub(in crate::client) expire: Option<SystemTime>,
    /// How often the source has failed in a row.
    pub(in crate::client) failures: u32,
}

enum Found {
    Good(SigningKeys),
    /// Good, and it is time for new ones.
    Aging(SigningKeys),
    Failed(KeysError),
    Nothing,
}

impl KeyCache {
    pub(in crate::client) fn new(source: Checked, auditor: Auditor) -> Self {
        Self::with_clock(source, auditor, SharedTimeSource::default())
    }

    fn with_clock(source: Checked, auditor: Auditor, clock: SharedTimeSource) -> Self {
        let kept = KeptKeys {
            source,
            clock,
            auditor,
            state: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            is_renewing: AtomicBool::new(false),
        };
        Self { kept: Arc::new(kept), renewal: Mutex::default() }
    }

    /// For who tells of them.
    pub(in crate::client) fn kept(&self) -> Arc<KeptKeys> {
        self.kept.clone()
    }

    /// The keys for an attempt, now, of a call with so much time in all.
    ///
    /// # Errors
    /// There are none, and the source gives none in time.
    pub(in crate::client) async fn keys(
        &self,
        now: Instant,
        limit: Option<Duration>,
    ) -> Result<SigningKeys, KeysError> {
        if let Found::Good(keys) = self.kept.find(now) {
            return Ok(keys);
        }
        // Seldom, and its future is large.
        Box::pin(self.ask(limit.map_or(PATIENCE, |limit| PATIENCE.min(limit / 2)))).await
    }

    /// Forgets keys that the service refuses as expired.
    pub(in crate::client) fn refuse(&self, keys: &Keys) {
        self.kept.refuse(keys);
    }

    async fn ask(&self, patience: Duration) -> Result<SigningKeys, KeysError> {
        if let Some(found) = self.found() {
            return found;
        }
        // The one whose turn it is may be on a runtime that nobody drives: it is not waited for without end.
        let _turn = timeout(LOAD_LIMIT, self.kept.asking.lock()).await;
        match self.found() {
            Some(found) => found,
            None => self.kept.load(patience).await,
        }
    }

    fn found(&self) -> Option<Result<SigningKeys, KeysError>> {
        match self.kept.find(Instant::now()) {
            Found::Good(keys) => Some(Ok(keys)),
            Found::Aging(keys) => {
                self.renew();
                Some(Ok(keys))
            }
            Found::Failed(error) => Some(Err(error)),
            Found::Nothing => None,
        }
    }

    /// Asks for new keys while the calls go on with those at hand.
    fn renew(&self) {
        let Ok(runtime) = Handle::try_current() else { return };
        if self.kept.is_renewing.swap(true, Ordering::AcqRel) {
            return;
        }
        // Dropped also where the runtime ends before the source has answered.
        let renewing = Renewing(self.kept.clone());
        let task = runtime.spawn(async move {
            // `load` keeps a failure, and tells it.
            drop(renewing.0.load(PATIENCE).await);
        });
        *lock(&self.renewal) = Some(task.abort_handle());
    }
}

impl KeptKeys {
    /// Forgets the keys that signed a request which the service refused as signed by expired ones.
    fn refuse(&self, keys: &Keys) {
        let mut state = self.state();
        // Another call may have seen the same, and have new ones by now.
        if let Some(held) = state.held.take_if(|held| held.signing.keys == *keys) {
            state.refused = Some((held.signing.keys, Instant::now() + LONGEST_PAUSE));
            state.failure = None;
        }
    }

    pub(in crate::client) fn standing(&self) -> Standing {
        let state = self.state();
        Standing {
            since: state.held.as_ref().map(|held| held.since),
            expire: state.held.as_ref().and_then(|held| held.signing.keys.expiry()),
            failures: state.failures,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn find(&self, instant: Instant) -> Found {
        let state = self.state();
        let paused = state.failure.as_ref().filter(|(_, until)| instant < *until);
        match state.held.as_ref().filter(|held| !held.is_expired(&self.clock, instant)) {
            Some(held) if instant < held.renew_at || paused.is_some() => {
                Found::Good(held.signing.clone())
            }
            Some(held) => Found::Aging(held.signing.clone()),
            None => paused.map_or(Found::Nothing, |(error, _)| Found::Failed(error.clone())),
        }
    }

    /// Asks the source once, and for what it has in hand where it does not answer within this patience.
    async fn load(&self, patience: Duration) -> Result<SigningKeys, KeysError> {
        let asked = timeout(LOAD_LIMIT, async {
            let mut provided = pin!(self.source.provide_credentials());
            if let Ok(provided) = timeout(patience, provided.as_mut()).await {
                return provided;
            }
            match self.source.fallback_on_interrupt() {
                Some(keys) => Ok(keys),
                None => provided.await,
            }
        });
        let keys = match asked.await {
            Ok(answer) => answer.map_err(|error| KeysError::of_source(&error)),
            Err(_) => {
                Err(KeysError::new(format!("the source gave no answer within {LOAD_LIMIT:?}")))
            }
        };
        keys.and_then(|keys| self.keep(keys)).inspect_err(|error| self.failed(error))
    }

    fn keep(&self, keys: Keys) -> Result<SigningKeys, KeysError> {
        let (now, instant) = (self.clock.now(), Instant::now());
        let token = keys.session_token().map(secret::header).transpose();
        let token = token.map_err(|_| KeysError::new("the session's token is no header"))?;
        let mut state = self.state();
        let refused = state.refused.as_ref().filter(|(_, until)| instant < *until);
        if refused.is_some_and(|(refused, _)| *refused == keys) {
            let text = "the source gives the keys again that the service refuses as expired";
            return Err(KeysError::new(text));
        }
        let left = keys.expiry().map(|expiry| expiry.duration_since(now).unwrap_or_default());
        // What has expired by this machine's clock may be good by the service's, which decides.
        let is_fresh = left.is_none_or(|left| !left.is_zero());
        state.failures = if is_fresh { 0 } else { state.failures.saturating_add(1) };
        let renew_at = match left {
            None => WITHOUT_EXPIRY,
            Some(left) if is_fresh => {
                let before = RENEWED_BEFORE + RENEWED_BEFORE.mul_f64(fastrand::f64());
                left.saturating_sub(before.min(left / 2))
            }
            Some(_) => pause(state.failures),
        };
        let far = Duration::from_hours(24 * 365);
        let expiry = keys.expiry().filter(|_| is_fresh).zip(left);
        let signing = SigningKeys { keys, token };
        state.held = Some(Held {
            signing: signing.clone(),
            since: now,
            expiry: expiry.map(|(expiry, left)| (expiry, instant + left.min(far))),
            renew_at: instant + renew_at.min(far),
        });
        state.refused = None;
        state.failure = None;
        Ok(signing)
    }

    fn failed(&self, error: &KeysError) {
        let now = self.clock.now();
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        state.failure = Some((error.clone(), Instant::now() + pause(state.failures)));
        let expiry = state.held.as_ref().and_then(|held| held.signing.keys.expiry());
        let expires_in = expiry.map(|expiry| expiry.duration_since(now).unwrap_or_default());
        drop(state);
        self.auditor.credentials_not_renewed(error, expires_in);
    }
}

impl Held {
    fn is_expired(&self, clock: &SharedTimeSource, instant: Instant) -> bool {
        self.expiry.is_some_and(|(time, moment)| instant >= moment || clock.now() >= time)
    }
}

/// Between half of the bound and the bound.
fn pause(failures: u32) -> Duration {
    let bound = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(16));
    bound.min(LONGEST_PAUSE).mul_f64(f64::midpoint(1.0, fastrand::f64()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One renewal at a time.
struct Renewing(Arc<KeptKeys>);

impl Drop for Renewing {
    fn drop(&mut self) {
        self.0.is_renewing.store(false, Ordering::Release);
    }
}

impl Drop for KeyCache {
    fn drop(&mut self) {
        if let Some(renewal) = lock(&self.renewal).take() {
            renewal.abort();
        }
    }
}

// Not the keys.
impl fmt::Debug for KeyCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyCache(..)")
    }
}

/// Why there are no keys. It is kept, and given to each call until the source is asked again.
#[derive(Clone, Debug)]
pub(in crate::client) struct KeysError {
    text: Arc<str>,
    source: Option<Arc<SourceError>>,
}

impl KeysError {
    fn new(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), source: None }
    }

    /// What a source of ours says is kept. The text of any other can be that of whoever it has asked.
    fn of_source(error: &CredentialsError) -> Self {
        if let Some(source) = cause_of::<SourceError>(error) {
            let source = source.clone();
            return Self { text: source.to_string().into(), source: Some(Arc::new(source)) };
        }
        Self::new(match error {
            CredentialsError::CredentialsNotLoaded(_) => "the provider has none",
            CredentialsError::ProviderTimedOut(_) => "the provider gave up waiting for them",
            CredentialsError::InvalidConfiguration(_) => {
                "the provider is not configured as it needs"
            }
            CredentialsError::ProviderError(_) => "the provider failed",
            _ => "the provider failed, and gives no kind of failure",
        })
    }

    /// Why whoever was asked gave no answer, if that was it.
    pub(in crate::client) fn transport(&self) -> Option<&TransportError> {
        self.source.as_deref().and_then(SourceError::transport)
    }
}

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for KeysError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl fmt::Debug for KeptKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptKeys(..)")
    }
}
