//! What a replay can find wrong. `deal` is the position in `rounds`, counted from 1.

use fairness::Draw;
use round::LogFault;

/// One fault that the replay found.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    #[error("game {0} is not in the games directory: nothing was replayed")]
    NoComponent(String),
    #[error("params {0} is no configuration in the games directory: nothing was replayed")]
    NoConfiguration(String),
    #[error("game {game} with params {params} can't be played: {reason}")]
    NoTable { game: String, params: String, reason: String },
    #[error("{0}: nothing was replayed")]
    NoTerms(#[from] super::terms::TermsError),
    #[error("deal {deal}: {field}: {reason}: no deal can be bound so, and nothing was replayed from here")]
    NoIntent { deal: u64, field: &'static str, reason: &'static str },
    #[error("deal {deal}: played_ms or round can't follow the deal before ({fault}): nothing was replayed from here")]
    NoFold { deal: u64, fault: LogFault },
    #[error("deal {deal}: outcome is {found}, the replay gives {expected}")]
    Outcome { deal: u64, expected: String, found: String },
    #[error("deal {deal}: win is {found}, the replay gives {expected}")]
    Win { deal: u64, expected: u64, found: u64 },
    #[error("deal {deal}: draws: the replay makes {}, the file says {}", drawn(.expected.as_ref()), drawn(.found.as_ref()))]
    Draws { deal: u64, expected: Option<Draw>, found: Option<Draw> },
    #[error("deal {deal}: outcome, win and draws stand in the file, but the replay is void: {reason}")]
    IsVoid { deal: u64, reason: String },
    #[error(
        "carried: the replay of the round that it opens fails: the carried fields, or the deals that go on with it, were changed"
    )]
    Carried,
    #[error("deal {deal}: outcome says that the deal is void, but the replay gives a win of {win}")]
    NotVoid { deal: u64, win: u64 },
}

fn drawn(draw: Option<&Draw>) -> String {
    draw.map_or_else(|| "none".to_owned(), |draw| format!("[{},{},{}]", draw.stream, draw.bound, draw.value))
}
