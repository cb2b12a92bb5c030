//! A crate as rustdoc's JSON describes it.
//!
//! The form has a version that changes with the toolchain, which `rust-toolchain.toml` pins:
//! <https://doc.rust-lang.org/nightly/nightly-rustc/rustdoc_json_types/>.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

const FORMAT: u64 = 57;

pub(crate) struct Crate {
    items: Value,
    /// The public items by their shortest path without the crate's name, such as
    /// `operation::Update`, but for the members of types and traits.
    pub(crate) public: BTreeMap<String, Item>,
    /// The other paths of the same items.
    pub(crate) again: BTreeMap<String, String>,
}

#[derive(Clone)]
pub(crate) struct Item {
    pub(crate) id: String,
    /// `struct`, `function` and the like.
    pub(crate) kind: String,
    /// What it is, of its kind.
    pub(crate) inner: Value,
    pub(crate) name: String,
    pub(crate) docs: String,
    pub(crate) is_non_exhaustive: bool,
    is_public: bool,
}

impl Crate {
    pub(crate) fn read(path: &Path) -> Self {
        let json = fs::read(path).expect("rustdoc has written it");
        let mut json: Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(json["format_version"], FORMAT, "another toolchain has another form");
        let root = id(&json["root"]);
        let mut of_crate =
            Self { items: json["index"].take(), public: BTreeMap::new(), again: BTreeMap::new() };
        let mut paths = Vec::new();
        let root = of_crate.item(&root).expect("the crate");
        of_crate.walk(&root, "", &mut paths);
        paths.sort_by_key(|(path, _)| (path.matches("::").count(), path.clone()));
        let mut shortest = BTreeMap::<String, String>::new();
        for (path, item) in paths {
            if let Some(first) = shortest.get(&item.id) {
                of_crate.again.insert(path, first.clone());
            } else {
                shortest.insert(item.id.clone(), path.clone());
                of_crate.public.insert(path, item);
            }
        }
        assert!(of_crate.public.len() > 100, "a crate has more in it");
        of_crate
    }

    /// The item, unless it is hidden or of another crate.
    pub(crate) fn item(&self, id: &str) -> Option<Item> {
        let value = self.items.get(id)?;
        let (kind, inner) = value["inner"].as_object()?.iter().next()?;
        Some(Item {
            id: id.to_owned(),
            kind: kind.clone(),
            inner: inner.clone(),
            name: value["name"].as_str().unwrap_or_default().to_owned(),
            docs: value["docs"].as_str().unwrap_or_default().to_owned(),
            is_non_exhaustive: value["attrs"].to_string().contains("non_exhaustive"),
            is_public: value["visibility"] == "public" || value["visibility"] == "default",
        })
    }

    /// The items with these identifiers that are public.
    pub(crate) fn items(&self, ids: &Value) -> Vec<Item> {
        let ids = ids.as_array().into_iter().flatten();
        ids.filter_map(|value| self.item(&id(value))).filter(|item| item.is_public).collect()
    }

    /// The inherent implementations of a type, or those of traits; none that the compiler makes.
    pub(crate) fn impls(&self, item: &Item, of_traits: bool) -> Vec<Item> {
        let ids = item.inner["impls"].as_array().into_iter().flatten();
        ids.filter_map(|value| self.item(&id(value)))
            .filter(|found| found.inner["is_synthetic"] == false)
            .filter(|found| found.inner["blanket_impl"].is_null())
            .filter(|found| found.inner["trait"].is_null() != of_traits)
            .collect()
    }

    fn walk(&self, module: &Item, path: &str, found: &mut Vec<(String, Item)>) {
        for item in self.items(&module.inner["items"]) {
            let joined = |name: &str| {
                if path.is_empty() { name.to_owned() } else { format!("{path}::{name}") }
            };
            match item.kind.as_str() {
                "use" => {
                    let name = item.inner["name"].as_str().unwrap_or_default();
                    match self.item(&id(&item.inner["id"])) {
                        Some(of_crate) => found.push((joined(name), of_crate)),
                        // A derive, beside which there is a trait of its name.
                        None => found.push((joined(&format!("derive({name})")), item)),
                    }
                }
                "module" => {
                    found.push((joined(&item.name), item.clone()));
                    self.walk(&item, &joined(&item.name), found);
                }
                _ => found.push((joined(&item.name), item)),
            }
        }
    }
}

/// An identifier, which is a number.
pub(crate) fn id(value: &Value) -> String {
    value.to_string()
}
