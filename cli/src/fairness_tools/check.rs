//! `house fairness check`: recomputes a file of vectors from anybody's implementation.
//!
//! Promise: names the first line and field that differs, or that can't be read; an empty file is a failure, since it shows
//! nothing. Streams: memory for one line, of at most [`MAX_LINE_BYTES`]. Cost: tens of microseconds a line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use fairness::{Vector, VectorError};

use crate::Verdict;

/// A shuffle of 2^20 items takes 8 MB of text.
const MAX_LINE_BYTES: u64 = 32 * 1024 * 1024;

#[derive(Args)]
pub(crate) struct Arguments {
    /// One vector a line; `-` reads standard input.
    file: PathBuf,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("{0}")]
    Malformed(#[from] VectorError),
    #[error("{field} differs: the file says {found}, recomputed {expected}")]
    Differs { field: &'static str, found: String, expected: String },
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let mut reader = open(&arguments.file)?;
    let (mut line, mut number, mut checked) = (Vec::new(), 0u64, 0u64);
    loop {
        line.clear();
        let read = (&mut reader).take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        number += 1;
        ensure!(
            line.ends_with(b"\n") || u64::try_from(read)? < MAX_LINE_BYTES,
            "line {number} has over {MAX_LINE_BYTES} bytes"
        );
        if line.trim_ascii().is_empty() {
            continue;
        }
        if let Err(fault) = check(&line) {
            writeln!(io::stdout(), "line {number}: {fault}")?;
            return Ok(Verdict::Bad);
        }
        checked += 1;
    }
    ensure!(checked > 0, "{} holds no vector", arguments.file.display());
    writeln!(io::stdout(), "{checked} vectors agree")?;
    Ok(Verdict::Good)
}

fn open(file: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    if file == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let opened = File::open(file).with_context(|| format!("{} can't be read", file.display()))?;
    Ok(Box::new(BufReader::new(opened)))
}

fn check(line: &[u8]) -> Result<(), Fault> {
    let found = Vector::from_json(line)?;
    let expected = found.inputs().derive()?;
    match found.first_difference(&expected) {
        None => Ok(()),
        Some(field) => Err(Fault::Differs { field, found: shown(&found, field), expected: shown(&expected, field) }),
    }
}

/// A field as the file spells it.
fn shown(vector: &Vector, field: &str) -> String {
    let value = serde_json::to_value(vector).unwrap_or_default();
    value.get(field).map(ToString::to_string).unwrap_or_default()
}
