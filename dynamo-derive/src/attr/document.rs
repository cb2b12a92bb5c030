//! `#[dynamo(..)]` on a document and on its fields.

use proc_macro2::Ident;
use syn::{Attribute, LitStr, Path};

use super::field::{
    ALIAS_EXAMPLE, DEFAULT_EXAMPLE, FLATTEN_EXAMPLE, FieldAttributes, FieldWord,
    NULL_WHEN_NONE_EXAMPLE, RENAME_EXAMPLE, SERDE_EXAMPLE, SKIP_EXAMPLE, UNKNOWN_EXAMPLE,
    read_field,
};
use super::form::FORM_EXAMPLE;
use super::shared::{
    CRATE_EXAMPLE, DENY_UNKNOWN_EXAMPLE, Evolution, NUMBER_EXAMPLE, RENAME_ALL_EXAMPLE, Seen,
    StoredAs, TEXT_EXAMPLE, UPGRADE_EXAMPLE, case, each_word, runtime, upgrade,
};
use crate::case::Case;
use crate::errors::Errors;
use crate::words::{Vocabulary, word};

/// What `#[dynamo(..)]` says on a document.
#[derive(Default)]
pub(crate) struct DocumentAttributes {
    pub(crate) rename_all: Option<(Ident, Case)>,
    pub(crate) runtime: Option<Path>,
    pub(crate) attributes: Option<(Ident, Ident)>,
    pub(crate) tag: Option<(Ident, LitStr)>,
    pub(crate) rename_all_fields: Option<(Ident, Case)>,
    pub(crate) evolution: Evolution,
    pub(crate) stored_as: StoredAs,
}

/// What `#[dynamo(..)]` says on a variant.
#[derive(Default)]
pub(crate) struct VariantAttributes {
    pub(crate) rename: Option<LitStr>,
    pub(crate) other: Option<Ident>,
}

#[derive(Clone, Copy)]
enum VariantWord {
    Rename,
    Other,
}

#[derive(Clone, Copy)]
enum DocumentWord {
    RenameAll,
    RenameAllFields,
    Tag,
    Crate,
    Attributes,
    DenyUnknown,
    Upgrade,
    Number,
    Text,
}

const RENAME_ALL_FIELDS_EXAMPLE: &str = r#"#[dynamo(rename_all_fields = "camelCase")]"#;
const TAG_EXAMPLE: &str = r#"#[dynamo(tag = "type")]"#;

const DOCUMENT_WORDS: Vocabulary<DocumentWord> = Vocabulary {
    of: "a document",
    words: &[
        word("rename_all", DocumentWord::RenameAll, RENAME_ALL_EXAMPLE),
        word("rename_all_fields", DocumentWord::RenameAllFields, RENAME_ALL_FIELDS_EXAMPLE),
        word("tag", DocumentWord::Tag, TAG_EXAMPLE),
        word("crate", DocumentWord::Crate, CRATE_EXAMPLE),
        word("attributes", DocumentWord::Attributes, "#[dynamo(attributes = AddressAttributes)]"),
        word("deny_unknown", DocumentWord::DenyUnknown, DENY_UNKNOWN_EXAMPLE),
        word("upgrade", DocumentWord::Upgrade, UPGRADE_EXAMPLE),
        word("number", DocumentWord::Number, NUMBER_EXAMPLE),
        word("text", DocumentWord::Text, TEXT_EXAMPLE),
    ],
    elsewhere: &[
        ("table", "an entity"),
        ("index", "an entity"),
        ("allow", "an entity"),
        ("partition_key", "a field of an entity"),
        ("sort_key", "a field of an entity"),
        ("created_at", "a field of an entity"),
        ("updated_at", "a field of an entity"),
        ("version", "a field of an entity"),
        ("ttl", "a field of an entity"),
        ("rename", "a field"),
        ("default", "a field"),
        ("skip", "a field"),
        ("serde", "a field"),
        ("flatten", "a field"),
        ("other", "a variant"),
        ("alias", "a field"),
        ("unknown", "a field"),
        ("form", "a field"),
        ("null_when_none", "a field"),
    ],
};

