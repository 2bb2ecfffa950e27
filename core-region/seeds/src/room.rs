//! The room's front: everything that another room asks of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::SharedClock;
use database::{Pool, run_tx};
use fairness::{Seed, lease_key, player_tag};
use ids::{LeaseId, PlayerId};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::v1::Hex;
use wire::v1::dealer::SealedKey;
use zeroize::Zeroizing;

use crate::audit::{self, row_id};
use crate::envelope::{KeyRing, SealedSeed};
use crate::error::SeedsError;
use crate::generator::Generator;
use crate::limits;
use crate::randomness::Randomness;
use crate::repo::{self, Stored, Use};
use crate::seal::seal_lease_key;
use crate::source::Hardware;

/// What the room is opened with.
#[derive(Debug)]
pub struct Options {
    /// Keys under which seeds are stored.
    pub keys: KeyRing,
    /// The secret behind players' pseudonyms. It must never change: a player's tag would.
    pub player_tag_secret: Zeroizing<[u8; 32]>,
    /// A hardware source to mix in.
    pub hardware: Hardware,
}

/// The seeds room. Cheap to share.
pub struct Seeds {
    pool: Pool,
    keys: KeyRing,
    tag_secret: Zeroizing<[u8; 32]>,
    randomness: Randomness,
    clock: SharedClock,
}

impl Seeds {
    /// Opens the room: seeds the generator and writes that down.
    ///
    /// # Errors
    /// [`SeedsError`] when the sources or the database fail.
    pub async fn open(pool: Pool, options: Options, clock: SharedClock) -> Result<Self, SeedsError> {
        let generator = Generator::start(options.hardware, clock.clone())?;
        let randomness = Randomness(Arc::new(Mutex::new(generator)));
        let room = Self { pool, keys: options.keys, tag_secret: options.player_tag_secret, randomness, clock };
        room.write_reseedings().await?;
        Ok(room)
    }

    /// Random bytes for other rooms.
    #[must_use]
    pub fn randomness(&self) -> Randomness {
        self.randomness.clone()
    }

    /// Whether new seeds may be made.
    ///
    /// # Errors
    /// Why not.
    pub fn healthy(&self) -> Result<(), SeedsError> {
        self.randomness.0.lock().healthy()
    }

    /// A new lease id and its seed, to be stored with [`SealedSeed::store_in_tx`] before its commitment is shown.
    ///
    /// # Errors
    /// [`SeedsError`] when the generator may not make seeds now.
    pub fn offer(&self) -> Result<SealedSeed, SeedsError> {
        let lease = LeaseId::at(self.clock.now_ms(), self.randomness.bytes()?);
        let seed = self.randomness.0.lock().seed()?;
        self.keys.seal(lease, &seed, self.randomness.bytes()?)
    }

    /// The player's pseudonym in openings.
    #[must_use]
    pub fn player_tag(&self, player: PlayerId) -> Hex<32> {
        Hex(player_tag(&self.tag_secret, &player.to_bytes()))
    }

    /// S, for settlement and replay only.
    ///
    /// # Errors
    /// [`SeedsError::Unknown`], [`SeedsError::Corrupt`], [`SeedsError::NotLive`] for a sealing, or the database's.
    pub async fn seed_of(&self, lease: LeaseId, purpose: Use) -> Result<Seed, SeedsError> {
        let stored = self.read(&[lease], purpose).await?;
        let one = stored.first().ok_or(SeedsError::Unknown(lease))?;
        if purpose == Use::Seal && !one.live {
            return Err(SeedsError::NotLive(lease));
        }
        self.keys.open(&one.sealed)
    }

    /// The seeds of several leases in one statement; a lease without one is left out, and for a sealing also one whose seed
    /// is not live.
    ///
    /// # Errors
    /// [`SeedsError::Corrupt`], the database's, and [`SeedsError::TooMany`] over [`limits::MAX_READ`].
    pub async fn seeds_of(&self, leases: &[LeaseId], purpose: Use) -> Result<BTreeMap<LeaseId, Seed>, SeedsError> {
        let stored = self.read(leases, purpose).await?;
        let usable = stored.into_iter().filter(|one| one.live || purpose != Use::Seal);
        usable.map(|one| Ok((one.sealed.lease, self.keys.open(&one.sealed)?))).collect()
    }

