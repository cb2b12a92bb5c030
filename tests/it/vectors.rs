//! Vector indexes: what a search finds, and in which order.

mod backfill;
mod hostile;
mod life;
mod requests;

use std::collections::BTreeMap;

use dynamo_runtime::Error;
use dynamo_runtime::operation::traits::Score;
use dynamo_runtime::prelude::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::engine::embedded;

/// A note of a tenant, in three indexes over one vector.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "notes", partition_key("pk") = "NOTE#{id}", sort_key("sk") = "TEXT")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    of = text,
    distance = cosine,
    zero_vector = tolerated,
    partition_key = tenant,
    filter(category, year),
    projects = NoteHit
))]
#[dynamo(vector_index(
    by_place,
    name = "place-index",
    vector = embedding,
    distance = euclidean,
    filter(category),
    projects = NoteHit
))]
#[dynamo(vector_index(
    by_product,
    name = "product-index",
    vector = embedding,
    distance = dot_product,
    projects = WholeHit
))]
struct Note {
    id: u32,
    tenant: String,
    category: Option<String>,
    year: u16,
    text: String,
    embedding: Embedding<3>,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

/// What the first two indexes have.
#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Note)]
struct NoteHit {
    id: u32,
    text: String,
    expires_at: Option<Timestamp>,
}

/// What the third has: the vector too.
#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Note)]
struct WholeHit {
    id: u32,
    text: String,
    embedding: Embedding<3>,
    expires_at: Option<Timestamp>,
}

/// Another entity of the table, whose items have a vector under the same name.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "notes", partition_key("pk") = "PICTURE#{id}", sort_key("sk") = "PIXELS")]
struct Picture {
    id: u32,
    tenant: String,
    text: String,
    embedding: Embedding<3>,
    #[dynamo(ttl)]
    expires_at: Option<Timestamp>,
}

fn note(id: u32, embedding: [f32; 3]) -> Note {
    Note {
        id,
        tenant: "ann".into(),
        category: Some("travel".into()),
        year: 2026,
        text: format!("text {id}"),
        embedding: embedding.into(),
        expires_at: None,
    }
}

/// What `docs/vectors.md` names of a trap is there: a test by its file and name, or a case that must not compile.
#[test]
fn each_trap_of_the_document_is_held_by_what_it_names() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &std::path::Path| {
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let document = read(&folder.join("../docs/vectors.md"));
    let (_, table) = document.split_once("\n| trap | what is done | held by |\n").unwrap();
    let rows: Vec<_> = table.lines().skip(1).take_while(|line| line.starts_with('|')).collect();
    assert_eq!(rows.len(), 10, "ten traps");
    for row in rows {
        let held_by = row.trim_end_matches([' ', '|']).rsplit(" | ").next().unwrap();
        for named in held_by.split("; ") {
            let mut names = named.split('`').skip(1).step_by(2);
            let place = names.next().unwrap_or_else(|| panic!("nothing is named: {row}"));
            let tests: Vec<_> = names.collect();
            if place.starts_with("ui/fail/") {
                assert_eq!(tests, [""; 0], "{named}");
                read(&folder.join(place).with_extension("rs"));
                let error = read(&folder.join(place).with_extension("stderr"));
                assert!(error.starts_with("error"), "{place} compiles");
            } else {
                assert!(!tests.is_empty(), "no test is named: {named}");
                let source = read(&folder.join("..").join(place));
                for test in tests {
                    assert!(source.contains(&format!("fn {test}()")), "{place} has no `{test}`");
                }
            }
        }
    }
}

async fn client_with(notes: impl IntoIterator<Item = Note>) -> SecureClient {
    let client = embedded().table::<Note>().table::<Picture>().build().await.unwrap();
    for note in notes {
        Note::create(note).send(&client).await.unwrap();
    }
    client
}

fn ids<S>(hits: &[dynamo_runtime::operation::Hit<NoteHit, S>]) -> Vec<u32> {
    hits.iter().map(|hit| hit.item.id).collect()
}

#[tokio::test]
async fn the_nearest_come_first_by_each_distance() {
    let notes = [note(1, [1.0, 0.0, 0.0]), note(2, [0.0, 3.0, 0.0]), note(3, [2.0, 2.0, 0.0])];
    let client = client_with(notes).await;
    let query = Embedding::from([0.9, 0.1, 0.0]);

    let by_angle = Note::by_meaning("ann", &query).top(3).send(&client).await.unwrap();
    assert_eq!(ids(&by_angle), [1, 3, 2]);
    assert!(by_angle[0].score < by_angle[1].score && by_angle[1].score < by_angle[2].score);
    let by_length = Note::by_place(&query).top(2).send(&client).await.unwrap();
    assert_eq!(ids(&by_length), [1, 3]);
    assert!(by_length[0].score < by_length[1].score);
    let by_product = Note::by_product(&query).top(3).send(&client).await.unwrap();
    let found: Vec<_> = by_product.iter().map(|hit| (hit.item.id, hit.score.value())).collect();
    assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [3, 1, 2]);
    assert!(by_product[0].score > by_product[1].score); // higher is closer
    assert_eq!(by_product[1].item.embedding, [1.0, 0.0, 0.0].into());
}

