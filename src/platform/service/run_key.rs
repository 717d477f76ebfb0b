//! Command lines of Windows, as `CommandLineToArgvW` and the C library read them.

use super::command_line::CommandLine;

/// Comes before what a service runs, since the Run key opens a window for it: see
/// `tokenpass service background`.
const BACKGROUND: [&str; 3] = ["service", "background", "--log"];

/// The same command, run in the background, its log in this file.
#[must_use]
pub fn in_background(command: &CommandLine, log: &str) -> CommandLine {
    let before = BACKGROUND.into_iter().chain([log, "--"]).map(String::from);
    CommandLine {
        program: command.program.clone(),
        arguments: before.chain(command.arguments.iter().cloned()).collect(),
    }
}

/// The other way round; `None` for what [`in_background`] never makes.
#[must_use]
pub fn from_background(mut command: CommandLine) -> Option<CommandLine> {
    let arguments = &mut command.arguments;
    let ours = arguments.starts_with(&BACKGROUND.map(String::from));
    if !ours || arguments.get(BACKGROUND.len() + 1)? != "--" {
        return None;
    }
    arguments.drain(..BACKGROUND.len() + 2);
    Some(command)
}

/// One line for the Run key.
#[must_use]
pub fn line(command: &CommandLine) -> String {
    let words: Vec<_> = command.words().map(quoted).collect();
    words.join(" ")
}

/// What such a line runs.
#[must_use]
pub fn command(line: &str) -> Option<CommandLine> {
    let mut words = Vec::new();
    let mut rest = line.trim_start_matches(' ');
    while !rest.is_empty() {
        let (word, after) = next(rest);
        words.push(word);
        rest = after.trim_start_matches(' ');
    }
    CommandLine::from_words(words)
}

/// A word in quotes. Backslashes stand for themselves, save before a quote.
fn quoted(word: &str) -> String {
    let mut text = String::from('"');
    let mut backslashes = 0;
    for c in word.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => text.push_str(&"\\".repeat(2 * backslashes + 1)),
            _ => text.push_str(&"\\".repeat(backslashes)),
        }
        if c != '\\' {
            backslashes = 0;
            text.push(c);
        }
    }
    text + &"\\".repeat(2 * backslashes) + "\""
}

/// The first word and what comes after it.
fn next(line: &str) -> (String, &str) {
    let mut word = String::new();
    let (mut backslashes, mut quoted) = (0, false);
    for (place, c) in line.char_indices() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                word.push_str(&"\\".repeat(backslashes / 2));
                match backslashes % 2 {
                    0 => quoted = !quoted,
                    _ => word.push('"'),
                }
                backslashes = 0;
            }
            _ => {
                word.push_str(&"\\".repeat(backslashes));
                backslashes = 0;
                if c == ' ' && !quoted {
                    return (word, &line[place..]);
                }
                word.push(c);
            }
        }
    }
    (word + &"\\".repeat(backslashes), "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::command_line::tests::hard;
    use super::*;

    #[test]
    fn words_are_quoted_as_windows_reads_them() {
        for (word, expected) in [
            (r"C:\a b\t.exe", r#""C:\a b\t.exe""#),
            (r"C:\a b\", r#""C:\a b\\""#),
            (r#"say "so""#, r#""say \"so\"""#),
            (r#"\""#, r#""\\\"""#),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }

    #[test]
    fn a_command_line_comes_back() {
        for command_line in hard() {
            let line = line(&in_background(&command_line, r"C:\a b\log"));
            let read = command(&line).and_then(from_background);
            assert_eq!(read, Some(command_line));
        }
        let by_hand = command(r"C:\t\tokenpass.exe   serve").unwrap();
        assert_eq!(by_hand.program, r"C:\t\tokenpass.exe");
        assert_eq!(by_hand.arguments, ["serve"]);
        assert_eq!(from_background(by_hand), None);
        assert_eq!(command("  "), None);
    }
}
