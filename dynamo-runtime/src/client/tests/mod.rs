//! The client against a server that misbehaves on purpose.

mod attempts;
mod attestation;
mod behaviour;
pub(super) mod built_crates;
mod calls;
mod clock;
mod concurrency;
mod connections;
#[cfg(feature = "metrics-024")]
mod counters;
mod credentials;
mod desync;
mod events;
mod final_request;
mod hostile;
mod last_errors;
mod limits;
mod names;
mod renewal;
mod searches;
mod security_document;
mod server;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use self::server::Server;
use super::ambient::tests::Fake;
use super::{
    Api, Call, CallError, Credentials, Endpoint, RawResponse, Region, Replay, SecureClient,
    SecureClientBuilder, Timeouts, Trust,
};
use crate::codec::response::Asked;
use crate::subject::Subject;

const SECRET: &str = "wJalrXUtnFEMI-the-secret";

fn builder(server: &Server) -> SecureClientBuilder<Region, Credentials> {
    SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::fixed("AKIDEXAMPLE", SECRET, Some("the-token".to_owned())))
        .endpoint(Endpoint::compatible("127.0.0.1", server.port).unwrap())
        .trust(Trust::private_ca(&server.identity.ca_pem).unwrap())
        .timeouts(Timeouts::default().response(Duration::from_secs(1)))
}

fn client(server: &Server) -> SecureClient {
    builder(server).build_in(&Fake::default()).unwrap()
}

const SUBJECT: Subject = Subject { entity: "User", operation: "put" };

fn call(replay: Replay) -> Call<'static> {
    Call {
        subject: SUBJECT,
        table: "table",
        api: Api::PutItem,
        body: Bytes::from_static(b"{\"the\":\"body\"}"),
        asked: Asked::default(),
        replay,
        deadline: None,
    }
}

async fn send(client: &SecureClient, replay: Replay) -> Result<RawResponse, CallError> {
    client.call(call(replay)).await
}

mod build {
    use super::*;

    fn aws() -> SecureClientBuilder<Region, Credentials> {
        SecureClient::builder()
            .region(Region::US_EAST_1)
            .credentials(Credentials::fixed("A", "s", None))
    }

    #[test]
    fn the_default_client_builds_and_shows_nothing() {
        let client = aws().build_in(&Fake::default()).unwrap();
        let first = client.destination(Api::GetItem).ok().unwrap();
        assert_eq!((&*first.host, first.port), ("dynamodb.us-east-1.amazonaws.com", 443));
        assert_eq!(format!("{client:?}"), "SecureClient { .. }");
    }

    #[test]
    fn the_environment_is_checked_first() {
        let environment = Fake::new([("AWS_ENDPOINT_URL", "http://localhost:8000")]);
        let error = aws().retries(0).build_in(&environment).unwrap_err();
        assert!(error.is_ambient(), "{error}");
        aws().waive_ambient("AWS_ENDPOINT_URL").build_in(&environment).unwrap();
    }

    #[test]
    fn every_profile_of_a_list_is_checked() {
        let text = "[a]\nregion = eu-west-1\n[b]\nendpoint_url = http://x\n";
        let environment = Fake::new([("AWS_SHARED_CREDENTIALS_FILE", "/c")]).with_file("/c", text);
        let sources = [Credentials::profile("a"), Credentials::profile("b")];
        let error = SecureClient::builder()
            .region(Region::US_EAST_1)
            .credentials(Credentials::first_of(sources))
            .build_in(&environment)
            .unwrap_err();
        assert_eq!(error.variable(), Some("endpoint_url"));
    }

    #[test]
    fn a_call_is_attempted_at_least_once() {
        let error = aws().retries(0).build_in(&Fake::default()).unwrap_err();
        assert!(error.to_string().contains("at least once"), "{error}");
        aws().retries(1).build_in(&Fake::default()).unwrap();
    }

    #[test]
    fn dynamodb_itself_is_never_excused_from_its_crc() {
        let trust = Trust::amazon().without_crc();
        let error = aws().trust(trust).build_in(&Fake::default()).unwrap_err();
        assert!(error.is_trust(), "{error}");
    }

    #[cfg(feature = "local")]
    #[test]
    fn an_embedded_engine_lives_as_long_as_the_client_and_no_variable_is_about_it() {
        let environment = Fake::new([("AWS_ENDPOINT_URL", "http://localhost:8000")]);
        let engine = std::sync::Arc::new(());
        let client = aws().embedded(engine.clone()).build_in(&environment).unwrap();
        let second = client.clone();
        drop(client);
        assert_eq!(std::sync::Arc::strong_count(&engine), 2);
        drop(second);
        assert_eq!(std::sync::Arc::strong_count(&engine), 1);
    }

    #[test]
    fn capacity_is_summed_only_where_the_builder_asks_for_it() {
        let client = aws().build_in(&Fake::default()).unwrap();
        client.add_capacity("User", "create", 1.0);
        assert!(!client.returns_capacity() && client.consumed_capacity().is_empty());
        let client = aws().return_capacity().build_in(&Fake::default()).unwrap();
        assert!(client.returns_capacity() && client.consumed_capacity().is_empty());
        client.add_capacity("User", "create", 1.0);
        client.add_capacity("User", "create", 0.5);
        let sum = crate::client::ConsumedCapacity {
            entity: "User",
            operation: "create",
            units: 1.5,
            requests: 2,
        };
        assert_eq!(client.consumed_capacity(), [sum]);
    }

    #[test]
    fn a_compatible_engine_needs_a_private_ca() {
        let endpoint = Endpoint::compatible("scylla.internal", 8043).unwrap();
        let error = aws().endpoint(endpoint).build_in(&Fake::default()).unwrap_err();
        assert!(error.is_trust(), "{error}");
    }

    #[test]
    fn other_partitions_are_not_trusted_by_amazons_roots() {
        for region in [
            Region::CN_NORTH_1,
            Region::US_ISO_EAST_1,
            Region::US_ISOB_EAST_1,
            Region::EU_ISOE_WEST_1,
            Region::US_ISOF_EAST_1,
            Region::EUSC_DE_EAST_1,
        ] {
            let builder = SecureClient::builder()
                .region(region)
                .credentials(Credentials::fixed("A", "s", None));
            let error = builder.build_in(&Fake::default()).unwrap_err();
            assert!(error.is_trust(), "{region}: {error}");
        }
        let gov = SecureClient::builder().region(Region::US_GOV_WEST_1);
        gov.credentials(Credentials::fixed("A", "s", None)).build_in(&Fake::default()).unwrap();
    }

    #[test]
    fn tables_and_the_clock_are_the_builders() {
        let name = crate::TableName::new("prod-users").unwrap();
        let epoch = std::time::UNIX_EPOCH;
        let client = aws()
            .physical_table("users", name)
            .clock(move || epoch)
            .build_in(&Fake::default())
            .unwrap();
        assert_eq!(client.physical_table("users"), "prod-users");
        assert_eq!(client.physical_table("orders"), "orders");
        assert_eq!(client.now(), epoch);
    }

    #[test]
    fn a_call_is_send_and_static() {
        fn check<T: Send + 'static>(_: T) {}
        let client = aws().build_in(&Fake::default()).unwrap();
        check(
            async move { client.call(call(Replay::Harmless)).await.map(|response| response.body) },
        );
    }
}
