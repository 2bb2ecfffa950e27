//! The first frame: who is it, and where did it leave off? Nothing else is read before.

use std::time::Duration;

use axum::extract::ws::Message;
use futures::{Stream, StreamExt};
use wire::v1::client::{ClientBody, Cursor};
use wire::v1::{Refusal, RefusalCode};

use crate::frames::{self, Read};
use crate::seats::End;
use crate::seen::Tokens;
use crate::token::Bearer;

/// A client that said who it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hello {
    pub(crate) bearer: Bearer,
    pub(crate) cursor: Option<Cursor>,
    pub(crate) re: u32,
}

/// Why there is no session, and what the client is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoHello {
    pub(crate) re: Option<u32>,
    pub(crate) refusal: Option<Refusal>,
    pub(crate) end: End,
}

impl NoHello {
    fn refused(re: Option<u32>, refusal: impl Into<Refusal>, end: End) -> Self {
        Self { re, refusal: Some(refusal.into()), end }
    }
}

/// Reads the first frame within `patience`.
///
/// # Errors
/// [`NoHello`].
pub(crate) async fn hello<S, E>(
    stream: &mut S,
    tokens: &Tokens,
    now_ms: impl Fn() -> u64,
    patience: Duration,
) -> Result<Hello, NoHello>
where
    S: Stream<Item = Result<Message, E>> + Unpin,
{
    let first = async {
        loop {
            match stream.next().await {
                Some(Ok(message)) => match frames::read(&message) {
                    Read::Probe => {}
                    read => return Some(read),
                },
                Some(Err(_)) | None => return None,
            }
        }
    };
    let unauthenticated = RefusalCode::Unauthenticated;
    match tokio::time::timeout(patience, first).await {
        Err(_) => Err(NoHello::refused(None, unauthenticated.because("no hello in time"), End::Unauthenticated)),
        Ok(None | Some(Read::End)) => Err(NoHello { re: None, refusal: None, end: End::Gone }),
        Ok(Some(Read::Probe)) => Err(NoHello { re: None, refusal: None, end: End::Protocol }),
        Ok(Some(Read::Refused { re, refusal })) => Err(NoHello::refused(re, refusal, End::Protocol)),
        Ok(Some(Read::Frame(frame))) => {
            let re = frame.reference;
            let ClientBody::Hello { token, cursor } = frame.body else {
                let refusal = unauthenticated.because("the first frame is hello");
                return Err(NoHello::refused(Some(re), refusal, End::Unauthenticated));
            };
            match tokens.bearer(&token, now_ms()) {
                Ok(bearer) => Ok(Hello { bearer, cursor, re }),
                Err(error) => {
                    tracing::debug!(%error, "a token was refused");
                    Err(NoHello::refused(Some(re), unauthenticated, End::Unauthenticated))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use pasetors::keys::{AsymmetricKeyPair, Generate};
    use pasetors::version4::{PublicToken, V4};

    use super::*;
    use crate::token::TokenKey;

    const WAIT: Duration = Duration::from_secs(5);

    async fn greet(key: &Tokens, messages: Vec<Message>) -> Result<Hello, NoHello> {
        let mut stream = futures::stream::iter(messages.into_iter().map(Ok::<_, Infallible>));
        hello(&mut stream, key, || 1_700_000_000_000, WAIT).await
    }

    fn keys() -> (AsymmetricKeyPair<V4>, Tokens) {
        let pair = AsymmetricKeyPair::<V4>::generate().unwrap();
        let key = TokenKey::parse(&hex::encode(pair.public.as_bytes())).unwrap();
        (pair, Tokens::new(key))
    }

    #[tokio::test]
    async fn hello_with_a_good_token_begins_a_session_where_the_cursor_says() {
        let (pair, key) = keys();
        let claims = r#"{"sub":"00000000-0000-7000-8000-000000000001","sid":"00000000-0000-7000-8000-000000000002",
            "iat":"2023-11-14T22:13:00Z","exp":"2023-11-14T22:18:00Z"}"#;
        let token = PublicToken::sign(&pair.secret, claims.as_bytes(), None, None).unwrap();
        let cursor = r#"{"lease":null,"deal":0,"core_seq":4}"#;
        let frame = format!(r#"{{"ref":1,"body":{{"hello":{{"token":"{token}","cursor":{cursor}}}}}}}"#);
        let hello = greet(&key, vec![Message::Ping(vec![].into()), Message::text(frame)]).await.unwrap();
        assert_eq!((hello.re, hello.cursor.map(|cursor| cursor.core_seq)), (1, Some(4)));
    }

    #[tokio::test]
    async fn anything_else_first_ends_the_connection_with_its_reason() {
        let (_, key) = keys();
        let first = |text: &str| greet(&key, vec![Message::text(text)]);
        let forged = first(r#"{"ref":1,"body":{"hello":{"token":"v4.public.AAAA"}}}"#).await.unwrap_err();
        assert_eq!((forged.re, forged.end), (Some(1), End::Unauthenticated));
        assert_eq!(forged.refusal.unwrap().code, RefusalCode::Unauthenticated);
        let early = first(r#"{"ref":2,"body":{"ping":{"sent_ms":1}}}"#).await.unwrap_err();
        assert_eq!((early.re, early.end), (Some(2), End::Unauthenticated));
        let noise = first("GET / HTTP/1.1").await.unwrap_err();
        assert_eq!((noise.re, noise.end, noise.refusal.unwrap().code), (None, End::Protocol, RefusalCode::Malformed));
        assert_eq!(greet(&key, vec![]).await.unwrap_err().end, End::Gone);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_not_waited_for_for_ever() {
        let (_, key) = keys();
        let mut silent = futures::stream::pending::<Result<Message, Infallible>>();
        let no_hello = hello(&mut silent, &key, || 0, WAIT).await.unwrap_err();
        assert_eq!(no_hello.end, End::Unauthenticated);
    }
}
