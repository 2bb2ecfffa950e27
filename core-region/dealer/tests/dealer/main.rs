//! The dealer: its pure machine, and the whole of it against a real nats-server.

#[cfg(test)]
mod machine;
#[cfg(test)]
mod party;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod table;
