//! The operations of DynamoDB that the client sends, and how the SDK reads their errors.

use aws_sdk_dynamodb::{operation, types};
use aws_smithy_runtime_api::client::interceptors::context::Error;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::{ErrorKind, ProvideErrorKind};
use tracing::Span;

use super::throttling::ThrottlingReason;

/// What is taken from the SDK's own error value, which is dropped: its `Debug` prints items.
pub(super) struct ModeledError {
    pub(super) metadata: ErrorMetadata,
    pub(super) retry: Option<ErrorKind>,
    pub(super) throttling: Vec<ThrottlingReason>,
}

/// The error of an operation, of which some kinds say what was exceeded.
trait Throttled {
    fn throttling_reasons(&self) -> &[types::ThrottlingReason] {
        &[]
    }
}

macro_rules! throttled {
    ($($module:ident::$error:ident,)+) => {
        $(impl Throttled for operation::$module::$error {
            fn throttling_reasons(&self) -> &[types::ThrottlingReason] {
                match self {
                    Self::ProvisionedThroughputExceededException(error) => error.throttling_reasons(),
                    Self::RequestLimitExceeded(error) => error.throttling_reasons(),
                    Self::ThrottlingException(error) => error.throttling_reasons(),
                    _ => &[],
                }
            }
        })+
    };
}

throttled! {
    get_item::GetItemError,
    put_item::PutItemError,
    update_item::UpdateItemError,
    delete_item::DeleteItemError,
    batch_get_item::BatchGetItemError,
    batch_write_item::BatchWriteItemError,
    transact_get_items::TransactGetItemsError,
    transact_write_items::TransactWriteItemsError,
    query::QueryError,
    scan::ScanError,
}

impl Throttled for operation::search_vectors::SearchVectorsError {
    fn throttling_reasons(&self) -> &[types::ThrottlingReason] {
        match self {
            Self::RequestLimitExceeded(error) => error.throttling_reasons(),
            Self::ThrottlingException(error) => error.throttling_reasons(),
            _ => &[],
        }
    }
}

/// What of a table throttles is in no list of reasons.
#[cfg(any(test, fuzzing, feature = "schema"))]
mod of_tables {
    use super::{Throttled, operation};

    impl Throttled for operation::create_table::CreateTableError {}
    impl Throttled for operation::describe_table::DescribeTableError {}
    impl Throttled for operation::update_table::UpdateTableError {}
    impl Throttled for operation::update_time_to_live::UpdateTimeToLiveError {}
    impl Throttled for operation::describe_time_to_live::DescribeTimeToLiveError {}
    impl Throttled for operation::update_continuous_backups::UpdateContinuousBackupsError {}
    impl Throttled for operation::describe_continuous_backups::DescribeContinuousBackupsError {}
    impl Throttled for operation::list_tags_of_resource::ListTagsOfResourceError {}
    impl Throttled for operation::tag_resource::TagResourceError {}
    impl Throttled for operation::get_resource_policy::GetResourcePolicyError {}
    impl Throttled for operation::put_resource_policy::PutResourcePolicyError {}
}

