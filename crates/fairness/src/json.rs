//! Reading the export formats so that a fault names its field.
//!
//! Promise: the path of the first field that is wrong, and nothing after the value but white space. Cost: one parse.

use serde::de::DeserializeOwned;

/// Where a JSON text stopped being what was asked for.
pub(crate) enum JsonFault {
    /// At a field.
    Field { path: String, source: serde_json::Error },
    /// After the value.
    Trailing(serde_json::Error),
}

pub(crate) fn read_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonFault> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| JsonFault::Field { path: error.path().to_string(), source: error.into_inner() })?;
    reader.end().map_err(JsonFault::Trailing)?;
    Ok(value)
}
