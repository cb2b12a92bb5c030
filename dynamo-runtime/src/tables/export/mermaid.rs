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
            let _ = writeln!(text, "    {} {} PK", key.code, attribute(key.name));
        }
        text.push_str("  }\n");
        for entity in table.entities() {
            of_entity(&name, table, entity, &mut text);
        }
        for index in table.indexes() {
            let index_name = quoted(&format!("index {}", index.name));
            let _ = writeln!(text, "  {index_name} {{");
            for key in index.keys() {
                let _ = writeln!(text, "    {} {}", key.code, attribute(key.name));
            }
            text.push_str("  }\n");
            for entity in table.entities_of(index.name) {
                let _ = writeln!(text, "  {index_name} ||--o{{ {} : holds", quoted(entity));
            }
        }
        for index in table.vector_indexes() {
            let index_name = quoted(&format!("vector index {}", index.name));
            let _ = writeln!(text, "  {index_name} {{");
            for key in index.searched() {
                let _ = writeln!(text, "    {} {}", key.code, attribute(key.name));
            }
            let _ = writeln!(text, "    L {}", attribute(index.vector));
            text.push_str("  }\n");
            for entity in &index.entities {
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
        let _ = writeln!(text, "    {} {} PK {}", key.code, attribute(key.name), quoted(form));
    }
    for each in &entity.attributes {
        if each.name == table.partition_key().name
            || table.sort_key().is_some_and(|key| key.name == each.name)
        {
            continue;
        }
        let code = each.shape.code().unwrap_or("any");
        let _ = writeln!(text, "    {code} {}", attribute(each.name));
    }
    text.push_str("  }\n");
    let _ = writeln!(text, "  {table_name} ||--o{{ {name} : holds");
}

/// The name of an attribute: between backticks it is none of the keywords, as `pk`, `fk` and `uk`
/// are. In double quotes it would be a comment.
///
/// Source: [Mermaid's lexer](https://github.com/mermaid-js/mermaid/blob/develop/packages/mermaid/src/diagrams/er/parser/erDiagram.jison).
fn attribute(name: &str) -> String {
    format!("`{}`", plain(name))
}

/// A text in double quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text))
}

/// Without what would end a text or begin something else in it.
fn plain(text: &str) -> String {
    let plain = |letter: char| match letter {
        '"' | '`' => '\'',
        '~' => '-',
        '%' | '\\' => '/',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    text.chars().map(plain).collect()
}
