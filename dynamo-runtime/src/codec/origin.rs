//! Whether an implementation is of the derive or by hand.

/// Who has written an implementation.
///
/// Only generated code can name it, so an implementation by hand keeps what the trait says of it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    is_known: bool,
}

impl Origin {
    /// Written by hand.
    pub const BY_HAND: Self = Self { is_known: false };
    /// Made by a derive.
    pub const DERIVED: Self = Self { is_known: true };
    /// One of the library's own.
    pub(crate) const OWN: Self = Self { is_known: true };

    #[inline]
    pub(crate) const fn is_known(self) -> bool {
        self.is_known
    }
}

pub(super) mod sealed {
    /// What a provided method gives that no other crate can replace, since none can name it.
    #[derive(Debug)]
    pub struct Done(pub(crate) ());
}
