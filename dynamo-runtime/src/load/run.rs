//! A load: a window of lines after another, each kept as done once it is written.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::num::NonZeroU32;
use std::path::Path;

use serde_json::{Value, json};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Duration, Instant, sleep_until};

use super::attributes::PlainAttributes;
use super::format::ItemFormat;
use super::line::LineWrite;
use super::place::ProgressFile;
use super::source::SourceLines;
use super::{Load, LoadError, batch};
use crate::client::SecureClient;
use crate::entity::Description;
use crate::operation::InFlight;

/// What a load has done, earlier runs of it included: `lines` is the sum of `put`, `deleted`,
/// `rejected` and `empty`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Loaded {
    /// The lines that were read.
    pub lines: u64,
    /// The items that were put.
    pub put: u64,
    /// The items that were deleted, of an incremental export.
    pub deleted: u64,
    /// The lines that were rejected.
    pub rejected: u64,
    /// The lines without anything.
    pub empty: u64,
    /// The bytes of the lines, uncompressed and without their ends.
    pub bytes: u64,
}

/// A window of lines, read as writes.
#[derive(Default)]
struct Window {
    writes: Vec<LineWrite>,
    rejected: Vec<Value>,
    counts: Loaded,
}

pub(super) async fn load(mut load: Load, client: &SecureClient) -> Result<Loaded, LoadError> {
    // A seed is begun anew, by several tests at once.
    let place = (!load.is_seed).then(|| ProgressFile::beside(&load.source));
    let mut done = match &place {
        Some(place) => resume(&load, place)?,
        None => LoadProgress::default(),
    };
    let rejects = load.rejects.as_deref().map(|path| open_rejects(path, done.rejected_bytes));
    let mut rejects = rejects.transpose()?;
    let attributes = PlainAttributes::of(&load.entities);
    let mut source = SourceLines::open(&load.source, load.format, attributes)?;
    source.skip(done.counts.lines)?;
    let mut rate = load.rate.map(WriteRate::new);
    let mut reading = read(source, std::mem::take(&mut load.entities));
    loop {
        let ended = reading
            .await
            .map_err(|error| LoadError::File(load.source.clone(), std::io::Error::other(error)))?;
        let Some((source, window, entities)) = ended? else { break };
        // The next one is read while this one is written.
        reading = read(source, entities);
        if let (Some(first), None) = (window.rejected.first(), &rejects) {
            return Err(line_error(first));
        }
        for run in distinct(&window.writes) {
            write(client, run, &mut rate).await?;
        }
        if let (Some((file, path)), false) = (&mut rejects, window.rejected.is_empty()) {
            let mut text = String::new();
            for line in &window.rejected {
                text.push_str(&line.to_string());
                text.push('\n');
            }
            file.write_all(text.as_bytes()).map_err(LoadError::file(path))?;
            file.sync_data().map_err(LoadError::file(path))?;
            done.rejected_bytes += text.len() as u64;
        }
        done.add(window.counts);
        if let Some(place) = &place {
            place.keep(&done.to_json(&load.source, load.format))?;
        }
        if let Some(told) = &mut load.told {
            told(&done.counts);
        }
    }
    if let Some(place) = place {
        place.remove()?;
    }
    Ok(done.counts)
}

/// A window, with what the next one is read by.
type ReadWindow = (SourceLines, Window, Vec<Description>);

/// Reads a window on a thread that may wait for a disk; there is none at the end.
fn read(
    mut source: SourceLines,
    entities: Vec<Description>,
) -> JoinHandle<Result<Option<ReadWindow>, LoadError>> {
    spawn_blocking(move || {
        let lines = source.window()?;
        if lines.is_empty() {
            return Ok(None);
        }
        let mut window = Window::default();
        for (number, line) in lines {
            window.counts.lines += 1;
            window.counts.bytes += line.length() as u64;
            if line.is_empty() {
                window.counts.empty += 1;
                continue;
            }
            match line.parse(source.attributes(), &entities) {
                Ok(write) => {
                    if write.is_put {
                        window.counts.put += 1;
                    } else {
                        window.counts.deleted += 1;
                    }
                    window.writes.push(write);
                }
                Err(reason) => {
                    window.counts.rejected += 1;
                    let was = line.text();
                    window.rejected.push(json!({ "line": number, "reason": reason, "was": was }));
                }
            }
        }
        Ok(Some((source, window, entities)))
    })
}

fn line_error(rejected: &Value) -> LoadError {
    LoadError::Line {
        number: rejected.get("line").and_then(Value::as_u64).unwrap_or_default(),
        reason: rejected.get("reason").and_then(Value::as_str).unwrap_or_default().to_owned(),
    }
}

