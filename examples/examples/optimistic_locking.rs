//! Versions: a stale copy is refused, and `modify` tries again.

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "documents")]
struct Document {
    #[dynamo(partition_key)]
    id: String,
    words: Vec<String>,
    #[dynamo(version)]
    version: Version,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Document>().build().await?;
    let empty = Document { id: "d1".to_owned(), words: Vec::new(), version: Version::UNSAVED };
    let mine = Document::create(empty).send(&client).await?;

    // Another copy of the same item is written first.
    let mut theirs = mine.clone();
    theirs.words.push("theirs".to_owned());
    let theirs = Document::replace(theirs).send(&client).await?;
    assert_eq!(theirs.version, Version::new(2));

    // The stale copy does not overwrite it, and the error has what is there now.
    let refused = Document::replace(mine).send(&client).await.unwrap_err();
    assert_eq!(refused.current(), Some(&theirs));

    // `modify` reads, changes and writes at the version that it read; on a conflict, again.
    let append = |word: &'static str| {
        let client = client.clone();
        async move {
            Document::modify(Document::key("d1"), |document| {
                document.words.push(word.to_owned());
                Ok(())
            })
            .send(&client)
            .await
        }
    };
    let (one, two) = tokio::join!(append("one"), append("two"));
    let latest = Version::max(one?.version, two?.version);
    assert_eq!(latest, Version::new(4));
    let document = Document::get(Document::key("d1")).send(&client).await?;
    assert_eq!(document.map(|document| document.words.len()), Some(3));
    Ok(())
}
