//! Which items are of one entity.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::sighting::Item;
use crate::source::TableKeys;

/// The items of one entity.
pub(crate) struct Group<'i> {
    /// What is in the table's words the name of it.
    pub(crate) name: String,
    pub(crate) items: Vec<&'i Item>,
    /// The attributes that are one text in all of them, by their role in this table.
    pub(crate) constants: BTreeMap<String, String>,
    /// Whether the items say of which entity they are.
    pub(crate) is_told_apart: bool,
    /// Why these are taken for one.
    pub(crate) evidence: String,
}

/// The names under which libraries keep the name of an entity or of its version, and which are never
/// data.
const CONSTANTS: [&str; 9] = [
    "__edb_e__",
    "__edb_v__",
    "_et",
    "_type",
    "__typename",
    "cls",
    "entity",
    "entityType",
    "_class",
];
/// Names that data has as well: they tell entities apart if other attributes follow from them.
const LIKELY: [&str; 5] = ["type", "Type", "kind", "model", "EntityType"];

/// More than these are no entities of one table.
const MOST_GROUPS: usize = 24;

pub(crate) fn groups<'i>(items: &'i [Item], table: &str, keys: &TableKeys) -> Vec<Group<'i>> {
    let by_constant = CONSTANTS.iter().find_map(|name| by(items, name, false));
    let found = by_constant.or_else(|| LIKELY.iter().find_map(|name| by(items, name, true)));
    let Some((discriminator, found)) = found else {
        return by_key_beginning(items, keys).unwrap_or_else(|| {
            let items: Vec<_> = items.iter().collect();
            let evidence = "no attribute tells entities apart".to_owned();
            vec![Group {
                name: table.to_owned(),
                items,
                constants: BTreeMap::new(),
                is_told_apart: false,
                evidence,
            }]
        });
    };
    let groups = found.into_iter().map(|(value, items)| {
        let is_same = |name: &&&str| {
            let mut values = items.iter().map(|item| text(item, name));
            values.all(|it| it.is_some() && it == text(items[0], name))
        };
        let same = CONSTANTS.iter().filter(is_same).map(|name| (*name, text(items[0], name)));
        let same = same.chain([(discriminator, Some(value))]);
        let constants = same.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        let evidence = format!("`{discriminator}` is \"{value}\" in {}", of_items(items.len()));
        Group {
            name: value.to_owned(),
            constants: constants.collect(),
            items,
            is_told_apart: true,
            evidence,
        }
    });
    groups.collect()
}

pub(crate) fn of_items(count: usize) -> String {
    if count == 1 { "one item".to_owned() } else { format!("{count} items") }
}

fn text<'i>(item: &'i Item, name: &str) -> Option<&'i str> {
    item.get(name)?.get("S")?.as_str()
}

type Found<'i> = (&'static str, BTreeMap<&'i str, Vec<&'i Item>>);

/// The items by an attribute that each has; where data may have the name, only if the items of each
/// value have attributes that those of another lack.
fn by<'i>(items: &'i [Item], name: &'static str, is_likely: bool) -> Option<Found<'i>> {
    let mut found: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in items {
        found.entry(text(item, name)?).or_default().push(item);
    }
    let names = |items: &Vec<&'i Item>| -> BTreeSet<&'i String> {
        items.iter().flat_map(|item| item.keys()).collect()
    };
    let all: BTreeSet<_> = found.values().map(names).collect();
    let differ = !is_likely || (found.len() > 1 && all.len() == found.len());
    (found.len() <= MOST_GROUPS && differ).then_some((name, found))
}

/// The items by the word that their sort key, or else their partition key, begins with.
fn by_key_beginning<'i>(items: &'i [Item], keys: &TableKeys) -> Option<Vec<Group<'i>>> {
    // Without a sort key there is one kind of item in a table.
    let sort_key = keys.sort_key.as_ref()?;
    [sort_key, &keys.partition_key].into_iter().find_map(|key| {
        let mut found: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
        for item in items {
            let (word, _) = text(item, key)?.split_once(['#', ':', '|'])?;
            found.entry(word).or_default().push(item);
        }
        let are_words = found.keys().all(|word| word.chars().any(char::is_alphabetic));
        if found.len() < 2 || found.len() > MOST_GROUPS || !are_words {
            return None;
        }
        let groups = found.into_iter().map(|(word, items)| {
            let evidence = format!("`{key}` begins with `{word}` in {}", of_items(items.len()));
            Group {
                name: word.to_owned(),
                items,
                constants: BTreeMap::new(),
                is_told_apart: true,
                evidence,
            }
        });
        Some(groups.collect())
    })
}

/// Whether a value is what a key can be.
pub(crate) fn is_key(value: &Value) -> bool {
    ["S", "N", "B"].iter().any(|it| value.get(it).is_some())
}
