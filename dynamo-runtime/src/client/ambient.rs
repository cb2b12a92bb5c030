//! What the environment and the profile files would do to an SDK client, and must not do to this one.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::audit::{AmbientOutcome, Auditor};
use super::error::BuildError;

/// The process's surroundings, so that a test can give its own.
pub(super) trait Environment: Send + Sync {
    fn variable(&self, name: &str) -> Option<String>;
    fn names(&self) -> Vec<String>;
    fn file(&self, path: &Path) -> Option<String>;
}

pub(super) struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn variable(&self, name: &str) -> Option<String> {
        // `var_os` panics on these; a value that is not UTF-8 becomes one that every parser refuses.
        if name.is_empty() || name.contains(['=', '\0']) {
            return None;
        }
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    fn names(&self) -> Vec<String> {
        let text = |name: OsString| name.to_string_lossy().into_owned();
        std::env::vars_os().map(|(name, _)| text(name)).collect()
    }

    fn file(&self, path: &Path) -> Option<String> {
        let bytes = std::fs::read(path).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

const REDIRECTS: &str = "redirects an AWS client to another host";
const LOGS: &str = "makes an AWS client log the bodies of requests and responses";

/// Variables that are an error, with what they do to an SDK client.
const REFUSED: &[(&str, &str)] = &[
    ("AWS_ENDPOINT_URL", REDIRECTS),
    ("AWS_ENDPOINT_URL_DYNAMODB", REDIRECTS),
    ("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", REDIRECTS),
    ("AWS_ENDPOINT_URL_STS", "sends the role's token to another host"),
    ("AWS_ENDPOINT_URL_SSO", "sends the session's token to another host"),
    ("AWS_ENDPOINT_URL_SSO_OIDC", "sends the session's token to another host"),
    ("SMITHY_CLIENT_SDK_CUSTOM_PARTITION", "gives an AWS client other domains for its hosts"),
    ("LOG_SENSITIVE_BODIES", LOGS),
    ("LOG_SIGNABLE_BODY", LOGS),
];

/// Variables without effect on this client; an audit event says that one was seen.
const IGNORED: &[&str] = &[
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "AWS_CA_BUNDLE",
    "SSLKEYLOGFILE",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_ACCOUNT_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
];

/// Keys of a profile that are an error.
const REFUSED_IN_PROFILES: &[(&str, &str)] =
    &[("endpoint_url", REDIRECTS), ("services", "can redirect an AWS client to another host")];

/// Refuses what would redirect or expose an SDK client, and tells of what is ignored.
///
/// Only the active profiles count: `profiles`, or else what `AWS_PROFILE` names, or else `default`.
pub(super) fn check(
    environment: &dyn Environment,
    waived: &[String],
    profiles: &[&str],
    auditor: &Auditor,
) -> Result<(), BuildError> {
    let mut names = environment.names();
    names.sort_unstable();
    for name in names {
        // Variables are looked up in any case: some tools read the lower-case form as well.
        let upper = name.to_ascii_uppercase();
        if let Some((_, effect)) = REFUSED.iter().find(|(refused, _)| *refused == upper) {
            if !is_waived(waived, &upper) {
                auditor.ambient_seen(&name, None, AmbientOutcome::Refused);
                return Err(BuildError::ambient(&name, None, effect));
            }
            auditor.ambient_seen(&name, None, AmbientOutcome::Waived);
        } else if IGNORED.contains(&upper.as_str()) {
            auditor.ambient_seen(&name, None, AmbientOutcome::Ignored);
        }
    }
    check_profiles(environment, waived, profiles, auditor)
}

fn is_waived(waived: &[String], name: &str) -> bool {
    waived.iter().any(|waiver| waiver.eq_ignore_ascii_case(name))
}

fn check_profiles(
    environment: &dyn Environment,
    waived: &[String],
    profiles: &[&str],
    auditor: &Auditor,
) -> Result<(), BuildError> {
    let chosen = environment.variable("AWS_PROFILE");
    let chosen = [chosen.as_deref().unwrap_or("default")];
    let active = if profiles.is_empty() { &chosen } else { profiles };
    for path in profile_files(environment) {
        let Some(text) = environment.file(&path) else {
            continue;
        };
        for (number, key) in keys_of_profiles(&text, active) {
            let refused =
                REFUSED_IN_PROFILES.iter().find(|(name, _)| key.eq_ignore_ascii_case(name));
            let Some((name, effect)) = refused else {
                continue;
            };
            let place = format!("{}, line {number}", path.display());
            if !is_waived(waived, name) {
                auditor.ambient_seen(name, Some(&place), AmbientOutcome::Refused);
                return Err(BuildError::ambient(name, Some(place), effect));
            }
            auditor.ambient_seen(name, Some(&place), AmbientOutcome::Waived);
        }
    }
    Ok(())
}

fn profile_files(environment: &dyn Environment) -> Vec<PathBuf> {
    let home = environment
        .variable("HOME")
        .or_else(|| environment.variable("USERPROFILE"))
        .map(PathBuf::from);
    let file = |variable: &str, name: &str| {
        let named = environment.variable(variable).map(PathBuf::from);
        // The SDK expands a leading `~` in the variable's value.
        let named = named.map(|path| match (path.strip_prefix("~"), &home) {
            (Ok(rest), Some(home)) => home.join(rest),
            _ => path,
        });
        named.or_else(|| home.as_ref().map(|home| home.join(".aws").join(name)))
    };
    let files =
        [file("AWS_CONFIG_FILE", "config"), file("AWS_SHARED_CREDENTIALS_FILE", "credentials")];
    files.into_iter().flatten().collect()
}

/// The keys set in the sections of these profiles, nested ones as well, each with its line number from 1.
fn keys_of_profiles<'t>(text: &'t str, profiles: &[&str]) -> Vec<(usize, &'t str)> {
    let mut keys = Vec::new();
    let mut inside = false;
    for (index, line) in text.lines().enumerate() {
        // An indented line goes on with the value before it, whatever it starts with.
        if let Some(section) = line.strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default().trim();
            let name = match section.strip_prefix("profile") {
                Some(rest) if rest.starts_with([' ', '\t']) => rest.trim(),
                _ => section,
            };
            inside = profiles.contains(&name.trim_matches('"'));
        } else if inside
            && !line.trim_start().starts_with(['#', ';'])
            && let Some((key, _)) = line.split_once('=')
        {
            keys.push((index + 1, key.trim()));
        }
    }
    keys
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashMap;

    use super::*;

    /// An environment of a test's own.
    #[derive(Default)]
    pub(in super::super) struct Fake {
        variables: HashMap<String, String>,
        files: HashMap<PathBuf, String>,
    }

    impl Fake {
        pub(in super::super) fn new<const N: usize>(variables: [(&str, &str); N]) -> Self {
            Self::of(&variables)
        }

        pub(in super::super) fn of(variables: &[(&str, &str)]) -> Self {
            let owned = |(name, value): &(&str, &str)| (str::to_owned(name), str::to_owned(value));
            Self { variables: variables.iter().map(owned).collect(), files: HashMap::new() }
        }

        pub(in super::super) fn with_file(mut self, path: &str, text: &str) -> Self {
            self.files.insert(PathBuf::from(path), text.to_owned());
            self
        }
    }

    impl Environment for Fake {
        fn variable(&self, name: &str) -> Option<String> {
            self.variables.get(name).cloned()
        }

        fn names(&self) -> Vec<String> {
            self.variables.keys().cloned().collect()
        }

        fn file(&self, path: &Path) -> Option<String> {
            self.files.get(path).cloned()
        }
    }

    fn checked(
        environment: &dyn Environment,
        waived: &[String],
        profiles: &[&str],
    ) -> Result<(), BuildError> {
        check(environment, waived, profiles, &Auditor::default())
    }

    #[test]
    fn every_refused_variable_is_refused_in_either_case_and_named() {
        for (name, _) in REFUSED {
            for spelled in [(*name).to_owned(), name.to_lowercase()] {
                let environment = Fake::new([(spelled.as_str(), "x")]);
                let error = checked(&environment, &[], &[]).unwrap_err();
                assert!(error.is_ambient());
                assert_eq!(error.variable(), Some(spelled.as_str()));
                assert!(error.to_string().contains(&spelled));
            }
        }
    }

    #[test]
    fn a_waiver_frees_the_variable_it_names_and_no_other() {
        let environment = Fake::new([("AWS_ENDPOINT_URL", "http://localhost:4566")]);
        checked(&environment, &["AWS_ENDPOINT_URL".to_owned()], &[]).unwrap();
        checked(&environment, &["AWS_ENDPOINT_URL_DYNAMODB".to_owned()], &[]).unwrap_err();
    }

    #[test]
    fn ignored_variables_do_not_stop_the_build() {
        for name in IGNORED {
            checked(&Fake::new([(*name, "x")]), &[], &[]).unwrap();
        }
    }

    #[test]
    fn a_redirect_in_the_active_profile_is_refused_with_its_line() {
        let text = "[default]\nregion = eu-west-1\nendpoint_url = http://localhost:8000\n";
        let environment = Fake::new([("HOME", "/home/a")]).with_file("/home/a/.aws/config", text);
        let error = checked(&environment, &[], &[]).unwrap_err();
        assert_eq!(error.variable(), Some("endpoint_url"));
        assert!(error.to_string().contains("/home/a/.aws/config, line 3"), "{error}");
        checked(&environment, &["endpoint_url".to_owned()], &[]).unwrap();
    }

    #[test]
    fn only_the_active_profile_counts() {
        let text = "[default]\nregion = eu-west-1\n[profile dev]\nservices = local\n";
        let at = [("AWS_CONFIG_FILE", "/c")];
        checked(&Fake::new(at).with_file("/c", text), &[], &[]).unwrap();
        let error = checked(&Fake::new(at).with_file("/c", text), &[], &["dev"]).unwrap_err();
        assert_eq!(error.variable(), Some("services"));
        let chosen =
            Fake::new([("AWS_CONFIG_FILE", "~/c"), ("HOME", "/h"), ("AWS_PROFILE", "dev")]);
        checked(&chosen.with_file("/h/c", text), &[], &[]).unwrap_err();
    }

    #[test]
    fn every_profile_named_in_code_counts() {
        let text = "[profile dev]\nregion = eu-west-1\n[profile prod]\nendpoint_url = http://x\n";
        let environment = Fake::new([("AWS_CONFIG_FILE", "/c")]).with_file("/c", text);
        checked(&environment, &[], &["dev"]).unwrap();
        checked(&environment, &[], &["dev", "prod"]).unwrap_err();
    }

    #[test]
    fn an_indented_bracket_does_not_end_a_section() {
        let text = "[default]\nregion = eu-west-1\n [other]\nendpoint_url = http://x\n";
        let environment = Fake::new([("AWS_CONFIG_FILE", "/c")]).with_file("/c", text);
        checked(&environment, &[], &[]).unwrap_err();
    }

    #[test]
    fn nested_keys_and_the_credentials_file_count_and_comments_do_not() {
        let nested = "[default]\ns3 =\n  addressing_style = path\n  ENDPOINT_URL=http://x\n";
        let environment =
            Fake::new([("AWS_SHARED_CREDENTIALS_FILE", "/c")]).with_file("/c", nested);
        checked(&environment, &[], &[]).unwrap_err();
        let comment = "[default]\n# endpoint_url = http://x\n; services = y\n";
        let environment = Fake::new([("AWS_CONFIG_FILE", "/c")]).with_file("/c", comment);
        checked(&environment, &[], &[]).unwrap();
    }
}
