//! What is done to a crate.

use crate::source::Source;
use crate::subject::Subject;

/// What the compiler does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// `cargo check` of a hundred entities.
    Check,
    /// The same with four calls of each.
    CheckCalls,
    /// `cargo build` of these, in the dev profile.
    BuildCalls,
    /// `cargo check` of these again, after the type of one field has changed.
    IncrementalCheck,
}

impl Case {
    pub(crate) const ALL: [Self; 4] =
        [Self::Check, Self::CheckCalls, Self::BuildCalls, Self::IncrementalCheck];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|case| case.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Check => "check_100",
            Self::CheckCalls => "check_100_calls",
            Self::BuildCalls => "build_100_calls",
            Self::IncrementalCheck => "incremental_check",
        }
    }

    /// The command of cargo.
    pub(crate) fn command(self) -> &'static str {
        match self {
            Self::BuildCalls => "build",
            Self::Check | Self::CheckCalls | Self::IncrementalCheck => "check",
        }
    }

    pub(crate) fn is_incremental(self) -> bool {
        self == Self::IncrementalCheck
    }

    /// What is compiled; the other one differs in the type of a field.
    pub(crate) fn source(self, is_other: bool) -> Source {
        Source {
            has_calls: self != Self::Check,
            is_changed: self == Self::IncrementalCheck && is_other,
        }
    }

    pub(crate) fn has(self, subject: Subject) -> bool {
        self == Self::Check || subject.has_calls()
    }
}
