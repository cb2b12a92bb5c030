//! What numbers have in common.

/// The numbers of an attribute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers {
    count: usize,
    /// Those that are integers of 128 bits, by their extremes.
    integers: usize,
    least: i128,
    most: i128,
    /// Those that a float gives back digit by digit.
    floats: usize,
}

/// A unit of time since the epoch, as numbers of this size are likely to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EpochUnit {
    Seconds,
    Millis,
    Micros,
}

/// From May 2014 to September 2039: few other numbers are so.
const SECONDS: std::ops::RangeInclusive<i128> = 1_400_000_000..=2_200_000_000;
/// The last second of the year 9999.
const LAST_SECOND: i128 = 253_402_300_799;

impl Numbers {
    pub(crate) fn see(&mut self, text: &str) {
        self.count += 1;
        if let Ok(integer) = text.parse::<i128>() {
            self.least = if self.integers == 0 { integer } else { self.least.min(integer) };
            self.most = if self.integers == 0 { integer } else { self.most.max(integer) };
            self.integers += 1;
        }
        if text.parse::<f64>().is_ok_and(|float| float.is_finite() && float.to_string() == text) {
            self.floats += 1;
        }
    }

    /// The smallest type that has each, and leaves room for others.
    pub(crate) fn rust_type(&self) -> &'static str {
        let are_in = |least: i128, most: i128| self.least >= least && self.most <= most;
        if self.integers == self.count && are_in(i64::MIN.into(), i64::MAX.into()) {
            "i64"
        } else if self.integers == self.count && are_in(0, u64::MAX.into()) {
            "u64"
        } else if self.floats == self.count {
            "f64"
        } else {
            "Number"
        }
    }

    /// The unit, where each is a time of these years; of an expiry, a time up to the year 9999.
    pub(crate) fn epoch_unit(&self, is_expiry: bool) -> Option<EpochUnit> {
        let units = [EpochUnit::Seconds, EpochUnit::Millis, EpochUnit::Micros];
        let most = if is_expiry { LAST_SECOND } else { *SECONDS.end() };
        let is_in = |unit: &EpochUnit| {
            let a_second = unit.in_a_second();
            self.least >= SECONDS.start() * a_second && self.most <= most * a_second
        };
        let are_integers = self.count > 0 && self.integers == self.count;
        units.into_iter().filter(|_| are_integers).find(is_in)
    }

    /// Whether they may be the numbers of versions.
    pub(crate) fn are_small(&self) -> bool {
        self.integers == self.count && self.least >= 0 && self.most < 1_000_000
    }
}

impl EpochUnit {
    fn in_a_second(self) -> i128 {
        match self {
            Self::Seconds => 1,
            Self::Millis => 1_000,
            Self::Micros => 1_000_000,
        }
    }

    /// The form that says it.
    pub(crate) fn form(self) -> &'static str {
        match self {
            Self::Seconds => "epoch_seconds",
            Self::Millis => "epoch_millis",
            Self::Micros => "epoch_micros",
        }
    }
}
