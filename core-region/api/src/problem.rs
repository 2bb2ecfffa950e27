//! Every error of this interface: RFC 9457 problem details with a stable type `urn:house-edge:problem:<code>`.
//!
//! A handler returns a [`Problem`]; the outermost layer writes it out, because only that layer knows the trace id. What other
//! layers refuse with a bare status (no such page, too long, too slow) becomes a problem there too.

use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use leases::LeasesError;
use ledger::{Reason, Rejected, StoreError, SubmitError};
use players::PlayersError;
use problem_details::ProblemDetails;
use serde::Serialize;
use settlement::SettleError;
use telemetry::{Trace, names};
use utoipa::ToSchema;
use wire::v1::RefusalCode;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:ident $text:literal $title:literal),+ $(,)?) => {
        /// Why a request was not done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name),+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as it stands in JSON and in metrics.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The status that goes with it.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// The sentence that is the same each time.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }
        }
    };
}

codes! {
    /// The body is no JSON, or the query can't be read.
    Malformed = BAD_REQUEST "malformed" "The request can't be read.",
    /// The body is JSON of another shape: a field is missing, unknown or of another type.
    BadBody = UNPROCESSABLE_ENTITY "bad_body" "The body is not of the documented shape.",
    /// The body is not declared as JSON.
    NotJson = UNSUPPORTED_MEDIA_TYPE "not_json" "The body must be application/json.",
    /// The body is longer than the server reads.
    TooLong = PAYLOAD_TOO_LARGE "too_long" "The body is too long.",
    /// No such page.
    NotFound = NOT_FOUND "not_found" "There is nothing here.",
    /// The page does not take that method.
    MethodNotAllowed = METHOD_NOT_ALLOWED "method_not_allowed" "The page does not take this method.",
    /// No token, or one that is not good now.
    Unauthenticated = UNAUTHORIZED "unauthenticated" "A valid token is needed.",
    /// Name or password is wrong.
    WrongCredentials = UNAUTHORIZED "wrong_credentials" "Name or password is wrong.",
    /// The refresh token is unknown, used, too old, or of a session that ended.
    BadRefresh = UNAUTHORIZED "bad_refresh" "The refresh token is not good: log in again.",
    /// The player may not do that now.
    PlayerBlocked = FORBIDDEN "player_blocked" "The player is blocked.",
    /// The name can't be one.
    BadName = UNPROCESSABLE_ENTITY "bad_name" "A name is 3 to 32 of a-z, 0-9, _ and -.",
    /// The password can't be one.
    BadPassword = UNPROCESSABLE_ENTITY "bad_password" "A password has 8 to 256 bytes.",
    /// Somebody has that name.
    NameTaken = CONFLICT "name_taken" "The name is taken.",
    /// The amount is not above zero, or over the most allowed.
    BadAmount = UNPROCESSABLE_ENTITY "bad_amount" "The amount is not above zero, or too large.",
    /// The currency is not one of this house.
    BadCurrency = UNPROCESSABLE_ENTITY "bad_currency" "The currency is unknown here.",
    /// The player has less than that. The order's id is spent.
    InsufficientFunds = UNPROCESSABLE_ENTITY "insufficient_funds" "There is not enough money.",
    /// The order's id belongs to another order.
    IdConflict = CONFLICT "id_conflict" "The id belongs to another order.",
    /// No such lease of the caller's.
    LeaseUnknown = NOT_FOUND "lease_unknown" "There is no such lease.",
    /// The lease's log is not closed yet: its seed is nobody's to see.
    LeaseOpen = CONFLICT "lease_open" "The lease is not over yet.",
    /// The lease never began, so there is nothing to prove.
    NeverBegan = NOT_FOUND "lease_never_began" "The lease never began.",
    /// No such game in the catalogue.
    GameUnknown = NOT_FOUND "game_unknown" "There is no such game.",
    /// More requests than allowed.
    TooFast = TOO_MANY_REQUESTS "too_fast" "Too many requests: wait a moment.",
    /// Too much is waiting here. Nothing was done.
    Busy = SERVICE_UNAVAILABLE "busy" "The server is busy: try again.",
    /// It may have been done or may yet be: the same order gives the answer.
    OutcomeUnknown = SERVICE_UNAVAILABLE "outcome_unknown" "The outcome is not known yet: send the same order again.",
    /// Something that the server needs is away.
    Unavailable = SERVICE_UNAVAILABLE "unavailable" "The server can't do this now: try again.",
    /// It took too long; an order may have been done.
    Timeout = GATEWAY_TIMEOUT "timeout" "It took too long: send the same again.",
    /// An error of the server's own.
    Internal = INTERNAL_SERVER_ERROR "internal" "The server failed.",
}

