//! The fields of an entity or of a document, with what their attributes say.

use proc_macro2::Ident;
use syn::FieldsNamed;

use crate::attr::{FieldAttributes, Purpose};
use crate::errors::Errors;
use crate::model::{Absence, Form};

/// A field with what its attributes say.
pub(super) struct FieldDraft<'a> {
    pub(super) field: &'a syn::Field,
    pub(super) ident: &'a Ident,
    pub(super) attributes: FieldAttributes,
}

/// The fields with what `read` says of their attributes.
pub(super) fn drafts<'a>(
    fields: &'a FieldsNamed,
    mut read: impl FnMut(&[syn::Attribute]) -> FieldAttributes,
) -> Vec<FieldDraft<'a>> {
    let draft = |field: &'a syn::Field| {
        let attributes = read(&field.attrs);
        Some(FieldDraft { field, ident: field.ident.as_ref()?, attributes })
    };
    fields.named.iter().filter_map(draft).collect()
}

/// A field that is skipped, flattened or kept for the unknown is no attribute, so nothing else can
/// be said of it.
pub(super) fn check_no_name_of_its_own(draft: &FieldDraft<'_>, errors: &mut Errors) {
    let FieldAttributes {
        purposes,
        rename,
        default,
        skip,
        serde,
        flatten,
        aliases,
        unknown,
        form,
        null_when_none,
        starts_at: _,
        key_only,
        unique,
    } = &draft.attributes;
    let (what, without) = match (skip, flatten, unknown, key_only) {
        (None, None, None, None) => return,
        (Some(_), _, _, _) => ("skipped", ("`skip`", "stored")),
        (None, Some(_), _, _) => ("flattened", ("`flatten`", "an attribute itself")),
        (None, None, Some(_), _) => {
            ("kept for the unknown attributes", ("`unknown`", "an attribute itself"))
        }
        (None, None, None, Some(_)) => ("in the key only", ("`key_only`", "an attribute itself")),
    };
    let purposes = purposes.iter().map(|(word, _)| word);
    let rename = rename.iter().map(|(word, _)| word);
    let default = default.iter().map(|(word, _)| word);
    let aliases = aliases.iter().map(|(word, _)| word);
    let unknown = unknown.iter().filter(|_| skip.is_some() || flatten.is_some());
    let flatten = flatten.iter().filter(|_| skip.is_some());
    let is_other =
        skip.is_some() || draft.attributes.flatten.is_some() || draft.attributes.unknown.is_some();
    let key_only = key_only.iter().filter(|_| is_other);
    let unique = unique.iter().map(|(word, _)| word);
    let names = purposes.chain(rename).chain(default).chain(aliases);
    let form = form.iter().map(|(word, _)| word).chain(null_when_none);
    let others = flatten.chain(unknown).chain(key_only).chain(unique);
    for word in names.chain(serde).chain(form).chain(others) {
        let field = draft.ident;
        let wrong = match word.to_string().as_str() {
            name @ ("partition_key" | "sort_key") => {
                let verb = without.0.trim_matches('`');
                format!("`{field}` is a key, and a key cannot be {what}: `{verb}` with `{name}`")
            }
            name => format!("`{field}` is {what}, so `{name}` has no effect on it"),
        };
        errors.report(
            word,
            wrong,
            format_args!("remove `{word}`, or {} if `{field}` is to be {}", without.0, without.1),
        );
    }
}

impl Purpose {
    pub(super) fn is_key(self) -> bool {
        matches!(self, Self::PartitionKey | Self::SortKey)
    }

    /// As messages have it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PartitionKey => "partition key",
            Self::SortKey => "sort key",
            Self::Version => "`version`",
            Self::CreatedAt => "`created_at`",
            Self::UpdatedAt => "`updated_at`",
            Self::Ttl => "`ttl`",
        }
    }
}

impl FieldDraft<'_> {
    /// The field's purpose. Of several, which were reported, it keeps the one without which there
    /// is the least left of the entity.
    pub(super) fn purpose(&self) -> Option<&(Ident, Purpose)> {
        let rank = |(_, purpose): &&(Ident, Purpose)| match purpose {
            Purpose::PartitionKey => 0,
            Purpose::SortKey => 1,
            _ => 2,
        };
        self.attributes.purposes.iter().min_by_key(rank)
    }

    /// The form; these fields are keys of indexes.
    pub(super) fn form(&self, keys: &[&Ident]) -> Form {
        if self.attributes.key_only.is_some() {
            return Form::InKey;
        }
        let named = self.attributes.form.as_ref().map(|(_, form)| *form);
        let is_key = self.is_key(keys);
        // Another form of these was reported.
        let is_data = !is_key && self.purpose().is_none();
        let named = named.filter(|form| is_data || form.is_of_time());
        match (&self.attributes.serde, named, self.purpose()) {
            (Some(_), _, None) => Form::Serde,
            // DynamoDB reads it in its one form.
            (_, Some(_), Some((_, Purpose::Ttl | Purpose::Version))) => Form::OfType,
            (_, Some(form), _) if is_key => Form::NamedKey(form),
            (_, Some(form), _) => Form::Named(form),
            (_, None, _) if is_key => Form::Key,
            (_, None, _) => Form::OfType,
        }
    }

    /// Whether a `None` is written as a null, where that was not reported.
    pub(super) fn null_when_none(&self, keys: &[&Ident]) -> bool {
        let may_be_null = matches!(self.purpose(), None | Some((_, Purpose::Ttl)));
        self.attributes.null_when_none.is_some() && may_be_null && !self.is_key(keys)
    }

    /// Whether it is a key of the table or, being one of these, of an index.
    fn is_key(&self, keys: &[&Ident]) -> bool {
        self.purpose().is_some_and(|(_, purpose)| purpose.is_key()) || keys.contains(&self.ident)
    }

    pub(super) fn absence(&self) -> Absence {
        match &self.attributes.default {
            None => Absence::OfType,
            Some((_, None)) => Absence::Default,
            Some((_, Some(function))) => Absence::Function(function.clone()),
        }
    }
}
