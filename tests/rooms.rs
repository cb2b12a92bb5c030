//! Data flows one way: what the sources import is held against the table of rooms in
//! `ARCHITECTURE.md`.
//!
//! A room may know the rooms that stand before it in the table. Inside a room, files that stand
//! beside each other form no circle, but for those that `ARCHITECTURE.md` names; a file and the
//! folder of its name are one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

type Module = Vec<String>;

const ARCHITECTURE: &str = include_str!("../ARCHITECTURE.md");

/// What knows every room: the crate's front page, and what is for tests and for generated code.
const ABOVE_ALL: [&str; 6] = ["lib", "prelude", "fuzzing", "testing", "__benches", "__private"];

#[test]
fn a_room_knows_only_those_before_it() {
    let mut faults = Vec::new();
    for name in ["dynamo-runtime", "dynamo-derive"] {
        let rooms = rooms(name);
        let sources = Sources::read(name);
        for room in sources.modules.keys().filter_map(|module| module.first()) {
            let is_known = rooms.contains(room) || ABOVE_ALL.contains(&room.as_str());
            assert!(is_known, "{name}: `{room}` is no room of the table");
        }
        let place = |module: &Module| rooms.iter().position(|room| Some(room) == module.first());
        for (from, to, item) in sources.references() {
            let (Some(own), Some(other)) = (place(&from), place(&to)) else { continue };
            if own < other {
                faults.push(format!("{name}: {} knows {}: `{item}`", shown(&from), shown(&to)));
            }
        }
    }
    assert!(faults.is_empty(), "against the table of rooms:\n{}", faults.join("\n"));
}

#[test]
fn files_beside_each_other_form_no_circle() {
    let mut found = BTreeSet::new();
    let mut told = Vec::new();
    for name in ["dynamo-runtime", "dynamo-derive"] {
        let mut beside: BTreeMap<Module, BTreeMap<Module, BTreeSet<(Module, String)>>> =
            BTreeMap::new();
        for (from, to, item) in Sources::read(name).references() {
            let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
            if common == 0 || common == from.len() || common == to.len() {
                continue;
            }
            let (one, other) = (from[..=common].to_vec(), to[..=common].to_vec());
            let edges = beside.entry(from[..common].to_vec()).or_default();
            edges.entry(one).or_default().insert((other, format!("{}: `{item}`", shown(&from))));
        }
        for edges in beside.values() {
            for circle in circles(edges) {
                for module in &circle {
                    for (other, item) in &edges[module] {
                        if circle.contains(other) {
                            told.push(format!("{} knows {}, {item}", shown(module), shown(other)));
                        }
                    }
                }
                found.insert(circle.iter().map(shown).collect::<Vec<_>>().join(", "));
            }
        }
    }
    let named: BTreeSet<_> = ARCHITECTURE
        .lines()
        .filter_map(|line| line.strip_prefix("- Circle: "))
        .map(|line| line.split(". ").next().unwrap_or_default().replace('`', ""))
        .collect();
    assert_eq!(found, named, "the circles that are there, and those that are named: {told:#?}");
}

/// The rooms of the crate, in the order of the table.
fn rooms(name: &str) -> Vec<String> {
    let prefix = format!("{name}/src/");
    let rows = ARCHITECTURE.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.filter_map(|line| line.split('|').nth(1));
    let rooms: Vec<_> = cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter_map(|path| path.strip_prefix(prefix.as_str()))
        .map(|path| path.trim_end_matches('/').trim_end_matches(".rs").to_owned())
        .collect();
    assert!(rooms.len() > 4, "{name}: {rooms:?}");
    rooms
}

/// The modules of a crate with their sources, without their tests.
struct Sources {
    modules: BTreeMap<Module, TokenStream>,
    /// What a module gives under a name of its own, and where that is.
    exported: BTreeMap<(Module, String), Module>,
}

impl Sources {
    fn read(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        let mut modules = BTreeMap::new();
        read_folder(&root, &[], &mut modules);
        assert!(modules.len() > 10, "{name}");
        let mut sources = Self { modules, exported: BTreeMap::new() };
        for (module, tokens) in &sources.modules {
            let mut exports = Vec::new();
            walk(tokens.clone(), module, &mut |scope, path, is_use, is_public| {
                if is_use && is_public {
                    exports.extend(absolute(scope, path, &sources.modules));
                }
            });
            for path in exports {
                if let Some(item) = path.last().cloned() {
                    sources.exported.insert((module.clone(), item), path);
                }
            }
        }
        sources
    }

    /// Which module names what of which other.
    fn references(&self) -> BTreeSet<(Module, Module, String)> {
        let mut references = BTreeSet::new();
        for (module, tokens) in &self.modules {
            let is_above = module.first().is_none_or(|room| ABOVE_ALL.contains(&room.as_str()));
            if is_above {
                continue;
            }
            walk(tokens.clone(), module, &mut |scope, path, is_use, is_public| {
                if is_use && is_public {
                    return;
                }
                let Some(path) = absolute(scope, path, &self.modules) else { return };
                if let Some((owner, item)) = self.owner(&path, 0)
                    && owner != *module
                {
                    references.insert((module.clone(), owner, item));
                }
            });
        }
        references
    }

    /// The module that a path leads to, past what is exported again.
    fn owner(&self, path: &[String], depth: usize) -> Option<(Module, String)> {
        let length = (1..=path.len()).rev().find(|end| self.modules.contains_key(&path[..*end]))?;
        let (module, rest) = path.split_at(length);
        let item = rest.first().cloned().unwrap_or_default();
        match self.exported.get(&(module.to_vec(), item.clone())) {
            Some(exported) if depth < 8 && exported != path => self.owner(exported, depth + 1),
            _ => Some((module.to_vec(), item)),
        }
    }
}

