//! Finds the path of an error by reading again up to its place. This is not fast and need not be
//! strict.

use super::descriptor::Descriptor;
use super::error::{DecodeError, MAX_NAME};
use super::reader::Reader;

impl DecodeError {
    /// Finds the path in a response, such as `Item.lines[3].quantity`.
    pub(crate) fn locate(self, body: &[u8]) -> Self {
        self.locate_from(body, Level::Envelope)
    }

    /// Finds the path in an item, such as `lines[3].quantity`.
    pub(crate) fn locate_in_item(self, item: &[u8]) -> Self {
        self.locate_from(item, Level::Attributes)
    }

    fn locate_from(self, json: &[u8], level: Level) -> Self {
        if self.path().is_some() {
            return self;
        }
        let this = self.map_older(|older| older.locate_from(json, level));
        let mut path = path(&enclosing(json, this.offset()), level);
        if let Some(name) = this.attribute() {
            push_name(&mut path, name);
        }
        this.with_path(Some(path).filter(|path| !path.is_empty()))
    }
}

/// A step from a value to one inside of it.
#[derive(Debug, PartialEq)]
enum JsonStep {
    /// A member, by its name as it is spelt in the JSON.
    Name(String),
    Index(usize),
}

/// The steps to the innermost value or name around a place.
fn enclosing(json: &[u8], offset: usize) -> Vec<JsonStep> {
    let mut steps = Vec::new();
    let mut awaits_name = false;
    // Beyond the last valid character there is nothing to find.
    let valid = json.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let Ok(mut reader) = Reader::new(valid.as_bytes()) else {
        return steps;
    };
    while let Some(byte) = reader.peek() {
        if byte == b'"' {
            let Ok(text) = reader.json_string() else {
                break;
            };
            if awaits_name {
                steps.pop();
                steps.push(JsonStep::Name(text.escape_debug().take(MAX_NAME).collect()));
                awaits_name = false;
            }
        } else {
            reader.advance();
        }
        if reader.position() > offset {
            break;
        }
        match byte {
            b'{' => {
                steps.push(JsonStep::Name(String::new()));
                awaits_name = true;
            }
            b'[' => steps.push(JsonStep::Index(0)),
            b'}' | b']' => {
                steps.pop();
                awaits_name = false;
            }
            b',' => match steps.last_mut() {
                Some(JsonStep::Index(index)) => *index += 1,
                Some(JsonStep::Name(_)) => awaits_name = true,
                None => {}
            },
            _ => {}
        }
    }
    steps
}

/// What the next step leads into.
#[derive(Clone, Copy)]
enum Level {
    /// Around the items of a response.
    Envelope,
    /// By the names of tables: what is around the items or the keys of each.
    Tables,
    /// The tables of a batch get, each with an array of items, or the actions of a transaction.
    Responses,
    /// Where the names are those of tables and indexes, and there is no attribute value.
    Capacity,
    /// An item, a key or a map, or an array of them: a name leads to an attribute value.
    Attributes,
    /// An attribute value: a descriptor leads to what it holds.
    Value,
    /// A list: an index leads to an attribute value.
    Elements,
}

/// The path of these steps, without the descriptors of attribute values.
fn path(steps: &[JsonStep], mut level: Level) -> String {
    let mut path = String::new();
    for step in steps {
        match step {
            JsonStep::Name(name) => {
                if !matches!(level, Level::Value) && !name.is_empty() {
                    push_name(&mut path, name);
                }
                level = level.member(name);
            }
            JsonStep::Index(index) => {
                path.push('[');
                path.push_str(&index.to_string());
                path.push(']');
                level = level.element();
            }
        }
    }
    path
}

