//! Every bound of this crate, in one place.

use std::time::Duration;

/// How long one attempt to connect may take.
pub const CONNECT_ATTEMPT: Duration = Duration::from_secs(2);
/// How long the first connection is tried before the process gives up.
pub const CONNECT_WITHIN: Duration = Duration::from_secs(30);
/// Longest pause between two attempts to reconnect.
pub const RECONNECT_PAUSE: Duration = Duration::from_secs(1);
/// How often the connection is probed; two missed answers end it.
pub const PING_INTERVAL: Duration = Duration::from_secs(2);
/// Messages that wait in one subscription before the client drops any.
pub const SUBSCRIPTION_MESSAGES: usize = 16_384;
/// Commands that wait for the socket before their callers have to wait.
pub const QUEUED_COMMANDS: usize = 4_096;

/// How long a subscription that ends may take to hand out what had arrived.
pub const DRAIN_WITHIN: Duration = Duration::from_secs(1);

/// How long an append waits for its acknowledgement. Then its outcome is unknown.
pub const APPEND_TIMEOUT: Duration = Duration::from_secs(3);
/// Appends in flight on one journal before the next has to wait.
pub const APPENDS_IN_FLIGHT: usize = 4_096;
/// How long a request to JetStream's API waits.
pub const API_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a read of stored messages waits for the next one.
pub const READ_TIMEOUT: Duration = Duration::from_secs(3);
/// Messages asked for in one page of a read.
pub const READ_PAGE: usize = 500;

/// Largest batch that a consumer hands out.
pub const MAX_BATCH: usize = 1_000;
/// How long the server waits for the acknowledgement of a batch before it sends it again.
pub const ACK_WAIT: Duration = Duration::from_secs(60);
/// How often a consumer starts over from its last acknowledgement within one call before the call fails.
pub const MAX_RESETS: usize = 5;

/// Largest object that is read, bytes.
pub const MAX_OBJECT_BYTES: usize = 16 * 1024 * 1024;
/// Size of the pieces in which objects are stored, bytes: under the server's largest message.
pub const OBJECT_CHUNK_BYTES: usize = 128 * 1024;
/// How long reading or writing one object may take.
pub const OBJECT_TIMEOUT: Duration = Duration::from_secs(30);
