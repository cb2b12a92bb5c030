//! Each change of an entity against the lock of before.

use std::fs;

use dynamo_runtime::tables::{Lock, LockError, Schema, SchemaChange, update_lock};

/// What has changed between two forms of an entity `Thing`.
macro_rules! changes {
    ({ $($before:tt)* } => { $($now:tt)* }) => {{
        #[allow(dead_code)]
        mod before {
            use dynamo_runtime::prelude::*;
            $($before)*
        }
        #[allow(dead_code)]
        mod now {
            use dynamo_runtime::prelude::*;
            $($now)*
        }
        let before = Lock::of(&Schema::of::<before::Thing>().unwrap());
        let now = Lock::of(&Schema::of::<now::Thing>().unwrap());
        now.since(&before)
    }};
}

/// The same of an entity with a key and these fields.
macro_rules! fields {
    ({ $($before:tt)* } => { $($now:tt)* } $($more:item)*) => {
        changes!({
            #[derive(Entity)]
            #[dynamo(table = "things")]
            pub struct Thing { #[dynamo(partition_key)] id: String, $($before)* }
            $($more)*
        } => {
            #[derive(Entity)]
            #[dynamo(table = "things")]
            pub struct Thing { #[dynamo(partition_key)] id: String, $($now)* }
            $($more)*
        })
    };
}

/// The breaking ones.
#[track_caller]
fn assert_breaks(changes: &[SchemaChange], expected: &[&str]) {
    let breaking = changes.iter().filter(|change| change.is_breaking());
    let breaking: Vec<_> = breaking.map(ToString::to_string).collect();
    assert_eq!(breaking, expected);
}

#[track_caller]
fn assert_harmless(changes: &[SchemaChange]) {
    assert!(!changes.is_empty());
    assert_breaks(changes, &[]);
}

const PUT: &str = "items have it, no field reads it, and a put drops it";

#[test]
fn a_removed_attribute_breaks() {
    let changes = fields!({ a: u8, b: Option<String> } => { a: u8 });
    assert_breaks(&changes, &[&format!("`Thing.b` was `S` and is gone: {PUT}")]);
}

#[test]
fn a_renamed_attribute_breaks_and_one_with_an_alias_only_for_old_readers() {
    let changes = fields!({ a: u8 } => { b: u8 });
    assert_breaks(
        &changes,
        &[
            &format!("`Thing.a` was `N 0..=255` and is gone: {PUT}"),
            "`Thing.b presence` is new: `required`: items without it, as all of before are, cannot be read",
        ],
    );
    let changes = fields!({ a: u8 } => { #[dynamo(alias = "a")] b: u8 });
    assert_breaks(
        &changes,
        &[
            "`Thing.a` was `N 0..=255` and is gone: programs of before do not find it in items that this one writes as `b`",
        ],
    );
    let changes = fields!({ #[dynamo(alias = "a")] b: u8 } => { b: u8 });
    assert_breaks(
        &changes,
        &[
            "`Thing.b alias a` was `read` and is gone: items that have it as `a` are read without it",
        ],
    );
    assert_harmless(&fields!({ b: u8 } => { #[dynamo(alias = "a")] b: u8 }));
}

#[test]
fn another_type_or_form_breaks() {
    let changes = fields!({ a: u8 } => { a: String });
    assert_breaks(
        &changes,
        &[
            "`Thing.a` was `N 0..=255` and is `S`: items that hold it as `N 0..=255` may not be readable",
        ],
    );
    let changes = fields!({ a: String } => { a: Timestamp });
    assert_breaks(
        &changes,
        &["`Thing.a` was `S` and is `S timestamp`: items that hold it as `S` may not be readable"],
    );
    let changes = fields!({ a: Vec<u16> } => { a: Vec<u8> });
    assert_breaks(
        &changes,
        &["`Thing.a` was `L` and is `B`: items that hold it as `L` may not be readable"],
    );
    let changes = fields!({ a: (u8, u8) } => { a: (u8, u8, u8) });
    assert_breaks(
        &changes,
        &[
            "`Thing.a` was `L of 2` and is `L of 3`: items that hold it as `L of 2` may not be readable",
        ],
    );
}

#[test]
fn integers_break_that_are_narrower_and_for_old_readers_that_are_wider() {
    let changes = fields!({ a: i32, b: u8 } => { a: u16, b: u64 });
    assert_breaks(
        &changes,
        &[
            "`Thing.a` was `N -2147483648..=2147483647` and is `N 0..=65535`: items with less than 0 cannot be read, and items with more than 65535 cannot be read",
            "`Thing.b` was `N 0..=255` and is `N 0..=18446744073709551615`: programs of before cannot read the numbers that are new: change all readers before the first writer",
        ],
    );
}

#[test]
fn an_absence_breaks_that_was_allowed() {
    let changes = fields!({ #[dynamo(default)] a: Option<u8> } => { a: Option<u8> });
    assert_breaks(
        &changes,
        &[
            "`Thing.a presence` was `default` and is `optional`: items without it had a default, and are read without it",
        ],
    );
    let changes = fields!({ a: Option<u8>, #[dynamo(default)] b: u8, c: u8 } => { a: u8, b: u8, c: Option<u8> });
    assert_breaks(
        &changes,
        &[
            "`Thing.a presence` was `optional` and is `required`: items without it cannot be read",
            "`Thing.b presence` was `default` and is `required`: items without it had a default, and cannot be read",
            "`Thing.c presence` was `required` and is `optional`: programs of before cannot read items that are written without it",
        ],
    );
    assert_harmless(
        &fields!({ a: u8, b: Option<u8> } => { #[dynamo(default)] a: u8, #[dynamo(default)] b: u8 }),
    );
}

#[test]
fn new_attributes_break_that_items_of_before_must_have() {
    let changes = fields!({} => { a: u8 });
    assert_breaks(
        &changes,
        &[
            "`Thing.a presence` is new: `required`: items without it, as all of before are, cannot be read",
        ],
    );
    assert_harmless(&fields!({} => { a: Option<u8>, #[dynamo(default)] b: u8, c: Option<Place> }
        #[derive(Document)]
        pub struct Place { city: String }
    ));
}

#[test]
fn variants_break_that_are_gone_and_for_old_readers_that_are_new() {
    let changes = changes!({
        #[derive(Entity)]
        #[dynamo(table = "things")]
        pub struct Thing { #[dynamo(partition_key)] id: String, a: Status, b: Open }
        #[derive(Document)]
        pub enum Status { On, Off }
        #[derive(Document)]
        pub enum Open { On, #[dynamo(other)] Other(String) }
    } => {
        #[derive(Entity)]
        #[dynamo(table = "things")]
        pub struct Thing { #[dynamo(partition_key)] id: String, a: Status, b: Open }
        #[derive(Document)]
        pub enum Status { On, Idle }
        #[derive(Document)]
        pub enum Open { Off, #[dynamo(other)] Other(String) }
    });
    assert_breaks(
        &changes,
        &[
            "`Thing.a variant Off` was `read` and is gone: items with `Off` cannot be read",
            "`Thing.a variant Idle` is new: `read`: programs of before cannot read items with `Idle`: change all readers before the first writer",
        ],
    );
}

#[test]
fn documents_and_enums_with_fields_are_looked_into() {
    let changes = changes!({
        #[derive(Entity)]
        #[dynamo(table = "things")]
        pub struct Thing { #[dynamo(partition_key)] id: String, a: Vec<Place>, b: Payment }
        #[derive(Document)]
        pub struct Place { city: String, country: Option<String> }
        #[derive(Document)]
        #[dynamo(tag = "kind")]
        pub enum Payment { Card { last_four: String, bank: Option<String> }, Cash }
    } => {
        #[derive(Entity)]
        #[dynamo(table = "things")]
        pub struct Thing { #[dynamo(partition_key)] id: String, a: Vec<Place>, b: Payment }
        #[derive(Document)]
        pub struct Place { city: u8 }
        #[derive(Document)]
        #[dynamo(tag = "kind")]
        pub enum Payment { Card { last_four: String, holder: String } }
    });
    assert_breaks(
        &changes,
        &[
            "`Thing.a[].city` was `S` and is `N 0..=255`: items that hold it as `S` may not be readable",
            &format!("`Thing.a[].country` was `S` and is gone: {PUT}"),
            "`Thing.b variant Cash` was `read` and is gone: items with `Cash` cannot be read",
            &format!("`Thing.b(Card).bank` was `S` and is gone: {PUT}"),
            "`Thing.b(Card).holder presence` is new: `required`: items without it, as all of before are, cannot be read",
        ],
    );
}

#[test]
fn keys_and_tables_break() {
    let changes = changes!({
        #[derive(Entity)]
        #[dynamo(table = "things", partition_key("pk") = "A#{id}", sort_key("sk") = "X")]
        #[dynamo(index(by_a, name = "by-a", partition_key("ak") = "A#{a}"))]
        pub struct Thing { id: String, a: String, #[dynamo(ttl)] until: Timestamp, #[dynamo(version)] v: Version }
    } => {
        #[derive(Entity)]
        #[dynamo(table = "things", partition_key("pk") = "B#{id}", sort_key("sk") = "X")]
        #[dynamo(index(by_a, name = "by-a", partition_key("ak") = "B#{a}"))]
        pub struct Thing { id: String, a: String, #[dynamo(default)] until: u64, #[dynamo(default)] v: u64 }
    });
    assert_breaks(
        &changes,
        &[
            "`Thing expiry` was `until` and is gone: DynamoDB goes on deleting items by `until`, and by no other attribute",
            "`Thing index by-a` was `A#{a}` and is `B#{a}`: items with keys of the old form are not found by this index",
            "`Thing key` was `A#{id} | X` and is `B#{id} | X`: items with keys of the old form are not found",
            "`Thing version` was `v` and is gone: programs of before check `v`, and this one does not",
            "`Thing.until` was `N epoch seconds` and is `N 0..=18446744073709551615`: items that hold it as `N epoch seconds` may not be readable",
            "`Thing.v` was `N version` and is `N 0..=18446744073709551615`: items that hold it as `N version` may not be readable",
        ],
    );
    let changes = changes!({
        #[derive(Entity)]
        #[dynamo(table = "things")]
        pub struct Thing { #[dynamo(partition_key)] id: String }
    } => {
        #[derive(Entity)]
        #[dynamo(table = "other")]
        pub struct Thing { #[dynamo(partition_key)] id: String }
    });
    assert_breaks(
        &changes,
        &["`Thing` was `things` and is `other`: its items in the table `things` are not found"],
    );
    let changes = changes!({
        #[derive(Entity)]
        #[dynamo(table = "things")]
        #[dynamo(index(by_a, name = "by-a", partition_key = a))]
        pub struct Thing { #[dynamo(partition_key)] id: String, a: String, b: String }
    } => {
        #[derive(Entity)]
        #[dynamo(table = "things")]
        #[dynamo(index(by_b, name = "by-a", partition_key = b))]
        pub struct Thing { #[dynamo(partition_key)] id: String, a: String, b: String }
    });
    assert!(
        changes
            .iter()
            .any(|change| { change.fact() == "table things index by-a" && change.is_breaking() })
    );
}

#[test]
fn a_part_of_a_key_may_be_called_otherwise_in_rust() {
    let changes = changes!({
        #[derive(Entity)]
        #[dynamo(table = "things", partition_key("pk") = "A#{id}")]
        pub struct Thing { id: String }
    } => {
        #[derive(Entity)]
        #[dynamo(table = "things", partition_key("pk") = "A#{name}")]
        pub struct Thing { #[dynamo(rename = "id")] name: String }
    });
    assert_breaks(&changes, &[]);
}

mod stored {
    use dynamo_runtime::prelude::*;

    #[derive(Entity)]
    #[dynamo(table = "users")]
    pub struct User {
        #[dynamo(partition_key)]
        pub id: String,
        pub age: u32,
    }

    pub mod later {
        use dynamo_runtime::prelude::*;

        #[derive(Entity)]
        #[dynamo(table = "users")]
        pub struct User {
            #[dynamo(partition_key)]
            pub id: String,
            pub age: u8,
            pub nickname: Option<String>,
        }
    }
}

#[test]
fn a_breaking_change_is_accepted_with_a_reason_that_stays_in_the_file() {
    let folder = std::env::temp_dir().join(format!("dynamo-locking-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("schema.lock.json");
    update_lock::<stored::User>(&path, None).unwrap();
    let first = fs::read_to_string(&path).unwrap();
    // One line for each fact.
    assert!(first.contains("\n    \"User.age\": \"N 0..=4294967295\",\n"), "{first}");
    update_lock::<stored::User>(&path, None).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), first);

    let error = update_lock::<stored::later::User>(&path, None).unwrap_err();
    assert!(matches!(&error, LockError::Breaking(changes) if changes.len() == 1), "{error}");
    assert!(error.to_string().contains("items with more than 255 cannot be read"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), first, "nothing was written");

    update_lock::<stored::later::User>(&path, Some("nobody is older")).unwrap();
    update_lock::<stored::later::User>(&path, None).unwrap();
    let last = fs::read_to_string(&path).unwrap();
    let accepted = "\"`User.age` was `N 0..=4294967295` and is `N 0..=255`\": \"nobody is older\"";
    assert!(last.contains(accepted) && last.contains("\"User.nickname\": \"S\""), "{last}");

    fs::write(&path, "{}").unwrap();
    let error = update_lock::<stored::User>(&path, None).unwrap_err();
    assert!(matches!(error, LockError::Malformed(..)), "{error}");
    fs::remove_dir_all(&folder).unwrap();
}
