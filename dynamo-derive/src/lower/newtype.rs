//! A struct of one field, which is stored as that field is.
//!
//! A `PhantomData` beside it holds nothing, and is not counted.

use syn::{DeriveInput, Field, Fields, Member, Path, Type};

use super::target;
use crate::attr::{self, FieldAttributes};
use crate::errors::Errors;
use crate::model::Newtype;

/// The field that is stored, and those beside it.
pub(super) struct Parts<'a> {
    stored: (Member, &'a Field),
    phantoms: Vec<(Member, &'a Field)>,
}

impl<'a> Parts<'a> {
    /// Else how many fields are stored.
    pub(super) fn of(fields: &'a Fields) -> Result<Self, usize> {
        let (phantoms, mut stored): (Vec<_>, Vec<_>) =
            fields.members().zip(fields).partition(|(_, field)| is_phantom(&field.ty));
        match (stored.pop(), stored.len()) {
            (Some(stored), 0) => Ok(Self { stored, phantoms }),
            (last, others) => Err(others + usize::from(last.is_some())),
        }
    }

    pub(super) fn lower(
        self,
        input: &DeriveInput,
        runtime: Option<&Path>,
        errors: &mut Errors,
    ) -> Newtype {
        let Self { stored, phantoms } = self;
        for (_, field) in std::iter::once(&stored).chain(&phantoms) {
            let attributes = attr::document::field(&field.attrs, errors);
            check_field_says_nothing(&attributes, errors);
        }
        let (member, field) = stored;
        Newtype {
            target: target::of_value(input, runtime, &field.ty),
            member,
            ty: field.ty.clone(),
            phantoms: phantoms.into_iter().map(|(member, _)| member).collect(),
        }
    }
}

fn is_phantom(ty: &Type) -> bool {
    let Type::Path(ty) = ty else { return false };
    ty.path.segments.last().is_some_and(|segment| segment.ident == "PhantomData")
}

/// The field is the whole value, so it has no name and is never absent.
fn check_field_says_nothing(attributes: &FieldAttributes, errors: &mut Errors) {
    let FieldAttributes {
        purposes: _,
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
        key_only: _,
        unique: _,
    } = attributes;
    let form = form.iter().map(|(word, _)| word).chain(null_when_none);
    let rename = rename.iter().map(|(word, _)| word);
    let default = default.iter().map(|(word, _)| word);
    let aliases = aliases.iter().map(|(word, _)| word);
    let words = rename.chain(default).chain(skip).chain(serde).chain(flatten);
    for word in words.chain(aliases).chain(unknown).chain(form) {
        errors.report(
            word,
            format_args!(
                "a struct of one field is stored as that field, so `{word}` has no effect"
            ),
            format_args!("remove `{word}`; or say it where the struct is the type of a field"),
        );
    }
}
