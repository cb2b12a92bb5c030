//! Where the keys come from: each source is named in code.

use std::any::Any;
use std::fmt;
use std::path::PathBuf;

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};

use super::audit::Auditor;
use super::endpoint::AccountId;
use super::environment::Environment;
use super::error::BuildError;
use super::proxy::Proxy;
use super::region::Region;

mod answer;
mod cache;
mod console_login;
mod container;
mod identity_center;
mod instance;
mod profile;
mod role_session;
mod source_error;
mod sts;
mod sts_answer;
mod token_file;
pub(super) mod ways;
mod web_identity;

pub(super) use self::cache::{KeptKeys, KeyCache, KeysError, SigningKeys};
pub use self::identity_center::IdentityCenter;
pub use self::role_session::RoleSession;

use self::console_login::ConsoleLogin;
use self::container::Container;
use self::identity_center::IdentityCenterRole;
use self::instance::Instance;
use self::role_session::AssumedRole;
use self::source_error::{SourceError, SourceProblem};
use self::ways::Ways;
use self::web_identity::{WebIdentity, WebIdentityRole};

/// A source of AWS credentials, named in code.
///
/// Nothing is searched for: a variable or an instance's role has no effect unless its source is named. What a source asks
/// over the network goes by TLS to the one host of its service in a region, which Amazon has certified, or to a link-local
/// address. Its answers are bounded, and no text of them is in an error.
///
/// ```
/// use dynamo_runtime::Credentials;
///
/// let credentials = Credentials::first_of([
///     Credentials::environment(),
///     Credentials::fixed("AKIDEXAMPLE", "hunter2", None),
/// ]);
/// assert!(!format!("{credentials:?}").contains("hunter2"));
/// ```
///
/// A program that runs in several places names the source of each:
///
/// ```
/// use dynamo_runtime::client::{AccountId, BuildError, IdentityCenter};
/// use dynamo_runtime::{Credentials, Region};
///
/// fn credentials(place: &str) -> Result<Credentials, BuildError> {
///     Ok(match place {
///         "eks" => Credentials::eks_pod_identity(),
///         "ecs" => Credentials::ecs(),
///         "ec2" => Credentials::ec2(),
///         "pipeline" => Credentials::web_identity(),
///         "laptop" => {
///             let session =
///                 IdentityCenter::session("our-sso", Region::EU_CENTRAL_1, "/home/ana/.aws/sso/cache");
///             Credentials::identity_center(session, AccountId::new("123456789012")?, "Developer")
///         }
///         _ => Credentials::profile("orders"),
///     })
/// }
///
/// assert_eq!(format!("{:?}", credentials("ecs")?), "Credentials::ecs()");
/// assert!(format!("{:?}", credentials("laptop")?).contains("our-sso"));
/// assert_eq!(format!("{:?}", credentials("elsewhere")?), r#"Credentials::profile("orders")"#);
/// # Ok::<(), BuildError>(())
/// ```
pub struct Credentials {
    source: Source,
}

enum Source {
    Environment,
    Fixed(Keys),
    Provider(SharedCredentialsProvider),
    FirstOf(Vec<Credentials>),
    Profile(String),
    /// A profile that is not there, in words.
    Absent(String),
    Container(container::Named),
    Instance,
    /// Of this role, or of the environment's.
    WebIdentity(Option<WebIdentityRole>),
    AssumedRole(RoleSession, Box<Credentials>),
    IdentityCenter(IdentityCenter, AccountId, String),
    ConsoleLogin(String, PathBuf),
}

impl Credentials {
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, where set, `AWS_SESSION_TOKEN`, read once when the client is built.
    pub fn environment() -> Self {
        Self { source: Source::Environment }
    }

