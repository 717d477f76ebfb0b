//! Rows of a list in columns, for a person. Nothing is cut: the end of a long
//! host is what says whose it is.

use std::borrow::Cow;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, Width, presets};
use dialoguer::console::measure_text_width;

/// Columns between two cells.
const GAP: usize = 2;
/// A column of long values is not made narrower than this.
const LEAST: usize = 16;

/// The rows under their headings, in lines of this width; where that is too
/// narrow for columns, each row as a block of lines.
pub(super) fn columns_of(
    headings: &[&str],
    wide: &[usize],
    rows: &[Vec<Cow<'_, str>>],
    width: usize,
) -> String {
    match widths(headings, wide, rows, width) {
        Some(widths) => side_by_side(headings, rows, &widths),
        None => stacked(headings, rows, width),
    }
}

/// How wide each column is; `None` if they do not fit beside each other.
fn widths(
    headings: &[&str],
    wide: &[usize],
    rows: &[Vec<Cow<'_, str>>],
    width: usize,
) -> Option<Vec<usize>> {
    let natural = |(column, heading): (usize, &&str)| {
        let cells = rows.iter().map(|row| measure_text_width(&row[column]));
        cells.fold(measure_text_width(heading), usize::max)
    };
    let natural: Vec<_> = headings.iter().enumerate().map(natural).collect();
    let mut widths = natural.clone();
    for column in wide {
        let least = LEAST.max(measure_text_width(headings[*column]));
        widths[*column] = natural[*column].min(least);
    }
    let gaps = GAP * headings.len().saturating_sub(1);
    let mut left = width.checked_sub(gaps + widths.iter().sum::<usize>())?;
    // What is left goes to the narrowest that wants more, column by column.
    while left > 0 {
        let short = wide
            .iter()
            .filter(|&&column| widths[column] < natural[column]);
        let Some(column) = short.copied().min_by_key(|column| widths[*column]) else {
            break;
        };
        widths[column] += 1;
        left -= 1;
    }
    Some(widths)
}

fn side_by_side(headings: &[&str], rows: &[Vec<Cow<'_, str>>], widths: &[usize]) -> String {
    let cells = |row: &[Cow<'_, str>]| -> Vec<String> {
        let cells = row.iter().zip(widths);
        cells.map(|(cell, width)| wrapped(cell, *width)).collect()
    };
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(headings);
    for row in rows {
        table.add_row(cells(row));
    }
    for (column, width) in table.column_iter_mut().zip(widths) {
        let whole = u16::try_from(width + GAP).unwrap_or(u16::MAX);
        column
            .set_padding((0, GAP as u16))
            .set_constraint(ColumnConstraint::Absolute(Width::Fixed(whole)));
    }
    table.trim_fmt() + "\n"
}

/// Each value on a line of its own, after its heading.
fn stacked(headings: &[&str], rows: &[Vec<Cow<'_, str>>], width: usize) -> String {
    let widest = headings.iter().map(|heading| measure_text_width(heading));
    let indent = widest.max().unwrap_or(0) + GAP;
    let room = width.saturating_sub(indent).max(LEAST);
    let mut blocks = Vec::with_capacity(rows.len());
    for row in rows {
        let mut block = String::new();
        for (heading, cell) in headings
            .iter()
            .zip(row)
            .filter(|(_, cell)| !cell.is_empty())
        {
            let padding = indent - measure_text_width(heading);
            block += heading;
            // What is copied as one word is better not in two pieces.
            let wide = measure_text_width(cell);
            if wide > room && wide + GAP <= width {
                block += &format!("\n{}{cell}\n", " ".repeat(GAP));
                continue;
            }
            block += &" ".repeat(padding);
            block += &wrapped(cell, room).replace('\n', &format!("\n{}", " ".repeat(indent)));
            block.push('\n');
        }
        blocks.push(block);
    }
    blocks.join("\n")
}

/// The text in lines of at most this width: broken after a blank or a comma if
/// there is one, else wherever the line is full.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = Vec::new();
    let mut rest = text;
    while measure_text_width(rest) > width {
        let (mut used, mut end, mut blank) = (0, 0, 0);
        for (at, c) in rest.char_indices() {
            let mut buffer = [0; 4];
            used += measure_text_width(c.encode_utf8(&mut buffer));
            if used > width && end > 0 {
                break;
            }
            end = at + c.len_utf8();
            if matches!(c, ' ' | ',') {
                blank = end;
            }
        }
        let end = if blank > 0 { blank } else { end };
        lines.push(rest[..end].trim_end());
        rest = &rest[end..];
    }
    lines.push(rest);
    lines.join("\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const EVIL: &str = "https://login.paypal.com.account-verify.evil-domain.example";

    fn rows(rows: &[&[&'static str]]) -> Vec<Vec<Cow<'static, str>>> {
        let row = |row: &&[&'static str]| row.iter().map(|cell| Cow::Borrowed(*cell)).collect();
        rows.iter().map(row).collect()
    }

    fn origins(width: usize) -> String {
        let rows = rows(&[
            &["approved", "2027-01-15T08:00:00.000Z", "https://a.example"],
            &["pending", "2027-01-15T08:00:00.000Z", EVIL],
        ]);
        columns_of(&["STATUS", "SINCE", "ORIGIN"], &[2], &rows, width)
    }

    /// What stands in the last columns, from this one on, without breaks.
    fn joined(text: &str, from: usize) -> String {
        text.lines()
            .map(|line| line.get(from..).unwrap_or("").trim())
            .collect()
    }

    #[test]
    fn the_end_of_a_long_origin_is_always_there() {
        for width in [20, 30, 40, 50, 60, 80, 100, 200] {
            let text = origins(width);
            assert!(!text.contains('…'));
            let from = text
                .lines()
                .find_map(|line| line.find("https://a"))
                .unwrap();
            assert!(joined(&text, from).contains(EVIL), "{width}:\n{text}");
            let limit = width.max(LEAST + 8);
            assert!(
                text.lines().all(|line| line.len() <= limit),
                "{width}:\n{text}"
            );
        }
    }

    #[test]
    fn columns_stand_side_by_side_where_there_is_room_and_else_in_blocks() {
        assert_eq!(
            origins(60),
            "\
STATUS    SINCE                     ORIGIN
approved  2027-01-15T08:00:00.000Z  https://a.example
pending   2027-01-15T08:00:00.000Z  https://login.paypal.com
                                    .account-verify.evil-dom
                                    ain.example
"
        );
        assert_eq!(
            origins(40),
            "\
STATUS  approved
SINCE   2027-01-15T08:00:00.000Z
ORIGIN  https://a.example

STATUS  pending
SINCE   2027-01-15T08:00:00.000Z
ORIGIN  https://login.paypal.com.account
        -verify.evil-domain.example
"
        );
    }

    #[test]
    fn wide_and_combining_letters_keep_the_columns_straight() {
        let rows = rows(&[&["日本語", "a"], &["e\u{301}", "b"], &["plain", "c"]]);
        assert_eq!(
            columns_of(&["NAME", "X"], &[], &rows, 80),
            "NAME    X\n日本語  a\ne\u{301}       b\nplain   c\n"
        );
    }

    #[test]
    fn lists_are_broken_after_a_comma_and_words_after_a_blank() {
        assert_eq!(
            wrapped("sign,encrypt,decrypt", 14),
            "sign,encrypt,\ndecrypt"
        );
        assert_eq!(wrapped("one two three", 8), "one two\nthree");
        assert_eq!(wrapped("日本語日本語", 5), "日本\n語日\n本語");
        assert_eq!(wrapped("", 5), "");
    }
}
