//! The names: of attributes in the table, of their constants, of generated types.

use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::LitStr;
use syn::ext::IdentExt;

use super::fields::FieldDraft;
use crate::case::{Case, constant_name};
use crate::errors::Errors;
use crate::model::{
    Attribute, Entity, Field, Group, Index, Key, KeyAttribute, Scope, Skipped, Unknown,
};

/// The longest name of a key, in bytes.
///
/// Source: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
pub(super) const MAX_KEY_NAME_SIZE: usize = 255;
/// The longest name of another attribute, in bytes; from the same page.
pub(super) const MAX_NAME_SIZE: usize = 64 * 1024 - 1;

/// The type that is named after the entity, at the entity's place.
pub(super) fn generated_type(entity: &Ident, suffix: &str) -> Ident {
    format_ident!("{}{suffix}", entity.unraw(), span = Span::call_site().located_at(entity.span()))
}

/// Tables and indexes have 3 to 255 characters out of `a-zA-Z0-9_.-`.
pub(super) fn check_resource_name(what: &str, name: &LitStr, errors: &mut Errors) {
    let value = name.value();
    if let Some(odd) = value.chars().find(|c| !c.is_ascii_alphanumeric() && !"_.-".contains(*c)) {
        errors.report(
            name,
            format_args!("the name of {what} cannot contain {odd:?}"),
            "use letters and digits of ASCII, `_`, `-` and `.`",
        );
    } else if !(3..=255).contains(&value.len()) {
        errors.report(
            name,
            format_args!(
                "the name of {what} has 3 to 255 characters, and this has {}",
                value.len()
            ),
            "use letters and digits of ASCII, `_`, `-` and `.`",
        );
    }
}

/// The fields under their names in the table; `keys` are those that are keys of indexes.
pub(super) fn attributes(
    drafts: &[FieldDraft<'_>],
    rename_all: Option<Case>,
    keys: &[&Ident],
    errors: &mut Errors,
) -> Vec<Field> {
    let mut names = Names::default();
    let mut ordinal = 0;
    let mut groups = 0;
    let mut keeps_unknown = false;
    let mut lower = |draft: &FieldDraft<'_>| {
        let ident = draft.ident.clone();
        let ty = draft.field.ty.clone();
        if draft.attributes.skip.is_some() {
            return Field::Skipped(Box::new(Skipped { ident, ty }));
        }
        if draft.attributes.flatten.is_some() {
            groups += 1;
            return Field::Flattened(Box::new(Group {
                ordinal: groups - 1,
                ident,
                visibility: draft.field.vis.clone(),
                ty,
                carried: draft.carried(),
                constant: names.check_constant_once(draft, errors),
            }));
        }
        if draft.attributes.unknown.is_some() {
            // A second one is a mistake, which is told once.
            return if std::mem::replace(&mut keeps_unknown, true) {
                Field::Skipped(Box::new(Skipped { ident, ty }))
            } else {
                Field::Unknown(Box::new(Unknown { ident, ty }))
            };
        }
        let name = stored_name(draft, rename_all);
        check_name_size(draft, &name, errors);
        names.check_stored_once(draft, &name, errors);
        let attribute = Attribute {
            ordinal,
            ident,
            visibility: draft.field.vis.clone(),
            ty,
            carried: draft.carried(),
            name,
            aliases: Vec::new(),
            constant: names.check_constant_once(draft, errors),
            absence: draft.absence(),
            form: draft.form(keys),
            null_when_none: draft.null_when_none(keys),
            purpose: draft.purpose().map(|(_, purpose)| *purpose),
        };
        ordinal += 1;
        Field::Stored(Rc::new(attribute))
    };
    let mut fields: Vec<_> = drafts.iter().map(&mut lower).collect();
    // The names that are written come first, so that a mistake is told of the older one.
    for (draft, field) in drafts.iter().zip(&mut fields) {
        let Field::Stored(attribute) = field else { continue };
        if let Some(attribute) = Rc::get_mut(attribute) {
            attribute.aliases = names.check_aliases(draft, errors);
        }
    }
    fields
}

fn stored_name(draft: &FieldDraft<'_>, rename_all: Option<Case>) -> String {
    if let Some((_, name)) = &draft.attributes.rename {
        return name.value();
    }
    let field = draft.ident.unraw().to_string();
    rename_all.map_or_else(|| field.clone(), |case| case.apply(&field))
}