    /// Keys that the program has from elsewhere.
    pub fn fixed(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Self {
        let keys = Keys::new(access_key_id, secret_access_key, session_token, None, "fixed");
        Self { source: Source::Fixed(keys) }
    }

    /// A provider of your own, asked again some minutes before its keys expire, while the calls go on with those.
    ///
    /// Where it does not answer within five seconds, or half of a call's deadline if that is less, its
    /// [`fallback_on_interrupt`](ProvideCredentials::fallback_on_interrupt) is asked for keys that it has in hand; if it
    /// has none, a call without keys waits for ten seconds. After a failure it is left alone for a pause, which grows
    /// from one second to a minute with each further one.
    ///
    /// Of its error the kind alone is told, since its text can be that of whoever it has asked; the provider itself can
    /// log it.
    ///
    /// ```
    /// use dynamo_runtime::Credentials;
    ///
    /// let keys = aws_credential_types::Credentials::new("AKIDEXAMPLE", "hunter2", None, None, "vault");
    /// let credentials = Credentials::provider(keys);
    /// assert!(!format!("{credentials:?}").contains("hunter2"));
    /// ```
    pub fn provider(provider: impl ProvideCredentials + 'static) -> Self {
        // What is shared already says nothing of a fallback unless it is taken for what it is.
        let shared = (&provider as &dyn Any).downcast_ref::<SharedCredentialsProvider>().cloned();
        let provider = shared.unwrap_or_else(|| SharedCredentialsProvider::new(provider));
        Self { source: Source::Provider(provider) }
    }

    /// The first of several sources that has credentials.
    ///
    /// A source that fails, rather than having none, ends the search.
    pub fn first_of(sources: impl IntoIterator<Item = Self>) -> Self {
        Self { source: Source::FirstOf(sources.into_iter().collect()) }
    }

    /// The profiles named in code, whose files may redirect the client.
    pub(super) fn profile_names(&self) -> Vec<&str> {
        match &self.source {
            Source::Profile(name) => vec![name],
            Source::FirstOf(sources) => sources.iter().flat_map(Self::profile_names).collect(),
            Source::AssumedRole(_, source) => source.profile_names(),
            _ => Vec::new(),
        }
    }

    pub(super) fn into_provider(
        self,
        environment: &dyn Environment,
        region: Region,
        proxy: Option<&Proxy>,
        auditor: &Auditor,
    ) -> Result<Checked, BuildError> {
        self.over(&Ways::new(proxy, auditor), environment, region)
    }

    /// The source, whose requests go these ways.
    pub(super) fn over(
        self,
        ways: &Ways,
        environment: &dyn Environment,
        region: Region,
    ) -> Result<Checked, BuildError> {
        let absent = || {
            BuildError::credentials(
                "`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are not set, and no other source has any",
            )
        };
        let provider = self.resolve(ways, environment, region)?.ok_or_else(absent)?;
        Ok(Checked(provider))
    }

    /// Nothing where the source is known to have no credentials; most know at the first call only.
    fn resolve(
        self,
        ways: &Ways,
        environment: &dyn Environment,
        region: Region,
    ) -> Result<Option<SharedCredentialsProvider>, BuildError> {
        Ok(Some(match self.source {
            Source::Environment => match keys_of(environment)? {
                Some(keys) => {
                    check(&keys).map_err(unfit)?;
                    SharedCredentialsProvider::new(keys)
                }
                None => return Ok(None),
            },
            Source::Fixed(keys) => {
                check(&keys).map_err(unfit)?;
                SharedCredentialsProvider::new(keys)
            }
            Source::Provider(provider) => provider,
            Source::FirstOf(sources) => {
                let resolved =
                    sources.into_iter().map(|source| source.resolve(ways, environment, region));
                let mut providers =
                    resolved.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
                match providers.len() {
                    0 => return Ok(None),
                    1 => providers.remove(0),
                    _ => SharedCredentialsProvider::new(FirstOf(providers)),
                }
            }
            Source::Profile(name) => {
                return profile::resolve(&name, environment)?.resolve(ways, environment, region);
            }
            Source::Absent(what) => AskedSource::shared(profile::Absent(what)),
            Source::Container(named) => {
                AskedSource::shared(Container::new(named, environment, ways))
            }
            Source::Instance => AskedSource::shared(Instance::new(environment, ways)),
            Source::WebIdentity(role) => {
                AskedSource::shared(WebIdentity::new(role, environment, region, ways)?)
            }
            Source::AssumedRole(session, source) => {
                let caller = source.over(ways, environment, region)?;
                SharedCredentialsProvider::new(AssumedRole::new(session, caller, region, ways)?)
            }
            Source::IdentityCenter(session, account, role) => {
                AskedSource::shared(IdentityCenterRole::new(&session, &account, &role, ways)?)
            }
            Source::ConsoleLogin(session, cache) => {
                AskedSource::shared(ConsoleLogin::new(&session, &cache))
            }
        }))
    }
}

/// What a source of ours does when it is asked.
trait Ask: fmt::Debug + Send + Sync + 'static {
    fn ask(&self) -> impl Future<Output = Result<Keys, SourceError>> + Send;
}

#[derive(Debug)]
struct AskedSource<A>(A);

impl<A: Ask> AskedSource<A> {
    fn shared(source: A) -> SharedCredentialsProvider {
        SharedCredentialsProvider::new(Self(source))
    }
}

