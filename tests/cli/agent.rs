//! One unlock for all shells: commands use the running server of their home,
//! and both prove themselves to each other.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::support::proof::{ask_agent, key, open, server_file};
use crate::support::relay::Relay;
use crate::support::run::{tokenpass, under};
use crate::support::serve::RunningServer;
use crate::support::{Home, PASSWORD};

const NO_PASSWORD: &str = "error: the password is missing, and there is nobody to ask
hint: start a session with `tokenpass login`, or use `--password-file`, \
`--password-stdin` or `TOKENPASS_PASSWORD`\n";

fn served() -> (Home, RunningServer) {
    let home = Home::registered();
    let server = RunningServer::start(&home, &["--unlock"]);
    (home, server)
}

/// Points a home's `server.json` at another address.
fn redirect(home: &Home, address: SocketAddr) {
    let path = server_file(&home.path());
    let mut file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    file["address"] = json!(address);
    fs::write(&path, file.to_string()).unwrap();
}

#[test]
fn an_unlocked_server_serves_every_shell_until_it_locks() {
    let (home, _server) = served();
    let with_password = home.run(["sign", "m", "--no-agent"]).password().prints();
    for _ in 0..2 {
        assert_eq!(home.run(["sign", "m"]).prints(), with_password);
    }
    home.run(["identity", "list"]).prints();
    home.run(["logout", "--server"]).prints();
    home.run(["sign", "m"]).fails(4, NO_PASSWORD);
    home.run(["login", "--server"]).password().prints();
    assert_eq!(home.run(["sign", "m"]).prints(), with_password);
}

#[test]
fn the_lock_ends_a_session_that_somebody_kept() {
    let (home, server) = served();
    let key = key(&home.path());
    let answer = server.request("POST", "/api/agent").json(ask_agent(&key));
    let session = open(&key, &answer.send().ok()).unwrap();
    let sign = || home.run(["sign", "m", "--no-agent"]).session(&session);
    sign().prints();
    home.run(["logout", "--server"]).prints();
    assert_eq!(sign().done().code, 4);
    home.run(["login", "--server"]).password().prints();
    assert_eq!(sign().done().code, 4);
}

#[test]
fn no_agent_means_no_agent() {
    let (home, server) = served();
    home.run(["sign", "m", "--no-agent"]).fails(4, NO_PASSWORD);
    drop(server);
    let server = RunningServer::start(&home, &["--unlock", "--no-agent"]);
    home.run(["sign", "m"]).fails(4, NO_PASSWORD);
    let key = key(&home.path());
    let asked = server.request("POST", "/api/agent").json(ask_agent(&key));
    asked.send().refused(403, 7);
}

#[test]
fn a_password_that_an_option_gives_comes_first() {
    let (home, _server) = served();
    let wrong = home.secret_file("wrong", "wrong horse battery");
    let done = home.run(["sign", "m", "--password-file", &wrong]).done();
    assert_eq!(done.code, 1, "{}", done.stderr);
    let session = home.login();
    let run = home.run(["sign", "m", "--password-stdin"]);
    let done = run.session(&session).stdin("wrong horse\n").done();
    assert_eq!(done.code, 1, "{}", done.stderr);
    // The environment's comes last.
    let run = home.run(["sign", "m"]);
    run.env("TOKENPASS_PASSWORD", "wrong horse").prints();
}

#[test]
fn a_session_that_ended_is_followed_by_the_server() {
    let (home, _server) = served();
    let session = home.login();
    home.run(["logout"]).session(&session).prints();
    home.run(["sign", "m"]).session(&session).prints();
}

#[test]
fn who_cannot_read_the_home_gets_no_session() {
    let (home, server) = served();
    let agent = |body: Value| server.request("POST", "/api/agent").json(body).send();
    agent(ask_agent(&[0; 32])).refused(403, 7);
    // The server's proof is no caller's proof.
    let nonce = hex::encode([7; 32]);
    let prove = server.request("POST", "/api/prove");
    let proven = prove.json(json!({"nonce": nonce})).send().ok();
    agent(json!({"nonce": nonce, "proof": proven["proof"]})).refused(403, 7);
    // What is forwarded from a caller opens for that caller only.
    let answer = agent(ask_agent(&key(&home.path()))).ok();
    assert_eq!(open(&[0; 32], &answer), None);
}

