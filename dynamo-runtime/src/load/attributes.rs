//! The attributes of entities as a plain file names them, and items by these names.

use serde_json::{Map, Value};

use super::plain::{ANY, expected, is_number, read_plain, write_plain, write_text};
use crate::codec::ValueShape;
use crate::codec::response::{json_text, raw_members};
use crate::entity::Description;

/// The member or column with what the plain form cannot say, as DynamoDB JSON.
pub(super) const REST: &str = "$dynamodb";

/// The attributes of entities: the keys first, then in the order in which they are declared.
#[derive(Clone, Debug)]
pub(super) struct PlainAttributes(Vec<PlainAttribute>);

#[derive(Clone, Debug)]
struct PlainAttribute {
    name: &'static str,
    aliases: Vec<&'static str>,
    shape: ValueShape,
}

/// An item, by the names of its attributes.
type PlainItem = Map<String, Value>;

impl PlainAttributes {
    pub(super) fn of(entities: &[Description]) -> Self {
        let mut all = Self(Vec::new());
        for entity in entities {
            let schema = &entity.entity.schema;
            for key in std::iter::once(schema.partition_key).chain(schema.sort_key) {
                all.add(key.name, &[], &key_shape(key.code));
            }
        }
        for attribute in entities.iter().flat_map(|entity| &entity.attributes) {
            all.add(attribute.name, attribute.aliases, &attribute.shape);
        }
        let indexes = entities.iter().flat_map(|entity| entity.entity.schema.indexes);
        for key in indexes.flat_map(super::super::schema::IndexSchema::keys) {
            all.add(key.name, &[], &key_shape(key.code));
        }
        all.0.retain(|attribute| attribute.name != REST);
        all
    }

    fn add(&mut self, name: &'static str, aliases: &[&'static str], shape: &ValueShape) {
        let shape = of_present(shape);
        let Some(known) = self.0.iter_mut().find(|known| known.name == name) else {
            let (aliases, shape) = (aliases.to_vec(), shape.clone());
            return self.0.push(PlainAttribute { name, aliases, shape });
        };
        known.aliases.extend(aliases);
        if known.shape != *shape {
            known.shape = match (known.shape.code(), shape.code()) {
                (Some(one), Some(other)) if one == other && is_scalar(one) => key_shape(one),
                _ => ValueShape::Any,
            };
        }
    }

    /// The place of an attribute, by its name or an older one.
    fn place(&self, name: &str) -> Option<usize> {
        let by_name = self.0.iter().position(|each| each.name == name);
        by_name.or_else(|| self.0.iter().position(|each| each.aliases.contains(&name)))
    }

    fn shape(&self, name: &str) -> &ValueShape {
        self.place(name).and_then(|place| self.0.get(place)).map_or(&ANY, |each| &each.shape)
    }

    /// An item as a line of plain JSON.
    pub(super) fn line(&self, item: &[u8]) -> Result<String, String> {
        let item: PlainItem = serde_json::from_slice(item).map_err(|error| error.to_string())?;
        let mut rest = PlainItem::new();
        let mut line = String::from("{");
        let known = self.0.iter().filter_map(|each| item.get_key_value(each.name));
        let unknown = item.iter().filter(|(name, _)| self.0.iter().all(|each| each.name != *name));
        for (name, value) in known.chain(unknown) {
            let length = line.len();
            if length > 1 {
                line.push(',');
            }
            write_text(name, &mut line);
            line.push(':');
            if name == REST || !write_plain(value, self.shape(name), &mut line) {
                line.truncate(length);
                rest.insert(name.clone(), value.clone());
            }
        }
        if !rest.is_empty() {
            let comma = if line.len() > 1 { "," } else { "" };
            line.extend([comma, "\"", REST, "\":", &Value::from(rest).to_string()]);
        }
        line.push('}');
        Ok(line)
    }

    /// The item of a line of plain JSON.
    pub(super) fn item(&self, line: &[u8]) -> Result<Vec<u8>, String> {
        let mut item = PlainItem::new();
        for (name, json) in raw_members(line).map_err(|error| error.to_string())? {
            if name == REST {
                add_rest(json, &mut item)?;
                continue;
            }
            let value = read_plain(json, self.shape(&name));
            let value = value.map_err(|reason| self.reason(&name, &reason))?;
            add(&name, value, &mut item)?;
        }
        Ok(Value::from(item).to_string().into_bytes())
    }

    /// With the attribute's name, if it is one of the program and not of the file.
    fn reason(&self, name: &str, reason: &str) -> String {
        match self.place(name).and_then(|place| self.0.get(place)) {
            Some(attribute) => format!("`{}`: {reason}", attribute.name),
            None => reason.to_owned(),
        }
    }

    /// The first row of a file.
    pub(super) fn header(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|attribute| attribute.name).chain(std::iter::once(REST))
    }

    /// The cells of an item.
    pub(super) fn cells(&self, item: &[u8]) -> Result<Vec<String>, String> {
        let mut item: PlainItem =
            serde_json::from_slice(item).map_err(|error| error.to_string())?;
        let mut cells = Vec::with_capacity(self.0.len() + 1);
        for PlainAttribute { name, shape, .. } in &self.0 {
            let cell = item.get(*name).and_then(|value| cell(value, shape));
            if cell.is_some() {
                item.remove(*name);
            }
            cells.push(cell.unwrap_or_default());
        }
        cells.push(if item.is_empty() { String::new() } else { Value::from(item).to_string() });
        Ok(cells)
    }

    /// What the columns of a file are, by its first row.
    pub(super) fn columns<'r>(
        &self,
        header: impl Iterator<Item = &'r str>,
    ) -> Result<Vec<PlainColumn>, String> {
        let mut columns: Vec<PlainColumn> = Vec::new();
        for (place, name) in header.enumerate() {
            let column = match self.place(name) {
                _ if name == REST => PlainColumn::Rest,
                Some(attribute) => PlainColumn::Attribute { name: name.to_owned(), attribute },
                None => {
                    let names: Vec<_> = self.header().map(|name| format!("`{name}`")).collect();
                    return Err(format!(
                        "the first row has in column {} no attribute of the entities: these are {}",
                        place + 1,
                        names.join(", ")
                    ));
                }
            };
            if columns.contains(&column) {
                return Err(format!("the first row has `{name}` twice"));
            }
            columns.push(column);
        }
        Ok(columns)
    }

    /// The item of a row.
    pub(super) fn item_of_cells<'r>(
        &self,
        columns: &[PlainColumn],
        cells: impl ExactSizeIterator<Item = &'r [u8]>,
    ) -> Result<Vec<u8>, String> {
        if cells.len() != columns.len() {
            let (cells, columns) = (cells.len(), columns.len());
            return Err(format!("it has {cells} cells, and the first row has {columns}"));
        }
        let mut item = PlainItem::new();
        for (column, bytes) in columns.iter().zip(cells) {
            let text = std::str::from_utf8(bytes);
            let text = text.map_err(|_| "it is not all UTF-8".to_owned())?;
            if text.is_empty() {
                continue;
            }
            match column {
                PlainColumn::Rest => add_rest(bytes, &mut item)?,
                PlainColumn::Attribute { name, .. } => {
                    let value = value(text, self.shape(name));
                    add(name, value.map_err(|reason| format!("`{name}`: {reason}"))?, &mut item)?;
                }
            }
        }
        Ok(Value::from(item).to_string().into_bytes())
    }
}

