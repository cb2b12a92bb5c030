//! What must not compile, each with the message that the user sees; and what must.
//!
//! The messages are those of one compiler, so other ones skip the first two tests. After a change
//! of a message `TRYBUILD=overwrite cargo test -p dynamo-tests --test ui` writes them anew: read
//! the difference as a user would.

#[path = "ui/compile_errors.rs"]
mod compile_errors;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[rustversion::attr(not(stable(1.95)), ignore = "the messages are those of Rust 1.95")]
#[test]
fn what_must_not_compile() {
    trybuild::TestCases::new().compile_fail("ui/fail/**/*.rs");
}

#[rustversion::attr(not(stable(1.95)), ignore = "as what must not compile")]
#[test]
fn what_must_compile() {
    trybuild::TestCases::new().pass("ui/pass/*.rs");
}

/// The cases with a trait in each line.
const TRIED_BY_HAND: [&str; 3] =
    ["a_second_implementation", "a_trait_that_cannot_be_named", "a_trait_that_is_sealed"];

/// Each public trait of the runtime is tried by hand: in a case that does not compile, or, where
/// another crate can implement it, in the tests of what it gains then.
#[test]
fn every_public_trait_is_tried_by_hand() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let traits: BTreeSet<_> = sources(&tests.join("../dynamo-runtime/src"))
        .iter()
        .flat_map(|source| source.lines().filter_map(|line| line.strip_prefix("pub trait ")))
        .map(|line| name_at_start(line).to_owned())
        .collect();
    assert!(traits.len() > 90, "{} public traits", traits.len());

    let mut tried = BTreeSet::new();
    for case in TRIED_BY_HAND {
        let file = tests.join("ui/fail/by_hand").join(case);
        let errors = fs::read_to_string(file.with_extension("stderr")).unwrap();
        let source = fs::read_to_string(file.with_extension("rs")).unwrap();
        for line in source.lines() {
            if let Some(name) = implemented(line).or_else(|| imported(line)) {
                // A warning shows its line as well, and refuses nothing.
                let mut refusals = errors.split("\n\n").filter(|it| it.starts_with("error"));
                let is_shown = refusals.any(|it| it.lines().any(|shown| shown.ends_with(line)));
                assert!(is_shown, "{case}: `{line}` is no error");
                tried.insert(name.to_owned());
            }
        }
    }
    let at_run_time = fs::read_to_string(tests.join("it/by_hand.rs")).unwrap();
    tried.extend(at_run_time.lines().filter_map(implemented).map(str::to_owned));
    let untried: Vec<_> = traits.difference(&tried).collect();
    assert!(untried.is_empty(), "never tried by hand: {untried:?}");
}

fn sources(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(sources(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(&entry).unwrap());
        }
    }
    found
}

fn name_at_start(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
    &text[..end]
}

/// The trait of `impl<..> path::Trait<..> for Type`.
fn implemented(line: &str) -> Option<&str> {
    let (header, _) = line.strip_prefix("impl")?.split_once(" for ")?;
    let path = match header.strip_prefix('<') {
        Some(generics) => generics.split_once("> ")?.1,
        None => header.trim_start(),
    };
    let path = path.split('<').next()?;
    Some(path.rsplit("::").next().unwrap_or(path))
}

/// The trait of `use path::Trait;`, which cannot be named.
fn imported(line: &str) -> Option<&str> {
    let path = line.strip_prefix("use dynamo_runtime::")?.strip_suffix(';')?;
    path.rsplit("::").next().filter(|name| name.starts_with(char::is_uppercase))
}

