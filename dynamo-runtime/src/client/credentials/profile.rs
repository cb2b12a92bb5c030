//! A profile of the CLI's files, made into the sources that code can name too.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials as Keys;

use super::source_error::SourceError;
use super::web_identity::WebIdentityRole;
use super::{Ask, Credentials, RoleSession, Source};
use crate::client::ambient::{Settings, profile_settings};
use crate::client::environment::Environment;
use crate::client::error::BuildError;

impl Credentials {
    /// A profile of `~/.aws/config` and `~/.aws/credentials`, by name: its keys, or the role that it takes on with those
    /// of another profile, of the environment, of a container, of an instance or of a web identity.
    ///
    /// The files are read once, when the client is built. The profile must not redirect the client, run a program
    /// (`credential_process`), ask for a device's code (`mfa_serial`) or need a session of the CLI, which code names by
    /// [`identity_center`](Self::identity_center) and [`console_login`](Self::console_login).
    pub fn profile(name: impl Into<String>) -> Self {
        Self { source: Source::Profile(name.into()) }
    }
}

/// What the profile of this name stands for.
pub(super) fn resolve(
    name: &str,
    environment: &dyn Environment,
) -> Result<Credentials, BuildError> {
    Chain { environment, visited: Vec::new() }.next(name)
}

struct Chain<'a> {
    environment: &'a dyn Environment,
    visited: Vec<String>,
}

impl Chain<'_> {
    fn next(&mut self, name: &str) -> Result<Credentials, BuildError> {
        let refused = |what: &str| refused(name, what);
        let settings = profile_settings(self.environment, name);
        let Some(settings) = settings else {
            return self.absent(name, "it is in no profile file");
        };
        if self.visited.iter().any(|visited| visited == name) {
            return refused("takes on a role with the keys of a profile that comes back to it");
        }
        let is_first = self.visited.is_empty();
        self.visited.push(name.to_owned());
        let get =
            |key: &str| settings.get(key).map(|value| value.as_str()).filter(|it| !it.is_empty());
        if !is_first && get("aws_access_key_id").is_some() {
            return fixed(name, &settings);
        }
        if let (Some(arn), Some(token)) = (get("role_arn"), get("web_identity_token_file")) {
            let role = WebIdentityRole {
                arn: arn.to_owned(),
                session: get("role_session_name").map(str::to_owned),
                token: token.to_owned(),
            };
            return Ok(Credentials { source: Source::WebIdentity(Some(role)) });
        }
        if let Some(arn) = get("role_arn") {
            if get("mfa_serial").is_some() {
                return refused(
                    "asks for the code of a device (`mfa_serial`), which no service can give",
                );
            }
            let session = session(name, arn, &settings)?;
            let source = match (get("source_profile"), get("credential_source")) {
                (Some(source), None) if source == name => fixed(name, &settings)?,
                (Some(source), None) => self.next(source)?,
                (None, Some(source)) => named(name, source)?,
                _ => {
                    return refused(
                        "has a `role_arn`, and not one of `source_profile` and `credential_source`",
                    );
                }
            };
            return Ok(Credentials::assume_role(session, source));
        }
        if let Some(source) = get("credential_source") {
            return named(name, source);
        }
        if settings.keys().any(|key| key.starts_with("sso_")) {
            return refused(
                "is one of IAM Identity Center: name it by `Credentials::identity_center(..)`",
            );
        }
        if get("login_session").is_some() {
            return refused("is one of `aws login`: name it by `Credentials::console_login(..)`");
        }
        if get("credential_process").is_some() {
            return refused(
                "runs a program (`credential_process`): ask it by `Credentials::provider(..)`",
            );
        }
        if get("aws_access_key_id").is_none() && get("aws_secret_access_key").is_none() {
            return self.absent(name, "it has no credentials");
        }
        fixed(name, &settings)
    }

    /// Of the profile that the code names, another source may have some; of one that is named by it, none.
    fn absent(&self, name: &str, what: &str) -> Result<Credentials, BuildError> {
        match self.visited.iter().rev().find(|visited| *visited != name) {
            None => Ok(Credentials { source: Source::Absent(format!("`{name}`: {what}")) }),
            Some(by) => refused(name, &format!("is named by `{by}`, and {what}")),
        }
    }
}

fn refused<T>(name: &str, what: &str) -> Result<T, BuildError> {
    Err(BuildError::credentials(format!("the profile `{name}` {what}")))
}

fn fixed(name: &str, settings: &Settings) -> Result<Credentials, BuildError> {
    let get = |key: &str| settings.get(key).map(|value| value.as_str().to_owned());
    match (get("aws_access_key_id"), get("aws_secret_access_key")) {
        (Some(id), Some(secret)) => Ok(Credentials::fixed(id, secret, get("aws_session_token"))),
        _ => refused(name, "has not both of `aws_access_key_id` and `aws_secret_access_key`"),
    }
}

fn named(name: &str, source: &str) -> Result<Credentials, BuildError> {
    match source {
        "Environment" => Ok(Credentials::environment()),
        "EcsContainer" => Ok(Credentials::ecs()),
        "Ec2InstanceMetadata" => Ok(Credentials::ec2()),
        _ => refused(
            name,
            "has a `credential_source` that is none of `Environment`, `EcsContainer` and `Ec2InstanceMetadata`",
        ),
    }
}

