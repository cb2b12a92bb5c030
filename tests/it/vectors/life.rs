//! A vector index of a table: made with it, verified, and added later.

use dynamo_runtime::prelude::*;
use dynamo_runtime::tables::{
    ArnScope, DistanceFunction, Drift, Grant, IndexProjection, PlanStep, Samples, Schema,
};
use dynamo_runtime::testing::LocalEngine;

use super::{Note, Picture};
use crate::engine::embedded_engine;

/// A table before it had an index.
mod before {
    use dynamo_runtime::prelude::*;

    #[derive(Entity)]
    #[dynamo(table = "pages")]
    pub(super) struct Page {
        #[dynamo(partition_key)]
        id: u32,
    }
}

async fn bare(engine: &LocalEngine) -> SecureClient {
    SecureClient::local().engine(engine).build().await.unwrap()
}

#[tokio::test]
async fn a_schema_has_the_vector_indexes_of_all_its_entities() {
    let schema = Schema::of::<(Note, Picture)>().unwrap();
    let [table] = schema.tables() else { panic!("one table") };
    let [meaning, place, product] = table.vector_indexes() else { panic!("three indexes") };
    assert_eq!(
        (meaning.name, meaning.vector, meaning.dimensions),
        ("meaning-index", "embedding", 3)
    );
    assert_eq!(meaning.partition_key.map(|key| (key.name, key.code)), Some(("tenant", "S")));
    let filters: Vec<_> = meaning.filters.iter().map(|key| (key.name, key.code)).collect();
    assert_eq!(filters, [("category", "S"), ("year", "N")]);
    assert_eq!(meaning.projection, IndexProjection::Include(vec!["expires_at", "id", "text"]));
    let distances = [meaning, place, product].map(|index| index.distance);
    assert_eq!(
        distances,
        [DistanceFunction::Cosine, DistanceFunction::Euclidean, DistanceFunction::DotProduct]
    );
    let keys: Vec<_> = table.key_attributes().iter().map(|key| key.name).collect();
    assert_eq!(keys, ["pk", "sk"]);
    // A template must define no attribute that nothing uses.
    assert!(!schema.to_cloud_formation().unwrap().contains("tenant"));
    assert!(!schema.to_terraform().unwrap().contains("tenant"));
    let scope = ArnScope::new("aws", Region::EU_CENTRAL_1, "123456789012");
    let policy = schema.to_iam_policy(&scope, &[Grant::Read]);
    assert!(policy.contains("dynamodb:SearchVectors") && policy.contains("/index/meaning-index"));
    assert!(schema.to_mermaid().contains("vector index meaning-index"));
    assert!(schema.to_html("Notes", &Samples::new()).contains("COSINE"));
}

#[tokio::test]
async fn a_table_that_is_made_has_its_vector_indexes() {
    let engine = embedded_engine().await;
    let client = bare(&engine).await;
    let schema = Schema::of::<(Note, Picture)>().unwrap();
    schema.create(&client).await.unwrap();
    assert!(schema.create(&client).await.unwrap().is_empty());
    let verified = client.verify::<(Note, Picture)>().await.unwrap();
    assert_eq!(verified.remarks(), []);
    // One entity alone knows of no other index.
    let remarks = client.verify::<Picture>().await.unwrap();
    let remarks: Vec<_> = remarks.remarks().iter().map(|remark| remark.drift().clone()).collect();
    let other = |index: &str| Drift::OtherIndex { index: index.to_owned() };
    assert_eq!(remarks, ["meaning-index", "place-index", "product-index"].map(other));
}

