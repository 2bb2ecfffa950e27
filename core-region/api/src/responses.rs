//! The documented errors that many pages share, so that a page lists only its own.

use std::collections::BTreeMap;

use problem_details::JsonProblemDetails;
use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

type Responses = BTreeMap<String, RefOr<Response>>;

fn problems(entries: &[(&str, &str)]) -> Responses {
    let of = |(status, what): &(&str, &str)| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            ResponseBuilder::new().description(*what).content(JsonProblemDetails::<()>::CONTENT_TYPE, content);
        ((*status).to_owned(), RefOr::T(response.build()))
    };
    entries.iter().map(of).collect()
}

/// What any page may answer.
pub(crate) struct Always;

impl IntoResponses for Always {
    fn responses() -> Responses {
        problems(&[
            ("429", "`too_fast`"),
            ("500", "`internal`"),
            ("503", "`busy`, `outcome_unknown` or `unavailable`: send the same again"),
            ("504", "`timeout`: send the same again"),
        ])
    }
}

/// What a page that reads a body may answer.
pub(crate) struct WithBody;

impl IntoResponses for WithBody {
    fn responses() -> Responses {
        problems(&[
            ("400", "`malformed`: not JSON"),
            ("413", "`too_long`"),
            ("415", "`not_json`"),
            ("422", "`bad_body`: not of this shape, or a value that its field can't have, named by the code"),
        ])
    }
}

/// What a page of one's own may answer to somebody else.
pub(crate) struct Guarded;

impl IntoResponses for Guarded {
    fn responses() -> Responses {
        problems(&[("401", "`unauthenticated`: no token, or one that is not good now")])
    }
}