impl<A: Ask> ProvideCredentials for AskedSource<A> {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async { Ok(self.0.ask().await?) })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Environment => f.write_str("Credentials::environment()"),
            Source::Fixed(_) => f.write_str("Credentials::fixed(..)"),
            Source::Provider(_) => f.write_str("Credentials::provider(..)"),
            Source::FirstOf(sources) => {
                f.debug_tuple("Credentials::first_of").field(sources).finish()
            }
            Source::Profile(name) => write!(f, "Credentials::profile({name:?})"),
            Source::Absent(what) => write!(f, "Credentials::profile({what})"),
            Source::Container(container::Named::Ecs) => f.write_str("Credentials::ecs()"),
            Source::Container(container::Named::Eks { .. }) => {
                f.write_str("Credentials::eks_pod_identity()")
            }
            Source::Instance => f.write_str("Credentials::ec2()"),
            Source::WebIdentity(_) => f.write_str("Credentials::web_identity()"),
            Source::AssumedRole(session, source) => {
                write!(f, "Credentials::assume_role({session:?}, {source:?})")
            }
            Source::IdentityCenter(session, account, role) => {
                write!(f, "Credentials::identity_center({session:?}, {account:?}, {role:?})")
            }
            Source::ConsoleLogin(session, cache) => {
                write!(f, "Credentials::console_login({session:?}, {})", cache.display())
            }
        }
    }
}

fn unfit(what: &'static str) -> BuildError {
    BuildError::credentials(format!("what was given {what}"))
}

fn keys_of(environment: &dyn Environment) -> Result<Option<Keys>, BuildError> {
    let variable = |name| environment.variable(name).filter(|value| !value.is_empty());
    let token = variable("AWS_SESSION_TOKEN");
    match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
        (Some(id), Some(secret)) => Ok(Some(Keys::new(id, secret, token, None, "environment"))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(BuildError::credentials("`AWS_SECRET_ACCESS_KEY` is not set")),
        (None, Some(_)) => Err(BuildError::credentials("`AWS_ACCESS_KEY_ID` is not set")),
    }
}

/// Whether keys can stand in the headers of a request.
///
/// A line break, such as the one at the end of a mounted secret, makes the SDK's signer panic.
fn check(keys: &Keys) -> Result<(), &'static str> {
    let is_visible = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    let id = keys.access_key_id();
    if id.is_empty() || keys.secret_access_key().is_empty() {
        Err("has an empty key")
    } else if !is_visible(id) || id.contains([',', '/', '=']) {
        Err("has an access key id with a character that none has, such as white space at its end")
    } else if !is_visible(keys.secret_access_key()) {
        Err(
            "has a secret access key with a character that none has, such as white space at its end",
        )
    } else if !keys.session_token().is_none_or(is_visible) {
        Err("has a session token with a character that none has, such as white space at its end")
    } else {
        Ok(())
    }
}

/// A provider whose keys are checked each time that it gives some.
#[derive(Debug)]
pub(super) struct Checked(SharedCredentialsProvider);

impl ProvideCredentials for Checked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let keys = self.0.provide_credentials().await?;
            check(&keys)
                .map_err(|what| SourceError::new("the source", SourceProblem::Keys(what)))?;
            Ok(keys)
        })
    }

    fn fallback_on_interrupt(&self) -> Option<Keys> {
        // Of the provider itself: what shares it answers for it with none.
        let provider = self.0.as_ref();
        provider.fallback_on_interrupt().filter(|keys| check(keys).is_ok())
    }
}

#[derive(Debug)]
struct FirstOf(Vec<SharedCredentialsProvider>);

impl FirstOf {
    async fn first(&self) -> provider::Result {
        for provider in &self.0 {
            match provider.provide_credentials().await {
                Err(CredentialsError::CredentialsNotLoaded(_)) => {}
                outcome => return outcome,
            }
        }
        Err(SourceError::absent("the sources", "none of them has credentials").into())
    }
}

impl ProvideCredentials for FirstOf {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.first())
    }

    /// Those of the first source that has some in hand.
    fn fallback_on_interrupt(&self) -> Option<Keys> {
        self.0.iter().find_map(|provider| provider.as_ref().fallback_on_interrupt())
    }
}

#[cfg(test)]
mod tests {
    use super::super::ambient::tests::Fake;
    use super::*;

    async fn id_of(credentials: Credentials, environment: &Fake) -> String {
        let provider = credentials
            .into_provider(environment, Region::US_EAST_1, None, &Auditor::default())
            .unwrap();
        provider.provide_credentials().await.unwrap().access_key_id().to_owned()
    }

    #[derive(Debug)]
    struct Absent;

