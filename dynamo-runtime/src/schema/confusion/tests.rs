//! What is decided of two templates, against all keys that they have.

use proptest::prelude::*;

use super::{
    Confusion, IndexConfusion, can_be_equal, confusion, index_confusion, is_same_form, reads,
};
use crate::codec::AttributeNames;
use crate::key::Segment::{Fixed, Part};
use crate::key::{
    Casing, KeyAttribute, KeyPart, PartForm, PartText, Parts, RawKey, Segment, Template,
    write_given_part,
};
use crate::schema::{EntitySchema, IndexSchema, IndexScope};

const NAMES: &[&str] = &["first", "second", "third", "fourth"];

/// All templates of up to three of these segments.
const SEGMENTS: [Segment; 6] =
    [Fixed("A"), Fixed("AB"), Fixed("a b"), Fixed("%23"), Fixed(""), Part(0)];

fn templates() -> Vec<Template> {
    let mut all: Vec<Vec<Segment>> = vec![vec![]];
    let mut longest = all.clone();
    for _ in 0..3 {
        longest = longest
            .iter()
            .flat_map(|template| SEGMENTS.map(|segment| [template.as_slice(), &[segment]].concat()))
            .collect();
        all.extend(longest.iter().cloned());
    }
    all.into_iter()
        .filter(|segments| !segments.is_empty())
        .map(|segments| Template::new(segments.leak()))
        .collect()
}

/// Enough texts for a part to be each of the fixed texts that it can be.
const VALUES: [&str; 6] = ["A", "AB", "a b", "#", "B", "A#A"];

