//! The words of a projection.

use syn::{Attribute, Path};

use super::{CRATE_EXAMPLE, Seen, each_word, runtime};
use crate::errors::Errors;
use crate::words::{Vocabulary, word};

/// What `#[dynamo(..)]` says on a projection.
#[derive(Default)]
pub(crate) struct ProjectionAttributes {
    pub(crate) seen: Seen,
    pub(crate) of: Option<Path>,
    pub(crate) attributes: Option<Path>,
    pub(crate) runtime: Option<Path>,
}

#[derive(Clone, Copy)]
enum ProjectionWord {
    Of,
    Attributes,
    Crate,
}

const PROJECTION_WORDS: Vocabulary<ProjectionWord> = Vocabulary {
    of: "a projection",
    words: &[
        word("of", ProjectionWord::Of, "#[dynamo(of = User)]"),
        word(
            "attributes",
            ProjectionWord::Attributes,
            "#[dynamo(of = User, attributes = UserAttributes)]",
        ),
        word("crate", ProjectionWord::Crate, CRATE_EXAMPLE),
    ],
    elsewhere: &[
        ("table", "an entity"),
        ("index", "an entity"),
        ("rename_all", "an entity"),
        ("allow", "an entity"),
    ],
};

pub(crate) fn projection(attributes: &[Attribute], errors: &mut Errors) -> ProjectionAttributes {
    let mut found = ProjectionAttributes::default();
    each_word(attributes, &PROJECTION_WORDS, errors, |said, _| {
        found.seen.once(&said)?;
        match said.word.meaning {
            ProjectionWord::Of => found.of = Some(said.value("the name of an entity")?),
            ProjectionWord::Attributes => {
                found.attributes = Some(said.value("the name of a type")?);
            }
            ProjectionWord::Crate => found.runtime = Some(runtime(&said)?),
        }
        Ok(())
    });
    found
}
