//! Whole programs: what one get and one create weigh, and how long it takes to the first answer.
//!
//! They are in `benches/programs`, each in a workspace of its own: the SDK's has its defaults, with
//! `aws-config`, which `deny.toml` keeps out of this one.

use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dynamo_runtime::codec::encode_item;

use crate::compare::median;
use crate::sdk::Canned;
use crate::things::product;
use crate::wire::Server;

/// The roots of the machine, which the SDK loads by default.
const ROOTS: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Prints what each program weighs, without symbols, and the ratio.
///
/// # Errors
/// When one cannot be built.
pub fn binary_size(out: &mut dyn Write) -> io::Result<()> {
    let size = |name| -> io::Result<f64> { Ok(std::fs::metadata(build(name)?)?.len() as f64) };
    let (ours, sdk) = (size("ours")?, size("sdk")?);
    writeln!(out, "binary_size: {:.2} MB, and the SDK's {:.2} MB", ours / 1e6, sdk / 1e6)?;
    writeln!(out, "ratio binary_size {:.4} sdk_default", ours / sdk)
}

/// Starts each program so often, in turn, and prints the time from there to its first answer.
///
/// # Errors
/// When one cannot be built, or does not answer.
pub fn cold_start(rounds: usize, out: &mut dyn Write) -> io::Result<()> {
    let server = Server::start(&Canned::item(&encode_item(&product(1)).expect("an item")));
    let folder = std::env::temp_dir().join(format!("dynamo-benches-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = start_in_turn(&server, &folder, rounds, out);
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn start_in_turn(
    server: &Server,
    folder: &Path,
    rounds: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (root, roots) = (folder.join("root.pem"), folder.join("roots.pem"));
    std::fs::write(&root, server.ca_pem())?;
    let of_machine = std::fs::read_to_string(ROOTS)?;
    std::fs::write(&roots, of_machine + server.ca_pem())?;
    let (ours, sdk) = (build("ours")?, build("sdk")?);
    let start_ours = || first_answer(command(&ours).arg(server.port().to_string()).arg(&root));
    let start_sdk = || {
        let mut sdk = command(&sdk);
        sdk.env("AWS_REGION", "us-east-1").env("SSL_CERT_FILE", &roots);
        first_answer(sdk.env("AWS_ENDPOINT_URL_DYNAMODB", server.url()))
    };
    let (mut times, mut theirs) = (Vec::new(), Vec::new());
    // The first round brings the files into memory.
    for round in 0..=rounds {
        let (one, other) = if round % 2 == 0 {
            let one = start_ours()?;
            (one, start_sdk()?)
        } else {
            let other = start_sdk()?;
            (start_ours()?, other)
        };
        if round > 0 {
            times.push(one.as_secs_f64());
            theirs.push(other.as_secs_f64());
        }
    }
    let ratio = median(times.iter().zip(&theirs).map(|(one, other)| one / other));
    let [ours, sdk] = [times, theirs].map(|times| median(times.into_iter()) * 1e3);
    writeln!(out, "cold_start: {ours:.1} ms, and the SDK's {sdk:.1} ms, in {rounds} rounds")?;
    writeln!(out, "ratio cold_start {ratio:.4} sdk_default")
}

/// Builds one as its user does, and gives where it is.
fn build(name: &str) -> io::Result<PathBuf> {
    let manifest = format!("{}/programs/{name}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
    let own = std::env::current_exe()?;
    let target = own.parent().and_then(Path::parent).unwrap_or(&own).join("programs");
    let status = Command::new(option_env!("CARGO").unwrap_or("cargo"))
        .args(["build", "--release", "--locked", "--quiet", "--manifest-path", &manifest])
        .arg("--target-dir")
        .arg(&target)
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("`program-{name}` cannot be built: {status}")));
    }
    Ok(target.join("release").join(format!("program-{name}")))
}

/// With the keys in an environment that has nothing else.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
    command.env("AWS_SECRET_ACCESS_KEY", "not-a-secret");
    command
}

/// The time from the start to the line that the program prints of the first answer.
fn first_answer(command: &mut Command) -> io::Result<Duration> {
    let start = Instant::now();
    let mut program = command.stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    if let Some(output) = program.stdout.take() {
        BufReader::new(output).read_line(&mut line)?;
    }
    let elapsed = start.elapsed();
    let status = program.wait()?;
    if !status.success() || line.trim_end() != product(1).name {
        return Err(io::Error::other(format!("{command:?} gave {line:?}: {status}")));
    }
    Ok(elapsed)
}
