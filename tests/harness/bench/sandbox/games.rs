//! The house's own games as they are shipped, and the same rules compiled natively.

use anyhow::{Context, Result, anyhow};
use fairness::{Draws, RoundKey};
use game_sdk::Game as _;
use sandbox::{Bet, Config, Event, Host, Offer, Outcome, Table, Trigger};

use crate::project_root;

/// A game and the configuration that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HouseGame {
    SlotLines,
    Roulette,
}

impl HouseGame {
    pub(super) const ALL: [Self; 2] = [Self::SlotLines, Self::Roulette];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SlotLines => "slot-lines",
            Self::Roulette => "roulette",
        }
    }

    fn config_file(self) -> &'static str {
        match self {
            Self::SlotLines => "slot-lines-95.json",
            Self::Roulette => "roulette-single.json",
        }
    }

    /// The component's bytes.
    pub(super) fn wasm(self) -> Result<Vec<u8>> {
        let path = project_root().join("wasm-games").join("dist").join(format!("{}.wasm", self.name()));
        std::fs::read(&path).with_context(|| format!("{} is missing: run `cargo xtask games`", path.display()))
    }

    /// The configuration.
    pub(super) fn config(self) -> Result<Config> {
        let path = project_root().join("wasm-games").join("dist").join("configs").join(self.config_file());
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} is missing: run `cargo xtask games`", path.display()))?;
        Ok(sandbox::canonical_config(&text)?)
    }

    /// The game on `host`, compiled now.
    pub(super) fn table(self, host: &Host) -> Result<Table> {
        host.load(&self.wasm()?)?.open(self.config()?).map_err(|error| anyhow!("{}: {error}", self.name()))
    }

    /// What is bet when a round opens with deal `n`: stakes and spots vary, and one slot round in fifty is a bought bonus.
    pub(super) fn bets(self, n: u64) -> Vec<Bet> {
        match self {
            Self::SlotLines if n % 50 == 49 => vec![Bet { spot: 1, stake_minor: 540 }],
            Self::SlotLines => vec![Bet { spot: 0, stake_minor: 20 * (1 + n % 5) }],
            Self::Roulette => {
                let first = u32::try_from(n % 33).unwrap_or(0);
                (first..=first + first % 4).map(|spot| Bet { spot, stake_minor: 20 }).collect()
            }
        }
    }

    /// The rules themselves, run natively with the same draws.
    pub(super) fn natively(self, config: &str, call: &Call<'_>, draws: &mut Native) -> Result<game_sdk::Outcome> {
        let answer = match (self, call) {
            (Self::SlotLines, Call::Play(bets)) => slot_lines::SlotLines::play(config, &sdk_bets(bets), draws),
            (Self::Roulette, Call::Play(bets)) => roulette::Roulette::play(config, &sdk_bets(bets), draws),
            (Self::SlotLines, Call::Act { state, action }) => {
                slot_lines::SlotLines::act(config, state, sdk_action(*action), draws)
            }
            (Self::Roulette, Call::Act { state, action }) => {
                roulette::Roulette::act(config, state, sdk_action(*action), draws)
            }
        };
        answer.map_err(|fault| anyhow!("{} natively: {fault}", self.name()))
    }
}

/// What a deal asks of the game.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call<'a> {
    Play(&'a [Bet]),
    Act { state: &'a [u8], action: u32 },
}

/// The key of deal `n`: any 32 bytes do.
pub(super) fn key(n: u64) -> RoundKey {
    RoundKey::from_bytes(fairness::sha256(&[b"bench deal", &n.to_be_bytes()]))
}

/// A deal's draws, for rules that run natively.
pub(super) struct Native {
    pub(super) draws: Draws,
    /// A draw that the host would have refused.
    pub(super) refused: bool,
}

impl Native {
    pub(super) fn new(key: RoundKey) -> Self {
        Self { draws: Draws::new(key), refused: false }
    }
}

impl game_sdk::Draw for Native {
    fn below(&mut self, stream: u64, bound: u64) -> u64 {
        self.draws.below(stream, bound).unwrap_or_else(|_| {
            self.refused = true;
            0
        })
    }
}

fn sdk_bets(bets: &[Bet]) -> Vec<game_sdk::Bet> {
    bets.iter().map(|bet| game_sdk::Bet { spot: bet.spot, stake_minor: bet.stake_minor }).collect()
}

fn sdk_action(id: u32) -> game_sdk::Action {
    game_sdk::Action { id, arg: 0 }
}

/// A native outcome as the host's, to be hashed by the same layout.
pub(super) fn as_host(outcome: game_sdk::Outcome) -> Outcome {
    let game_sdk::Outcome { win_minor, finished, offers, state, events, triggers } = outcome;
    let offer = |offer: game_sdk::Offer| Offer { action: offer.action, extra_minor: offer.extra_minor };
    let trigger = |trigger: game_sdk::Trigger| Trigger { pool: trigger.pool, tier: trigger.tier };
    Outcome {
        win_minor,
        finished,
        offers: offers.into_iter().map(offer).collect(),
        state,
        events: events.into_iter().map(|event| Event { name: event.name, data: event.data }).collect(),
        triggers: triggers.into_iter().map(trigger).collect(),
    }
}
