//! The commands, over whatever entities.

use std::error::Error;
use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use dynamo_runtime::load::{Dump, ItemFormat, Load};
use dynamo_runtime::prelude::*;
use dynamo_runtime::tables::{
    ArnScope, Difference, Grant, LockError, Progress, Samples, Schema, Severity, update_lock,
};
use dynamo_runtime::{Entities, Entity};
use indicatif::{HumanBytes, ProgressBar, ProgressState, ProgressStyle};
use serde_json::{Value, json};

use crate::arguments::{Arguments, Command, Drawing, Form, Format};
use crate::connect::client;

pub(crate) type Failure = Box<dyn Error>;

/// The code of what differs.
const DIFFERS: u8 = 3;

/// Runs what the command line says, over the entities `E`, of which `F` is one of the table that is
/// described.
pub(crate) async fn run<E: Entities, F: Entity>(
    name: &str,
    schema: Schema,
    samples: Samples,
) -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let outcome = match command {
        Command::Completions { shell } => {
            let mut out = std::io::stdout();
            clap_complete::generate(shell, &mut Arguments::command(), "dynamo-schema", &mut out);
            Ok(ExitCode::SUCCESS)
        }
        Command::Lock { file, accept } => lock::<E>(&file, accept.as_deref(), json),
        Command::Export { form, regions, account } => {
            export(name, &schema, &samples, form, &regions, &account)
        }
        Command::Draw { drawing } => {
            print!(
                "{}",
                match drawing {
                    Drawing::Mermaid => schema.to_mermaid(),
                    Drawing::Html => schema.to_html(name, &samples),
                }
            );
            Ok(ExitCode::SUCCESS)
        }
        other => connected::<E, F>(&schema, other, json).await,
    };
    outcome.unwrap_or_else(|error| failed(&*error))
}

/// Tells of the error, and of nothing twice.
pub(crate) fn failed(error: &dyn Error) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::FAILURE
}

