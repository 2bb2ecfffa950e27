//! A TCP proxy that spoils a link: delay, blackhole, cut, each direction on its own, changed while it runs.
//!
//! Promise: bytes are never reordered, lost or changed while a connection lives; a blackhole holds them back as a silent
//! network does and gives them on when it heals; a cut resets every connection and the ones that follow.
//! Cost: one task a connection. Kernel queues and [`CHUNKS`] bound what waits; beyond it the sender is slowed down.
use anyhow::{Context, Result};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Bytes read at once.
const CHUNK_BYTES: usize = 64 * 1024;
/// Chunks that wait for their delay, a direction.
const CHUNKS: usize = 4096;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From whoever connected to the proxy (for a leaf link: region to core).
    Up,
    /// Back to it.
    Down,
}

#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    delay: Duration,
    blackhole: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Faults {
    up: Flow,
    down: Flow,
    /// Raised by each cut: connections of an older number are reset.
    cuts: u64,
    refusing: bool,
}

/// A listening proxy. Dropping it ends it and its connections.
pub struct Proxy {
    port: u16,
    faults: watch::Sender<Faults>,
    stop: CancellationToken,
}

impl Proxy {
    /// Listens on `port` and forwards to `target` on loopback. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// The port is in use.
    pub async fn start(port: u16, target: u16) -> Result<Self> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.with_context(|| format!("proxy port {port}"))?;
        let port = listener.local_addr()?.port();
        let (faults, seen) = watch::channel(Faults::default());
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let accepting = accept(listener, target, seen, stop.clone(), tasks.clone());
        tasks.spawn(accepting);
        Ok(Self { port, faults, stop })
    }

    /// Where to connect instead of the target.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Delays each byte of a direction by `delay`; no order changes. Zero ends it.
    pub fn delay(&self, direction: Direction, delay: Duration) {
        self.change(direction, |flow| flow.delay = delay);
    }

    /// Lets nothing through in a direction; connections stay open and silent.
    pub fn blackhole(&self, direction: Direction) {
        self.change(direction, |flow| flow.blackhole = true);
    }

    /// Resets every connection, and each new one, until [`Proxy::heal`].
    pub fn cut(&self) {
        self.faults.send_modify(|faults| {
            faults.cuts += 1;
            faults.refusing = true;
        });
    }

    /// Ends every fault.
    pub fn heal(&self) {
        self.faults.send_modify(|faults| *faults = Faults { cuts: faults.cuts, ..Faults::default() });
    }

    fn change(&self, direction: Direction, change: impl FnOnce(&mut Flow)) {
        self.faults.send_modify(|faults| match direction {
            Direction::Up => change(&mut faults.up),
            Direction::Down => change(&mut faults.down),
        });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(
    listener: TcpListener,
    target: u16,
    faults: watch::Receiver<Faults>,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((client, _)) = accepted else { continue };
        if faults.borrow().refusing {
            reset(client);
        } else {
            let (faults, stop) = (faults.clone(), stop.clone());
            tasks.spawn(carry(client, target, faults, stop));
        }
    }
}

/// One connection, until either side ends it, a cut, or the proxy's own end.
async fn carry(mut client: TcpStream, target: u16, mut faults: watch::Receiver<Faults>, stop: CancellationToken) {
    let born = faults.borrow().cuts;
    let Ok(mut server) = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, target))).await else {
        return reset(client);
    };
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let whole = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let up = pump(from_client, to_server, faults.clone(), Direction::Up);
        let down = pump(from_server, to_client, faults.clone(), Direction::Down);
        tokio::select! {
            () = stop.cancelled() => false,
            _ = faults.wait_for(|faults| faults.cuts > born) => false,
            () = async { tokio::join!(up, down); } => true,
        }
    };
    if !whole {
        reset(client);
        reset(server);
    }
}

/// Closes with RST instead of FIN: what is in flight is lost, as on a broken link.
fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}

