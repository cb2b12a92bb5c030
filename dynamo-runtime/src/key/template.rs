//! Templated keys: what their text is, what it is read back as, and which of them a query finds.

use super::KeyError;
use super::limits::{KeyErrorKind, MAX_SORT_KEY_SIZE};
use super::part::{self, TemplatePart};
use super::parts::Parts;
use super::raw::{RawKey, has_fixed_text, is_ordered};
use super::segment::Segment;
use super::text::{PartProblem, PartText};
use super::written::text_of_part;

/// What ends a part.
const DELIMITER: char = '#';

/// The character after [`DELIMITER`], which is in no key: it ends the range of a part.
const AFTER_DELIMITER: char = '$';

/// The form of a templated key, such as `ORDER#{placed_at}#{order_id}`: what stands between its
/// delimiters; or that of another library, where it is raw.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    segments: &'static [Segment],
    raw: Option<&'static RawKey>,
}

impl Template {
    /// The key of these segments.
    pub const fn new(segments: &'static [Segment]) -> Self {
        Self { segments, raw: None }
    }

    /// The key in the form of another library.
    pub const fn raw(segments: &'static [Segment], raw: &'static RawKey) -> Self {
        Self { segments, raw: Some(raw) }
    }

    /// How it is written, if that is the form of another library.
    pub(crate) const fn as_raw(self) -> Option<&'static RawKey> {
        self.raw
    }

    /// Whether the order of the keys is that of this part, where those before it are equal.
    pub const fn is_ordered_by(self, ordinal: usize) -> bool {
        match self.raw {
            None => true,
            Some(raw) => is_ordered(self.segments, raw, ordinal),
        }
    }

    /// As an entity declares it, such as `ORDER#{order_id}`, with the names of its attributes.
    pub(crate) fn described(self, names: &[&str]) -> String {
        let mut place = 0;
        let segments = self.segments.iter().map(|segment| match segment {
            Segment::Fixed(fixed) => (*fixed).to_owned(),
            Segment::Part(ordinal) => {
                let width = self.raw.map_or(0, |raw| raw.width(place));
                place += 1;
                let name = names.get(*ordinal).copied().unwrap_or_default();
                if width == 0 { format!("{{{name}}}") } else { format!("{{{name}:0{width}}}") }
            }
        });
        let delimiter = if self.raw.is_some() { "" } else { "#" };
        segments.collect::<Vec<_>>().join(delimiter)
    }

    /// What stands between its delimiters.
    pub(crate) const fn segments(self) -> &'static [Segment] {
        self.segments
    }

    /// The places of the attributes that are its parts.
    pub fn parts(self) -> impl Iterator<Item = usize> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Fixed(_) => None,
            Segment::Part(ordinal) => Some(*ordinal),
        })
    }

    /// The text of the key with these parts; `None` where a part is absent and no other is wrong.
    ///
    /// # Errors
    /// A part is empty or has no text.
    pub fn text(
        self,
        attribute: &'static str,
        names: &'static [&'static str],
        parts: &dyn Parts,
    ) -> Result<Option<String>, KeyError> {
        if let Some(raw) = self.raw {
            return self.raw_text(raw, attribute, names, parts);
        }
        let mut key = String::with_capacity(64);
        let mut is_absent = false;
        for (position, segment) in self.segments.iter().enumerate() {
            if position > 0 {
                key.push(DELIMITER);
            }
            match segment {
                Segment::Fixed(fixed) => key.push_str(fixed),
                Segment::Part(ordinal) => {
                    let start = key.len();
                    let mut text = PartText::after(key);
                    parts.write_part(*ordinal, &mut text);
                    let part = names.get(*ordinal).copied().unwrap_or_default();
                    key = if let Some(text) = part_of_key(text, start, attribute, part)? {
                        text
                    } else {
                        is_absent = true;
                        String::new()
                    };
                }
            }
        }
        Ok((!is_absent).then_some(key))
    }

    #[cold]
    fn raw_text(
        self,
        raw: &RawKey,
        attribute: &'static str,
        names: &'static [&'static str],
        parts: &dyn Parts,
    ) -> Result<Option<String>, KeyError> {
        let mut key = String::new();
        let mut is_absent = false;
        let mut place = 0;
        for segment in self.segments {
            match segment {
                Segment::Fixed(fixed) => key.push_str(fixed),
                Segment::Part(ordinal) => {
                    let mut text = PartText::raw();
                    parts.write_part(*ordinal, &mut text);
                    let part = names.get(*ordinal).copied().unwrap_or_default();
                    match part_of_key(text, 0, attribute, part)? {
                        Some(text) => key.push_str(&raw.written(place, &text)),
                        None => is_absent = true,
                    }
                    place += 1;
                }
            }
        }
        Ok((!is_absent).then_some(key))
    }

    /// The texts of a stored key's parts, in their order, if it is a key of this form.
    pub fn split(self, key: &str) -> Option<Vec<&str>> {
        if let Some(raw) = self.raw {
            return raw.split(self.segments, key);
        }
        let mut found = key.split(DELIMITER);
        let mut parts = Vec::new();
        for segment in self.segments {
            let text = found.next()?;
            match segment {
                Segment::Fixed(fixed) if text != *fixed => return None,
                Segment::Fixed(_) => {}
                Segment::Part(_) if text.is_empty() => return None,
                Segment::Part(_) => parts.push(text),
            }
        }
        found.next().is_none().then_some(parts)
    }

    /// The attribute with this place, read back from a stored key of this form.
    pub fn read<T: TemplatePart>(self, key: &str, ordinal: usize) -> Option<T> {
        let position = self.parts().position(|part| part == ordinal)?;
        let parts = self.split(key)?;
        let text = parts.get(position)?;
        if self.raw.is_some() { T::read_raw(text) } else { part::read(text) }
    }

    /// Whether a stored key could be one of this form.
    pub(crate) fn could_be(self, key: &str) -> bool {
        match self.raw {
            None => self.split(key).is_some(),
            Some(_) => has_fixed_text(self.segments, key.as_bytes()),
        }
    }

    /// A query of which no part is given yet.
    pub(crate) fn begin(self) -> SortKeyPrefix {
        let Self { segments: rest, raw } = self;
        let mut begun = SortKeyPrefix { text: String::new(), rest, raw, given: 0 };
        begun.push_fixed();
        begun
    }
}

