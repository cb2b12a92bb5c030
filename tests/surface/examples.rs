//! That each public function has an example.
//!
//! It is called, by name and in a line that is shown, by an example that runs and asserts: one on
//! its own page or on that of its type or trait; of a function of a module, on the module's.

use crate::crates::{Crate, Item};

/// The functions without one, by their paths.
pub(crate) fn missing(of_crate: &Crate) -> Vec<String> {
    let mut missing = Vec::new();
    let mut seen = 0;
    for (path, item) in &of_crate.public {
        let (functions, page) = match item.kind.as_str() {
            "function" => {
                let module =
                    path.rsplit_once("::").and_then(|(module, _)| of_crate.public.get(module));
                let page = module.map(|module| module.docs.clone()).into_iter().collect();
                (vec![item.clone()], page)
            }
            "struct" | "enum" => of_blocks(&of_crate.impls(item, false), item, of_crate),
            "trait" => of_blocks(std::slice::from_ref(item), item, of_crate),
            _ => continue,
        };
        let page: Vec<_> =
            functions.iter().map(|function| function.docs.clone()).chain(page).collect();
        let examples: Vec<_> = page.iter().flat_map(|docs| asserting(docs)).collect();
        for function in functions {
            seen += 1;
            let is_member = item.kind != "function";
            if !examples.iter().any(|example| calls(example, &function, is_member)) {
                let member = if is_member { format!("::{}", function.name) } else { String::new() };
                missing.push(format!("{path}{member}"));
            }
        }
    }
    assert!(seen > 400, "there are more functions than {seen}");
    missing
}

/// Whether the docs of `operation` show the entities that the examples declare in hidden lines.
pub(crate) fn are_shown(of_crate: &Crate) -> bool {
    let hidden = include_str!("../../dynamo-runtime/src/example/orders.md").lines();
    let lines = hidden.map(|line| line.strip_prefix("# ").unwrap_or_default());
    let declared = lines.skip_while(|line| !line.starts_with("#[derive"));
    let declared: Vec<_> = declared.take_while(|line| !line.starts_with("#[tokio")).collect();
    of_crate.public["operation"].docs.contains(declared.join("\n").trim())
}

/// The functions of a type or a trait, and the docs on its page beside theirs.
fn of_blocks(blocks: &[Item], item: &Item, of_crate: &Crate) -> (Vec<Item>, Vec<String>) {
    let members = blocks.iter().flat_map(|block| of_crate.items(&block.inner["items"]));
    let functions = members.filter(|member| member.kind == "function").collect();
    let docs = blocks.iter().map(|block| block.docs.clone()).chain([item.docs.clone()]);
    (functions, docs.collect())
}

/// The lines that are shown of the examples that run and assert.
fn asserting(docs: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in docs.lines() {
        let line = line.trim();
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.is_empty(), String::new())),
            (Some(_), Some(_)) => {
                let example = open.take().filter(|(runs, text)| *runs && text.contains("assert"));
                examples.extend(example.map(|(_, text)| text));
            }
            (Some((_, text)), None) if line != "#" && !line.starts_with("# ") => {
                text.push_str(line.split("//").next().unwrap_or_default());
                text.push('\n');
            }
            _ => {}
        }
    }
    examples
}

/// Whether the text calls the function, or hands it over by its path; to define it is not to call it.
fn calls(text: &str, function: &Item, is_member: bool) -> bool {
    let has_receiver = function.inner["sig"]["inputs"][0][0] == "self";
    text.match_indices(&function.name).any(|(start, name)| {
        let (before, after) = (&text[..start], &text[start + name.len()..]);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let is_path = before.ends_with("::");
        let is_reached = is_path || !is_member || has_receiver && before.ends_with('.');
        is_reached
            && !before.ends_with(is_word)
            && !before.ends_with("fn ")
            && !after.starts_with(is_word)
            && (is_path || after.starts_with('(') || after.starts_with("::<"))
    })
}
