//! The actions of an update.

use super::arithmetic::{Arithmetic, Room};
use super::fragment::{ExpressionError, Fragment};
use super::path::DocumentPath;
use crate::attribute::{RoleAt, call};
use crate::codec::{EncodeError, Encoding, Plain};
use crate::entity::{Entity, Negative};
use crate::key::{ChangedKey, KeyError, WrittenParts};

/// An attribute and its stored bytes after an update, or `None` where it was removed.
type Written = (DocumentPath, Option<Vec<u8>>);

/// The actions of one update, by clause, and the conditions that they need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Actions {
    set: Fragment,
    remove: Fragment,
    add: Fragment,
    delete: Fragment,
    guards: Fragment,
    written: Vec<DocumentPath>,
    /// Those attributes of the item itself that it holds as a whole when the update has been
    /// applied.
    present: Vec<&'static str>,
    /// What the item must hold when the update has been applied, as far as it is known from the
    /// update alone.
    outcome: Vec<Written>,
    /// Whether `outcome` tells all that was written.
    is_outcome_partial: bool,
    /// The parts of keys that are among them.
    parts: WrittenParts,
}

impl Actions {
    pub(crate) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    pub(crate) fn parts(&mut self) -> &mut WrittenParts {
        &mut self.parts
    }

    /// Writes the keys of indexes whose parts are written.
    pub(crate) fn set_keys<E: Entity>(&mut self, key: &E::Key, is_upsert: bool) {
        let changed: Vec<_> = self.parts.changed_keys::<E>(key, is_upsert).collect();
        for ChangedKey { attribute, text, is_if_absent } in changed {
            let path = &attribute.into();
            match text {
                Ok(Some(text)) if is_if_absent => {
                    self.set_if_absent::<Plain, String>(path, &text, |_| Ok(()));
                }
                Ok(Some(text)) => self.set::<Plain, String>(path, &text),
                Ok(None) => self.remove(path),
                Err(error) => self.fail(error.into()),
            }
        }
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
        self.claim(path);
        let set = Fragment::default().path(path).text(" = ").value::<C, T>(path, value);
        self.outcome.push((path.clone(), Some(set.values.clone())));
        self.push_set(path, set);
        self.supersede(path);
        if path.is_element() {
            // Past the end DynamoDB would append it.
            self.push_guard(call("attribute_exists(", path));
        }
    }

