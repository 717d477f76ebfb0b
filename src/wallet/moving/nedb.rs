//! Reading NeDB files: one JSON document a line, appended as it changes. A later
//! line with the same `_id` replaces the document, `$$deleted` removes it, and
//! `$$indexCreated` or `$$indexRemoved` tell of indexes, which do not matter.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::text::marks::unmarked;

/// A document.
pub(crate) type Document = Map<String, Value>;

/// What a file holds.
pub(crate) struct Documents {
    /// In the order in which they were first written.
    pub(crate) documents: Vec<Document>,
    /// How many lines could not be read.
    pub(crate) skipped: usize,
}

/// Reads a file. The last line may be torn off: NeDB's write was interrupted.
/// Of the others, as in NeDB, one in ten may be damaged; more is `None`.
pub(crate) fn read(text: &str) -> Option<Documents> {
    let mut documents: Vec<Option<Document>> = Vec::new();
    let mut index: HashMap<String, usize> = HashMap::new();
    let (mut lines, mut skipped, mut torn) = (0, 0, false);
    let text = unmarked(text);
    for line in text.split('\n').filter(|line| !line.trim().is_empty()) {
        lines += 1;
        torn = false;
        let Ok(document) = serde_json::from_str::<Document>(line) else {
            skipped += 1;
            torn = true;
            continue;
        };
        let Some(id) = document.get("_id").and_then(Value::as_str) else {
            continue;
        };
        let position = *index.entry(id.to_owned()).or_insert(documents.len());
        if position == documents.len() {
            documents.push(None);
        }
        let deleted = document.get("$$deleted") == Some(&Value::Bool(true));
        documents[position] = (!deleted).then_some(document);
    }
    let damaged = skipped - usize::from(torn && !text.ends_with('\n'));
    (damaged * 10 <= lines).then(|| Documents {
        documents: documents.into_iter().flatten().collect(),
        skipped,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn hosts(text: &str) -> Vec<String> {
        let documents = read(text).unwrap().documents;
        documents.iter().map(|d| d["h"].to_string()).collect()
    }

    #[test]
    fn later_lines_win_and_deleted_ones_go() {
        let text = concat!(
            "{\"$$indexCreated\":{\"fieldName\":\"h\"}}\n",
            "{\"_id\":\"b\",\"h\":1}\n{\"_id\":\"a\",\"h\":2}\n",
            "{\"_id\":\"b\",\"h\":3}\n{\"_id\":\"c\",\"h\":4}\n",
            "{\"$$deleted\":true,\"_id\":\"a\"}\n",
        );
        assert_eq!(hosts(text), ["3", "4"]);
        assert_eq!(hosts(&text.replace('\n', "\r\n")), ["3", "4"]);
        assert_eq!(hosts(&format!("\u{feff}{text}")), ["3", "4"]);
        assert!(hosts("").is_empty());
    }

    #[test]
    fn a_torn_last_line_is_passed_over() {
        assert_eq!(hosts("{\"_id\":\"a\",\"h\":1}\n{\"_id\":\"b\",\"h"), ["1"]);
        assert_eq!(read("{\"_id\":\"a\"}\n{\"_id\"").unwrap().skipped, 1);
        assert!(hosts("{\"_id").is_empty());
    }

    #[test]
    fn more_than_a_tenth_of_damaged_lines_is_too_much() {
        assert!(read("{\"_id\":\"a\",\"h\":1}\nnonsense\n").is_none());
        let mut text: String = (0..9)
            .map(|n| format!("{{\"_id\":\"{n}\",\"h\":{n}}}\n"))
            .collect();
        text.push_str("nonsense\n");
        assert_eq!(read(&text).unwrap().documents.len(), 9);
        text.push_str("[1]\n");
        assert!(read(&text).is_none());
    }
}
