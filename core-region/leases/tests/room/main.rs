//! The room with a real Postgres, the real ledger engine and the dealer's own state machine behind the port; and once over
//! a real NATS server with the dealer itself.

#[cfg(test)]
mod bus;
#[cfg(test)]
mod carried;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod dealer_behind;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod life;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod resume;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod topups;
#[cfg(test)]
mod world;
