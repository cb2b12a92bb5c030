use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Audit, AuditEvent};

/// An [`Audit`] that keeps all events in memory, for tests. Clones share them.
///
/// ```
/// # use dynamo_runtime::client::{AuditEvent, AuditLog};
/// # use dynamo_runtime::{Credentials, Region, SecureClient};
/// # async fn build() -> Result<(), dynamo_runtime::client::BuildError> {
/// let log = AuditLog::default();
/// SecureClient::builder()
///     .region(Region::EU_CENTRAL_1)
///     .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
///     .audit(log.clone())
///     .build()
///     .await?;
/// // Before it stand the variables of the environment that were seen.
/// assert!(matches!(log.take().last(), Some(AuditEvent::BuildAttested { roots: "amazon", .. })));
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(build()).unwrap();
/// ```
#[derive(Clone, Default)]
pub struct AuditLog(Arc<Mutex<Vec<AuditEvent>>>);

impl AuditLog {
    /// The events so far, in the order in which they came.
    ///
    /// ```
    /// use dynamo_runtime::client::AuditLog;
    ///
    /// let log = AuditLog::default();
    /// assert!(log.events().is_empty());
    /// ```
    pub fn events(&self) -> Vec<AuditEvent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The events so far, which are forgotten.
    pub fn take(&self) -> Vec<AuditEvent> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Audit for AuditLog {
    fn record(&self, event: &AuditEvent) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event.clone());
    }
}

impl fmt::Debug for AuditLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuditLog").field(&self.events()).finish()
    }
}