#[tokio::test]
async fn a_search_is_of_one_partition_and_keeps_to_its_filters() {
    let other = Note { tenant: "bob".into(), ..note(4, [1.0, 0.0, 0.0]) };
    let food = Note { category: Some("food".into()), ..note(2, [1.0, 0.1, 0.0]) };
    let none = Note { category: None, ..note(3, [1.0, 0.2, 0.0]) };
    let older = Note { year: 2025, ..note(5, [1.0, 0.3, 0.0]) };
    let client = client_with([note(1, [1.0, 0.0, 0.0]), food, none, other, older]).await;
    let search = || Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0]));

    let all = search().top(10).send(&client).await.unwrap();
    assert_eq!(ids(&all), [1, 2, 3, 5]);
    let travel = NoteByMeaning::CATEGORY.eq("travel");
    let found = search().filter(travel.clone()).top(10).send(&client).await.unwrap();
    assert_eq!(ids(&found), [1, 5]);
    let both = vec![travel, NoteByMeaning::YEAR.eq(2025)];
    let found = search().filter(both.clone()).top(10).send(&client).await.unwrap();
    assert_eq!(ids(&found), [5]);
    let [one, other] = both.try_into().unwrap();
    let found = search().filter(one).filter(other).top(10).send(&client).await.unwrap();
    assert_eq!(ids(&found), [5]);
    let everywhere = Note::by_place(Embedding::from([1.0, 0.0, 0.0])).top(10);
    assert_eq!(everywhere.send(&client).await.unwrap().len(), 5);
}

#[tokio::test]
async fn what_has_expired_and_what_is_of_another_entity_is_left_out() {
    let passed = Some(Timestamp::now() - std::time::Duration::from_mins(1));
    let expired = Note { expires_at: passed, ..note(2, [1.0, 0.0, 0.0]) };
    let client = client_with([note(1, [0.9, 0.1, 0.0]), expired]).await;
    let picture = Picture {
        id: 7,
        tenant: "ann".into(),
        text: "a picture".into(),
        embedding: [1.0, 0.0, 0.0].into(),
        expires_at: None,
    };
    Picture::create(picture).send(&client).await.unwrap();
    let search = || Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0]));

    assert_eq!(ids(&search().top(10).send(&client).await.unwrap()), [1]);
    let with_expired = search().including_expired().top(10).send(&client).await.unwrap();
    assert_eq!(ids(&with_expired), [2, 1]);
    // They take of what is found all the same.
    assert!(search().top(1).send(&client).await.unwrap().is_empty());
}