/// Each part gets each value.
fn keys(template: Template) -> Vec<String> {
    struct Value(&'static str);
    impl Parts for Value {
        fn write_part(&self, _: usize, text: &mut PartText) {
            text.text(self.0);
        }
    }
    let mut keys = vec![String::new()];
    for (position, segment) in template.segments().iter().enumerate() {
        let texts: Vec<String> = match segment {
            Fixed(fixed) => vec![(*fixed).to_owned()],
            Part(_) => {
                let only = Template::new(&[Part(0)]);
                VALUES.map(|value| only.text("pk", NAMES, &Value(value)).unwrap().unwrap()).into()
            }
        };
        let delimiter = if position > 0 { "#" } else { "" };
        keys = keys
            .iter()
            .flat_map(|key| texts.iter().map(move |text| format!("{key}{delimiter}{text}")))
            .collect();
    }
    keys
}

#[test]
fn two_templates_can_be_equal_only_if_keys_of_theirs_are() {
    let all: Vec<_> = templates().into_iter().map(|template| (template, keys(template))).collect();
    let mut equal = 0;
    for (one, keys) in &all {
        for (other, others) in &all {
            let are = keys.iter().any(|key| others.contains(key));
            assert_eq!(can_be_equal(Some(*one), Some(*other)), are, "{one:?} {other:?}");
            equal += usize::from(are);
        }
    }
    assert!(equal > all.len());
}

#[test]
fn a_query_reads_another_entity_only_if_a_key_of_it_begins_so() {
    let all: Vec<_> = templates().into_iter().map(|template| (template, keys(template))).collect();
    let mut found = 0;
    for (query, _) in &all {
        let is_fixed = query.parts().next().is_none();
        let before: Vec<_> =
            query.segments().iter().take_while(|segment| matches!(segment, Fixed(_))).collect();
        let prefix: String = before
            .iter()
            .map(|segment| match segment {
                Fixed(fixed) => format!("{fixed}#"),
                Part(_) => unreachable!(),
            })
            .collect();
        for (other, others) in &all {
            // The part must be there, as an empty one never is.
            let reads_one = !is_fixed && others.iter().any(|key| key.starts_with(&prefix));
            assert_eq!(reads(*query, *other), reads_one, "{query:?} {other:?}");
            found += usize::from(reads_one);
        }
    }
    assert!(found > all.len());
}

proptest! {
    #[test]
    fn fixed_text_can_be_a_part_only_if_some_part_is_written_so(fixed in "[%0-9A-Ga-f#$& ]{0,4}") {
        let fixed: &str = fixed.leak();
        let template = Template::new(vec![Fixed(fixed)].leak());
        let is_a_part = String::read_part(fixed).is_some_and(|part| !part.is_empty());
        let any = Template::new(&[Part(0)]);
        prop_assert_eq!(can_be_equal(Some(template), Some(any)), is_a_part);
    }
}

#[test]
fn each_escape_and_nothing_like_one_can_be_a_part() {
    for byte in 0..=u8::MAX {
        for fixed in [format!("%{byte:02X}"), format!("%{byte:02x}")] {
            let template = Template::new(vec![Fixed(fixed.clone().leak())].leak());
            let is_a_part = String::read_part(&fixed).is_some();
            let any = Template::new(&[Part(0)]);
            assert_eq!(can_be_equal(Some(any), Some(template)), is_a_part, "{fixed}");
        }
    }
}

const fn key(template: &'static [Segment]) -> KeyAttribute {
    KeyAttribute { name: "pk", code: "S", template: Some(Template::new(template)) }
}

const fn schema(partition_key: KeyAttribute, sort_key: Option<KeyAttribute>) -> EntitySchema {
    EntitySchema {
        names: &AttributeNames { own: &[], groups: &[] },
        constants: &[],
        unique: &[],
        entity: "Order",
        table: "shop",
        partition_key,
        sort_key,
        templates: &[],
        indexes: &[],
        vector_indexes: &[],
        version: None,
        created_at: None,
        updated_at: None,
        ttl: None,
    }
}

const CUSTOMER_KEY: KeyAttribute = key(&[Fixed("CUSTOMER"), Part(0)]);
const PRODUCT_KEY: KeyAttribute = key(&[Fixed("PRODUCT"), Part(0)]);
const CUSTOMER: EntitySchema = schema(CUSTOMER_KEY, Some(key(&[Fixed("PROFILE")])));
const ORDER: EntitySchema = schema(CUSTOMER_KEY, Some(key(&[Fixed("ORDER"), Part(1), Part(2)])));
const LINE: EntitySchema =
    schema(CUSTOMER_KEY, Some(key(&[Fixed("ORDER"), Part(1), Part(2), Part(3)])));
const PRODUCT: EntitySchema = schema(PRODUCT_KEY, Some(key(&[Part(0)])));
const NOTE: EntitySchema = schema(CUSTOMER_KEY, Some(key(&[Part(0)])));
const PLAIN: EntitySchema =
    schema(KeyAttribute { name: "pk", code: "S", template: None }, Some(key(&[Fixed("PROFILE")])));

// As a collection's derive asks: a constant that is not generic is evaluated by `cargo check`.
const _: () = assert!(matches!(confusion(&CUSTOMER, &ORDER), Confusion::None));

#[test]
fn entities_of_one_table() {
    let both = |one, other| {
        assert_eq!(confusion(one, other), confusion(other, one));
        confusion(one, other)
    };
    assert_eq!(both(&CUSTOMER, &ORDER), Confusion::None);
    assert_eq!(both(&CUSTOMER, &PRODUCT), Confusion::None);
    assert_eq!(both(&CUSTOMER, &CUSTOMER), Confusion::SameKey);
    assert_eq!(both(&CUSTOMER, &NOTE), Confusion::SameKey);
    assert_eq!(both(&CUSTOMER, &PLAIN), Confusion::SameKey);
    // A query of orders would read the lines, too.
    assert_eq!(both(&ORDER, &LINE), Confusion::SameQuery);
    assert_eq!(both(&ORDER, &NOTE), Confusion::SameQuery);
    let alone = schema(CUSTOMER_KEY, None);
    assert_eq!(both(&alone, &alone), Confusion::SameKey);
    assert_eq!(both(&alone, &ORDER), Confusion::SameKey);
    assert_eq!(both(&alone, &PRODUCT), Confusion::None);
}

#[test]
fn two_keys_are_of_one_form_if_only_the_names_of_their_parts_differ() {
    let is_one = |one, other| {
        assert_eq!(is_same_form(one, other), is_same_form(other, one));
        is_same_form(one, other)
    };
    let renumbered = key(&[Fixed("CUSTOMER"), Part(7)]);
    assert!(is_one(CUSTOMER_KEY, CUSTOMER_KEY));
    assert!(is_one(CUSTOMER_KEY, renumbered));
    for (one, other) in [
        (CUSTOMER_KEY, PRODUCT_KEY),
        (CUSTOMER_KEY, key(&[Fixed("CUSTOMER")])),
        (CUSTOMER_KEY, key(&[Fixed("CUSTOMER"), Part(0), Part(1)])),
        (CUSTOMER_KEY, key(&[Fixed("CUSTOMER"), Fixed("A")])),
        (CUSTOMER_KEY, key(&[Part(0), Part(1)])),
        (key(&[Fixed("CUSTOMER")]), key(&[Fixed("CUSTOMERS")])),
        (CUSTOMER_KEY, KeyAttribute { name: "sk", ..CUSTOMER_KEY }),
        (CUSTOMER_KEY, KeyAttribute { template: None, ..CUSTOMER_KEY }),
        (plain("id", "S"), plain("key", "S")),
        (plain("id", "S"), plain("id", "N")),
    ] {
        assert!(!is_one(one, other), "{one:?} {other:?}");
    }
    assert!(is_one(plain("id", "N"), plain("id", "N")));
}

const fn plain(name: &'static str, code: &'static str) -> KeyAttribute {
    KeyAttribute { name, code, template: None }
}

/// An entity that has these indexes: each of a name, a partition key and a sort key.
fn indexed(indexes: &[(&'static str, &[KeyAttribute], &[KeyAttribute])]) -> EntitySchema {
    let indexes: Vec<_> = indexes
        .iter()
        .map(|(name, partition_keys, sort_keys)| IndexSchema {
            name,
            scope: IndexScope::Global,
            partition_keys: partition_keys.to_vec().leak(),
            sort_keys: sort_keys.to_vec().leak(),
            projected: None,
        })
        .collect();
    EntitySchema { indexes: indexes.leak(), ..schema(CUSTOMER_KEY, None) }
}

#[test]
fn entities_of_one_index() {
    let both = |one: &EntitySchema, other: &EntitySchema| {
        assert_eq!(index_confusion(one, other), index_confusion(other, one));
        index_confusion(one, other)
    };
    let open = &[key(&[Fixed("OPEN"), Part(0)])][..];
    let late = &[key(&[Fixed("LATE"), Part(0)])][..];
    let by_name = &[plain("name", "S"), plain("born", "N")][..];
    let sorted = &[key(&[Fixed("A")])][..];
    let otherwise = &[key(&[Fixed("B")])][..];
    let one = &indexed(&[("gsi0", late, &[]), ("gsi1", open, sorted)]);
    for (other, expected) in [
        (indexed(&[]), IndexConfusion::None),
        (indexed(&[("gsi2", open, sorted)]), IndexConfusion::None),
        (indexed(&[("gsi1", late, sorted)]), IndexConfusion::None),
        (indexed(&[("gsi1", open, otherwise)]), IndexConfusion::None),
        (indexed(&[("gsi1", open, sorted)]), IndexConfusion::SameKey("gsi1")),
        (indexed(&[("gsi2", open, sorted), ("gsi0", late, &[])]), IndexConfusion::SameKey("gsi0")),
        (indexed(&[("gsi1", late, &[])]), IndexConfusion::OtherKeys("gsi1")),
        (indexed(&[("gsi1", &[plain("pk", "N")], sorted)]), IndexConfusion::OtherKeys("gsi1")),
        (indexed(&[("gsi1", &[plain("id", "S")], sorted)]), IndexConfusion::OtherKeys("gsi1")),
        (indexed(&[("gsi1", &[plain("pk", "S")], sorted)]), IndexConfusion::SameKey("gsi1")),
        (indexed(&[("gsi0", open, &[]), ("gsi1", late, sorted)]), IndexConfusion::None),
    ] {
        assert_eq!(both(one, &other), expected, "{other:?}");
    }
    // Of several attributes one that differs is enough.
    let named = |last| {
        indexed(&[("gsi", by_name, &[plain("sk", "S"), KeyAttribute { name: "last", ..last }])])
    };
    let (a, b) = (named(sorted[0]), named(otherwise[0]));
    assert_eq!(both(&a, &b), IndexConfusion::None);
    assert_eq!(both(&a, &a), IndexConfusion::SameKey("gsi"));
    let shorter = indexed(&[("gsi", &by_name[..1], &[])]);
    assert_eq!(both(&a, &shorter), IndexConfusion::OtherKeys("gsi"));
}

#[test]
fn two_forms_that_could_not_be_confused_have_no_key_in_common() {
    struct RawText(&'static str);
    impl Parts for RawText {
        fn write_part(&self, _: usize, text: &mut PartText) {
            write_given_part(&self.0.to_owned(), text);
        }
    }
    const RAW_TEXT: RawKey =
        RawKey { casing: Casing::Kept, is_lossy: false, forms: &[PartForm::Text], widths: &[0] };
    const RAW_WHOLE: RawKey =
        RawKey { casing: Casing::Kept, is_lossy: false, forms: &[], widths: &[] };
    let one_part = |start, end| {
        let segments: &[Segment] = match (start, end) {
            ("", end) => [Part(0), Fixed(end)].to_vec().leak(),
            (start, "") => [Fixed(start), Part(0)].to_vec().leak(),
            (start, end) => [Fixed(start), Part(0), Fixed(end)].to_vec().leak(),
        };
        Template::raw(segments, &RAW_TEXT)
    };
    let whole = |text: &'static str| Template::raw([Fixed(text)].to_vec().leak(), &RAW_WHOLE);
    let own = |segments: &[Segment]| Template::new(segments.to_vec().leak());
    let all = [
        one_part("user:", ""),
        one_part("user:", ":x"),
        one_part("us", ""),
        one_part("", ":x"),
        one_part("ORDER#", ""),
        whole("user:"),
        whole("user:1"),
        whole("ORDER#1"),
        own(&[Fixed("ORDER"), Part(0)]),
        own(&[Fixed("ORDER"), Part(0), Fixed("x")]),
        own(&[Fixed("user:1")]),
    ];
    let texts = ["1", "er:1", "user:1", "er:1:x", "1:x", "1#x", "ORDER#1"];
    let keys = |template: Template| -> Vec<String> {
        texts
            .iter()
            .map(|text| template.text("pk", NAMES, &RawText(text)).unwrap().unwrap())
            .collect()
    };
    let mut apart = 0;
    for one in all {
        for other in all {
            if one.as_raw().is_none() && other.as_raw().is_none() {
                continue;
            }
            let is_shared = keys(one).iter().any(|key| keys(other).contains(key));
            if can_be_equal(Some(one), Some(other)) {
                continue;
            }
            apart += 1;
            assert!(!is_shared, "{one:?} and {other:?}");
        }
    }
    assert!(apart > 20, "{apart}");
}
