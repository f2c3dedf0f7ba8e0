//! Drawings, made here as SVG: coloured by the style sheet's classes, without a script. Each says in words what it shows;
//! where it says more than those, the page has the same figures in a table. Names stand beside a drawing and not in it,
//! so that they stay readable however narrow it is.

use askama::Template;

use super::tongue::Tongue;

/// A drawing's own width and height; it is stretched to its place.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 160.0;

/// Columns, each of parts on top of each other.
#[derive(Clone, Debug, Template)]
#[template(path = "web/console/chart/columns.html")]
pub struct Columns {
    /// What it shows, in a sentence.
    essence: String,
    /// What the colours mean: class and name.
    legend: Vec<(&'static str, &'static str)>,
    bars: Vec<Bar>,
    /// The highest column's sum.
    most: String,
    /// The names of the first, the middle and the last column.
    names: Vec<String>,
}

/// A rectangle.
#[derive(Clone, Debug)]
struct Bar {
    class: &'static str,
    x: String,
    y: String,
    width: String,
    height: String,
    title: String,
}

/// One column: its name, and how much of each part there is in it.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its parts, in the order of the legend.
    pub parts: Vec<i64>,
}

impl Columns {
    /// Draws columns. The legend's parts stand from below upwards; `unit` counts what they are of: `{n} text|{n} texts`.
    pub fn new(
        tongue: Tongue,
        essence: String,
        unit: &str,
        legend: Vec<(&'static str, &'static str)>,
        columns: &[Column],
    ) -> Self {
        let most = columns.iter().map(|column| column.parts.iter().sum::<i64>()).max().unwrap_or(0);
        let step = WIDTH / columns.len().max(1) as f64;
        let mut bars = Vec::new();
        for (place, column) in columns.iter().enumerate() {
            let mut top = HEIGHT;
            for ((class, name), texts) in legend.iter().zip(&column.parts).filter(|(_, texts)| **texts > 0) {
                // What there is must be seen, however little.
                let height = (*texts as f64 / most.max(1) as f64 * HEIGHT).max(1.5);
                top -= height;
                bars.push(Bar {
                    class,
                    x: figure(place as f64 * step + step * 0.1),
                    y: figure(top.max(0.0)),
                    width: figure(step * 0.8),
                    height: figure(height),
                    title: format!("{}: {name} {}", column.name, tongue.number(*texts)),
                });
            }
        }
        let last = columns.len().saturating_sub(1);
        let mut places = vec![0, last / 2, last];
        places.dedup();
        let names = places.into_iter().filter_map(|place| Some(columns.get(place)?.name.clone())).collect();
        Self { essence, legend, bars, most: tongue.counted(most, unit), names }
    }
}

/// A line without axes, for a trend.
#[derive(Clone, Debug, Template)]
#[template(path = "web/console/chart/spark.html")]
pub struct Spark {
    /// What it shows, in a sentence.
    essence: String,
    /// Its pieces: where nothing is known it is broken.
    pieces: Vec<String>,
}

impl Spark {
    /// Draws shares from 0 to 1; none: not known. The ground is the lowest, but not above `floor`.
    pub fn new(essence: String, shares: &[Option<f64>], floor: f64) -> Self {
        let lowest = shares.iter().flatten().copied().fold(floor, f64::min);
        let step = 100.0 / shares.len().saturating_sub(1).max(1) as f64;
        let mut pieces: Vec<String> = Vec::new();
        let mut open = false;
        for (place, share) in shares.iter().enumerate() {
            let Some(share) = share else {
                open = false;
                continue;
            };
            let height = (share - lowest) / (1.0 - lowest).max(0.001);
            let (x, y) = (place as f64 * step, 22.0 - height.clamp(0.0, 1.0) * 20.0);
            match pieces.last_mut().filter(|_| open) {
                Some(piece) => piece.push_str(&format!(" {},{}", figure(x), figure(y))),
                // One point alone is a short line.
                None => pieces.push(format!("{},{} {},{}", figure(x), figure(y), figure(x + 1.0), figure(y))),
            }
            open = true;
        }
        Self { essence, pieces }
    }
}

fn figure(number: f64) -> String {
    let written = format!("{number:.1}");
    written.strip_suffix(".0").map_or(written.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_column_fills_the_drawing_and_a_single_text_is_seen() {
        let legend = vec![("s1", "came"), ("s6", "failed")];
        let column = |name: &str, parts: [i64; 2]| Column { name: name.to_owned(), parts: parts.to_vec() };
        let columns = [column("10:00", [90, 10]), column("11:00", [0, 0]), column("12:00", [0, 1])];
        let drawn = Columns::new(Tongue::En, "essence".to_owned(), "{n} text|{n} texts", legend, &columns);
        let heights: Vec<&str> = drawn.bars.iter().map(|bar| bar.height.as_str()).collect();
        assert_eq!(["144", "16", "1.6"].as_slice(), heights);
        assert_eq!(["10:00", "11:00", "12:00"].as_slice(), drawn.names);
        assert_eq!("10:00: failed 10", drawn.bars[1].title);
    }

    #[test]
    fn a_trend_is_broken_where_nothing_is_known() {
        let spark = Spark::new(String::new(), &[Some(1.0), Some(0.5), None, Some(0.9)], 0.5);
        assert_eq!(["0,2 1,2 33.3,22", "100,6 101,6"].as_slice(), spark.pieces);
    }
}
