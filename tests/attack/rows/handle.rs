//! B. What does not compile, and what the choke point refuses.

use dynamo_runtime::client::BuildError;
use dynamo_runtime::prelude::*;

use crate::account;
use crate::identity::{root, trust};
use crate::row::{Expected, Outcome, Row, Section, Seen};
use crate::server::Tally;

#[derive(Entity)]
#[dynamo(table = "invoices")]
struct Invoice {
    #[dynamo(partition_key)]
    number: String,
}

#[derive(Entity)]
#[dynamo(table = "receipts")]
struct Receipt {
    #[dynamo(partition_key)]
    number: String,
}

pub fn rows() -> Vec<Row> {
    let held = |name, file, test| Row::held_by(Section::Handle, name, file, test);
    let choke = "dynamo-runtime/src/client/choke.rs";
    let endpoint = "dynamo-runtime/src/client/endpoint.rs";
    vec![
        held(
            "a request by another scheme, to another host or path, or by another method",
            choke,
            "another_scheme_authority_path_or_method_is_refused",
        ),
        held(
            "a `Host` header that disagrees or comes twice, another target",
            choke,
            "host_and_target_agree_and_occur_once",
        ),
        held(
            "a request that a misled layer of the machinery changed",
            "dynamo-runtime/src/client/tests/final_request.rs",
            "only_the_one_shape_is_sent",
        ),
        held(
            "a request without a `Host` header",
            "dynamo-runtime/src/client/tests/final_request.rs",
            "a_request_without_a_host_is_not_sent",
        ),
        held(
            "credentials asked of another STS",
            choke,
            "sts_of_the_region_is_reached_over_tls_only",
        ),
        held(
            "metadata asked of another host than the link-local ones",
            choke,
            "plain_http_goes_to_link_local_addresses_only",
        ),
        unbuilt("a region of a variable that is not set", "is not set", || {
            Region::from_variable("NO_SUCH_REGION").map(drop)
        }),
        two_entities_of_one_form(),
        held("a URL or a trick as a host", endpoint, "a_url_or_a_trick_is_no_host"),
        held(
            "a host that is not the one of the SDK's own rules",
            endpoint,
            "each_host_is_the_one_of_the_sdks_rules_in_every_region",
        ),
        held(
            "Amazon's roots for a partition that has others",
            "dynamo-runtime/src/client/tests/mod.rs",
            "other_partitions_are_not_trusted_by_amazons_roots",
        ),
        Row::does_not_compile(
            "a client of the SDK in place of the handle",
            "client/a_client_of_the_sdk",
        ),
        Row::does_not_compile(
            "a handle made from a client of the SDK",
            "client/a_secure_client_from_one_of_the_sdk",
        ),
        Row::does_not_compile("a handle by `Default`", "client/a_default_client"),
        Row::does_not_compile("the inside of a handle", "client/the_inside_of_a_client"),
        Row::does_not_compile("a handle without a region", "client/no_region"),
        Row::does_not_compile("a handle without credentials", "client/no_credentials"),
        Row::does_not_compile("an endpoint as a URL", "client/an_endpoint_as_a_url"),
        Row::does_not_compile("a region in text", "client/a_region_in_text"),
        Row::does_not_compile("a table name in text", "client/a_table_name_in_text"),
    ]
}

/// What fails before there is a client.
fn unbuilt(name: &str, says: &str, make: fn() -> Result<(), BuildError>) -> Row {
    let expected = Expected::Unbuilt(says.to_owned());
    Row::new(Section::Handle, name, expected, move |_| async move {
        Seen::without_server(match make() {
            Ok(()) => Outcome::Succeeded(None),
            Err(error) => Outcome::Unbuilt(error),
        })
    })
}

/// One would erase the items of the other.
fn two_entities_of_one_form() -> Row {
    let name = "two entities in one table whose keys cannot be told apart";
    let expected = Expected::Unbuilt("the entities cannot share a table".to_owned());
    Row::new(Section::Handle, name, expected, |call| async move {
        let table = || TableName::new("documents").unwrap();
        let client = account::client(1, trust(&root()));
        let client = client.table::<Invoice>(table()).table::<Receipt>(table());
        call.send(client, &Tally::default()).await
    })
}
