//! Indexes whose keys are several attributes, natively.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use dynamo_runtime::operation::Query;
use dynamo_runtime::prelude::*;

use crate::engine::eventually;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "games")]
#[dynamo(index(
    by_tournament,
    name = "tournament-index",
    partition_key(tournament, region),
    sort_key(round, bracket, match_id)
))]
struct Game {
    #[dynamo(partition_key)]
    match_id: String,
    tournament: String,
    region: u8,
    round: Option<u32>,
    bracket: String,
}

fn played(match_id: &str, region: u8, round: Option<u32>, bracket: &str) -> Game {
    Game {
        match_id: match_id.to_owned(),
        tournament: "cup".to_owned(),
        region,
        round,
        bracket: bracket.to_owned(),
    }
}

fn cup(region: u8) -> GameByTournamentPartition {
    GameByTournamentPartition { tournament: "cup".to_owned(), region }
}

async fn matches() -> SecureClient {
    let client = crate::engine::client().table::<Game>().build().await;
    for played in [
        played("m1", 1, Some(1), "lower"),
        played("m2", 1, Some(1), "upper"),
        played("m3", 1, Some(10), "lower"),
        played("m4", 1, Some(2), "lower"),
        played("m5", 2, Some(1), "lower"),
        played("m6", 1, None, "lower"),
    ] {
        Game::create(played).send(&client).await.unwrap();
    }
    client
}

/// Asserts which games the query finds, in the end.
async fn found<S, const N: usize>(
    client: &SecureClient,
    query: impl Fn() -> Query<Game, GameByTournament, S>,
    expected: [&str; N],
) {
    eventually(expected.map(str::to_owned).to_vec(), async || {
        let found = query().items(client).collect().await.unwrap();
        found.into_iter().map(|found| found.match_id).collect()
    })
    .await;
}

#[tokio::test]
async fn a_partition_is_all_of_its_attributes_and_sorted_by_the_others_in_their_order() {
    let client = matches().await;
    let query = || Game::by_tournament(cup(1));
    found(&client, query, ["m1", "m2", "m4", "m3"]).await;
    found(&client, || Game::by_tournament(cup(2)), ["m5"]).await;
    found(&client, || query().round(1), ["m1", "m2"]).await;
    found(&client, || query().round(2..), ["m4", "m3"]).await;
    found(&client, || query().round(1).bracket("upper"), ["m2"]).await;
    found(&client, || query().round(1).bracket(begins_with("l")), ["m1"]).await;
    let from = |id: &str| query().round(1).bracket("lower").match_id(id.to_owned()..);
    found(&client, || from("m1"), ["m1"]).await;
}

#[tokio::test]
async fn a_page_goes_on_by_all_key_attributes() {
    let client = matches().await;
    let query = || Game::by_tournament(cup(1));
    eventually(4, async || query().count(&client).await.unwrap()).await;
    let page = query().limit(2).page(&client).await.unwrap();
    let cursor = page.next.unwrap();
    found(&client, || query().after(cursor.clone()), ["m4", "m3"]).await;
}

#[tokio::test]
async fn each_attribute_is_checked() {
    let client = matches().await;
    let long = GameByTournamentPartition { tournament: "x".repeat(2049), region: 1 };
    let error = Game::by_tournament(long).page(&client).await.unwrap_err();
    assert_eq!((error.is_invalid(), error.path()), (true, Some("tournament")));
    let error = Game::by_tournament(cup(1)).round(1).bracket("").page(&client).await.unwrap_err();
    assert_eq!((error.is_invalid(), error.path()), (true, Some("bracket")));
    let mut long = played("m7", 1, Some(1), "lower");
    long.bracket = "x".repeat(1025);
    let error = Game::create(long).send(&client).await.unwrap_err();
    assert_eq!(error.as_error().path(), Some("bracket"));
}

#[test]
fn a_key_is_hashed_by_each_of_its_parts() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "scores")]
    struct Score {
        #[dynamo(partition_key)]
        player: String,
        #[dynamo(sort_key)]
        game: u32,
    }
    let key = |player: &str, game| ScoreKey { player: player.to_owned(), game };
    let hash = |key| BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
    assert_eq!(hash(key("ada", 1)), hash(key("ada", 1)));
    assert_ne!(hash(key("ada", 1)), hash(key("eve", 1)));
    assert_ne!(hash(key("ada", 1)), hash(key("ada", 2)));
}
