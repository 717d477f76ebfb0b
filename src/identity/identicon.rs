//! A picture of a text: 5 × 5 squares, mirrored, in one of nine colours. The
//! same as `minidenticons` draws, so that a wallet looks alike everywhere.

use std::fmt::Write;

/// Colours that people tell apart.
const COLOURS: u32 = 9;
const SATURATION: u32 = 95;
const LIGHTNESS: u32 = 45;

/// The picture as an SVG document.
#[must_use]
pub fn identicon(text: &str) -> String {
    let hash = hash(text);
    let hue = hash % COLOURS * (360 / COLOURS);
    let mut svg = format!(
        "<svg viewBox=\"-1.5 -1.5 8 8\" xmlns=\"http://www.w3.org/2000/svg\" \
         fill=\"hsl({hue} {SATURATION}% {LIGHTNESS}%)\">"
    );
    let squares = if text.is_empty() { 0 } else { 25 };
    for square in (0..squares).filter(|square| hash & (1 << (square % 15)) != 0) {
        let column = square / 5;
        // The two right columns mirror the two left ones.
        let x = if square > 14 { 7 - column } else { column };
        let y = square % 5;
        // Writing to a string cannot fail.
        let _ = write!(svg, "<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\"/>");
    }
    svg + "</svg>"
}

/// A hash in 32-bit arithmetic over UTF-16 units; its last two bits vary too
/// little and are dropped.
fn hash(text: &str) -> u32 {
    let step = |hash: i32, unit: u16| (hash ^ i32::from(unit)).wrapping_mul(-5);
    (text.encode_utf16().fold(5, step) as u32) >> 2
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_those_of_the_original() {
        let cases = include_str!("../../tests/vectors/identicon.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        for case in cases.as_array().unwrap() {
            assert_eq!(
                identicon(case["seed"].as_str().unwrap()),
                case["svg"].as_str().unwrap()
            );
        }
    }
}
