//! The audit events of the row that runs on this thread.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

#[derive(Clone, Debug)]
pub struct Event(BTreeMap<&'static str, String>);

impl Event {
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.0.get(field).is_some_and(|found| found == value)
    }

    pub fn contains(&self, field: &str, value: &str) -> bool {
        self.0.get(field).is_some_and(|found| found.contains(value))
    }
}

thread_local! {
    static EVENTS: RefCell<Vec<Event>> = const { RefCell::new(Vec::new()) };
}

/// One subscriber for the process; each row has a thread for itself.
pub fn listen() {
    let subscriber = tracing_subscriber::registry().with(Listener);
    tracing::subscriber::set_global_default(subscriber).unwrap();
}

/// The events since the last time.
pub fn take() -> Vec<Event> {
    EVENTS.take()
}

struct Listener;

impl<S: tracing::Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "dynamo::audit" {
            let mut fields = Fields(BTreeMap::new());
            event.record(&mut fields);
            EVENTS.with_borrow_mut(|events| events.push(Event(fields.0)));
        }
    }
}

struct Fields(BTreeMap<&'static str, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
