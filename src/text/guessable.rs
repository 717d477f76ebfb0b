//! Passwords that a guesser tries first: common ones and their decorated
//! variants, repetitions, sequences, rows of the keyboard, the owner's name.
//!
//! A password is taken apart from the left into the longest such pieces. One
//! that is made of few of them, and little else, is guessable. This finds the
//! plainly bad; what passes is not thereby good.

use zeroize::Zeroizing;

/// Why a guesser would find the password soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Guess {
    /// It is on every list, perhaps with digits for letters or at its end.
    #[error("it is a common password, or nearly one")]
    Common,
    /// A few characters over and over.
    #[error("it repeats itself")]
    Repetition,
    /// Neighbours of the alphabet or of the keyboard.
    #[error("it follows the alphabet, the digits or the keyboard")]
    Sequence,
    /// What anybody can know of its owner.
    #[error("it is made of a name that others know")]
    Name,
}

/// How many pieces, and how many characters beside them, a guesser tries.
const FEW_PIECES: usize = 3;
const LITTLE_ELSE: usize = 2;

/// The shortest run, and the shortest name.
const SHORTEST: usize = 3;

/// A unit of this length or less is guessed however often it is repeated.
const SHORT_UNIT: usize = 4;

/// Rows and columns of the keyboards that most people have.
const KEYBOARD: [&str; 18] = [
    "1234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "qsdfghjklm",
    "zxcvbnm",
    "yxcvbnm",
    "wxcvbn",
    "1qaz",
    "2wsx",
    "3edc",
    "4rfv",
    "5tgb",
    "6yhn",
    "7ujm",
    "8ik",
    "!@#$%^&*()",
];

/// From the lists of leaked passwords, without digits around.
const COMMON: [&str; 118] = [
    "abcd",
    "access",
    "admin",
    "administrator",
    "alexander",
    "amanda",
    "andrea",
    "andrew",
    "angel",
    "apple",
    "arsenal",
    "ashley",
    "asshole",
    "banana",
    "baseball",
    "basketball",
    "batman",
    "bitcoin",
    "blink",
    "buster",
    "butterfly",
    "cheese",
    "chelsea",
    "chocolate",
    "computer",
    "cookie",
    "correcthorsebatterystaple",
    "daniel",
    "default",
    "donald",
    "dragon",
    "eminem",
    "flower",
    "football",
    "freedom",
    "friends",
    "fuckyou",
    "george",
    "ginger",
    "hannah",
    "hello",
    "hockey",
    "hunter",
    "iloveyou",
    "jennifer",
    "jessica",
    "jordan",
    "joshua",
    "justin",
    "killer",
    "letmein",
    "liverpool",
    "login",
    "lovely",
    "loveme",
    "master",
    "matrix",
    "matthew",
    "maverick",
    "mercedes",
    "merlin",
    "michael",
    "michelle",
    "minecraft",
    "monkey",
    "mustang",
    "mynoob",
    "naruto",
    "nicole",
    "ninja",
    "orange",
    "pass",
    "passphrase",
    "password",
    "passwort",
    "pepper",
    "pikachu",
    "pokemon",
    "princess",
    "purple",
    "qwer",
    "qwerty",
    "rainbow",
    "robert",
    "samsung",
    "satoshi",
    "secret",
    "shadow",
    "slipknot",
    "snoopy",
    "soccer",
    "spiderman",
    "spring",
    "starwars",
    "summer",
    "autumn",
    "winter",
    "sunshine",
    "superman",
    "test",
    "testing",
    "thomas",
    "tigger",
    "tokenpass",
    "trustno",
    "user",
    "wallet",
    "welcome",
    "whatever",
    "william",
    "yankees",
    "zaq",
    "trustme",
    "changeme",
    "zxcvbn",
    "asdf",
    "qazwsx",
    "temp",
];

/// Why the password is guessable, by anybody or by who knows these names.
#[must_use]
pub fn why(password: &str, names: &[&str]) -> Option<Guess> {
    let lower = Zeroizing::new(password.to_lowercase());
    // What stands between words makes them no harder.
    let within = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '_');
    let chars = Zeroizing::new(lower.chars().filter(within).collect::<Vec<_>>());
    if let Some(unit) = repeated(&chars) {
        let unit = Zeroizing::new(chars[..unit].iter().collect::<String>());
        let short = unit.chars().count() <= SHORT_UNIT;
        return (short || why(&unit, names).is_some()).then_some(Guess::Repetition);
    }
    let names: Vec<Vec<char>> = names.iter().flat_map(|name| parts(name)).collect();
    let (mut first, mut pieces, mut at, mut rest) = (None, 0, 0, 0);
    while at < chars.len() {
        match longest_piece(&chars[at..], &names) {
            Some((length, guess)) => {
                // A name or a common word says more than the digits beside it.
                if first.is_none_or(|first| first == Guess::Sequence) {
                    first = Some(guess);
                }
                pieces += 1;
                at += length;
            }
            None => {
                rest += usize::from(chars[at].is_alphanumeric());
                at += 1;
            }
        }
    }
    first.filter(|_| pieces <= FEW_PIECES && rest <= LITTLE_ELSE)
}

