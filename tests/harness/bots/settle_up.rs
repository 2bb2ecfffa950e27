//! The end of a bot's life: everything closed, everything settled, every deal known.

use anyhow::Result;
use ids::LeaseId;
use wire::v1::RefusalCode;
use wire::v1::client::{ClientBody, ServerBody, Tail};

use super::bot::{Bot, Hitch, PAUSE};

impl Bot {
    /// Closes everything and waits until the core has settled it and every deal is known.
    pub(super) async fn settle_up(&mut self) -> Result<()> {
        loop {
            if self.book.open().is_empty() && self.book.incomplete().is_empty() {
                return Ok(());
            }
            let step = self.settle_step().await;
            if let Err(hitch) = step {
                self.last_hitch = hitch.to_string();
                if let Hitch::Refused(refusal) = &hitch {
                    *self.report.refusals.entry(refusal.code.as_str()).or_default() += 1;
                } else {
                    self.drop_connection();
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn settle_step(&mut self) -> Result<(), Hitch> {
        self.connect().await?;
        for lease in self.book.incomplete() {
            self.catch_up(lease).await?;
        }
        for lease in self.book.open() {
            match self.close(lease).await {
                // It is closed already, or never opened: its end is on its way, or the core burnt its offer.
                Err(Hitch::Refused(refusal)) if refusal.code == RefusalCode::LeaseUnknown => {
                    if self.book.last_deal(lease) == 0 {
                        self.book.leases.remove(&lease);
                    }
                }
                Err(Hitch::Refused(refusal)) if !refusal.code.is_retryable() => {}
                other => other?,
            }
        }
        self.held = None;
        self.listen(PAUSE).await
    }

    async fn catch_up(&mut self, lease: LeaseId) -> Result<(), Hitch> {
        loop {
            self.catching = Some(lease);
            let after_deal = self.book.last_deal(lease);
            let tail = self.ask(ClientBody::CatchUp { lease, after_deal }, |body| match body {
                ServerBody::CaughtUp { tail, .. } => Some(tail),
                _ => None,
            });
            let tail = tail.await;
            self.catching = None;
            if tail? == Tail::Complete || self.book.last_deal(lease) == after_deal {
                return Ok(());
            }
        }
    }
}
