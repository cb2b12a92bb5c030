//! `#[dynamo(..)]` to spanned attributes.

mod collection;
pub(crate) mod document;
mod index;
mod projection;

use proc_macro2::{Ident, TokenStream};
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, LitStr, Meta, Path, parenthesized, token};

use crate::case::Case;
use crate::errors::{Errors, mistake};
use crate::near::nearest;
use crate::words::{Said, Vocabulary, read, word};

pub(crate) use collection::collection;
pub(crate) use index::{IndexAttribute, IndexKey};
pub(crate) use projection::{ProjectionAttributes, projected_field, projection};

/// What `#[dynamo(..)]` says on an entity.
#[derive(Default)]
pub(crate) struct EntityAttributes {
    pub(crate) seen: Seen,
    pub(crate) table: Option<LitStr>,
    pub(crate) partition_key: Option<TemplateAttribute>,
    pub(crate) sort_key: Option<TemplateAttribute>,
    pub(crate) rename_all: Option<Case>,
    pub(crate) indexes: Vec<IndexAttribute>,
    pub(crate) allowed: Vec<(Ident, Permission)>,
    pub(crate) runtime: Option<Path>,
    pub(crate) attributes: Option<Ident>,
    pub(crate) evolution: Evolution,
}

/// What is said of items that another program or an older one wrote.
#[derive(Default)]
pub(crate) struct Evolution {
    pub(crate) deny_unknown: Option<Ident>,
    pub(crate) upgrade: Option<(Ident, Path)>,
}

impl Evolution {
    pub(crate) fn words(&self) -> impl Iterator<Item = &Ident> {
        self.deny_unknown.iter().chain(self.upgrade.iter().map(|(word, _)| word))
    }
}

/// `partition_key("attribute") = "template"`.
pub(crate) struct TemplateAttribute {
    pub(crate) word: Ident,
    pub(crate) name: LitStr,
    pub(crate) template: LitStr,
}

/// A dangerous operation that `allow(..)` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    Scan,
    UnconditionalPut,
    UnconditionalDelete,
    UnconditionalUpsert,
}

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

/// What `#[dynamo(..)]` says on a key part.
#[derive(Default)]
pub(crate) struct KeyPartAttributes {
    pub(crate) runtime: Option<Path>,
    pub(crate) rename_all: Option<(Ident, Case)>,
    pub(crate) stored_as: StoredAs,
}

/// What says how an enum is stored whose variants have numbers.
#[derive(Default)]
pub(crate) struct StoredAs {
    pub(crate) number: Option<Ident>,
    pub(crate) text: Option<Ident>,
}