/// The writes in runs of which each has a key once: those of a run are sent in no order, and of two
/// writes of one item the later one is to stay.
fn distinct(writes: &[LineWrite]) -> Vec<&[LineWrite]> {
    let (mut runs, mut start) = (Vec::new(), 0);
    let mut keys = HashSet::new();
    for (place, write) in writes.iter().enumerate() {
        if !keys.insert((write.table, &write.key)) {
            runs.extend(writes.get(start..place));
            start = place;
            keys.clear();
            keys.insert((write.table, &write.key));
        }
    }
    runs.extend(writes.get(start..));
    runs
}

/// Writes all of them, some requests at once.
async fn write(
    client: &SecureClient,
    mut writes: &[LineWrite],
    pace: &mut Option<WriteRate>,
) -> Result<(), LoadError> {
    let mut in_flight = InFlight::new();
    let mut failed = None;
    loop {
        let batch = batch::take(&mut writes);
        // After a failure, what has not begun yet is not begun.
        let ended = if batch.is_empty() || failed.is_some() {
            match in_flight.next().await {
                None => return failed.map_or(Ok(()), Err),
                ended => ended,
            }
        } else {
            if let Some(pace) = pace {
                pace.wait_for(batch.len()).await;
            }
            in_flight.start(batch::send(client, batch)).await
        };
        if let Some(Err(error)) = ended {
            failed = failed.or(Some(error));
        }
    }
}

/// When the next items may be written.
struct WriteRate {
    each: Duration,
    next: Instant,
}

impl WriteRate {
    fn new(items_per_second: NonZeroU32) -> Self {
        Self { each: Duration::from_secs(1) / items_per_second.get(), next: Instant::now() }
    }

    async fn wait_for(&mut self, items: usize) {
        sleep_until(self.next).await;
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        self.next = self.next.max(Instant::now()) + self.each * items;
    }
}

/// What is done, with the length of the file of rejected lines at that time.
#[derive(Default)]
struct LoadProgress {
    counts: Loaded,
    rejected_bytes: u64,
}

impl LoadProgress {
    fn add(&mut self, window: Loaded) {
        let counts = &mut self.counts;
        counts.lines += window.lines;
        counts.put += window.put;
        counts.deleted += window.deleted;
        counts.rejected += window.rejected;
        counts.empty += window.empty;
        counts.bytes += window.bytes;
    }

    fn to_json(&self, source: &Path, format: ItemFormat) -> Value {
        let Loaded { lines, put, deleted, rejected, empty, bytes } = self.counts;
        json!({
            "source": source.to_string_lossy(), "format": format.name(),
            "lines": lines, "put": put, "deleted": deleted, "rejected": rejected, "empty": empty, "bytes": bytes,
            "rejected_bytes": self.rejected_bytes,
        })
    }
}

fn resume(load: &Load, place: &ProgressFile) -> Result<LoadProgress, LoadError> {
    let Some(kept) = place.read()? else { return Ok(LoadProgress::default()) };
    if kept.get("source").and_then(Value::as_str) != Some(&*load.source.to_string_lossy()) {
        return Err(place.refuse("it is of another source"));
    }
    place.check_format(&kept, load.format)?;
    let number = |name: &str| {
        let number = kept.get(name).and_then(Value::as_u64);
        number.ok_or_else(|| place.refuse(&format!("it has no number `{name}`")))
    };
    let counts = Loaded {
        lines: number("lines")?,
        put: number("put")?,
        deleted: number("deleted")?,
        rejected: number("rejected")?,
        empty: number("empty")?,
        bytes: number("bytes")?,
    };
    Ok(LoadProgress { counts, rejected_bytes: number("rejected_bytes")? })
}

/// Without what was written after the last mark of progress, which is written again.
fn open_rejects(path: &Path, bytes: u64) -> Result<(File, &Path), LoadError> {
    let failed = LoadError::file(path);
    let file = OpenOptions::new().create(true).append(true).open(path).map_err(&failed)?;
    file.set_len(bytes).map_err(&failed)?;
    Ok((file, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(keys: &[&str]) -> Vec<LineWrite> {
        let write = |key: &&str| LineWrite {
            table: "things",
            key: key.as_bytes().to_vec(),
            json: Vec::new(),
            is_put: true,
        };
        keys.iter().map(write).collect()
    }

    #[test]
    fn no_run_has_a_key_twice_and_none_is_lost() {
        let lengths = |keys: &[&str]| {
            let writes = of(keys);
            distinct(&writes).iter().map(|run| run.len()).collect::<Vec<_>>()
        };
        assert_eq!(lengths(&["a", "b", "c"]), [3]);
        assert_eq!(lengths(&["a", "b", "a", "b", "b"]), [2, 2, 1]);
        assert_eq!(lengths(&["a", "a"]), [1, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn items_are_written_no_faster_than_they_may_be() {
        let begin = Instant::now();
        let mut pace = WriteRate::new(NonZeroU32::new(50).unwrap());
        for _ in 0..5 {
            pace.wait_for(25).await;
        }
        // The first are written at once.
        assert!(begin.elapsed() >= Duration::from_secs(2), "{:?}", begin.elapsed());
    }
}
