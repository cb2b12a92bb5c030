//! The source: an entity for each group of items, and the documents in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::field::{Field, Structs};
use crate::groups::{Group, groups, of_items};
use crate::keys::{KeyPattern, Letters, Piece};
use crate::names;
use crate::sighting::{Item, Sighting};
use crate::source::TableKeys;

/// A struct as it is written.
pub(crate) struct Record {
    derive: &'static str,
    name: String,
    /// Why there is such an entity.
    evidence: Option<String>,
    /// Attributes, and what they are told from.
    before: Vec<String>,
    words: Vec<String>,
    fields: Vec<Field>,
}

impl Record {
    pub(crate) fn document(name: String, fields: Vec<Field>) -> Self {
        Self {
            derive: "Document",
            name,
            evidence: None,
            before: Vec::new(),
            words: Vec::new(),
            fields,
        }
    }

    fn write(&self, out: &mut String) {
        let stored = || self.fields.iter().filter(|field| field.is_attribute());
        let is_camel = stored().all(|field| names::camel_case(&field.name) == field.attribute)
            && stored().any(|field| field.name != field.attribute);
        let mut words = self.words.clone();
        if is_camel {
            words.push("rename_all = \"camelCase\"".to_owned());
        }
        out.push('\n');
        if let Some(evidence) = &self.evidence {
            let _ = writeln!(out, "// {evidence}.");
        }
        let _ = writeln!(out, "#[derive({}, Clone, Debug, PartialEq)]", self.derive);
        if !words.is_empty() {
            let _ = writeln!(out, "#[dynamo({})]", words.join(", "));
        }
        for line in &self.before {
            let _ = writeln!(out, "{line}");
        }
        let _ = writeln!(out, "pub struct {} {{", self.name);
        for field in &self.fields {
            for note in &field.notes {
                let _ = writeln!(out, "    // {note}");
            }
            let is_renamed = !is_camel && field.is_attribute() && field.name != field.attribute;
            let rename = is_renamed.then(|| format!("rename = {:?}", field.attribute));
            let words: Vec<_> = rename.into_iter().chain(field.words.clone()).collect();
            if !words.is_empty() {
                let _ = writeln!(out, "    #[dynamo({})]", words.join(", "));
            }
            let _ = writeln!(out, "    pub {}: {},", names::written(&field.name), field.rust_type);
        }
        out.push_str("    #[dynamo(unknown)]\n    pub rest: UnknownAttributes,\n}\n");
    }
}

/// The source for a table, from a sample of its items.
pub(crate) fn write(table: &str, keys: &TableKeys, items: &[Item]) -> String {
    let mut structs = Structs { documents: Vec::new(), names: BTreeSet::new() };
    let groups = groups(items, table, keys);
    let entities: Vec<_> =
        groups.iter().map(|group| entity(table, keys, group, &mut structs)).collect();
    let mut body = String::new();
    for record in entities.iter().chain(&structs.documents) {
        record.write(&mut body);
    }
    let mut out = format!(
        "// The items of the table {table:?}, told from {} by `dynamo-inspect`.\n\
         // Read each line: a sample shows what it has. `rest` keeps what the structs have no field for.\n\n",
        of_items(items.len())
    );
    out.push_str(&imports(&body));
    out.push_str(&body);
    out
}

fn imports(body: &str) -> String {
    let used = |names: &[&str]| -> Vec<String> {
        let is_used =
            |name: &&&str| body.split(|it: char| !it.is_alphanumeric()).any(|word| word == **name);
        names.iter().filter(is_used).map(|name| (*name).to_owned()).collect()
    };
    let braced = |names: Vec<String>| match &names[..] {
        [one] => one.clone(),
        names => format!("{{{}}}", names.join(", ")),
    };
    let mut imports = String::new();
    let collections = used(&["BTreeMap", "BTreeSet"]);
    if !collections.is_empty() {
        let _ = writeln!(imports, "use std::collections::{};\n", braced(collections));
    }
    imports.push_str("use dynamo_runtime::prelude::*;\n");
    let _ = writeln!(
        imports,
        "use dynamo_runtime::{};",
        braced(used(&["AnyValue", "Number", "UnknownAttributes"]))
    );
    imports
}

/// Where a key stands, and the attribute that it is.
enum KeyOf<'k> {
    Table(&'static str, &'k str),
    Index(&'static str, &'k str),
}

