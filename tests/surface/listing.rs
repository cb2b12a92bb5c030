//! The public interface, a line for each item.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::crates::{Crate, Item};
use crate::signature;

/// Path, kind and signature of each item, without the crate's name.
pub(crate) fn lines(of_crate: &Crate) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    for (path, item) in &of_crate.public {
        lines.insert(format!("{path}  {}", described(item)));
        match item.kind.as_str() {
            "struct" | "enum" => of_type(of_crate, path, item, &mut lines),
            "trait" => {
                for member in of_crate.items(&item.inner["items"]) {
                    lines.insert(format!("{path}::{}  {}", member.name, described(&member)));
                }
                let implementors = implementors(of_crate, item);
                if !implementors.is_empty() {
                    lines.insert(format!("{path}  for {}", implementors.join(", ")));
                }
            }
            _ => {}
        }
    }
    for (path, first) in &of_crate.again {
        lines.insert(format!("{path}  = {first}"));
    }
    lines
}

fn of_type(of_crate: &Crate, path: &str, item: &Item, lines: &mut BTreeSet<String>) {
    for list in [&item.inner["kind"]["plain"]["fields"], &item.inner["kind"]["tuple"]] {
        for field in of_crate.items(list) {
            lines.insert(format!("{path}::{}  {}", field.name, described(&field)));
        }
    }
    for variant in of_crate.items(&item.inner["variants"]) {
        let inner = &variant.inner["kind"];
        let tuple = of_crate.items(&inner["tuple"]);
        let tuple: Vec<_> = tuple.iter().map(|field| signature::of_type(&field.inner)).collect();
        let tuple =
            if tuple.is_empty() { String::new() } else { format!("({})", tuple.join(", ")) };
        lines.insert(format!("{path}::{}  variant{tuple}", variant.name));
        for field in of_crate.items(&inner["struct"]["fields"]) {
            let (variant, name) = (&variant.name, &field.name);
            lines.insert(format!("{path}::{variant}::{name}  {}", described(&field)));
        }
    }
    for block in of_crate.impls(item, false) {
        let header = signature::of_block(&block.inner);
        for member in of_crate.items(&block.inner["items"]) {
            let described = described(&member);
            lines.insert(format!("{path}::{}  {described}  in {header}", member.name));
        }
    }
    let traits: BTreeSet<_> = of_crate
        .impls(item, true)
        .iter()
        .filter(|block| is_known(of_crate, &block.inner["trait"]))
        .map(|block| signature::of_path(&block.inner["trait"]))
        .collect();
    if !traits.is_empty() {
        let traits: Vec<_> = traits.into_iter().collect();
        lines.insert(format!("{path}  implements {}", traits.join(", ")));
    }
}

/// What else implements a trait: types of other crates, and whatever has a bound.
fn implementors(of_crate: &Crate, item: &Item) -> Vec<String> {
    let ids = item.inner["implementations"].as_array().into_iter().flatten();
    let blocks = ids.filter_map(|id| of_crate.item(&id.to_string()));
    let types: BTreeSet<_> = blocks
        .filter(|block| block.inner["is_synthetic"] == false)
        .filter(|block| {
            let id = block.inner["for"]["resolved_path"]["id"].to_string();
            of_crate.item(&id).is_none()
        })
        .map(|block| signature::of_type(&block.inner["for"]))
        .collect();
    types.into_iter().collect()
}

/// Whether a trait is of another crate, or one of the public ones of this.
fn is_known(of_crate: &Crate, path: &Value) -> bool {
    let id = path["id"].to_string();
    if path["path"].as_str().is_some_and(|path| path.ends_with("StructuralPartialEq")) {
        return false; // of the compiler, with each derived `PartialEq`
    }
    of_crate.item(&id).is_none()
        && !path["path"].as_str().is_some_and(|path| path.contains("sealed"))
        || of_crate.public.values().any(|item| item.id == id)
}

fn described(item: &Item) -> String {
    let inner = &item.inner;
    match item.kind.as_str() {
        "function" => signature::of_function(inner),
        "struct" | "enum" | "trait" | "type_alias" => {
            let generics = signature::of_generics(&inner["generics"]);
            let bounds = signature::of_bounds(&inner["bounds"]);
            let bounds = if bounds.is_empty() { bounds } else { format!(": {bounds}") };
            let equals = match &inner["type"] {
                Value::Null => String::new(),
                equals => format!(" = {}", signature::of_type(equals)),
            };
            let unit = if inner["kind"] == "unit" { " (unit)" } else { "" };
            let open = if item.is_non_exhaustive { " (non-exhaustive)" } else { "" };
            format!("{}{generics}{bounds}{equals}{unit}{open}", item.kind)
        }
        "struct_field" => format!("field {}", signature::of_type(inner)),
        "assoc_const" | "constant" => format!("const {}", signature::of_type(&inner["type"])),
        "assoc_type" => {
            let bounds = signature::of_bounds(&inner["bounds"]);
            match &inner["type"] {
                Value::Null if bounds.is_empty() => "type".to_owned(),
                Value::Null => format!("type: {bounds}"),
                equals => format!("type = {}", signature::of_type(equals)),
            }
        }
        "use" => format!("of {}", inner["source"].as_str().unwrap_or_default()),
        other => other.to_owned(),
    }
}
