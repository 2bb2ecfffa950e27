//! Columns of a lease's row, each read in one way.

use std::str::FromStr;

use database::DbError;
use ids::LeaseId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::postgres::PgRow;
use wire::v1::Hex;
use wire::v1::record::Record;

use crate::error::LeasesError;

/// Unix milliseconds as a column keeps them; they fit until the year 292 million.
pub(crate) fn column_ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

/// The same back.
pub(crate) fn from_column_ms(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}

/// The one word that a unit enum is in JSON.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The enum of that word, if there is a word.
pub(super) fn read_word<T: DeserializeOwned>(
    row: &PgRow,
    column: &str,
    lease: LeaseId,
) -> Result<Option<T>, LeasesError> {
    let word: Option<String> = row.try_get(column).map_err(DbError::from)?;
    let read = word.map(|word| serde_json::from_value(serde_json::Value::String(word))).transpose();
    read.map_err(|_| LeasesError::Broken { lease, what: "a word of its row is unknown" })
}

/// A record of the log, if it is there.
pub(super) fn record(row: &PgRow, column: &str, lease: LeaseId) -> Result<Option<Record>, LeasesError> {
    let text: Option<String> = row.try_get(column).map_err(DbError::from)?;
    let read = text.map(|text| wire::decode(text.as_bytes())).transpose();
    read.map_err(|_| LeasesError::Broken { lease, what: "a record of its log can't be read" })
}

/// A name.
pub(super) fn name<T: FromStr>(row: &PgRow, column: &str, lease: LeaseId) -> Result<T, LeasesError> {
    let text: &str = row.try_get(column).map_err(DbError::from)?;
    text.parse().map_err(|_| LeasesError::Broken { lease, what: "a name of its row is none" })
}

/// Bytes of a fixed length.
pub(super) fn bytes<const N: usize>(row: &PgRow, column: &str, lease: LeaseId) -> Result<Hex<N>, LeasesError> {
    let bytes: &[u8] = row.try_get(column).map_err(DbError::from)?;
    let bytes =
        bytes.try_into().map_err(|_| LeasesError::Broken { lease, what: "bytes of its row are too many or few" });
    bytes.map(Hex)
}

/// A small count, whichever width its column has.
pub(super) fn small(row: &PgRow, column: &str, lease: LeaseId) -> Result<u32, LeasesError> {
    let wide = row.try_get::<i64, _>(column);
    let wide = wide.or_else(|_| row.try_get::<i32, _>(column).map(i64::from)).map_err(DbError::from)?;
    u32::try_from(wide).map_err(|_| LeasesError::Broken { lease, what: "a count of its row is out of range" })
}
