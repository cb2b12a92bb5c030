//! The actions of an update.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::AttributeType;
use super::error::ExpressionError;
use super::fragment::{Fragment, Token};
use super::path::DocumentPath;
use crate::codec::{EncodeError, Encoding, MAX_ITEM_SIZE, Plain, Writer, is_null_value};
use crate::key::{KeyError, WrittenParts};
use crate::value::Version;

mod computed;

/// An attribute that an update writes.
#[derive(Clone)]
struct WrittenPath {
    path: DocumentPath,
    outcome: PathOutcome,
}

/// What the item holds of an attribute when the update has been applied, as far as it is known from
/// the update alone.
#[derive(Clone)]
enum PathOutcome {
    /// Nothing.
    Removed,
    /// These bytes of the values of `set`.
    Value(Range<usize>),
    Unknown,
}

/// A part of an update expression.
pub(super) enum ExpressionPart<'a> {
    Text(&'static str),
    Path(&'a DocumentPath),
    Fragment(&'a Fragment),
}

/// The actions of one update, by clause, and the conditions that they need.
#[derive(Clone, Default)]
pub(crate) struct Actions {
    set: Fragment,
    /// Which of those that are written, in the order in which they mean the same whether they are
    /// applied at once, as by DynamoDB, or one after the other, as by other engines.
    remove: Vec<usize>,
    add: Fragment,
    delete: Fragment,
    guards: Fragment,
    written: Vec<WrittenPath>,
    /// Those attributes of the item itself that it holds as a whole when the update has been
    /// applied.
    present: Vec<&'static str>,
    /// What must not be a null: the update builds on it as on what may be absent, and DynamoDB
    /// takes a null for neither.
    not_null: Vec<DocumentPath>,
    /// What of the item's size is known from the update alone: it has no less.
    size: usize,
    /// The parts of keys that are among them.
    parts: WrittenParts,
}

impl Actions {
    pub(crate) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// Whether nothing is written: of an absent item DynamoDB then makes none.
    pub(crate) fn only_removes(&self) -> bool {
        self.set.is_empty() && self.add.is_empty()
    }

    pub(crate) fn parts(&mut self) -> &mut WrittenParts {
        &mut self.parts
    }

    pub(crate) fn set<C: Encoding<T>, T>(&mut self, path: &DocumentPath, value: &T) {
        if C::is_absent(value) {
            if !C::MAY_BE_ABSENT {
                self.fail(ExpressionError::Value {
                    attribute: path.describe(),
                    error: EncodeError::absent(),
                });
            }
            return self.remove(path);
        }
        self.write(path, |writer| C::encode(value, writer));
    }

    /// Sets what is at the path to the one value that is written.
    pub(crate) fn write(&mut self, path: &DocumentPath, write: impl FnOnce(&mut Writer)) {
        let (start, size) = (self.set.values.len(), self.set.size);
        self.claim(path, PathOutcome::Unknown);
        self.begin_set(path);
        self.set.push_written(path, write);
        if let Some(written) = self.written.last_mut() {
            written.outcome = PathOutcome::Value(start..self.set.values.len());
        }
        let size = self.set.size - size;
        self.size += path.name_size() + size;
        self.check_size(path, size);
        self.supersede(path);
        if path.is_element() {
            // Past the end DynamoDB would append it.
            self.require("attribute_exists(", path);
        }
    }

    pub(crate) fn set_if_absent<C: Encoding<T>, T>(
        &mut self,
        path: &DocumentPath,
        value: &T,
        check: impl FnMut(&[u8]) -> Result<(), KeyError>,
    ) {
        self.write_if_absent(path, |writer| C::encode(value, writer), check);
    }

    /// Sets what is at the path to the one value that is written, where there is none.
    pub(crate) fn write_if_absent(
        &mut self,
        path: &DocumentPath,
        write: impl FnOnce(&mut Writer),
        check: impl FnMut(&[u8]) -> Result<(), KeyError>,
    ) {
        self.claim(path, PathOutcome::Unknown);
        self.require_own_names(path);
        let value = Fragment::default().written(path, write).checked(check);
        self.check_size(path, value.size);
        self.push_set(path, present_or(path, Some(value)));
    }

    /// Removes a value in the form `C`, or writes the null that stands for none.
    pub(crate) fn remove_as<C: Encoding<T>, T>(&mut self, path: &DocumentPath) {
        if C::WRITES_NULL { self.write(path, Writer::null) } else { self.remove(path) }
    }

    pub(crate) fn remove(&mut self, path: &DocumentPath) {
        self.push_remove(path);
        self.supersede(path);
    }

    /// Removes what is written as a whole under its older names; what it is in must not be there
    /// under one.
    fn supersede(&mut self, path: &DocumentPath) {
        for (older, is_last) in path.older() {
            if is_last {
                self.push_remove(&older);
            } else {
                self.require("attribute_not_exists(", &older);
            }
        }
    }

    /// Requires that nothing on the path is there under an older name, where the result depends on
    /// what is there.
    fn require_own_names(&mut self, path: &DocumentPath) {
        for (older, _) in path.older() {
            self.require("attribute_not_exists(", &older);
        }
    }

    fn push_remove(&mut self, path: &DocumentPath) {
        let place = self.written.len();
        // The elements after a removed one take its place, and that of those which are written too.
        let outcome = if path.is_element() { PathOutcome::Unknown } else { PathOutcome::Removed };
        self.claim(path, outcome);
        let after = self.removals().position(|other| path.stands_after(other));
        self.remove.insert(after.unwrap_or(self.remove.len()), place);
    }

    /// Adds the elements of a set to one.
    pub(crate) fn insert(&mut self, path: &DocumentPath, elements: Fragment) {
        self.claim(path, PathOutcome::Unknown);
        self.require_own_names(path);
        self.require_not_null(path);
        self.size += path.name_size() + elements.size;
        self.check_size(path, elements.size);
        let action = Fragment::default().path(path).text(" ").append(elements);
        self.add = std::mem::take(&mut self.add).followed_by(action);
    }

    /// Takes the elements of a set out of one.
    pub(crate) fn discard(&mut self, path: &DocumentPath, elements: Fragment) {
        self.claim(path, PathOutcome::Unknown);
        self.require_own_names(path);
        self.require_not_null(path);
        self.check_size(path, elements.size);
        let action = Fragment::default().path(path).text(" ").append(elements);
        self.delete = std::mem::take(&mut self.delete).followed_by(action);
    }

    /// Raises the version by one; an item without one, as one that is made by this, has `first`.
    ///
    /// The last version cannot be raised: the struct could not read what would be left.
    pub(crate) fn raise_version(&mut self, name: &'static str, first: Version) {
        let path = &DocumentPath::from(name);
        let before = match first.number().unwrap_or_default() {
            0 => Fragment::default().value::<Plain, i8>(path, &-1),
            first => Fragment::default().value::<Plain, u64>(path, &(first - 1)),
        };
        let before = present_or(path, Some(before));
        self.push_set(path, before.operator(" + ").value::<Plain, u64>(path, &1));
        // It holds where there is no version yet.
        let guards = self.next_guard();
        guards.push_path(path);
        guards.push_operator(" <> ");
        guards.push_value::<Plain, u64>(path, &u64::MAX);
    }

    /// Requires that what is at the path is absent or has a value: a null, which the field reads as
    /// absent, is neither to `if_not_exists`, to arithmetic, to a list or to a set.
    pub(crate) fn require_not_null(&mut self, path: &DocumentPath) {
        let null = Fragment::has_type(path, AttributeType::Null);
        self.push_guard(Fragment::default().operator("NOT ").append(null));
        self.not_null.push(path.clone());
    }

    /// The attribute that is a null in this item and must not be, if that is one.
    pub(crate) fn null_in(&self, item: &[u8]) -> Option<Cow<'static, str>> {
        let is_null = |path: &&DocumentPath| {
            path.value_in(item).is_ok_and(|value| value.is_some_and(is_null_value))
        };
        self.not_null.iter().find(is_null).map(DocumentPath::describe)
    }

    fn removals(&self) -> impl Iterator<Item = &DocumentPath> {
        self.remove.iter().filter_map(|place| self.written.get(*place)).map(|written| &written.path)
    }

    fn push_guard(&mut self, guard: Fragment) {
        self.guards = std::mem::take(&mut self.guards).and(guard);
    }

    /// Requires what the function says of the path.
    fn require(&mut self, function: &'static str, path: &DocumentPath) {
        let guards = self.next_guard();
        guards.push_operator(function);
        guards.push_path(path);
        guards.push_text(")");
    }

    /// Where the next condition is to be written, as one that needs no parentheses.
    fn next_guard(&mut self) -> &mut Fragment {
        self.guards.push_between(Token::Operator(" AND "));
        &mut self.guards
    }

    fn push_set(&mut self, path: &DocumentPath, value: Fragment) {
        self.begin_set(path);
        self.set = std::mem::take(&mut self.set).append(value);
    }

    /// Writes what is before the value of an action of `set`.
    fn begin_set(&mut self, path: &DocumentPath) {
        if path.steps().is_empty() {
            self.present.push(path.root());
        }
        self.set.push_between(Token::Text(", "));
        self.set.push_path(path);
        self.set.push_text(" = ");
    }

    /// Each attribute is written once: paths that overlap are rejected by DynamoDB, and by us
    /// before anything is sent.
    fn claim(&mut self, path: &DocumentPath, outcome: PathOutcome) {
        if let Some(other) = self.written.iter().find(|other| other.path.overlaps(path)) {
            let (attribute, other) = (path.describe(), other.path.describe());
            self.fail(if attribute == other {
                ExpressionError::WrittenTwice { attribute }
            } else {
                ExpressionError::Overlapping { attribute, other }
            });
        }
        self.written.push(WrittenPath { path: path.clone(), outcome });
    }

    /// No item holds a value that is larger than an item.
    fn check_size(&mut self, path: &DocumentPath, size: usize) {
        if size > MAX_ITEM_SIZE {
            self.fail(ExpressionError::ValueTooLarge { attribute: path.describe(), size });
        }
    }

    /// The item with this key must not become too large, as far as the update alone shows it.
    pub(crate) fn check_item_size(&mut self, key: usize) {
        let size = key + self.size;
        if size > MAX_ITEM_SIZE {
            self.fail(ExpressionError::ItemTooLarge { size });
        }
    }

    pub(crate) fn fail(&mut self, error: ExpressionError) {
        self.set.fail(error);
    }

    /// Gives the parts of the whole update expression in their order.
    pub(super) fn parts_of_expression<'a>(&'a self, mut give: impl FnMut(ExpressionPart<'a>)) {
        let mut is_first = true;
        let mut begin = |name, give: &mut dyn FnMut(ExpressionPart<'a>)| {
            if !std::mem::take(&mut is_first) {
                give(ExpressionPart::Text(" "));
            }
            give(ExpressionPart::Text(name));
        };
        if !self.set.is_empty() {
            begin("SET ", &mut give);
            give(ExpressionPart::Fragment(&self.set));
        }
        for (number, path) in self.removals().enumerate() {
            match number {
                0 => begin("REMOVE ", &mut give),
                _ => give(ExpressionPart::Text(", ")),
            }
            give(ExpressionPart::Path(path));
        }
        for (name, fragment) in [("ADD ", &self.add), ("DELETE ", &self.delete)] {
            if !fragment.is_empty() {
                begin(name, &mut give);
                give(ExpressionPart::Fragment(fragment));
            }
        }
    }

    /// The attributes of the item itself that are there, and given back as a whole, once the update
    /// is applied.
    pub(crate) fn set_attributes(&self) -> &[&'static str] {
        &self.present
    }

    /// The conditions that the actions need.
    pub(crate) fn guards(&self) -> &Fragment {
        &self.guards
    }

    /// What the item holds when the update has been applied, as far as the update alone shows it:
    /// attributes with their stored bytes, or `None` where they are removed.
    pub(crate) fn outcome(&self) -> impl Iterator<Item = (&DocumentPath, Option<&[u8]>)> {
        self.written.iter().filter_map(|WrittenPath { path, outcome }| match outcome {
            PathOutcome::Removed => Some((path, None)),
            PathOutcome::Value(place) => {
                Some((path, Some(self.set.values.get(place.clone()).unwrap_or_default())))
            }
            PathOutcome::Unknown => None,
        })
    }
}

/// Shows the expression, and no value.
impl fmt::Debug for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = Ok(());
        self.parts_of_expression(|part| {
            shown = shown.and_then(|()| match part {
                ExpressionPart::Text(text) => f.write_str(text),
                ExpressionPart::Path(path) => path.fmt(f),
                ExpressionPart::Fragment(fragment) => fragment.fmt(f),
            });
        });
        shown
    }
}

