//! No link in the repository's Markdown is dead. Those to other hosts are not followed.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::documents::{all, prose, read, root};

/// The targets of a document's links: `[text](target)`, also of images.
fn links(text: &str) -> Vec<String> {
    let prose = without_code(&prose(text));
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets.map(|(target, _)| target.to_owned()).collect()
}

/// Without code in a line: what stands there is no link.
fn without_code(prose: &str) -> String {
    let mut kept = String::new();
    for line in prose.lines() {
        // Two backquotes enclose one.
        let line = line.replace("``", "\u{0}");
        let outer: String = line.split('\u{0}').step_by(2).collect::<Vec<_>>().join("");
        kept.extend(outer.split('`').step_by(2));
        kept.push('\n');
    }
    kept
}

/// The anchors of a document's headings, as GitHub makes them: of equal ones the second ends in `-1`.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for line in prose(text).lines() {
        let title = line.trim_start_matches('#');
        if line == title || !title.starts_with(' ') {
            continue;
        }
        let title = link_texts(title.trim());
        let kept = title.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
        let anchor = kept.collect::<String>().to_lowercase().replace(' ', "-");
        let numbered = (1..).map(|number| format!("{anchor}-{number}"));
        let mut names = std::iter::once(anchor.clone()).chain(numbered);
        anchors.insert(names.find(|name| !anchors.contains(name)).unwrap());
    }
    anchors
}

/// A heading with the text of its links in their place.
fn link_texts(heading: &str) -> String {
    let mut parts = heading.split("](");
    let mut text = parts.next().unwrap().to_owned();
    for part in parts {
        text.push_str(part.split_once(')').map_or("", |(_, rest)| rest));
    }
    text.replace('[', "")
}

/// The path without `.` and `..`, or nothing where it leads out of the repository.
fn inside(path: &Path) -> Option<PathBuf> {
    let mut kept = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) => kept.push(name),
            Component::ParentDir => kept = kept.pop().then_some(kept)?,
            _ => {}
        }
    }
    Some(kept)
}

/// Why the link of a document leads nowhere.
fn fault(document: &str, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, it)| (file, Some(it)));
    let folder = Path::new(document).parent().unwrap();
    let path = if file.is_empty() { PathBuf::from(document) } else { folder.join(file) };
    let Some(path) = inside(&path) else { return Some("it leads out of the repository".into()) };
    if !root().join(&path).exists() {
        return Some("there is no such file".into());
    }
    let anchor = anchor?;
    let text = read(path.to_str()?);
    (!anchors(&text).contains(anchor)).then(|| "there is no such heading".into())
}

#[test]
fn each_link_leads_to_a_file_and_to_a_heading() {
    let mut dead = Vec::new();
    let mut count = 0;
    for document in all() {
        for link in links(&read(&document)) {
            count += usize::from(!link.contains("://"));
            dead.extend(fault(&document, &link).map(|why| format!("{document}: {link}: {why}")));
        }
    }
    assert!(count > 100, "{count}");
    assert_eq!(dead, [""; 0]);
}

#[test]
fn a_dead_link_is_found() {
    assert_eq!(fault("docs/README.md", "errors.md#the-types"), None);
    assert_eq!(fault("docs/README.md", "https://docs.rs"), None);
    for link in ["nowhere.md", "errors.md#nowhere", "#nowhere", "../../elsewhere/README.md"] {
        assert!(fault("docs/README.md", link).is_some(), "{link}");
    }
    assert_eq!(links("a `[x](y)` ``[`](y)`` [b](c.md#d)\n```\n[e](f)\n```"), ["c.md#d"]);
    let headings = anchors("# A `b::c`, [D](e.md)!\n## X\n## X\n```\n# no\n```");
    assert_eq!(headings, ["a-bc-d", "x", "x-1"].map(str::to_owned).into());
}
