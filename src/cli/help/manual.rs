//! The manual pages: what the parser knows of a command, and the topics.

use std::fmt::Write as _;
use std::io;

use clap::Command;
use clap_mangen::Man;

use super::topics::{ENVIRONMENT, EXIT_CODES, FILES, Topic};

/// Of the texts. Pages that are generated twice are the same.
const DATE: &str = "2026-11-25";

/// The pages of all commands, each with the name of its file.
pub(crate) fn pages(mut root: Command) -> io::Result<Vec<(String, Vec<u8>)>> {
    root.build();
    let mut pages = Vec::new();
    add_pages(&root, None, &mut pages)?;
    Ok(pages)
}

fn add_pages(
    command: &Command,
    above: Option<&Command>,
    pages: &mut Vec<(String, Vec<u8>)>,
) -> io::Result<()> {
    pages.push((format!("{}.1", name(command)), page(command, above)?));
    for below in told(command) {
        add_pages(below, Some(command), pages)?;
    }
    Ok(())
}

/// The page of a command that is part of `above`, if it is part of one.
fn page(command: &Command, above: Option<&Command>) -> io::Result<Vec<u8>> {
    let examples = command.get_after_help().map(ToString::to_string);
    let shown = command.clone().mut_args(|arg| {
        let is_told_once = arg.is_global_set() && above.is_some();
        if is_told_once { arg.hide(true) } else { arg }
    });
    let man = Man::new(shown);
    let mut page = Vec::new();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    let mut rest = format!(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH {} 1 {DATE} \"tokenpass {}\" TokenPass\n",
        name(command).to_uppercase(),
        env!("CARGO_PKG_VERSION"),
    );
    rest.push_str(&tidied(&String::from_utf8_lossy(&page)));
    if above.is_some() {
        paragraph(
            "The options of every command are told in tokenpass(1).",
            &mut rest,
        );
    }
    let commands: Vec<_> = told(command).collect();
    if !commands.is_empty() {
        heading("COMMANDS", &mut rest);
        for below in commands {
            let about = below.get_about().map(ToString::to_string);
            entry(&reference(below), &about.unwrap_or_default(), &mut rest);
        }
    }
    section("ENVIRONMENT", &ENVIRONMENT, &mut rest);
    section("FILES", &FILES, &mut rest);
    section("EXIT STATUS", &EXIT_CODES, &mut rest);
    if let Some((_, lines)) = examples.as_deref().and_then(|text| text.split_once('\n')) {
        heading("EXAMPLES", &mut rest);
        rest.push_str(".nf\n");
        for line in lines.lines() {
            let _ = writeln!(rest, "{}", escaped(line.strip_prefix("  ").unwrap_or(line)));
        }
        rest.push_str(".fi\n");
    }
    heading("SEE ALSO", &mut rest);
    let others = match above {
        None => told(command).map(reference).collect(),
        Some(above) => relatives(command, above),
    };
    text(&others.join(", "), &mut rest);
    Ok(rest.into_bytes())
}

/// The parser's part without what `mandoc` finds fault with.
fn tidied(page: &str) -> String {
    let lines: Vec<_> = page
        .lines()
        .filter(|line| !line.starts_with(".ie ") && !line.starts_with(".el "))
        .map(|line| if line.trim().is_empty() { ".sp" } else { line })
        .collect();
    let is_space = |line: Option<&&str>| line.is_some_and(|line| line.starts_with(".sp"));
    let mut tidy = String::new();
    for (at, line) in lines.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| lines.get(at));
        let is_double = *line == ".br" && (is_space(before) || is_space(lines.get(at + 1)));
        if !is_double {
            tidy.push_str(line.trim_end());
            tidy.push('\n');
        }
    }
    tidy
}

/// The command that this one is part of, and the others of it.
fn relatives(command: &Command, above: &Command) -> Vec<String> {
    let is_verb = above
        .get_display_name()
        .is_none_or(|name| name == "tokenpass");
    let siblings = told(above).filter(|other| !is_verb && name(other) != name(command));
    let own = told(command);
    let others = own.chain(siblings).map(reference);
    std::iter::once(reference(above)).chain(others).collect()
}

/// The commands below one, without those that nobody is told of.
fn told(command: &Command) -> impl Iterator<Item = &Command> {
    let below = command.get_subcommands();
    below.filter(|command| !command.is_hide_set())
}

fn name(command: &Command) -> String {
    let name = command.get_display_name();
    name.unwrap_or_else(|| command.get_name()).to_owned()
}

fn reference(command: &Command) -> String {
    format!("{}(1)", name(command))
}

fn section(title: &str, topic: &Topic, page: &mut String) {
    heading(title, page);
    topic.intro.iter().for_each(|text| paragraph(text, page));
    for (name, text) in topic.entries {
        entry(name, text, page);
    }
    topic.rest.iter().for_each(|text| paragraph(text, page));
}

fn heading(title: &str, page: &mut String) {
    let title = if title.contains(' ') {
        format!("\"{title}\"")
    } else {
        title.to_owned()
    };
    let _ = writeln!(page, ".SH {title}");
}

fn paragraph(text: &str, page: &mut String) {
    // Right after a heading it would be one too many.
    let is_first = page
        .lines()
        .next_back()
        .is_some_and(|line| line.starts_with(".SH"));
    if !is_first {
        page.push_str(".PP\n");
    }
    self::text(text, page);
}

fn entry(name: &str, text: &str, page: &mut String) {
    let _ = writeln!(page, ".TP\n\\fB{}\\fR", escaped(name));
    self::text(text, page);
}

/// A paragraph, in lines that a person can read in the source too.
fn text(text: &str, page: &mut String) {
    let mut line = String::new();
    for word in text.split_whitespace().map(escaped) {
        if !line.is_empty() && line.len() + word.len() > 76 {
            let _ = writeln!(page, "{line}");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    let _ = writeln!(page, "{line}");
}

/// Text that is no markup to `man`.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    let text = text.replace('\'', "\\(aq").replace('`', "\\(ga");
    match text.chars().next() {
        Some('.') => format!("\\&{text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escaped(".TH"), "\\&.TH");
        assert_eq!(escaped(r"a\b --c 'd'"), r"a\eb \-\-c \(aqd\(aq");
    }
}