    pub(crate) fn set_if_absent<C: Encoding<T>, T>(
        &mut self,
        path: &DocumentPath,
        value: &T,
        check: impl FnMut(&[u8]) -> Result<(), KeyError>,
    ) {
        self.claim(path);
        self.is_outcome_partial = true;
        self.require_own_names(path);
        let value = Fragment::default().value::<C, T>(path, value).checked(check);
        let set = Fragment::default().path(path).text(" = ");
        self.push_set(path, set.append(present_or(path, Some(value))));
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
                self.push_guard(call("attribute_not_exists(", &older));
            }
        }
    }

    /// Requires that nothing on the path is there under an older name, where the result depends on
    /// what is there.
    fn require_own_names(&mut self, path: &DocumentPath) {
        for (older, _) in path.older() {
            self.push_guard(call("attribute_not_exists(", &older));
        }
    }

    fn push_remove(&mut self, path: &DocumentPath) {
        self.claim(path);
        // The elements after it take its place, and that of those which are written too.
        self.is_outcome_partial |= path.is_element();
        self.outcome.push((path.clone(), None));
        let action = Fragment::default().path(path);
        self.remove = std::mem::take(&mut self.remove).followed_by(action);
    }

    /// Adds to a number, or to what it reads as when it is absent.
    pub(crate) fn add<T: Arithmetic>(
        &mut self,
        path: &DocumentPath,
        value: &T,
        absent: Option<&T>,
    ) {
        self.arithmetic(path, " + ", value, absent, &value.room_to_add());
    }

    /// Subtracts from a number, or from what it reads as when it is absent.
    pub(crate) fn subtract<T: Arithmetic>(
        &mut self,
        path: &DocumentPath,
        value: &T,
        absent: Option<&T>,
    ) {
        self.arithmetic(path, " - ", value, absent, &value.room_to_subtract());
    }

    fn arithmetic<T: Arithmetic>(
        &mut self,
        path: &DocumentPath,
        operator: &'static str,
        value: &T,
        absent: Option<&T>,
        room: &Room<T>,
    ) {
        self.claim(path);
        self.is_outcome_partial = true;
        self.require_own_names(path);
        let number = |number| Fragment::default().value::<Plain, T>(path, number);
        let before = present_or(path, absent.map(number));
        let set = Fragment::default().path(path).text(" = ").append(before);
        self.push_set(path, set.operator(operator).append(number(value)));
        self.guard(path, absent, room);
    }

    /// Keeps the result within the field's type, so that the struct can read what is left.
    fn guard<T: Arithmetic>(&mut self, path: &DocumentPath, absent: Option<&T>, room: &Room<T>) {
        let (operator, bound) = match room {
            Room::Any => return,
            Room::AtMost(bound) => (" <= ", bound),
            Room::AtLeast(bound) => (" >= ", bound),
        };
        let fits = Fragment::default().path(path).operator(operator).value::<Plain, T>(path, bound);
        let guard = if absent.is_some_and(|absent| room.admits(absent)) {
            call("attribute_not_exists(", path).operator(" OR ").append(fits).in_parentheses()
        } else {
            fits
        };
        self.push_guard(guard);
    }

    /// Puts elements at the end of a list, or of what it counts as when it is absent.
    pub(crate) fn append(
        &mut self,
        path: &DocumentPath,
        elements: Fragment,
        absent: Option<Fragment>,
    ) {
        self.join(path, present_or(path, absent), elements);
    }

    /// Puts elements before those of a list, or of what it counts as when it is absent.
    pub(crate) fn prepend(
        &mut self,
        path: &DocumentPath,
        elements: Fragment,
        absent: Option<Fragment>,
    ) {
        self.join(path, elements, present_or(path, absent));
    }

    fn join(&mut self, path: &DocumentPath, first: Fragment, second: Fragment) {
        self.claim(path);
        self.is_outcome_partial = true;
        self.require_own_names(path);
        let set = Fragment::default().path(path).text(" = ").operator("list_append(");
        self.push_set(path, set.append(first).text(", ").append(second).text(")"));
    }

    /// Adds the elements of a set to one.
    pub(crate) fn insert(&mut self, path: &DocumentPath, elements: Fragment) {
        self.claim(path);
        self.is_outcome_partial = true;
        self.require_own_names(path);
        let action = Fragment::default().path(path).text(" ").append(elements);
        self.add = std::mem::take(&mut self.add).followed_by(action);
    }

    /// Takes the elements of a set out of one.
    pub(crate) fn discard(&mut self, path: &DocumentPath, elements: Fragment) {
        self.claim(path);
        self.is_outcome_partial = true;
        self.require_own_names(path);
        let action = Fragment::default().path(path).text(" ").append(elements);
        self.delete = std::mem::take(&mut self.delete).followed_by(action);
    }

    /// Raises the version by one; an item without one, as one that is made by this, has the first.
    ///
    /// The last version cannot be raised: the struct could not read what would be left.
    pub(crate) fn raise_version(&mut self, name: &'static str) {
        let path = &DocumentPath::from(name);
        let number = |number| Fragment::default().value::<Plain, u64>(path, number);
        let before = present_or(path, Some(number(&0)));
        let set = Fragment::default().path(path).text(" = ").append(before);
        self.push_set(path, set.operator(" + ").append(number(&1)));
        // It holds where there is no version yet.
        self.push_guard(
            Fragment::default().path(path).operator(" <> ").value::<Plain, u64>(path, &u64::MAX),
        );
    }

    fn push_guard(&mut self, guard: Fragment) {
        self.guards = std::mem::take(&mut self.guards).and(guard);
    }

    fn push_set(&mut self, path: &DocumentPath, action: Fragment) {
        if path.steps().is_empty() {
            self.present.push(path.root());
        }
        self.set = std::mem::take(&mut self.set).followed_by(action);
    }

    /// Each attribute is written once: paths that overlap are rejected by DynamoDB, and by us
    /// before anything is sent.
    fn claim(&mut self, path: &DocumentPath) {
        if let Some(other) = self.written.iter().find(|other| other.overlaps(path)) {
            let (attribute, other) = (path.describe(), other.describe());
            self.fail(if attribute == other {
                ExpressionError::WrittenTwice { attribute }
            } else {
                ExpressionError::Overlapping { attribute, other }
            });
        }
        self.written.push(path.clone());
    }

    pub(crate) fn fail(&mut self, error: ExpressionError) {
        self.set.fail(error);
    }

    /// The whole update expression.
    pub(crate) fn expression(&self) -> Fragment {
        let clauses = [
            ("SET ", &self.set),
            ("REMOVE ", &self.remove),
            ("ADD ", &self.add),
            ("DELETE ", &self.delete),
        ];
        let clauses = clauses.into_iter().filter(|(_, actions)| !actions.is_empty());
        let actions = clauses.clone().map(|(_, actions)| actions);
        let tokens = 2 * clauses.clone().count();
        clauses.fold(Fragment::with_room_for(&actions, tokens), |expression, (clause, actions)| {
            let is_first = expression.is_empty();
            let expression = if is_first { expression } else { expression.text(" ") };
            expression.text(clause).append_copy(actions)
        })
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

    /// What the item holds when the update has been applied, where the update alone tells all of it.
    pub(crate) fn outcome(&self) -> Option<&[Written]> {
        (!self.is_outcome_partial).then_some(self.outcome.as_slice())
    }
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

/// An attribute that is no part of the primary key.
#[diagnostic::on_unimplemented(
    message = "this attribute is part of the key, and the key of an item never changes",
    label = "a key attribute cannot be updated",
    note = "create an item with the new key and delete the old one"
)]
pub trait NotKey<const N: usize> {}

