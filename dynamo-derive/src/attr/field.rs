//! `#[dynamo(..)]` on a field of an entity.

use proc_macro2::Ident;
use syn::{Attribute, LitInt, LitStr, Path, token};

use super::form::{FORM_EXAMPLE, NamedForm, form};
use super::shared::{Seen, each_word, parentheses};
use crate::errors::Errors;
use crate::words::{Said, Vocabulary, read, word};

/// What `#[dynamo(..)]` says on a field.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    /// Each purpose that the field is given, with the word that gives it.
    pub(crate) purposes: Vec<(Ident, Purpose)>,
    pub(crate) rename: Option<(Ident, LitStr)>,
    pub(crate) default: Option<(Ident, Option<Path>)>,
    pub(crate) skip: Option<Ident>,
    pub(crate) serde: Option<Ident>,
    pub(crate) flatten: Option<Ident>,
    /// The word with each of the older names.
    pub(crate) aliases: Vec<(Ident, LitStr)>,
    pub(crate) unknown: Option<Ident>,
    pub(crate) form: Option<(Ident, NamedForm)>,
    pub(crate) null_when_none: Option<Ident>,
    /// The word with the number of the first version.
    pub(crate) starts_at: Option<(Ident, u64)>,
    pub(crate) key_only: Option<Ident>,
    /// The word with the template of the guard's key.
    pub(crate) unique: Option<(Ident, LitStr)>,
}

/// What an attribute is for, where it is not plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    PartitionKey,
    SortKey,
    Version,
    CreatedAt,
    UpdatedAt,
    Ttl,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldWord {
    Purpose(Purpose),
    Rename,
    Default,
    Skip,
    Serde,
    Flatten,
    Alias,
    Unknown,
    Form,
    NullWhenNone,
    KeyOnly,
    Unique,
}

pub(super) const RENAME_EXAMPLE: &str = r#"#[dynamo(rename = "email")]"#;
pub(super) const DEFAULT_EXAMPLE: &str =
    "#[dynamo(default)]` or `#[dynamo(default = path::to::function)]";
pub(super) const FLATTEN_EXAMPLE: &str = "#[dynamo(flatten)]";
pub(super) const SKIP_EXAMPLE: &str = "#[dynamo(skip)]";
pub(super) const SERDE_EXAMPLE: &str = "#[dynamo(serde)]";
pub(super) const ALIAS_EXAMPLE: &str = r#"#[dynamo(alias = "mail")]"#;
const VERSION_EXAMPLE: &str = "#[dynamo(version)]` or `#[dynamo(version(starts_at = 0))]";
pub(super) const NULL_WHEN_NONE_EXAMPLE: &str = "#[dynamo(null_when_none)]";
pub(super) const UNKNOWN_EXAMPLE: &str = "#[dynamo(unknown)]";
const KEY_ONLY_EXAMPLE: &str = "#[dynamo(key_only)]";
const UNIQUE_EXAMPLE: &str = r#"#[dynamo(unique = "EMAIL#{email}")]"#;

const FIELD_WORDS: Vocabulary<FieldWord> = Vocabulary {
    of: "a field",
    words: &[
        word(
            "partition_key",
            FieldWord::Purpose(Purpose::PartitionKey),
            "#[dynamo(partition_key)]",
        ),
        word("sort_key", FieldWord::Purpose(Purpose::SortKey), "#[dynamo(sort_key)]"),
        word("rename", FieldWord::Rename, RENAME_EXAMPLE),
        word("default", FieldWord::Default, DEFAULT_EXAMPLE),
        word("skip", FieldWord::Skip, SKIP_EXAMPLE),
        word("serde", FieldWord::Serde, SERDE_EXAMPLE),
        word("flatten", FieldWord::Flatten, FLATTEN_EXAMPLE),
        word("alias", FieldWord::Alias, ALIAS_EXAMPLE),
        word("unknown", FieldWord::Unknown, UNKNOWN_EXAMPLE),
        word("form", FieldWord::Form, FORM_EXAMPLE),
        word("null_when_none", FieldWord::NullWhenNone, NULL_WHEN_NONE_EXAMPLE),
        word("key_only", FieldWord::KeyOnly, KEY_ONLY_EXAMPLE),
        word("unique", FieldWord::Unique, UNIQUE_EXAMPLE),
        word("created_at", FieldWord::Purpose(Purpose::CreatedAt), "#[dynamo(created_at)]"),
        word("updated_at", FieldWord::Purpose(Purpose::UpdatedAt), "#[dynamo(updated_at)]"),
        word("version", FieldWord::Purpose(Purpose::Version), VERSION_EXAMPLE),
        word("ttl", FieldWord::Purpose(Purpose::Ttl), "#[dynamo(ttl)]"),
    ],
    elsewhere: &[
        ("table", "an entity"),
        ("constant", "an entity"),
        ("rename_all", "an entity"),
        ("index", "an entity"),
        ("allow", "an entity"),
        ("crate", "an entity"),
        ("attributes", "an entity"),
        ("deny_unknown", "an entity"),
        ("upgrade", "an entity"),
    ],
};

