//! Words as people write them down: numbered, one a line, with commas, cut to
//! their first letters; and the word that was meant.

use zeroize::Zeroizing;

/// Letters that tell the words of a BIP-39 list apart.
const UNIQUE: usize = 4;

/// How many changes a word may be away from the one that was meant.
const NEAR: usize = 2;

/// How many words are suggested.
const SUGGESTIONS: usize = 3;

/// The words in lower case, one space between them: without a mark, numbers,
/// commas and a final full stop.
#[must_use]
pub fn tidy(text: &str) -> Zeroizing<String> {
    // A letter's lower case may be longer by half.
    let mut tidy = Zeroizing::new(String::with_capacity(text.len() * 2 + 1));
    let separators = |c: char| c.is_whitespace() || c == ',' || c == ';' || c == super::marks::MARK;
    for piece in text.split(separators) {
        let word = piece.trim_end_matches('.');
        let word = unnumbered(word);
        if word.is_empty() {
            continue;
        }
        if !tidy.is_empty() {
            tidy.push(' ');
        }
        tidy.extend(word.chars().flat_map(char::to_lowercase));
    }
    tidy
}

/// `1.legal` and `1)legal` are `legal`; a number alone is no word.
fn unnumbered(word: &str) -> &str {
    let rest = word
        .strip_prefix(['(', '#'])
        .unwrap_or(word)
        .trim_start_matches(|c: char| c.is_ascii_digit());
    if rest.len() == word.len() {
        return word;
    }
    match rest.chars().next() {
        None => "",
        Some('.' | ')' | ':' | '-' | '=') => rest[1..].trim_start_matches([')', '.']),
        Some(_) => word,
    }
}

/// The word of a sorted list that is this word, or the only one that begins with
/// its four letters or more.
#[must_use]
pub fn known<'a>(word: &str, list: &[&'a str]) -> Option<&'a str> {
    if let Ok(at) = list.binary_search(&word) {
        return Some(list[at]);
    }
    if word.len() < UNIQUE || !word.is_ascii() {
        return None;
    }
    let from = list.partition_point(|known| *known < word);
    let mut longer = list[from..]
        .iter()
        .take_while(|known| known.starts_with(word));
    let first = longer.next()?;
    longer.next().is_none().then_some(first)
}

/// The words of a list that are nearest to a mistyped one, the nearest first.
#[must_use]
pub fn nearest<'a>(word: &str, list: &[&'a str]) -> Vec<&'a str> {
    let mut near: Vec<_> = list
        .iter()
        .map(|known| (distance(word, known), *known))
        .filter(|(distance, _)| *distance <= NEAR)
        .collect();
    // Among equals those that begin alike: people mistype later letters.
    near.sort_by_key(|(distance, known)| (*distance, usize::MAX - alike(word, known)));
    let best = near.first().map_or(0, |(distance, _)| *distance);
    let near = near
        .into_iter()
        .take_while(|(distance, _)| *distance == best);
    near.take(SUGGESTIONS).map(|(_, known)| known).collect()
}

fn alike(one: &str, other: &str) -> usize {
    let pairs = one.bytes().zip(other.bytes());
    pairs.take_while(|(one, other)| one == other).count()
}

/// How many letters were added, left out, changed or swapped with their
/// neighbour (the restricted Damerau-Levenshtein distance).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > NEAR {
        return NEAR + 1;
    }
    let width = other.len() + 1;
    let mut rows = vec![0; (one.len() + 1) * width];
    for i in 0..=one.len() {
        for j in 0..width {
            rows[i * width + j] = match (i, j) {
                (0, j) => j,
                (i, 0) => i,
                (i, j) => {
                    let changed = usize::from(one[i - 1] != other[j - 1]);
                    let swapped =
                        i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1];
                    let least = (rows[(i - 1) * width + j] + 1)
                        .min(rows[i * width + j - 1] + 1)
                        .min(rows[(i - 1) * width + j - 1] + changed);
                    match swapped {
                        true => least.min(rows[(i - 2) * width + j - 2] + 1),
                        false => least,
                    }
                }
            };
        }
    }
    rows[rows.len() - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: [&str; 6] = ["act", "action", "actor", "year", "yellow", "young"];

    #[test]
    fn words_are_found_in_whatever_way_they_were_written_down() {
        for text in [
            "legal winner thank",
            "\u{feff}LEGAL\tWinner\r\nthank\r\n",
            "1. legal\n2. winner\n3. thank.",
            "1) legal 2) winner 3) thank",
            "1: legal, 2: winner, 3: thank",
            "1.legal 2.winner 3.thank",
            "(1) legal (2) winner (3) thank",
            "#1 legal #2 winner #3 thank",
            "1 legal 2 winner 3 thank",
            "01. legal; 02. winner; 03. thank",
            "legal,winner,thank.",
            "legal\u{a0}winner\u{3000}thank",
        ] {
            assert_eq!(*tidy(text), "legal winner thank", "{text:?}");
        }
        assert_eq!(*tidy("l3gal 2nd"), "l3gal 2nd");
    }

    #[test]
    fn four_letters_name_a_word_and_fewer_must_be_all_of_it() {
        assert_eq!(known("act", &LIST), Some("act"));
        assert_eq!(known("acti", &LIST), Some("action"));
        assert_eq!(known("yell", &LIST), Some("yellow"));
        for word in ["yel", "acto x", "acts", "yellowx", "", "éééé"] {
            assert_eq!(known(word, &LIST), None, "{word}");
        }
    }

    #[test]
    fn the_nearest_words_are_suggested() {
        assert_eq!(nearest("yellwo", &LIST), ["yellow"]);
        assert_eq!(nearest("yera", &LIST), ["year"]);
        assert_eq!(nearest("actio", &LIST), ["action"]);
        assert!(nearest("zzzzzz", &LIST).is_empty());
        assert!(nearest("", &LIST).is_empty());
    }

    #[test]
    fn distances() {
        for (one, other, expected) in [
            ("", "", 0),
            ("ab", "ba", 1),
            ("abc", "abc", 0),
            ("abc", "abd", 1),
            ("abc", "ab", 1),
            ("abcd", "dcba", 3),
            ("a", "abcd", 3),
        ] {
            assert_eq!(distance(one, other).min(3), expected, "{one} {other}");
        }
    }
}