/// The length of the unit that the whole is made of, if it comes more than once.
fn repeated(chars: &[char]) -> Option<usize> {
    (1..=chars.len() / 2)
        .filter(|unit| chars.len().is_multiple_of(*unit))
        .find(|unit| chars.chunks(*unit).all(|chunk| chunk == &chars[..*unit]))
}

/// A name's words, and all of it in one.
fn parts(name: &str) -> Vec<Vec<char>> {
    let name = name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric());
    let joined: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    words
        .map(|word| word.chars().collect())
        .chain([joined])
        .filter(|part: &Vec<char>| part.len() >= SHORTEST)
        .collect()
}

fn longest_piece(chars: &[char], names: &[Vec<char>]) -> Option<(usize, Guess)> {
    let begins = |word: &[char]| word.len() <= chars.len() && alike(&chars[..word.len()], word);
    let common = COMMON.iter().filter_map(|word| {
        let word: Vec<char> = word.chars().collect();
        begins(&word).then_some((word.len(), Guess::Common))
    });
    let name = names.iter().filter(|name| begins(name));
    let run = [run(chars), keyboard(chars), year(chars)];
    let runs = run.into_iter().filter(|length| *length >= SHORTEST);
    common
        .chain(name.map(|name| (name.len(), Guess::Name)))
        .chain(runs.map(|length| (length, Guess::Sequence)))
        .max_by_key(|(length, _)| *length)
}

/// Whether a text is a word, with digits and signs for some of its letters.
fn alike(text: &[char], word: &[char]) -> bool {
    text.iter().zip(word).all(|(c, letter)| {
        c == letter
            || match c {
                '@' | '4' => *letter == 'a',
                '8' => *letter == 'b',
                '3' => *letter == 'e',
                '1' | '!' | '|' => matches!(letter, 'i' | 'l'),
                '0' => *letter == 'o',
                '5' | '$' => *letter == 's',
                '7' | '+' => *letter == 't',
                _ => false,
            }
    })
}

/// How many characters go up, down or stay, by one step each.
fn run(chars: &[char]) -> usize {
    let step = |pair: &[char]| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0]));
    let mut steps = chars.windows(2).map(step);
    match steps.next() {
        Some(first @ -1..=1) => 2 + steps.take_while(|step| *step == first).count(),
        _ => 0,
    }
}

/// How many characters lie beside each other on a keyboard, in one direction.
fn keyboard(chars: &[char]) -> usize {
    let along = |row: &mut dyn Iterator<Item = char>| {
        let mut from = row.skip_while(|key| *key != chars[0]);
        chars
            .iter()
            .take_while(|c| from.next() == Some(**c))
            .count()
    };
    KEYBOARD
        .iter()
        .map(|row| along(&mut row.chars()).max(along(&mut row.chars().rev())))
        .max()
        .unwrap_or(0)
}

/// A year of somebody's life.
fn year(chars: &[char]) -> usize {
    match chars {
        ['1', '8' | '9', a, b, ..] | ['2', '0', a, b, ..]
            if a.is_ascii_digit() && b.is_ascii_digit() =>
        {
            4
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_guesser_tries_first_is_guessable() {
        for (password, guess) in [
            ("password", Guess::Common),
            ("Password1!", Guess::Common),
            ("P@ssw0rd123", Guess::Common),
            ("letmein99", Guess::Common),
            ("Summer2026!", Guess::Common),
            ("123monkey", Guess::Common),
            ("tokenpass1", Guess::Common),
            ("monkeydragonmaster", Guess::Common),
            ("correct horse battery staple", Guess::Common),
            ("aaaaaaaa", Guess::Repetition),
            ("x7x7x7x7", Guess::Repetition),
            ("hunter2hunter2", Guess::Repetition),
            ("12345678", Guess::Sequence),
            ("87654321", Guess::Sequence),
            ("abcdefgh", Guess::Sequence),
            ("abcd1234", Guess::Sequence),
            ("qwertyuiop", Guess::Sequence),
            ("poiuytrewq", Guess::Sequence),
            ("1qaz2wsx", Guess::Sequence),
            ("asdfghjkl1", Guess::Sequence),
            ("19841984", Guess::Repetition),
        ] {
            assert_eq!(why(password, &[]), Some(guess), "{password}");
        }
    }

    #[test]
    fn others_are_not() {
        for password in [
            "correct horse battery",
            "plainpass-99",
            "another password",
            "tr0ub4dor&3",
            "café-password",
            "xk7Pq2!vLm",
            "a backup's own words",
            "",
        ] {
            assert_eq!(why(password, &["Ada Lovelace"]), None, "{password}");
        }
    }

    #[test]
    fn a_known_name_is_guessable() {
        for password in ["adalovelace", "Lovelace1815", "ada.lovelace!", "L0velace"] {
            assert_eq!(
                why(password, &["Ada Lovelace"]),
                Some(Guess::Name),
                "{password}"
            );
        }
        assert_eq!(why("lovelace-engine", &["Ada Lovelace"]), None);
        assert_eq!(why("xk7Pq2!vLm", &["", "x", "xk"]), None);
    }
}
