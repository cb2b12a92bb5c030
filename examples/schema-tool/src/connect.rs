//! The client, of DynamoDB or of the embedded engine.

use dynamo_runtime::prelude::*;

use crate::arguments::Place;
use crate::tool::Failure;

pub(crate) async fn client(place: &Place) -> Result<SecureClient, Failure> {
    if let Some(file) = &place.local {
        return Ok(SecureClient::local().file(file).build().await?);
    }
    let region = Region::parse(place.region.as_deref().unwrap_or_default())?;
    let client = SecureClient::builder().region(region).credentials(Credentials::environment());
    Ok(client.build().await?)
}
