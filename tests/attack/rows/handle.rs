//! B. What does not compile, and what the choke point refuses.

use crate::row::{Row, Section};

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
            "credentials asked of another STS",
            choke,
            "sts_of_the_region_is_reached_over_tls_only",
        ),
        held(
            "metadata asked of another host than the link-local ones",
            choke,
            "plain_http_goes_to_link_local_addresses_only",
        ),
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
