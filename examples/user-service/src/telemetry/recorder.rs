//! The process' metrics as instruments of OpenTelemetry.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use opentelemetry::KeyValue;
use opentelemetry::metrics::{self as otel, Meter};

pub(super) struct ToMeter(Meter);

impl ToMeter {
    pub(super) fn new(meter: Meter) -> Self {
        Self(meter)
    }
}

impl fmt::Debug for ToMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ToMeter")
    }
}

fn attributes(key: &Key) -> Vec<KeyValue> {
    key.labels()
        .map(|label| KeyValue::new(label.key().to_owned(), label.value().to_owned()))
        .collect()
}

impl Recorder for ToMeter {
    // A name tells its unit, as Prometheus has it.
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let counter = self.0.u64_counter(key.name().to_owned()).build();
        Counter::from_arc(Arc::new(OneCounter {
            counter,
            attributes: attributes(key),
            total: AtomicU64::new(0),
        }))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        let gauge = self.0.f64_gauge(key.name().to_owned()).build();
        let value = AtomicU64::new(0_f64.to_bits());
        Gauge::from_arc(Arc::new(OneGauge { gauge, attributes: attributes(key), value }))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let histogram = self.0.f64_histogram(key.name().to_owned());
        let histogram = histogram.with_boundaries(crate::ops::BUCKETS.to_vec()).build();
        Histogram::from_arc(Arc::new(OneHistogram { histogram, attributes: attributes(key) }))
    }
}

struct OneCounter {
    counter: otel::Counter<u64>,
    attributes: Vec<KeyValue>,
    total: AtomicU64,
}

impl CounterFn for OneCounter {
    fn increment(&self, by: u64) {
        self.total.fetch_add(by, Ordering::Relaxed);
        self.counter.add(by, &self.attributes);
    }

    fn absolute(&self, total: u64) {
        let before = self.total.fetch_max(total, Ordering::Relaxed);
        self.counter.add(total.saturating_sub(before), &self.attributes);
    }
}

struct OneGauge {
    gauge: otel::Gauge<f64>,
    attributes: Vec<KeyValue>,
    /// The bits of a number.
    value: AtomicU64,
}

impl OneGauge {
    fn change(&self, change: impl Fn(f64) -> f64) {
        let change = |bits| Some(change(f64::from_bits(bits)).to_bits());
        let changed = self.value.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
        if changed.is_ok() {
            self.gauge.record(f64::from_bits(self.value.load(Ordering::Relaxed)), &self.attributes);
        }
    }
}

impl GaugeFn for OneGauge {
    fn increment(&self, by: f64) {
        self.change(|value| value + by);
    }

    fn decrement(&self, by: f64) {
        self.change(|value| value - by);
    }

    fn set(&self, to: f64) {
        self.change(|_| to);
    }
}

struct OneHistogram {
    histogram: otel::Histogram<f64>,
    attributes: Vec<KeyValue>,
}

impl HistogramFn for OneHistogram {
    fn record(&self, value: f64) {
        self.histogram.record(value, &self.attributes);
    }
}