/// The cases whose rule is one of the language: there is no way to choose the words. With each what to
/// write instead, but for those by hand.
const IN_THE_WORDS_OF_THE_COMPILER: &[(&str, &str)] = &[
    (
        "batches/a_result_that_is_not_read",
        "look at what was not done: `.complete()` gives it as an error",
    ),
    ("by_hand/a_name_from_run_time", ""),
    ("by_hand/a_second_implementation", ""),
    ("by_hand/a_trait_that_cannot_be_named", ""),
    ("by_hand/a_trait_that_is_sealed", ""),
    ("by_hand/a_write_that_is_conditioned_by_hand", ""),
    ("by_hand/an_attribute_made_by_hand", ""),
    ("by_hand/an_attribute_made_from_text", ""),
    ("by_hand/an_attribute_of_another_type", ""),
    ("by_hand/an_attribute_that_the_entity_lacks", ""),
    ("by_hand/the_names_of_a_type_of_others", ""),
    ("client/a_client_of_the_sdk", "give a `SecureClient`, made by `SecureClient::builder()`"),
    (
        "client/a_default_client",
        "name what is trusted: `SecureClient::builder().region(..).credentials(..).build()`",
    ),
    (
        "client/a_region_in_text",
        "`Region::US_EAST_1`, or `Region::from_env()?` for one that the environment names",
    ),
    (
        "client/a_secure_client_from_one_of_the_sdk",
        "make it by `SecureClient::builder()`: a client of the SDK checks less",
    ),
    ("client/a_table_name_in_text", "`TableName::new(\"prod-users\")?`"),
    (
        "client/an_endpoint_as_a_url",
        "use `SecureClient::local()` for local work, or an `Endpoint`, which is https only",
    ),
    ("client/credentials_before_the_region", "give `.region(..)` first, then `.credentials(..)`"),
    ("client/no_credentials", "give `.credentials(Credentials::environment())`, or another source"),
    ("client/no_region", "give `.region(Region::US_EAST_1)`, then `.credentials(..)`"),
    (
        "client/the_inside_of_a_client",
        "use the client's functions: what is in it cannot be taken out",
    ),
    ("conditions/a_comparison_by_the_operator_of_rust", "`User::EMAIL.eq(\"a@example.com\")`"),
    ("conditions/a_condition_made_from_text", "make it from the attributes: `User::AGE.gt(18)`"),
    (
        "conditions/a_conjunction_by_the_operator_of_rust",
        "`User::AGE.gt(18).and(User::EMAIL.exists())`",
    ),
    (
        "conditions/a_list_of_conditions_of_two_entities",
        "give conditions of one entity; one on another item is a `.check(..)` of a transaction",
    ),
    ("conditions/a_size_has_no_size", "compare the size with a number: `User::EMAIL.size().gt(5)`"),
    (
        "conditions/a_size_is_compared_with_a_size",
        "compare the size with a number: `User::EMAIL.size().gt(5)`",
    ),
    ("conditions/a_size_is_no_text", "compare the size with a number: `User::EMAIL.size().gt(5)`"),
    (
        "documents/two_derives_on_one_newtype",
        "keep `KeyPart` for a type of keys, which has all that `Document` gives; else `Document`",
    ),
    (
        "fields/a_constant_of_the_entitys_own",
        "`#[dynamo(attributes = ReadingAttributes)]` puts the attributes' constants on a type of their own",
    ),
    ("fields/a_default_of_another_type", "name a function that returns the field's type"),
    ("fields/a_key_part_of_a_float", "use an integer, `Number` or text: a float is no key"),
    (
        "fields/a_key_part_that_is_not_hashed",
        "`#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]`",
    ),
    (
        "fields/a_key_part_without_its_derives",
        "`#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]`",
    ),
    (
        "fields/a_skipped_field_without_a_default",
        "derive `Default` for the field's type, or make the field an `Option`",
    ),
    (
        "forms/a_version_of_another_type",
        "give `.at_version(..)` what the field holds: the token of the entity that was read",
    ),
    (
        "keys/half_a_key",
        "give all parts; all items of a partition are found by `Order::query(customer_id)`",
    ),
    ("keys/the_parts_of_a_key_swapped", "give each part under its own name"),
    ("paths/a_path_in_text", "`Parcel::ADDRESS.then(Address::CITY)`"),
    (
        "paths/a_path_through_another_document",
        "give an attribute of the field's own type: `Parcel::ADDRESS.then(Address::CITY)`",
    ),
    ("projections/a_field_that_the_entity_lacks", "name the field as the entity does"),
    (
        "projections/a_projection_of_the_wrong_constants",
        "name the type that the entity's own `attributes = ..` names, or leave it out",
    ),
    (
        "raw_keys/a_condition_on_a_field_that_is_in_the_key_only",
        "query it by the key; or remove `key_only`, so that it is an attribute too",
    ),
    ("queries/a_sort_key_where_there_is_none", "use `.filter(..)`; or give the index a sort key"),
    (
        "queries/an_attribute_that_the_item_of_an_index_does_not_have",
        "add the field to what the index `projects`, or read the item from the table by its key",
    ),
    (
        "templates/a_key_without_one_of_its_parts",
        "give all parts; the items that begin with some are found by a query",
    ),
    (
        "templates/a_missing_part_of_an_index_key",
        "give all parts of the key, each of which may be `None`",
    ),
    (
        "queries/a_stream_in_a_for_loop",
        "`while let Some(order) = orders.next().await { .. }`, or all of them by `.collect().await?`",
    ),
    (
        "vectors/a_consistent_search_of_a_vector_index",
        "leave `.consistent()` out: a search is always eventually consistent",
    ),
    (
        "vectors/a_filter_by_a_range",
        "`NoteByMeaning::YEAR.eq(2026)`: DynamoDB takes equality alone",
    ),
    (
        "vectors/a_filter_that_the_index_does_not_have",
        "name the field in `filter(..)` of the index, which then is another index",
    ),
    (
        "vectors/distances_of_two_kinds_compared",
        "compare scores of one index: those of another mean something else",
    ),
    (
        "writes/an_operation_that_is_awaited_before_it_is_sent",
        "call `.send(&client)` before `.await`: an operation is a plain value until then",
    ),
    ("updates/an_attribute_in_text", "`.set(User::EMAIL, \"new@example.com\")`"),
    (
        "writes/a_condition_that_is_not_always_given",
        "begin with `.if_exists()`, and add the others to it; or collect them and give `.condition(all_of(conditions))`",
    ),
    (
        "writes/an_operation_of_a_struct_that_is_no_entity",
        "add `#[derive(Entity)]` and `#[dynamo(table = \"..\")]` to the struct",
    ),
];

