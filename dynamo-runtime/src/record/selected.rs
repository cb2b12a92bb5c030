//! An attribute that a projection asks for.

use crate::codec::{DecodeError, Members};
use crate::expression::DocumentPath;

/// An attribute that a projection asks for.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Selected {
    name: &'static str,
    aliases: &'static [&'static str],
    /// What is asked for of the document in it, if not all.
    within: Option<&'static [Selected]>,
}

impl Selected {
    /// All of the attribute.
    pub(crate) const fn whole(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { name, aliases, within: None }
    }

    /// These attributes of the document that is in the attribute; `None` for all.
    pub(crate) const fn within(
        name: &'static str,
        aliases: &'static [&'static str],
        within: Option<&'static [Self]>,
    ) -> Self {
        Self { name, aliases, within }
    }

    pub(crate) fn has_one_name(&self) -> bool {
        self.aliases.is_empty()
    }

    /// The attribute's own name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The attribute's name, if it is this one.
    #[inline]
    pub(crate) fn spelling(&self, name: &str) -> Option<&'static str> {
        if name == self.name {
            return Some(self.name);
        }
        self.aliases.iter().copied().find(|alias| *alias == name)
    }

    /// The names that the attribute may have in an item.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    pub(crate) fn is_in(&self, names: &[&str]) -> bool {
        names.contains(&self.name)
    }

    /// That the item has it under these two names, the later one last.
    #[cold]
    pub(crate) fn twice(
        &self,
        item: &Members<'_, '_>,
        first: &'static str,
        name: &'static str,
    ) -> DecodeError {
        match name {
            name if name == first => item.duplicate(),
            name if name == self.name => item.two_names(name, first),
            alias => item.two_names(self.name, alias),
        }
    }

    /// Where what is asked for is, under every name that it may have.
    fn paths(&self) -> impl Iterator<Item = DocumentPath> {
        let inner = self.within.map(paths);
        self.names().flat_map(move |name| {
            let path = DocumentPath::from(name);
            match &inner {
                None => vec![path],
                Some(inner) => inner.iter().map(|inner| path.clone().then(inner.clone())).collect(),
            }
        })
    }
}

/// Where all that is asked for is.
pub(crate) fn paths(selection: &[Selected]) -> Vec<DocumentPath> {
    selection.iter().flat_map(Selected::paths).collect()
}
