//! Mermaid.

use std::fmt::Write as _;

use crate::tables::schema::{EntityShape, Schema, Table};

/// An entity relationship diagram: a table has entities, and an index has those that are in it.
pub(super) fn text(schema: &Schema) -> String {
    let mut text = String::from("erDiagram\n");
    for table in schema.tables() {
        let name = quoted(&format!("table {}", table.name()));
        let _ = writeln!(text, "  {name} {{");
        for key in std::iter::once(table.partition_key()).chain(table.sort_key()) {
            let _ = writeln!(text, "    {} {} PK", key.code, quoted(key.name));
        }
        text.push_str("  }\n");
        for entity in table.entities() {
            of_entity(&name, table, entity, &mut text);
        }
        for index in table.indexes() {
            let index_name = quoted(&format!("index {}", index.name));
            let _ = writeln!(text, "  {index_name} {{");
            for key in index.keys() {
                let _ = writeln!(text, "    {} {}", key.code, quoted(key.name));
            }
            text.push_str("  }\n");
            for entity in table.entities_of(index.name) {
                let _ = writeln!(text, "  {index_name} ||--o{{ {} : holds", quoted(entity));
            }
        }
    }
    text
}

fn of_entity(table_name: &str, table: &Table, entity: &EntityShape, text: &mut String) {
    let name = quoted(entity.name);
    let _ = writeln!(text, "  {name} {{");
    let keys = [
        (Some(table.partition_key()), Some(entity.partition_key.as_str())),
        (table.sort_key(), entity.sort_key.as_deref()),
    ];
    for (key, form) in keys {
        let (Some(key), Some(form)) = (key, form) else { continue };
        let _ = writeln!(text, "    {} {} PK {}", key.code, quoted(key.name), quoted(form));
    }
    for attribute in &entity.attributes {
        if attribute.name == table.partition_key().name
            || table.sort_key().is_some_and(|key| key.name == attribute.name)
        {
            continue;
        }
        let code = attribute.shape.code().unwrap_or("any");
        let _ = writeln!(text, "    {code} {}", quoted(attribute.name));
    }
    text.push_str("  }\n");
    let _ = writeln!(text, "  {table_name} ||--o{{ {name} : holds");
}

/// A text in quotes, of which a quotation mark would be the end. Without them an attribute called
/// `pk`, `fk` or `uk` would be a keyword.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "'").replace(['\n', '\r'], " "))
}