#[tokio::test]
async fn items_of_one_score_are_in_the_order_of_their_keys() {
    let client = client_with([3, 1, 2].map(|id| note(id, [0.0, 1.0, 0.0]))).await;
    for _ in 0..3 {
        let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0]));
        assert_eq!(ids(&search.top(10).send(&client).await.unwrap()), [1, 2, 3]);
    }
}

/// As the engine has it, which was compared with DynamoDB by its authors.
#[tokio::test]
async fn a_zero_vector_has_no_angle_and_is_searched_for_only_where_that_is_meant() {
    let client = client_with([note(1, [1.0, 0.0, 0.0]), note(2, [0.0, 0.0, 0.0])]).await;
    let nothing = Embedding::from([0.0, -0.0, 0.0]);
    let search = || Note::by_meaning("ann", &nothing).top(10);
    is_refused(search().send(&client).await, "`.tolerating_zero_vector()`");
    let found = search().tolerating_zero_vector().send(&client).await.unwrap();
    assert_eq!(ids(&found), [1, 2]);
    assert!(found.iter().all(|hit| (hit.score.value() - 1.0).abs() < f64::EPSILON), "{found:?}");
    // A stored one is as far from everything.
    let found = Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0])).top(10);
    let found = found.tolerating_zero_vector().send(&client).await.unwrap();
    let scores: Vec<_> = found.iter().map(|hit| (hit.item.id, hit.score.value())).collect();
    assert_eq!(scores, [(1, 0.0), (2, 1.0)]);
}

#[tokio::test]
async fn a_text_is_set_with_its_embedding() {
    let client = client_with([note(1, [1.0, 0.0, 0.0]), note(2, [0.8, 0.2, 0.0])]).await;
    let new = Embedding::from([0.0, 0.0, 1.0]);
    let update = Note::update(Note::key(1_u32)).set_with_embedding(Note::TEXT, "new", &new);
    let updated = update.if_exists().returning_new().send(&client).await.unwrap();
    assert_eq!((updated.text.as_str(), &updated.embedding), ("new", &new));
    let found = Note::by_meaning("ann", &new).top(1).send(&client).await.unwrap();
    assert_eq!((found[0].item.id, found[0].item.text.as_str()), (1, "new"));
    // The embedding of another model, of the same text.
    let other = Embedding::from([0.0, 1.0, 0.0]);
    let update = Note::update(Note::key(1_u32)).set(Note::EMBEDDING, &other).if_exists();
    update.send(&client).await.unwrap();
    assert_eq!(Note::by_meaning("ann", &other).top(1).send(&client).await.unwrap()[0].item.id, 1);
}

#[tokio::test]
async fn the_attributes_that_are_wanted_are_read() {
    #[derive(Projection, Debug, PartialEq)]
    #[dynamo(of = Note)]
    struct OnlyId {
        id: u32,
    }

    let client = client_with([note(1, [1.0, 0.0, 0.0])]).await;
    let search = || Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0])).top(1);
    let found = search().project::<OnlyId>().send(&client).await.unwrap();
    assert_eq!(found[0].item, OnlyId { id: 1 });
    let response = search().send_with_metadata(&client).await.unwrap();
    assert_eq!((response.value.len(), response.attempts), (1, 1));
    // The vector is not in this index.
    let error = search().project::<WholeHit>().send(&client).await.unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert!(error.to_string().contains("does not have `embedding`"), "{error}");
}

/// The distances of an exact search, in `f64`.
fn exact(query: &[f32; 3], other: &[f32; 3]) -> (f64, f64, f64) {
    let pairs = || query.iter().zip(other).map(|(one, other)| (f64::from(*one), f64::from(*other)));
    let dot: f64 = pairs().map(|(one, other)| one * other).sum();
    let norm = |vector: &[f32; 3]| vector.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    let norms = norm(query) * norm(other);
    let cosine = if norms == 0.0 { 1.0 } else { 1.0 - dot / norms };
    let length = pairs().map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt();
    (cosine, length, dot)
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-5 * one.abs().max(other.abs()).max(1.0)
}

