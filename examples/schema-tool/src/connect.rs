//! The client, of DynamoDB, of another service like it, or of the embedded engine.

use std::fs;

use dynamo_runtime::client::SearchEndpoint;
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Endpoint, Entity, TableName, Trust};

use crate::arguments::Place;
use crate::tool::Failure;

/// A client for the entities, of whose table `F` is one.
pub(crate) async fn client<F: Entity>(place: &Place) -> Result<SecureClient, Failure> {
    if let Some(file) = &place.local {
        return Ok(SecureClient::local().file(file).build().await?);
    }
    let region = Region::parse(place.region.as_deref().unwrap_or_default())?;
    let mut client = SecureClient::builder().region(region).credentials(Credentials::environment());
    if let (Some(endpoint), Some(ca)) = (&place.endpoint, &place.ca) {
        let (host, port) = endpoint.rsplit_once(':').ok_or("an endpoint is `HOST:PORT`")?;
        client = client
            .endpoint(Endpoint::compatible(host, port.parse()?)?)
            // One that answers none says so, and is then not waited for.
            .search_endpoint(SearchEndpoint::same_host())
            .trust(Trust::private_ca(&fs::read_to_string(ca)?)?);
    }
    if let Some(table) = &place.table {
        client = client.table::<F>(TableName::new(table)?);
    }
    Ok(client.build().await?)
}
