//! Attributes that are the same in all items of an entity, and entities that these alone tell apart.

use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use serde_json::{Value, json};

use crate::engine;

#[derive(Entity, Clone, Debug, Default, PartialEq)]
#[dynamo(table = "pokedex", constant("_et") = "Pokemon", constant("_v") = "1")]
#[dynamo(index(by_region, name = "region-index", partition_key = region))]
#[dynamo(allow(scan))]
struct Pokemon {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    region: Option<String>,
    #[dynamo(default)]
    level: u32,
}

#[derive(Entity, Clone, Debug, Default, PartialEq)]
#[dynamo(table = "pokedex", constant("_et") = "Trainer")]
#[dynamo(index(by_region, name = "region-index", partition_key = region))]
struct Trainer {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    region: Option<String>,
    name: Option<String>,
}

/// Whatever is in the table.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "pokedex")]
struct Anything {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum Either {
    Pokemon(Pokemon),
    Trainer(Trainer),
}

#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(index = TrainerByRegion)]
enum OfRegion {
    Trainer(Trainer),
    Pokemon(Pokemon),
}

#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(skip_others)]
enum Trainers {
    Trainer(Trainer),
}

fn pokemon(sk: &str) -> Pokemon {
    Pokemon { pk: "p1".into(), sk: sk.into(), region: Some("kanto".into()), level: 5 }
}

fn trainer(sk: &str) -> Trainer {
    Trainer { pk: "p1".into(), sk: sk.into(), region: Some("kanto".into()), name: None }
}

async fn client() -> SecureClient {
    engine::client().table::<Pokemon>().table::<Trainer>().build().await
}

async fn stored(client: &SecureClient, sk: &str) -> Value {
    let key = AnythingKey { pk: "p1".into(), sk: sk.into() };
    let item = Anything::get(key).send(client).await.unwrap().unwrap();
    serde_json::from_slice(&encode_item(&item).unwrap()).unwrap()
}

#[tokio::test]
async fn each_write_that_can_make_an_item_writes_the_constants() {
    let client = client().await;
    let is_told = |item: &Value| {
        assert_eq!((&item["_et"]["S"], &item["_v"]["S"]), (&json!("Pokemon"), &json!("1")));
    };
    Pokemon::create(pokemon("created")).send(&client).await.unwrap();
    is_told(&stored(&client, "created").await);
    Pokemon::replace(pokemon("created")).send(&client).await.unwrap();
    is_told(&stored(&client, "created").await);
    let put = Pokemon::put(pokemon("put")).condition(Pokemon::LEVEL.not_exists());
    put.send(&client).await.unwrap();
    is_told(&stored(&client, "put").await);
    let key = PokemonKey { pk: "p1".into(), sk: "upserted".into() };
    let upsert = Pokemon::upsert(key).set(Pokemon::LEVEL, 7_u32);
    let upserted = upsert.condition(Pokemon::LEVEL.not_exists()).returning_new();
    assert_eq!(upserted.send(&client).await.unwrap().level, 7);
    is_told(&stored(&client, "upserted").await);
}

#[tokio::test]
async fn no_write_changes_an_item_of_another_entity() {
    let client = client().await;
    Trainer::create(trainer("x")).send(&client).await.unwrap();
    let before = stored(&client, "x").await;
    let key = || pokemon("x").to_key();
    let level = Pokemon::LEVEL;
    let errors = [
        Pokemon::create(pokemon("x")).send(&client).await.unwrap_err(),
        Pokemon::replace(pokemon("x")).send(&client).await.unwrap_err(),
        Pokemon::put(pokemon("x")).condition(level.not_exists()).send(&client).await.unwrap_err(),
        Pokemon::put(pokemon("x")).if_exists().send(&client).await.unwrap_err(),
        Pokemon::update(key()).set(level, 1_u32).if_exists().send(&client).await.unwrap_err(),
        Pokemon::upsert(key())
            .set(level, 1_u32)
            .condition(level.not_exists())
            .send(&client)
            .await
            .unwrap_err(),
        Pokemon::delete(key()).if_exists().send(&client).await.unwrap_err(),
        Pokemon::delete_entity(&pokemon("x")).send(&client).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_condition_failed(), "{error:?}");
        assert!(error.current().is_none(), "an item of another entity is none of this one");
    }
    let check = Transaction::new().check(key(), Pokemon::LEVEL.not_exists());
    let check = check.create(pokemon("other")).send(&client).await.unwrap_err();
    assert!(check.reasons()[0].is_condition_failed(), "{check:?}");
    assert_eq!(stored(&client, "x").await, before);
}

