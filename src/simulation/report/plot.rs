//! Bars, drawn as SVG: stacked where they have several parts, shaded behind where nothing may be.

use std::fmt::Write;

/// The drawing's size, in its own units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 30.0;
const TOP: f64 = 14.0;
const EDGE: f64 = 24.0;
/// Lines across the plot.
const LINES: u64 = 4;

/// A bar.
pub struct Column {
    /// What stands under it; nothing under most.
    pub label: String,
    /// How much of each part.
    pub parts: Vec<u64>,
    /// Whether nothing should be here.
    pub shaded: bool,
}

/// A plot.
pub struct Plot {
    /// What it shows.
    pub title: &'static str,
    /// The parts' names.
    pub names: Vec<&'static str>,
    /// The bars.
    pub columns: Vec<Column>,
}

impl Plot {
    /// As a drawing that says in words what it shows.
    pub fn svg(&self) -> String {
        let most = self.columns.iter().map(|column| column.parts.iter().sum()).max().unwrap_or(0);
        let (step, top) = scale(most);
        let inner = (WIDTH - LEFT, HEIGHT - TOP - BOTTOM);
        let wide = inner.0 / self.columns.len().max(1) as f64;
        let y = |count: u64| TOP + inner.1 * (1.0 - count as f64 / top as f64);
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}. The highest bar is {most}.\">",
            self.title
        );
        for (place, column) in self.columns.iter().enumerate().filter(|(_, column)| column.shaded) {
            let x = LEFT + wide * place as f64;
            let _ = write!(
                svg,
                "<rect class=\"quiet\" x=\"{x:.1}\" y=\"{TOP}\" width=\"{wide:.1}\" height=\"{:.1}\"/>",
                inner.1
            );
            let _ = column;
        }
        for line in 0..=LINES {
            let count = line * step;
            if count > top {
                break;
            }
            let at = y(count);
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
                 <text class=\"scale\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                LEFT - 6.0,
                at + 4.0,
                super::figures(count)
            );
        }
        for (place, column) in self.columns.iter().enumerate() {
            let x = LEFT + wide * place as f64;
            let mut below = 0;
            for (part, count) in column.parts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let (from, to) = (y(below), y(below + count));
                let _ = write!(
                    svg,
                    "<rect class=\"part{part}\" x=\"{:.1}\" y=\"{to:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                    x + wide * 0.08,
                    wide * 0.84,
                    (from - to).max(0.4)
                );
                below += count;
            }
            if !column.label.is_empty() {
                // At the right edge a label would be cut.
                let last = x + wide > WIDTH - EDGE;
                let (at, anchor) = if last { (x + wide, "end") } else { (x + wide / 2.0, "middle") };
                let under = HEIGHT - 10.0;
                let _ = write!(
                    svg,
                    "<text class=\"scale\" x=\"{at:.1}\" y=\"{under:.1}\" text-anchor=\"{anchor}\">{}</text>",
                    column.label
                );
            }
        }
        svg.push_str("</svg>");
        if self.names.len() > 1 {
            svg.push_str("<p class=\"legend\">");
            for (part, name) in self.names.iter().enumerate() {
                let _ = write!(svg, "<span><i class=\"part{part}\"></i> {name}</span> ");
            }
            svg.push_str("</p>");
        }
        svg
    }
}

/// A round step, and the top of the scale.
fn scale(most: u64) -> (u64, u64) {
    let mut unit = 1;
    loop {
        for step in [unit, unit * 2, unit * 5] {
            if step * LINES >= most {
                return (step, step * LINES);
            }
        }
        unit *= 10;
    }
}
