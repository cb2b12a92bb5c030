//! Cases, and how their work is timed and counted.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::allocations;

/// One piece of work, done by several subjects that come to the same result.
pub struct Case {
    /// As the command takes it.
    pub name: &'static str,
    /// This library.
    pub ours: Subject,
    /// The others, the limits among them.
    pub others: Vec<Subject>,
    /// What must hold.
    pub targets: Vec<Target>,
    /// How many items a run is about, for figures by the item.
    pub items: u64,
}

/// What must hold of a case.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// The time as a part of another's.
    Ratio {
        /// Whose.
        other: &'static str,
        /// The greatest ratio.
        at_most: f64,
    },
    /// The allocations as a part of another's.
    AllocationsRatio {
        /// Whose.
        other: &'static str,
        /// The greatest ratio.
        at_most: f64,
    },
    /// The allocations for each item.
    Allocations {
        /// The most.
        at_most: f64,
    },
}

/// Somebody who does the work of a case.
pub struct Subject {
    /// As it is named in lines.
    pub name: &'static str,
    run: Box<dyn FnMut(u64) -> Sample>,
}

/// What so many runs took together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// The time that this thread had the processor.
    pub time: Duration,
    /// The allocations and reallocations of this thread.
    pub allocations: u64,
}

impl Subject {
    /// Work with what is there already.
    pub fn new<T>(name: &'static str, mut work: impl FnMut() -> T + 'static) -> Self {
        Self::measured(name, move |runs| {
            let meter = Meter::start();
            for _ in 0..runs {
                black_box(work());
            }
            meter.stop()
        })
    }

    /// Work that uses up an input, which is made before the clock runs.
    pub fn with_input<I, T>(
        name: &'static str,
        mut make: impl FnMut() -> I + 'static,
        mut work: impl FnMut(I) -> T + 'static,
    ) -> Self {
        const AT_ONCE: u64 = 64;
        Self::measured(name, move |runs| {
            let mut total = Sample::default();
            let mut left = runs;
            while left > 0 {
                let inputs: Vec<I> = (0..left.min(AT_ONCE)).map(|_| make()).collect();
                left -= inputs.len() as u64;
                let meter = Meter::start();
                for input in inputs {
                    black_box(work(input));
                }
                total = total.and(meter.stop());
            }
            total
        })
    }

    /// Work that measures itself.
    pub fn measured(name: &'static str, run: impl FnMut(u64) -> Sample + 'static) -> Self {
        Self { name, run: Box::new(run) }
    }

    /// Takes off what another piece of work costs, which is a part of this one that nobody asked
    /// for.
    #[must_use]
    pub fn less(mut self, mut other: Self) -> Self {
        Self::measured(self.name, move |runs| {
            let (whole, part) = (self.run(runs), other.run(runs));
            Sample {
                time: whole.time.saturating_sub(part.time),
                allocations: whole.allocations.saturating_sub(part.allocations),
            }
        })
    }

    /// Does the work so often.
    pub fn run(&mut self, runs: u64) -> Sample {
        (self.run)(runs)
    }

    /// The allocations of one run, once what is made on first use is made.
    pub fn allocations(&mut self) -> f64 {
        const RUNS: u64 = 32;
        self.run(RUNS);
        self.run(RUNS).allocations as f64 / RUNS as f64
    }
}

impl Sample {
    fn and(self, other: Self) -> Self {
        Self { time: self.time + other.time, allocations: self.allocations + other.allocations }
    }
}

/// Reads the clock and the count of this thread.
pub struct Meter {
    time: Duration,
    allocations: u64,
}

impl Meter {
    /// From here.
    pub fn start() -> Self {
        let allocations = allocations::so_far();
        Self { time: processor_time(), allocations }
    }

    /// To here.
    pub fn stop(self) -> Sample {
        let time = processor_time();
        Sample {
            time: time.saturating_sub(self.time),
            allocations: allocations::so_far() - self.allocations,
        }
    }
}

/// The clock that is used: that of the thread, which other work on the machine does not turn.
pub const CLOCK: &str = "CLOCK_THREAD_CPUTIME_ID";

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.try_into().unwrap_or_default(),
        time.tv_nsec.try_into().unwrap_or_default(),
    )
}
