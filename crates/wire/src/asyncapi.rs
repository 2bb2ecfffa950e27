//! The WebSocket protocol as an AsyncAPI 3.0 document, generated from the types that are read and written.
//!
//! `docs/asyncapi.json` is this document; a test compares them, so the page can't drift from the code.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::v1::client::{ClientFrame, MAX_CLIENT_FRAME_BYTES, ServerFrame};

/// The document.
#[must_use]
pub fn document() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    let client = generator.subschema_for::<ClientFrame>();
    let server = generator.subschema_for::<ServerFrame>();
    let schemas = generator.take_definitions(true);
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "House Edge player protocol",
            "version": "1.0.0",
            "license": { "name": "Apache-2.0" },
            "description": format!(
                "One JSON object a WebSocket text frame, at most {MAX_CLIENT_FRAME_BYTES} bytes from the client. The first \
                 frame is `hello`. Money is a decimal string of minor units, bytes are lowercase hex, times are Unix \
                 milliseconds. Unknown fields are refused. Every server frame carries the cursor after it: keep the last \
                 one handled and send it in the next `hello`, at any edge."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {
            "play": {
                "address": "/v1/play",
                "messages": {
                    "client": { "$ref": "#/components/messages/client" },
                    "server": { "$ref": "#/components/messages/server" },
                },
            },
        },
        "operations": {
            "receiveFromClient": {
                "action": "receive",
                "channel": { "$ref": "#/channels/play" },
                "messages": [{ "$ref": "#/channels/play/messages/client" }],
            },
            "sendToClient": {
                "action": "send",
                "channel": { "$ref": "#/channels/play" },
                "messages": [{ "$ref": "#/channels/play/messages/server" }],
            },
        },
        "components": {
            "messages": {
                "client": { "name": "ClientFrame", "payload": client },
                "server": { "name": "ServerFrame", "payload": server },
            },
            "schemas": schemas,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes the document anew with `UPDATE_DOCS=1`.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a switch of the developer who runs the test")]
    fn the_committed_document_is_the_generated_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/asyncapi.json");
        let generated = serde_json::to_string_pretty(&document()).unwrap() + "\n";
        if std::env::var("UPDATE_DOCS").is_ok() {
            std::fs::write(path, &generated).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == generated, "docs/asyncapi.json is stale: run this test with UPDATE_DOCS=1");
    }

    #[test]
    fn every_reference_in_the_document_resolves() {
        fn check(node: &Value, root: &Value) {
            match node {
                Value::Object(map) => {
                    if let Some(Value::String(reference)) = map.get("$ref") {
                        let pointer = reference.strip_prefix('#').unwrap();
                        assert!(root.pointer(pointer).is_some(), "{reference}");
                    }
                    map.values().for_each(|child| check(child, root));
                }
                Value::Array(items) => items.iter().for_each(|child| check(child, root)),
                _ => {}
            }
        }
        let document = document();
        check(&document, &document);
    }
}
