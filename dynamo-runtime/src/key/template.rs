//! Templated keys: what their text is, what it is read back as, and which of them a query finds.

use super::KeyError;
use super::limits::{KeyErrorKind, MAX_SORT_KEY_SIZE};
use super::part::{self, TemplatePart};
use super::text::{PartProblem, PartText};

/// What ends a part.
const DELIMITER: char = '#';

/// The character after [`DELIMITER`], which is in no key: it ends the range of a part.
const AFTER_DELIMITER: char = '$';

/// The form of a templated key, such as `ORDER#{placed_at}#{order_id}`: what stands between its
/// delimiters.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    segments: &'static [Segment],
}

/// What stands between two delimiters of a templated key.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The same text in every key, without a delimiter.
    Fixed(&'static str),
    /// The attribute with this place among the entity's.
    Part(usize),
}

/// A value that has parts of a templated key, by their places among the entity's attributes.
#[doc(hidden)]
pub trait Parts {
    /// Writes the part; one that it does not have is empty, which no key takes.
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        let _ = (ordinal, text);
    }
}

impl Template {
    /// The key of these segments.
    pub const fn new(segments: &'static [Segment]) -> Self {
        Self { segments }
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
                    let error = |kind| KeyError { attribute, kind };
                    key = match text.finish() {
                        Ok(text) if text.len() > start => text,
                        Ok(_) => return Err(error(KeyErrorKind::EmptyPart { part })),
                        Err(PartProblem::Absent) => {
                            is_absent = true;
                            String::new()
                        }
                        Err(PartProblem::Refused(reason)) => {
                            return Err(error(KeyErrorKind::Refused { part, reason }));
                        }
                    };
                }
            }
        }
        Ok((!is_absent).then_some(key))
    }

    /// The texts of a stored key's parts, in their order, if it is a key of this form.
    pub fn split(self, key: &str) -> Option<Vec<&str>> {
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
        part::read(self.split(key)?.get(position)?)
    }

    /// A query of which no part is given yet.
    pub(crate) fn begin(self) -> SortKeyPrefix {
        let mut begun = SortKeyPrefix { text: String::new(), rest: self.segments };
        begun.push_fixed();
        begun
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

    /// Gives the next part.
    pub(crate) fn give(&mut self, part: &str) {
        self.text.push_str(part);
        self.rest = self.rest.get(1..).unwrap_or_default();
        if !self.rest.is_empty() {
            self.text.push(DELIMITER);
        }
        self.push_fixed();
    }

    fn push_fixed(&mut self) {
        while let Some((Segment::Fixed(fixed), rest)) = self.rest.split_first() {
            self.text.push_str(fixed);
            self.rest = rest;
            if !rest.is_empty() {
                self.text.push(DELIMITER);
            }
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