/// What needs the tables themselves.
async fn connected<E: Entities, F: Entity>(
    schema: &Schema,
    command: Command,
    json: bool,
) -> Result<ExitCode, Failure> {
    match command {
        Command::Create(place) => {
            let client = client::<F>(&place).await?;
            let made = schema.create_with(&client, tell).await?;
            show(json, &json!({ "created": made }), &lines("created", &made));
        }
        Command::Plan { place, apply } => {
            let client = client::<F>(&place).await?;
            let plan = schema.plan(&client).await?;
            let steps: Vec<_> =
                plan.steps().map(|(table, step)| format!("{table}: {step}")).collect();
            let never: Vec<_> = plan.never().iter().map(ToString::to_string).collect();
            let text = plan.to_string();
            show(json, &json!({ "steps": steps, "never": never }), text.trim_end());
            if apply {
                plan.apply_with(&client, tell).await?;
            } else if !plan.is_empty() {
                return Ok(ExitCode::from(DIFFERS));
            }
            if !never.is_empty() {
                return Ok(ExitCode::from(DIFFERS));
            }
        }
        Command::Verify(place) => {
            let differences = schema.differences(&client::<F>(&place).await?).await?;
            let each: Vec<_> = differences.iter().map(difference).collect();
            let text: Vec<_> = differences.iter().map(ToString::to_string).collect();
            show(json, &json!({ "differences": each }), &text.join("\n"));
            if differences.iter().any(|each| each.severity() >= Severity::Drifted) {
                return Ok(ExitCode::from(DIFFERS));
            }
        }
        Command::Describe(place) => describe::<F>(&client::<F>(&place).await?, json).await?,
        Command::Load { place, source, format, rejects, rate } => {
            let client = client::<F>(&place).await?;
            let bar = bar(&source);
            let progress = bar.clone();
            let mut load = Load::of::<E>(&source).progress(move |loaded| {
                progress.set_message(format!("{} items", loaded.lines));
                progress.set_position(loaded.bytes);
            });
            if let Some(format) = format {
                load = load.format(item_format(format));
            }
            if let Some(rejects) = rejects {
                load = load.rejects(rejects);
            }
            if let Some(rate) = rate {
                load = load.items_per_second(rate);
            }
            let loaded = load.send(&client).await?;
            bar.finish_and_clear();
            let counts = json!({
                "lines": loaded.lines, "put": loaded.put, "deleted": loaded.deleted,
                "rejected": loaded.rejected, "empty": loaded.empty,
            });
            let text = format!(
                "{} lines: {} put, {} deleted, {} rejected, {} empty",
                loaded.lines, loaded.put, loaded.deleted, loaded.rejected, loaded.empty
            );
            show(json, &counts, &text);
        }
        Command::Dump { place, file, format, rate } => {
            let client = client::<F>(&place).await?;
            let bar = item_bar::<F>(&client).await;
            let progress = bar.clone();
            let mut dump = Dump::of::<E>(&file).progress(move |dumped| {
                progress.set_message(HumanBytes(dumped.bytes).to_string());
                progress.set_position(dumped.items);
            });
            if let Some(format) = format {
                dump = dump.format(item_format(format));
            }
            if let Some(rate) = rate {
                dump = dump.items_per_second(rate);
            }
            let dumped = dump.send(&client).await?;
            bar.finish_and_clear();
            let counts = json!({
                "items": dumped.items, "foreign": dumped.foreign, "bytes": dumped.bytes,
            });
            let text = format!(
                "{} items, {} of them of no entity, {} bytes",
                dumped.items, dumped.foreign, dumped.bytes
            );
            show(json, &counts, &text);
        }
        _ => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// What the service knows of the table.
async fn describe<F: Entity>(client: &SecureClient, json: bool) -> Result<(), Failure> {
    let table = client.describe::<F>().await?.ok_or("there is no such table")?;
    let (items, bytes) = (table.items, table.bytes);
    let counts = json!({
        "table": table.name, "status": table.status, "items": items, "bytes": bytes,
    });
    let (items, bytes) = (items.unwrap_or_default(), bytes.unwrap_or_default());
    let text = format!("{}: {}, {items} items, {bytes} bytes", table.name, table.status);
    show(json, &counts, &text);
    Ok(())
}

/// A line on the terminal, beside what is printed for other programs.
#[expect(clippy::needless_pass_by_value, reason = "it is given so")]
fn tell(progress: Progress) {
    eprintln!("{}: {}", progress.table, progress.doing);
}

fn show(is_json: bool, json: &Value, text: &str) {
    if is_json {
        println!("{json}");
    } else if !text.is_empty() {
        println!("{text}");
    }
}

fn lines(what: &str, names: &[String]) -> String {
    names.iter().map(|name| format!("{what} {name}")).collect::<Vec<_>>().join("\n")
}

fn difference(difference: &Difference) -> Value {
    json!({
        "table": difference.table(),
        "severity": format!("{:?}", difference.severity()),
        "breaks": difference.breaks(),
        "mend": difference.mend(),
        "text": difference.to_string(),
    })
}

fn item_format(format: Format) -> ItemFormat {
    match format {
        Format::DynamodbJson => ItemFormat::DynamoDbJson,
        Format::PlainJson => ItemFormat::PlainJson,
        Format::Csv => ItemFormat::Csv,
    }
}

/// Of the bytes of the file, where that is known before it is read. As the next one, it is drawn on
/// a terminal only.
fn bar(source: &Path) -> ProgressBar {
    let is_compressed =
        source.extension().is_some_and(|extension| extension == "gz" || extension == "zst");
    let total = source.metadata().ok().filter(|file| file.is_file() && !is_compressed);
    let form = "{bar:40} {msg}, {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
    bar_of(total.map(|total| total.len()), form)
}

/// Of the items of the table, as DynamoDB counted them some hours ago.
async fn item_bar<F: Entity>(client: &SecureClient) -> ProgressBar {
    let described = client.describe::<F>().await.ok().flatten();
    let items = described.and_then(|table| table.items).filter(|items| *items > 0);
    bar_of(items, "{bar:40} {pos} of about {len} items, {msg}, {rate}, {eta} left")
}

fn bar_of(total: Option<u64>, form: &str) -> ProgressBar {
    let (bar, form) = match total {
        Some(total) => (ProgressBar::new(total), form),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}, {pos} so far, {rate}"),
    };
    let style = ProgressStyle::with_template(form);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.with_key("rate", |state: &ProgressState, out: &mut dyn fmt::Write| {
        let _ = write!(out, "{:.0}/s", state.per_sec());
    }))
}

fn lock<E: Entities>(
    file: &Path,
    reason: Option<&str>,
    is_json: bool,
) -> Result<ExitCode, Failure> {
    match update_lock::<E>(file, reason) {
        Ok(()) => {
            show(is_json, &json!({ "breaking": [] }), "");
            Ok(ExitCode::SUCCESS)
        }
        Err(LockError::Breaking(changes)) => {
            let breaking: Vec<_> = changes.iter().map(ToString::to_string).collect();
            let help = "undo them, or accept them: `lock --accept <REASON>`";
            let text = format!("{}\n{help}", breaking.join("\n"));
            show(is_json, &json!({ "breaking": breaking }), &text);
            Ok(ExitCode::from(DIFFERS))
        }
        Err(error) => Err(error.into()),
    }
}

fn export(
    name: &str,
    schema: &Schema,
    samples: &Samples,
    form: Form,
    regions: &[String],
    account: &str,
) -> Result<ExitCode, Failure> {
    let regions: Result<Vec<_>, _> = regions.iter().map(|name| Region::parse(name)).collect();
    let regions = regions?;
    let text = match form {
        Form::Cloudformation => schema.to_cloud_formation()?,
        Form::GlobalTable => schema.to_cloud_formation_global(&regions)?,
        Form::Terraform => schema.to_terraform()?,
        Form::Cdk => schema.to_cdk()?,
        Form::Workbench => schema.to_workbench(name, samples)?,
        Form::JsonSchema => schema.to_json_schema(),
        Form::IamPolicy => {
            let region = *regions.first().ok_or("an ARN has a region: `--region`")?;
            let scope = ArnScope::new("aws", region, account);
            schema.to_iam_policy(&scope, &[Grant::Read, Grant::Write, Grant::Verify])
        }
    };
    print!("{text}");
    Ok(ExitCode::SUCCESS)
}
