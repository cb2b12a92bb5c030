//! `#[dynamo(..)]` on a key part.

use proc_macro2::Ident;
use syn::{Attribute, Path};

use super::shared::{
    CRATE_EXAMPLE, NUMBER_EXAMPLE, RENAME_ALL_EXAMPLE, Seen, StoredAs, TEXT_EXAMPLE, case,
    each_word, runtime,
};
use crate::case::Case;
use crate::errors::Errors;
use crate::words::{Vocabulary, word};

/// What `#[dynamo(..)]` says on a key part.
#[derive(Default)]
pub(crate) struct KeyPartAttributes {
    pub(crate) runtime: Option<Path>,
    pub(crate) rename_all: Option<(Ident, Case)>,
    pub(crate) stored_as: StoredAs,
}

#[derive(Clone, Copy)]
enum KeyPartWord {
    Crate,
    RenameAll,
    Number,
    Text,
}

const KEY_PART_WORDS: Vocabulary<KeyPartWord> = Vocabulary {
    of: "a key part",
    words: &[
        word("crate", KeyPartWord::Crate, CRATE_EXAMPLE),
        word("rename_all", KeyPartWord::RenameAll, RENAME_ALL_EXAMPLE),
        word("number", KeyPartWord::Number, NUMBER_EXAMPLE),
        word("text", KeyPartWord::Text, TEXT_EXAMPLE),
    ],
    elsewhere: &[("rename", "a variant"), ("other", "a variant")],
};

pub(crate) fn key_part(attributes: &[Attribute], errors: &mut Errors) -> KeyPartAttributes {
    let mut found = KeyPartAttributes::default();
    let mut seen = Seen::default();
    each_word(attributes, &KEY_PART_WORDS, errors, |said, _| {
        seen.once(&said)?;
        match said.word.meaning {
            KeyPartWord::Crate => found.runtime = Some(runtime(&said)?),
            KeyPartWord::RenameAll => found.rename_all = Some((said.ident.clone(), case(&said)?)),
            KeyPartWord::Number => found.stored_as.number = Some(said.alone()?),
            KeyPartWord::Text => found.stored_as.text = Some(said.alone()?),
        }
        Ok(())
    });
    found
}