fn session(name: &str, arn: &str, settings: &Settings) -> Result<RoleSession, BuildError> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let unnamed = || format!("profile-{}", now.as_millis());
    let mut session = RoleSession::new(
        arn,
        settings.get("role_session_name").map_or_else(unnamed, |name| name.as_str().to_owned()),
    );
    if let Some(id) = settings.get("external_id") {
        session = session.external_id(id.as_str());
    }
    if let Some(seconds) = settings.get("duration_seconds") {
        let Ok(seconds) = seconds.parse() else {
            return refused(name, "has a `duration_seconds` that is no number");
        };
        session = session.duration(Duration::from_secs(seconds));
    }
    Ok(session)
}

/// A profile that is not there.
#[derive(Debug)]
pub(super) struct Absent(pub(super) String);

impl Ask for Absent {
    async fn ask(&self) -> Result<Keys, SourceError> {
        Err(SourceError::absent("the profile", self.0.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ambient::tests::Fake;
    use super::*;

    fn of(name: &str, config: &str) -> Result<String, String> {
        let environment = Fake::new([("AWS_CONFIG_FILE", "/c")]).with_file("/c", config);
        resolve(name, &environment)
            .map(|credentials| format!("{credentials:?}"))
            .map_err(|error| error.to_string())
    }

    const KEYS: &str = "[profile keys]\naws_access_key_id = A\naws_secret_access_key = s\n";
    const ROLE: &str = "arn:aws:iam::123456789012:role/r";

    #[test]
    fn a_profile_is_the_sources_that_it_names() {
        let role = |rest: &str| {
            of(
                "r",
                &format!("[profile r]\nrole_arn = {ROLE}\nrole_session_name = me\n{rest}\n{KEYS}"),
            )
        };
        let session = format!("RoleSession {{ role_arn: \"{ROLE}\", name: \"me\", .. }}");
        let expected = |source: &str| Ok(format!("Credentials::assume_role({session}, {source})"));
        assert_eq!(of("keys", KEYS), Ok("Credentials::fixed(..)".to_owned()));
        assert_eq!(role("source_profile = keys"), expected("Credentials::fixed(..)"));
        assert_eq!(role("credential_source = Environment"), expected("Credentials::environment()"));
        assert_eq!(role("credential_source = EcsContainer"), expected("Credentials::ecs()"));
        assert_eq!(role("credential_source = Ec2InstanceMetadata"), expected("Credentials::ec2()"));
        assert_eq!(
            role("web_identity_token_file = /t"),
            Ok("Credentials::web_identity()".to_owned())
        );
        let itself = "source_profile = r\naws_access_key_id = A\naws_secret_access_key = s";
        assert_eq!(role(itself), expected("Credentials::fixed(..)"));
        let two = format!(
            "source_profile = b\n[profile b]\nrole_arn = {ROLE}\nrole_session_name = me\nsource_profile = keys"
        );
        let inner = expected("Credentials::fixed(..)").unwrap();
        assert_eq!(role(&two), expected(&inner));
        // Of a profile that another one names the keys come first, as in the SDK.
        let both = format!(
            "source_profile = b\n[profile b]\nrole_arn = {ROLE}\nsource_profile = keys\n\
             aws_access_key_id = B\naws_secret_access_key = s"
        );
        assert_eq!(role(&both), expected("Credentials::fixed(..)"));
        // Comments, blank lines and nested settings say nothing of it.
        let spaced = "# a comment\n  # one more\n  \n; source_profile = gone\ns3 =\n  source_profile = gone\nsource_profile = keys";
        assert_eq!(role(spaced), expected("Credentials::fixed(..)"));
        let longer = of(
            "p",
            &format!("[profile p]\nrole_arn = {ROLE}\n and more\ncredential_source = Environment"),
        );
        assert!(longer.unwrap().contains(&format!("{ROLE}\\nand more")), "a value goes on");
        let blank = "[profile p]\nrole_arn =\naws_access_key_id = A\naws_secret_access_key = s";
        assert_eq!(of("p", blank), Ok("Credentials::fixed(..)".to_owned()));
    }

    #[test]
    fn what_a_profile_must_not_do_is_refused_by_name() {
        let refused = |settings: &str, says: &str| {
            let error = of("p", &format!("[profile p]\n{settings}\n{KEYS}")).unwrap_err();
            assert!(error.contains("`p`") && error.contains(says), "{error}");
        };
        refused("credential_process = /bin/x", "credential_process");
        refused("sso_session = s\nsso_account_id = 1", "Credentials::identity_center");
        refused("login_session = arn", "Credentials::console_login");
        refused("aws_access_key_id = A", "aws_secret_access_key");
        refused("aws_secret_access_key = s", "aws_access_key_id");
        refused(&format!("role_arn = {ROLE}"), "source_profile");
        refused(
            &format!("role_arn = {ROLE}\nsource_profile = keys\ncredential_source = Environment"),
            "not one of",
        );
        refused(&format!("role_arn = {ROLE}\nsource_profile = keys\nmfa_serial = m"), "mfa_serial");
        refused(&format!("role_arn = {ROLE}\ncredential_source = X"), "EcsContainer");
        refused(
            &format!("role_arn = {ROLE}\nsource_profile = keys\nduration_seconds = x"),
            "duration_seconds",
        );
        refused(
            &format!(
                "role_arn = {ROLE}\nsource_profile = b\n[profile b]\nrole_arn = {ROLE}\nsource_profile = p"
            ),
            "comes back",
        );
        let error =
            of("p", &format!("[profile p]\nrole_arn = {ROLE}\nsource_profile = gone")).unwrap_err();
        assert!(error.contains("`gone`") && error.contains("named by `p`"), "{error}");
    }

    #[test]
    fn what_is_not_there_is_left_to_another_source() {
        assert!(of("gone", KEYS).unwrap().contains("`gone`: it is in no profile file"));
        assert!(of("p", "[profile p]\nregion = eu-west-1").unwrap().contains("no credentials"));
    }
}
