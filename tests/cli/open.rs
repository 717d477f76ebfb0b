//! `tokenpass open`: the address of the server that proved to be this wallet's,
//! and on a terminal the browser.

use crate::support::Home;
use crate::support::serve::RunningServer;

#[test]
fn where_nobody_looks_it_prints_the_address() {
    let home = Home::registered();
    let hint = "hint: start one with `tokenpass serve`\n";
    assert!(home.run(["open"]).done().stderr.ends_with(hint));
    let server = RunningServer::start(&home, &[]);
    for (page, path) in [("dashboard", "/"), ("docs", "/api/openapi.json")] {
        let url = format!("{}{path}", server.url);
        assert_eq!(home.run(["open", page]).prints(), format!("{url}\n"));
        assert_eq!(home.run(["open", page]).json()["url"], url);
    }
}

/// The browser hears of no secret: it hands its environment to all that it starts.
#[cfg(unix)]
#[test]
fn on_a_terminal_it_opens_the_browser() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    let home = Home::registered();
    let server = RunningServer::start(&home, &[]);
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("told");
    rustix::fs::mkfifoat(rustix::fs::CWD, &told, 0o600.into()).unwrap();
    for name in ["xdg-open", "open"] {
        let script = folder.path().join(name);
        let lines = format!(
            "#!/bin/sh\n{{ echo \"$1\"; env; }} > '{}'\n",
            told.display()
        );
        fs::write(&script, lines).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    }
    let (_person, open) = crate::support::terminal::terminal(80, 24);
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let run = home.run(["open"]).password().session("a session");
    let done = run.env("PATH", path).stdout(open());
    assert_eq!(done.code, 0, "{}", done.stderr);
    let told = fs::read_to_string(told).unwrap();
    let (url, environment) = told.split_once('\n').unwrap();
    assert_eq!(url, format!("{}/", server.url));
    assert!(environment.contains("PATH="), "{environment}");
    for secret in ["TOKENPASS_PASSWORD", "TOKENPASS_SESSION"] {
        assert!(!environment.contains(secret), "{environment}");
    }
}
