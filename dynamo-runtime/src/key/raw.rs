//! Keys in the form of another library: what stands in them, and what they lose.

use super::part_form::PartForm;
use super::segment::Segment;
use crate::codec::{Message, is_same};

/// How a raw key is written: its text stands between its parts, and each part as its attribute is
/// stored.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawKey {
    pub casing: Casing,
    /// Whether the entity declares that two different keys can be one text.
    pub is_lossy: bool,
    /// What each part can be.
    pub forms: &'static [PartForm],
    /// How many characters each part has at least, with zeros before it.
    pub widths: &'static [usize],
}

/// The case of the letters of a raw key.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Casing {
    Kept,
    Lower,
    Upper,
}

/// How two different sets of parts can be one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    None,
    /// By a letter of this part, in another case.
    Case(usize),
    /// Where these two texts meet: by their places among the parts.
    Boundary(usize, usize),
    /// What is beside this part could be a piece of it.
    Undelimited(usize),
    /// This part has no text.
    Binary(usize),
}

impl RawKey {
    /// The part at this place, from its text as it is stored.
    pub(super) fn written(&self, place: usize, text: &str) -> String {
        let width = self.width(place);
        let zeros = "0".repeat(width.saturating_sub(text.chars().count()));
        match self.casing {
            Casing::Kept => zeros + text,
            Casing::Lower => zeros + &text.to_lowercase(),
            Casing::Upper => zeros + &text.to_uppercase(),
        }
    }

    /// A part's text as it is stored, from how it stands in the key.
    fn stored<'k>(&self, place: usize, text: &'k str) -> &'k str {
        if self.width(place) == 0 {
            return text;
        }
        match text.trim_start_matches('0') {
            "" => "0",
            digits => digits,
        }
    }

    /// How many characters the part has at least.
    pub(super) const fn width(&self, place: usize) -> usize {
        match self.widths.split_at(place) {
            (_, [width, ..]) => *width,
            (_, []) => 0,
        }
    }

    /// The words that declare it.
    #[cfg(feature = "schema")]
    pub(crate) fn words(&self) -> Vec<&'static str> {
        let casing = match self.casing {
            Casing::Kept => None,
            Casing::Lower => Some("lowercase"),
            Casing::Upper => Some("uppercase"),
        };
        let lossy = self.is_lossy.then_some("lossy");
        std::iter::once("raw").chain(casing).chain(lossy).collect()
    }

    const fn form(&self, place: usize) -> PartForm {
        match self.forms.split_at(place) {
            (_, [form, ..]) => *form,
            (_, []) => PartForm::Text,
        }
    }

    /// What the key loses.
    pub(crate) const fn loss(&self, segments: &[Segment]) -> Loss {
        let mut place = 0;
        while place < self.forms.len() {
            match self.form(place) {
                PartForm::Binary => return Loss::Binary(place),
                PartForm::Text if !matches!(self.casing, Casing::Kept) => {
                    return Loss::Case(place);
                }
                _ => place += 1,
            }
        }
        self.loss_of_boundaries(segments)
    }

    /// Of a sort key: the part by which a query would find keys of other parts too, since it may hold what ends it.
    pub(crate) const fn open_part(&self, segments: &[Segment]) -> Option<usize> {
        let mut place = 0;
        let mut rest = segments;
        while let [segment, others @ ..] = rest {
            rest = others;
            if let Segment::Part(_) = segment {
                if matches!(self.form(place), PartForm::Text) && place + 1 < self.forms.len() {
                    return Some(place);
                }
                place += 1;
            }
        }
        None
    }

    /// A part that is no text ends at what is between it and the next text, on that side.
    const fn loss_of_boundaries(&self, segments: &[Segment]) -> Loss {
        let mut text = None;
        let mut place = 0;
        let mut before = "";
        let mut rest = segments;
        while let [segment, others @ ..] = rest {
            rest = others;
            match segment {
                Segment::Fixed(fixed) => before = fixed,
                Segment::Part(_) => {
                    let form = self.form(place);
                    let after = match rest {
                        [Segment::Fixed(fixed), Segment::Part(_), ..] => Some(*fixed),
                        _ => None,
                    };
                    match (form, text) {
                        (PartForm::Text, Some(first)) => return Loss::Boundary(first, place),
                        (PartForm::Text, None) => text = Some(place),
                        (_, None) => {
                            if let Some(after) = after
                                && !form.is_ended_by(after)
                            {
                                return Loss::Undelimited(place);
                            }
                        }
                        (_, Some(_)) => {
                            if !form.is_ended_by(before) {
                                return Loss::Undelimited(place);
                            }
                        }
                    }
                    place += 1;
                }
            }
        }
        Loss::None
    }

    /// The texts of the parts of a stored key, as they are stored; `None` where it has another form,
    /// or where its parts are not known from it.
    pub(super) fn split<'k>(&self, segments: &[Segment], key: &'k str) -> Option<Vec<&'k str>> {
        if self.loss(segments) != Loss::None {
            return None;
        }
        let parts = self.parts(segments, key)?;
        let parts = parts.into_iter().enumerate();
        Some(parts.map(|(place, text)| self.stored(place, text)).collect())
    }

    fn parts<'k>(&self, segments: &[Segment], key: &'k str) -> Option<Vec<&'k str>> {
        let (mut front, mut back) = (Vec::new(), Vec::new());
        let mut rest = key;
        let mut left = segments;
        // Up to the one part that is any text, and then to it from the end.
        loop {
            match left {
                [] => break,
                [Segment::Fixed(fixed), others @ ..] => {
                    rest = rest.strip_prefix(fixed)?;
                    left = others;
                }
                [Segment::Part(_), others @ ..] => {
                    let form = self.form(front.len());
                    let end = match others {
                        [Segment::Fixed(after), Segment::Part(_), ..] if form != PartForm::Text => {
                            end_before(form, rest, after)?
                        }
                        _ => break,
                    };
                    let (part, others_of_key) = rest.split_at_checked(end)?;
                    front.push(part);
                    rest = others_of_key;
                    left = others;
                }
            }
        }
        let count = self.forms.len();
        while let [others @ .., last] = left {
            match last {
                Segment::Fixed(fixed) => rest = rest.strip_suffix(fixed)?,
                Segment::Part(_) if front.len() + back.len() + 1 == count => back.push(rest),
                Segment::Part(_) => {
                    let form = self.form(count - 1 - back.len());
                    let Some(Segment::Fixed(before)) = others.last() else { return None };
                    let start = start_after(form, rest, before)?;
                    let (others_of_key, part) = rest.split_at_checked(start)?;
                    back.push(part);
                    rest = others_of_key;
                }
            }
            left = others;
        }
        let is_whole = !self.forms.is_empty() || rest.is_empty();
        front.extend(back.into_iter().rev());
        (is_whole && front.iter().all(|part| !part.is_empty())).then_some(front)
    }
}