/// What a column has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PlainColumn {
    Attribute {
        /// As the file has it: an older one is told from the one of today.
        name: String,
        attribute: usize,
    },
    Rest,
}

fn add(name: &str, value: Value, item: &mut PlainItem) -> Result<(), String> {
    match item.insert(name.to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(format!("an attribute is in `{REST}` and beside it")),
    }
}

fn add_rest(json: &[u8], item: &mut PlainItem) -> Result<(), String> {
    let rest: PlainItem = serde_json::from_slice(json)
        .map_err(|_| format!("`{REST}` has to be an object of DynamoDB JSON"))?;
    rest.into_iter().try_for_each(|(name, value)| add(&name, value, item))
}

/// A value of this data type, without a form.
fn key_shape(code: &'static str) -> ValueShape {
    ValueShape::scalar(code, "")
}

fn of_present(shape: &ValueShape) -> &ValueShape {
    match shape {
        ValueShape::Optional(shape) => of_present(shape),
        shape => shape,
    }
}

fn is_scalar(code: &str) -> bool {
    matches!(code, "S" | "N" | "B" | "BOOL")
}

/// A cell that is read back as this value of a column; `None` if there is none.
fn cell(value: &Value, shape: &ValueShape) -> Option<String> {
    let code = shape.code().filter(|code| is_scalar(code));
    if let Some(code) = code {
        return match (code, value.get(code)?) {
            ("S" | "B", Value::String(text)) => Some(text_cell(text)),
            ("N", Value::String(number)) => is_number(number).then(|| number.clone()),
            ("BOOL", Value::Bool(is_true)) => Some(is_true.to_string()),
            _ => None,
        };
    }
    let mut cell = String::new();
    write_plain(value, shape, &mut cell).then_some(cell)
}

/// Text as it is, but as a JSON string where it would be taken for something else: for an absent
/// attribute, for a JSON string, or by a spreadsheet for a formula.
///
/// Source of the last: [CSV injection](https://owasp.org/www-community/attacks/CSV_Injection).
fn text_cell(text: &str) -> String {
    match text.chars().next() {
        None | Some('"' | '=' | '+' | '-' | '@' | '\t' | '\r') => Value::from(text).to_string(),
        Some(_) => text.to_owned(),
    }
}

/// The value of a cell that is not empty.
fn value(cell: &str, shape: &ValueShape) -> Result<Value, String> {
    let code = shape.code().filter(|code| is_scalar(code));
    let text = || match cell.strip_prefix('"') {
        None => Ok(cell.into()),
        Some(_) => json_text(cell.as_bytes()).map_err(|error| error.to_string()),
    };
    let value = match code {
        None => return read_plain(cell.trim().as_bytes(), shape),
        Some("N") if is_number(cell.trim()) => Value::from(cell.trim()),
        Some("BOOL") if cell.trim().eq_ignore_ascii_case("true") => Value::from(true),
        Some("BOOL") if cell.trim().eq_ignore_ascii_case("false") => Value::from(false),
        Some("N" | "BOOL") => return Err(expected(code)),
        Some(_) => Value::from(text()?.into_owned()),
    };
    Ok(serde_json::json!({ code.unwrap_or_default(): value }))
}
