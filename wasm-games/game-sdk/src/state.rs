//! A round's state between deals: a format byte, then big-endian fixed-width fields.
//!
//! The host carries the bytes and never looks inside. A reader accepts exactly what a writer wrote: a wrong format, a
//! missing or a trailing byte is [`Fault::BadState`].

use alloc::vec::Vec;

use crate::Fault;

/// Writes a state.
#[derive(Debug)]
pub struct StateWriter {
    out: Vec<u8>,
}

impl StateWriter {
    /// Starts with the format number, which a game raises when its layout changes.
    #[must_use]
    pub fn new(format: u8) -> Self {
        let mut out = Vec::with_capacity(32);
        out.push(format);
        Self { out }
    }

    /// One byte.
    #[must_use]
    pub fn u8(mut self, value: u8) -> Self {
        self.out.push(value);
        self
    }

    /// Four bytes.
    #[must_use]
    pub fn u32(mut self, value: u32) -> Self {
        self.out.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Eight bytes.
    #[must_use]
    pub fn u64(mut self, value: u64) -> Self {
        self.out.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// The state's bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// Reads a state.
#[derive(Debug)]
pub struct StateReader<'a> {
    rest: &'a [u8],
}

impl<'a> StateReader<'a> {
    /// Starts after the format byte.
    ///
    /// # Errors
    /// [`Fault::BadState`] when the state is empty or of another format.
    pub fn open(state: &'a [u8], format: u8) -> Result<Self, Fault> {
        match state.split_first() {
            Some((first, rest)) if *first == format => Ok(Self { rest }),
            _ => Err(Fault::BadState),
        }
    }

    /// One byte.
    ///
    /// # Errors
    /// [`Fault::BadState`] at the end of the state.
    pub fn u8(&mut self) -> Result<u8, Fault> {
        self.take().map(u8::from_be_bytes)
    }

    /// Four bytes.
    ///
    /// # Errors
    /// [`Fault::BadState`] at the end of the state.
    pub fn u32(&mut self) -> Result<u32, Fault> {
        self.take().map(u32::from_be_bytes)
    }

    /// Eight bytes.
    ///
    /// # Errors
    /// [`Fault::BadState`] at the end of the state.
    pub fn u64(&mut self) -> Result<u64, Fault> {
        self.take().map(u64::from_be_bytes)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Fault::BadState`] when bytes are left.
    pub fn finish(self) -> Result<(), Fault> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(Fault::BadState)
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let (field, rest) = self.rest.split_first_chunk().ok_or(Fault::BadState)?;
        self.rest = rest;
        Ok(*field)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(state: &[u8]) -> Result<(u8, u32, u64), Fault> {
        let mut reader = StateReader::open(state, 3)?;
        let fields = (reader.u8()?, reader.u32()?, reader.u64()?);
        reader.finish()?;
        Ok(fields)
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_nothing_shorter_or_longer(a in any::<u8>(), b in any::<u32>(), c in any::<u64>()) {
            let mut state = StateWriter::new(3).u8(a).u32(b).u64(c).finish();
            prop_assert_eq!(read(&state), Ok((a, b, c)));
            for end in 0..state.len() {
                prop_assert_eq!(read(&state[..end]), Err(Fault::BadState));
            }
            state.push(0);
            prop_assert_eq!(read(&state), Err(Fault::BadState));
        }

        #[test]
        fn another_format_is_refused(format in any::<u8>(), a in any::<u8>()) {
            let state = StateWriter::new(format).u8(a).u32(0).u64(0).finish();
            prop_assert_eq!(read(&state).is_ok(), format == 3);
        }
    }
}
