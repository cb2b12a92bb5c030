//! A page for people, in one file.

use std::fmt::Write as _;

use super::samples::{Sample, Samples, size_of_item};
use crate::tables::schema::{EntityShape, IndexProjection, Schema, Table, TableKey, name_of};

const STYLE: &str = "
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 2.5rem; border-bottom: 2px solid currentColor; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1.5rem; }
caption { text-align: left; font-weight: bold; padding: 0.25rem 0; }
th, td { border: 1px solid #8888; padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
td code { overflow-wrap: normal; }
@page { margin: 15mm; }
@media print { body { font-size: 10pt; max-width: none; } td code { overflow-wrap: anywhere; } h2 { break-before: auto; } table { break-inside: avoid; } }
";

pub(super) fn page(schema: &Schema, title: &str, samples: &Samples) -> String {
    let title = escaped(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    );
    for table in schema.tables() {
        of_table(table, samples, &mut page);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn of_table(table: &Table, samples: &Samples, page: &mut String) {
    let _ = writeln!(page, "<section>\n<h2>Table <code>{}</code></h2>", escaped(table.name()));
    let mut facts = vec![format!("Partition key {}", key(table.partition_key()))];
    facts.extend(table.sort_key().map(|sort_key| format!("sort key {}", key(sort_key))));
    facts.extend(
        table.expiry().map(|name| format!("items expire by <code>{}</code>", escaped(name))),
    );
    let _ = writeln!(page, "<p>{}.</p>", facts.join("; "));
    entities(table, page);
    patterns(table, page);
    if !table.indexes().is_empty() {
        indexes(table, page);
    }
    if !table.vector_indexes().is_empty() {
        vector_indexes(table, page);
    }
    for entity in table.entities() {
        attributes(entity, page);
    }
    let of_table = samples.items.iter().filter(|sample| sample.table == table.name());
    let of_table: Vec<_> = of_table.collect();
    if !of_table.is_empty() {
        sizes(&of_table, page);
    }
    page.push_str("</section>\n");
}

fn entities(table: &Table, page: &mut String) {
    let rows = table.entities().iter().map(|entity| {
        vec![
            escaped(entity.name),
            code(&entity.partition_key),
            entity.sort_key.as_deref().map(code).unwrap_or_default(),
        ]
    });
    grid("Entities and their keys", &["entity", "partition key", "sort key"], rows, page);
}

/// Which query serves what.
fn patterns(table: &Table, page: &mut String) {
    let of_table = table.entities().iter().flat_map(|entity| {
        let name = escaped(entity.name);
        let get = vec![format!("one {name} by its key"), code("GetItem")];
        let query = entity.sort_key.as_ref().map(|_| {
            let what = format!("{name} items of a partition, in the order of their sort key");
            vec![what, code("Query")]
        });
        std::iter::once(get).chain(query)
    });
    let of_indexes = table.indexes().iter().flat_map(|index| {
        table.entities_of(index.name).into_iter().map(move |entity| {
            let keys: Vec<_> = index.partition_keys.iter().map(|key| key.name).collect();
            vec![
                format!("{} items by {}", escaped(entity), code(&keys.join(", "))),
                format!("{} of the index {}", code("Query"), code(index.name)),
            ]
        })
    });
    let of_vectors = table.vector_indexes().iter().flat_map(|index| {
        index.entities.iter().map(move |entity| {
            vec![
                format!("the nearest {} items by {}", escaped(entity), code(index.vector)),
                format!("{} of the index {}", code("SearchVectors"), code(index.name)),
            ]
        })
    });
    let rows = of_table.chain(of_indexes).chain(of_vectors);
    grid("Access patterns", &["what is read", "by"], rows, page);
}

fn keys(keys: &[TableKey]) -> String {
    keys.iter().map(|attribute| key(*attribute)).collect::<Vec<_>>().join(", ")
}

fn held(projection: &IndexProjection) -> String {
    match projection {
        IndexProjection::All => "whole items".to_owned(),
        IndexProjection::KeysOnly => "keys".to_owned(),
        IndexProjection::Include(names) => code(&names.join(", ")),
    }
}

fn vector_indexes(table: &Table, page: &mut String) {
    let rows = table.vector_indexes().iter().map(|index| {
        vec![
            code(index.name),
            format!("{}, {} dimensions", code(index.vector), index.dimensions),
            code(name_of(index.distance)),
            index.partition_key.map(key).unwrap_or_default(),
            keys(&index.filters),
            held(&index.projection),
        ]
    });
    let columns = ["index", "vector", "distance", "partition key", "filters", "holds"];
    grid("Vector indexes", &columns, rows, page);
}

fn indexes(table: &Table, page: &mut String) {
    let rows = table.indexes().iter().map(|index| {
        let scope = if index.is_global { "global" } else { "local" };
        vec![
            code(index.name),
            scope.to_owned(),
            keys(&index.partition_keys),
            keys(&index.sort_keys),
            held(&index.projection),
        ]
    });
    grid("Indexes", &["index", "scope", "partition key", "sort key", "holds"], rows, page);
}

fn attributes(entity: &EntityShape, page: &mut String) {
    let rows = entity.attributes.iter().map(|attribute| {
        let role = match attribute.name {
            name if Some(name) == entity.version => "version",
            name if Some(name) == entity.expiry => "time of expiry",
            _ if attribute.has_default => "has a default",
            _ if attribute.shape.is_optional() => "may be absent",
            _ => "",
        };
        let type_code = attribute.shape.code().unwrap_or("any");
        vec![code(attribute.name), code(type_code), role.to_owned()]
    });
    let caption = format!("Attributes of {}", escaped(entity.name));
    grid(&caption, &["attribute", "type", "role"], rows, page);
}

/// A read of an item takes a unit for each 4 KiB, or half of it; a write one for each 1 KiB.
///
/// Source: [Capacity units](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
fn sizes(samples: &[&Sample], page: &mut String) {
    let rows = samples.iter().map(|sample| {
        let bytes = size_of_item(&sample.item);
        vec![
            escaped(sample.entity),
            bytes.to_string(),
            bytes.div_ceil(4096).max(1).to_string(),
            bytes.div_ceil(1024).max(1).to_string(),
        ]
    });
    let heads = ["item", "bytes, about", "read units, consistent", "write units"];
    grid("Sizes of sample items", &heads, rows, page);
}

fn grid(caption: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>, page: &mut String) {
    // What is scrolled is reached by keyboard.
    let _ = writeln!(
        page,
        "<div class=\"wide\" role=\"region\" aria-label=\"{caption}\" tabindex=\"0\"><table>\n\
         <caption>{caption}</caption>\n<tr>"
    );
    for head in heads {
        let _ = write!(page, "<th scope=\"col\">{head}</th>");
    }
    page.push_str("</tr>\n");
    for row in rows {
        page.push_str("<tr>");
        for cell in row {
            let is_number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
            let class = if is_number { " class=\"number\"" } else { "" };
            let _ = write!(page, "<td{class}>{cell}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</table></div>\n");
}

fn key(key: TableKey) -> String {
    format!("{} ({})", code(key.name), key.code)
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