fn entity(table: &str, keys: &TableKeys, group: &Group<'_>, structs: &mut Structs) -> Record {
    let key_names = keys.names();
    let is_apart = |name: &str| key_names.contains(name) || group.constants.contains_key(name);
    let mut attributes: BTreeMap<String, Sighting> = BTreeMap::new();
    for item in &group.items {
        for (name, value) in item.iter().filter(|(name, _)| !group.constants.contains_key(*name)) {
            attributes.entry(name.clone()).or_default().see(value);
        }
    }
    let pattern = |name: &str| {
        let is_sort_key = Some(name) == keys.sort_key.as_deref();
        KeyPattern::of(name, &group.items, &is_apart)
            .filter(|pattern| pattern.has_no_value(group.is_told_apart, is_sort_key))
    };
    let patterns: BTreeMap<&str, KeyPattern> =
        key_names.iter().filter_map(|name| Some((name.as_str(), pattern(name)?))).collect();
    let parts: BTreeSet<&str> = patterns.values().flat_map(KeyPattern::parts).collect();
    let is_key = |name: &str| key_names.contains(name) || parts.contains(name);
    let name = names::of_type(&group.name, &mut structs.names);
    let mut fields = structs.fields(&name, group.items.len(), &attributes, &is_key);

    for (key, pattern) in &patterns {
        let is_of_table = *key == keys.partition_key || Some(*key) == keys.sort_key.as_deref();
        if is_of_table && pattern.pieces.contains(&Piece::Other) {
            fields.push(Field::key_only(key, &fields));
        }
    }

    let mut before = Vec::new();
    let words = vec![format!("table = {table:?}")];
    for (name, text) in &group.constants {
        before.push(format!("#[dynamo(constant({name:?}) = {text:?})]"));
    }
    let mut templates: BTreeMap<&str, String> = BTreeMap::new();
    let of_table =
        [("partition_key", Some(&keys.partition_key)), ("sort_key", keys.sort_key.as_ref())];
    let of_table = of_table.into_iter().filter_map(|(word, key)| Some(KeyOf::Table(word, key?)));
    let of_indexes = keys.indexes.iter().flat_map(|index| {
        let partition_key = KeyOf::Index("partition_key", &index.partition_key);
        let sort_key = index.sort_key.as_deref().map(|key| KeyOf::Index("sort_key", key));
        std::iter::once(partition_key).chain(sort_key)
    });
    for key in of_table.chain(of_indexes) {
        let (KeyOf::Table(_, attribute) | KeyOf::Index(_, attribute)) = key;
        if templates.contains_key(attribute) {
            continue;
        }
        if let Some(pattern) = patterns.get(attribute) {
            before.push(format!("// {}", evidence(attribute, pattern)));
            // A template writes the key wherever there are its parts.
            let is_sparse =
                matches!(key, KeyOf::Index(..)) && !pattern.is_in_each(attribute, &group.items);
            if let Some(template) = template(&key, pattern, &fields).filter(|_| !is_sparse) {
                templates.insert(attribute, template);
            }
        }
        match (key, templates.get(attribute)) {
            (KeyOf::Table(word, _), Some(template)) => {
                before.push(format!("#[dynamo({word}{template})]"));
            }
            (KeyOf::Table(word, _), None) => {
                let field = fields.iter_mut().find(|field| field.attribute == attribute);
                if let Some(field) = field {
                    field.words.insert(0, word.to_owned());
                }
            }
            (KeyOf::Index(..), _) => {}
        }
    }
    for index in &keys.indexes {
        let key = |attribute: &str| {
            if let Some(template) = templates.get(attribute) {
                return Some(template.clone());
            }
            let field = fields.iter().find(|field| field.attribute == attribute)?;
            Some(format!(" = {}", names::written(&field.name)))
        };
        let Some(partition_key) = key(&index.partition_key) else { continue };
        let scope = if index.is_local {
            "local".to_owned()
        } else {
            format!("partition_key{partition_key}")
        };
        let sort_key = index.sort_key.as_deref().map(key);
        if let Some(None) = sort_key {
            continue;
        }
        let sort_key = sort_key.flatten().map(|key| format!(", sort_key{key}")).unwrap_or_default();
        let function = names::field(&format!("by {}", index.name), &mut BTreeSet::new());
        let name = &index.name;
        let index = format!("#[dynamo(index({function}, name = {name:?}, {scope}{sort_key}))]");
        before.push(index);
    }
    fields.sort_by_key(|field| {
        let place = ["partition_key", "sort_key"]
            .iter()
            .position(|word| field.words.iter().any(|it| it == word));
        place.unwrap_or(2)
    });
    fields.retain(|field| !templates.contains_key(field.attribute.as_str()));
    let evidence = Some(group.evidence.clone());
    Record { derive: "Entity", name, evidence, before, words, fields }
}

