//! Bodies, queries and path segments as handlers take them: of the documented shape, or a typed problem.

use std::str::FromStr;

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use http::StatusCode;
use http::request::Parts;
use ids::{GameId, LeaseId, TransferId};
use serde::de::DeserializeOwned;

use crate::problem::{Code, Problem};
use crate::state::Api;

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Api> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, api).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(of_json(&rejection)),
        }
    }
}

fn of_json(rejection: &JsonRejection) -> Problem {
    let code = match rejection {
        JsonRejection::JsonDataError(_) => Code::BadBody,
        JsonRejection::MissingJsonContentType(_) => Code::NotJson,
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => Code::TooLong,
        _ => Code::Malformed,
    };
    Problem::because(code, rejection.body_text())
}

/// A query.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Api> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let read: Result<Query<T>, QueryRejection> = Query::from_request_parts(parts, api).await;
        read.map(|Query(query)| Self(query)).map_err(|why| Problem::because(Code::Malformed, why.body_text()))
    }
}

/// The one segment of the path that names something; a text that can't be its name names nothing.
pub(crate) struct Named<T>(pub(crate) T);

/// What a path can name.
pub(crate) trait InPath: FromStr {
    /// There is nothing of that name.
    const UNKNOWN: Code;
}

impl InPath for LeaseId {
    const UNKNOWN: Code = Code::LeaseUnknown;
}

impl InPath for GameId {
    const UNKNOWN: Code = Code::GameUnknown;
}

impl InPath for TransferId {
    const UNKNOWN: Code = Code::NotFound;
}

impl InPath for uuid::Uuid {
    const UNKNOWN: Code = Code::NotFound;
}

impl<T: InPath> FromRequestParts<Api> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let segment: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, api).await;
        let name = segment.ok().and_then(|Path(text)| text.parse().ok());
        name.map(Self).ok_or_else(|| T::UNKNOWN.into())
    }
}
