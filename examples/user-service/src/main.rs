//! Starts the user service, and says how to reach it; or makes a token for it, or serves its table.

mod engine;

use std::error::Error;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use dynamo_runtime::error::BoxError;
use tracing::Subscriber;
#[cfg(feature = "otlp")]
use tracing::warn;
use tracing_subscriber::EnvFilter;
#[cfg(feature = "otlp")]
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use user_service::auth::{Party, Scope, Scopes, SigningKey, TokenRequest};
use user_service::config::TokenKeys;
use user_service::edge::RunFiles;
use user_service::log::{self, Causes};
#[cfg(feature = "otlp")]
use user_service::ops::install_with;
#[cfg(feature = "otlp")]
use user_service::telemetry::Telemetry;
use user_service::{Config, Server};

/// How long the token is good that is printed at the start.
const LIFE: Duration = Duration::from_hours(12);

/// Users as JSON over HTTPS. Its configuration is in environment variables; see its README.
#[derive(Parser)]
struct Command {
    #[command(subcommand)]
    other: Option<Other>,
}

#[derive(Subcommand)]
enum Other {
    /// Prints a token for local use, signed with the key of a running service.
    Token(TokenArgs),
    /// Serves the embedded engine for several instances on this machine, which end before it does.
    Engine,
}

#[derive(Args)]
struct TokenArgs {
    /// The PEM file of the key: `TOKEN_KEY` of the service, or the one that it printed at its start.
    #[arg(long)]
    key: PathBuf,
    /// Whose token it is: the id of a user, or any other name.
    #[arg(long, default_value = "operator")]
    subject: String,
    /// What it allows: read, write, admin.
    #[arg(long, default_value = "admin")]
    scope: Scopes,
    /// How many minutes it is good.
    #[arg(long, default_value_t = 60)]
    minutes: u32,
    /// As the service's `TOKEN_ISSUER`.
    #[arg(long, default_value = "user-service")]
    issuer: String,
    /// As the service's `TOKEN_AUDIENCE`.
    #[arg(long, default_value = "user-service")]
    audience: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Command::parse().other {
        None => serve().await,
        Some(Other::Token(args)) => token(&args),
        Some(Other::Engine) => serve_engine().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("user-service: {}", Causes(&*error as &(dyn Error + 'static)));
            ExitCode::FAILURE
        }
    }
}

/// What is logged where `RUST_LOG` says nothing else.
const LOGGED: &str = "info";
/// With the spans of the calls, which are at level `DEBUG`.
#[cfg(feature = "otlp")]
const TRACED: &str = "info,dynamo::call=debug";

fn log(default: &str) -> impl Subscriber + Send + Sync + for<'span> LookupSpan<'span> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    log::subscriber(filter, io::stderr)
}

fn token(args: &TokenArgs) -> Result<(), BoxError> {
    let pem = fs::read_to_string(&args.key)
        .map_err(|error| format!("{}: {error}", args.key.display()))?;
    let party = Party { issuer: args.issuer.clone(), audience: args.audience.clone() };
    let life = Duration::from_mins(args.minutes.into());
    let request = TokenRequest { subject: &args.subject, scopes: args.scope.clone(), life };
    println!("{}", SigningKey::from_pem(&pem)?.issue(party, &request)?);
    Ok(())
}

async fn serve_engine() -> Result<(), BoxError> {
    log(LOGGED).init();
    engine::serve(stop_signal()?).await
}

async fn serve() -> Result<(), BoxError> {
    let config = Config::from_env()?;
    match &config.collector {
        #[cfg(feature = "otlp")]
        Some(collector) => {
            let telemetry = Telemetry::start(collector)?;
            log(TRACED).with(telemetry.layer()).init();
            install_with(telemetry.recorder());
            let served = run(&config).await;
            if let Err(error) = tokio::task::spawn_blocking(move || telemetry.end()).await? {
                warn!(error = %Causes(&*error), "the collector did not take the last of it");
            }
            served
        }
        _ => {
            log(LOGGED).init();
            run(&config).await
        }
    }
}

async fn run(config: &Config) -> Result<(), BoxError> {
    let server = Server::bind(config).await?;
    let stop = stop_signal()?;
    println!("user-service listens on https://{}", server.name());
    if let Some(address) = server.plain_address() {
        println!("and without TLS on {address}, for the configured proxies alone");
    }
    // The files are there for as long as the service is.
    let files = RunFiles::create()?;
    introduce(&server, config, &files)?;
    server.run(stop).await;
    Ok(())
}

/// Prints what a reader can paste into another terminal, of what was made for this run alone.
fn introduce(server: &Server, config: &Config, files: &RunFiles) -> Result<(), BoxError> {
    const EXAMPLE: &str =
        r#"{"email":"ada@example.com","name":"Ada Lovelace","password":"correct horse"}"#;

    let mut curl = "curl".to_owned();
    if let Some(pem) = server.ca_pem() {
        let path = files.write("ca.pem", pem)?;
        println!("its CA certificate, made for this run: {}", path.display());
        curl = format!("curl --cacert {}", path.display());
    }
    let url = format!("https://{}", server.name());
    println!("\n  {curl} {url}/healthz\n");
    if let TokenKeys::ForThisRun(key) = &config.tokens.keys {
        let path = files.write("token-key.pem", key.expose_pem())?;
        let scopes = Scopes::of(&[Scope::Admin]);
        let request = TokenRequest { subject: "operator", scopes, life: LIFE };
        let token = key.clone().issue(config.tokens.party.clone(), &request)?;
        println!("the key of its tokens, made for this run: {}", path.display());
        println!("with a token of the scope admin, for 12 hours:\n");
        println!(
            "  {curl} {url}/users -i -H 'authorization: Bearer {token}' \
             -H 'content-type: application/json' -d '{EXAMPLE}'\n"
        );
    }
    println!("its interface: {url}/docs/\n");
    Ok(())
}

/// Ready at Ctrl-C, or when the process is asked to end.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready at Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
