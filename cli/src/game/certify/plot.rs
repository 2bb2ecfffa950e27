//! Three plots as SVG, laid out in whole numbers.

use num_bigint::BigInt;
use num_rational::BigRational;

use super::ceilings::Bound;
use super::report::{escape, push};
use super::returns::Measured;
use crate::game::estimate::{percent, ratio};
use crate::game::simulate::class_name;
use crate::game::tally::Tally;

const ROW: u64 = 22;
/// Where bars begin, and how long the longest is.
const LEFT: u64 = 180;
const WIDTH: u64 = 420;

struct Bar {
    label: String,
    value: String,
    /// Of the longest bar, 0 to 1.
    part: BigRational,
}

/// Rounds by what they paid. Bars grow with the logarithm, so that a class of one round is still seen.
pub(super) fn classes(tally: &Tally) -> String {
    let size = |count: u128| u64::from(count.checked_ilog2().map_or(0, |log| log.saturating_add(1)));
    let most = size(tally.rounds).max(1);
    let bars = tally.classes.iter().enumerate().map(|(index, rounds)| Bar {
        label: class_name(index),
        value: format!("{rounds} ({})", percent(&ratio(*rounds, tally.rounds))),
        part: ratio(size(*rounds).into(), most.into()),
    });
    bars_of(bars.collect())
}

/// Seen against declared.
pub(super) fn bounds(bounds: &[Bound]) -> String {
    let bars = bounds.iter().map(|bound| Bar {
        label: bound.name.to_owned(),
        value: format!("{} of {}", bound.seen, bound.declared),
        part: ratio(bound.seen.into(), bound.declared.into()).min(ratio(1, 1)),
    });
    bars_of(bars.collect())
}

fn bars_of(bars: Vec<Bar>) -> String {
    let mut svg = open(bars.len());
    for (row, Bar { label, value, part }) in (0_u64..).zip(bars) {
        let (top, length) = (row.saturating_mul(ROW), scaled(&part));
        push(
            &mut svg,
            format_args!(
                "<text x=\"0\" y=\"{base}\">{}</text><rect x=\"{LEFT}\" y=\"{}\" width=\"{length}\" height=\"14\" fill=\"#3b6fb6\"/>\
                 <text x=\"{}\" y=\"{base}\">{}</text>\n",
                escape(&label),
                top.saturating_add(4),
                LEFT.saturating_add(length).saturating_add(6),
                escape(&value),
                base = top.saturating_add(15),
            ),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// The return of each spot with its interval, between the lowest and the highest end; an evaluator's figure is a red line.
pub(super) fn intervals(measured: &[Measured]) -> String {
    let ends: Vec<(BigRational, BigRational)> = measured.iter().map(|one| one.estimate.interval()).collect();
    let exact = measured.iter().filter_map(|one| one.figure.as_ref()).map(|figure| figure.returns.clone());
    let all = || ends.iter().flat_map(|(low, high)| [low.clone(), high.clone()]).chain(exact.clone());
    let Some((least, most)) = all().min().zip(all().max()) else { return String::new() };
    let span = if most > least { &most - &least } else { ratio(1, 1) };
    let at = |value: &BigRational| LEFT.saturating_add(scaled(&((value - &least) / &span)));
    let mut svg = open(measured.len().saturating_add(1));
    for ((row, one), (low, high)) in (0_u64..).zip(measured).zip(&ends) {
        let middle = row.saturating_mul(ROW).saturating_add(11);
        push(
            &mut svg,
            format_args!(
                "<text x=\"0\" y=\"{}\">{}</text><line x1=\"{}\" x2=\"{}\" y1=\"{middle}\" y2=\"{middle}\" stroke=\"#3b6fb6\" stroke-width=\"3\"/>\
                 <circle cx=\"{}\" cy=\"{middle}\" r=\"4\" fill=\"#1b1b1f\"/>",
                middle.saturating_add(4),
                escape(&one.spot.name),
                at(low),
                at(high),
                at(&one.estimate.returns),
            ),
        );
        if let Some(figure) = &one.figure {
            let x = at(&figure.returns);
            let (from, to) = (middle.saturating_sub(9), middle.saturating_add(9));
            push(
                &mut svg,
                format_args!(
                    "<line x1=\"{x}\" x2=\"{x}\" y1=\"{from}\" y2=\"{to}\" stroke=\"#b00020\" stroke-width=\"2\"/>"
                ),
            );
        }
        svg.push('\n');
    }
    let base = u64::try_from(measured.len()).unwrap_or(0).saturating_mul(ROW).saturating_add(15);
    let right = LEFT.saturating_add(WIDTH);
    push(
        &mut svg,
        format_args!(
            "<text x=\"{LEFT}\" y=\"{base}\">{}</text><text x=\"{right}\" y=\"{base}\" text-anchor=\"end\">{}</text></svg>\n",
            percent(&least),
            percent(&most),
        ),
    );
    svg
}

fn open(rows: usize) -> String {
    let height = u64::try_from(rows).unwrap_or(0).saturating_mul(ROW).saturating_add(4);
    format!("<svg viewBox=\"0 0 800 {height}\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n")
}

/// Pixels of a part of the longest bar.
fn scaled(part: &BigRational) -> u64 {
    u64::try_from((part * BigInt::from(WIDTH)).round().to_integer()).unwrap_or(0)
}
