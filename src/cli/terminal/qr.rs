//! QR codes for a person's phone, two modules a character.

use qrcode::{Color, EcLevel, QrCode};

/// Light modules around the code (ISO/IEC 18004).
const QUIET: usize = 4;

/// Black on white whatever the terminal's own colours are: these two of the 256
/// are in no theme's hands.
const BLACK_ON_WHITE: &str = "\u{1b}[38;5;16;48;5;231m";
const PLAIN: &str = "\u{1b}[0m";

/// A text as a QR code.
pub(crate) struct Qr {
    modules: Vec<Color>,
    width: usize,
}

impl Qr {
    /// `None` if the text is too long for one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        Some(Self {
            width: code.width(),
            modules: code.to_colors(),
        })
    }

    /// How wide it is on the terminal.
    pub(crate) fn columns(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// Its lines. Without colours it is drawn for a dark terminal; on a light one
    /// it is reversed, which phones read as well.
    pub(crate) fn lines(&self, has_colors: bool) -> String {
        let mut lines = String::new();
        for row in (0..self.columns()).step_by(2) {
            if has_colors {
                lines += BLACK_ON_WHITE;
            }
            for column in 0..self.columns() {
                let (top, bottom) = (self.is_dark(column, row), self.is_dark(column, row + 1));
                // Drawn is what has the colour of the text.
                lines.push(match (top == has_colors, bottom == has_colors) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                });
            }
            if has_colors {
                lines += PLAIN;
            }
            lines.push('\n');
        }
        lines
    }

    fn is_dark(&self, column: usize, row: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < self.width);
        match (inside(column), inside(row)) {
            (Some(x), Some(y)) => self.modules[y * self.width + x] == Color::Dark,
            _ => false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// The modules that a reader of the lines sees; true is drawn.
    fn seen(lines: &str) -> Vec<Vec<bool>> {
        let halves = |line: &str, half: fn(char) -> bool| line.chars().map(half).collect();
        let rows = lines.lines().flat_map(|line| {
            [
                halves(line, |c| matches!(c, '█' | '▀')),
                halves(line, |c| matches!(c, '█' | '▄')),
            ]
        });
        rows.collect()
    }

    #[test]
    fn every_module_is_where_the_code_has_it_in_both_ways_of_drawing() {
        let text = "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj";
        let qr = Qr::of(text).unwrap();
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let plain = seen(&qr.lines(false));
        let colored = qr
            .lines(true)
            .replace(BLACK_ON_WHITE, "")
            .replace(PLAIN, "");
        let colored = seen(&colored);
        assert_eq!(qr.columns(), code.width() + 8);
        for y in 0..qr.columns() {
            for x in 0..qr.columns() {
                let inside =
                    (4..code.width() + 4).contains(&x) && (4..code.width() + 4).contains(&y);
                let dark = inside && code[(x - 4, y - 4)] == Color::Dark;
                assert_eq!((plain[y][x], colored[y][x]), (!dark, dark), "{x} {y}");
            }
        }
        assert!(!qr.lines(false).contains('\u{1b}'));
    }
}
