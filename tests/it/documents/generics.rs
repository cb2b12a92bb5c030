//! A document with parameters: the bounds are those that its fields need.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;

use dynamo_runtime::codec::SetElement;
use dynamo_runtime::codec::kind::TextSet;
use dynamo_runtime::prelude::*;

use super::{json, read};

#[derive(Document, Clone, Debug, PartialEq)]
struct Page<T> {
    items: Vec<T>,
    #[dynamo(default)]
    first: T,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Item {
    name: String,
}

impl Default for Item {
    fn default() -> Self {
        Self { name: "none".to_owned() }
    }
}

#[derive(Document, Debug, PartialEq)]
struct Grid<const ROWS: usize, const COLUMNS: usize> {
    cells: [[u16; COLUMNS]; ROWS],
}

#[derive(Document, Debug, PartialEq)]
struct Wrapped<T>(Option<T>);

#[derive(Document, Debug, PartialEq)]
struct Counts<K, V = u64>
where
    K: SetElement<Set = TextSet> + Eq + Hash,
{
    by_key: HashMap<K, V>,
}

/// A parameter that is not stored needs nothing but its default.
#[derive(Document)]
struct Cached<T: fmt::Debug> {
    id: u8,
    #[dynamo(skip)]
    cache: Option<T>,
}

#[derive(Debug)]
struct NeverStored;

#[test]
fn a_type_parameter() {
    let page = Page { items: vec![Item { name: "tea".to_owned() }], first: Item::default() };
    let stored =
        r#"{"items":{"L":[{"M":{"name":{"S":"tea"}}}]},"first":{"M":{"name":{"S":"none"}}}}"#;
    assert_eq!(json(&page), stored);
    assert_eq!(read(&json(&page)), Ok(page.clone()));
    assert_eq!(read(r#"{"items":{"L":[{"M":{"name":{"S":"tea"}}}]}}"#), Ok(page));
    assert_eq!(format!("{:?}", Page::<Item>::ITEMS), "items");

    let page = Page { items: vec![1_u8, 2], first: 3 };
    assert_eq!(json(&page), r#"{"items":{"B":"AQI="},"first":{"N":"3"}}"#);
    assert_eq!(read(&json(&page)), Ok(page));
}

#[test]
fn const_parameters() {
    let grid = Grid { cells: [[1, 2, 3], [4, 5, 6]] };
    assert_eq!(read(&json(&grid)), Ok(grid));
    assert!(read::<Grid<1, 3>>(r#"{"cells":{"L":[]}}"#).is_err());
}

#[test]
fn a_newtype_with_a_parameter() {
    let page = Page { items: vec![Wrapped(Some(7_u64)), Wrapped(None)], first: Wrapped(Some(1)) };
    assert_eq!(json(&page), r#"{"items":{"L":[{"N":"7"},{"NULL":true}]},"first":{"N":"1"}}"#);
    assert_eq!(read(&json(&page)), Ok(page));
}

impl<T> Default for Wrapped<T> {
    fn default() -> Self {
        Self(None)
    }
}

#[test]
fn the_bounds_of_the_struct_are_kept() {
    let counts: Counts<String> = Counts { by_key: HashMap::from([("tea".to_owned(), 2)]) };
    assert_eq!(json(&counts), r#"{"by_key":{"M":{"tea":{"N":"2"}}}}"#);
    assert_eq!(read(&json(&counts)), Ok(counts));
}

#[test]
fn a_parameter_that_is_not_stored() {
    let cached = Cached { id: 1, cache: Some(NeverStored) };
    assert_eq!(json(&cached), r#"{"id":{"N":"1"}}"#);
    assert!(cached.cache.is_some());
}
