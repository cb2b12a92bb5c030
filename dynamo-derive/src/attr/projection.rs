//! The words of a projection and of its fields.

use syn::{Attribute, Path};

use super::shared::{CRATE_EXAMPLE, Seen, each_word, runtime};
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

#[derive(Clone, Copy)]
enum ProjectionFieldWord {
    Project,
}

// How an attribute is stored is declared once, on the entity.
const FIELD_WORDS: Vocabulary<ProjectionFieldWord> = Vocabulary {
    of: "a field of a projection",
    words: &[word("project", ProjectionFieldWord::Project, "#[dynamo(project)]")],
    elsewhere: &[
        ("of", "a projection"),
        ("attributes", "a projection"),
        ("crate", "a projection"),
        ("rename", DECLARED),
        ("default", DECLARED),
        ("skip", DECLARED),
        ("serde", DECLARED),
        ("flatten", DECLARED),
        ("alias", DECLARED),
        ("unknown", DECLARED),
        ("partition_key", DECLARED),
        ("sort_key", DECLARED),
        ("version", DECLARED),
        ("created_at", DECLARED),
        ("updated_at", DECLARED),
        ("ttl", DECLARED),
    ],
};

const DECLARED: &str = "the field that declares the attribute";

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

/// Whether a field is read as a projection of the document in its attribute.
pub(crate) fn projected_field(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut seen = Seen::default();
    let mut is_part = false;
    each_word(attributes, &FIELD_WORDS, errors, |said, _| {
        seen.once(&said)?;
        match said.word.meaning {
            ProjectionFieldWord::Project => {
                is_part = true;
                said.alone()?;
            }
        }
        Ok(())
    });
    is_part
}
