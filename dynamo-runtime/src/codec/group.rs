//! Groups: documents whose attributes stand among those of the struct that they are in.

use super::origin::sealed::Done;
use super::{DecodeError, DecodeItem, EncodeItem, Members, Origin, Writer};

/// A document that can be a field with `#[dynamo(flatten)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no attributes that could stand beside others",
    label = "not a document with attributes of its own",
    note = "use a struct with named fields and `#[derive(Document)]` for `flatten` and for a variant beside a tag; an `Option`, a list or a map of one is a value of its own"
)]
pub trait Group: EncodeItem {
    /// The names of its attributes.
    const NAMES: AttributeNames;

    /// What an upsert must be able to leave out.
    type Required;

    #[doc(hidden)]
    fn origin(&self) -> Origin {
        Origin::BY_HAND
    }

    /// Writes its attributes.
    fn encode_group(&self, writer: &mut Writer) -> Done {
        if self.origin().is_known() {
            self.encode_attributes(writer);
        } else {
            writer.group_by_hand(&Self::NAMES, &mut |writer| self.encode_attributes(writer));
        }
        Done(())
    }
}

/// The names of a struct's attributes, and those of the groups in it.
#[derive(Clone, Copy, Debug)]
pub struct AttributeNames {
    /// Its own.
    pub own: &'static [&'static str],
    /// Those of its groups.
    pub groups: &'static [AttributeNames],
}

impl AttributeNames {
    /// Whether one of the attributes has this name.
    pub fn contains(&self, name: &str) -> bool {
        self.own.contains(&name) || self.groups.iter().any(|group| group.contains(name))
    }

    /// An attribute that both have.
    #[expect(clippy::indexing_slicing, reason = "the places are within the bounds")]
    const fn shared_with(&self, other: &Self) -> Option<&'static str> {
        let mut place = 0;
        while place < self.own.len() {
            if other.has(self.own[place]) {
                return Some(self.own[place]);
            }
            place += 1;
        }
        let mut place = 0;
        while place < self.groups.len() {
            if let Some(name) = self.groups[place].shared_with(other) {
                return Some(name);
            }
            place += 1;
        }
        None
    }

    /// As [`contains`](Self::contains), where nothing runs.
    #[expect(clippy::indexing_slicing, reason = "the places are within the bounds")]
    pub(crate) const fn has(&self, name: &str) -> bool {
        let mut place = 0;
        while place < self.own.len() {
            if is_same(self.own[place].as_bytes(), name.as_bytes()) {
                return true;
            }
            place += 1;
        }
        let mut place = 0;
        while place < self.groups.len() {
            if self.groups[place].has(name) {
                return true;
            }
            place += 1;
        }
        false
    }
}

/// Whether two texts are equal, for the compiler.
pub(crate) const fn is_same(mut one: &[u8], mut other: &[u8]) -> bool {
    loop {
        match (one, other) {
            ([], []) => return true,
            ([byte, rest @ ..], [other_byte, other_rest @ ..]) if *byte == *other_byte => {
                (one, other) = (rest, other_rest);
            }
            _ => return false,
        }
    }
}

/// Refuses to compile where both have an attribute of one name, which ends the message.
///
/// # Panics
/// When they have, so that the compiler tells it.
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_distinct(one: AttributeNames, other: AttributeNames, message: &'static str) {
    if let Some(name) = one.shared_with(&other) {
        let message = Message::EMPTY.with(message).with("`").with(name).with("`");
        let message = message.with("\n\nhelp: rename one of them: `#[dynamo(rename = \"..\")]`");
        panic!("{}", message.as_str());
    }
}

/// A text that is put together by the compiler; what is too long for it is left out.
#[derive(Clone, Copy)]
pub(crate) struct Message {
    bytes: [u8; 1024],
    length: usize,
}

impl Message {
    pub(crate) const EMPTY: Self = Self { bytes: [0; 1024], length: 0 };

    #[expect(clippy::indexing_slicing, reason = "the places are within the bounds")]
    pub(crate) const fn with(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        if self.length + text.len() > self.bytes.len() {
            return self;
        }
        let mut place = 0;
        while place < text.len() {
            self.bytes[self.length] = text[place];
            self.length += 1;
            place += 1;
        }
        self
    }

    pub(crate) const fn as_str(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "two attributes have one name",
        }
    }
}

/// A group that can be read.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from attributes that stand beside others",
    label = "not a document with attributes of its own",
    note = "use a struct with named fields and `#[derive(Document)]` for `flatten` and for a variant beside a tag; an `Option`, a list or a map of one is a value of its own"
)]
pub trait ReadGroup<'de>: Sized {
    /// Reads its attributes.
    ///
    /// # Errors
    /// When an attribute is missing, duplicate or does not fit.
    fn decode_group(item: Members<'_, 'de>) -> Result<Self, DecodeError>;
}

#[diagnostic::do_not_recommend]
impl<'de, G: Group + DecodeItem<'de>> ReadGroup<'de> for G {
    fn decode_group(item: Members<'_, 'de>) -> Result<Self, DecodeError> {
        Self::decode_attributes(item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: AttributeNames = AttributeNames { own: &["a", "b"], groups: &[] };
    const OUTER: AttributeNames = AttributeNames { own: &["c"], groups: &[INNER] };

    const fn names(own: &'static [&'static str]) -> AttributeNames {
        AttributeNames { own, groups: &[] }
    }

    #[test]
    fn a_group_has_the_names_of_its_groups() {
        for name in ["a", "b", "c"] {
            assert!(OUTER.contains(name) && OUTER.has(name), "{name}");
        }
        assert!(!OUTER.contains("ab") && !OUTER.has("ab"));
    }

    #[test]
    #[should_panic(expected = "both have `b`\n\nhelp: rename one of them")]
    fn the_message_ends_with_the_name() {
        assert_distinct(OUTER, names(&["b"]), "both have ");
    }

    #[test]
    fn a_message_leaves_out_what_it_has_no_room_for() {
        let (most, rest) = ("x".repeat(1_000), "y".repeat(24));
        let message = Message::EMPTY.with(&most).with(&"z".repeat(25)).with(&rest).with("z");
        assert_eq!(message.as_str(), format!("{most}{rest}"));
    }

    #[test]
    fn a_name_that_two_have_is_found_wherever_it_is() {
        assert_eq!(OUTER.shared_with(&names(&["x", "b"])), Some("b"));
        assert_eq!(names(&["x", "b"]).shared_with(&OUTER), Some("b"));
        assert_eq!(OUTER.shared_with(&names(&["x", ""])), None);
        assert_eq!(INNER.shared_with(&OUTER), Some("a"));
    }
}