#[tokio::test]
async fn a_query_finds_the_items_of_its_entity_and_no_item_is_left_out_in_silence() {
    let client = client().await;
    for sk in ["a", "b"] {
        Pokemon::create(pokemon(sk)).send(&client).await.unwrap();
    }
    Trainer::create(trainer("c")).send(&client).await.unwrap();
    let both = [pokemon("a"), pokemon("b")];
    assert_eq!(Pokemon::query("p1").items(&client).collect().await.unwrap(), both);
    assert_eq!(Pokemon::query("p1").count(&client).await.unwrap(), 2);
    assert_eq!(Pokemon::query("p1").limit(1).page(&client).await.unwrap().items, both[..1]);
    assert_eq!(Trainer::query("p1").items(&client).collect().await.unwrap(), [trainer("c")]);
    assert_eq!(Pokemon::scan().items(&client).collect().await.unwrap().len(), 2);
    engine::eventually(2, async || {
        Pokemon::by_region("kanto").items(&client).collect().await.unwrap().len()
    })
    .await;
    // The key of another entity is that of no item of this one.
    let error = Pokemon::get(pokemon("c").to_key()).send(&client).await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
    // An item that no entity has written.
    let json = br#"{"pk":{"S":"p1"},"sk":{"S":"d"},"level":{"N":"1"}}"#;
    let plain = decode_item::<Anything>(json).unwrap();
    Anything::create(plain).send(&client).await.unwrap();
    let error = Pokemon::query("p1").page(&client).await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
}

#[tokio::test]
async fn a_collection_tells_its_entities_by_their_constants() {
    let client = client().await;
    let all = [
        Either::Pokemon(pokemon("a")),
        Either::Trainer(trainer("b")),
        Either::Pokemon(pokemon("c")),
    ];
    Pokemon::create(pokemon("a")).send(&client).await.unwrap();
    Trainer::create(trainer("b")).send(&client).await.unwrap();
    Pokemon::create(pokemon("c")).send(&client).await.unwrap();
    assert_eq!(Either::query("p1").items(&client).collect().await.unwrap(), all);
    engine::eventually((2, 1), async || {
        let items = OfRegion::query("kanto").items(&client).collect().await.unwrap();
        let is_pokemon = |item: &&OfRegion| matches!(item, OfRegion::Pokemon(_));
        let pokemon = items.iter().filter(is_pokemon).count();
        (pokemon, items.len() - pokemon)
    })
    .await;
    let trainers = Trainers::query("p1");
    let only = [Trainers::Trainer(trainer("b"))];
    assert_eq!(trainers.clone().items(&client).collect().await.unwrap(), only);
    assert_eq!(trainers.count(&client).await.unwrap(), 1);
    let other = r#"{"pk":{"S":"p1"},"sk":{"S":"d"},"_et":{"S":"Gym"}}"#;
    let error = decode_item::<Either>(other.as_bytes()).unwrap_err();
    assert!(error.is_of_no_entity());
    assert!(error.to_string().ends_with(
        "expected any `pk` with any `sk` and `_et` = `Pokemon` and `_v` = `1`, \
         or any `pk` with any `sk` and `_et` = `Trainer`"
    ));
}

#[test]
fn what_is_read_has_the_constants() {
    let item = |constants: Value| {
        let mut item = json!({ "pk": { "S": "p" }, "sk": { "S": "s" }, "level": { "N": "1" } });
        for (name, value) in constants.as_object().unwrap() {
            item[name] = value.clone();
        }
        decode_item::<Pokemon>(item.to_string().as_bytes())
    };
    let text = |text: &str| json!({ "S": text });
    let read = item(json!({ "_et": text("Pokemon"), "_v": text("1") })).unwrap();
    assert_eq!(read.level, 1);
    for (constants, path) in [
        (json!({ "_et": text("pokemon"), "_v": text("1") }), "_et"),
        (json!({ "_et": text("Pokemon"), "_v": { "N": "1" } }), "_v"),
        (json!({ "_et": { "NULL": true }, "_v": text("1") }), "_et"),
    ] {
        let error = item(constants).unwrap_err();
        assert!(error.is_constant_mismatch(), "{error:?}");
        assert_eq!(error.path(), Some(path));
        assert!(!error.to_string().contains("pokemon"), "what was found is not shown: {error}");
    }
    let missing = item(json!({ "_et": text("Pokemon") })).unwrap_err();
    assert!(missing.is_missing());
    assert_eq!(missing.path(), Some("_v"));
    let twice = br#"{"pk":{"S":"p"},"sk":{"S":"s"},"_et":{"S":"Pokemon"},"_et":{"S":"Pokemon"},"_v":{"S":"1"}}"#;
    assert!(decode_item::<Pokemon>(twice).unwrap_err().is_duplicate());
}