    impl ProvideCredentials for Absent {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::ready(Err(CredentialsError::not_loaded("none here")))
        }
    }

    #[tokio::test]
    async fn the_environment_is_read_only_where_it_is_named() {
        let set = Fake::new([("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "s")]);
        assert_eq!(id_of(Credentials::environment(), &set).await, "E");
        assert_eq!(id_of(Credentials::fixed("F", "s", None), &set).await, "F");
    }

    #[tokio::test]
    async fn the_first_source_that_has_credentials_wins() {
        let unset = Fake::default();
        let sources = || {
            [
                Credentials::environment(),
                Credentials::provider(Absent),
                Credentials::fixed("F", "s", None),
            ]
        };
        assert_eq!(id_of(Credentials::first_of(sources()), &unset).await, "F");
        let set = Fake::new([("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "s")]);
        assert_eq!(id_of(Credentials::first_of(sources()), &set).await, "E");
        let empty = Fake::new([("AWS_ACCESS_KEY_ID", ""), ("AWS_SECRET_ACCESS_KEY", "")]);
        assert_eq!(id_of(Credentials::first_of(sources()), &empty).await, "F");
    }

    #[tokio::test]
    async fn a_source_that_fails_ends_the_search() {
        let failing = Keys::new("a\n", "s", None, None, "test");
        let failing = Checked(SharedCredentialsProvider::new(failing));
        let sources = [Credentials::provider(failing), Credentials::fixed("F", "s", None)];
        let provider = Credentials::first_of(sources)
            .into_provider(&Fake::default(), Region::US_EAST_1, None, &Auditor::default())
            .unwrap();
        let error = provider.provide_credentials().await.unwrap_err();
        assert!(matches!(error, CredentialsError::InvalidConfiguration(_)), "{error:?}");
    }

    #[test]
    fn absent_and_half_credentials_are_errors_before_any_call() {
        let refused = |credentials: Credentials, environment: &Fake| {
            credentials
                .into_provider(environment, Region::US_EAST_1, None, &Auditor::default())
                .unwrap_err()
                .is_credentials()
        };
        let unset = Fake::default();
        assert!(refused(Credentials::environment(), &unset));
        assert!(refused(Credentials::first_of([]), &unset));
        assert!(refused(Credentials::fixed("", "s", None), &unset));
        assert!(refused(Credentials::fixed("A", "", None), &unset));
        let half = Fake::new([("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "")]);
        let sources = [Credentials::environment(), Credentials::fixed("F", "s", None)];
        assert!(refused(Credentials::first_of(sources), &half));
        let half = Fake::new([("AWS_SECRET_ACCESS_KEY", "s")]);
        let sources = [Credentials::environment(), Credentials::fixed("F", "s", None)];
        assert!(refused(Credentials::first_of(sources), &half));
    }

    #[tokio::test]
    async fn keys_that_no_header_can_hold_are_errors_and_not_shown() {
        for (id, secret, token) in [
            ("AKID\n", "s", None),
            ("AKID,x", "s", None),
            ("AKID=x", "s", None),
            ("AKID x", "s", None),
            ("AKID/x", "s", None),
            ("AK\u{cf}D", "s", None),
            ("AKID", "hidden\n", None),
            ("AKID", "s", Some("hidden\n")),
            ("AKID", "s", Some("hidd\0en")),
        ] {
            let fixed = || Credentials::fixed(id, secret, token.map(str::to_owned));
            let error = fixed()
                .into_provider(&Fake::default(), Region::US_EAST_1, None, &Auditor::default())
                .unwrap_err();
            assert!(error.is_credentials() && !error.to_string().contains("hid"), "{error}");

            let mut set = vec![("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret)];
            set.extend(token.map(|token| ("AWS_SESSION_TOKEN", token)));
            let set = Fake::of(&set);
            let error = Credentials::environment()
                .into_provider(&set, Region::US_EAST_1, None, &Auditor::default())
                .unwrap_err();
            assert!(error.is_credentials() && !error.to_string().contains("hid"), "{error}");

            let later = Keys::new(id, secret, token.map(str::to_owned), None, "test");
            let later = Credentials::provider(later);
            let provider = later
                .into_provider(&Fake::default(), Region::US_EAST_1, None, &Auditor::default())
                .unwrap();
            let error = provider.provide_credentials().await.unwrap_err();
            assert!(matches!(error, CredentialsError::InvalidConfiguration(_)), "{error:?}");
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let shown = format!(
            "{:?}",
            Credentials::first_of([Credentials::fixed("AKIA", "sec", Some("tok".into()))])
        );
        assert!(
            !shown.contains("AKIA") && !shown.contains("sec\"") && !shown.contains("tok"),
            "{shown}"
        );
    }
}