impl Level {
    fn member(self, name: &str) -> Self {
        match (self, name) {
            (Self::Responses, _)
            | (
                Self::Envelope,
                "Item" | "Items" | "Attributes" | "Key" | "Keys" | "LastEvaluatedKey" | "NewImage"
                | "OldImage",
            )
            // Of a single write, the metrics of its collection; of a batch, those of each table.
            | (Self::Envelope | Self::Tables, "ItemCollectionKey") => Self::Attributes,
            (Self::Tables, _) => Self::Envelope,
            (Self::Envelope, "Responses") => Self::Responses,
            (Self::Envelope, "UnprocessedKeys" | "UnprocessedItems" | "ItemCollectionMetrics") => {
                Self::Tables
            }
            (Self::Envelope, "ConsumedCapacity") => Self::Capacity,
            (Self::Attributes, _) => Self::Value,
            (Self::Value, name) => match Descriptor::from_name(name) {
                Some(Descriptor::Map) => Self::Attributes,
                _ => Self::Elements,
            },
            (level, _) => level,
        }
    }

    fn element(self) -> Self {
        match self {
            Self::Attributes | Self::Capacity => self,
            Self::Elements => Self::Value,
            _ => Self::Envelope,
        }
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The path of what is at the `!` in this JSON.
    fn located(json: &str) -> Option<String> {
        let error = DecodeError::refused(json.find('!').unwrap(), "it is a test");
        error.locate(json.as_bytes()).path().map(str::to_owned)
    }

    #[test]
    fn no_path_has_a_descriptor_wherever_in_a_response_the_value_is() {
        let value = r#"{"a":{"L":[{"S":"x"},{"M":{"b":{"N":"!"}}}]}}"#;
        for (response, place) in [
            (r#"{"Item":#}"#, "Item"),
            (r#"{"Attributes":#}"#, "Attributes"),
            (r#"{"LastEvaluatedKey":#}"#, "LastEvaluatedKey"),
            (r#"{"Items":[{},#]}"#, "Items[1]"),
            (r#"{"Responses":{"Items":[{},#]}}"#, "Responses.Items[1]"),
            (r#"{"Responses":[null,{"Item":#}]}"#, "Responses[1].Item"),
            (r#"{"UnprocessedKeys":{"t":{"Keys":[{},#]}}}"#, "UnprocessedKeys.t.Keys[1]"),
            (r#"{"UnprocessedKeys":{"Keys":{"Keys":[#]}}}"#, "UnprocessedKeys.Keys.Keys[0]"),
            (
                r#"{"UnprocessedItems":{"t":[{"PutRequest":{"Item":#}}]}}"#,
                "UnprocessedItems.t[0].PutRequest.Item",
            ),
            (
                r#"{"UnprocessedItems":{"Items":[{"DeleteRequest":{"Key":#}}]}}"#,
                "UnprocessedItems.Items[0].DeleteRequest.Key",
            ),
            (r#"{"CancellationReasons":[{"Item":#}]}"#, "CancellationReasons[0].Item"),
            (
                r#"{"ItemCollectionMetrics":{"ItemCollectionKey":#}}"#,
                "ItemCollectionMetrics.ItemCollectionKey",
            ),
            (
                r#"{"ItemCollectionMetrics":{"Key":[{"ItemCollectionKey":#}]}}"#,
                "ItemCollectionMetrics.Key[0].ItemCollectionKey",
            ),
            (r#"{"Records":[{"dynamodb":{"Keys":#}}]}"#, "Records[0].dynamodb.Keys"),
            (r#"{"Records":[{"dynamodb":{"NewImage":#}}]}"#, "Records[0].dynamodb.NewImage"),
        ] {
            let path = located(&response.replace('#', value));
            assert_eq!(path, Some(format!("{place}.a[1].b")), "{response}");
        }
        let capacity =
            r#"{"ConsumedCapacity":[{"GlobalSecondaryIndexes":{"Key":{"CapacityUnits":"!"}}}]}"#;
        let path = "ConsumedCapacity[0].GlobalSecondaryIndexes.Key.CapacityUnits";
        assert_eq!(located(capacity).as_deref(), Some(path));
    }
}