const FIELD_WORDS: Vocabulary<FieldWord> = Vocabulary {
    of: "a field of a document",
    words: &[
        word("rename", FieldWord::Rename, RENAME_EXAMPLE),
        word("default", FieldWord::Default, DEFAULT_EXAMPLE),
        word("skip", FieldWord::Skip, SKIP_EXAMPLE),
        word("serde", FieldWord::Serde, SERDE_EXAMPLE),
        word("flatten", FieldWord::Flatten, FLATTEN_EXAMPLE),
        word("alias", FieldWord::Alias, ALIAS_EXAMPLE),
        word("unknown", FieldWord::Unknown, UNKNOWN_EXAMPLE),
        word("form", FieldWord::Form, FORM_EXAMPLE),
        word("null_when_none", FieldWord::NullWhenNone, NULL_WHEN_NONE_EXAMPLE),
    ],
    elsewhere: &[
        ("partition_key", "a field of an entity"),
        ("sort_key", "a field of an entity"),
        ("created_at", "a field of an entity"),
        ("updated_at", "a field of an entity"),
        ("version", "a field of an entity"),
        ("ttl", "a field of an entity"),
        ("key_only", "a field of an entity"),
        ("unique", "a field of an entity"),
        ("table", "an entity"),
        ("constant", "an entity"),
        ("index", "an entity"),
        ("allow", "an entity"),
        ("rename_all", "a document"),
        ("crate", "a document"),
        ("rename_all_fields", "a document"),
        ("tag", "a document"),
        ("attributes", "a document"),
        ("deny_unknown", "a document"),
        ("upgrade", "a document"),
        ("other", "a variant"),
    ],
};

const VARIANT_WORDS: Vocabulary<VariantWord> = Vocabulary {
    of: "a variant",
    words: &[
        word("rename", VariantWord::Rename, r#"#[dynamo(rename = "shipped")]"#),
        word("other", VariantWord::Other, "#[dynamo(other)]"),
    ],
    elsewhere: &[
        ("rename_all", "a document"),
        ("rename_all_fields", "a document"),
        ("tag", "a document"),
        ("crate", "a document"),
        ("default", "a field"),
        ("skip", "a field"),
        ("serde", "a field"),
        ("flatten", "a field"),
    ],
};

pub(crate) fn document(attributes: &[Attribute], errors: &mut Errors) -> DocumentAttributes {
    let mut found = DocumentAttributes::default();
    let mut seen = Seen::default();
    each_word(attributes, &DOCUMENT_WORDS, errors, |said, _| {
        seen.once(&said)?;
        match said.word.meaning {
            DocumentWord::RenameAll => found.rename_all = Some((said.ident.clone(), case(&said)?)),
            DocumentWord::RenameAllFields => {
                found.rename_all_fields = Some((said.ident.clone(), case(&said)?));
            }
            DocumentWord::Tag => found.tag = Some((said.ident.clone(), said.string()?)),
            DocumentWord::Crate => found.runtime = Some(runtime(&said)?),
            DocumentWord::Attributes => {
                let name = said.value("the name of a type")?;
                found.attributes = Some((said.ident, name));
            }
            DocumentWord::DenyUnknown => found.evolution.deny_unknown = Some(said.alone()?),
            DocumentWord::Upgrade => found.evolution.upgrade = Some(upgrade(said)?),
            DocumentWord::Number => found.stored_as.number = Some(said.alone()?),
            DocumentWord::Text => found.stored_as.text = Some(said.alone()?),
        }
        Ok(())
    });
    found
}

pub(crate) fn field(attributes: &[Attribute], errors: &mut Errors) -> FieldAttributes {
    read_field(attributes, &FIELD_WORDS, errors)
}

pub(crate) fn variant(attributes: &[Attribute], errors: &mut Errors) -> VariantAttributes {
    let mut found = VariantAttributes::default();
    let mut seen = Seen::default();
    each_word(attributes, &VARIANT_WORDS, errors, |said, _| {
        seen.once(&said)?;
        match said.word.meaning {
            VariantWord::Rename => found.rename = Some(said.string()?),
            VariantWord::Other => found.other = Some(said.alone()?),
        }
        Ok(())
    });
    found
}
