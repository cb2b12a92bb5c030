//! The table of the guide, a row for each library.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What a library and an entity have done on one table.
pub(crate) struct Row {
    /// The library, as its registry names it, and where its version is pinned.
    pub(crate) library: &'static str,
    /// The forms that the two agree on.
    pub(crate) forms: &'static str,
    /// What the entity found of what the library wrote.
    pub(crate) read: &'static str,
    /// What was not only read: changed by condition, replaced, deleted.
    pub(crate) written_back: &'static str,
    /// What the library found of what the entity wrote.
    pub(crate) read_by_them: &'static str,
}

const DOCUMENT: &str = "docs/existing-tables.md";
const BEGIN: &str = "<!-- interop: scripts/interop writes these rows -->";
const END: &str = "<!-- end of interop -->";

/// Compares the document's table with the run; with `INTEROP=overwrite` it writes it.
pub(crate) fn is_written(rows: &[Row]) -> bool {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut table = format!(
        "{BEGIN}\n| library | forms | read | written back | read by them |\n|---|---|---|---|---|\n"
    );
    for row in rows {
        let version = version(&root, row.library);
        let Row { library, forms, read, written_back, read_by_them } = row;
        let _ = writeln!(
            table,
            "| {library} {version} | {forms} | {read} | {written_back} | {read_by_them} |"
        );
    }
    table.push_str(END);
    let file = root.join(DOCUMENT);
    let text = fs::read_to_string(&file).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the document has the table");
    let (_, after) = rest.split_once(END).expect("the table ends");
    let written = format!("{before}{table}{after}");
    if std::env::var_os("INTEROP").is_some() {
        fs::write(&file, &written).unwrap();
    } else if written != text {
        eprintln!("{DOCUMENT} has another table: INTEROP=overwrite scripts/interop writes it");
        return false;
    }
    true
}

/// As it is pinned.
fn version(root: &Path, library: &str) -> String {
    let folder = root.join("tests/interop/programs");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let of_npm: serde_json::Value = serde_json::from_str(&read("package.json")).unwrap();
    if let Some(version) = of_npm["dependencies"][library].as_str() {
        return version.to_owned();
    }
    let pinned = read("requirements.txt") + &read("requirements-bloop.txt");
    let of_pip = pinned.lines().find_map(|line| line.strip_prefix(library)?.strip_prefix("=="));
    if let Some(version) = of_pip {
        return version.to_owned();
    }
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
    let (_, package) =
        lock.split_once(&format!("name = \"{library}\"\nversion = \"")).expect(library);
    package.split('"').next().unwrap_or_default().to_owned()
}
