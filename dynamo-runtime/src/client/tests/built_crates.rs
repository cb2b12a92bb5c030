//! Where the sources of the crates are that this test was built with.
//!
//! Cargo writes down beside a test which files each crate was compiled from. So nothing is asked of
//! cargo, which would want every crate of every platform, fetched or not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the crate of this name.
pub(crate) fn folder(name: &str) -> PathBuf {
    folders(|locked| locked == name).remove(name).unwrap()
}

/// The folders of the crates of `Cargo.lock` whose names are wanted: all of them, or it panics.
pub(crate) fn folders(is_wanted: impl Fn(&str) -> bool) -> BTreeMap<String, PathBuf> {
    let test = std::env::current_exe().unwrap();
    let mut found = BTreeMap::new();
    for (name, version) in locked().into_iter().filter(|(name, _)| is_wanted(name)) {
        let prefix = format!("{}-", name.replace('-', "_"));
        let entries = fs::read_dir(test.parent().unwrap()).unwrap().map(|entry| entry.unwrap());
        let is_of_crate = |path: &PathBuf| {
            let file = path.file_name().unwrap().to_string_lossy();
            file.starts_with(&prefix) && file.ends_with(".d")
        };
        let dep_infos = entries.map(|entry| entry.path()).filter(is_of_crate);
        let folder = dep_infos.filter_map(root).find(|root| is_version(root, &version));
        let folder = folder.unwrap_or_else(|| panic!("no sources of {name} {version} were built"));
        found.insert(name, folder);
    }
    found
}

/// The folder above the `src/lib.rs` that a dep-info names.
fn root(dep_info: PathBuf) -> Option<PathBuf> {
    let text = fs::read_to_string(dep_info).unwrap();
    // Each source has a line of its own, in which a space is escaped.
    let sources = text.lines().filter_map(|line| line.strip_suffix(':'));
    let mut sources = sources.map(|source| PathBuf::from(source.replace("\\ ", " ")));
    let library = sources.find(|source| source.ends_with("src/lib.rs"))?;
    library.ancestors().nth(2).map(Path::to_path_buf)
}

/// A build of another version may have left its dep-info, and its sources may be gone.
fn is_version(folder: &Path, version: &str) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.lines().any(|line| line == format!("version = \"{version}\""))
}

fn locked() -> Vec<(String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let text = fs::read_to_string(file).unwrap();
    let quoted = |line: Option<&str>| Some(line?.split('"').nth(1)?.to_owned());
    let of_package = |package: &str| {
        let mut lines = package.lines().skip_while(|line| !line.starts_with("name = "));
        Some((quoted(lines.next())?, quoted(lines.next())?))
    };
    text.split("[[package]]").filter_map(of_package).collect()
}