fn read_folder(folder: &Path, module: &[String], modules: &mut BTreeMap<Module, TokenStream>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_stem().unwrap().to_str().unwrap().to_owned();
        if name == "tests" {
            continue;
        }
        let inner = [module, std::slice::from_ref(&name)].concat();
        if entry.is_dir() {
            read_folder(&entry, &inner, modules);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            assert_ne!(name, "mod", "{}: a module is `name.rs` beside `name/`", entry.display());
            let tokens = TokenStream::from_str(&fs::read_to_string(&entry).unwrap()).unwrap();
            modules.insert(inner, tokens);
        }
    }
}

type Found<'a> = dyn FnMut(&[String], &[String], bool, bool) + 'a;

/// Finds the imports, and the paths that begin in this crate; what stands under `cfg(test)` does
/// not count.
fn walk(tokens: TokenStream, scope: &[String], found: &mut Found<'_>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut index = 0;
    let mut is_public = false;
    let mut is_test = false;
    while let Some(token) = tokens.get(index) {
        index += 1;
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                if let Some(TokenTree::Group(attribute)) = tokens.get(index) {
                    is_test |= attribute.stream().to_string().starts_with("cfg (test");
                    index += 1;
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => {
                (is_public, is_test) = (false, false);
            }
            TokenTree::Ident(word) if word == "pub" => {
                is_public = true;
                if matches!(tokens.get(index), Some(TokenTree::Group(group)) if is_round(group)) {
                    index += 1;
                }
            }
            TokenTree::Ident(word) if word == "use" => {
                let end = tokens[index..].iter().position(is_semicolon);
                let end = index + end.unwrap_or(tokens.len() - index);
                if !is_test {
                    for path in imports(&tokens[index..end], &[]) {
                        found(scope, &path, true, is_public);
                    }
                }
                index = end;
            }
            TokenTree::Ident(word) if word == "mod" => {
                let name = tokens.get(index).map(ToString::to_string).unwrap_or_default();
                if let Some(TokenTree::Group(body)) = tokens.get(index + 1) {
                    if !is_test {
                        walk(body.stream(), &[scope, &[name]].concat(), found);
                    }
                    is_test = false;
                    index += 2;
                }
                is_public = false;
            }
            TokenTree::Ident(_) => {
                let (path, after) = path_at(&tokens, index - 1);
                if path.len() > 1 && !is_test {
                    found(scope, &path, false, false);
                }
                index = after;
                is_public = false;
            }
            TokenTree::Group(group) => {
                if !is_test {
                    walk(group.stream(), scope, found);
                }
                if group.delimiter() == Delimiter::Brace {
                    is_test = false;
                }
            }
            _ => {}
        }
    }
}

fn is_round(group: &Group) -> bool {
    group.delimiter() == Delimiter::Parenthesis
}

fn is_semicolon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';')
}

fn is_colon(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
}

/// The path that begins here, and where it ends.
fn path_at(tokens: &[TokenTree], start: usize) -> (Vec<String>, usize) {
    let mut path = vec![tokens[start].to_string()];
    let mut index = start + 1;
    while is_colon(tokens.get(index)) && is_colon(tokens.get(index + 1)) {
        let Some(TokenTree::Ident(next)) = tokens.get(index + 2) else { break };
        path.push(next.to_string());
        index += 3;
    }
    (path, index)
}

/// The paths of an import, each in full.
fn imports(tokens: &[TokenTree], before: &[String]) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for branch in tokens.split(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ',')) {
        let mut path = before.to_vec();
        for token in branch {
            match token {
                TokenTree::Ident(word) if word == "as" => break,
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Group(group) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    paths.extend(imports(&inner, &path));
                    path.clear();
                    break;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
        if path.len() > before.len() {
            paths.push(path);
        }
    }
    paths
}

/// A path from the root of the crate; `None` of what is of another crate, or has no module in it.
fn absolute(
    scope: &[String],
    path: &[String],
    modules: &BTreeMap<Module, TokenStream>,
) -> Option<Vec<String>> {
    let path: Vec<_> = path.iter().filter(|part| *part != "self" || path.len() == 1).collect();
    let supers = path.iter().take_while(|part| **part == "super").count();
    let base = match path.first()?.as_str() {
        "crate" => return Some(path[1..].iter().map(|part| (*part).clone()).collect()),
        _ if supers > 0 => scope.get(..scope.len().checked_sub(supers)?)?,
        _ => scope,
    };
    let rest = path[supers..].iter().map(|part| (*part).clone());
    let path: Vec<_> = base.iter().cloned().chain(rest).collect();
    // A module that stands here, or what stands above.
    let is_here = supers > 0 || modules.contains_key(path.get(..=base.len())?);
    is_here.then_some(path)
}

/// The sets of modules that know each other, in a way that comes back.
fn circles(edges: &BTreeMap<Module, BTreeSet<(Module, String)>>) -> Vec<BTreeSet<Module>> {
    let reached = |from: &Module| {
        let mut reached = BTreeSet::new();
        let mut open = vec![from.clone()];
        while let Some(module) = open.pop() {
            for (next, _) in edges.get(&module).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        reached
    };
    let all: BTreeMap<_, _> = edges.keys().map(|module| (module, reached(module))).collect();
    let mut circles = Vec::new();
    for (module, known) in &all {
        let back = |other: &&Module| all.get(*other).is_some_and(|known| known.contains(*module));
        let circle: BTreeSet<_> = known.iter().filter(back).cloned().collect();
        if circle.len() > 1 && circle.contains(*module) && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

fn shown(module: &Module) -> String {
    module.join("::")
}
