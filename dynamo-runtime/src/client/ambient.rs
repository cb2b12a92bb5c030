//! What the environment and the profile files would do to an SDK client, and must not do to this one.
//!
//! `docs/ambient.md` accounts for every variable and every profile key that the SDK reads.

mod profiles;
mod rules;

use self::rules::Rule;
use super::audit::{AmbientOutcome, Auditor};
use super::environment::{Environment, File};
use super::error::BuildError;

pub(super) use self::profiles::{Settings, settings as profile_settings};

/// What the code says of its surroundings.
#[derive(Clone, Copy, Default)]
pub(super) struct Scope<'a> {
    /// The variables and profile keys that another program needs, by name.
    pub(super) waived: &'a [String],
    /// The profiles that the code names; else what `AWS_PROFILE` names, or else `default`.
    pub(super) profiles: &'a [&'a str],
}

impl Scope<'_> {
    fn is_waived(&self, name: &str) -> bool {
        self.waived.iter().any(|waiver| waiver.eq_ignore_ascii_case(name))
    }
}

/// Refuses what would redirect or expose an SDK client, and tells of everything that it has seen.
pub(super) fn check(
    environment: &dyn Environment,
    scope: Scope<'_>,
    auditor: &Auditor,
) -> Result<(), BuildError> {
    let mut seen = AmbientCheck { scope, auditor, refused: None };
    let mut names = environment.names();
    names.sort_unstable();
    names.dedup();
    for name in names {
        // In any case: some tools read the lower-case form as well.
        if let Some(rule) = rules::of_variable(&name.to_ascii_uppercase()) {
            seen.note(&name, None, rule);
        }
    }
    profiles::check(environment, scope.profiles, &mut seen);
    seen.refused.map_or(Ok(()), Err)
}

/// What was seen so far.
struct AmbientCheck<'a> {
    scope: Scope<'a>,
    auditor: &'a Auditor,
    /// The first thing that was refused.
    refused: Option<BuildError>,
}

