//! Actions whose result depends on what is there: sums, and lists that grow.

use super::{Actions, PathOutcome, can_be_made, present_or};
use crate::codec::Plain;
use crate::expression::arithmetic::{Arithmetic, Room};
use crate::expression::fragment::Fragment;
use crate::expression::path::DocumentPath;

impl Actions {
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
        self.claim(path, PathOutcome::Unknown);
        self.require_own_names(path);
        let absent = absent.filter(|_| can_be_made(path));
        self.begin_set(path);
        if let Some(absent) = absent {
            self.set.push_operator("if_not_exists(");
            self.set.push_path(path);
            self.set.push_text(", ");
            self.set.push_value::<Plain, T>(path, absent);
            self.set.push_text(")");
        } else {
            self.set.push_path(path);
        }
        self.set.push_operator(operator);
        self.set.push_value::<Plain, T>(path, value);
        self.guard(path, absent, room);
    }

    /// Requires a number to count from, and keeps the result within the field's type, so that the
    /// struct can read the result.
    fn guard<T: Arithmetic>(&mut self, path: &DocumentPath, absent: Option<&T>, room: &Room<T>) {
        let (operator, bound) = match room {
            Room::Any => {
                return match absent {
                    Some(_) => self.require_not_null(path),
                    None => self.require("attribute_exists(", path),
                };
            }
            Room::AtMost(bound) => (" <= ", bound),
            Room::AtLeast(bound) => (" >= ", bound),
        };
        if absent.is_some() {
            // The bound leaves out a null.
            self.not_null.push(path.clone());
        }
        let may_be_absent = absent.is_some_and(|absent| room.admits(absent));
        let guards = self.next_guard();
        if may_be_absent {
            guards.push_text("(");
            guards.push_operator("attribute_not_exists(");
            guards.push_path(path);
            guards.push_text(")");
            guards.push_operator(" OR ");
        }
        guards.push_path(path);
        guards.push_operator(operator);
        guards.push_value::<Plain, T>(path, bound);
        if may_be_absent {
            guards.push_text(")");
        }
    }

    /// Puts elements at the end of a list, or of what it counts as when it is absent.
    pub(crate) fn append(
        &mut self,
        path: &DocumentPath,
        elements: Fragment,
        absent: Option<Fragment>,
    ) {
        self.size += path.name_size() + elements.size;
        self.check_size(path, elements.size);
        let before = self.list_or(path, absent);
        self.join(path, before, elements);
    }

    /// Puts elements before those of a list, or of what it counts as when it is absent.
    pub(crate) fn prepend(
        &mut self,
        path: &DocumentPath,
        elements: Fragment,
        absent: Option<Fragment>,
    ) {
        self.size += path.name_size() + elements.size;
        self.check_size(path, elements.size);
        let after = self.list_or(path, absent);
        self.join(path, elements, after);
    }

    /// The list that is there, or what it counts as; else it is required.
    fn list_or(&mut self, path: &DocumentPath, absent: Option<Fragment>) -> Fragment {
        if absent.is_some() {
            self.require_not_null(path);
        }
        let absent = absent.filter(|_| can_be_made(path));
        if absent.is_none() {
            self.require("attribute_exists(", path);
        }
        present_or(path, absent)
    }

    fn join(&mut self, path: &DocumentPath, first: Fragment, second: Fragment) {
        self.claim(path, PathOutcome::Unknown);
        self.require_own_names(path);
        let joined = Fragment::default().operator("list_append(").append(first);
        self.push_set(path, joined.text(", ").append(second).text(")"));
    }
}
