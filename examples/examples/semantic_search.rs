//! Notes found by their meaning: a vector index for several tenants, and an exact search beside it as
//! the check.
//!
//! The embedding is made here, of the words of a text, so that the program needs no model: it finds
//! texts with common words. A real one is called in its place.

use std::cmp::Ordering;

use dynamo_runtime::operation::Hit;
use dynamo_runtime::operation::traits::Score;
use dynamo_runtime::prelude::*;

const DIMENSIONS: usize = 64;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "notes")]
#[dynamo(vector_index(
    by_meaning,
    name = "meaning-index",
    vector = embedding,
    of = text,
    distance = cosine,
    partition_key = tenant,
    filter(category),
    projects = NoteHit
))]
struct Note {
    #[dynamo(partition_key)]
    id: u32,
    tenant: String,
    category: String,
    text: String,
    embedding: Embedding<DIMENSIONS>,
}

/// What a search gives.
#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Note)]
struct NoteHit {
    id: u32,
    text: String,
}

/// Each word is a direction, and a text is the sum of its words.
fn embed(text: &str) -> Embedding<DIMENSIONS> {
    let mut numbers = [0.0_f32; DIMENSIONS];
    for word in text.to_lowercase().split_whitespace() {
        // FNV-1a, which is the same on every machine.
        let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        for (place, number) in numbers.iter_mut().enumerate() {
            let is_up = hash.rotate_left(u32::try_from(place).unwrap_or_default()) & 1 == 1;
            *number += if is_up { 1.0 } else { -1.0 };
        }
    }
    Embedding::from(numbers)
}

/// 1 less the cosine of the angle.
fn distance(one: &Embedding<DIMENSIONS>, other: &Embedding<DIMENSIONS>) -> f64 {
    let pairs = || one.as_array().iter().zip(other.as_array());
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        pairs().map(|(one, other)| of(f64::from(*one), f64::from(*other))).sum()
    };
    let (dot, one, other) =
        (sum(&|a, b| a * b), sum(&|a, _| a * a).sqrt(), sum(&|_, b| b * b).sqrt());
    1.0 - dot / (one * other)
}

/// What an agent calls: a question of one tenant, and the texts that it may be about.
async fn recall(
    client: &SecureClient,
    tenant: &str,
    question: &str,
) -> Result<Vec<String>, dynamo_runtime::Error> {
    let found = Note::by_meaning(tenant, embed(question)).top(3).send(client).await?;
    Ok(found.into_iter().map(|hit| hit.item.text).collect())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Note>().build().await?;
    let notes: Vec<Note> = [
        ("ann", "travel", "the night train to Oslo leaves at ten"),
        ("ann", "travel", "the boat to Bergen leaves at noon"),
        ("ann", "food", "bread with brown cheese and coffee"),
        ("ann", "food", "coffee on the night train is good"),
        ("bob", "travel", "the night train to Oslo is late"),
    ]
    .into_iter()
    .zip(1..)
    .map(|((tenant, category, text), id)| Note {
        id,
        tenant: tenant.to_owned(),
        category: category.to_owned(),
        text: text.to_owned(),
        embedding: embed(text),
    })
    .collect();
    for note in &notes {
        Note::create(note.clone()).send(&client).await?;
    }

    let question = embed("night train to Oslo");
    let found = Note::by_meaning("ann", &question).top(10).send(&client).await?;
    println!("{} ({:.3})", found[0].item.text, found[0].score.value());
    assert_eq!(found[0].item.id, 1);
    // Another tenant's notes are in another partition of the index.
    assert!(found.iter().all(|hit| hit.item.id != 5));

    // The check: all notes of the tenant, compared one by one.
    let mut exact: Vec<_> = notes.iter().filter(|note| note.tenant == "ann").collect();
    exact.sort_by(|one, other| {
        let [one, other] = [one, other].map(|note| distance(&question, &note.embedding));
        one.partial_cmp(&other).unwrap_or(Ordering::Equal)
    });
    assert_eq!(ids(&found), exact.iter().map(|note| note.id).collect::<Vec<_>>());

    let food = NoteByMeaning::CATEGORY.eq("food");
    let found = Note::by_meaning("ann", &question).filter(food).top(10).send(&client).await?;
    assert_eq!(ids(&found), [4, 3]);

    // A text that changes takes its embedding along: `set(Note::TEXT, ..)` does not compile.
    let text = "the bus to Oslo leaves at ten";
    Note::update(Note::key(1_u32))
        .set_with_embedding(Note::TEXT, text, embed(text))
        .if_exists()
        .send(&client)
        .await?;
    assert_eq!(recall(&client, "ann", "a bus to Oslo").await?[0], text);
    Ok(())
}

fn ids<S: Score>(found: &[Hit<NoteHit, S>]) -> Vec<u32> {
    found.iter().map(|hit| hit.item.id).collect()
}
