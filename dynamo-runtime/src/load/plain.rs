//! Values as plain JSON, typed by the shapes of entities, and back.

use serde_json::{Value, json};

use crate::codec::response::{json_text, raw_elements, raw_members};
use crate::codec::{AttributeShape, ValueShape};

/// Of what no entity describes.
pub(super) static ANY: ValueShape = ValueShape::Any;

/// Writes an attribute value as plain JSON. It is false, with nothing of use written, if the value
/// is not of the shape, so that it would be read back as another one.
pub(super) fn write_plain(value: &Value, shape: &ValueShape, out: &mut String) -> bool {
    let mut members = value.as_object().into_iter().flatten();
    let (Some((code, content)), None) = (members.next(), members.next()) else { return false };
    if code == "NULL" {
        out.push_str("null");
        return *content == json!(true);
    }
    let is_told = match shape.code() {
        None => matches!(code.as_str(), "S" | "N" | "BOOL" | "L" | "M"),
        Some(expected) => code == expected,
    };
    is_told
        && match (code.as_str(), content) {
            ("S" | "B", Value::String(text)) => write_text(text, out),
            ("N", Value::String(number)) => write_number(number, out),
            ("BOOL", Value::Bool(is_true)) => {
                out.push_str(if *is_true { "true" } else { "false" });
                true
            }
            ("SS" | "BS", Value::Array(elements)) => {
                write_array(elements, out, |element, _, out| match element {
                    Value::String(text) => write_text(text, out),
                    _ => false,
                })
            }
            ("NS", Value::Array(elements)) => {
                write_array(elements, out, |element, _, out| match element {
                    Value::String(number) => write_number(number, out),
                    _ => false,
                })
            }
            ("L", Value::Array(elements)) => write_array(elements, out, |element, place, out| {
                write_plain(element, element_shape(shape, place), out)
            }),
            ("M", Value::Object(members)) => {
                let variant = variant_of(shape, |tag| members.get(tag)?.get("S")?.as_str());
                out.push('{');
                for (place, (name, member)) in members.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    if !write_plain(member, member_shape(shape, variant, name), out) {
                        return false;
                    }
                }
                out.push('}');
                true
            }
            _ => false,
        }
}

pub(super) fn write_text(text: &str, out: &mut String) -> bool {
    out.push_str(&Value::from(text).to_string());
    true
}

/// As it is, if it is a number in JSON too.
fn write_number(number: &str, out: &mut String) -> bool {
    out.push_str(number);
    is_number(number)
}

pub(super) fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && raw_elements(format!("[{text}]").as_bytes()).is_ok_and(|elements| elements.len() == 1)
}

fn write_array(
    elements: &[Value],
    out: &mut String,
    mut write: impl FnMut(&Value, usize, &mut String) -> bool,
) -> bool {
    out.push('[');
    for (place, element) in elements.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        if !write(element, place, out) {
            return false;
        }
    }
    out.push(']');
    true
}

