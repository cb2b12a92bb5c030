//! Starts the user service, and says how to reach it.

use std::io;
use std::process::ExitCode;

use dynamo_runtime::error::BoxError;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;
use user_service::log::{self, Causes};
use user_service::tls::CaFile;
use user_service::{Config, Server};

const EXAMPLE: &str =
    r#"{"email":"ada@example.com","name":"Ada Lovelace","password":"correct horse"}"#;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    log::subscriber(filter, io::stderr).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("user-service: {}", Causes(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), BoxError> {
    let server = Server::bind(&Config::from_env()?).await?;
    let stop = stop_signal()?;
    // The file is there for as long as the service is.
    let ca = server.ca_pem().map(CaFile::create).transpose()?;
    introduce(&server, ca.as_ref());
    server.run(stop).await;
    Ok(())
}

/// Prints where the service is, and what a reader can paste into another terminal.
fn introduce(server: &Server, ca: Option<&CaFile>) {
    let Some(ca) = ca else {
        println!("user-service listens on https://{}", server.address());
        return;
    };
    let url = format!("https://localhost:{}", server.address().port());
    let ca = ca.path().display();
    println!("user-service listens on {url}");
    println!("its CA certificate, made for this run: {ca}");
    println!();
    println!("  curl --cacert {ca} {url}/healthz");
    println!();
    println!("  curl --cacert {ca} {url}/users -i -H 'content-type: application/json' -d \\");
    println!("    '{EXAMPLE}'");
    println!();
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