pub(crate) fn field(attributes: &[Attribute], errors: &mut Errors) -> FieldAttributes {
    read_field(attributes, &FIELD_WORDS, errors)
}

#[derive(Clone, Copy)]
enum VersionWord {
    StartsAt,
}

const VERSION_WORDS: Vocabulary<VersionWord> = Vocabulary {
    of: "`version(..)`",
    words: &[word("starts_at", VersionWord::StartsAt, "#[dynamo(version(starts_at = 0))]")],
    elsewhere: &[],
};

/// The words in the parentheses of `version(..)`.
fn version(said: &Said<'_, FieldWord>, errors: &mut Errors) -> syn::Result<Option<(Ident, u64)>> {
    let content = parentheses(said)?;
    if content.is_empty() {
        return Err(said.mistake(&said.ident, "`version(..)` has nothing in its parentheses"));
    }
    let mut starts_at = None;
    let mut seen = Seen::default();
    read(&content, &VERSION_WORDS, errors, |said, _| {
        seen.once(&said)?;
        let VersionWord::StartsAt = said.word.meaning;
        let number: LitInt = said.value("a number")?;
        let first = number.base10_parse().map_err(|_| {
            said.mistake(&number, "the number of the first version is one that a `u64` holds")
        })?;
        starts_at = Some((said.ident, first));
        Ok(())
    });
    Ok(starts_at)
}

pub(super) fn read_field(
    attributes: &[Attribute],
    vocabulary: &Vocabulary<FieldWord>,
    errors: &mut Errors,
) -> FieldAttributes {
    let mut found = FieldAttributes::default();
    let mut seen = Seen::default();
    each_word(attributes, vocabulary, errors, |said, errors| {
        if said.word.meaning != FieldWord::Alias {
            seen.once(&said)?;
        }
        match said.word.meaning {
            FieldWord::Purpose(purpose) => {
                found.purposes.push((said.ident.clone(), purpose));
                if purpose == Purpose::Version && said.rest.peek(token::Paren) {
                    found.starts_at = version(&said, errors)?;
                } else {
                    said.alone()?;
                }
            }
            FieldWord::Rename => found.rename = Some((said.ident.clone(), said.string()?)),
            FieldWord::Default if said.has_value() => {
                let function = said.value("the path of a function")?;
                found.default = Some((said.ident, Some(function)));
            }
            FieldWord::Default => found.default = Some((said.alone()?, None)),
            FieldWord::Skip => found.skip = Some(said.alone()?),
            FieldWord::Serde => found.serde = Some(said.alone()?),
            FieldWord::Flatten => found.flatten = Some(said.alone()?),
            FieldWord::Alias => found.aliases.push((said.ident.clone(), said.string()?)),
            FieldWord::Unknown => found.unknown = Some(said.alone()?),
            FieldWord::Form => found.form = Some((said.ident.clone(), form(&said, errors)?)),
            FieldWord::NullWhenNone => found.null_when_none = Some(said.alone()?),
            FieldWord::KeyOnly => found.key_only = Some(said.alone()?),
            FieldWord::Unique => found.unique = Some((said.ident.clone(), said.string()?)),
        }
        Ok(())
    });
    found
}
