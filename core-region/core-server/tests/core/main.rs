//! The whole core as it ships, with a dealer beside it, over a real Postgres and a real hub.

#[cfg(test)]
mod house;
#[cfg(test)]
mod life;
#[cfg(test)]
mod trouble;
