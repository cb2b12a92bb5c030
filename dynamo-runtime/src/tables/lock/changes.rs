//! What a changed fact does to what is stored.

use std::fmt;

use super::facts::Facts;

/// A fact that has changed since it was locked.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Lock, Schema};
/// # mod before {
/// #     use dynamo_runtime::prelude::*;
/// #     #[derive(Entity)]
/// #     #[dynamo(table = "users")]
/// #     pub struct User { #[dynamo(partition_key)] pub user_id: String, pub age: u32 }
/// # }
///
/// #[derive(Entity)]
/// #[dynamo(table = "users")]
/// struct User {
///     #[dynamo(partition_key)]
///     user_id: String,
///     age: u8, // which was a u32
/// }
///
/// let before = Lock::of(&Schema::of::<before::User>()?);
/// let changes = Lock::of(&Schema::of::<User>()?).since(&before);
/// assert_eq!(changes[0].fact(), "User.age");
/// assert!(changes[0].is_breaking());
/// assert_eq!(changes[0].breaks(), Some("items with more than 255 cannot be read"));
/// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaChange {
    fact: String,
    was: Option<String>,
    is: Option<String>,
    breaks: Option<String>,
}

impl SchemaChange {
    /// The fact, such as `User.age`.
    pub fn fact(&self) -> &str {
        &self.fact
    }

    /// Whether items could not be read, by this program or by one of before.
    pub fn is_breaking(&self) -> bool {
        self.breaks.is_some()
    }

    /// Which items could not be read, and by whom.
    pub fn breaks(&self) -> Option<&str> {
        self.breaks.as_deref()
    }

    /// The change without what it does.
    pub(super) fn line(&self) -> String {
        let Self { fact, was, is, .. } = self;
        match (was, is) {
            (Some(was), Some(is)) => format!("`{fact}` was `{was}` and is `{is}`"),
            (Some(was), None) => format!("`{fact}` was `{was}` and is gone"),
            (None, is) => format!("`{fact}` is new: `{}`", is.as_deref().unwrap_or_default()),
        }
    }
}

impl fmt::Display for SchemaChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line())?;
        match &self.breaks {
            Some(breaks) => write!(f, ": {breaks}"),
            None => Ok(()),
        }
    }
}

pub(super) fn between(before: &Facts, now: &Facts) -> Vec<SchemaChange> {
    let change = |fact: &str, was: Option<&String>, is: Option<&String>| SchemaChange {
        fact: fact.to_owned(),
        was: was.cloned(),
        is: is.cloned(),
        breaks: breaks(fact, was.map(String::as_str), is.map(String::as_str), before, now),
    };
    let gone_or_other = before
        .iter()
        .filter(|(fact, was)| now.get(*fact) != Some(was))
        .map(|(fact, was)| change(fact, Some(was), now.get(fact)));
    let new = now
        .iter()
        .filter(|(fact, _)| !before.contains_key(*fact))
        .map(|(fact, is)| change(fact, None, Some(is)));
    gone_or_other.chain(new).collect()
}

