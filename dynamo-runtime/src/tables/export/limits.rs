//! What DynamoDB would refuse of a table.

use super::ExportError;
use crate::tables::schema::{IndexProjection, Schema, Table};

/// Source: [Quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const GLOBAL_INDEXES: usize = 20;
const LOCAL_INDEXES: usize = 5;
const PROJECTED_ATTRIBUTES: usize = 100;
const KEY_ATTRIBUTES: usize = 4;

pub(super) fn check(schema: &Schema) -> Result<(), ExportError> {
    let reasons: Vec<_> = schema.tables().iter().flat_map(of_table).collect();
    if reasons.is_empty() { Ok(()) } else { Err(ExportError(reasons)) }
}

fn of_table(table: &Table) -> Vec<String> {
    let name = table.name();
    let mut reasons = Vec::new();
    let mut refuse = |is_refused: bool, reason: String| {
        if is_refused {
            reasons.push(reason);
        }
    };
    let count =
        |is_global| table.indexes().iter().filter(|index| index.is_global == is_global).count();
    for (kind, count, most) in
        [("global", count(true), GLOBAL_INDEXES), ("local", count(false), LOCAL_INDEXES)]
    {
        refuse(count > most, format!("`{name}` has {count} {kind} indexes, and can have {most}"));
    }
    let projected = table.indexes().iter().map(|index| match &index.projection {
        IndexProjection::Include(names) => names.len(),
        _ => 0,
    });
    let projected: usize = projected.sum();
    refuse(
        projected > PROJECTED_ATTRIBUTES,
        format!(
            "the indexes of `{name}` hold {projected} attributes, and can hold {PROJECTED_ATTRIBUTES}"
        ),
    );
    for index in table.indexes() {
        let of = format!("the index `{}` of `{name}`", index.name);
        refuse(index.partition_keys.is_empty(), format!("{of} has no partition key"));
        let most = index.partition_keys.len().max(index.sort_keys.len());
        refuse(
            most > KEY_ATTRIBUTES,
            format!("{of} has a key of {most} attributes, and can have {KEY_ATTRIBUTES}"),
        );
        refuse(!is_name(index.name), format!("{of} has a name that DynamoDB does not take"));
    }
    refuse(!is_name(name), format!("`{name}` is no name of a table"));
    let days = table.settings().recovery_days;
    refuse(
        days.is_some_and(|days| !(1..=35).contains(&days)),
        format!(
            "`{name}` is to keep backups of {} days, and can of 1 to 35",
            days.unwrap_or_default()
        ),
    );
    reasons
}

fn is_name(name: &str) -> bool {
    (3..=255).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
}
