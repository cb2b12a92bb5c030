//! The profile files, read for what would redirect an SDK client.

use std::path::PathBuf;

use super::rules::{self, Rule};
use super::{Environment, File, Seen};

const UNFIT: &str = "names a profile file that is no regular file, or too large for one";

/// Notes what the active profiles set: `named`, or else what `AWS_PROFILE` names, or else `default`.
pub(super) fn check(environment: &dyn Environment, named: &[&str], seen: &mut Seen<'_>) {
    let chosen = environment.variable("AWS_PROFILE");
    let chosen = [chosen.as_deref().unwrap_or("default")];
    let active = if named.is_empty() { &chosen } else { named };
    for (variable, path) in files(environment) {
        let text = match environment.file(&path) {
            File::Absent => continue,
            File::Text(text) => text,
            File::Unfit => {
                seen.note(variable, None, Rule::Refuse(UNFIT));
                continue;
            }
        };
        for (number, key) in keys(&text, active) {
            let key = key.to_ascii_lowercase();
            if let Some(rule) = rules::of_profile_key(&key) {
                seen.note(&key, Some(&format!("{}, line {number}", path.display())), rule);
            }
        }
    }
}

/// The files that an SDK reads, each with the variable that names it.
fn files(environment: &dyn Environment) -> impl Iterator<Item = (&'static str, PathBuf)> {
    let home = environment
        .variable("HOME")
        .or_else(|| environment.variable("USERPROFILE"))
        .map(PathBuf::from);
    let file = |variable: &'static str, name: &str| {
        let named = environment.variable(variable).map(PathBuf::from);
        // The SDK expands a leading `~` in the variable's value.
        let named = named.map(|path| match (path.strip_prefix("~"), &home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path,
        });
        let path = named.or_else(|| home.as_ref().map(|home| home.join(".aws").join(name)));
        path.map(|path| (variable, path))
    };
    let files =
        [file("AWS_CONFIG_FILE", "config"), file("AWS_SHARED_CREDENTIALS_FILE", "credentials")];
    files.into_iter().flatten()
}

/// The keys set in the sections of these profiles, nested ones as well, each with its line number from 1.
fn keys<'t>(text: &'t str, profiles: &[&str]) -> Vec<(usize, &'t str)> {
    let mut keys = Vec::new();
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        // An indented line goes on with the value before it, whatever it starts with.
        if let Some(section) = line.strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default().trim();
            let name = match section.strip_prefix("profile") {
                Some(rest) if rest.starts_with([' ', '\t']) => rest.trim(),
                _ => section,
            };
            inside = profiles.contains(&name.trim_matches('"'));
        } else if inside && let Some((key, _)) = line.split_once('=') {
            // A comment gives a key that no rule has, for it starts with `#` or `;`.
            keys.push((index + 1, key.trim()));
        }
    }
    keys
}