impl Code {
    /// Whether the same request may succeed when it is sent again unchanged.
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            Self::LeaseOpen | Self::TooFast | Self::Busy | Self::OutcomeUnknown | Self::Unavailable | Self::Timeout
        )
    }

    /// The stable type.
    #[must_use]
    pub fn urn(self) -> String {
        format!("urn:house-edge:problem:{}", self.as_str())
    }

    /// What a bare status of another layer means.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLong,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::NotJson,
            StatusCode::GATEWAY_TIMEOUT => Self::Timeout,
            other if other.is_client_error() => Self::Malformed,
            _ => Self::Internal,
        }
    }
}

/// An error on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What clients branch on.
    pub code: Code,
    /// A sentence for a person about this very case.
    pub detail: Option<String>,
}

/// What stands in a problem's JSON beside RFC 9457's own members. The crate that writes problems takes only URIs with an
/// authority as `type`, hence the URN here.
#[derive(Serialize)]
struct Members {
    r#type: String,
    code: &'static str,
    trace_id: String,
    retryable: bool,
}

/// An error (RFC 9457, `application/problem+json`).
#[derive(Debug, serde::Deserialize, ToSchema)]
#[schema(as = Problem)]
#[serde(deny_unknown_fields)]
#[cfg_attr(not(test), expect(dead_code, reason = "the documented shape; a test reads every problem into it"))]
pub(crate) struct ProblemBody {
    /// `urn:house-edge:problem:<code>`.
    #[schema(example = "urn:house-edge:problem:insufficient_funds")]
    pub(crate) r#type: String,
    /// The sentence that goes with the code.
    pub(crate) title: String,
    /// The HTTP status.
    pub(crate) status: u16,
    /// A sentence about this very case; never needed to decide anything.
    #[serde(default)]
    pub(crate) detail: Option<String>,
    /// What clients branch on: stable.
    #[schema(example = "insufficient_funds")]
    pub(crate) code: String,
    /// The trace that the server's logs name.
    pub(crate) trace_id: String,
    /// Whether the same request may succeed when it is sent again unchanged.
    pub(crate) retryable: bool,
}

impl Problem {
    pub(crate) fn because(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: Some(detail.into()) }
    }

    /// The answer as it goes out, and counted.
    pub(crate) fn written(self, trace: &Trace) -> Response {
        let Self { code, detail } = self;
        metrics::counter!(names::REFUSALS, "code" => code.as_str()).increment(1);
        let members = Members {
            r#type: code.urn(),
            code: code.as_str(),
            trace_id: trace.trace_id(),
            retryable: code.is_retryable(),
        };
        let mut problem =
            ProblemDetails::new().with_status(code.status()).with_title(code.title()).with_extensions(members);
        problem.detail = detail;
        let mut response = problem.into_response();
        if code.is_retryable() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self { code, detail: None }
    }
}

/// Carried to the outermost layer, which writes it.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Logs the cause, once, and tells the caller no more than that it failed.
fn failed(code: Code, room: &'static str, error: &dyn std::error::Error) -> Problem {
    tracing::warn!(room, %error, code = code.as_str(), "a request failed");
    code.into()
}