#[tokio::test]
async fn another_index_of_the_name_is_told() {
    #[expect(dead_code, reason = "it is never searched")]
    #[derive(Projection)]
    #[dynamo(of = Other)]
    struct OtherHit {
        id: u32,
        year: u16,
        expires_at: Option<Timestamp>,
    }

    #[derive(Entity)]
    #[dynamo(table = "notes", partition_key("pk") = "NOTE#{id}", sort_key("sk") = "TEXT")]
    #[dynamo(vector_index(
        by_place,
        name = "place-index",
        vector = embedding,
        distance = cosine,
        projects = OtherHit
    ))]
    struct Other {
        id: u32,
        year: u16,
        embedding: Embedding<4>,
        #[dynamo(ttl)]
        expires_at: Option<Timestamp>,
    }

    let engine = embedded_engine().await;
    let client = bare(&engine).await;
    Schema::of::<Note>().unwrap().create(&client).await.unwrap();
    let error = client.verify::<Other>().await.unwrap_err();
    let drifts: Vec<_> = error.differences().iter().map(|each| each.drift().clone()).collect();
    let [Drift::VectorIndex { entity, index, has, wants }, Drift::Projection { lacks, .. }] =
        &drifts[..]
    else {
        panic!("{drifts:?}")
    };
    assert_eq!((*entity, *index), ("Other", "place-index"));
    assert_eq!(has, "vector `embedding` of 3 dimensions, EUCLIDEAN, by category S");
    assert_eq!(wants, "vector `embedding` of 4 dimensions, COSINE");
    assert_eq!(lacks, &["year"]);
    let plan = Schema::of::<Other>().unwrap().plan(&client).await.unwrap();
    assert!(plan.is_empty() && plan.never().len() == 2, "{plan}");
}

#[tokio::test]
async fn entities_that_disagree_on_an_index_cannot_share_it() {
    #[expect(dead_code, reason = "it is never searched")]
    #[derive(Projection)]
    #[dynamo(of = Sound)]
    struct SoundHit {
        id: u32,
        expires_at: Option<Timestamp>,
    }

    #[derive(Entity)]
    #[dynamo(table = "notes", partition_key("pk") = "SOUND#{id}", sort_key("sk") = "WAVE")]
    #[dynamo(vector_index(
        by_sound,
        name = "place-index",
        vector = embedding,
        distance = cosine,
        projects = SoundHit
    ))]
    struct Sound {
        id: u32,
        embedding: Embedding<3>,
        #[dynamo(ttl)]
        expires_at: Option<Timestamp>,
    }

    let error = Schema::of::<(Note, Sound)>().unwrap_err().to_string();
    assert!(error.contains("give the vector index `place-index` different"), "{error}");
}

/// The engine takes half a minute for an index that is added, and calls it active after a quarter.
#[tokio::test]
async fn an_index_is_added_and_waited_for_until_it_answers() {
    #[derive(Projection, Debug, PartialEq)]
    #[dynamo(of = Page)]
    struct PageHit {
        id: u32,
    }

    #[derive(Entity)]
    #[dynamo(table = "pages")]
    #[dynamo(vector_index(
        by_meaning,
        name = "meaning-index",
        vector = embedding,
        distance = cosine,
        partition_key = tenant,
        filter(year),
        projects = PageHit
    ))]
    struct Page {
        #[dynamo(partition_key)]
        id: u32,
        tenant: String,
        year: u16,
        embedding: Embedding<2>,
    }

    let engine = embedded_engine().await;
    let client = bare(&engine).await;
    Schema::of::<before::Page>().unwrap().create(&client).await.unwrap();
    let page = Page { id: 1, tenant: "ann".into(), year: 2026, embedding: [1.0, 0.0].into() };
    Page::create(page).send(&client).await.unwrap();

    let schema = Schema::of::<Page>().unwrap();
    let plan = schema.plan(&client).await.unwrap();
    let steps: Vec<_> = plan.steps().map(|(_, step)| step.clone()).collect();
    assert_eq!(steps, [PlanStep::AddVectorIndex("meaning-index")]);
    assert!(plan.to_string().contains("add the vector index `meaning-index` to `pages`"), "{plan}");

    let mut lines = Vec::new();
    plan.apply_with(&client, |line| lines.push(line.doing)).await.unwrap();
    assert!(lines.iter().any(|line| line.contains("does not answer")), "{lines:?}");
    let search = Page::by_meaning("ann", Embedding::from([1.0, 0.0])).top(1);
    assert_eq!(search.send(&client).await.unwrap()[0].item, PageHit { id: 1 });
    assert!(schema.plan(&client).await.unwrap().is_empty());
    client.verify::<Page>().await.unwrap();
}
