//! What the items of a page or a batch must be: they are compared with the request while they are read.

use std::cmp::Ordering;

use super::super::equality::{begins_with, stored_order};
use super::super::error::DecodeError;
use super::super::reader::Reader;
use super::super::stray::Stray;
use super::asked::{is_same, is_table, stray};

/// What a response of many items must be about.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    /// The table by its physical name, if it matters.
    pub(crate) table: Option<&'a str>,
    /// How most of its items start, if that alone tells that they are right; others are asked about.
    pub(crate) usual_start: Option<&'a [u8]>,
    pub(crate) is_item: &'a dyn Fn(&str) -> bool,
}

impl Expected<'_> {
    /// Whatever there is.
    pub(crate) const ANY: Expected<'static> =
        Expected { table: None, usual_start: Some(b""), is_item: &|_| true };

    pub(super) fn has_table(self, found: &str) -> bool {
        self.table.is_none_or(|table| is_table(found, table))
    }

    /// Checks the item that was read since this place.
    #[inline]
    pub(super) fn check(self, reader: &Reader<'_>, start: usize) -> Result<(), DecodeError> {
        let is_usual = self.usual_start.is_some_and(|usual| reader.since(start).starts_with(usual));
        if is_usual || (self.is_item)(reader.text_since(start)) {
            Ok(())
        } else {
            Err(stray(start, Stray::OtherItem))
        }
    }
}

/// What a key of each item of a query is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyBound<'a> {
    Equal(&'a [u8]),
    AtLeast(&'a [u8]),
    AtMost(&'a [u8]),
    Below(&'a [u8]),
    BeginsWith(&'a [u8]),
}

/// Whether an item starts with this attribute in this spelling, as it often does with its partition key.
fn starts_with(item: &str, name: &str, value: &[u8]) -> bool {
    let rest = item.as_bytes().strip_prefix(b"{\"");
    let rest = rest.and_then(|rest| rest.strip_prefix(name.as_bytes()));
    let rest = rest.and_then(|rest| rest.strip_prefix(b"\":"));
    rest.is_some_and(|rest| rest.starts_with(value))
}

/// Whether this attribute of an item is within a bound.
pub(crate) fn fulfils(item: &str, name: &str, bound: KeyBound<'_>) -> bool {
    if let KeyBound::Equal(asked) = bound
        && starts_with(item, name, asked)
    {
        return true;
    }
    let Some(found) = attribute(item, name) else { return false };
    match bound {
        KeyBound::Equal(asked) => is_same(asked, found),
        KeyBound::AtLeast(least) => stored_order(found, least).is_some_and(Ordering::is_ge),
        KeyBound::AtMost(most) => stored_order(found, most).is_some_and(Ordering::is_le),
        KeyBound::Below(end) => stored_order(found, end).is_some_and(Ordering::is_lt),
        KeyBound::BeginsWith(prefix) => begins_with(found, prefix),
    }
}

/// The JSON of an attribute of an item that was read before.
fn attribute<'de>(item: &'de str, name: &str) -> Option<&'de [u8]> {
    let mut reader = Reader::of(item);
    let mut members = reader.item().ok()?;
    while let Some(found) = members.next_name().ok()? {
        if found == name {
            let mut value = None;
            members.fill(&mut value, Reader::raw_value).ok()?;
            return value;
        }
        members.pass().ok()?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &str = r#"{"id":{"S":"a"},"at":{"N":"7"},"in":{"M":{"to":{"S":"x"}}},"to":{"S":"café"},"raw":{"B":"AQI="}}"#;

    #[test]
    fn a_key_is_compared_as_dynamodb_compares_it() {
        use KeyBound::{AtLeast, AtMost, BeginsWith, Below, Equal};
        for (name, bound, holds) in [
            ("id", Equal(br#"{"S":"a"}"#), true),
            ("id", Equal(br#" {"S": "\u0061"} "#), true),
            ("id", Equal(br#"{"S":"b"}"#), false),
            ("id", Equal(br#"{"B":"a"}"#), false),
            ("at", Equal(br#"{"N":"7.0"}"#), true),
            ("at", Equal(br#"{"N":"70"}"#), false),
            ("at", AtLeast(br#"{"N":"7"}"#), true),
            ("at", AtLeast(br#"{"N":"7.1"}"#), false),
            ("at", AtLeast(br#"{"S":"6"}"#), false),
            ("at", AtMost(br#"{"N":"7"}"#), true),
            ("at", AtMost(br#"{"N":"6"}"#), false),
            ("at", Below(br#"{"N":"7"}"#), false),
            ("at", Below(br#"{"N":"8"}"#), true),
            ("to", Equal(br#"{"S":"x"}"#), false),
            ("to", BeginsWith(br#"{"S":"caf"}"#), true),
            ("to", BeginsWith(br#"{"S":"af"}"#), false),
            ("raw", BeginsWith(br#"{"B":"AQ=="}"#), true),
            ("raw", BeginsWith(br#"{"B":"Ag=="}"#), false),
            ("raw", BeginsWith(br#"{"S":"AQ"}"#), false),
            ("absent", Equal(br#"{"S":"a"}"#), false),
        ] as [(&str, KeyBound<'_>, bool); 20]
        {
            assert_eq!(fulfils(ITEM, name, bound), holds, "{name} {bound:?}");
        }
    }
}
