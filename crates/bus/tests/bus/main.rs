//! The bus against a real nats-server.

#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod consume;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod region;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod sourcing;
