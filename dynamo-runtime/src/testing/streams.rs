//! What a table's stream holds, as a test of its reader wants it.

use bytes::Bytes;
use dynoxide::actions::describe_stream::DescribeStreamRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::actions::list_streams::ListStreamsRequest;
use dynoxide::{Database, DynoxideError};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http_body_util::BodyExt;

use super::response::JSON;
use super::{LocalEngine, LocalEngineError};
use crate::codec::Writer;
use crate::codec::response::raw_member;
use crate::entity::Entity;

impl LocalEngine {
    /// The records of the stream of the entity's table since its start, as `GetRecords` answers:
    /// the argument of [`stream::records`](crate::stream::records).
    ///
    /// [`LocalBuilder::streams`](super::LocalBuilder::streams) gives a table its stream.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # use dynamo_runtime::testing::LocalEngine;
    /// use dynamo_runtime::stream::{self, Change};
    ///
    /// # #[derive(Entity, Clone, Debug, Default, PartialEq)]
    /// # #[dynamo(table = "users")]
    /// # struct User {
    /// #     #[dynamo(partition_key)]
    /// #     user_id: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let engine = LocalEngine::in_memory().await?;
    /// let client = SecureClient::local().engine(&engine).streams().table::<User>().build().await?;
    /// let ann = User::create(User { user_id: "ann".into() }).send(&client).await?;
    ///
    /// let json = engine.stream_records::<User>().await?;
    /// let records = stream::records(&json)?;
    /// assert_eq!(records[0].change::<User>()?, Change::Inserted(ann));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The table has no stream, or the database fails.
    pub async fn stream_records<E: Entity>(&self) -> Result<Vec<u8>, LocalEngineError> {
        let database = self.running.front.engine.database();
        let iterators = self
            .running
            .runtime
            .spawn_blocking(move || iterators(&database, E::SCHEMA.table))
            .await
            .map_err(LocalEngineError::task)?
            .map_err(LocalEngineError::database)?;
        if iterators.is_empty() {
            return Err(LocalEngineError::no_stream(E::SCHEMA.table));
        }
        let mut all = br#"{"Records":["#.to_vec();
        for iterator in iterators {
            let records = self.records(&iterator).await?;
            if all.last() != Some(&b'[') && !records.is_empty() {
                all.push(b',');
            }
            all.extend(records);
        }
        all.extend(b"]}");
        Ok(all)
    }

    /// The records of one shard, without the brackets around them.
    async fn records(&self, iterator: &str) -> Result<Vec<u8>, LocalEngineError> {
        let mut writer = Writer::with_capacity(256);
        writer.begin_object();
        writer.member("ShardIterator");
        writer.json_string(iterator);
        writer.end_object();
        let body = writer.finish().map_err(LocalEngineError::stream)?;
        let head = Request::post("/")
            .header("x-amz-target", "DynamoDBStreams_20120810.GetRecords")
            .header(CONTENT_TYPE, JSON)
            // The engine wants to see a signature.
            .header(AUTHORIZATION, "AWS4-HMAC-SHA256 Credential=, SignedHeaders=, Signature=")
            .header("x-amz-date", "19700101T000000Z")
            .body(())
            .map_err(LocalEngineError::stream)?;
        let answer = self.running.front.engine.apply(&head.into_parts().0, body.into()).await;
        let answer = answer.into_body().collect().await.map(http_body_util::Collected::to_bytes);
        let answer: Bytes = answer.unwrap_or_default();
        let records = raw_member(&answer, "Records").map_err(LocalEngineError::stream)?;
        let inside = |records: &[u8]| {
            records.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]")).map(<[u8]>::to_vec)
        };
        records.and_then(inside).ok_or_else(|| LocalEngineError::stream("no records were given"))
    }
}

/// Where each shard of the table's stream begins.
fn iterators(database: &Database, table: &str) -> Result<Vec<String>, DynoxideError> {
    let streams = database.list_streams(ListStreamsRequest {
        table_name: Some(table.to_owned()),
        ..ListStreamsRequest::default()
    })?;
    let mut iterators = Vec::new();
    for stream in streams.streams {
        let described = database.describe_stream(DescribeStreamRequest {
            stream_arn: stream.stream_arn.clone(),
            ..DescribeStreamRequest::default()
        })?;
        for shard in described.stream_description.shards {
            let given = database.get_shard_iterator(GetShardIteratorRequest {
                stream_arn: stream.stream_arn.clone(),
                shard_id: shard.shard_id,
                shard_iterator_type: "TRIM_HORIZON".to_owned(),
                sequence_number: None,
            })?;
            iterators.extend(given.shard_iterator);
        }
    }
    Ok(iterators)
}
