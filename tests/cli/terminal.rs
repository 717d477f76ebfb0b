//! What a person meets on a terminal: questions on stderr, the result on
//! stdout, nothing half made when they leave.

use crate::support::Home;
use crate::support::terminal::plays;

#[test]
fn the_wizard_asks_and_shows_the_words_once() {
    let home = Home::new();
    let ended = plays(
        &home,
        "
$ tokenpass register --logo https://a.example/x.png
A new wallet. What you leave empty can be set later; all of it is public.
Name: «Ada⏎»
Name: Ada
Paymail: «ada⏎»
Paymail: ada
a paymail is like `ada@example.com`
Paymail: «⏎»
Paymail:
New password (8 characters or more): ‹short⏎›
at least 8 characters, please
New password (8 characters or more): ‹correct horse battery⏎›
Repeat it: ‹something else⏎›
these differ, try again
New password (8 characters or more): ‹correct horse battery⏎›
Repeat it: ‹correct horse battery⏎›
Show the words that restore it? [Y/n] ‹y›
Show the words that restore it? yes
(another screen)
Whoever has these words has the wallet:

   1 <word>   2 <word>   3 <word>   4 <word>
   5 <word>   6 <word>   7 <word>   8 <word>
   9 <word>  10 <word>  11 <word>  12 <word>

Enter: clear them‹⏎›
(the screen as it was)
--- stdout
<id>
--- exit 0
",
    );
    let profile = home.run(["profile"]).json();
    assert_eq!(
        (&profile["displayName"], profile.get("paymail")),
        (&"Ada".into(), None)
    );
    assert_eq!(profile["bapID"], ended.stdout.trim_end());
}

#[test]
fn a_dumb_terminal_is_asked_in_lines() {
    plays(
        &Home::new(),
        "
$ TERM=dumb tokenpass register
A new wallet. What you leave empty can be set later; all of it is public.
Name: «Ada⏎»
Paymail: «ada⏎»
a paymail is like `ada@example.com`
Paymail: «⏎»
Picture (URL): «⏎»
New password (8 characters or more): ‹correct horse battery⏎›
Repeat it: ‹correct horse battery⏎›
`tokenpass export` shows the words that restore this wallet
--- stdout
<id>
--- exit 0
",
    );
    plays(
        &Home::new(),
        "
$ TERM=dumb tokenpass import
What do you have?
  1 words (12 to 24)
  2 a seed (128 hex digits)
  3 an extended private key (xprv…)
  4 a root key in wallet import format
  5 a backup (.bep)
  6 the folder of TokenPass Desktop
Number [1]: «0⏎»
a number from 1 to 6, please
Number [1]: «7⏎»
a number from 1 to 6, please
Number [1]: «4⏎»
Root key (not shown): ‹KwDiBf89QgGbjEhKnhXJuH7LrciVrZi3qYjgd9M7rFU73sVHnoWn⏎›
This is the wallet with the BAP ID <id> (address 18DNWVSmRke9d9hTu6bPFQYYRXt7ehqypx).
It brings no hosts.
Bring it in? [y/N] «what?⏎»
yes or no, please
Bring it in? [y/N] «no⏎»
error: that was a no, so nothing was done
--- exit 1
",
    );
}

#[test]
fn leaving_at_a_question_leaves_nothing() {
    let home = Home::new();
    plays(
        &home,
        "
$ tokenpass register
A new wallet. What you leave empty can be set later; all of it is public.
Name: «⏎»
Name:
Paymail: «⏎»
Paymail:
Picture (URL): «⏎»
Picture (URL):
New password (8 characters or more): ‹correct horse battery⏎›
Repeat it: ‹^C›
--- SIGINT
",
    );
    assert!(!home.path().exists());
}

#[test]
fn no_answer_is_no_password() {
    plays(
        &Home::registered(),
        "
$ tokenpass login
Password: ‹⏎›
error: no answer, so nothing was done
--- exit 2
",
    );
}

#[test]
fn a_password_typed_on_the_terminal_is_not_shown() {
    plays(
        &Home::golden(),
        "
$ tokenpass sign hi
Password: ‹correct horse battery⏎›
--- stdout
IOHQut2vJojuUY62tIwkkwIlooVDYzjQ8NtB9pjBIKj0WQXcywFnFOCTemgB0LV6CSlLK9gMfxBw+Ew4wKcEMHE=
--- exit 0
",
    );
}

#[test]
fn nobody_is_asked_with_no_input() {
    plays(
        &Home::registered(),
        "
$ tokenpass sign hi --no-input
error: the password is missing, and there is nobody to ask
hint: start a session with `tokenpass login`, or use `--password-file`, `--password-stdin` or `TOKENPASS_PASSWORD`
--- exit 4
",
    );
}
