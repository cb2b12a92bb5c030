//! The conditions of one write together: the caller's, and those that the library adds.

use crate::client::SecureClient;
use crate::codec::{ConstantAttribute, Plain};
use crate::entity::{Entity, timestamp};
use crate::expression::{DocumentPath, ExpressionError, Fragment};
use crate::value::{EpochSeconds, ExpiredTimes, Revision as _, Timestamp};

/// Conditions that all must hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Guards(Fragment);

impl Guards {
    pub(super) fn add(&mut self, condition: Fragment) {
        self.0 = std::mem::take(&mut self.0).and(condition);
    }

    pub(super) fn item_exists<E: Entity>(&mut self) {
        self.add(Fragment::call("attribute_exists(", &E::SCHEMA.partition_key.name.into()));
        for constant in E::SCHEMA.constants {
            self.add(is_constant(*constant));
        }
    }

    /// What is there, if anything, is an item of this entity.
    pub(super) fn absent_or_of_entity<E: Entity>(&mut self) {
        for constant in E::SCHEMA.constants {
            let absent =
                Fragment::call("attribute_not_exists(", &E::SCHEMA.partition_key.name.into());
            self.add(absent.operator(" OR ").append(is_constant(*constant)).in_parentheses());
        }
    }

    /// The version that the entity was read with; one that was never stored has none.
    pub(super) fn version<E: Entity>(&mut self, version: Option<E::Revision>) {
        let Some(version) = version else { return };
        let Some(name) = E::SCHEMA.version else {
            // Only a `Versioned` that was implemented by hand gets here.
            return self.add(Fragment::failed(ExpressionError::NoVersion));
        };
        let path = DocumentPath::from(name);
        self.add(if version.is_unsaved() {
            Fragment::call("attribute_not_exists(", &path)
        } else {
            Fragment::default().path(&path).operator(" = ").value::<Plain, _>(&path, &version)
        });
    }

    /// There is no item, or one that has expired.
    pub(super) fn absent_or_expired<E: Entity>(&mut self, now: Timestamp) {
        let absent = Fragment::call("attribute_not_exists(", &E::SCHEMA.partition_key.name.into());
        self.add(match E::SCHEMA.ttl {
            Some(ttl) => absent.operator(" OR ").append(expired(ttl, now)).in_parentheses(),
            None => absent,
        });
    }

    /// What is there, if anything, has not expired.
    pub(super) fn alive<E: Entity>(&mut self, now: Timestamp) {
        if let Some(name) = E::SCHEMA.ttl {
            self.add(alive(name, now));
        }
    }

    pub(super) fn as_fragment(&self) -> &Fragment {
        &self.0
    }

    pub(super) fn into_fragment(self) -> Fragment {
        self.0
    }
}

fn is_constant(ConstantAttribute { name, text }: ConstantAttribute) -> Fragment {
    let path = DocumentPath::from(name);
    Fragment::default().path(&path).operator(" = ").value::<Plain, String>(&path, &text.to_owned())
}

/// That an item has no other text in the place of the constant: an item without it is read, and is
/// an error then.
pub(super) fn of_no_other(constant: ConstantAttribute) -> Fragment {
    let absent = Fragment::call("attribute_not_exists(", &constant.name.into());
    absent.operator(" OR ").append(is_constant(constant)).in_parentheses()
}

/// That an item has not expired.
pub(super) fn alive(name: &'static str, now: Timestamp) -> Fragment {
    Fragment::default().operator("NOT ").append(expired(name, now).in_parentheses())
}

/// That an item has expired: what is absent or no number is not between two numbers.
fn expired(name: &'static str, now: Timestamp) -> Fragment {
    let ExpiredTimes { first, last } = ExpiredTimes::at(now);
    Fragment::between::<EpochSeconds, _>(&name.into(), &first, &last)
}

pub(super) fn now(client: &SecureClient) -> Timestamp {
    timestamp(client.now())
}