/// What a fact is about.
enum FactKind<'f> {
    Table,
    TableIndex,
    Entity,
    Key,
    Index,
    Version,
    Expiry,
    Attribute,
    Presence(&'f str),
    Alias(&'f str),
    Variant(&'f str, &'f str),
}

impl<'f> FactKind<'f> {
    fn of(fact: &'f str) -> Self {
        if let Some(table) = fact.strip_prefix("table ") {
            return if table.contains(" index ") { Self::TableIndex } else { Self::Table };
        }
        let Some((subject, role)) = fact.split_once(' ') else {
            let is_attribute = fact.contains('.');
            return if is_attribute { Self::Attribute } else { Self::Entity };
        };
        match role.split_once(' ') {
            _ if role == "key" => Self::Key,
            _ if role == "version" => Self::Version,
            _ if role == "expiry" => Self::Expiry,
            _ if role == "presence" => Self::Presence(subject),
            Some(("index", _)) => Self::Index,
            Some(("alias", alias)) => Self::Alias(alias),
            Some(("variant", variant)) => Self::Variant(subject, variant),
            // An attribute whose name has a space.
            _ => Self::Attribute,
        }
    }
}

/// Which items could not be read after the change; `None` where all can, by old readers too.
fn breaks(
    fact: &str,
    was: Option<&str>,
    is: Option<&str>,
    before: &Facts,
    now: &Facts,
) -> Option<String> {
    let breaks = |text: String| Some(text);
    match (FactKind::of(fact), was, is) {
        (FactKind::Table, Some(_), Some(_)) => breaks(
            "a table cannot change its keys: all its items have to be loaded into a new one".into(),
        ),
        (FactKind::TableIndex, Some(_), Some(_)) => breaks(
            "an index cannot be changed: queries fail until one of another name is made".into(),
        ),
        (FactKind::Entity, Some(table), None) => {
            breaks(format!("no program reads its items in the table `{table}` any more"))
        }
        (FactKind::Entity, Some(table), Some(_)) => {
            breaks(format!("its items in the table `{table}` are not found"))
        }
        (FactKind::Key, Some(was), Some(is)) if forms(was) != forms(is) => {
            breaks("items with keys of the old form are not found".into())
        }
        (FactKind::Index, Some(was), Some(is)) if forms(was) != forms(is) => {
            breaks("items with keys of the old form are not found by this index".into())
        }
        (FactKind::Version, Some(was), _) => {
            breaks(format!("programs of before check `{was}`, and this one does not"))
        }
        (FactKind::Expiry, Some(was), _) => {
            breaks(format!("DynamoDB goes on deleting items by `{was}`, and by no other attribute"))
        }
        (FactKind::Attribute, Some(_), None) if is_removed_with(fact, before, now) => None,
        (FactKind::Attribute, Some(_), None) => match reader_of(fact, now) {
            Some(name) => breaks(format!(
                "programs of before do not find it in items that this one writes as `{name}`"
            )),
            None => breaks("items have it, no field reads it, and a put drops it".into()),
        },
        (FactKind::Attribute, Some(was), Some(is)) => other_form(was, is),
        (FactKind::Presence(path), None, Some("required"))
            if is_in_old_entity(path, before) && reader_of_old(path, before, now).is_none() =>
        {
            breaks("items without it, as all of before are, cannot be read".into())
        }
        (FactKind::Presence(_), Some("optional"), Some("required")) => {
            breaks("items without it cannot be read".into())
        }
        (FactKind::Presence(_), Some("default"), Some("required")) => {
            breaks("items without it had a default, and cannot be read".into())
        }
        (FactKind::Presence(_), Some("default"), Some("optional")) => {
            breaks("items without it had a default, and are read without it".into())
        }
        (FactKind::Presence(_), Some("required"), Some("optional")) => {
            breaks("programs of before cannot read items that are written without it".into())
        }
        (FactKind::Alias(alias), Some(_), None) if !is_name_of_attribute(fact, alias, now) => {
            breaks(format!("items that have it as `{alias}` are read without it"))
        }
        (FactKind::Variant(path, variant), Some(_), None)
            if now.contains_key(path) && !is_open(path, now) =>
        {
            breaks(format!("items with `{variant}` cannot be read"))
        }
        (FactKind::Variant(path, variant), None, Some(_))
            if before.contains_key(path) && !is_open(path, before) =>
        {
            breaks(format!(
                "programs of before cannot read items with `{variant}`: change all readers before the first writer"
            ))
        }
        _ => None,
    }
}

/// A key's form, whatever its parts are called.
fn forms(key: &str) -> String {
    let mut form = String::new();
    let mut rest = key;
    while let Some((before, after)) = rest.split_once('{') {
        form.push_str(before);
        form.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    form + rest
}

/// Whether the attribute is gone with what it was in, which is told by itself.
fn is_removed_with(path: &str, before: &Facts, now: &Facts) -> bool {
    let around = path.rsplit_once(['.', '[', '{', '<']);
    around
        .is_some_and(|(around, _)| !is_there(around, now) || before.get(around) != now.get(around))
}

/// Whether there is this entity, attribute, or variant of an enum.
fn is_there(path: &str, facts: &Facts) -> bool {
    let variant = path.strip_suffix(')').and_then(|path| path.rsplit_once('('));
    facts.contains_key(path)
        || variant
            .is_some_and(|(of, variant)| facts.contains_key(&format!("{of} variant {variant}")))
}

/// The attribute that reads this one by an alias now.
fn reader_of(path: &str, now: &Facts) -> Option<String> {
    let (within, name) = path.rsplit_once('.')?;
    let suffix = format!(" alias {name}");
    let by_alias = now.keys().filter_map(|fact| fact.strip_suffix(suffix.as_str()));
    by_alias
        .filter_map(|reader| reader.rsplit_once('.'))
        .find(|(of, _)| *of == within)
        .map(|(_, name)| name.to_owned())
}

/// The old attribute that this new one reads by an alias.
fn reader_of_old(path: &str, before: &Facts, now: &Facts) -> Option<String> {
    let (within, _) = path.rsplit_once('.')?;
    let prefix = format!("{path} alias ");
    let aliases = now.keys().filter_map(|fact| fact.strip_prefix(prefix.as_str()));
    aliases.map(|alias| format!("{within}.{alias}")).find(|old| before.contains_key(old))
}

/// Whether what the attribute is in was there before.
fn is_in_old_entity(path: &str, before: &Facts) -> bool {
    path.rsplit_once('.').is_some_and(|(within, _)| is_there(within, before))
}

fn is_name_of_attribute(fact: &str, alias: &str, now: &Facts) -> bool {
    let subject = fact.split(' ').next().unwrap_or_default();
    subject
        .rsplit_once('.')
        .is_some_and(|(within, _)| now.contains_key(&format!("{within}.{alias}")))
}

fn is_open(path: &str, facts: &Facts) -> bool {
    facts
        .get(path)
        .is_some_and(|form| form.ends_with("others") || matches!(form.as_str(), "S" | "any" | "N"))
}

/// Whether values of the one form can be read as the other, and the other way.
fn other_form(was: &str, is: &str) -> Option<String> {
    let bounds = |form: &str| -> Option<(i128, u128)> {
        let (least, most) = form.strip_prefix("N ")?.split_once("..=")?;
        Some((least.parse().ok()?, most.parse().ok()?))
    };
    if let (Some(was), Some(is)) = (bounds(was), bounds(is)) {
        let mut told = Vec::new();
        if is.0 > was.0 {
            told.push(format!("items with less than {} cannot be read", is.0));
        }
        if is.1 < was.1 {
            told.push(format!("items with more than {} cannot be read", is.1));
        }
        if told.is_empty() {
            return Some("programs of before cannot read the numbers that are new: change all readers before the first writer".into());
        }
        return Some(told.join(", and "));
    }
    match (was, is) {
        // What was one of some texts is a text; whoever reads any reads it.
        ("S variants", "S known variants and others") => None,
        (_, "any") => Some("programs of before cannot read values of other types".into()),
        ("S variants" | "S known variants and others", "S") => {
            Some("programs of before may not know the texts that are new".into())
        }
        _ => Some(format!("items that hold it as `{was}` may not be readable")),
    }
}
