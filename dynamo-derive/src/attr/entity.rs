//! `#[dynamo(..)]` on an entity.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, LitStr, Path, token};

use super::index::{self, INDEX_EXAMPLE, IndexAttribute};
use super::shared::{
    CRATE_EXAMPLE, DENY_UNKNOWN_EXAMPLE, Evolution, RENAME_ALL_EXAMPLE, Seen, TemplateAttribute,
    UPGRADE_EXAMPLE, attribute_name, case, each_word, parentheses, runtime, template, upgrade,
};
use super::vector_index::{VECTOR_INDEX_EXAMPLE, VectorIndexAttribute, vector_index};
use crate::case::Case;
use crate::errors::{Errors, mistake};
use crate::words::{Said, Vocabulary, read, word};

/// What `#[dynamo(..)]` says on an entity.
#[derive(Default)]
pub(crate) struct EntityAttributes {
    pub(crate) seen: Seen,
    pub(crate) table: Option<LitStr>,
    pub(crate) partition_key: Option<TemplateAttribute>,
    pub(crate) sort_key: Option<TemplateAttribute>,
    pub(crate) constants: Vec<ConstantWord>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) indexes: Vec<IndexAttribute>,
    pub(crate) vector_indexes: Vec<VectorIndexAttribute>,
    pub(crate) allowed: Vec<(Ident, Permission)>,
    pub(crate) runtime: Option<Path>,
    pub(crate) attributes: Option<Ident>,
    pub(crate) evolution: Evolution,
}

/// `constant("attribute") = "text"`.
pub(crate) struct ConstantWord {
    pub(crate) name: LitStr,
    pub(crate) text: LitStr,
}

/// A dangerous operation that `allow(..)` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    Scan,
    UnconditionalPut,
    UnconditionalDelete,
    UnconditionalUpsert,
    Load,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EntityWord {
    Table,
    PartitionKey,
    SortKey,
    Constant,
    RenameAll,
    Index,
    VectorIndex,
    Allow,
    Crate,
    Attributes,
    DenyUnknown,
    Upgrade,
}

const PARTITION_KEY_EXAMPLE: &str = r#"#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]"#;
const SORT_KEY_EXAMPLE: &str = r#"#[dynamo(sort_key("sk") = "ORDER#{placed_at}#{order_id}")]"#;

const CONSTANT_EXAMPLE: &str = r#"#[dynamo(constant("type") = "Order")]"#;

