//! The agent of launchd (`launchd.plist(5)`), as text.

use std::fmt::Write as _;

use super::command_line::CommandLine;

/// As it stands; what is particular to an owner is put in its place.
const AGENT: &str = include_str!("../../../packaging/launchd/tokenpass.plist");

const PROGRAM: &str = "        <string>/usr/local/bin/tokenpass</string>
        <string>serve</string>
";
const LOG: &str = "<string>/tmp/tokenpass.log</string>";

/// The agent's property list, whose log goes to this file.
#[must_use]
pub fn agent(command: &CommandLine, log: &str) -> String {
    let mut words = String::new();
    for word in command.words() {
        let _ = writeln!(words, "        <string>{}</string>", escaped(word));
    }
    let log = format!("<string>{}</string>", escaped(log));
    // The log first: a word of the program's may be what the template has for it.
    AGENT.replace(LOG, &log).replace(PROGRAM, &words)
}

/// What an agent that [`agent`] wrote runs.
#[must_use]
pub fn command(plist: &str) -> Option<CommandLine> {
    let (_, array) = plist.split_once("<array>")?;
    let (array, _) = array.split_once("</array>")?;
    let strings = array.split("<string>").skip(1);
    let words = strings.map(|text| text.split_once("</string>").map(|(word, _)| plain(word)));
    CommandLine::from_words(words.collect::<Option<_>>()?)
}

const ENTITIES: [(&str, &str); 3] = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")];

fn escaped(text: &str) -> String {
    let entities = ENTITIES.into_iter();
    entities.fold(text.to_owned(), |text, (c, entity)| text.replace(c, entity))
}

fn plain(text: &str) -> String {
    let entities = ENTITIES.into_iter().rev();
    entities.fold(text.to_owned(), |text, (c, entity)| text.replace(entity, c))
}

#[cfg(test)]
mod tests {
    use super::super::command_line::tests::hard;
    use super::*;

    #[test]
    fn a_command_line_comes_back_from_its_agent() {
        for command_line in hard() {
            let plist = agent(&command_line, "/Users/u/Library/Logs/<a>.log");
            assert_eq!(command(&plist), Some(command_line));
            assert!(plist.contains("<string>/Users/u/Library/Logs/&lt;a&gt;.log</string>"));
        }
    }

    #[test]
    fn a_word_is_never_taken_for_the_log() {
        let command_line = CommandLine {
            program: "/tmp/tokenpass.log".to_owned(),
            arguments: vec!["serve".to_owned()],
        };
        let plist = agent(&command_line, "/Users/u/a.log");
        assert_eq!(command(&plist), Some(command_line));
    }

    #[test]
    fn the_template_has_what_is_replaced() {
        assert!(AGENT.contains(PROGRAM) && AGENT.contains(LOG));
    }
}