#[test]
fn a_rule_of_ours_is_told_in_words_of_ours() {
    let theirs: BTreeSet<_> = messages()
        .into_iter()
        .filter(|message| !message.errors().first().is_some_and(|error| is_ours(error)))
        .map(|message| message.case)
        .collect();
    let known: BTreeSet<_> =
        IN_THE_WORDS_OF_THE_COMPILER.iter().map(|(case, _)| (*case).to_owned()).collect();
    assert_eq!(theirs, known);
}

/// Of all mistakes, those that nobody makes by accident aside.
#[test]
fn nine_in_ten_messages_are_in_words_of_ours() {
    let cases: Vec<_> =
        messages().into_iter().filter(|message| !message.case.starts_with("by_hand/")).collect();
    let is_ours = |message: &&Message| message.errors().first().is_some_and(|error| is_ours(error));
    let ours = cases.iter().filter(is_ours).count();
    println!("{ours} of {} first lines are in words of ours", cases.len());
    assert!(ours * 10 >= cases.len() * 9, "{ours} of {}", cases.len());
}

/// Names that no user types, and that mean nothing to one.
const INTERNAL_NAMES: &[&str] = &[
    "AnyKeys",
    "ArrayElement",
    "AttributeAt",
    "Avoids",
    "BySerde",
    "ComesBeforeNext",
    "ComparedWith",
    "Computed<",
    "ConditionOn",
    "Conditioned",
    "Contains<",
    "Distinct",
    "Element",
    "Elements<",
    "Encoding",
    "Entries<",
    "EpochSeconds",
    "Fillable",
    "Filters",
    "Gathering",
    "Gives",
    "Grouped<",
    "Growing",
    "HasDefault",
    "Holds",
    "InCollection",
    "InGroup",
    "IndexTemplatePart",
    "KeyAt",
    "KeyKind",
    "KeyOf",
    "ListElement",
    "MapEntry",
    "Member<",
    "Nested<",
    "NoCondition",
    "NoKey",
    "NotKey",
    "NotManaged",
    "Place<",
    "Plain",
    "Removable",
    "SameEntity",
    "SameKind",
    "Sealed",
    "SetAlone",
    "SortedBy",
    "Stored",
    "TableKeyPart",
    "TakesCondition",
    "TakesFilter",
    "TemplatePart",
    "TopLevel",
    "ValueFor",
    "Whole",
    "WithoutSort",
    "__private",
    "_usize",
    "std::string::String",
];

