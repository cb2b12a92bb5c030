//! The words of a collection.

use syn::{Attribute, Path};

use super::{CRATE_EXAMPLE, Seen, each_word, runtime};
use crate::errors::Errors;
use crate::words::{Vocabulary, word};

/// What `#[dynamo(..)]` says on a collection.
#[derive(Default)]
pub(crate) struct CollectionAttributes {
    pub(crate) seen: Seen,
    pub(crate) runtime: Option<Path>,
}

#[derive(Clone, Copy)]
enum CollectionWord {
    Crate,
}

const COLLECTION_WORDS: Vocabulary<CollectionWord> = Vocabulary {
    of: "a collection",
    words: &[word("crate", CollectionWord::Crate, CRATE_EXAMPLE)],
    elsewhere: &[
        ("table", "an entity"),
        ("partition_key", "an entity"),
        ("sort_key", "an entity"),
        ("index", "an entity"),
        ("allow", "an entity"),
        ("rename_all", "an entity"),
        ("tag", "a document"),
    ],
};

pub(crate) fn collection(attributes: &[Attribute], errors: &mut Errors) -> CollectionAttributes {
    let mut found = CollectionAttributes::default();
    each_word(attributes, &COLLECTION_WORDS, errors, |said, _| {
        found.seen.once(&said)?;
        match said.word.meaning {
            CollectionWord::Crate => found.runtime = Some(runtime(&said)?),
        }
        Ok(())
    });
    found
}
