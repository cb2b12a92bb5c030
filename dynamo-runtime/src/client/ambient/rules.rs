//! What is refused and what is ignored, by name; all else decides nothing of where requests go or whom they trust.

/// What a variable or a profile's key is to this client.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// An error, with what it does to an SDK client.
    Refuse(&'static str),
    /// Without effect; an audit event says that it was seen.
    Ignore,
}

const REDIRECTS: &str = "redirects an AWS client to another host";
const REDIRECTS_CREDENTIALS: &str = "sends what is exchanged for credentials to another host";
const LOGS: &str = "makes an AWS client log the bodies of requests and responses";
const CUSTOM_PARTITION: &str = "gives an AWS client other domains for its hosts";

/// The rule for a variable, by its name in upper case.
pub(super) fn of_variable(name: &str) -> Option<Rule> {
    let refused = REFUSED_VARIABLES.iter().find(|(refused, _)| *refused == name);
    match refused {
        Some((_, rule)) => Some(*rule),
        None => is_ignored(name).then_some(Rule::Ignore),
    }
}

/// Of another service, or one of those that are listed.
fn is_ignored(name: &str) -> bool {
    name.starts_with("AWS_ENDPOINT_URL_")
        || name.starts_with("AWS_BEARER_TOKEN_")
        || IGNORED_VARIABLES.contains(&name)
}

pub(super) const REFUSED_VARIABLES: &[(&str, Rule)] = &[
    ("AWS_ENDPOINT_URL", Rule::Refuse(REDIRECTS)),
    ("AWS_ENDPOINT_URL_DYNAMODB", Rule::Refuse(REDIRECTS)),
    ("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", Rule::Refuse(REDIRECTS)),
    ("AWS_ENDPOINT_URL_STS", Rule::Refuse(REDIRECTS_CREDENTIALS)),
    ("AWS_ENDPOINT_URL_SSO", Rule::Refuse(REDIRECTS_CREDENTIALS)),
    ("AWS_ENDPOINT_URL_SSO_OIDC", Rule::Refuse(REDIRECTS_CREDENTIALS)),
    ("AWS_ENDPOINT_URL_SIGNIN", Rule::Refuse(REDIRECTS_CREDENTIALS)),
    ("SMITHY_CLIENT_SDK_CUSTOM_PARTITION", Rule::Refuse(CUSTOM_PARTITION)),
    ("LOG_SENSITIVE_BODIES", Rule::Refuse(LOGS)),
    ("LOG_SIGNABLE_BODY", Rule::Refuse(LOGS)),
];

pub(super) const IGNORED_VARIABLES: &[&str] = &[
    // Proxies.
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    // Roots and secrets of TLS.
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "AWS_CA_BUNDLE",
    "SSLKEYLOGFILE",
    // Hosts.
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_ACCOUNT_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_STS_REGIONAL_ENDPOINTS",
    // Signing and checking.
    "AWS_AUTH_SCHEME_PREFERENCE",
    "AWS_SIGV4A_SIGNING_REGION_SET",
    "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_RESPONSE_CHECKSUM_VALIDATION",
];

/// The rule for a key of an active profile, by its name in lower case.
pub(super) fn of_profile_key(name: &str) -> Option<Rule> {
    match name {
        "endpoint_url" => Some(Rule::Refuse(REDIRECTS)),
        "services" => Some(Rule::Refuse("can redirect an AWS client to another host")),
        _ => IGNORED_KEYS.contains(&name).then_some(Rule::Ignore),
    }
}

const IGNORED_KEYS: &[&str] = &[
    // Programs and roots.
    "credential_process",
    "ca_bundle",
    // Hosts.
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "use_fips_endpoint",
    "use_dualstack_endpoint",
    "account_id_endpoint_mode",
    "ignore_configured_endpoint_urls",
    "sts_regional_endpoints",
    // Signing and checking.
    "auth_scheme_preference",
    "sigv4a_signing_region_set",
    "disable_clock_skew_correction",
    "request_checksum_calculation",
    "response_checksum_validation",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// The rows of a table of the document: the name, and what it says the name is.
    fn table(heading: &str) -> BTreeMap<&'static str, &'static str> {
        let document = include_str!("../../../../docs/ambient.md");
        let (_, section) = document.split_once(heading).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let of_row = |row: &'static str| {
            let (name, rest) = row.strip_prefix("| `")?.split_once("` | ")?;
            Some((name, rest.split_once(" | ")?.0))
        };
        section.lines().filter_map(of_row).collect()
    }

    fn word(rule: Option<Rule>) -> Option<&'static str> {
        rule.map(|rule| match rule {
            Rule::Refuse(_) => "refused",
            Rule::Ignore => "ignored",
        })
    }

    #[test]
    fn the_document_says_of_each_name_what_the_rules_say() {
        for (heading, rule) in [
            ("\n## Variables\n", of_variable as fn(&str) -> Option<Rule>),
            ("\n## Keys of the active profile\n", of_profile_key),
        ] {
            for (name, is) in table(heading) {
                assert!(["refused", "ignored", "named", "harmless"].contains(&is), "{name}: {is}");
                let expected = ["refused", "ignored"].contains(&is).then_some(is);
                assert_eq!(word(rule(name)), expected, "{name}");
            }
        }
    }

    #[test]
    fn the_document_has_each_name_of_the_rules() {
        let variables = table("\n## Variables\n");
        let refused = REFUSED_VARIABLES.iter().map(|(name, _)| name);
        for name in refused.chain(IGNORED_VARIABLES) {
            assert!(variables.contains_key(name), "{name}");
        }
        let keys = table("\n## Keys of the active profile\n");
        for name in IGNORED_KEYS.iter().chain(&["endpoint_url", "services"]) {
            assert!(keys.contains_key(name), "{name}");
        }
    }
}