/// One direction: read, wait out the delay, write; ends with a half-close when its reader ends.
async fn pump(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, faults: watch::Receiver<Faults>, direction: Direction) {
    let (sender, mut chunks) = mpsc::channel::<(Instant, Vec<u8>)>(CHUNKS);
    let read = async move {
        let mut buffer = vec![0; CHUNK_BYTES];
        while let Ok(count) = from.read(&mut buffer).await {
            let bytes = buffer.get(..count).unwrap_or_default().to_vec();
            if count == 0 || sender.send((Instant::now(), bytes)).await.is_err() {
                break;
            }
        }
    };
    let mut seen = faults.clone();
    let write = async move {
        while let Some((read_at, bytes)) = chunks.recv().await {
            let delay = flow(&faults.borrow(), direction).delay;
            tokio::time::sleep_until(read_at + delay).await;
            if seen.wait_for(|faults| !flow(faults, direction).blackhole).await.is_err() {
                break;
            }
            if to.write_all(&bytes).await.is_err() {
                break;
            }
        }
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}

fn flow(faults: &Faults, direction: Direction) -> Flow {
    match direction {
        Direction::Up => faults.up,
        Direction::Down => faults.down,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server that sends back what it gets, behind a proxy.
    async fn echo() -> (Proxy, TaskTracker) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let tasks = TaskTracker::new();
        let inner = tasks.clone();
        tasks.spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                inner.spawn(async move {
                    let (mut from, mut to) = stream.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        (Proxy::start(0, port).await.unwrap(), tasks)
    }

    async fn connect(proxy: &Proxy) -> TcpStream {
        TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port())).await.unwrap()
    }

    async fn round_trip(stream: &mut TcpStream, text: &[u8]) -> std::io::Result<Duration> {
        let start = Instant::now();
        stream.write_all(text).await?;
        let mut back = vec![0; text.len()];
        stream.read_exact(&mut back).await?;
        assert_eq!(back, text);
        Ok(start.elapsed())
    }

    #[tokio::test]
    async fn an_honest_link_keeps_every_byte_in_order() {
        let (proxy, _tasks) = echo().await;
        let text: Vec<u8> = (0..300_000_u32).flat_map(u32::to_be_bytes).collect();
        let (mut from, mut to) = connect(&proxy).await.into_split();
        let sent = text.clone();
        let writing = async move { to.write_all(&sent).await };
        let mut back = vec![0; text.len()];
        let (written, read) = tokio::join!(writing, from.read_exact(&mut back));
        written.unwrap();
        read.unwrap();
        assert!(back == text);
    }

    #[tokio::test]
    async fn a_delay_is_added_in_its_direction_and_taken_back() {
        let (proxy, _tasks) = echo().await;
        let mut stream = connect(&proxy).await;
        round_trip(&mut stream, b"warm").await.unwrap();
        proxy.delay(Direction::Up, Duration::from_millis(120));
        let one_way = round_trip(&mut stream, b"slow").await.unwrap();
        assert!(one_way >= Duration::from_millis(115) && one_way < Duration::from_millis(230), "{one_way:?}");
        proxy.delay(Direction::Down, Duration::from_millis(120));
        let both_ways = round_trip(&mut stream, b"slower").await.unwrap();
        assert!(both_ways >= Duration::from_millis(235), "{both_ways:?}");
        proxy.heal();
        assert!(round_trip(&mut stream, b"fast").await.unwrap() < Duration::from_millis(100));
    }

    #[tokio::test]
    async fn a_cut_resets_what_is_open_and_what_follows() {
        let (proxy, _tasks) = echo().await;
        let mut open = connect(&proxy).await;
        round_trip(&mut open, b"warm").await.unwrap();
        proxy.cut();
        let error = open.read_u8().await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        assert!(round_trip(&mut connect(&proxy).await, b"no").await.is_err());
        proxy.heal();
        round_trip(&mut connect(&proxy).await, b"again").await.unwrap();
    }

    #[tokio::test]
    async fn a_blackhole_is_silent_one_way_and_loses_nothing() {
        let (proxy, _tasks) = echo().await;
        let mut stream = connect(&proxy).await;
        round_trip(&mut stream, b"warm").await.unwrap();
        proxy.blackhole(Direction::Down);
        stream.write_all(b"held").await.unwrap();
        let silent = tokio::time::timeout(Duration::from_millis(150), stream.read_u8()).await;
        assert!(silent.is_err(), "nothing, not even an end, comes out of a blackhole");
        proxy.heal();
        let mut back = [0; 4];
        stream.read_exact(&mut back).await.unwrap();
        assert_eq!(&back, b"held");
    }
}
