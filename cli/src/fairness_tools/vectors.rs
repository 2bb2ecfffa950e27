//! `house fairness vectors`: test vectors for independent implementations (fair1 section 10).
//!
//! Promise: one JSON object a line, inputs and every derived field, the same for the same seed. Cost: tens of microseconds a line.

use std::io::{self, BufWriter, Write};

use anyhow::Context;
use clap::Args;

use super::inputs::inputs;
use crate::Verdict;

#[derive(Args)]
pub(crate) struct Arguments {
    /// How many.
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// Any text; the same text gives the same vectors.
    #[arg(long)]
    seed: String,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let mut out = BufWriter::new(io::stdout().lock());
    for number in 0..arguments.count {
        let vector = inputs(&arguments.seed, number)?.derive().with_context(|| format!("vector {number}"))?;
        writeln!(out, "{}", serde_json::to_string(&vector)?)?;
    }
    out.flush()?;
    Ok(Verdict::Good)
}
