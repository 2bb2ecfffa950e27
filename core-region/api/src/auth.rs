//! Who asks: a player by the access token in `Authorization: Bearer …`, checked once a request.
//!
//! A token that is missing or not good is no error here: pages without an owner don't need one, and the rate limit then goes by
//! the address. A handler that takes a [`Caller`] refuses.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use ids::{PlayerId, SessionId};

use crate::problem::{Code, Problem};
use crate::state::Api;

/// The player whose token came with the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) player: PlayerId,
    pub(crate) session: SessionId,
}

/// The token of an `Authorization` header of the scheme `Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Notes who asks.
pub(crate) async fn identify(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let known = bearer(request.headers()).and_then(|token| api.players.access_key().verify(token).ok());
    if let Some((player, session)) = known {
        request.extensions_mut().insert(Caller { player, session });
    }
    next.run(request).await
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().copied().ok_or_else(|| Code::Unauthenticated.into())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn only_a_bearer_header_holds_a_token() {
        let of = |text: &str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(text).unwrap())]);
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(of("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(of("bearer  abc ").as_deref(), Some("abc"));
        for other in ["abc", "Basic abc", "Bearer", ""] {
            assert_eq!(of(other), None, "{other:?}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}