#[test]
fn a_first_line_has_no_internal_name() {
    for message in messages() {
        // These break in on purpose, by such a name.
        if message.case.starts_with("by_hand/") {
            continue;
        }
        for error in message.errors() {
            let line = error.lines().next().unwrap();
            let internal = INTERNAL_NAMES.iter().find(|name| line.contains(**name));
            assert_eq!(internal, None, "{}: {line}", message.case);
        }
    }
}

#[test]
fn a_message_of_ours_says_what_to_type() {
    for message in messages() {
        for error in message.errors().into_iter().filter(|error| is_ours(error)) {
            let says = error.lines().map(str::trim_start).any(|line| {
                line.starts_with("help: ")
                    && ["error: ", "error[E0080]: "].iter().any(|start| error.starts_with(start))
                    || line.strip_prefix("= note: ").is_some_and(|note| !is_of_the_compiler(note))
            });
            assert!(says, "{}: {error}", message.case);
        }
    }
}

#[test]
fn a_mistake_is_told_at_most_three_times() {
    for message in messages() {
        // Those of each trait that is tried.
        if message.case.starts_with("by_hand/") {
            continue;
        }
        let errors = message.errors();
        for error in &errors {
            let line = error.lines().next().unwrap();
            let count = errors.iter().filter(|other| other.starts_with(line)).count();
            assert!(count <= 3, "{}: {count} times {line}", message.case);
        }
    }
}

/// What the compiler says of a case.
struct Message {
    /// The case, by topic: `queries/a_scan_that_is_not_allowed`.
    case: String,
    text: String,
}

impl Message {
    fn errors(&self) -> Vec<&str> {
        let starts: Vec<_> = self
            .text
            .lines()
            .filter(|line| line.starts_with("error"))
            .map(|line| line.as_ptr().addr() - self.text.as_ptr().addr())
            .chain([self.text.len()])
            .collect();
        starts.windows(2).map(|bounds| &self.text[bounds[0]..bounds[1]]).collect()
    }
}

/// From the derive, by `diagnostic::on_unimplemented`, or by an assertion that the compiler runs.
fn is_ours(error: &str) -> bool {
    let line = error.lines().next().unwrap_or_default();
    match line.split_once(": ") {
        Some(("error", words)) => !words.ends_with("is private") && !words.starts_with("unused "),
        Some(("error[E0080]", words)) => words.starts_with("evaluation panicked: "),
        Some(("error[E0277]", words)) => {
            let theirs = ["doesn't implement", "is not a future", "is not an iterator"];
            !words.starts_with("the trait bound") && !theirs.iter().any(|it| words.contains(it))
        }
        _ => false,
    }
}

fn is_of_the_compiler(note: &str) -> bool {
    ["this error originates", "required for", "required by", "`"]
        .iter()
        .any(|start| note.starts_with(start))
}

fn messages() -> Vec<Message> {
    let fail = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/fail");
    let mut messages = Vec::new();
    for topic in fs::read_dir(fail).unwrap().map(|topic| topic.unwrap().path()) {
        for file in fs::read_dir(&topic).unwrap().map(|file| file.unwrap().path()) {
            if file.extension().is_some_and(|extension| extension == "stderr") {
                let topic = topic.file_name().unwrap().to_string_lossy();
                let case = format!("{topic}/{}", file.file_stem().unwrap().to_string_lossy());
                messages.push(Message { case, text: fs::read_to_string(&file).unwrap() });
            }
        }
    }
    assert!(messages.len() > 60, "{} messages in {}", messages.len(), "ui/fail");
    messages
}
