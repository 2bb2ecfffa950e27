//! A game under one configuration: where deals are played.
//!
//! Every deal gets an instance of its own, made from the component's bytes and dropped after one call, so nothing can
//! pass from one player, round or deal to the next except the `state` that the host carries.

use std::sync::Arc;

use fairness::Draws;
use fairness::RoundKey;

use crate::contract::{Action, Bet, Fault, Manifest, Outcome};
use crate::game::GameCode;
use crate::guest::Chance;
use crate::instance::{Export, Live};
use crate::judge::judge;
use crate::params::Config;
use crate::stakes::{check_action, check_stakes};
use crate::verdict::{Deal, Infra, NoDeal, RoundTotals, Verdict, Void};

/// A game, its configuration and its manifest. Cheap to clone; usable from all threads at once.
#[derive(Clone)]
pub struct Table(Arc<Seat>);

struct Seat {
    code: Arc<GameCode>,
    config: Config,
    manifest: Manifest,
}

impl Table {
    pub(crate) fn new(code: Arc<GameCode>, config: Config, manifest: Manifest) -> Self {
        Self(Arc::new(Seat { code, config, manifest }))
    }

    /// SHA-256 of the component's bytes: `game` in fair1.
    pub fn digest(&self) -> [u8; 32] {
        self.code().digest()
    }

    /// SHA-256 of the configuration: `params` in fair1.
    pub fn params(&self) -> [u8; 32] {
        self.0.config.hash()
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// What the game declares under this configuration, checked.
    pub fn manifest(&self) -> &Manifest {
        &self.0.manifest
    }

    /// Opens a round with `bets`: its first deal, with the draws of `key`.
    ///
    /// # Errors
    /// [`NoDeal::Void`] for bets, faults and misbehaviour, the same on every machine; [`NoDeal::Infra`] to try again.
    pub fn play(&self, key: RoundKey, bets: &[Bet]) -> Verdict {
        let stake_minor = check_stakes(self.manifest(), bets).map_err(Void::Stakes)?;
        self.play_on(&mut Live::start(self.code())?, key, bets, stake_minor)
    }

    /// The next deal of a round: `action` on `state`, with the draws of `key`. That the action was offered, and its
    /// price taken, is the fold's to know; `totals` says what the round has cost and paid.
    ///
    /// # Errors
    /// As [`Table::play`].
    pub fn act(&self, key: RoundKey, state: &[u8], action: Action, totals: RoundTotals) -> Verdict {
        check_action(self.manifest(), action).map_err(Void::Action)?;
        self.act_on(&mut Live::start(self.code())?, key, state, action, totals)
    }

    pub(crate) fn code(&self) -> &GameCode {
        &self.0.code
    }

    pub(crate) fn play_on(&self, live: &mut Live, key: RoundKey, bets: &[Bet], stake_minor: u64) -> Verdict {
        let fuel = self.manifest().fuel_play;
        live.exchange(Some(self.chance(key)));
        let params = (self.0.config.as_str(), bets);
        let ((answer,), fuel_used) =
            live.call::<_, (Result<Outcome, Fault>,)>(Export::Play, fuel, params).map_err(NoDeal::from)?;
        let totals = RoundTotals { stake_minor, ..RoundTotals::default() };
        self.close(live, answer, fuel_used, totals)
    }

    pub(crate) fn act_on(
        &self,
        live: &mut Live,
        key: RoundKey,
        state: &[u8],
        action: Action,
        totals: RoundTotals,
    ) -> Verdict {
        let fuel = self.manifest().fuel_act;
        live.exchange(Some(self.chance(key)));
        let params = (self.0.config.as_str(), state, action);
        let ((answer,), fuel_used) =
            live.call::<_, (Result<Outcome, Fault>,)>(Export::Act, fuel, params).map_err(NoDeal::from)?;
        self.close(live, answer, fuel_used, totals)
    }

    fn chance(&self, key: RoundKey) -> Chance {
        Chance { draws: Draws::new(key), max_draws: self.manifest().max_draws }
    }

    fn close(&self, live: &mut Live, answer: Result<Outcome, Fault>, fuel_used: u64, totals: RoundTotals) -> Verdict {
        let outcome = answer.map_err(Void::Fault)?;
        judge(self.manifest(), totals, &outcome).map_err(Void::Misbehaved)?;
        let Some(Chance { draws, .. }) = live.exchange(None) else {
            return Err(Infra::Instantiate { reason: "the deal has lost its draws".into() }.into());
        };
        let draws_digest = draws.digest();
        Ok(Deal { outcome, draws: draws.into_record(), draws_digest, fuel_used })
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table")
            .field("game", &hex::encode(self.digest()))
            .field("params", &hex::encode(self.params()))
            .field("manifest", &self.0.manifest.id)
            .finish_non_exhaustive()
    }
}
