use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "words", allow(scan))]
#[dynamo(index(by_type, name = "type-index", partition_key = r#type, sort_key = send))]
struct Word {
    #[dynamo(partition_key)]
    key: String,
    #[dynamo(sort_key)]
    table: u32,
    get: Option<String>,
    send: Timestamp,
    create: bool,
    query: Vec<String>,
    filter: f64,
    self_: u8,
    r#type: String,
    #[dynamo(default)]
    default: u64,
    #[dynamo(version)]
    version: Version,
}

fn main() {
    let key = WordKey { key: "k".to_owned(), table: 1 };
    let _ = Word::get(key.clone());
    let _ = Word::update(key)
        .set(Word::GET, "g")
        .set(Word::TYPE, "t")
        .add(Word::DEFAULT, 1)
        .condition(Word::KEY.exists().and(Word::TABLE.gt(0)).and(Word::CREATE.eq(true)));
    // A sort key that is named as a method of the query is given through the trait.
    let typed = WordQuery::send(Word::by_type("t"), Timestamp::EPOCH..);
    let _ = typed.filter(Word::QUERY.contains("q"));
    let _ = Word::query("k").table(1..=2).filter(Word::FILTER.lt(0.5).or(Word::SELF_.ne(7)));
    assert_eq!(format!("{:?}", (Word::TYPE, Word::SEND)), "(type, send)");
}