/// Where a part ends that begins here and is followed by this.
fn end_before(form: PartForm, text: &str, after: &str) -> Option<usize> {
    if let PartForm::OneLength(sample) = form {
        return Some(sample.len());
    }
    let is_other = |byte: u8| !form.may_have(byte);
    let end = text.bytes().position(is_other)?;
    end.checked_sub(after.bytes().position(is_other)?)
}

/// Where a part begins that ends here and follows this.
fn start_after(form: PartForm, text: &str, before: &str) -> Option<usize> {
    if let PartForm::OneLength(sample) = form {
        return text.len().checked_sub(sample.len());
    }
    let is_other = |byte: u8| !form.may_have(byte);
    let start = text.bytes().rposition(is_other)? + 1;
    start.checked_add(before.bytes().rev().position(is_other)?)
}

/// Two different sets of parts that are one key, each part as it is stored.
#[derive(Clone, Copy)]
pub(crate) struct Collision {
    /// The places of the parts that differ, at most two.
    pub(crate) places: [Option<usize>; 2],
    /// What they are in the one set, and in the other.
    pub(crate) one: [Message; 2],
    pub(crate) other: [Message; 2],
}

impl RawKey {
    /// An example of what the key loses; the parts that are not named are the same in both sets.
    pub(crate) const fn collision(&self, segments: &[Segment]) -> Option<Collision> {
        let text = Message::EMPTY.with("a");
        match self.loss(segments) {
            Loss::None | Loss::Undelimited(_) | Loss::Binary(_) => None,
            Loss::Case(part) => Some(Collision {
                places: [Some(part), None],
                one: [text, Message::EMPTY],
                other: [Message::EMPTY.with("A"), Message::EMPTY],
            }),
            Loss::Boundary(first, second) => {
                let longer = self.between(segments, first, second, text).with("a");
                Some(Collision {
                    places: [Some(first), Some(second)],
                    one: [text, longer],
                    other: [longer, text],
                })
            }
        }
    }

    /// What stands between two parts, after this.
    const fn between(
        &self,
        segments: &[Segment],
        first: usize,
        second: usize,
        mut text: Message,
    ) -> Message {
        let mut place = 0;
        let mut rest = segments;
        while let [segment, others @ ..] = rest {
            rest = others;
            match segment {
                Segment::Fixed(fixed) if place > first && place <= second => {
                    text = text.with(fixed);
                }
                Segment::Fixed(_) => {}
                Segment::Part(_) => {
                    if place > first && place < second {
                        text = self.sample(place, text);
                    }
                    place += 1;
                }
            }
        }
        text
    }

    /// The text of a value of the part, as it stands in the key, after this.
    const fn sample(&self, place: usize, mut text: Message) -> Message {
        let sample = self.form(place).sample();
        let mut zeros = self.width(place).saturating_sub(sample.len());
        while zeros > 0 {
            text = text.with("0");
            zeros -= 1;
        }
        text.with(sample)
    }
}

