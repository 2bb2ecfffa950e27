//! `house game play`: one player at a terminal, or a script of one line a deal.
//!
//! Promise: each deal is one line of JSON on standard output: draws, events, offers, state, win, outcome hash; the same for the same
//! seed and lines. A terminal also gets tables and a prompt on standard error, and may mistype; a script may not: its first line that
//! is refused ends it with its number and exit status 1.

mod line;
mod session;

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use sandbox::{Host, HostOptions};

use self::line::Line;
use self::session::Session;
use super::chosen::Chosen;
use super::{odds, screen};
use crate::Verdict;

const HELP: &str = "bet SPOT[=STAKE] ...   open a round\nACTION [ARGUMENT]      take an offer\nspots, help, quit";

#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Any text; the same text gives the same draws.
    #[arg(long, default_value = "play")]
    seed: String,
    /// Lines to play instead of those typed; `#` begins a comment.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let table = arguments.chosen.open(&Host::new(HostOptions::default())?)?;
    let mut session = Session::new(table, &arguments.seed);
    match &arguments.script {
        Some(path) => {
            let text = fs::read_to_string(path).with_context(|| format!("{} can't be read", path.display()))?;
            scripted(&mut session, &text)?;
        }
        None => typed(&mut session)?,
    }
    Ok(Verdict::Good)
}

fn scripted(session: &mut Session, text: &str) -> anyhow::Result<()> {
    for (number, text) in text.lines().enumerate() {
        let at = || format!("line {}: {text}", number.saturating_add(1));
        match Line::parse(text) {
            Line::Nothing => {}
            Line::Quit => return Ok(()),
            Line::Help | Line::Spots => bail!("{}: only for a terminal", at()),
            line => screen::line(session.take(&line).with_context(at)?)?,
        }
    }
    Ok(())
}

fn typed(session: &mut Session) -> anyhow::Result<()> {
    let prompting = io::stdin().is_terminal();
    if prompting {
        odds::spots(session.manifest())?;
        screen::note(HELP)?;
    }
    let mut lines = io::stdin().lock().lines();
    loop {
        if prompting {
            write!(io::stderr(), "{}> ", session.prompt())?;
        }
        let Some(text) = lines.next().transpose()? else { return Ok(()) };
        match Line::parse(&text) {
            Line::Nothing => {}
            Line::Quit => return Ok(()),
            Line::Help => screen::note(HELP)?,
            Line::Spots => odds::spots(session.manifest())?,
            line => match session.take(&line) {
                Ok(deal) => screen::line(deal)?,
                Err(refusal) => screen::note(format!("{refusal:#}"))?,
            },
        }
    }
}
