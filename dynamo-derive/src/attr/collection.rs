//! The words of a collection.

use proc_macro2::Ident;
use syn::{Attribute, Path};

use super::shared::{CRATE_EXAMPLE, Seen, each_word, runtime};
use crate::errors::Errors;
use crate::words::{Vocabulary, word};

/// What `#[dynamo(..)]` says on a collection.
#[derive(Default)]
pub(crate) struct CollectionAttributes {
    pub(crate) seen: Seen,
    pub(crate) runtime: Option<Path>,
    /// The index that is queried.
    pub(crate) index: Option<Path>,
    pub(crate) skip_others: Option<Ident>,
}

#[derive(Clone, Copy)]
enum CollectionWord {
    Crate,
    Index,
    SkipOthers,
}

const INDEX_EXAMPLE: &str = "#[dynamo(index = OrderByDepot)]";
const SKIP_OTHERS_EXAMPLE: &str = "#[dynamo(skip_others)]";

const COLLECTION_WORDS: Vocabulary<CollectionWord> = Vocabulary {
    of: "a collection",
    words: &[
        word("index", CollectionWord::Index, INDEX_EXAMPLE),
        word("skip_others", CollectionWord::SkipOthers, SKIP_OTHERS_EXAMPLE),
        word("crate", CollectionWord::Crate, CRATE_EXAMPLE),
    ],
    elsewhere: &[
        ("table", "an entity"),
        ("constant", "an entity"),
        ("partition_key", "an entity"),
        ("sort_key", "an entity"),
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
            CollectionWord::Index => {
                found.index = Some(said.value("the type of an index, without quotes")?);
            }
            CollectionWord::SkipOthers => found.skip_others = Some(said.alone()?),
        }
        Ok(())
    });
    found
}