/// The text that ends with a part which begins there; `None` where the part is absent.
fn part_of_key(
    text: PartText,
    start: usize,
    attribute: &'static str,
    part: &'static str,
) -> Result<Option<String>, KeyError> {
    let error = |kind| KeyError { attribute, kind };
    match text.finish() {
        Ok(text) if text.len() > start => Ok(Some(text)),
        Ok(_) => Err(error(KeyErrorKind::EmptyPart { part })),
        Err(PartProblem::Absent) => Ok(None),
        Err(PartProblem::Refused(reason)) => Err(error(KeyErrorKind::Refused { part, reason })),
    }
}

/// Not before any key that goes on from this whole one, and before all others that are after them.
pub(crate) fn last_from(mut key: String) -> String {
    // A key of the greatest length goes on in no other.
    if key.len() < MAX_SORT_KEY_SIZE {
        key.push(AFTER_DELIMITER);
    }
    key
}

/// A templated sort key of which the first parts are given.
#[derive(Clone, Debug)]
pub(crate) struct SortKeyPrefix {
    /// What all keys with these parts begin with: nothing, or it ends with the delimiter unless the
    /// key is complete.
    text: String,
    /// From the next part on.
    rest: &'static [Segment],
    raw: Option<&'static RawKey>,
    /// How many parts are given.
    given: usize,
}

/// A condition on the text of a sort key, as DynamoDB has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TextCondition {
    Any,
    Equal(String),
    Prefix(String),
    AtLeast(String),
    AtMost(String),
    /// Both included.
    Between(String, String),
}

impl SortKeyPrefix {
    /// The keys whose first parts these are.
    pub(crate) fn condition(&self) -> TextCondition {
        let text = self.text.clone();
        match (self.rest, self.text.is_empty()) {
            ([], _) => TextCondition::Equal(text),
            (_, true) => TextCondition::Any,
            (_, false) => TextCondition::Prefix(text),
        }
    }

    /// The attribute that is the next part.
    pub(crate) fn next_part(&self) -> Option<usize> {
        match self.rest.first() {
            Some(Segment::Part(ordinal)) => Some(*ordinal),
            _ => None,
        }
    }

    /// The text of a value of the next part, as it stands in the key.
    ///
    /// # Errors
    /// It is empty or has no text.
    pub(crate) fn text_of<T: TemplatePart>(
        &self,
        part: &T,
        attribute: &'static str,
        name: &'static str,
    ) -> Result<String, KeyError> {
        let text = text_of_part(part, attribute, name, self.raw.is_some())?;
        Ok(match self.raw {
            None => text,
            Some(raw) => raw.written(self.given, &text),
        })
    }

    /// Gives the next part.
    pub(crate) fn give(&mut self, part: &str) {
        self.text.push_str(part);
        self.rest = self.rest.get(1..).unwrap_or_default();
        self.given += 1;
        self.push_delimiter();
        self.push_fixed();
    }

    fn push_fixed(&mut self) {
        while let Some((Segment::Fixed(fixed), rest)) = self.rest.split_first() {
            self.text.push_str(fixed);
            self.rest = rest;
            self.push_delimiter();
        }
    }

    fn push_delimiter(&mut self) {
        if self.raw.is_none() && !self.rest.is_empty() {
            self.text.push(DELIMITER);
        }
    }

    /// The keys whose next part begins with this.
    pub(crate) fn prefix(&self, part: &str) -> TextCondition {
        TextCondition::Prefix(format!("{}{part}", self.text))
    }

    /// The keys whose next part is within the bounds, both included.
    pub(crate) fn range(&self, least: Option<&str>, most: Option<&str>) -> TextCondition {
        let least = least.map(|part| self.first_with(part)).or_else(|| self.first());
        let most = most.map(|part| self.last_with(part)).or_else(|| self.last());
        match (least, most) {
            (Some(least), Some(most)) => TextCondition::Between(least, most),
            (Some(least), None) => TextCondition::AtLeast(least),
            (None, Some(most)) => TextCondition::AtMost(most),
            (None, None) => TextCondition::Any,
        }
    }

    /// Not after any key that has these parts; `None` where that is every text.
    fn first(&self) -> Option<String> {
        Some(self.text.clone()).filter(|text| !text.is_empty())
    }

    /// After all keys that have these parts, and before all others that are after them.
    fn last(&self) -> Option<String> {
        self.text.strip_suffix(DELIMITER).map(|text| format!("{text}{AFTER_DELIMITER}"))
    }

    /// Not after any key that has this as its next part.
    fn first_with(&self, part: &str) -> String {
        let mut with = self.clone();
        with.give(part);
        with.text
    }

    /// Not before any key that has this as its next part, and before all others that are after
    /// them.
    fn last_with(&self, part: &str) -> String {
        let mut with = self.clone();
        with.give(part);
        if with.rest.is_empty() {
            return with.text;
        }
        format!("{}{part}{AFTER_DELIMITER}", self.text)
    }
}
