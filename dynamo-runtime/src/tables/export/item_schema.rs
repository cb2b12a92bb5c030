//! JSON Schema of items, as DynamoDB JSON.

use serde_json::{Map, Value, json};

use crate::codec::{AttributeShape, ValueShape};
use crate::tables::schema::{EntityShape, Schema, Table};

pub(super) fn of(schema: &Schema) -> Value {
    let entities = || schema.tables().iter().flat_map(Table::entities);
    let each: Map<_, _> =
        entities().map(|entity| (entity.name.to_owned(), of_entity(entity))).collect();
    let any: Value =
        entities().map(|entity| json!({ "$ref": format!("#/$defs/{}", entity.name) })).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "anyOf": any,
        "$defs": each,
    })
}

fn of_entity(entity: &EntityShape) -> Value {
    let mut object = of_attributes(&entity.attributes);
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        for made in &entity.made {
            properties.insert((*made).to_owned(), typed("S", json!({ "type": "string" })));
        }
    }
    object
}

fn of_attributes(attributes: &[AttributeShape]) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for AttributeShape { name, shape, has_default, aliases } in attributes {
        properties.insert((*name).to_owned(), of_shape(shape));
        for alias in *aliases {
            properties.insert((*alias).to_owned(), of_shape(shape));
        }
        if !has_default && !shape.is_optional() && aliases.is_empty() {
            required.push(*name);
        }
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

/// `{"S": ..}`: a value of this data type.
fn typed(code: &str, value: Value) -> Value {
    let properties: Map<_, _> = std::iter::once((code.to_owned(), value)).collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": [code],
        "additionalProperties": false,
    })
}

/// A number, which is text in JSON.
const NUMBER: &str = r"^-?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$";
const INTEGER: &str = r"^-?\d+(\.0+)?([eE]\+?\d+)?$";

fn of_shape(shape: &ValueShape) -> Value {
    let text = || json!({ "type": "string" });
    match shape {
        ValueShape::Any | ValueShape::Recursive(_) => json!({ "type": "object" }),
        ValueShape::Scalar { code: "N", .. } => {
            typed("N", json!({ "type": "string", "pattern": NUMBER }))
        }
        ValueShape::Scalar { code: "BOOL", .. } => typed("BOOL", json!({ "type": "boolean" })),
        ValueShape::Scalar { code: "B", .. } => {
            typed("B", json!({ "type": "string", "contentEncoding": "base64" }))
        }
        ValueShape::Scalar { code, form } => {
            let format = match *form {
                "timestamp" => "date-time",
                "date" => "date",
                "uuid" => "uuid",
                "url" => "uri",
                _ => return typed(code, if *code == "S" { text() } else { json!({}) }),
            };
            typed(code, json!({ "type": "string", "format": format }))
        }
        ValueShape::Integer { least, .. } => {
            let pattern = if *least < 0 { INTEGER } else { INTEGER.trim_start_matches("^-?") };
            let start = if *least < 0 { "" } else { "^" };
            typed("N", json!({ "type": "string", "pattern": format!("{start}{pattern}") }))
        }
        ValueShape::Texts { is_open: true, .. } => typed("S", text()),
        ValueShape::Texts { variants, .. } => typed("S", json!({ "enum": variants })),
        ValueShape::Integers(variants) => {
            let variants: Vec<_> = variants.iter().map(ToString::to_string).collect();
            typed("N", json!({ "enum": variants }))
        }
        ValueShape::Sequence { element, length: None } => {
            typed("L", json!({ "type": "array", "items": in_place(element) }))
        }
        ValueShape::Sequence { element, length: Some(length) } => typed(
            "L",
            json!({
                "type": "array", "items": in_place(element),
                "minItems": length, "maxItems": length,
            }),
        ),
        ValueShape::Tuple(elements) => {
            let each: Value = elements.iter().map(in_place).collect();
            typed(
                "L",
                json!({ "type": "array", "prefixItems": each, "minItems": elements.len(), "maxItems": elements.len() }),
            )
        }
        ValueShape::Map(value) => {
            typed("M", json!({ "type": "object", "additionalProperties": in_place(value) }))
        }
        ValueShape::Set(_) => typed(
            shape.code().unwrap_or_default(),
            json!({ "type": "array", "items": text(), "uniqueItems": true, "minItems": 1 }),
        ),
        ValueShape::Document(attributes) => typed("M", of_attributes(attributes)),
        ValueShape::Tagged { tag, variants } => {
            let each: Value = variants
                .iter()
                .map(|(variant, attributes)| {
                    let mut object = of_attributes(attributes);
                    if let Some(properties) =
                        object.get_mut("properties").and_then(Value::as_object_mut)
                    {
                        let text = typed("S", json!({ "const": variant }));
                        properties.insert((*tag).to_owned(), text);
                    }
                    if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut)
                    {
                        required.push(json!(tag));
                    }
                    object
                })
                .collect();
            typed("M", json!({ "anyOf": each }))
        }
        ValueShape::Optional(shape) => in_place(&ValueShape::Optional(shape.clone())),
    }
}

/// Where something absent is a null.
fn in_place(shape: &ValueShape) -> Value {
    match shape {
        ValueShape::Optional(shape) => {
            json!({ "anyOf": [of_shape(shape), typed("NULL", json!({ "const": true }))] })
        }
        shape => of_shape(shape),
    }
}
