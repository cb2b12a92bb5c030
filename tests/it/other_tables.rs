//! A table that is there already and is another one than the entity describes.

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::{LocalEngine, Tables};

use crate::engine::{embedded, embedded_engine};

mod before {
    use super::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "things")]
    #[dynamo(index(by_owner, name = "owner-index", partition_key = owner))]
    pub struct Thing {
        #[dynamo(partition_key)]
        pub id: String,
        pub owner: String,
    }
}

mod with_sort_key {
    use super::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "things")]
    pub struct Thing {
        #[dynamo(partition_key)]
        pub id: String,
        #[dynamo(sort_key)]
        pub number: u32,
    }
}

mod with_number {
    use super::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "things")]
    pub struct Thing {
        #[dynamo(partition_key)]
        pub id: u64,
    }
}

mod with_other_indexes {
    use super::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "things")]
    #[dynamo(index(by_colour, name = "colour-index", partition_key = colour))]
    pub struct Thing {
        #[dynamo(partition_key)]
        pub id: String,
        pub colour: String,
    }

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "things")]
    #[dynamo(index(by_owner, name = "owner-index", partition_key = owner, sort_key = colour))]
    pub struct Owned {
        #[dynamo(partition_key)]
        pub id: String,
        pub owner: String,
        pub colour: String,
    }
}

mod together {
    use super::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "goods", partition_key("pk") = "CRATE#{id}")]
    #[dynamo(index(by_colour, name = "colour-index", partition_key = colour))]
    pub struct Crate {
        pub id: String,
        pub colour: String,
    }

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "goods", partition_key("pk") = "BARREL#{id}")]
    #[dynamo(index(by_owner, name = "owner-index", partition_key = owner))]
    pub struct Barrel {
        pub id: String,
        pub owner: String,
    }

    /// Another index of the name.
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "goods", partition_key("pk") = "SACK#{id}")]
    #[dynamo(index(by_weight, name = "owner-index", partition_key = weight))]
    pub struct Sack {
        pub id: String,
        pub weight: u32,
    }
}

async fn opened<E: Entity>(engine: &LocalEngine) -> Result<SecureClient, String> {
    let opened = embedded().engine(engine).table::<E>().build().await;
    opened.map_err(|error| error.to_string().split(" (breaks: ").next().unwrap().to_owned())
}

#[tokio::test]
async fn it_is_refused_before_the_first_call_with_what_it_has_and_what_is_wanted() {
    let engine = embedded_engine().await;
    opened::<before::Thing>(&engine).await.unwrap();
    let begin = "cannot make a table of the local engine: the table `things` is another one: ";
    assert_eq!(
        opened::<with_sort_key::Thing>(&engine).await.unwrap_err(),
        format!(
            "{begin}it has the partition key `id` (S); `Thing` has the partition key `id` (S), sort key `number` (N)"
        )
    );
    assert_eq!(
        opened::<with_number::Thing>(&engine).await.unwrap_err(),
        format!("{begin}it has the partition key `id` (S); `Thing` has the partition key `id` (N)")
    );
    assert_eq!(
        opened::<with_other_indexes::Thing>(&engine).await.unwrap_err(),
        format!("{begin}it has no index `colour-index`, which `Thing` uses")
    );
    assert_eq!(
        opened::<with_other_indexes::Owned>(&engine).await.unwrap_err(),
        format!(
            "{begin}its index `owner-index` has the partition key `owner` (S); in `Owned` it has the partition key `owner` (S), sort key `colour` (S)"
        )
    );
    opened::<before::Thing>(&engine).await.unwrap();
}

#[tokio::test]
async fn a_file_of_another_key_is_refused_too() {
    let folder = std::env::temp_dir().join(format!("dynamo-other-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("engine.db");
    embedded().file(&file).table::<before::Thing>().build().await.unwrap();
    let refused = embedded().file(&file).table::<with_sort_key::Thing>().build().await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("the table `things` is another one"), "{error}");
    embedded().file(&file).table::<before::Thing>().build().await.unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn entities_that_share_a_table_agree_on_it() {
    let engine = embedded_engine().await;
    let refused = embedded()
        .engine(&engine)
        .table::<before::Thing>()
        .table::<with_sort_key::Thing>()
        .build()
        .await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("`Thing` and `Thing` have different keys"), "{error}");
    assert!(engine.requests().is_empty(), "it is known without the engine");
    // Each brings its own index.
    let goods = || embedded().table::<together::Crate>().table::<together::Barrel>();
    goods().build().await.unwrap();
    let refused = goods().table::<together::Sack>().build().await;
    let error = refused.unwrap_err().to_string();
    assert!(
        error.contains("`Barrel` and `Sack` give the index `owner-index` different"),
        "{error}"
    );
}

#[tokio::test]
async fn a_call_says_so_too_in_words_without_a_value() {
    let engine = embedded_engine().await;
    opened::<before::Thing>(&engine).await.unwrap();
    let unchecked = embedded().engine(&engine).build().await.unwrap();
    let key = with_sort_key::ThingKey { id: "hunter2".to_owned(), number: 7 };
    let error = with_sort_key::Thing::get(key).send(&unchecked).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("The provided key element does not match the schema"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let refused = Tables::new().table::<with_sort_key::Thing>().create(&unchecked).await;
    assert!(refused.unwrap_err().to_string().contains("is another one"));
}