/// In how many items a key is so.
fn evidence(attribute: &str, pattern: &KeyPattern) -> String {
    let letters = match pattern.letters {
        Letters::AsStored => "",
        Letters::Lower => " in lower case",
        Letters::Upper => " in upper case",
    };
    let count = if pattern.is_of_all() {
        format!("in all of {}", pattern.of)
    } else {
        format!("in {} of {}, so it is no template", pattern.holds_in, pattern.of)
    };
    let other =
        if pattern.pieces.contains(&Piece::Other) { ", where `{..}` is no attribute" } else { "" };
    format!("`{attribute}` is `{pattern}`{letters} {count}{other}.")
}

/// `("pk", raw) = ".."`, where every part can be one.
fn template(key: &KeyOf<'_>, pattern: &KeyPattern, fields: &[Field]) -> Option<String> {
    let (KeyOf::Table(_, attribute) | KeyOf::Index(_, attribute)) = key;
    if !pattern.is_of_all() {
        return None;
    }
    let mut text = String::new();
    let mut parts: Vec<TemplatePart<'_>> = Vec::new();
    for piece in &pattern.pieces {
        match piece {
            Piece::Fixed(fixed) if fixed.contains(['{', '}']) => return None,
            Piece::Fixed(fixed) => {
                text.push_str(fixed);
                if let Some(part) = parts.last_mut() {
                    part.after = fixed;
                }
            }
            Piece::Part { attribute, width } => {
                let field = fields.iter().find(|field| field.attribute == *attribute)?;
                let rust_type = match field.rust_type.strip_prefix("Option<") {
                    Some(inner) if matches!(key, KeyOf::Index(..)) => inner.strip_suffix('>')?,
                    Some(_) => return None,
                    None => field.rust_type.as_str(),
                };
                if !["String", "i64", "u64", "bool", "Number"].contains(&rust_type) {
                    return None;
                }
                parts.push(TemplatePart { rust_type, after: "" });
                let zeros = if *width == 0 { String::new() } else { format!(":0{width}") };
                let name = names::written(&field.name);
                let _ = write!(text, "{{{name}{zeros}}}");
            }
            Piece::Other => {
                let field = fields.iter().find(|field| field.is_part_of(attribute))?;
                let _ = write!(text, "{{{}}}", field.name);
                parts.push(TemplatePart { rust_type: "String", after: "" });
            }
        }
    }
    let casing = match pattern.letters {
        Letters::AsStored => "",
        Letters::Lower => ", lowercase",
        Letters::Upper => ", uppercase",
    };
    let is_sort_key = matches!(key, KeyOf::Table("sort_key", _) | KeyOf::Index("sort_key", _));
    let lossy = if is_lossy(pattern.letters, &parts, is_sort_key)? { ", lossy" } else { "" };
    Some(format!("({attribute:?}, raw{casing}{lossy}) = {text:?}"))
}

/// A part with the fixed text after it.
struct TemplatePart<'p> {
    rust_type: &'p str,
    after: &'p str,
}

/// Whether two different sets of parts may have one key, or a query by a part may find what has
/// another one; `None` where a part does not end at what follows it, which no template says.
fn is_lossy(letters: Letters, parts: &[TemplatePart<'_>], is_sort_key: bool) -> Option<bool> {
    let last = parts.len().saturating_sub(1);
    let is_text = |part: &&TemplatePart<'_>| part.rust_type == "String";
    let is_ended = |part: &TemplatePart<'_>| match part.rust_type {
        "bool" => part.after.contains(['#', '$', '|', ':', '/']),
        _ => part.after.contains(|it: char| !it.is_ascii_digit() && !"-+.eE".contains(it)),
    };
    if parts[..last].iter().any(|part| part.rust_type != "String" && !is_ended(part)) {
        return None;
    }
    let texts = parts.iter().filter(is_text).count();
    let is_open = is_sort_key && parts[..last].iter().any(|part| part.rust_type == "String");
    Some(texts > 1 || (texts == 1 && letters != Letters::AsStored) || is_open)
}
