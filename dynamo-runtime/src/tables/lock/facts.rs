//! The facts of a schema.

use std::collections::BTreeMap;

use crate::codec::{AttributeShape, ValueShape};
use crate::tables::schema::{EntityShape, Schema, Table, TableIndex, TableKey};

/// Each fact with its value.
pub(super) type Facts = BTreeMap<String, String>;

pub(super) fn of(schema: &Schema) -> Facts {
    let mut facts = Facts::new();
    for table in schema.tables() {
        of_table(table, &mut facts);
        for entity in table.entities() {
            of_entity(table, entity, &mut facts);
        }
    }
    facts
}

fn of_table(table: &Table, facts: &mut Facts) {
    let name = table.name();
    let keys: Vec<_> = std::iter::once(table.partition_key()).chain(table.sort_key()).collect();
    facts.insert(format!("table {name}"), told(&keys));
    for each in table.indexes() {
        let TableIndex { name: index, is_global, .. } = each;
        let scope = if *is_global { "global" } else { "local" };
        let keys = told(&each.keys().collect::<Vec<_>>());
        facts.insert(format!("table {name} index {index}"), format!("{scope}: {keys}"));
    }
    for index in table.vector_indexes() {
        facts.insert(format!("table {name} vector index {}", index.name), index.told());
    }
}

fn told(keys: &[TableKey]) -> String {
    let keys = keys.iter().map(|key| format!("{} {}", key.name, key.code));
    keys.collect::<Vec<_>>().join(", ")
}

fn of_entity(table: &Table, entity: &EntityShape, facts: &mut Facts) {
    let EntityShape { name, partition_key, sort_key, indexes, attributes, .. } = entity;
    facts.insert((*name).to_owned(), table.name().to_owned());
    let keys: Vec<_> = std::iter::once(partition_key.as_str()).chain(sort_key.as_deref()).collect();
    facts.insert(format!("{name} key"), keys.join(" | "));
    for index in indexes {
        let keys: Vec<_> = index.partition_keys.iter().chain(&index.sort_keys).collect();
        let keys: Vec<_> = keys.iter().map(|key| key.as_str()).collect();
        facts.insert(format!("{name} index {}", index.index), keys.join(" | "));
    }
    for (role, attribute) in [("version", entity.version), ("expiry", entity.expiry)] {
        if let Some(attribute) = attribute {
            facts.insert(format!("{name} {role}"), attribute.to_owned());
        }
    }
    of_attributes(name, attributes, facts);
}

fn of_attributes(within: &str, attributes: &[AttributeShape], facts: &mut Facts) {
    for AttributeShape { name, aliases, has_default, shape } in attributes {
        let path = format!("{within}.{name}");
        let presence = match (has_default, shape.is_optional()) {
            (true, _) => "default",
            (false, true) => "optional",
            (false, false) => "required",
        };
        facts.insert(format!("{path} presence"), presence.to_owned());
        for alias in *aliases {
            facts.insert(format!("{path} alias {alias}"), "read".to_owned());
        }
        of_shape(&path, shape, facts);
    }
}

fn of_shape(path: &str, shape: &ValueShape, facts: &mut Facts) {
    let form = match shape {
        ValueShape::Any => "any".to_owned(),
        ValueShape::Scalar { code, form: "" } => (*code).to_owned(),
        ValueShape::Scalar { code, form } => format!("{code} {form}"),
        ValueShape::Integer { least, most } => format!("N {least}..={most}"),
        ValueShape::Texts { variants, is_open } => {
            for variant in variants {
                facts.insert(format!("{path} variant {variant}"), "read".to_owned());
            }
            format!("S {}", if *is_open { "known variants and others" } else { "variants" })
        }
        ValueShape::Integers(variants) => {
            for variant in variants {
                facts.insert(format!("{path} variant {variant}"), "read".to_owned());
            }
            "N variants".to_owned()
        }
        ValueShape::Sequence { element, length } => {
            of_shape(&format!("{path}[]"), element, facts);
            length.map_or("L".to_owned(), |length| format!("L of {length}"))
        }
        ValueShape::Tuple(elements) => {
            for (place, element) in elements.iter().enumerate() {
                of_shape(&format!("{path}[{place}]"), element, facts);
            }
            format!("L of {}", elements.len())
        }
        ValueShape::Map(value) => {
            of_shape(&format!("{path}{{}}"), value, facts);
            "M of names".to_owned()
        }
        ValueShape::Set(element) => {
            of_shape(&format!("{path}<>"), element, facts);
            shape.code().unwrap_or_default().to_owned()
        }
        ValueShape::Document(attributes) => {
            of_attributes(path, attributes, facts);
            "M".to_owned()
        }
        ValueShape::Tagged { tag, variants } => {
            for (variant, attributes) in variants {
                facts.insert(format!("{path} variant {variant}"), "read".to_owned());
                of_attributes(&format!("{path}({variant})"), attributes, facts);
            }
            format!("M tagged by {tag}")
        }
        ValueShape::Optional(shape) => return of_shape(path, shape, facts),
        // The name of a Rust type is no fact of what is stored.
        ValueShape::Recursive(_) => "M as around it".to_owned(),
    };
    facts.insert(path.to_owned(), form);
}
