//! Tables for people and lines for machines, on standard output.

use std::io::{self, Write};

use comfy_table::{Cell, CellAlignment, Table, presets};

/// A table with these headings; [`row`] makes rows of numbers for it.
pub(crate) fn table<'a>(headings: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_header(headings);
    table
}

/// A row of a name and then numbers, which stand to the right.
pub(crate) fn row(name: impl ToString, numbers: impl IntoIterator<Item = String>) -> Vec<Cell> {
    let cells = numbers.into_iter().map(|number| Cell::new(number).set_alignment(CellAlignment::Right));
    std::iter::once(Cell::new(name)).chain(cells).collect()
}

/// One line on standard output.
pub(crate) fn line(text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// One line on standard error.
pub(crate) fn note(text: impl std::fmt::Display) -> io::Result<()> {
    writeln!(io::stderr().lock(), "{text}")
}

/// Thousands apart, for people.
pub(crate) fn grouped(value: impl ToString) -> String {
    let text = value.to_string();
    let digits = text.len();
    let apart = |at: usize| at > 0 && digits.saturating_sub(at).is_multiple_of(3);
    text.chars().enumerate().flat_map(|(at, digit)| apart(at).then_some(',').into_iter().chain([digit])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        assert_eq!(["0", "999", "1000", "1234567"].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
