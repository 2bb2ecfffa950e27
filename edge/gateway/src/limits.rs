//! Every bound of this crate that configuration does not set.

use std::time::Duration;

use wire::v1::client::MAX_CLIENT_FRAME_BYTES;

/// How long a new connection may take to say who it is.
pub(crate) const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// Frames longer than this end the connection; between [`MAX_CLIENT_FRAME_BYTES`] and this they are refused by name.
pub(crate) const READ_BYTES: usize = 4 * MAX_CLIENT_FRAME_BYTES;
/// Read buffer of one connection.
pub(crate) const READ_BUFFER_BYTES: usize = 4 * 1024;
/// Bytes that are gathered before they go to the socket.
pub(crate) const WRITE_BUFFER_BYTES: usize = 16 * 1024;
/// How long one write may take before the client counts as slow.
pub(crate) const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// How long the closing frame, and what is queued before it, may take.
pub(crate) const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// How often a silent client is probed.
pub(crate) const PROBE: Duration = Duration::from_secs(20);
/// A client that sent nothing for so long, not even an answer to a probe, is gone.
pub(crate) const SILENCE: Duration = Duration::from_secs(65);
/// Frames of one connection that wait for the one in work.
pub(crate) const WAITING_FRAMES: usize = 64;
/// Frames that are no protocol before the connection is closed.
pub(crate) const STRIKES: u32 = 32;
/// The pause before a connection that sends too fast is read again.
pub(crate) const TOO_FAST_PAUSE: Duration = Duration::from_millis(20);