const ENTITY_WORDS: Vocabulary<EntityWord> = Vocabulary {
    of: "an entity",
    words: &[
        word("table", EntityWord::Table, r#"#[dynamo(table = "users")]"#),
        word("partition_key", EntityWord::PartitionKey, PARTITION_KEY_EXAMPLE),
        word("sort_key", EntityWord::SortKey, SORT_KEY_EXAMPLE),
        word("constant", EntityWord::Constant, CONSTANT_EXAMPLE),
        word("rename_all", EntityWord::RenameAll, RENAME_ALL_EXAMPLE),
        word("index", EntityWord::Index, INDEX_EXAMPLE),
        word("vector_index", EntityWord::VectorIndex, VECTOR_INDEX_EXAMPLE),
        word("allow", EntityWord::Allow, "#[dynamo(allow(scan))]"),
        word("crate", EntityWord::Crate, CRATE_EXAMPLE),
        word("attributes", EntityWord::Attributes, "#[dynamo(attributes = UserAttributes)]"),
        word("deny_unknown", EntityWord::DenyUnknown, DENY_UNKNOWN_EXAMPLE),
        word("upgrade", EntityWord::Upgrade, UPGRADE_EXAMPLE),
    ],
    elsewhere: &[
        ("rename", "a field"),
        ("default", "a field"),
        ("skip", "a field"),
        ("serde", "a field"),
        ("flatten", "a field"),
        ("alias", "a field"),
        ("unknown", "a field"),
        ("key_only", "a field"),
        ("unique", "a field"),
        ("created_at", "a field"),
        ("updated_at", "a field"),
        ("version", "a field"),
        ("ttl", "a field"),
        ("name", "an index"),
        ("local", "an index"),
    ],
};

const ALLOW_EXAMPLE: &str = "#[dynamo(allow(scan, unconditional_put))]";
const ALLOW_WORDS: Vocabulary<Permission> = Vocabulary {
    of: "`allow(..)`",
    words: &[
        word("scan", Permission::Scan, ALLOW_EXAMPLE),
        word("unconditional_put", Permission::UnconditionalPut, ALLOW_EXAMPLE),
        word("unconditional_delete", Permission::UnconditionalDelete, ALLOW_EXAMPLE),
        word("unconditional_upsert", Permission::UnconditionalUpsert, ALLOW_EXAMPLE),
        word("load", Permission::Load, ALLOW_EXAMPLE),
    ],
    elsewhere: &[],
};

pub(crate) fn entity(attributes: &[Attribute], errors: &mut Errors) -> EntityAttributes {
    let mut found = EntityAttributes::default();
    each_word(attributes, &ENTITY_WORDS, errors, |said, errors| {
        if !matches!(
            said.word.meaning,
            EntityWord::Index | EntityWord::VectorIndex | EntityWord::Constant
        ) {
            found.seen.once(&said)?;
        }
        match said.word.meaning {
            EntityWord::Table => found.table = Some(said.string()?),
            EntityWord::PartitionKey => found.partition_key = Some(table_key(said, errors)?),
            EntityWord::SortKey => found.sort_key = Some(table_key(said, errors)?),
            EntityWord::Constant => found.constants.push(constant(&said)?),
            EntityWord::RenameAll => found.rename_all = Some(case(&said)?),
            EntityWord::Index => found.indexes.extend(index::index(&said, errors)?),
            EntityWord::VectorIndex => found.vector_indexes.push(vector_index(&said, errors)?),
            EntityWord::Allow => found.allowed = allowed(&said, errors)?,
            EntityWord::Crate => found.runtime = Some(runtime(&said)?),
            EntityWord::Attributes => found.attributes = Some(said.value("the name of a type")?),
            EntityWord::DenyUnknown => found.evolution.deny_unknown = Some(said.alone()?),
            EntityWord::Upgrade => found.evolution.upgrade = Some(upgrade(said)?),
        }
        Ok(())
    });
    found
}

fn allowed(
    said: &Said<'_, EntityWord>,
    errors: &mut Errors,
) -> syn::Result<Vec<(Ident, Permission)>> {
    let mut allowed = Vec::new();
    let mut seen = Seen::default();
    let content = parentheses(said)?;
    read(&content, &ALLOW_WORDS, errors, |said, _| {
        seen.once(&said)?;
        let permission = said.word.meaning;
        allowed.push((said.alone()?, permission));
        Ok(())
    });
    Ok(allowed)
}

/// An attribute that is the same in all items.
fn constant(said: &Said<'_, EntityWord>) -> syn::Result<ConstantWord> {
    let content = parentheses(said)?;
    let name = attribute_name(said, &content)?;
    if !content.is_empty() {
        let rest: TokenStream = content.parse()?;
        return Err(said.mistake(&rest, "`constant(..)` takes one name"));
    }
    Ok(ConstantWord { name, text: said.string()? })
}

/// A key of the table that is no field.
fn table_key(said: Said<'_, EntityWord>, errors: &mut Errors) -> syn::Result<TemplateAttribute> {
    if said.rest.peek(token::Paren) {
        let content = parentheses(&said)?;
        return template(said, &content, errors);
    }
    let word = said.word.name;
    Err(mistake(
        &said.ident,
        format_args!("on an entity, `{word}` is a key that is made of fields"),
        format_args!(
            "move `{word}` to the field that is the key: `#[dynamo({word})]`; or name the key's attribute, and the fields that make it: `{}`",
            said.word.example
        ),
    ))
}