#[tokio::test]
async fn the_order_and_the_scores_are_those_of_an_exact_search() {
    let numbers = || proptest::array::uniform3(-4.0_f32..4.0);
    let mut runner = TestRunner::deterministic();
    for _ in 0..8 {
        let count = 1..20_usize;
        let vectors = proptest::collection::vec(numbers(), count).new_tree(&mut runner).unwrap();
        let query = numbers().new_tree(&mut runner).unwrap().current();
        let vectors: BTreeMap<u32, [f32; 3]> = (0..).zip(vectors.current()).collect();
        let client = client_with(vectors.iter().map(|(id, vector)| note(*id, *vector))).await;
        let embedding = Embedding::from(query);

        let by_angle = Note::by_meaning("ann", &embedding).top(100).send(&client).await.unwrap();
        check(&by_angle, &vectors, |vector| exact(&query, vector).0, 1.0);
        let by_length = Note::by_place(&embedding).top(100).send(&client).await.unwrap();
        check(&by_length, &vectors, |vector| exact(&query, vector).1, 1.0);
        let search = Note::by_product(&embedding).project::<NoteHit>();
        let by_product = search.top(100).send(&client).await.unwrap();
        check(&by_product, &vectors, |vector| exact(&query, vector).2, -1.0);
    }
}

/// `sign` is -1 where higher is closer.
#[track_caller]
fn check<S: Score>(
    hits: &[dynamo_runtime::operation::Hit<NoteHit, S>],
    vectors: &BTreeMap<u32, [f32; 3]>,
    exact: impl Fn(&[f32; 3]) -> f64,
    sign: f64,
) {
    assert_eq!(hits.len(), vectors.len());
    for hit in hits {
        let exact = exact(&vectors[&hit.item.id]);
        assert!(is_near(hit.score.value(), exact), "{:?} is not {exact}", hit.score);
    }
    for pair in hits.windows(2) {
        let [one, other] = [&pair[0], &pair[1]].map(|hit| sign * exact(&vectors[&hit.item.id]));
        assert!(one <= other || is_near(one, other), "{one} comes before {other}");
    }
}

#[tokio::test]
async fn an_item_without_a_vector_is_in_no_sparse_index() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "drafts")]
    #[dynamo(vector_index(
        by_meaning,
        name = "meaning-index",
        vector = embedding,
        distance = cosine,
        partition_key = tenant,
        sparse,
        projects = DraftHit
    ))]
    struct Draft {
        #[dynamo(partition_key)]
        id: u32,
        tenant: Option<String>,
        embedding: Option<Embedding<2>>,
    }

    #[derive(Projection, Debug, PartialEq)]
    #[dynamo(of = Draft)]
    struct DraftHit {
        id: u32,
    }

    let client = embedded().table::<Draft>().build().await.unwrap();
    let embedding = || Some(Embedding::from([1.0, 0.0]));
    for (id, tenant, embedding) in
        [(1, Some("ann"), embedding()), (2, None, embedding()), (3, Some("ann"), None)]
    {
        let draft = Draft { id, tenant: tenant.map(str::to_owned), embedding };
        Draft::create(draft).send(&client).await.unwrap();
    }
    let search = Draft::by_meaning("ann", Embedding::from([1.0, 0.0])).top(10);
    let found: Vec<_> =
        search.send(&client).await.unwrap().into_iter().map(|hit| hit.item.id).collect();
    assert_eq!(found, [1]);
    let update = Draft::update(Draft::key(1_u32)).remove(Draft::EMBEDDING).if_exists();
    update.send(&client).await.unwrap();
    let search = Draft::by_meaning("ann", Embedding::from([1.0, 0.0])).top(10);
    assert!(search.send(&client).await.unwrap().is_empty());
}

#[track_caller]
fn is_refused<T>(result: Result<T, Error>, words: &str) {
    let Err(error) = result else { panic!("it was sent") };
    assert!(error.is_invalid(), "{error}");
    assert!(error.to_string().contains(words), "{error}");
}
