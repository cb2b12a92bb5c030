//! The texts of single parts of keys: those that an update writes, and those that are given to a
//! query.

use super::limits::{KeyError, KeyErrorKind};
use super::part::{self, TemplatePart};
use super::parts::Parts;
use super::text::{PartProblem, PartText};

/// The parts of keys that an update writes, with their texts.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct WrittenParts(Vec<WrittenPart>);

#[derive(Clone, Debug)]
pub(crate) struct WrittenPart {
    ordinal: usize,
    pub(crate) text: Result<String, PartProblem>,
    /// As it is stored, for keys in the form of another library.
    pub(crate) raw: Result<String, PartProblem>,
    /// Whether it is written only where the item has none.
    pub(crate) is_if_absent: bool,
}

impl WrittenParts {
    /// Takes note of a part with its new value.
    pub(crate) fn note(
        &mut self,
        ordinal: usize,
        is_if_absent: bool,
        is_in_raw_key: bool,
        write: impl Fn(&mut PartText),
    ) {
        let mut text = PartText::default();
        write(&mut text);
        let raw = if is_in_raw_key {
            let mut raw = PartText::raw();
            write(&mut raw);
            raw.finish()
        } else {
            Err(PartProblem::Absent)
        };
        self.0.push(WrittenPart { ordinal, text: text.finish(), raw, is_if_absent });
    }

    /// Takes note of an attribute that is removed.
    pub(crate) fn note_removed(&mut self, ordinal: usize) {
        self.note(ordinal, false, true, PartText::leave_out);
    }

    /// The part with this place, if it is written.
    pub(crate) fn find(&self, ordinal: usize) -> Option<&WrittenPart> {
        self.0.iter().find(|written| written.ordinal == ordinal)
    }
}

/// The one part of a partition key, which is given without its name.
pub(crate) struct OnePart<'a, T>(pub(crate) &'a T);

impl<T: TemplatePart> Parts for OnePart<'_, T> {
    fn write_part(&self, _: usize, text: &mut PartText) {
        part::write(self.0, text);
    }
}

/// The parts of a partition key that has none.
impl Parts for () {}

/// A part that is given to a query: its text, or why it has none.
pub(crate) fn text_of_part<T: TemplatePart>(
    part: &T,
    attribute: &'static str,
    name: &'static str,
    is_raw: bool,
) -> Result<String, KeyError> {
    let mut text = if is_raw { PartText::raw() } else { PartText::default() };
    part::write(part, &mut text);
    let error = |kind| KeyError { attribute, kind };
    match text.finish() {
        Ok(text) if text.is_empty() => Err(error(KeyErrorKind::EmptyPart { part: name })),
        Ok(text) => Ok(text),
        Err(PartProblem::Refused(reason)) => {
            Err(error(KeyErrorKind::Refused { part: name, reason }))
        }
        Err(PartProblem::Absent) => Err(error(KeyErrorKind::EmptyPart { part: name })),
    }
}
