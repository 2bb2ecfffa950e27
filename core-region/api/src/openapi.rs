//! The OpenAPI document, made from the handlers themselves, and its pages: `/v1/openapi.json` and an offline UI at `/docs`.
//!
//! `docs/openapi.json` is this document; a test compares them, so the page can't drift from the code.

use axum::Router;
use utoipa::ToSchema;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use crate::problem::ProblemBody;
use crate::state::Api;
use crate::{fairness, operator, player};

const ABOUT: &str = "Accounts, money, proofs. Money is a decimal string of minor units, bytes are lowercase hex, times are \
                     Unix milliseconds. Unknown fields are refused. Every answer that is no success is a `Problem`: branch on \
                     its `code`. Playing itself is the WebSocket protocol of docs/asyncapi.json. Pages tagged `operator` are \
                     served on the operator's listener only, with the operator's own token.";

/// The whole document.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = about();
    document.merge(player_routes().into_openapi());
    document.merge(operator_routes().into_openapi());
    document
}

fn about() -> OpenApi {
    let bearer = |format: &str| {
        let mut http = Http::new(HttpAuthScheme::Bearer);
        http.bearer_format = Some(format.to_owned());
        SecurityScheme::Http(http)
    };
    let components = ComponentsBuilder::new()
        .security_scheme("player", bearer("PASETO v4.public"))
        .security_scheme("operator", bearer("the operator's token"))
        .schema(ProblemBody::name(), <ProblemBody as utoipa::PartialSchema>::schema());
    let license = LicenseBuilder::new().name("Apache-2.0").build();
    let contact = ContactBuilder::new().name(Some("House Edge")).build();
    let info = InfoBuilder::new()
        .title("House Edge core")
        .version("1.0.0")
        .description(Some(ABOUT))
        .license(Some(license))
        .contact(Some(contact));
    OpenApiBuilder::new().info(info).components(Some(components.build())).build()
}

/// The pages of players and auditors.
pub(crate) fn player_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(player::register::register))
        .routes(routes!(player::log_in::log_in, player::log_out::log_out))
        .routes(routes!(player::refresh::refresh))
        .routes(routes!(player::me::me))
        .routes(routes!(player::deposit::deposit))
        .routes(routes!(player::withdraw::withdraw))
        .routes(routes!(player::balances::balances))
        .routes(routes!(player::history::history))
        .routes(routes!(player::leases::leases))
        .routes(routes!(player::edges::edges))
        .routes(routes!(player::games::games))
        .routes(routes!(fairness::bundle::bundle))
        .routes(routes!(fairness::commitments::commitments))
}

/// The pages of operators.
pub(crate) fn operator_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(operator::summary::summary))
        .routes(routes!(operator::leases::leases))
        .routes(routes!(operator::close::close))
        .routes(routes!(operator::games::enable))
        .routes(routes!(operator::games::disable))
        .routes(routes!(operator::ledger::accounts))
        .routes(routes!(operator::ledger::transfer))
        .routes(routes!(operator::ledger::verify))
}

/// The document's own pages beside `routes`.
pub(crate) fn pages(routes: Router<Api>) -> Router<Api> {
    routes.merge(SwaggerUi::new("/docs").url("/v1/openapi.json", document()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Writes the document anew with `UPDATE_DOCS=1`.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a switch of the developer who runs the test")]
    fn the_committed_document_is_the_generated_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
        let generated = serde_json::to_string_pretty(&document()).unwrap() + "\n";
        if std::env::var("UPDATE_DOCS").is_ok() {
            std::fs::write(path, &generated).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == generated, "docs/openapi.json is stale: run this test with UPDATE_DOCS=1");
    }

    #[test]
    fn every_reference_resolves_and_every_error_is_a_problem() {
        fn check(node: &Value, root: &Value) {
            match node {
                Value::Object(map) => {
                    if let Some(Value::String(reference)) = map.get("$ref") {
                        assert!(root.pointer(reference.strip_prefix('#').unwrap()).is_some(), "{reference}");
                    }
                    map.values().for_each(|child| check(child, root));
                }
                Value::Array(items) => items.iter().for_each(|child| check(child, root)),
                _ => {}
            }
        }
        let document = serde_json::to_value(document()).unwrap();
        check(&document, &document);
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), 21);
        for (path, operations) in paths {
            for (method, operation) in operations.as_object().unwrap() {
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let is_error = status.parse::<u16>().unwrap() >= 400;
                    let is_problem = response.pointer("/content/application~1problem+json").is_some();
                    assert_eq!(is_error, is_problem, "{method} {path} {status}");
                }
            }
        }
    }
}