#[derive(Clone, Copy)]
enum KeyPartWord {
    Crate,
    RenameAll,
    Number,
    Text,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EntityWord {
    Table,
    PartitionKey,
    SortKey,
    RenameAll,
    Index,
    Allow,
    Crate,
    Attributes,
    DenyUnknown,
    Upgrade,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum FieldWord {
    Purpose(Purpose),
    Rename,
    Default,
    Skip,
    Serde,
    Flatten,
    Alias,
    Unknown,
}

const NUMBER_EXAMPLE: &str = "#[dynamo(number)]";
const TEXT_EXAMPLE: &str = "#[dynamo(text)]";
const RENAME_ALL_EXAMPLE: &str = r#"#[dynamo(rename_all = "camelCase")]"#;
const RENAME_EXAMPLE: &str = r#"#[dynamo(rename = "email")]"#;
const DEFAULT_EXAMPLE: &str = "#[dynamo(default)]` or `#[dynamo(default = path::to::function)]";
const FLATTEN_EXAMPLE: &str = "#[dynamo(flatten)]";
const SKIP_EXAMPLE: &str = "#[dynamo(skip)]";
const SERDE_EXAMPLE: &str = "#[dynamo(serde)]";
const ALIAS_EXAMPLE: &str = r#"#[dynamo(alias = "mail")]"#;
const UNKNOWN_EXAMPLE: &str = "#[dynamo(unknown)]";
const DENY_UNKNOWN_EXAMPLE: &str = "#[dynamo(deny_unknown)]";
const UPGRADE_EXAMPLE: &str = "#[dynamo(upgrade = OldUser)]";
const CRATE_EXAMPLE: &str = r#"#[dynamo(crate = "path::to::dynamo_runtime")]"#;
const INDEX_EXAMPLE: &str =
    r#"#[dynamo(index(by_email, name = "email-index", partition_key = email))]"#;
const PARTITION_KEY_EXAMPLE: &str = r#"#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}")]"#;
const SORT_KEY_EXAMPLE: &str = r#"#[dynamo(sort_key("sk") = "ORDER#{placed_at}#{order_id}")]"#;

const ENTITY_WORDS: Vocabulary<EntityWord> = Vocabulary {
    of: "an entity",
    words: &[
        word("table", EntityWord::Table, r#"#[dynamo(table = "users")]"#),
        word("partition_key", EntityWord::PartitionKey, PARTITION_KEY_EXAMPLE),
        word("sort_key", EntityWord::SortKey, SORT_KEY_EXAMPLE),
        word("rename_all", EntityWord::RenameAll, RENAME_ALL_EXAMPLE),
        word("index", EntityWord::Index, INDEX_EXAMPLE),
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
        ("created_at", "a field"),
        ("updated_at", "a field"),
        ("version", "a field"),
        ("ttl", "a field"),
        ("name", "an index"),
        ("local", "an index"),
    ],
};

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
        word("created_at", FieldWord::Purpose(Purpose::CreatedAt), "#[dynamo(created_at)]"),
        word("updated_at", FieldWord::Purpose(Purpose::UpdatedAt), "#[dynamo(updated_at)]"),
        word("version", FieldWord::Purpose(Purpose::Version), "#[dynamo(version)]"),
        word("ttl", FieldWord::Purpose(Purpose::Ttl), "#[dynamo(ttl)]"),
    ],
    elsewhere: &[
        ("table", "an entity"),
        ("rename_all", "an entity"),
        ("index", "an entity"),
        ("allow", "an entity"),
        ("crate", "an entity"),
        ("attributes", "an entity"),
        ("deny_unknown", "an entity"),
        ("upgrade", "an entity"),
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
    ],
    elsewhere: &[],
};

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

pub(crate) fn entity(attributes: &[Attribute], errors: &mut Errors) -> EntityAttributes {
    let mut found = EntityAttributes::default();
    each_word(attributes, &ENTITY_WORDS, errors, |said, errors| {
        if said.word.meaning != EntityWord::Index {
            found.seen.once(&said)?;
        }
        match said.word.meaning {
            EntityWord::Table => found.table = Some(said.string()?),
            EntityWord::PartitionKey => found.partition_key = Some(table_key(said)?),
            EntityWord::SortKey => found.sort_key = Some(table_key(said)?),
            EntityWord::RenameAll => found.rename_all = Some(case(&said)?),
            EntityWord::Index => found.indexes.extend(index::index(&said, errors)?),
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

pub(crate) fn field(attributes: &[Attribute], errors: &mut Errors) -> FieldAttributes {
    read_field(attributes, &FIELD_WORDS, errors)
}

fn read_field(
    attributes: &[Attribute],
    vocabulary: &Vocabulary<FieldWord>,
    errors: &mut Errors,
) -> FieldAttributes {
    let mut found = FieldAttributes::default();
    let mut seen = Seen::default();
    each_word(attributes, vocabulary, errors, |said, _| {
        if said.word.meaning != FieldWord::Alias {
            seen.once(&said)?;
        }
        match said.word.meaning {
            FieldWord::Purpose(purpose) => {
                found.purposes.push((said.ident.clone(), purpose));
                said.alone()?;
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
        }
        Ok(())
    });
    found
}

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

/// Reads the words of all `#[dynamo(..)]` among `attributes`.
fn each_word<M: 'static>(
    attributes: &[Attribute],
    vocabulary: &Vocabulary<M>,
    errors: &mut Errors,
    mut take: impl FnMut(Said<'_, M>, &mut Errors) -> syn::Result<()>,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("dynamo")) {
        let Some(words) = words_of(&attribute.meta) else {
            let example = vocabulary.words.first().map_or("#[dynamo(..)]", |word| word.example);
            errors.report(
                &attribute.meta,
                "`#[dynamo(..)]` takes its words in parentheses",
                format_args!("type `{example}`"),
            );
            continue;
        };
        let mut read_all = |input: ParseStream<'_>| {
            read(input, vocabulary, errors, &mut take);
            Ok(())
        };
        if let Err(mistake) = Parser::parse2(&mut read_all, words) {
            errors.push(mistake);
        }
    }
}

fn words_of(meta: &Meta) -> Option<TokenStream> {
    match meta {
        Meta::List(list) => Some(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => None,
    }
}

/// The words that were said, also those whose value was a mistake.
#[derive(Default)]
pub(crate) struct Seen(Vec<&'static str>);

impl Seen {
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains(&name)
    }

    fn once<M>(&mut self, said: &Said<'_, M>) -> syn::Result<()> {
        let name = said.word.name;
        if self.contains(name) {
            return Err(mistake(
                &said.ident,
                format_args!("`{name}` is said twice"),
                format_args!("keep one `{name}`"),
            ));
        }
        self.0.push(name);
        Ok(())
    }
}

fn case<M>(said: &Said<'_, M>) -> syn::Result<Case> {
    let name = said.string()?;
    let value = name.value();
    if let Some((_, case)) = Case::ALL.iter().find(|(known, _)| *known == value) {
        return Ok(*case);
    }
    let known: Vec<_> = Case::ALL.iter().map(|(known, _)| format!("`{known}`")).collect();
    let known = format!("`rename_all` takes one of {}", known.join(", "));
    let help = match nearest(&value, Case::ALL.map(|(known, _)| known)) {
        Some(meant) => format!("did you mean `{meant}`? {known}"),
        None => known,
    };
    Err(mistake(&name, format_args!("`{value}` is not a case of `rename_all`"), help))
}

fn upgrade<M>(said: Said<'_, M>) -> syn::Result<(Ident, Path)> {
    let older = said.value("the name of a type")?;
    Ok((said.ident, older))
}

fn runtime<M>(said: &Said<'_, M>) -> syn::Result<Path> {
    let path = said.string()?;
    path.parse_with(Path::parse_mod_style)
        .map_err(|_| said.mistake(&path, "`crate` takes a path in a string"))
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

/// `index(function, ..)`, or `None` where what was said is no index at all.
/// A key of the table that is no field.
fn table_key(said: Said<'_, EntityWord>) -> syn::Result<TemplateAttribute> {
    if said.rest.peek(token::Paren) {
        let content = parentheses(&said)?;
        return template(said, &content);
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

/// `("attribute") = "template"`.
fn template<M>(said: Said<'_, M>, content: ParseStream<'_>) -> syn::Result<TemplateAttribute> {
    let name = said.word.name;
    let Ok(attribute) = content.parse::<LitStr>() else {
        let rest: TokenStream = content.parse()?;
        let wrong = format!("`{name}(..)` takes the name of an attribute in a string");
        return Err(if rest.is_empty() {
            said.mistake(&said.ident, wrong)
        } else {
            said.mistake(&rest, wrong)
        });
    };
    if !content.is_empty() {
        let rest: TokenStream = content.parse()?;
        return Err(said.mistake(&rest, format_args!("`{name}(..)` takes one name")));
    }
    let template = said.string()?;
    Ok(TemplateAttribute { word: said.ident, name: attribute, template })
}

fn parentheses<'a, M>(said: &Said<'a, M>) -> syn::Result<syn::parse::ParseBuffer<'a>> {
    if !said.rest.peek(token::Paren) {
        let wrong = format!("`{}` takes its words in parentheses", said.word.name);
        return Err(said.mistake(&said.ident, wrong));
    }
    let content;
    parenthesized!(content in said.rest);
    Ok(content)
}