/// The attribute value that plain JSON is for this shape, or why it is none.
pub(super) fn read_plain(json: &[u8], shape: &ValueShape) -> Result<Value, String> {
    let text = |json| json_text(json).map_err(|error| error.to_string());
    let elements = |json| raw_elements(json).map_err(|error| error.to_string());
    let number = || std::str::from_utf8(json).unwrap_or_default().trim();
    let code = shape.code();
    match (json.first(), code) {
        (Some(b'n'), _) => Ok(json!({ "NULL": true })),
        (Some(b'"'), None | Some("S")) => Ok(json!({ "S": text(json)? })),
        (Some(b'"'), Some("B")) => Ok(json!({ "B": text(json)? })),
        (Some(b'-' | b'0'..=b'9'), None | Some("N")) => Ok(json!({ "N": number() })),
        (Some(first @ (b't' | b'f')), None | Some("BOOL")) => Ok(json!({ "BOOL": *first == b't' })),
        (Some(b'['), Some(code @ ("SS" | "BS"))) => {
            let elements = elements(json)?.into_iter().map(text);
            set(code, elements.map(|element| element.map(Value::from)))
        }
        (Some(b'['), Some("NS")) => {
            let elements = elements(json)?.into_iter().map(|element| {
                let number = std::str::from_utf8(element).unwrap_or_default();
                if is_number(number) { Ok(number.into()) } else { Err(expected(Some("NS"))) }
            });
            set("NS", elements)
        }
        (Some(b'['), None | Some("L")) => {
            let elements = elements(json)?.into_iter().enumerate();
            let elements =
                elements.map(|(place, each)| read_plain(each, element_shape(shape, place)));
            Ok(json!({ "L": elements.collect::<Result<Vec<_>, _>>()? }))
        }
        (Some(b'{'), None | Some("M")) => {
            let members = raw_members(json).map_err(|error| error.to_string())?;
            let variant = variant_of(shape, |tag| {
                let (_, text) = members.iter().find(|(name, _)| name == tag)?;
                json_text(text).ok()
            });
            let members = members.iter().map(|(name, member)| {
                let value = read_plain(member, member_shape(shape, variant, name))?;
                Ok((name.clone().into_owned(), value))
            });
            let members: Result<serde_json::Map<_, _>, String> = members.collect();
            Ok(json!({ "M": members? }))
        }
        _ => Err(expected(code)),
    }
}

fn set(code: &str, elements: impl Iterator<Item = Result<Value, String>>) -> Result<Value, String> {
    let elements: Vec<_> = elements.collect::<Result<_, _>>()?;
    if elements.is_empty() {
        return Err("a set has an element at least: leave the attribute out".to_owned());
    }
    Ok(json!({ code: elements }))
}

/// What a value of this type is in a plain form.
pub(super) fn expected(code: Option<&str>) -> String {
    let form = match code {
        Some("S") => "text",
        Some("B") => "Base64 text",
        Some("N") => "a number",
        Some("BOOL") => "`true` or `false`",
        Some("SS") => "an array of texts",
        Some("NS") => "an array of numbers",
        Some("BS") => "an array of Base64 texts",
        Some("L") => "an array",
        Some("M") => "an object",
        _ => "JSON",
    };
    format!("expected {form}")
}

fn element_shape(shape: &ValueShape, place: usize) -> &ValueShape {
    match shape {
        ValueShape::Optional(shape) => element_shape(shape, place),
        ValueShape::Sequence { element, .. } => element,
        ValueShape::Tuple(elements) => elements.get(place).unwrap_or(&ANY),
        _ => &ANY,
    }
}

/// The attributes of the variant that a map is, if its shape has variants.
fn variant_of<T: AsRef<str>>(
    shape: &ValueShape,
    tag_of: impl FnOnce(&str) -> Option<T>,
) -> Option<&[AttributeShape]> {
    match shape {
        ValueShape::Optional(shape) => variant_of(shape, tag_of),
        ValueShape::Tagged { tag, variants } => {
            let text = tag_of(tag)?;
            let (_, attributes) = variants.iter().find(|(name, _)| *name == text.as_ref())?;
            Some(attributes)
        }
        _ => None,
    }
}

fn member_shape<'s>(
    shape: &'s ValueShape,
    variant: Option<&'s [AttributeShape]>,
    name: &str,
) -> &'s ValueShape {
    let of = |attributes: &'s [AttributeShape]| {
        let mut attributes = attributes.iter();
        let found = attributes.find(|each| each.name == name || each.aliases.contains(&name));
        found.map_or(&ANY, |attribute| &attribute.shape)
    };
    match shape {
        ValueShape::Optional(shape) => member_shape(shape, variant, name),
        ValueShape::Map(value) => value,
        ValueShape::Document(attributes) => of(attributes),
        ValueShape::Tagged { .. } => of(variant.unwrap_or_default()),
        _ => &ANY,
    }
}