#[diagnostic::do_not_recommend]
impl<E: RoleAt<N, InKey: Negative>, const N: usize> NotKey<N> for E {}

/// An attribute that the library does not write itself.
#[diagnostic::on_unimplemented(
    message = "this attribute is written by the library itself",
    label = "a version or a managed time cannot be updated by hand",
    note = "leave it out: the writes set it; to require a version, call `.at_version(..)`"
)]
pub trait NotManaged<const N: usize> {}

#[diagnostic::do_not_recommend]
impl<E: RoleAt<N, Managed: Negative>, const N: usize> NotManaged<N> for E {}

/// An attribute that is no part of a templated key of an index.
#[derive(Debug)]
pub enum NoPart {}

/// An attribute that is the only part of each templated key that it is in, apart from the parts of
/// the table's key.
#[derive(Debug)]
pub enum OnlyPart {}

/// An attribute that can be set by itself; `K` is the type that sets it with the other parts.
#[diagnostic::on_unimplemented(
    message = "this attribute is one part of a key of an index, and the key needs all of them",
    label = "by itself it would leave the key as it was",
    note = "set all parts at once: `.set_index_key({K} {{ .. }})`"
)]
pub trait SetAlone<const N: usize, K>: sealed::SetAlone<K> {}

#[diagnostic::do_not_recommend]
impl<E, const N: usize> SetAlone<N, NoPart> for E {}
#[diagnostic::do_not_recommend]
impl<E, const N: usize> SetAlone<N, OnlyPart> for E {}

/// An attribute whose new value the service may compute.
#[diagnostic::on_unimplemented(
    message = "this attribute is part of a key of an index, so its new value must be known",
    label = "the key could not follow",
    note = "give the new value: `.set(..)`, or all parts at once: `.set_index_key(..)`"
)]
pub trait Computed<const N: usize, K>: sealed::Computed<K> {}

#[diagnostic::do_not_recommend]
impl<E, const N: usize> Computed<N, NoPart> for E {}

mod sealed {
    use super::{NoPart, OnlyPart};

    pub trait SetAlone<K> {}
    impl<E> SetAlone<NoPart> for E {}
    impl<E> SetAlone<OnlyPart> for E {}

    pub trait Computed<K> {}
    impl<E> Computed<NoPart> for E {}
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(format!("{:?}", actions.expression()), expected.join(" "));
            assert_eq!(actions.is_empty(), expected.is_empty());
        }
    }

    fn one() -> Fragment {
        Fragment::default().value::<Plain, _>(&"x".into(), &1_u8)
    }
}
