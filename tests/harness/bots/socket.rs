//! One WebSocket connection to an edge.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use wire::v1::client::{ClientBody, ClientFrame, ServerFrame};

const CONNECT: Duration = Duration::from_secs(3);

/// The connection is gone. Nothing is: the cursor resumes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost(pub String);

/// A connection.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    reference: u32,
}

impl Socket {
    /// Connects to `url`.
    ///
    /// # Errors
    /// [`Lost`] when nobody answers there in time.
    pub async fn connect(url: &str) -> Result<Self, Lost> {
        let connecting = tokio_tungstenite::connect_async(url);
        match tokio::time::timeout(CONNECT, connecting).await {
            Ok(Ok((stream, _))) => {
                if let MaybeTlsStream::Plain(tcp) = stream.get_ref() {
                    let _ = tcp.set_nodelay(true);
                }
                Ok(Self { stream, reference: 0 })
            }
            Ok(Err(error)) => Err(Lost(error.to_string())),
            Err(_) => Err(Lost("no answer to the upgrade".to_owned())),
        }
    }

    /// Sends one frame; its number.
    ///
    /// # Errors
    /// [`Lost`].
    pub async fn send(&mut self, body: ClientBody) -> Result<u32, Lost> {
        self.reference = self.reference.wrapping_add(1);
        let frame = ClientFrame { reference: self.reference, body };
        let text = String::from_utf8(wire::encode(&frame)).map_err(|error| Lost(error.to_string()))?;
        self.send_text(text).await?;
        Ok(self.reference)
    }

    /// Sends any text, as a hostile client would.
    ///
    /// # Errors
    /// [`Lost`].
    pub async fn send_text(&mut self, text: String) -> Result<(), Lost> {
        self.stream.send(Message::text(text)).await.map_err(|error| Lost(error.to_string()))
    }

    /// Sends bytes in a binary message, which no edge reads.
    ///
    /// # Errors
    /// [`Lost`].
    pub async fn send_binary(&mut self, bytes: Vec<u8>) -> Result<(), Lost> {
        self.stream.send(Message::binary(bytes)).await.map_err(|error| Lost(error.to_string()))
    }

    /// The next frame; `None` when none came within `patience`.
    ///
    /// # Errors
    /// [`Lost`] when the connection ended, with the close code if there was one.
    pub async fn next(&mut self, patience: Duration) -> Result<Option<ServerFrame>, Lost> {
        let Ok(next) = tokio::time::timeout(patience, self.next_frame()).await else { return Ok(None) };
        next.map(Some)
    }

    async fn next_frame(&mut self) -> Result<ServerFrame, Lost> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    return wire::decode(text.as_bytes())
                        .map_err(|error| Lost(format!("unreadable frame: {error}: {text}")));
                }
                Some(Ok(Message::Close(frame))) => {
                    let said = frame
                        .map_or("no reason".to_owned(), |frame| format!("{} {}", u16::from(frame.code), frame.reason));
                    return Err(Lost(format!("closed: {said}")));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(Lost(error.to_string())),
                None => return Err(Lost("closed".to_owned())),
            }
        }
    }

    /// Closes politely.
    pub async fn close(mut self) {
        let _ = self.stream.close(None).await;
    }
}
