//! The lease's terms, checked in one fixed order: the first that is broken is the refusal before the bet is bound, and the
//! reason of the void after it. Game-specific bounds of the bets are the sandbox's to check.

use money::Amount;
use wire::v1::RefusalCode;
use wire::v1::intent::SignedIntent;
use wire::v1::key::Verifies;
use wire::v1::lease::{LeaseTerms, PinnedGame};
use wire::v1::payload::Payload;

use crate::plan::{Call, GameCall};
use crate::state::{LeaseState, OpenRound};

/// Whether the intent's signature is the session key's. Verified by the caller, who may do many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentSignature {
    /// It is.
    Valid,
    /// It is not: nobody but the player may bet.
    Invalid,
}

/// Verifies one intent's signature over L("fair1.intent") || O || B_r.
#[must_use]
pub fn verify_intent(key: &Verifies, terms: &LeaseTerms, intent: &SignedIntent) -> IntentSignature {
    let Ok(bet) = intent.bet_hash() else { return IntentSignature::Invalid };
    let message = fairness::intent_message(&terms.open.0, &bet);
    if key.accepts(&message, &intent.signature) { IntentSignature::Valid } else { IntentSignature::Invalid }
}

impl LeaseState {
    /// Whether the deal may be played at `at_ms` by a dealer that knew the lease to live until `valid_until_ms`, and what
    /// the game is then asked. The deal's number is not looked at.
    ///
    /// # Errors
    /// The first term that it breaks.
    pub fn check(
        &self,
        intent: &SignedIntent,
        signature: IntentSignature,
        at_ms: u64,
        valid_until_ms: u64,
    ) -> Result<GameCall, RefusalCode> {
        self.check_lease(intent, signature, at_ms, valid_until_ms)?;
        self.check_nonce(intent)?;
        let game = self.pinned(intent)?;
        let payload = intent.parse_payload().map_err(|_| RefusalCode::BadPayload)?;
        let (call, round) = self.check_round(intent, &payload)?;
        if round.is_none() && at_ms < self.progress.round_opened_ms.saturating_add(game.min_cycle_ms) {
            return Err(RefusalCode::TooSoon);
        }
        self.check_money(intent.stake_minor, round)?;
        let totals =
            round.map_or((Amount::ZERO, Amount::ZERO, 0), |round| (round.stake_minor, round.win_minor, round.deals));
        Ok(GameCall { game: game.clone(), call, stake_before: totals.0, win_before: totals.1, deals_before: totals.2 })
    }

    fn check_lease(
        &self,
        intent: &SignedIntent,
        signature: IntentSignature,
        at_ms: u64,
        valid_until_ms: u64,
    ) -> Result<(), RefusalCode> {
        let opening = &self.terms.opening;
        if intent.lease != opening.lease {
            return Err(RefusalCode::LeaseUnknown);
        }
        if self.progress.closed.is_some() {
            return Err(RefusalCode::LeaseClosed);
        }
        if intent.currency != self.terms.currency {
            return Err(RefusalCode::BadCurrency);
        }
        if signature == IntentSignature::Invalid {
            return Err(RefusalCode::BadSignature);
        }
        if at_ms < opening.issued_ms || at_ms > opening.expires_ms || at_ms > valid_until_ms {
            return Err(RefusalCode::LeaseExpired);
        }
        if self.progress.deals >= u64::from(opening.max_rounds) {
            return Err(RefusalCode::DealsUsedUp);
        }
        Ok(())
    }

    /// fairness.md section 4: zeros in mode 1; in mode 2 the hash of c_r is c_(r-1), and c_0 is the client's seed.
    fn check_nonce(&self, intent: &SignedIntent) -> Result<(), RefusalCode> {
        let opening = &self.terms.opening;
        let mode = fairness::ClientMode::try_from_code(opening.client_mode).map_err(|_| RefusalCode::BadClientSeed)?;
        let before = if self.progress.nonce.0.is_empty() { &opening.client_seed.0 } else { &self.progress.nonce.0 };
        if fairness::nonce_follows(mode, before, &intent.client_nonce.0) {
            Ok(())
        } else {
            Err(RefusalCode::BadClientSeed)
        }
    }

    fn pinned(&self, intent: &SignedIntent) -> Result<&PinnedGame, RefusalCode> {
        let matches = |game: &&PinnedGame| game.digest == intent.game && game.params == intent.params;
        self.terms.games.iter().find(matches).ok_or(RefusalCode::GameUnavailable)
    }

    fn check_round<'a>(
        &'a self,
        intent: &SignedIntent,
        payload: &Payload,
    ) -> Result<(Call, Option<&'a OpenRound>), RefusalCode> {
        match (payload, &self.progress.round) {
            (Payload::Bets(_), Some(_)) => Err(RefusalCode::RoundOpen),
            (Payload::Act(_), None) => Err(RefusalCode::ActionUnavailable),
            (Payload::Bets(bets), None) => {
                let sum = payload.stake().map_err(|_| RefusalCode::BadBet)?;
                if bets.is_empty() {
                    return Err(RefusalCode::BadBet);
                }
                if sum != Some(intent.stake_minor) {
                    return Err(RefusalCode::WrongStake);
                }
                if intent.stake_minor < self.terms.limits.min_stake_minor {
                    return Err(RefusalCode::StakeLimit);
                }
                Ok((Call::Play { bets: bets.clone() }, None))
            }
            (Payload::Act((action, argument)), Some(round)) => {
                if round.digest != intent.game || round.params != intent.params {
                    return Err(RefusalCode::RoundOpen);
                }
                let offer = round.offers.iter().find(|offer| offer.action == *action);
                let offer = offer.ok_or(RefusalCode::ActionUnavailable)?;
                if offer.extra_minor != intent.stake_minor {
                    return Err(RefusalCode::WrongStake);
                }
                let call = Call::Act { state: round.state.0.clone(), action: *action, argument: *argument };
                Ok((call, Some(round)))
            }
        }
    }

    /// Most stake of a deal, loss limit, funds. An action without a price costs nothing and breaks none.
    fn check_money(&self, stake: Amount, round: Option<&OpenRound>) -> Result<(), RefusalCode> {
        let limits = &self.terms.limits;
        if stake.is_negative() || (round.is_none() && !stake.is_positive()) || stake > limits.max_stake_minor {
            return Err(RefusalCode::StakeLimit);
        }
        let loss = self.progress.staked_minor.wide() - self.progress.won_minor.wide();
        if stake.is_positive() && loss + stake.wide() > limits.max_loss_minor.wide() {
            return Err(RefusalCode::LossLimit);
        }
        if stake > self.progress.in_play_minor {
            return Err(RefusalCode::InsufficientFunds);
        }
        Ok(())
    }
}
