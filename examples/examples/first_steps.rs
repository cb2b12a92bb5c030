//! An entity, and create, get, update, put and delete with their conditions.

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "books")]
struct Book {
    #[dynamo(partition_key)]
    isbn: String,
    title: String,
    #[dynamo(default)]
    copies: u32,
    shelf: Option<String>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Book>().build().await?;

    let book = Book {
        isbn: "978-0131103627".to_owned(),
        title: "The C Programming Language".to_owned(),
        copies: 1,
        shelf: None,
    };
    let key = || Book::key("978-0131103627");

    // `create` fails if the key is taken.
    let book = Book::create(book).send(&client).await?;
    assert_eq!(Book::get(key()).send(&client).await?, Some(book.clone()));

    // An update names what it changes, and under which condition.
    let book = Book::update(key())
        .set(Book::SHELF, "C2")
        .add(Book::COPIES, 2)
        .condition(Book::SHELF.not_exists().and(Book::COPIES.lt(10)))
        .returning_new()
        .send(&client)
        .await?;
    assert_eq!((book.copies, book.shelf.as_deref()), (3, Some("C2")));

    // A put writes the whole item.
    let moved = Book { shelf: Some("D1".to_owned()), ..book };
    Book::put(moved).condition(Book::SHELF.eq("C2")).send(&client).await?;

    // A delete gives back what it deleted, when asked.
    let deleted = Book::delete(key())
        .condition(Book::TITLE.begins_with("The C"))
        .returning_old()
        .send(&client)
        .await?;
    assert_eq!(deleted.and_then(|book| book.shelf), Some("D1".to_owned()));
    assert_eq!(Book::get(key()).send(&client).await?, None);
    Ok(())
}
