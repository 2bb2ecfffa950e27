//! The operator's pages, on a listener of their own: what the house looks like, and the few things that an operator may do.

use std::fmt;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use crate::auth::bearer;
use crate::limits;
use crate::problem::{Code, Problem};
use crate::state::Api;

pub(crate) mod close;
pub(crate) mod games;
pub(crate) mod leases;
pub(crate) mod ledger;
pub(crate) mod summary;

/// What an operator shows. Kept as its SHA-256, so that comparing takes the same time for every text.
pub struct OperatorToken([u8; 32]);

/// The token is too short to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an operator's token has at least {} characters", limits::OPERATOR_TOKEN_CHARS)]
pub struct TokenTooShort;

impl OperatorToken {
    /// The token `text`.
    ///
    /// # Errors
    /// [`TokenTooShort`].
    pub fn try_new(text: &str) -> Result<Self, TokenTooShort> {
        if text.len() < limits::OPERATOR_TOKEN_CHARS {
            return Err(TokenTooShort);
        }
        Ok(Self(::fairness::sha256(&[text.as_bytes()])))
    }

    fn is(&self, shown: &str) -> bool {
        self.0.ct_eq(&::fairness::sha256(&[shown.as_bytes()])).into()
    }
}

impl fmt::Debug for OperatorToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorToken(..)")
    }
}

/// Lets nobody else in.
pub(crate) async fn only_operators(State(api): State<Api>, request: Request, next: Next) -> Response {
    let shown = bearer(request.headers());
    match (&api.operator_token, shown) {
        (Some(token), Some(shown)) if token.is(shown) => next.run(request).await,
        _ => Problem::from(Code::Unauthenticated).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_itself_and_nothing_else() {
        let text = "0123456789abcdef0123456789abcdef";
        let token = OperatorToken::try_new(text).unwrap();
        assert!(token.is(text));
        for other in ["", "0123456789abcdef0123456789abcdeF", "0123456789abcdef0123456789abcdef "] {
            assert!(!token.is(other), "{other:?}");
        }
        assert_eq!(OperatorToken::try_new("short").err(), Some(TokenTooShort));
        assert_eq!(format!("{token:?}"), "OperatorToken(..)");
    }
}
