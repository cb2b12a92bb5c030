//! The member names of one object, to find a duplicate.

use std::borrow::Cow;
use std::collections::HashSet;

/// Up to this many names are compared one by one; a set of random hashes takes over where an
/// attacker sends more.
const FEW: usize = 16;

/// Nothing is allocated for a single name, which is what most objects of DynamoDB JSON have.
#[derive(Default)]
pub(super) struct NameSet<'de> {
    first: Option<Cow<'de, str>>,
    few: Vec<Cow<'de, str>>,
    many: Option<HashSet<Cow<'de, str>>>,
}

impl<'de> NameSet<'de> {
    /// Whether the name is new.
    pub(super) fn insert(&mut self, name: Cow<'de, str>) -> bool {
        let Some(first) = &self.first else {
            self.first = Some(name);
            return true;
        };
        if *first == name || self.few.contains(&name) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(name);
            return true;
        }
        self.many.get_or_insert_default().insert(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_new_once() {
        let mut names = NameSet::default();
        for number in 0..100 {
            assert!(names.insert(number.to_string().into()));
        }
        for number in 0..100 {
            assert!(!names.insert(number.to_string().into()), "{number}");
        }
        assert_eq!(names.few.len(), FEW, "these alone are compared one by one");
    }
}