/// Whether an absent attribute is there when it is set: past the end of a list DynamoDB would
/// append it.
fn can_be_made(path: &DocumentPath) -> bool {
    !path.is_element()
}

/// What is there, or what counts as it when it is absent.
fn present_or(path: &DocumentPath, absent: Option<Fragment>) -> Fragment {
    match absent {
        Some(absent) => Fragment::default()
            .operator("if_not_exists(")
            .path(path)
            .text(", ")
            .append(absent)
            .text(")"),
        None => Fragment::default().path(path),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::expression::path::Step;

    #[test]
    fn each_clause_stands_once_with_a_space_between() {
        type Act = fn(&mut Actions, &DocumentPath);
        let clauses: [(&str, Act); 4] = [
            ("SET a = ?", |actions, path| actions.set::<Plain, _>(path, &1_u8)),
            ("REMOVE b", Actions::remove),
            ("ADD c ?", |actions, path| actions.insert(path, one())),
            ("DELETE d ?", |actions, path| actions.discard(path, one())),
        ];
        // Every choice of them.
        for chosen in 0..1 << clauses.len() {
            let mut actions = Actions::default();
            let mut expected = Vec::new();
            for ((text, act), (place, name)) in
                clauses.iter().zip(["a", "b", "c", "d"].into_iter().enumerate())
            {
                if chosen & 1 << place != 0 {
                    act(&mut actions, &name.into());
                    expected.push(*text);
                }
            }
            assert_eq!(format!("{actions:?}"), expected.join(" "));
            assert_eq!(actions.is_empty(), expected.is_empty());
        }
    }

    /// Lists of lists, as they are before.
    const LISTS: usize = 4;

    type Lists = Vec<Vec<(usize, usize)>>;

    fn lists() -> Lists {
        (0..LISTS).map(|list| (0..LISTS).map(|element| (list, element)).collect()).collect()
    }

    proptest! {
        #[test]
        fn removals_in_their_order_remove_what_they_would_all_at_once(
            chosen in prop::collection::vec((0..LISTS, prop::option::of(0..LISTS)), 1..8),
        ) {
            let mut actions = Actions::default();
            let (mut whole, mut single) = (Vec::new(), Vec::new());
            for (list, element) in chosen {
                let path = DocumentPath::from("a").at(list);
                let path = element.map_or(path.clone(), |element| path.at(element));
                if actions.written.iter().any(|other| other.path.overlaps(&path)) {
                    continue;
                }
                actions.remove(&path);
                match element {
                    Some(element) => single.push((list, element)),
                    None => whole.push(list),
                }
            }

            let mut at_once = lists();
            for list in &mut at_once {
                list.retain(|place| !single.contains(place));
            }
            let mut number = 0..;
            at_once.retain(|_| number.next().is_none_or(|number| !whole.contains(&number)));

            let mut one_by_one = lists();
            for path in actions.removals() {
                match path.steps() {
                    [Step::Index(list)] => drop(one_by_one.remove(*list)),
                    [Step::Index(list), Step::Index(element)] => {
                        one_by_one[*list].remove(*element);
                    }
                    _ => unreachable!(),
                }
            }
            prop_assert_eq!(one_by_one, at_once);
        }
    }

    #[test]
    fn removals_stay_in_the_order_of_the_calls_but_for_those_of_one_list() {
        let path = |root| DocumentPath::from(root);
        let inner = |list: usize| path("b").at(list).then(path("x"));
        let mut actions = Actions::default();
        for removed in [
            path("z"),
            path("b").at(0),
            path("c").at(9),
            inner(2).at(1),
            path("a"),
            path("b").at(1),
            inner(2).at(10),
            path("b").at(3).then(path("y")),
        ] {
            actions.remove(&removed);
        }
        assert_eq!(
            format!("{actions:?}"),
            "REMOVE z, b[3].y, b[2].x[10], b[2].x[1], b[1], b[0], c[9], a"
        );
    }

    fn one() -> Fragment {
        Fragment::default().value::<Plain, _>(&"x".into(), &1_u8)
    }
}
