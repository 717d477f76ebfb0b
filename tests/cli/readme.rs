//! Every command in the README is one that the program understands.

use clap::error::ErrorKind;

/// The commands in the README: lines of its code blocks, and `code` elsewhere.
fn commands(readme: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in readme.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
            continue;
        }
        let parts: Vec<&str> = if in_block {
            let line = line.trim_start_matches("$ ");
            match line.split_once("$(tokenpass ") {
                // Within `eval "$(tokenpass …)"`.
                Some((_, inner)) => vec![inner.split(')').next().unwrap()],
                None => line.strip_prefix("tokenpass ").into_iter().collect(),
            }
        } else {
            let codes = line.split('`').skip(1).step_by(2);
            codes
                .filter_map(|code| code.strip_prefix("tokenpass "))
                .collect()
        };
        let parts = parts.into_iter().filter(|part| !part.contains('…'));
        found.extend(parts.map(|part| part.trim_end_matches(" &").to_owned()));
    }
    found
}

/// Words as a shell reads them, as far as the README needs it.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in command.chars() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, ' ') => words.push(String::new()),
            (_, letter) => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

#[test]
fn every_command_in_the_readme_is_understood() {
    let commands = commands(include_str!("../../README.md"));
    assert!(commands.len() > 30, "{commands:?}");
    for command in commands {
        let all = std::iter::once("tokenpass".to_owned()).chain(words(&command));
        let parsed = tokenpass::testing::cli::command().try_get_matches_from(all);
        if let Err(error) = parsed {
            // A command's name alone may be short of an argument. Which error that is
            // hangs on whether `TOKENPASS_HOME` is set, which counts as one.
            let only_named = !command.contains(' ')
                && matches!(
                    error.kind(),
                    ErrorKind::MissingRequiredArgument
                        | ErrorKind::MissingSubcommand
                        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                );
            assert!(only_named, "`tokenpass {command}`: {error}");
        }
    }
}

#[test]
fn the_readme_says_what_each_dependency_is_for() {
    let told = include_str!("../../README.md");
    let (_, told) = told.split_once("### Dependencies").unwrap();
    let mut in_dependencies = false;
    for line in include_str!("../../Cargo.toml").lines() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| in_dependencies) {
            assert!(told.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn the_signature_in_the_readme_is_valid() {
    let readme = include_str!("../../README.md");
    let verify = commands(readme)
        .into_iter()
        .find(|command| command.starts_with("verify \""))
        .unwrap();
    let words = words(&verify);
    let after = |name: &str| &words[words.iter().position(|word| word == name).unwrap() + 1];
    assert!(tokenpass::testing::crypto::bsm::verify(
        words[1].as_bytes(),
        &after("--signature").parse().unwrap(),
        &after("--address").parse().unwrap(),
    ));
}
