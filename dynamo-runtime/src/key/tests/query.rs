//! Which keys a query's condition finds, against what it means.

use proptest::prelude::*;

use super::{Fixed, Part, TEXTS, Template, Texts, part_text, text, text_of};
use crate::key::{SortKeyPrefix, TextCondition};

/// What DynamoDB does with the condition.
fn holds(condition: &TextCondition, key: &str) -> bool {
    match condition {
        TextCondition::Any => true,
        TextCondition::Equal(text) => key == text,
        TextCondition::Prefix(text) => key.starts_with(text.as_str()),
        TextCondition::AtLeast(text) => key >= text.as_str(),
        TextCondition::AtMost(text) => key <= text.as_str(),
        TextCondition::Between(least, most) => (least.as_str()..=most.as_str()).contains(&key),
    }
}

const TEMPLATES: [Template; 6] = [
    TEXTS,
    Template::new(&[Fixed("ORDER"), Part(0), Part(1), Part(2)]),
    Template::new(&[Fixed("ORDER"), Part(0), Fixed("AT"), Part(1), Part(2), Fixed("END")]),
    Template::new(&[Fixed("ORDER"), Fixed(""), Part(0), Part(1), Part(2)]),
    Template::new(&[Part(0), Part(1), Part(2), Fixed("")]),
    Template::new(&[Fixed("é"), Part(0), Part(1), Fixed("x"), Fixed("y"), Part(2)]),
];

fn parts() -> impl Strategy<Value = [String; 3]> {
    let short = || {
        prop_oneof![
            prop::sample::select(vec!["a", "b", "a#", "ab", "a b", "%", "~"])
                .prop_map(str::to_owned),
            text()
        ]
    };
    [short(), short(), short()]
}

fn key(template: Template, parts: &[String; 3]) -> String {
    let [first, second, third] = parts.clone();
    text_of(template, &Texts(first, second, Some(third)))
}

/// A query with the first `given` parts.
fn begun(template: Template, parts: &[String; 3], given: usize) -> SortKeyPrefix {
    let mut begun = template.begin();
    for part in parts.iter().take(given) {
        begun.give(&part_text(part));
    }
    begun
}

proptest! {
    #[test]
    fn the_parts_that_are_given_are_the_parts_that_are_found(
        template in prop::sample::select(TEMPLATES.to_vec()),
        given in 0..=3_usize,
        wanted in parts(),
        stored in parts(),
    ) {
        let condition = begun(template, &wanted, given).condition();
        let fits = wanted.iter().zip(&stored).take(given).all(|(wanted, stored)| wanted == stored);
        prop_assert_eq!(holds(&condition, &key(template, &stored)), fits, "{:?}", condition);
    }

    #[test]
    fn a_range_of_the_next_part_finds_what_is_within(
        template in prop::sample::select(TEMPLATES.to_vec()),
        given in 0..3_usize,
        wanted in parts(),
        bounds in (prop::option::of(text()), prop::option::of(text())),
        stored in parts(),
        shared in any::<bool>(),
    ) {
        // As often as not the parts before it are those of the query.
        let mut stored = stored;
        if shared {
            stored[..given].clone_from_slice(&wanted[..given]);
        }
        let (least, most) = bounds;
        let part = |bound: &Option<String>| bound.as_ref().map(part_text);
        let condition = begun(template, &wanted, given)
            .range(part(&least).as_deref(), part(&most).as_deref());
        let next = &stored[given];
        let fits = wanted[..given] == stored[..given]
            && least.is_none_or(|least| *next >= least)
            && most.is_none_or(|most| *next <= most);
        prop_assert_eq!(holds(&condition, &key(template, &stored)), fits, "{:?}", condition);
    }

    #[test]
    fn a_prefix_of_the_next_part_finds_what_begins_so(
        template in prop::sample::select(TEMPLATES.to_vec()),
        given in 0..3_usize,
        wanted in parts(),
        prefix in text(),
        stored in parts(),
    ) {
        let mut stored = stored;
        stored[..given].clone_from_slice(&wanted[..given]);
        let condition = begun(template, &wanted, given).prefix(&part_text(&prefix));
        let fits = stored[given].starts_with(&prefix);
        prop_assert_eq!(holds(&condition, &key(template, &stored)), fits, "{:?}", condition);
    }

    /// What other entities have in the partition: any text that the fixed text keeps apart.
    #[test]
    fn no_query_finds_the_items_of_another_entity(
        given in 0..3_usize,
        wanted in parts(),
        bounds in (text(), text()),
        fixed in prop::sample::select(vec![
            "ORDERS", "ORDE", "ORDER-LINE", "ORDER\u{10FFFF}", "ORDER!", "ORDER", "A", "Z", "é",
        ]),
        other in parts(),
    ) {
        let order = TEMPLATES[1];
        let begun = begun(order, &wanted, given);
        let [least, most] = [&bounds.0, &bounds.1].map(part_text);
        let conditions = [
            begun.condition(),
            begun.prefix(&least),
            begun.range(Some(&least), None),
            begun.range(None, Some(&most)),
            begun.range(Some(&least), Some(&most)),
        ];
        let [first, second, _] = &other;
        let mut keys = vec![fixed.to_owned()];
        if fixed != "ORDER" {
            keys.push(format!("{fixed}#{}", part_text(first)));
            keys.push(format!("{fixed}#{}#{}", part_text(first), part_text(second)));
        }
        for condition in conditions {
            for key in &keys {
                prop_assert!(!holds(&condition, key), "{:?} {}", condition, key);
            }
        }
    }
}

#[test]
fn a_user_is_not_the_beginning_of_another() {
    let user = Template::new(&[Fixed("USER"), Part(0), Part(1)]);
    let mut begun = user.begin();
    assert_eq!(begun.condition(), TextCondition::Prefix("USER#".into()));
    begun.give(&part_text(&"1".to_owned()));
    assert_eq!(begun.condition(), TextCondition::Prefix("USER#1#".into()));
    assert!(!holds(&begun.condition(), "USER#10#x"));
}

#[test]
fn a_key_that_is_fixed_is_asked_for_as_a_whole() {
    let profile = Template::new(&[Fixed("PROFILE")]).begin();
    assert_eq!(profile.condition(), TextCondition::Equal("PROFILE".into()));
}

#[test]
fn the_conditions_of_a_range() {
    let mut order = Template::new(&[Fixed("ORDER"), Part(0), Part(1)]).begin();
    let between = |least: &str, most: &str| TextCondition::Between(least.into(), most.into());
    assert_eq!(order.range(Some("b"), None), between("ORDER#b#", "ORDER$"));
    assert_eq!(order.range(None, Some("b")), between("ORDER#", "ORDER#b$"));
    assert_eq!(order.range(Some("a"), Some("b")), between("ORDER#a#", "ORDER#b$"));
    order.give("a");
    assert_eq!(order.range(Some("x"), Some("y")), between("ORDER#a#x", "ORDER#a#y"));
    assert_eq!(order.range(Some("x"), None), between("ORDER#a#x", "ORDER#a$"));
    let alone = Template::new(&[Part(0)]).begin();
    assert_eq!(alone.range(Some("x"), None), TextCondition::AtLeast("x".into()));
    assert_eq!(alone.range(None, Some("y")), TextCondition::AtMost("y".into()));
}
