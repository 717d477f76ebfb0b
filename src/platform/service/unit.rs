//! Units of systemd (`systemd.service(5)`, `systemd.syntax(7)`), as text.

use std::fmt::Write as _;
use std::net::SocketAddr;

use super::command_line::CommandLine;

/// As packages install them; what is particular to an owner is put in its place.
const SERVICE: &str = include_str!("../../../packaging/systemd/tokenpass.service");
const SOCKET: &str = include_str!("../../../packaging/systemd/tokenpass.socket");
const HARDENED: &str = include_str!("../../../packaging/systemd/hardened.conf");

const START: &str = "ExecStart=";

/// systemd takes no program whose path has a quote or a backslash: a shell
/// takes it, and becomes it.
const SHELL: [&str; 3] = ["/bin/sh", "-c", r#"exec "$0" "$@""#];

/// The service's unit.
#[must_use]
pub fn service(command: &CommandLine) -> String {
    with_lines(SERVICE, START, &[exec(command)])
}

/// The unit of the sockets that start it.
#[must_use]
pub fn socket(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<_> = addresses.iter().map(SocketAddr::to_string).collect();
    with_lines(SOCKET, "ListenStream=", &addresses)
}

/// What lets the service write to this folder and to no other.
#[must_use]
pub fn hardened(folder: &str) -> String {
    with_lines(HARDENED, "ReadWritePaths=", &[path(folder)])
}

/// What a unit that [`service`] wrote runs.
#[must_use]
pub fn command(unit: &str) -> Option<CommandLine> {
    let line = unit.lines().find_map(|line| line.strip_prefix(START))?;
    let mut words = words(line)?;
    if words.starts_with(&SHELL.map(String::from)) {
        words.drain(..SHELL.len());
    }
    CommandLine::from_words(words)
}

/// The template, with other values of one setting.
fn with_lines(template: &str, setting: &str, values: &[String]) -> String {
    let mut text = String::new();
    for line in template.lines() {
        if line.starts_with(setting) {
            for value in values {
                let _ = writeln!(text, "{setting}{value}");
            }
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

fn exec(command: &CommandLine) -> String {
    let is_taken = !command.program.contains(['"', '\'', '\\']);
    let shell = SHELL
        .into_iter()
        .skip(if is_taken { SHELL.len() } else { 0 });
    let words: Vec<_> = shell.chain(command.words()).enumerate().map(word).collect();
    words.join(" ")
}

/// One word of a command line. `$` stands for itself in the program's name, and
/// for a variable everywhere else.
fn word((place, text): (usize, &str)) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._:=@-".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut word = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => word.extend(['\\', c]),
            '%' => word.push_str("%%"),
            '$' if place > 0 => word.push_str("$$"),
            _ => word.push(c),
        }
    }
    word.push('"');
    word
}

/// What [`word`] made of words; `None` for what it never makes.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = line.chars().peekable();
    while rest.peek().is_some() {
        let mut word = String::new();
        let quoted = rest.next_if_eq(&'"').is_some();
        loop {
            match rest.next() {
                Some('"') if quoted => break rest.next().map_or(Some(()), only_space)?,
                Some('\\') if quoted => word.push(rest.next()?),
                Some('%') => word.push(rest.next_if_eq(&'%')?),
                Some('$') if !words.is_empty() => word.push(rest.next_if_eq(&'$')?),
                Some(' ') if !quoted => break,
                None if !quoted => break,
                Some(c) => word.push(c),
                None => return None,
            }
        }
        words.push(word);
    }
    Some(words)
}

fn only_space(c: char) -> Option<()> {
    (c == ' ').then_some(())
}

/// A path where the setting takes several: quotes are taken off, backslashes
/// stay what they are.
fn path(path: &str) -> String {
    let mut word = String::new();
    for part in path.split_inclusive('"') {
        let (text, quote) = match part.strip_suffix('"') {
            Some(text) => (text, "'\"'"),
            None => (part, ""),
        };
        let _ = write!(word, "\"{}\"{quote}", text.replace('%', "%%"));
    }
    word
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::command_line::tests::hard;
    use super::*;

    fn line<'a>(unit: &'a str, setting: &str) -> Vec<&'a str> {
        let values = unit.lines().filter_map(|line| line.strip_prefix(setting));
        values.collect()
    }

    #[test]
    fn words_are_quoted_as_systemd_reads_them() {
        let command = |program: &str, argument: &str| CommandLine {
            program: program.to_owned(),
            arguments: vec!["serve".to_owned(), argument.to_owned()],
        };
        for (program, argument, expected) in [
            (
                "/usr/bin/tokenpass",
                "21000",
                "/usr/bin/tokenpass serve 21000",
            ),
            ("/a b/t", "$HOME/100%", r#""/a b/t" serve "$$HOME/100%%""#),
            ("/$a/%h/t", "", r#""/$a/%%h/t" serve """#),
            (
                "/it's/t",
                r#"a\"b"#,
                r#"/bin/sh -c "exec \"$$0\" \"$$@\"" "/it's/t" serve "a\\\"b""#,
            ),
        ] {
            let unit = service(&command(program, argument));
            assert_eq!(line(&unit, START), [expected]);
        }
    }

    #[test]
    fn a_command_line_comes_back_from_its_unit() {
        for command_line in hard() {
            let unit = service(&command_line);
            assert_eq!(command(&unit), Some(command_line));
        }
        for foreign in [
            "",
            "[Service]",
            "ExecStart=",
            "ExecStart=/a %h",
            "ExecStart=\"/a",
        ] {
            assert_eq!(command(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn addresses_and_the_folder_are_the_owners() {
        let addresses = ["127.0.0.1:1", "[::1]:1"].map(|address| address.parse().unwrap());
        let unit = socket(&addresses);
        assert_eq!(line(&unit, "ListenStream="), ["127.0.0.1:1", "[::1]:1"]);
        for (folder, expected) in [
            ("/home/u/.tokenpass", r#""/home/u/.tokenpass""#),
            ("/a b/100%/it's\\", r#""/a b/100%%/it's\""#),
            ("/say \"so\"", r#""/say "'"'"so"'"'"#),
        ] {
            assert_eq!(line(&hardened(folder), "ReadWritePaths="), [expected]);
        }
    }

    /// What stops a user's unit (218/CAPABILITIES, systemd 252 and 257), or is
    /// silently ignored in one that makes no namespace of its own.
    #[test]
    fn the_unit_asks_for_nothing_that_a_users_cannot_have() {
        for wrong in [
            "ProtectClock",
            "ProtectKernelLogs",
            "ProtectKernelModules",
            "ProtectKernelTunables",
            "ProtectControlGroups",
            "PrivateDevices",
            "PrivateTmp",
            "ProtectSystem",
            "ReadWritePaths",
        ] {
            assert!(line(SERVICE, &format!("{wrong}=")).is_empty(), "{wrong}");
        }
        let families = line(SERVICE, "RestrictAddressFamilies=");
        assert!(families[0].contains("AF_NETLINK"), "{families:?}");
    }
}
