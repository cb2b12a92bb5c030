//! Pages in a web handler: the cursor goes to the caller and comes back, and the caller can neither
//! read, forge nor move it.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use dynamo_runtime::operation::{CursorKey, CursorKeys};
use dynamo_runtime::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "notes")]
struct Note {
    #[dynamo(partition_key)]
    owner: String,
    #[dynamo(sort_key)]
    number: u32,
    text: String,
}

struct Service {
    client: SecureClient,
    cursors: CursorKeys,
}

#[derive(Deserialize)]
struct PageRequest {
    owner: String,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct PageResponse {
    notes: Vec<String>,
    next: Option<String>,
}

async fn notes(
    State(service): State<Arc<Service>>,
    Query(request): Query<PageRequest>,
) -> Result<Json<PageResponse>, StatusCode> {
    let Service { client, cursors } = &*service;
    let mut query = Note::query(&request.owner).limit(2);
    if let Some(text) = &request.cursor {
        // Whatever is wrong with it, the caller learns no more than this.
        query = query.after(cursors.open(text).map_err(|_| StatusCode::BAD_REQUEST)?);
    }
    let page = query.page(client).await.map_err(|error| {
        let is_of_another_owner = error.is_invalid();
        if is_of_another_owner { StatusCode::BAD_REQUEST } else { StatusCode::BAD_GATEWAY }
    })?;
    let next = page.next.map(|cursor| cursors.seal(&cursor)).transpose();
    Ok(Json(PageResponse {
        notes: page.items.into_iter().map(|note| note.text).collect(),
        next: next.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?,
    }))
}

fn routes(service: Arc<Service>) -> Router {
    Router::new().route("/notes", get(notes)).with_state(service)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Note>().build().await?;
    for number in 0..5 {
        let text = format!("note {number}");
        Note::create(Note { owner: "ann".to_owned(), number, text }).send(&client).await?;
    }
    // In a service: 32 random bytes from its secret store, the same for all of its instances.
    let cursors = CursorKeys::new(CursorKey::from_bytes(&[7; 32]));
    let service = Arc::new(Service { client, cursors });
    let _routes = routes(Arc::clone(&service));

    let page = async |owner: &str, cursor: Option<String>| {
        let request = PageRequest { owner: owner.to_owned(), cursor };
        notes(State(Arc::clone(&service)), Query(request)).await.map(|Json(page)| page)
    };
    let first = page("ann", None).await.map_err(|status| status.to_string())?;
    assert_eq!(first.notes, ["note 0", "note 1"]);
    let second = page("ann", first.next.clone()).await.map_err(|status| status.to_string())?;
    assert_eq!(second.notes, ["note 2", "note 3"]);

    // Bob holds Ann's cursor, and one that he has made himself.
    assert_eq!(page("bob", first.next).await.err(), Some(StatusCode::BAD_REQUEST));
    assert_eq!(page("bob", Some("AAAA".to_owned())).await.err(), Some(StatusCode::BAD_REQUEST));
    Ok(())
}
