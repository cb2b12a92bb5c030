//! The lines of files, one window after another.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::LoadError;

/// The most lines and bytes that are written between two marks of progress.
const LINES: usize = 400;
const BYTES: usize = 4 << 20;

/// No line of an item is longer: 400 KB, of which each byte takes at most 14 as JSON.
const LONGEST: u64 = 8 << 20;

/// The lines of one file or of several.
pub(super) struct SourceLines {
    /// Those that are left, the next one last.
    files: Vec<PathBuf>,
    current: Option<(PathBuf, Box<dyn BufRead + Send>)>,
    /// Lines that were read.
    pub(super) lines: u64,
}

impl SourceLines {
    pub(super) fn open(path: &Path) -> Result<Self, LoadError> {
        let mut files = vec![path.to_owned()];
        if path.is_dir() {
            let failed = LoadError::file(path);
            let entries: io::Result<Vec<_>> = fs::read_dir(path)
                .and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
            files = entries.map_err(failed)?;
            files.retain(|file| file.is_file() && has_items(file));
            files.sort_unstable_by(|one, other| other.cmp(one));
        }
        Ok(Self { files, current: None, lines: 0 })
    }

    /// Passes over the lines that are done.
    pub(super) fn skip(&mut self, lines: u64) -> Result<(), LoadError> {
        let mut line = Vec::new();
        while self.lines < lines && self.next_line(&mut line)? {}
        Ok(())
    }

    /// The next lines, each with its number; none at the end.
    pub(super) fn window(&mut self) -> Result<Vec<(u64, Vec<u8>)>, LoadError> {
        let (mut window, mut size) = (Vec::new(), 0);
        let mut line = Vec::new();
        while window.len() < LINES && size < BYTES && self.next_line(&mut line)? {
            size += line.len();
            window.push((self.lines, std::mem::take(&mut line)));
        }
        Ok(window)
    }

    /// Reads a line without its end; false at the end of all files.
    fn next_line(&mut self, line: &mut Vec<u8>) -> Result<bool, LoadError> {
        loop {
            let (path, reader) = match &mut self.current {
                Some(current) => current,
                None => match self.files.pop() {
                    None => return Ok(false),
                    Some(path) => {
                        let reader = open(&path).map_err(LoadError::file(&path))?;
                        self.current.insert((path, reader))
                    }
                },
            };
            line.clear();
            let read = reader.take(LONGEST).read_until(b'\n', line);
            let read = read.map_err(LoadError::file(path))?;
            if read == 0 {
                self.current = None;
                continue;
            }
            if line.pop_if(|last| *last == b'\n').is_none() && u64::try_from(read) == Ok(LONGEST) {
                let reason = "it is longer than any item".to_owned();
                return Err(LoadError::Line { number: self.lines + 1, reason });
            }
            self.lines += 1;
            return Ok(true);
        }
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(OsStr::to_str).unwrap_or_default()
}

/// Beside the items an export has checksums and a list of its files.
fn has_items(path: &Path) -> bool {
    matches!(extension(path), "gz" | "zst" | "json" | "jsonl")
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    let file = File::open(path)?;
    Ok(match extension(path) {
        "gz" => Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file))),
        "zst" => {
            let reader = ruzstd::decoding::StreamingDecoder::new(file).map_err(io::Error::other)?;
            Box::new(BufReader::new(reader))
        }
        _ => Box::new(BufReader::new(file)),
    })
}
