//! Pauses that are noted and not waited for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};

/// The pauses before further attempts. What is only prepared, such as a limit that is not reached, is none.
#[derive(Clone, Debug, Default)]
pub(super) struct Pauses(Arc<Mutex<Vec<Duration>>>);

impl Pauses {
    pub(super) fn taken(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl AsyncSleep for Pauses {
    fn sleep(&self, duration: Duration) -> Sleep {
        let pauses = self.clone();
        Sleep::new(async move { pauses.0.lock().unwrap().push(duration) })
    }
}