impl AmbientCheck<'_> {
    fn note(&mut self, name: &str, place: Option<&str>, rule: Rule) {
        let effect = match rule {
            Rule::Refuse(effect) => effect,
            Rule::Ignore => return self.auditor.ambient_seen(name, place, AmbientOutcome::Ignored),
        };
        if self.scope.is_waived(name) {
            return self.auditor.ambient_seen(name, place, AmbientOutcome::Waived);
        }
        self.auditor.ambient_seen(name, place, AmbientOutcome::Refused);
        self.refused
            .get_or_insert_with(|| BuildError::ambient(name, place.map(str::to_owned), effect));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashMap;
    use std::fs;
    use std::path::{Path, PathBuf};

    use zeroize::Zeroizing;

    use super::super::audit::{AuditEvent, AuditLog};
    use super::*;
    use crate::client::environment::ProcessEnvironment;

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

        fn file(&self, path: &Path) -> File {
            if path.starts_with("/dev") {
                return File::Unfit;
            }
            let text = self.files.get(path).cloned();
            text.map_or(File::Absent, |text| File::Text(Zeroizing::new(text)))
        }
    }

    fn checked(
        environment: &dyn Environment,
        waived: &[String],
        profiles: &[&str],
    ) -> Result<(), BuildError> {
        check(environment, Scope { waived, profiles }, &Auditor::default())
    }

    /// What a check tells: the name, and what came of it.
    fn told(environment: &Fake, scope: Scope<'_>) -> Vec<(String, AmbientOutcome)> {
        let log = AuditLog::default();
        let _ = check(environment, scope, &Auditor::new(log.clone()));
        let of = |event| match event {
            AuditEvent::AmbientSeen { name, outcome, .. } => (name, outcome),
            other => panic!("{other:?}"),
        };
        log.take().into_iter().map(of).collect()
    }

    #[test]
    fn every_refused_variable_is_refused_and_told_once_in_either_case() {
        for (name, _) in rules::REFUSED_VARIABLES {
            for spelled in [(*name).to_owned(), name.to_lowercase()] {
                let environment = Fake::new([(spelled.as_str(), "x")]);
                let error = checked(&environment, &[], &[]).unwrap_err();
                assert!(error.is_ambient());
                assert_eq!(error.variable(), Some(spelled.as_str()));
                assert!(error.to_string().contains(&spelled));
                let told = told(&environment, Scope::default());
                assert_eq!(told, [(spelled, AmbientOutcome::Refused)]);
            }
        }
    }

    #[test]
    fn every_ignored_variable_is_told_once_and_stops_nothing() {
        for name in rules::IGNORED_VARIABLES.iter().chain(&["AWS_ENDPOINT_URL_S3", "all_proxy"]) {
            let environment = Fake::new([(*name, "x")]);
            checked(&environment, &[], &[]).unwrap();
            let told = told(&environment, Scope::default());
            assert_eq!(told, [((*name).to_owned(), AmbientOutcome::Ignored)]);
        }
    }

    #[test]
    fn everything_is_told_before_the_first_is_refused() {
        let text = "[default]\nuse_fips_endpoint = true\nendpoint_url = http://x\n";
        let variables = [
            ("SSL_CERT_FILE", "x"),
            ("HTTPS_PROXY", "x"),
            ("AWS_ENDPOINT_URL", "x"),
            ("AWS_CA_BUNDLE", "x"),
            ("NO_PROXY", "x"),
            ("AWS_CONFIG_FILE", "/c"),
        ];
        let environment = Fake::new(variables).with_file("/c", text);
        assert_eq!(
            told(&environment, Scope::default()),
            [
                ("AWS_CA_BUNDLE".to_owned(), AmbientOutcome::Ignored),
                ("AWS_ENDPOINT_URL".to_owned(), AmbientOutcome::Refused),
                ("HTTPS_PROXY".to_owned(), AmbientOutcome::Ignored),
                ("NO_PROXY".to_owned(), AmbientOutcome::Ignored),
                ("SSL_CERT_FILE".to_owned(), AmbientOutcome::Ignored),
                ("use_fips_endpoint".to_owned(), AmbientOutcome::Ignored),
                ("endpoint_url".to_owned(), AmbientOutcome::Refused),
            ]
        );
        assert_eq!(
            checked(&environment, &[], &[]).unwrap_err().variable(),
            Some("AWS_ENDPOINT_URL")
        );
    }

    #[test]
    fn a_variable_that_is_there_twice_is_told_once() {
        struct Twice(Fake);

        impl Environment for Twice {
            fn variable(&self, name: &str) -> Option<String> {
                self.0.variable(name)
            }

            fn names(&self) -> Vec<String> {
                [self.0.names(), self.0.names()].concat()
            }

            fn file(&self, path: &Path) -> File {
                self.0.file(path)
            }
        }

        let log = AuditLog::default();
        let environment = Twice(Fake::new([("HTTPS_PROXY", "x"), ("NO_PROXY", "x")]));
        check(&environment, Scope::default(), &Auditor::new(log.clone())).unwrap();
        assert_eq!(log.take().len(), 2);
    }

    #[test]
    fn a_profile_file_without_an_end_is_refused_unread() {
        let large = std::env::temp_dir().join(format!("dynamo-profiles-{}", std::process::id()));
        fs::File::create(&large).unwrap().set_len((4 << 20) + 1).unwrap();
        for (path, is_unfit) in [
            (Path::new("/dev/zero"), true),
            (Path::new("/dev/null"), true),
            (&large, true),
            (Path::new("/"), false),
            (Path::new("/no/such/file"), false),
        ] {
            let file = ProcessEnvironment.file(path);
            assert_eq!(matches!(file, File::Unfit), is_unfit, "{}", path.display());
        }
        fs::remove_file(&large).unwrap();
        let environment = Fake::new([("AWS_CONFIG_FILE", "/dev/zero")]);
        let error = checked(&environment, &[], &[]).unwrap_err();
        assert_eq!(error.variable(), Some("AWS_CONFIG_FILE"));
    }

    #[test]
    fn what_can_name_no_variable_names_none() {
        for name in ["", "=", "PATH=", "PATH\0"] {
            assert_eq!(ProcessEnvironment.variable(name), None, "{name:?}");
        }
        assert!(ProcessEnvironment.variable("PATH").is_some());
        assert!(ProcessEnvironment.names().iter().any(|name| name == "PATH"));
    }

    #[test]
    fn what_decides_nothing_is_not_told() {
        for name in ["PATH", "AWS_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_RETRY_MODE"] {
            assert_eq!(told(&Fake::new([(name, "x")]), Scope::default()), []);
        }
    }

    #[test]
    fn a_waiver_frees_the_variable_it_names_and_no_other() {
        let environment = Fake::new([("AWS_ENDPOINT_URL", "http://localhost:4566")]);
        let waived = ["AWS_ENDPOINT_URL".to_owned()];
        checked(&environment, &waived, &[]).unwrap();
        let scope = Scope { waived: &waived, ..Scope::default() };
        assert_eq!(told(&environment, scope), [(waived[0].clone(), AmbientOutcome::Waived)]);
        checked(&environment, &["AWS_ENDPOINT_URL_DYNAMODB".to_owned()], &[]).unwrap_err();
        let lower_case = Fake::new([("aws_endpoint_url", "http://localhost:4566")]);
        checked(&lower_case, &waived, &[]).unwrap();
    }

    #[test]
    fn a_redirect_in_the_active_profile_is_refused_with_its_line() {
        let text = "[default]\nregion = eu-west-1\nendpoint_url = http://localhost:8000\n";
        let environment = Fake::new([("HOME", "/home/a")]).with_file("/home/a/.aws/config", text);
        let error = checked(&environment, &[], &[]).unwrap_err();
        assert_eq!(error.variable(), Some("endpoint_url"));
        assert!(error.to_string().contains("/home/a/.aws/config, line 3"), "{error}");
        let log = AuditLog::default();
        check(&environment, Scope::default(), &Auditor::new(log.clone())).unwrap_err();
        let told = log.take();
        let at = |event: &AuditEvent| matches!(event, AuditEvent::AmbientSeen { place: Some(place), .. } if place == "/home/a/.aws/config, line 3");
        assert!(told.iter().any(at), "{told:?}");
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
    fn a_section_is_of_its_profile_however_it_is_spelled() {
        let with = |header: &str| {
            let text = format!("{header}\nendpoint_url = http://x\n");
            Fake::new([("AWS_CONFIG_FILE", "/c")]).with_file("/c", &text)
        };
        for header in [
            "[default]",
            "[ default ]",
            "[default] # ours",
            "[profile default]",
            "[profile\tdefault]",
            "[profile  default ]",
            "[\"default\"]",
            "[profile \"default\"]",
        ] {
            assert!(checked(&with(header), &[], &[]).is_err(), "{header} was not read");
        }
        for header in ["", "[profiledefault]", "[profile]", "[sso-session default]"] {
            assert!(checked(&with(header), &[], &[]).is_ok(), "{header} was read");
        }
    }

    #[test]
    fn the_home_folder_has_both_files() {
        let text = "[default]\nendpoint_url = http://x\n";
        for variable in ["HOME", "USERPROFILE"] {
            for file in ["/h/.aws/config", "/h/.aws/credentials"] {
                let environment = Fake::new([(variable, "/h")]).with_file(file, text);
                assert!(checked(&environment, &[], &[]).is_err(), "{variable}, {file}");
            }
        }
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
