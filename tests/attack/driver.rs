//! Runs rows: each on a thread of its own, or in a process of its own where it needs variables.

use std::net::TcpListener;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::row::{Expected, Judged, Row, judge, said};

/// Makes this program run one row, by its title, and print what came of it.
pub const CHILD: &str = "--row";

/// What was seen; or what was not as expected.
pub type Judgement = Result<Judged, String>;

/// Before what a child prints of words and of events.
const SAID: &str = "said: ";
const EVENT: &str = "event: ";

const AT_ONCE: usize = 6;

pub fn run(rows: &[&Row]) -> Vec<Judgement> {
    let next = AtomicUsize::new(0);
    let judgements: Vec<_> = rows.iter().map(|_| Mutex::new(Err("not run".to_owned()))).collect();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(index) = Some(next.fetch_add(1, Ordering::SeqCst))
                    && let Some(row) = rows.get(index)
                {
                    let judgement = if row.environment.is_empty() {
                        catch_unwind(AssertUnwindSafe(|| run_here(row)))
                            .unwrap_or_else(|_| Err("it panicked".to_owned()))
                    } else {
                        run_apart(row)
                    };
                    *judgements[index].lock().unwrap() = judgement;
                }
            });
        }
    });
    judgements.into_iter().map(|judgement| judgement.into_inner().unwrap()).collect()
}

/// Runs the row that the parent named, and prints what was seen.
pub fn run_as_child(rows: &[Row], title: &str) -> ExitCode {
    let row = rows.iter().find(|row| row.title() == title);
    match row.map_or_else(|| Err("there is no such row".to_owned()), run_here) {
        Ok(Judged { told, said, events }) => {
            println!("{told}");
            for words in &said {
                println!("{SAID}{words}");
            }
            for name in &events {
                println!("{EVENT}{name}");
            }
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run_apart(row: &Row) -> Judgement {
    let attacker = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = attacker.local_addr().unwrap().port().to_string();
    let folder = Folder::new(&port);
    let place = |text: &str| text.replace("{attacker}", &port).replace("{folder}", &folder.path());
    for (name, text) in &row.files {
        std::fs::write(folder.0.join(name), place(text)).unwrap();
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args([CHILD, &row.title()]).env_clear();
    child.envs(row.environment.iter().map(|(name, value)| (name, place(value))));
    let output = child.output().map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    // A connection waits here until it is accepted, so none can have been missed.
    attacker.set_nonblocking(true).unwrap();
    if attacker.accept().is_ok() {
        return Err("the attacker was reached".to_owned());
    }
    if output.status.success() {
        return Ok(read_child(&told));
    }
    Err(format!("{told} {}", String::from_utf8_lossy(&output.stderr)))
}

fn read_child(printed: &str) -> Judged {
    let mut judged = Judged::default();
    for line in printed.lines() {
        if let Some(words) = line.strip_prefix(SAID) {
            judged.said.push(words.to_owned());
        } else if let Some(name) = line.strip_prefix(EVENT) {
            judged.events.push(name.to_owned());
        } else {
            judged.told.push_str(line);
        }
    }
    judged
}

/// A folder of one row, which ends with it.
struct Folder(PathBuf);

impl Folder {
    /// The name is free: whoever has bound the port is the only one.
    fn new(port: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dynamo-attack-{port}"));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self) -> String {
        self.0.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run_here(row: &Row) -> Judgement {
    match row.expected {
        Expected::HeldBy { file, test } => return find_test(file, test).map(held),
        Expected::DoesNotCompile { case } => return find_case(case).map(held),
        _ => {}
    }
    let mut judged = Judged::default();
    let mut told = Vec::new();
    for &call in row.calls() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let seen = runtime.block_on(async {
            let attack = row.attack(call);
            tokio::time::timeout(Duration::from_mins(2), attack).await.unwrap_or_default()
        });
        let seen = seen.ok_or_else(|| "it does not end".to_owned())?;
        let judgement = judge(&row.expected, call, &seen);
        told.push(judgement.map_err(|fault| format!("{call:?}: {fault}"))?);
        let (said, events) = said(&seen);
        judged.said.extend(said);
        judged.events.extend(events);
    }
    judged.told = told.join("; ");
    Ok(judged)
}

fn held(told: String) -> Judged {
    Judged { told, ..Judged::default() }
}

/// A source of the repository.
pub fn source(file: &str) -> Result<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))
}

/// Requires that the test is there; that it passes is its own suite's matter.
fn find_test(file: &str, test: &str) -> Result<String, String> {
    let source = source(file)?;
    if source.contains(&format!("fn {test}()")) {
        return Ok(format!("held in `{file}`"));
    }
    Err(format!("{file} has no test `{test}`"))
}

fn find_case(case: &str) -> Result<String, String> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/fail");
    let is_there = ["rs", "stderr"].iter().all(|it| cases.join(case).with_extension(it).exists());
    if is_there {
        Ok(format!("held in `ui/fail/{case}.rs`"))
    } else {
        Err("no such case".to_owned())
    }
}