impl From<PlayersError> for Problem {
    fn from(error: PlayersError) -> Self {
        match error {
            PlayersError::BadName => Code::BadName.into(),
            PlayersError::BadPassword => Code::BadPassword.into(),
            PlayersError::NameTaken => Code::NameTaken.into(),
            PlayersError::WrongCredentials => Code::WrongCredentials.into(),
            PlayersError::Blocked => Code::PlayerBlocked.into(),
            PlayersError::BadRefresh => Code::BadRefresh.into(),
            PlayersError::Unknown => Code::Unauthenticated.into(),
            PlayersError::Busy => Code::Busy.into(),
            PlayersError::NoRandomness | PlayersError::Database(_) => failed(Code::Unavailable, "players", &error),
            PlayersError::Internal(_) => failed(Code::Internal, "players", &error),
        }
    }
}

impl From<LeasesError> for Problem {
    fn from(error: LeasesError) -> Self {
        match &error {
            LeasesError::Refused(refusal) if refusal.code == RefusalCode::LeaseUnknown => Code::LeaseUnknown.into(),
            LeasesError::Refused(refusal) if refusal.code == RefusalCode::BadCurrency => Code::BadCurrency.into(),
            LeasesError::Broken { .. } => failed(Code::Internal, "leases", &error),
            _ => failed(Code::Unavailable, "leases", &error),
        }
    }
}

impl From<SettleError> for Problem {
    fn from(error: SettleError) -> Self {
        match &error {
            SettleError::Row(_) | SettleError::Refused(_) => failed(Code::Internal, "settlement", &error),
            _ => failed(Code::Unavailable, "settlement", &error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = if error.is_passing() { Code::Unavailable } else { Code::Internal };
        failed(code, "ledger", &error)
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match &error {
            SubmitError::Busy => Code::Busy.into(),
            SubmitError::Unknown => Code::OutcomeUnknown.into(),
            SubmitError::Halted(_) => failed(Code::Unavailable, "ledger", &error),
        }
    }
}

impl From<Rejected> for Problem {
    fn from(rejected: Rejected) -> Self {
        match rejected.reason {
            Reason::InsufficientFunds => Code::InsufficientFunds.into(),
            Reason::Conflict => Code::IdConflict.into(),
            Reason::Overflow => Self::because(Code::BadAmount, "the account can't hold that much"),
            Reason::Malformed(why) => Self::because(Code::BadAmount, why.to_string()),
            Reason::Rider(_) => Code::Internal.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn every_code_is_written_as_the_documented_shape_with_its_own_urn() {
        let mut urns = BTreeSet::new();
        for code in Code::ALL {
            assert!(urns.insert(code.urn()), "{code:?}");
            let trace = Trace::root();
            let response = Problem::because(*code, "why").written(&trace);
            assert_eq!(response.status(), code.status());
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            let bytes = to_bytes(response.into_body(), 10_000).await.unwrap();
            let body: ProblemBody = serde_json::from_slice(&bytes).unwrap();
            assert_eq!((body.r#type, body.code.as_str()), (code.urn(), code.as_str()));
            assert_eq!((body.status, body.title.as_str()), (code.status().as_u16(), code.title()));
            assert_eq!((body.trace_id, body.retryable), (trace.trace_id(), code.is_retryable()));
            assert_eq!(body.detail.as_deref(), Some("why"));
        }
    }

    #[test]
    fn a_bare_status_of_another_layer_becomes_a_code_of_the_same_status() {
        for code in [Code::NotFound, Code::MethodNotAllowed, Code::TooLong, Code::NotJson, Code::Timeout] {
            assert_eq!(Code::of_status(code.status()), code);
        }
        assert_eq!(Code::of_status(StatusCode::IM_A_TEAPOT), Code::Malformed);
        assert_eq!(Code::of_status(StatusCode::BAD_GATEWAY), Code::Internal);
    }
}