    async fn read(&self, leases: &[LeaseId], purpose: Use) -> Result<Vec<Stored>, SeedsError> {
        if leases.len() > limits::MAX_READ {
            return Err(SeedsError::TooMany(leases.len()));
        }
        let at_ms = self.clock.now_ms();
        let asked: Vec<(Uuid, LeaseId)> = leases
            .iter()
            .map(|lease| Ok((row_id(at_ms, self.randomness.bytes()?), *lease)))
            .collect::<Result<_, SeedsError>>()?;
        run_tx(&self.pool, "read_seeds", async move |tx| repo::read(tx, &asked, purpose, at_ms).await).await
    }

    /// KL of a live lease, encrypted to its dealer.
    ///
    /// # Errors
    /// As [`Seeds::seed_of`], and [`SeedsError::BadDealerKey`].
    pub async fn seal_for(&self, dealer: &Hex<32>, lease: LeaseId, open: &Hex<32>) -> Result<SealedKey, SeedsError> {
        let seed = self.seed_of(lease, Use::Seal).await?;
        seal_lease_key(&self.randomness, dealer, lease, open, &lease_key(&seed, &open.0))
    }

    /// KL of many leases (each with its O), for one dealer, in one statement. A lease whose seed is not live is left out.
    ///
    /// # Errors
    /// As [`Seeds::seeds_of`], and [`SeedsError::BadDealerKey`].
    pub async fn seal_all_for(
        &self,
        dealer: &Hex<32>,
        leases: &[(LeaseId, Hex<32>)],
    ) -> Result<BTreeMap<LeaseId, SealedKey>, SeedsError> {
        let ids: Vec<LeaseId> = leases.iter().map(|(lease, _)| *lease).collect();
        let seeds = self.seeds_of(&ids, Use::Seal).await?;
        let live = leases.iter().filter_map(|(lease, open)| Some((lease, open, seeds.get(lease)?)));
        live.map(|(lease, open, seed)| {
            let key = lease_key(seed, &open.0);
            Ok((*lease, seal_lease_key(&self.randomness, dealer, *lease, open, &key)?))
        })
        .collect()
    }

    /// Burns the seed of a lease that never began, and shows it.
    ///
    /// # Errors
    /// As [`repo::burn_in_tx`].
    pub async fn burn(&self, lease: LeaseId) -> Result<Seed, SeedsError> {
        let (randomness, at_ms) = (self.randomness.clone(), self.clock.now_ms());
        run_tx(&self.pool, "burn_seed", async move |tx| repo::burn_in_tx(tx, &randomness, lease, at_ms).await).await?;
        self.seed_of(lease, Use::Replay).await
    }

    /// Reveals the seed of a settled lease. The caller has made sure that its log is closed and settled.
    ///
    /// # Errors
    /// As [`repo::reveal_in_tx`].
    pub async fn reveal(&self, lease: LeaseId) -> Result<Seed, SeedsError> {
        let (randomness, at_ms) = (self.randomness.clone(), self.clock.now_ms());
        run_tx(&self.pool, "reveal_seed", async move |tx| repo::reveal_in_tx(tx, &randomness, lease, at_ms).await)
            .await?;
        self.seed_of(lease, Use::Replay).await
    }

    /// Reseeds in time and writes down every reseeding, until cancelled.
    pub async fn run(&self, cancel: CancellationToken) {
        loop {
            tokio::select! {
                () = cancel.cancelled() => break,
                () = tokio::time::sleep(limits::TICK) => {}
            }
            if let Err(error) = self.tick().await {
                tracing::warn!(%error, "the generator's reseedings are not written down yet");
            }
        }
        if let Err(error) = self.write_reseedings().await {
            tracing::warn!(%error, "the last reseedings are not written down");
        }
    }

    /// One pass of [`Seeds::run`].
    ///
    /// # Errors
    /// [`SeedsError`] when the sources or the database fail; the next pass tries again.
    pub async fn tick(&self) -> Result<(), SeedsError> {
        self.randomness.0.lock().reseed_if_due()?;
        self.write_reseedings().await
    }

    async fn write_reseedings(&self) -> Result<(), SeedsError> {
        let unlogged = self.randomness.0.lock().unlogged();
        let Some(last) = unlogged.last().map(|one| one.number) else { return Ok(()) };
        run_tx(&self.pool, "log_reseedings", async move |tx| audit::write_reseedings(tx, &unlogged).await).await?;
        self.randomness.0.lock().logged(last);
        Ok(())
    }
}

impl std::fmt::Debug for Seeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seeds").field("keys", &self.keys).finish_non_exhaustive()
    }
}
