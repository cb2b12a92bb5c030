//! Items of an example.

use serde_json::Value;

use crate::codec::{EncodeError, encode_item};
use crate::entity::Entity;

/// Items that show what a table holds: in a model, and on a page with their sizes.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Samples, Schema};
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// let samples = Samples::new()
///     .item(&User { user_id: "ann".into() })?
///     .item(&User { user_id: "bob".into() })?;
/// let model = Schema::of::<User>()?.to_workbench("users", &samples)?;
/// assert!(model.contains("ann") && model.contains("bob"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Samples {
    pub(super) items: Vec<Sample>,
}

#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub(super) entity: &'static str,
    pub(super) table: &'static str,
    pub(super) item: Value,
}

impl Samples {
    /// No items yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more item.
    ///
    /// # Errors
    /// The item cannot be stored.
    pub fn item<E: Entity>(mut self, item: &E) -> Result<Self, EncodeError> {
        let json = encode_item(item)?;
        let item = serde_json::from_slice(&json).unwrap_or_default();
        self.items.push(Sample { entity: E::SCHEMA.entity, table: E::SCHEMA.table, item });
        Ok(self)
    }
}

/// The bytes that an item counts as: its names, and its values.
///
/// Source: [Item sizes](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
pub(super) fn size_of_item(item: &Value) -> usize {
    let members = item.as_object().into_iter().flatten();
    members.map(|(name, value)| name.len() + size_of(value)).sum()
}

fn size_of(value: &Value) -> usize {
    let Some((code, value)) = value.as_object().and_then(|value| value.iter().next()) else {
        return 0;
    };
    let text = |value: &Value| value.as_str().map_or(0, str::len);
    let elements = || value.as_array().into_iter().flatten();
    // A list and a map count 3 bytes, and 1 more for each element.
    match code.as_str() {
        "S" => text(value),
        "N" => number(value),
        "B" => text(value).div_ceil(4) * 3,
        "BOOL" | "NULL" => 1,
        "SS" => elements().map(text).sum(),
        "BS" => elements().map(|element| text(element).div_ceil(4) * 3).sum(),
        "NS" => elements().map(number).sum(),
        "L" => 3 + elements().map(|element| 1 + size_of(element)).sum::<usize>(),
        "M" => {
            let members = value.as_object().into_iter().flatten();
            3 + members.map(|(name, value)| 1 + name.len() + size_of(value)).sum::<usize>()
        }
        _ => 0,
    }
}

/// About one byte for two significant digits, and one more.
fn number(value: &Value) -> usize {
    let digits = value.as_str().unwrap_or_default().bytes().filter(u8::is_ascii_digit).count();
    digits.div_ceil(2) + 1
}
