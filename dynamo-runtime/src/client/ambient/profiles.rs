//! The profile files, read for what would redirect an SDK client.

use std::collections::HashMap;
use std::path::PathBuf;

use zeroize::Zeroizing;

use super::rules::{self, Rule};
use super::{AmbientCheck, Environment, File};

const UNFIT: &str = "names a profile file that is no regular file, or too large for one";

/// Notes what the active profiles set: `named`, or else what `AWS_PROFILE` names, or else `default`.
pub(super) fn check(environment: &dyn Environment, named: &[&str], seen: &mut AmbientCheck<'_>) {
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

/// What is set, by keys in lower case. Some of it is secret.
pub(in crate::client) type Settings = HashMap<String, Zeroizing<String>>;

/// What the files say of a profile, by keys in lower case, or nothing where none of them has it.
///
/// The credentials file goes before the other, and there `[profile default]` before `[default]`. What is nested below a key
/// is no setting of the profile.
pub(in crate::client) fn settings(
    environment: &dyn Environment,
    profile: &str,
) -> Option<Settings> {
    let mut found = None;
    for (variable, path) in files(environment) {
        let File::Text(text) = environment.file(&path) else { continue };
        let with_prefix = format!("profile {profile}");
        let of_credentials = [profile];
        let of_config = [profile, &with_prefix];
        let headers: &[&str] = match (variable, profile) {
            ("AWS_SHARED_CREDENTIALS_FILE", _) => &of_credentials,
            // In the order in which the later one wins.
            (_, "default") => &of_config,
            _ => &of_config[1..],
        };
        for header in headers {
            if let Some(section) = section(&text, header) {
                found.get_or_insert_with(Settings::new).extend(section);
            }
        }
    }
    found
}

/// The settings below each section of this name, if there is one.
fn section(text: &str, name: &str) -> Option<Settings> {
    let mut found: Option<Settings> = None;
    let mut inside = false;
    let mut last: Option<String> = None;
    for line in text.lines() {
        let content = line.trim();
        if content.is_empty() || content.starts_with(['#', ';']) {
            continue;
        }
        if let Some(header) = line.strip_prefix('[') {
            let header = header.split(']').next().unwrap_or_default();
            let words = header.split_whitespace().map(|word| word.trim_matches('"'));
            inside = words.eq(name.split(' '));
            last = None;
            if inside {
                found.get_or_insert_default();
            }
            continue;
        }
        let Some(settings) = found.as_mut().filter(|_| inside) else { continue };
        if line.starts_with([' ', '\t']) {
            // It goes on with the value before it, which no key and no name of a role does; below an empty one it is
            // nested, and no setting of the profile.
            let value = last.as_ref().and_then(|key| settings.get_mut(key));
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                *value = Zeroizing::new(format!("{}\n{content}", value.as_str()));
            }
        } else if let Some((key, value)) = content.split_once('=') {
            let key = key.trim().to_ascii_lowercase();
            settings.insert(key.clone(), Zeroizing::new(without_comment(value).to_owned()));
            last = Some(key);
        }
    }
    found
}

/// The value up to what follows white space and a `#` or `;`.
fn without_comment(value: &str) -> &str {
    let ends = [" #", " ;", "\t#", "\t;"].into_iter().filter_map(|mark| value.find(mark));
    let end = ends.min().unwrap_or(value.len());
    value.get(..end).unwrap_or(value).trim()
}
