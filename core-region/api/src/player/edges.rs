//! `GET /v1/edges`: where to play. Edges that have not given a sign of life lately are not among them.

use axum::Json;
use axum::extract::State;
use ids::{EdgeId, RegionId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::responses::Always;
use crate::state::Api;

/// An edge that takes players.
#[derive(Serialize, ToSchema)]
#[schema(as = Edge)]
pub(crate) struct Shown {
    /// The edge.
    #[schema(value_type = String, example = "west-1")]
    edge: EdgeId,
    /// Its region.
    #[schema(value_type = String, example = "west")]
    region: RegionId,
    /// Its WebSocket address.
    #[schema(example = "wss://west-1.play.example/v1/play")]
    url: String,
}

/// The edges.
#[derive(Serialize, ToSchema)]
pub(crate) struct Edges {
    /// By name.
    #[schema(value_type = Vec<Shown>)]
    edges: Vec<Shown>,
}

/// Lists the edges that take players now.
#[utoipa::path(get, path = "/v1/edges", tag = "player", responses(
    (status = 200, description = "the edges", body = Edges), Always,
))]
pub(crate) async fn edges(State(api): State<Api>) -> Json<Edges> {
    let live = api.leases.edges().all(api.clock.now_ms());
    let edges = live.into_iter().map(|edge| Shown { edge: edge.edge, region: edge.region, url: edge.url });
    Json(Edges { edges: edges.collect() })
}
