//! Frames on the socket: what is read of a client, and how an answer is written.
//!
//! A frame that is refused changes nothing; the refusal names the client's own number of the frame when that can be read.

use axum::extract::ws::Message;
use serde::Deserialize;
use wire::v1::client::{ClientFrame, MAX_CLIENT_FRAME_BYTES, ServerFrame};
use wire::v1::{Refusal, RefusalCode};

/// What a message of the socket is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// A frame of the protocol.
    Frame(Box<ClientFrame>),
    /// None of it, and why.
    Refused { re: Option<u32>, refusal: Refusal },
    /// A probe or its answer.
    Probe,
    /// The client said goodbye.
    End,
}

/// Only the number, whatever else there is.
#[derive(Deserialize)]
struct Numbered {
    #[serde(rename = "ref")]
    reference: u32,
}

pub(crate) fn read(message: &Message) -> Read {
    let refused = |re, refusal| Read::Refused { re, refusal };
    match message {
        Message::Text(text) if text.len() > MAX_CLIENT_FRAME_BYTES => {
            let most = format!("a frame has at most {MAX_CLIENT_FRAME_BYTES} bytes");
            refused(number(text.as_str()), RefusalCode::TooLong.because(most))
        }
        // The library would read an array of the fields' values too.
        Message::Text(text) if !text.trim_start().starts_with('{') => {
            refused(None, RefusalCode::Malformed.because("a frame is one JSON object"))
        }
        Message::Text(text) => match serde_json::from_str::<ClientFrame>(text.as_str()) {
            Ok(frame) => Read::Frame(Box::new(frame)),
            Err(error) => refused(number(text.as_str()), RefusalCode::Malformed.because(error.to_string())),
        },
        Message::Binary(_) => refused(None, RefusalCode::Malformed.because("frames are text")),
        Message::Ping(_) | Message::Pong(_) => Read::Probe,
        Message::Close(_) => Read::End,
    }
}

fn number(text: &str) -> Option<u32> {
    serde_json::from_str::<Numbered>(text).ok().map(|numbered| numbered.reference)
}

pub(crate) fn write(frame: &ServerFrame) -> Message {
    // A server frame holds nothing that JSON can't.
    Message::text(serde_json::to_string(frame).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wire::v1::client::ClientBody;

    use super::*;

    fn text(text: &str) -> Read {
        read(&Message::text(text))
    }

    fn refusal(read: Read) -> (Option<u32>, RefusalCode) {
        match read {
            Read::Refused { re, refusal } => (re, refusal.code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_frame_is_read() {
        let frame = ClientFrame { reference: 3, body: ClientBody::Ping { sent_ms: 9 } };
        assert_eq!(text(r#"{"ref":3,"body":{"ping":{"sent_ms":9}}}"#), Read::Frame(Box::new(frame)));
    }

    #[test]
    fn what_is_no_frame_is_refused_by_name_with_its_number_when_it_has_one() {
        use RefusalCode::Malformed;
        let malformed = [
            ("", None),
            ("null", None),
            ("[1]", None),
            (r#"[7,{"ping":{"sent_ms":9}}]"#, None),
            (r#"{"ref":-1,"body":{"ping":{"sent_ms":9}}}"#, None),
            (r#"{"ref":7}"#, Some(7)),
            (r#"{"ref":7,"body":{"ping":{"sent_ms":9}},"extra":1}"#, Some(7)),
            (r#"{"ref":7,"body":{"ping":{"sent_ms":9,"x":1}}}"#, Some(7)),
            (r#"{"ref":7,"body":{"ping":{"sent_ms":"9"}}}"#, Some(7)),
            (r#"{"ref":7,"body":{"ping":{"sent_ms":9},"close":{}}}"#, Some(7)),
            (r#"{"ref":7,"body":{"transfer":{"to":"me"}}}"#, Some(7)),
            (r#"{"ref":7,"ref":8,"body":{"ping":{"sent_ms":9}}}"#, None),
            (r#"{"ref":7,"body":{"close":{"lease":"../../etc"}}}"#, Some(7)),
        ];
        for (bad, re) in malformed {
            assert_eq!(refusal(text(bad)), (re, Malformed), "{bad}");
        }
        assert_eq!(refusal(read(&Message::binary(vec![1, 2]))), (None, Malformed));
        let deep = "[".repeat(10_000);
        assert_eq!(refusal(text(&deep)), (None, Malformed));
    }

    #[test]
    fn a_frame_over_the_bound_is_too_long_and_one_at_the_bound_is_read() {
        let frame = |token: usize| format!(r#"{{"ref":5,"body":{{"hello":{{"token":"{}"}}}}}}"#, "x".repeat(token));
        let room = MAX_CLIENT_FRAME_BYTES - frame(0).len();
        assert!(matches!(text(&frame(room)), Read::Frame(_)));
        assert_eq!(refusal(text(&frame(room + 1))), (Some(5), RefusalCode::TooLong));
    }

    #[test]
    fn probes_and_goodbyes_are_no_frames() {
        assert_eq!(read(&Message::Ping(vec![].into())), Read::Probe);
        assert_eq!(read(&Message::Close(None)), Read::End);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(bytes in ".{0,200}") {
            let _read = text(&bytes);
        }

        #[test]
        fn a_frame_with_any_byte_changed_is_read_or_refused(at in 0usize..44, byte in 0u8..128) {
            let mut frame = br#"{"ref":3,"body":{"ping":{"sent_ms":9876543}}}"#.to_vec();
            frame[at] = byte;
            let _read = text(&String::from_utf8(frame).unwrap());
        }
    }
}
