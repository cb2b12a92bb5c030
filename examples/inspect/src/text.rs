//! What texts have in common.

use std::collections::BTreeSet;

use base64_simd::STANDARD;
use dynamo_runtime::Timestamp;

/// The texts of an attribute.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    pub(crate) count: usize,
    /// The different ones, until they are too many for an enum.
    pub(crate) distinct: BTreeSet<String>,
    times: Times,
    are_json: bool,
    are_base64: bool,
    are_uuids: bool,
}

/// The forms of the times among them.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Times {
    All(TimeForm),
    /// All are times, of which not one form writes each.
    Several,
    No,
}

/// How a time is written in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeForm {
    pub(crate) digits: usize,
    pub(crate) offset: &'static str,
}

/// What texts are, apart from text.
pub(crate) enum Meaning {
    Time(TimeForm),
    /// Times in several forms, or with offsets of places.
    Times,
    Uuid,
    Json,
    Base64,
    Text,
}

/// More than these are no variants of an enum.
const MOST_VARIANTS: usize = 12;

const OFFSETS: [&str; 3] = ["Z", "+0000", "+00:00"];

impl Default for Texts {
    fn default() -> Self {
        let distinct = BTreeSet::new();
        Self {
            count: 0,
            distinct,
            times: Times::No,
            are_json: true,
            are_base64: true,
            are_uuids: true,
        }
    }
}

impl Texts {
    pub(crate) fn see(&mut self, text: &str) {
        let is_first = self.count == 0;
        self.count += 1;
        if self.distinct.len() <= MOST_VARIANTS {
            self.distinct.insert(text.to_owned());
        }
        let times = times(text);
        self.times = match (&self.times, times) {
            (_, times) if is_first => times,
            (Times::No, _) | (_, Times::No) => Times::No,
            (Times::All(form), Times::All(other)) if *form == other => Times::All(other),
            _ => Times::Several,
        };
        self.are_json &= is_json(text);
        self.are_base64 &= is_base64(text);
        self.are_uuids &= is_uuid(text);
    }

    pub(crate) fn meaning(&self) -> Meaning {
        match &self.times {
            Times::All(form) => Meaning::Time(*form),
            Times::Several => Meaning::Times,
            Times::No if self.are_uuids => Meaning::Uuid,
            Times::No if self.are_json => Meaning::Json,
            Times::No if self.are_base64 => Meaning::Base64,
            Times::No => Meaning::Text,
        }
    }

    /// Whether they look like the variants of an enum: few different ones, each seen often.
    pub(crate) fn are_few(&self) -> bool {
        self.distinct.len() <= MOST_VARIANTS
            && self.count >= 4 * self.distinct.len()
            && self.count >= 20
    }
}

/// Whether a text is a time, and in which form.
fn times(text: &str) -> Times {
    let is_shaped = text.as_bytes().get(10) == Some(&b'T') && text.len() >= 20;
    let colons = |text: &str| match text.strip_suffix("+0000") {
        Some(time) => format!("{time}Z"),
        None => text.to_owned(),
    };
    if !is_shaped || colons(text).parse::<Timestamp>().is_err() {
        return Times::No;
    }
    let form = OFFSETS.into_iter().find_map(|offset| {
        let second = text.strip_suffix(offset)?.get(19..)?;
        let digits = second.strip_prefix('.').map_or(0, str::len);
        [0, 3, 6, 9].contains(&digits).then_some(TimeForm { digits, offset })
    });
    form.map_or(Times::Several, Times::All)
}

fn is_json(text: &str) -> bool {
    text.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(text).is_ok()
}

fn is_uuid(text: &str) -> bool {
    let is_dash = |place| [8, 13, 18, 23].contains(&place);
    text.len() == 36
        && text.bytes().enumerate().all(|(place, byte)| {
            if is_dash(place) {
                byte == b'-'
            } else {
                byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase()
            }
        })
}

/// Short texts are so by chance; where one is padded, it is none.
fn is_base64(text: &str) -> bool {
    text.len() >= 8 && text.len().is_multiple_of(4) && text.ends_with('=') && has_base64_alone(text)
}

fn has_base64_alone(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

/// Whether the bytes that this Base64 is of are Base64 again.
pub(crate) fn is_base64_twice(text: &str) -> bool {
    let bytes = STANDARD.decode_to_vec(text).unwrap_or_default();
    let inner = String::from_utf8(bytes).unwrap_or_default();
    !inner.is_empty() && inner.len().is_multiple_of(4) && has_base64_alone(&inner)
}