/// An attribute's name has 1 to 65,535 bytes.
fn check_name_size(draft: &FieldDraft<'_>, name: &str, errors: &mut Errors) {
    let wrong = match name.len() {
        0 => "the name of an attribute cannot be empty".to_owned(),
        size if size > MAX_NAME_SIZE => {
            format!(
                "the name of an attribute has at most {MAX_NAME_SIZE} bytes, and this has {size}"
            )
        }
        _ => return,
    };
    draft.report_name(errors, &wrong, r#"give it a name: `#[dynamo(rename = "email")]`"#);
}

/// A key's name has at most 255 bytes.
pub(super) fn check_key_names(
    drafts: &[FieldDraft<'_>],
    key: &Key,
    indexes: &[Index],
    errors: &mut Errors,
) {
    let mut checked = Vec::new();
    let keys = key.attributes().chain(indexes.iter().flat_map(Index::own_keys));
    for part in keys.flat_map(KeyAttribute::plain) {
        let size = part.name.len();
        // A name over the other limit was reported.
        if !(MAX_KEY_NAME_SIZE + 1..=MAX_NAME_SIZE).contains(&size)
            || checked.contains(&part.ordinal)
        {
            continue;
        }
        checked.push(part.ordinal);
        if let Some(draft) = drafts.iter().find(|draft| *draft.ident == part.ident) {
            draft.report_name(
                errors,
                &format!(
                    "the name of a key has at most {MAX_KEY_NAME_SIZE} bytes, and this has {size}"
                ),
                "give it a shorter name by `rename`",
            );
        }
    }
}

/// The names that are taken, each with its field.
#[derive(Default)]
struct Names {
    stored: HashMap<String, Ident>,
    constants: HashMap<String, Ident>,
}

impl Names {
    /// Two fields cannot be stored under one name.
    fn check_stored_once(&mut self, draft: &FieldDraft<'_>, name: &str, errors: &mut Errors) {
        if name.is_empty() {
            return;
        }
        match self.stored.get(name) {
            Some(first) => draft.report_name(
                errors,
                &format!("`{first}` and `{}` are both stored as `{name}`", draft.ident),
                r#"give one of them another name: `#[dynamo(rename = "..")]`"#,
            ),
            None => {
                self.stored.insert(name.to_owned(), draft.ident.clone());
            }
        }
    }

    /// An older name is no other field's.
    fn check_aliases(&mut self, draft: &FieldDraft<'_>, errors: &mut Errors) -> Vec<String> {
        let field = draft.ident;
        let mut aliases = Vec::new();
        for (_, alias) in &draft.attributes.aliases {
            let name = alias.value();
            let wrong = match self.stored.get(&name) {
                _ if name.is_empty() || name.len() > MAX_NAME_SIZE => {
                    format!("the name of an attribute has 1 to {MAX_NAME_SIZE} bytes")
                }
                Some(first) if first == field => {
                    format!("`{name}` is a name of `{field}` already")
                }
                Some(first) => format!("`{name}` is a name of `{first}`, not of `{field}`"),
                None => {
                    self.stored.insert(name.clone(), field.clone());
                    aliases.push(name);
                    continue;
                }
            };
            errors.report(alias, wrong, r#"give an older name: `#[dynamo(alias = "mail")]`"#);
        }
        aliases
    }

    /// Two fields cannot have one constant.
    fn check_constant_once(&mut self, draft: &FieldDraft<'_>, errors: &mut Errors) -> Ident {
        let field = draft.ident;
        let name = constant_name(&field.unraw().to_string());
        let span = Span::call_site().located_at(field.span());
        let Some(first) = self.constants.get(&name) else {
            self.constants.insert(name.clone(), field.clone());
            return Ident::new(&name, span);
        };
        errors.report(
            field,
            format_args!("`{first}` and `{field}` would both be the constant `{name}`"),
            format_args!(
                r#"rename one of the fields; the name in the table can stay: `#[dynamo(rename = "{}")]`"#,
                field.unraw()
            ),
        );
        // Any other name will do, as nothing that is generated beside an error runs.
        Ident::new(&format!("{name}_{field}", field = field.unraw()), span)
    }
}

/// The generated types have names of their own. Says whether they have.
pub(super) fn check_generated_types(entity: &Entity, errors: &mut Errors) -> bool {
    let mut types = vec![
        (entity.target().ident.clone(), "the entity".to_owned()),
        (entity.key_type.clone(), "the key".to_owned()),
        (entity.query_trait.clone(), "the trait of the sort keys".to_owned()),
    ];
    if entity.key.partition_key.fields().len() > 1 {
        types
            .push((entity.key.partition_type.clone(), "the parts of the partition key".to_owned()));
    }
    let mut are_distinct = true;
    let attributes = entity.record.attributes.iter().map(|name| {
        (name, name, "the type of the attribute constants".to_owned(), "choose another name")
    });
    let indexes = entity.indexes.iter().map(|index| {
        let what = format!("the index `{}`", index.function);
        (&index.marker, &index.function, what, "choose another name for the query function")
    });
    let vectors = entity.vector_indexes.iter().map(|index| {
        let what = format!("the vector index `{}`", index.function);
        (&index.marker, &index.function, what, "choose another name for the search function")
    });
    let partitions = entity.indexes.iter().filter_map(|index| match &index.scope {
        Scope::Global(key) if key.partition_key.fields().len() > 1 => {
            let what = format!("the parts of the index `{}`", index.function);
            let help = "choose another name for the query function";
            Some((&key.partition_type, &index.function, what, help))
        }
        Scope::Global(_) | Scope::Local { .. } => None,
    });
    let groups = entity.key_groups.iter().map(|group| {
        let what = format!("the key of the index `{}`", group.function);
        (&group.ty, &group.function, what, "choose another name for the query function")
    });
    for (name, place, what, help) in
        attributes.chain(indexes).chain(vectors).chain(partitions).chain(groups)
    {
        if let Some((_, first)) = types.iter().find(|(taken, _)| taken == name) {
            are_distinct = false;
            let wrong = format!("{first} and {what} would both be the type `{name}`");
            errors.report(place, wrong, help);
        }
        types.push((name.clone(), what));
    }
    are_distinct
}

impl FieldDraft<'_> {
    /// Reports a mistake in the stored name where it is written.
    fn report_name(&self, errors: &mut Errors, wrong: &str, help: &str) {
        match &self.attributes.rename {
            Some((_, name)) => errors.report(name, wrong, help),
            None => errors.report(self.ident, wrong, help),
        }
    }

    /// The attributes of the field that its constant carries too.
    fn carried(&self) -> Vec<syn::Attribute> {
        let is_carried = |attribute: &&syn::Attribute| {
            attribute.path().is_ident("doc") || attribute.path().is_ident("deprecated")
        };
        self.field.attrs.iter().filter(is_carried).cloned().collect()
    }
}

impl Index {
    /// The keys that are not the table's partition key.
    fn own_keys(&self) -> Vec<&KeyAttribute> {
        match &self.scope {
            Scope::Global(key) => key.attributes().collect(),
            Scope::Local { sort_key } => vec![sort_key],
        }
    }
}