#[cfg(unix)]
#[test]
fn another_user_gets_no_session() {
    let Some(other) = crate::support::other_user::OtherUser::new() else {
        return;
    };
    let (home, server) = served();
    let mut sign = other.tokenpass();
    sign.args(["sign", "m", "--home"]).arg(home.path());
    let done = sign.output().unwrap();
    assert!(!done.status.success() && done.stdout.is_empty());
    // Not even one who somehow knows the key.
    let body = ask_agent(&key(&home.path())).to_string();
    let script = format!(
        "exec 3<>/dev/tcp/127.0.0.1/{port}
         printf 'POST /api/agent HTTP/1.1\\r\\nHost: localhost:{port}\\r\\nContent-Type: \
         application/json\\r\\nContent-Length: {length}\\r\\nConnection: close\\r\\n\\r\\n%s' \
         '{body}' >&3
         cat <&3",
        port = server.port(),
        length = body.len(),
    );
    let done = other
        .command("bash")
        .arg("-c")
        .arg(script)
        .output()
        .unwrap();
    let answer = String::from_utf8(done.stdout).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
}

#[test]
fn the_password_goes_to_no_other_server() {
    let (home, server) = served();
    let squatter = Relay::start("127.0.0.1:0", Some(server.authority().parse().unwrap()));
    let url = format!("http://{}", squatter.address);
    for command in ["login", "logout"] {
        home.run([command, "--server", &url]).password().fails(
            5,
            &format!(
                "error: `{url}` did not prove that it is the server of this wallet
hint: nothing secret was sent; `tokenpass status` shows the server of this wallet\n"
            ),
        );
    }
    assert!(!squatter.seen().contains(PASSWORD));
    assert!(!squatter.seen().contains("/api/login"));
}

#[test]
fn who_forwards_everything_learns_nothing() {
    let (home, server) = served();
    home.run(["logout", "--server"]).prints();
    let target: SocketAddr = server.authority().parse().unwrap();
    for listen in ["127.0.0.1:0", "[::1]:0"] {
        let relay = Relay::start(listen, Some(target));
        redirect(&home, relay.address);
        home.run(["login", "--server"]).password().prints();
        home.run(["sign", "m"]).prints();
        home.run(["logout", "--server"]).prints();
        let seen = relay.seen();
        assert!(seen.contains("/api/login") && seen.contains("/api/agent"));
        for secret in [
            PASSWORD.to_owned(),
            hex::encode(PASSWORD),
            hex::encode(key(&home.path())),
        ] {
            assert!(!seen.contains(&secret), "{seen}");
        }
        redirect(&home, target);
    }
}

#[test]
fn nothing_that_was_forwarded_is_a_session() {
    let (home, server) = served();
    let relay = Relay::start("127.0.0.1:0", Some(server.authority().parse().unwrap()));
    redirect(&home, relay.address);
    home.run(["sign", "m"]).prints();
    let seen = relay.seen();
    let words = seen.split(|c: char| !c.is_ascii_hexdigit());
    let mut tried = 0;
    for text in words.filter(|word| word.len() >= 64) {
        for start in 0..=text.len() - 64 {
            let session = &text[start..start + 64];
            let run = home.run(["status"]).session(session);
            assert_eq!(run.json()["session"]["live"], false);
            tried += 1;
        }
    }
    assert!(tried > 3, "{seen}");
}

#[test]
fn who_took_the_port_of_a_killed_server_is_not_believed() {
    let (home, mut server) = served();
    server.kill();
    let squatter = Relay::start(server.authority(), None);
    assert_eq!(home.run(["status"]).json()["server"], Value::Null);
    let done = home.run(["login", "--server"]).password().done();
    assert_eq!((done.code, done.stdout.len()), (1, 0), "{}", done.stderr);
    home.run(["sign", "m"]).password().prints();
    let seen = squatter.seen();
    assert!(seen.contains("/api/prove") && !seen.contains(PASSWORD));
    assert!(!seen.contains("/api/login"), "{seen}");
}

#[test]
fn a_server_with_another_key_is_not_believed() {
    let (home, server) = served();
    let path = server_file(&home.path());
    let mut file: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    file["key"] = json!(hex::encode([1; 32]));
    fs::write(&path, file.to_string()).unwrap();
    let url = &server.url;
    home.run(["login", "--server"]).password().fails(
        5,
        &format!(
            "error: `{url}` did not prove that it is the server of this wallet
hint: nothing secret was sent; `tokenpass status` shows the server of this wallet\n"
        ),
    );
    home.run(["sign", "m"]).fails(4, NO_PASSWORD);
}

#[test]
fn a_server_of_another_wallet_is_named_as_that() {
    let (home, server) = served();
    let other = Home::registered();
    let refusal = format!(
        "error: `{}` is the server of another wallet
hint: nothing secret was sent; choose that wallet with `--home DIR`\n",
        server.url
    );
    let login = || other.run(["login", "--server", &server.url]).password();
    login().fails(5, &refusal);
    let seen = || {
        let status = other.run(["status"]).env("TOKENPASS_PORT", server.port());
        let status = status.json();
        (status["server"].clone(), status["otherServer"].clone())
    };
    let named = |proven: bool| json!({"url": server.url, "unlocked": true, "proven": proven});
    assert_eq!(seen(), (Value::Null, named(false)));
    // Even with the file that proves it.
    fs::copy(server_file(&home.path()), server_file(&other.path())).unwrap();
    login().fails(5, &refusal);
    assert_eq!(seen(), (Value::Null, named(true)));
    other.run(["sign", "m"]).fails(4, NO_PASSWORD);
}