/// Refuses to compile a raw key of which more is lost than the entity declares; `parts` are the
/// names of its fields.
///
/// # Panics
/// When more is lost, so that the compiler tells it.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_raw_key(
    segments: &'static [Segment],
    raw: &RawKey,
    is_sort_key: bool,
    parts: &'static [&'static str],
) {
    let open = if is_sort_key { raw.open_part(segments) } else { None };
    let message = match (raw.loss(segments), open) {
        (Loss::None, Some(_)) | (Loss::Case(_) | Loss::Boundary(..), _) if raw.is_lossy => return,
        (Loss::None, Some(part)) => found_too(segments, raw, parts, part),
        (Loss::None, None) if raw.is_lossy => Message::EMPTY
            .with("no two keys of this form are one text, and it is declared `lossy`")
            .with("\n\nhelp: remove `lossy`"),
        (Loss::None, None) => return,
        (Loss::Binary(part), _) => Message::EMPTY
            .with("`")
            .with(name(parts, part))
            .with("` is binary, which has no text in a raw key")
            .with("\n\nhelp: remove `raw`, or make the key of another field"),
        (Loss::Undelimited(part), _) => Message::EMPTY
            .with("the text beside `")
            .with(name(parts, part))
            .with("` could be a piece of it, so two different keys would be one text")
            .with("\n\nhelp: put a delimiter between the parts, such as `#`; or remove `raw`"),
        (Loss::Case(_) | Loss::Boundary(..), _) => lost(segments, raw, parts),
    };
    panic!("{}", message.as_str());
}

const fn lost(segments: &[Segment], raw: &RawKey, parts: &[&'static str]) -> Message {
    let message = Message::EMPTY.with("two different keys would be one text: ");
    let Some(Collision { places, one, other }) = raw.collision(segments) else { return message };
    let message = set(&message, parts, places, &one).with(", and ");
    set(&message, parts, places, &other).with(HOW_TO_LOSE)
}

/// How a query by a part would find what has another one.
const fn found_too(
    segments: &[Segment],
    raw: &RawKey,
    parts: &[&'static str],
    part: usize,
) -> Message {
    let text = Message::EMPTY.with("a");
    let longer = raw.between(segments, part, part + 1, text).with("a");
    let message = Message::EMPTY.with("a query by ");
    let message = given(&message, name(parts, part), &text).with(" would find the keys with ");
    given(&message, name(parts, part), &longer).with(" too").with(HOW_TO_LOSE)
}

const HOW_TO_LOSE: &str = "\n\nhelp: a key of your own has no such loss without `raw`; for keys \
    that another program writes, declare it after `raw`: `(\"pk\", raw, lossy)`";

/// `` `a` = `x` with `b` = `y` ``.
const fn set(
    message: &Message,
    parts: &[&'static str],
    places: [Option<usize>; 2],
    texts: &[Message; 2],
) -> Message {
    let ([first, second], [one, other]) = (places, texts);
    let message = match first {
        Some(part) => given(message, name(parts, part), one),
        None => *message,
    };
    match second {
        Some(part) => given(&message.with(" with "), name(parts, part), other),
        None => message,
    }
}

const fn given(message: &Message, name: &str, text: &Message) -> Message {
    message.with("`").with(name).with("` = `").with(text.as_str()).with("`")
}

const fn name(parts: &[&'static str], place: usize) -> &'static str {
    match parts.split_at(place) {
        (_, [name, ..]) => name,
        (_, []) => "",
    }
}

/// Whether the key has the fixed text of a raw one, and something in the place of each part.
pub(crate) const fn has_fixed_text(mut segments: &[Segment], key: &[u8]) -> bool {
    let mut rest = key;
    let mut is_after_part = false;
    while let [segment, others @ ..] = segments {
        segments = others;
        let Segment::Fixed(fixed) = segment else {
            is_after_part = true;
            continue;
        };
        let fixed = fixed.as_bytes();
        // The last one is at the end, and any other where it is first.
        let mut at = match (is_after_part, others) {
            (true, []) if rest.len() > fixed.len() => rest.len() - fixed.len(),
            (true, _) => 1,
            (false, _) => 0,
        };
        loop {
            if at + fixed.len() > rest.len() {
                return false;
            }
            let (_, from_here) = rest.split_at(at);
            let (found, after) = from_here.split_at(fixed.len());
            if is_same(found, fixed) {
                rest = after;
                break;
            }
            if !is_after_part {
                return false;
            }
            at += 1;
        }
        is_after_part = false;
    }
    is_after_part != rest.is_empty()
}

/// Whether the order of raw keys is that of this part, where those before it are equal.
pub(crate) const fn is_ordered(segments: &[Segment], raw: &RawKey, part: usize) -> bool {
    let [.., Segment::Part(last)] = segments else { return false };
    if *last != part || raw.forms.is_empty() {
        return false;
    }
    let place = raw.forms.len() - 1;
    match raw.form(place) {
        PartForm::Text | PartForm::Word(_) => matches!(raw.casing, Casing::Kept),
        PartForm::OneLength(_) => true,
        PartForm::Digits(count) => raw.width(place) >= count,
        PartForm::Number | PartForm::Binary => false,
    }
}
