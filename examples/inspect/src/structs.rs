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
        let is_camel =
            self.fields.iter().all(|field| names::camel_case(&field.name) == field.attribute)
                && self.fields.iter().any(|field| field.name != field.attribute);
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
            let is_renamed = !is_camel && field.name != field.attribute;
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
    Index(&'k str),
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
    let patterns: BTreeMap<&str, KeyPattern> = key_names
        .iter()
        .filter_map(|name| Some((name.as_str(), KeyPattern::of(name, &group.items, &is_apart)?)))
        .collect();
    let parts: BTreeSet<&str> = patterns.values().flat_map(KeyPattern::parts).collect();
    let is_key = |name: &str| key_names.contains(name) || parts.contains(name);
    let name = names::of_type(&group.name, &mut structs.names);
    let mut fields = structs.fields(&name, group.items.len(), &attributes, &is_key);

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
        std::iter::once(&index.partition_key).chain(&index.sort_key).map(|key| KeyOf::Index(key))
    });
    for key in of_table.chain(of_indexes) {
        let (KeyOf::Table(_, attribute) | KeyOf::Index(attribute)) = key;
        if templates.contains_key(attribute) {
            continue;
        }
        // A partition key that was always the same is a value all the same.
        let pattern = patterns.get(attribute).filter(|pattern| {
            !matches!(
                (&key, &pattern.pieces[..]),
                (KeyOf::Table("partition_key", _), [Piece::Fixed(_)])
            )
        });
        if let Some(pattern) = pattern {
            before.push(format!("// {}", evidence(attribute, pattern)));
            if let Some(template) =
                template(attribute, pattern, &fields, matches!(key, KeyOf::Index(_)))
            {
                templates.insert(attribute, template);
            }
        }
        match (key, templates.get(attribute)) {
            (KeyOf::Table(word, _), Some(template)) => {
                before.push(format!("#[dynamo({word}{template})]"))
            }
            (KeyOf::Table(word, _), None) => {
                let field = fields.iter_mut().find(|field| field.attribute == attribute);
                if let Some(field) = field {
                    field.words.insert(0, word.to_owned());
                }
            }
            (KeyOf::Index(_), _) => {}
        }
    }
    for index in &keys.indexes {
        let key = |attribute: &str| match templates.get(attribute) {
            Some(template) => Some(template.clone()),
            None => {
                let field = fields.iter().find(|field| field.attribute == attribute)?;
                Some(format!(" = {}", names::written(&field.name)))
            }
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
fn template(
    attribute: &str,
    pattern: &KeyPattern,
    fields: &[Field],
    is_of_index: bool,
) -> Option<String> {
    if !pattern.is_of_all() {
        return None;
    }
    let mut text = String::new();
    let mut types = Vec::new();
    let mut between = Vec::new();
    for piece in &pattern.pieces {
        match piece {
            Piece::Fixed(fixed) if fixed.contains(['{', '}']) => return None,
            Piece::Fixed(fixed) => {
                text.push_str(fixed);
                between.push(fixed.as_str());
            }
            Piece::Part { attribute, width } => {
                let field = fields.iter().find(|field| field.attribute == *attribute)?;
                let rust_type = match field.rust_type.strip_prefix("Option<") {
                    Some(inner) if is_of_index => inner.strip_suffix('>')?,
                    Some(_) => return None,
                    None => field.rust_type.as_str(),
                };
                if !["String", "i64", "u64", "bool", "Number"].contains(&rust_type) {
                    return None;
                }
                types.push((rust_type, between.len()));
                let zeros = if *width == 0 { String::new() } else { format!(":0{width}") };
                text.push_str(&format!("{{{}{zeros}}}", names::written(&field.name)));
            }
            Piece::Other => return None,
        }
    }
    let casing = match pattern.letters {
        Letters::AsStored => "",
        Letters::Lower => ", lowercase",
        Letters::Upper => ", uppercase",
    };
    let lossy = if is_lossy(pattern.letters, &types, &between) { ", lossy" } else { "" };
    Some(format!("({attribute:?}, raw{casing}{lossy}) = {text:?}"))
}

/// Whether two different sets of parts may have one key: two texts, a text in another case, or what
/// does not end where the fixed text after it begins.
fn is_lossy(letters: Letters, types: &[(&str, usize)], between: &[&str]) -> bool {
    let texts = types.iter().filter(|(rust_type, _)| *rust_type == "String").count();
    let is_ended = |(rust_type, place): &(&str, usize)| {
        let fixed = between.get(*place).copied().unwrap_or_default();
        match *rust_type {
            "bool" => fixed.contains(['#', '$', '|', ':', '/']),
            _ => fixed.contains(|it: char| !it.is_ascii_digit() && !"-+.eE".contains(it)),
        }
    };
    let last = types.len().saturating_sub(1);
    texts > 1
        || (texts == 1 && letters != Letters::AsStored)
        || types[..last].iter().any(|part| part.0 != "String" && !is_ended(part))
}