macro_rules! operations {
    ($($(#[$attribute:meta])* $name:ident in $module:ident with $error:ident, at most $mebibytes:literal MiB;)+) => {
        /// An operation of DynamoDB.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Api {
            $($(#[$attribute])* $name,)+
        }

        impl Api {
            #[cfg(any(test, fuzzing))]
            pub(super) const ALL: &[Self] = &[$($(#[$attribute])* Self::$name,)+];

            /// The name, as in the `x-amz-target` header after its prefix.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $($(#[$attribute])* Self::$name => stringify!($name),)+
                }
            }

            /// The value of the `x-amz-target` header.
            pub(super) fn target(self) -> &'static str {
                match self {
                    $($(#[$attribute])* Self::$name => concat!("DynamoDB_20120810.", stringify!($name)),)+
                }
            }

            /// The largest response, in bytes. DynamoDB counts 1 byte for a null in a list, which takes 14 in JSON.
            pub(super) fn response_limit(self) -> usize {
                match self {
                    $($(#[$attribute])* Self::$name => $mebibytes << 20,)+
                }
            }

            /// A span with OpenTelemetry's names, most of its fields to be recorded later.
            pub(super) fn span(self, server: &str, port: u16) -> Span {
                match self {
                    $($(#[$attribute])* Self::$name => call_span!(concat!("DynamoDB.", stringify!($name)), self, server, port),)+
                }
            }

            fn error_config(self) -> Option<FrozenLayer> {
                match self {
                    $($(#[$attribute])* Self::$name => operation::$module::$name::new().config(),)+
                }
            }

            fn read_error(self, error: &Error) -> Option<ModeledError> {
                match self {
                    $($(#[$attribute])* Self::$name => error.downcast_ref::<operation::$module::$error>().map(modeled),)+
                }
            }
        }
    };
}

macro_rules! call_span {
    ($name:expr, $api:expr, $server:expr, $port:expr) => {
        tracing::debug_span!(
            target: "dynamo::call",
            $name,
            otel.kind = "client",
            db.system.name = "aws.dynamodb",
            db.operation.name = $api.name(),
            db.collection.name = tracing::field::Empty,
            rpc.system = "aws-api",
            rpc.service = "DynamoDB",
            rpc.method = $api.name(),
            server.address = $server,
            server.port = $port,
            network.peer.address = tracing::field::Empty,
            aws.request_id = tracing::field::Empty,
            aws.dynamodb.consumed_capacity = tracing::field::Empty,
            aws.dynamodb.throttling_reasons = tracing::field::Empty,
            http.response.status_code = tracing::field::Empty,
            http.request.resend_count = tracing::field::Empty,
            error.type = tracing::field::Empty,
        )
    };
}

operations! {
    GetItem in get_item with GetItemError, at most 8 MiB;
    PutItem in put_item with PutItemError, at most 8 MiB;
    UpdateItem in update_item with UpdateItemError, at most 8 MiB;
    DeleteItem in delete_item with DeleteItemError, at most 8 MiB;
    // Of 16 MB that may be read, 4 MB in a transaction, or 16 MB that may be sent back.
    BatchGetItem in batch_get_item with BatchGetItemError, at most 256 MiB;
    BatchWriteItem in batch_write_item with BatchWriteItemError, at most 64 MiB;
    TransactGetItems in transact_get_items with TransactGetItemsError, at most 64 MiB;
    TransactWriteItems in transact_write_items with TransactWriteItemsError, at most 64 MiB;
    Query in query with QueryError, at most 16 MiB;
    Scan in scan with ScanError, at most 16 MiB;
    // Of at most 100 items, and 16 MB.
    SearchVectors in search_vectors with SearchVectorsError, at most 64 MiB;
    // Of tables, which only the feature `schema` asks for.
    #[cfg(any(test, fuzzing, feature = "schema"))] CreateTable in create_table with CreateTableError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] DescribeTable in describe_table with DescribeTableError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] UpdateTable in update_table with UpdateTableError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] UpdateTimeToLive in update_time_to_live with UpdateTimeToLiveError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] DescribeTimeToLive in describe_time_to_live with DescribeTimeToLiveError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] UpdateContinuousBackups in update_continuous_backups with UpdateContinuousBackupsError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] DescribeContinuousBackups in describe_continuous_backups with DescribeContinuousBackupsError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] ListTagsOfResource in list_tags_of_resource with ListTagsOfResourceError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] TagResource in tag_resource with TagResourceError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] GetResourcePolicy in get_resource_policy with GetResourcePolicyError, at most 1 MiB;
    #[cfg(any(test, fuzzing, feature = "schema"))] PutResourcePolicy in put_resource_policy with PutResourcePolicyError, at most 1 MiB;
}

impl Api {
    /// Whether it searches a vector index, which DynamoDB does on other hosts than all else.
    pub(super) fn is_search(self) -> bool {
        self == Self::SearchVectors
    }

    /// Reads an error response with the SDK's own deserialiser for this operation.
    pub(super) fn modeled_error(
        self,
        response: &HttpResponse,
        cfg: &ConfigBag,
    ) -> Option<ModeledError> {
        let config = self.error_config()?;
        let deserializer = config.load::<SharedResponseDeserializer>()?;
        let error = deserializer.deserialize_nonstreaming_with_config(response, cfg).err()?;
        self.read_error(error.as_operation_error()?)
    }
}

/// Reads an answer of status 400 to each operation, for a fuzz target.
#[cfg(fuzzing)]
pub(crate) fn read_error_body(body: &[u8]) {
    for api in Api::ALL {
        let Ok(status) = 400.try_into() else { return };
        let body = aws_smithy_types::body::SdkBody::from(body.to_vec());
        drop(api.modeled_error(&HttpResponse::new(status, body), &ConfigBag::base()));
    }
}

fn modeled(error: &(impl ProvideErrorMetadata + ProvideErrorKind + Throttled)) -> ModeledError {
    ModeledError {
        metadata: error.meta().clone(),
        retry: error.retryable_error_kind(),
        throttling: error.throttling_reasons().iter().map(ThrottlingReason::from).collect(),
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn is_of_a_table(api: Api) -> bool {
        ["Table", "TimeToLive", "ContinuousBackups", "Resource"]
            .iter()
            .any(|word| api.name().contains(word))
    }

    #[test]
    fn every_operation_reads_its_errors_with_the_sdk() {
        for api in Api::ALL {
            let body = r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"m"}"#;
            let status = 500.try_into().unwrap();
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            response.headers_mut().insert("x-amzn-requestid", "R1");
            let error = api.modeled_error(&response, &ConfigBag::base()).unwrap();
            assert_eq!(error.metadata.code(), Some("InternalServerError"), "{api:?}");
            assert_eq!(error.metadata.message(), Some("m"), "{api:?}");
            assert_eq!(api.target(), format!("DynamoDB_20120810.{}", api.name()));
        }
    }

    #[test]
    fn each_error_that_says_what_was_exceeded_is_read_for_each_operation_on_items() {
        let codes = [
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "ThrottlingException",
        ];
        for api in Api::ALL {
            for code in codes {
                let body = format!(
                    r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"m","throttlingReasons":[{{"reason":"TableReadKeyRangeThroughputExceeded","resource":"arn:t"}},{{"reason":"SomethingNew"}},{{}}],"ThrottlingReasons":[{{"reason":"TableReadKeyRangeThroughputExceeded","resource":"arn:t"}},{{"reason":"SomethingNew"}},{{}}]}}"#
                );
                let response = HttpResponse::new(400.try_into().unwrap(), SdkBody::from(body));
                let error = api.modeled_error(&response, &ConfigBag::base()).unwrap();
                let is_known = *api != Api::SearchVectors || code != codes[0];
                let is_of_items = !is_of_a_table(*api) && is_known;
                let expected = [
                    ThrottlingReason::new("TableReadKeyRangeThroughputExceeded", Some("arn:t")),
                    ThrottlingReason::new("SomethingNew", None),
                    ThrottlingReason::new("", None),
                ];
                let expected = if is_of_items { &expected[..] } else { &[] };
                assert_eq!(error.throttling, expected, "{api:?}, {code}");
            }
        }
    }

    #[test]
    fn the_largest_answer_has_room_and_an_endless_one_has_none() {
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
        const KIB: usize = 1 << 10;
        const MIB: usize = 1 << 20;
        for api in Api::ALL {
            let bytes = match api {
                Api::GetItem | Api::PutItem | Api::UpdateItem | Api::DeleteItem => 400 * KIB * 14,
                Api::Query | Api::Scan => MIB * 14,
                Api::TransactGetItems | Api::TransactWriteItems => 4 * MIB * 14,
                Api::BatchGetItem => 16 * MIB * 14,
                // What is sent back was sent as JSON, and the limit of a search is of JSON.
                Api::BatchWriteItem | Api::SearchVectors => 16 * MIB,
                _ => {
                    assert!(is_of_a_table(*api), "{api:?}");
                    256 * KIB
                }
            };
            let limit = api.response_limit();
            assert!((bytes..=4 * bytes).contains(&limit), "{api:?}: {limit}");
        }
    }

    #[test]
    fn a_body_that_is_no_error_still_gives_one_without_a_code() {
        let response = HttpResponse::new(503.try_into().unwrap(), SdkBody::from("<html>"));
        let error = Api::GetItem.modeled_error(&response, &ConfigBag::base()).unwrap();
        assert_eq!(error.metadata.code(), None);
    }
}