#[test]
fn there_is_one_server_a_home() {
    let (home, server) = served();
    home.run(["serve", "--listen", "127.0.0.1:0"]).fails(
        6,
        &format!(
            "error: a server of this wallet is running already at `{}` (process {})
hint: `tokenpass status` shows it; stop that one first, or choose another wallet with `--home DIR`\n",
            server.url,
            server.pid(),
        ),
    );
    home.run(["sign", "m"]).prints();
}

#[test]
fn of_two_servers_that_start_at_once_one_is_there() {
    let home = Home::registered();
    let start = || {
        tokenpass(&home.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "off"])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut servers: Vec<_> = (0..4).map(|_| start()).collect();
    // A server that runs prints its address; one that does not just ends.
    let mut running = 0;
    for server in &mut servers {
        let mut byte = [0];
        let stdout = server.stdout.as_mut().unwrap();
        if std::io::Read::read(stdout, &mut byte).unwrap() == 1 {
            running += 1;
        } else {
            assert_eq!(server.wait().unwrap().code(), Some(6));
        }
    }
    assert_eq!(running, 1);
    for mut server in servers {
        let _ = server.kill();
        server.wait().unwrap();
    }
}

#[test]
fn a_killed_server_leaves_nothing_in_the_way() {
    let (home, mut server) = served();
    server.kill();
    assert!(server_file(&home.path()).exists());
    assert_eq!(home.run(["status"]).json()["server"], Value::Null);
    home.run(["sign", "m"]).fails(4, NO_PASSWORD);
    home.run(["sign", "m"]).password().prints();
    let done = home.run(["login", "--server"]).password().done();
    assert_eq!(done.code, 1, "{}", done.stderr);
    let _server = RunningServer::start(&home, &["--unlock"]);
    home.run(["sign", "m"]).prints();
}

#[cfg(unix)]
#[test]
fn the_file_is_private_and_goes_with_the_server() {
    use std::os::unix::fs::PermissionsExt;
    let (home, mut server) = served();
    let file = server_file(&home.path());
    let mode = || file.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    home.run(["sign", "m"]).fails(4, NO_PASSWORD);
    fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    home.run(["sign", "m"]).prints();
    assert_eq!(server.stop(), Some(0));
    assert!(!file.exists());
    home.run(["login", "--server"]).password().fails(
        1,
        "error: no server of this wallet is running\nhint: start one with `tokenpass serve`\n",
    );
}

/// The system and the shell both tell of it.
#[test]
fn a_server_whose_terminal_closes_ends_as_it_should() {
    let (home, mut server) = served();
    server.signal(Signal::HUP);
    server.signal(Signal::HUP);
    assert_eq!(server.wait(), Some(0));
    assert!(!server_file(&home.path()).exists());
}

#[test]
fn a_server_that_is_to_outlive_its_terminal_does() {
    let home = Home::registered();
    let mut command = tokenpass(&home.path());
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "off"]);
    let mut server = RunningServer::run(&mut under(&command, "nohup", &[]));
    server.signal(Signal::HUP);
    assert_eq!(server.request("GET", "/api/status").send().status, 200);
    assert_eq!(server.stop(), Some(0));
}

/// As one does that was stopped (`kill -STOP`).
#[test]
fn a_server_that_answers_nothing_is_told_from_none() {
    let (home, _server) = served();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    redirect(&home, address);
    home.run(["login", "--server"]).password().fails(
        1,
        &format!(
            "error: no TokenPass server at `http://{address}`: it does not answer in time
hint: start one with `tokenpass serve`\n"
        ),
    );
}

/// To open a pipe would wait for somebody to write.
#[test]
fn a_pipe_in_the_files_place_is_told_and_not_waited_for() {
    let home = Home::registered();
    let file = server_file(&home.path());
    let made = Command::new("mkfifo")
        .args(["-m", "600"])
        .arg(&file)
        .status();
    assert!(made.unwrap().success());
    home.run(["sign", "m"]).fails(4, NO_PASSWORD);
    home.run(["login", "--server"]).password().fails(
        1,
        &format!(
            "error: cannot use `{}`: it is not a file
hint: stop the server, remove the file, and start the server again\n",
            file.display()
        ),
    );
}
