//! `constant("type") = "Order"` to the model's constants.

use std::rc::Rc;

use syn::LitStr;

use super::names::MAX_NAME_SIZE;
use crate::attr::ConstantWord;
use crate::errors::Errors;
use crate::model::{Attribute, Constant, Field, Template, stored};

/// The attributes that are the same in all items, but those with a mistake.
pub(super) fn constants(
    words: &[ConstantWord],
    fields: &[Field],
    templates: &[Rc<Template>],
    errors: &mut Errors,
) -> Vec<Constant> {
    let mut constants: Vec<Constant> = Vec::new();
    for ConstantWord { name, text } in words {
        let is_valid = check_name(name, errors)
            && check_is_no_key(name, text, templates, errors)
            && check_is_no_field(name, fields, errors)
            && check_once(name, &constants, errors);
        if is_valid {
            constants.push(Constant { name: name.value(), text: text.value() });
        }
    }
    constants
}

/// A constant is an attribute, whose name has 1 to 65,535 bytes.
fn check_name(name: &LitStr, errors: &mut Errors) -> bool {
    let size = name.value().len();
    let is_valid = (1..=MAX_NAME_SIZE).contains(&size);
    if !is_valid {
        errors.report(
            name,
            format_args!(
                "the name of an attribute has 1 to {MAX_NAME_SIZE} bytes, and this has {size}"
            ),
            r#"name the attribute in the table: `constant("type") = "Order"`"#,
        );
    }
    is_valid
}

/// A key that is the same in all items is a template without parts.
fn check_is_no_key(
    name: &LitStr,
    text: &LitStr,
    templates: &[Rc<Template>],
    errors: &mut Errors,
) -> bool {
    let value = name.value();
    let is_key = templates.iter().any(|template| template.name == value);
    if is_key {
        errors.report(
            name,
            format_args!("`{value}` is a key that is made of fields, and a constant too"),
            format_args!(
                "remove the constant; a key that is the same in all items is a template without \
                 parts: `(\"{value}\") = \"{}\"`",
                text.value()
            ),
        );
    }
    !is_key
}

/// A field and a constant are two attributes.
fn check_is_no_field(name: &LitStr, fields: &[Field], errors: &mut Errors) -> bool {
    let value = name.value();
    let has_name = |field: &&Attribute| field.names().any(|known| *known == value);
    let field = stored(fields).find(has_name);
    if let Some(Attribute { ident, .. }) = field {
        errors.report(
            name,
            format_args!("the constant and the field `{ident}` are both stored as `{value}`"),
            format_args!("remove `{ident}`: the library writes and checks the constant itself"),
        );
    }
    field.is_none()
}

/// One attribute has one text.
fn check_once(name: &LitStr, known: &[Constant], errors: &mut Errors) -> bool {
    let value = name.value();
    let is_known = known.iter().any(|constant| constant.name == value);
    if is_known {
        errors.report(
            name,
            format_args!("`{value}` is a constant already"),
            format_args!("keep one constant `{value}`"),
        );
    }
    !is_known
}
