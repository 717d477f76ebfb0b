//! The server, killed while it answers: through the API, and what OAuth gives.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::client::{
    APP, CALLBACK, VERIFIER, encoded, hidden_fields, navigation, parameter, request, ticked_scopes,
};
use crate::kills::{Kills, moment_in};
use crate::state::{assert_sound, full_home, is_as_before, state};
use crate::support::http::{Request, connect};
use crate::support::serve::RunningServer;
use crate::support::{Home, PASSWORD};

/// An answer that arrived whole.
struct Answered {
    head: String,
    body: Vec<u8>,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Where the browser is sent.
    fn location(&self) -> &str {
        let line = self
            .head
            .lines()
            .find(|line| line.starts_with("Location: "));
        line.unwrap().trim_start_matches("Location: ")
    }
}

/// Sends a request; `None` where the server is gone before it has answered all of
/// it, or has refused it.
fn ask(request: &Request) -> Option<Answered> {
    let mut stream = connect(request.address());
    let _ = stream.write_all(&request.to_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let body = answer.split_off(end);
    let head = String::from_utf8(answer).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))?;
    let good = head.starts_with("HTTP/1.1 2") || head.starts_with("HTTP/1.1 3");
    (good && length.parse() == Ok(body.len())).then_some(Answered { head, body })
}

fn serve(home: &Home) -> RunningServer {
    RunningServer::start(home, &["--unlock"])
}

/// Sends a request, and kills the server after that long. What was answered, and
/// how long that took.
fn ask_and_kill(
    server: &mut RunningServer,
    request: &Request,
    kill_after: Option<Duration>,
) -> (Option<Answered>, Duration) {
    let pid = Pid::from_raw(server.pid().try_into().unwrap()).unwrap();
    let start = Instant::now();
    let killer = kill_after.map(|wait| {
        thread::spawn(move || {
            thread::sleep(wait);
            kill_process(pid, Signal::KILL).unwrap();
        })
    });
    let answered = ask(request);
    let took = start.elapsed();
    if let Some(killer) = killer {
        killer.join().unwrap();
        server.kill();
    }
    (answered, took)
}

/// Does something so many times, and kills the server meanwhile.
fn kill_each(
    times: u32,
    template: &Home,
    ask: impl Fn(&RunningServer) -> Request,
    check: impl Fn(&Home, Option<Answered>),
) {
    let whole = template.copy();
    let mut server = serve(&whole);
    let request = ask(&server);
    let (answered, took) = ask_and_kill(&mut server, &request, None);
    assert!(answered.is_some(), "{} {}", request.method, request.target);
    drop(server);
    for _ in 0..times {
        let home = template.copy();
        let mut server = serve(&home);
        let request = ask(&server);
        // The server starts to answer some time after the client starts to ask.
        let (answered, _) = ask_and_kill(&mut server, &request, Some(moment_in(took * 2)));
        drop(server);
        assert_sound(&home, &request.target);
        check(&home, answered);
    }
}

fn owner(server: &RunningServer, method: &str, path: &str, body: Value) -> Request {
    server.request(method, path).json(body)
}

fn kill_the_api(times: u32) {
    let template = full_home();
    let before = state(&template);
    let asked: [fn(&RunningServer) -> Request; 3] = [
        |server| {
            let body = json!({"host": "b.example", "password": PASSWORD, "expire": "1h"});
            owner(server, "POST", "/api/auth", body)
        },
        |server| {
            owner(
                server,
                "POST",
                "/api/profile",
                json!({"displayName": "Eve"}),
            )
        },
        |server| owner(server, "POST", "/api/identity", json!({"name": "Club"})),
    ];
    let mut kills = Kills::default();
    for asked in asked {
        let whole = template.copy();
        ask(&asked(&serve(&whole))).unwrap();
        let after = state(&whole);
        let counted = std::cell::Cell::new((0, 0));
        kill_each(times, &template, asked, |home, answered| {
            let left = state(home);
            let is_done = left == after;
            assert!(is_done || is_as_before(&left, &before), "{left:#?}");
            assert!(is_done || answered.is_none(), "it was answered: {left:#?}");
            if let Some(token) =
                answered.and_then(|it| Some(it.json()["accessToken"].as_str()?.to_owned()))
            {
                home.wallet_now().authorize(&token).unwrap();
            }
            let (before, after) = counted.get();
            counted.set((before + u32::from(!is_done), after + u32::from(is_done)));
        });
        kills.before += counted.get().0;
        kills.after += counted.get().1;
    }
    assert!(kills.before > 0 && kills.after > 0, "{kills:?}");
}

/// The form of the consent page, filled in.
fn consent(server: &RunningServer) -> Request {
    let target = format!(
        "/oauth2/authorize?{}",
        encoded(&request("openid sign offline_access"))
    );
    let page = navigation(server.request("GET", &target)).send();
    let mut form = hidden_fields(page.text());
    form.insert("password".into(), PASSWORD.into());
    form.insert("decision".into(), "allow".into());
    form.insert("expire".into(), "1h".into());
    let mut fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let scopes = ticked_scopes(page.text());
    fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
    let origin = format!("http://localhost:{}", server.port());
    navigation(form_of(server, "/oauth2/authorize", &fields))
        .header("Sec-Fetch-Site", "same-origin")
        .origin(&origin)
}

fn form_of(server: &RunningServer, target: &str, fields: &[(&str, &str)]) -> Request {
    let request = server.request("POST", target);
    request.bytes(
        "application/x-www-form-urlencoded",
        encoded(fields).as_bytes(),
    )
}

fn code_in(answered: &Answered) -> String {
    parameter(answered.location(), "code").unwrap()
}

fn redeem(server: &RunningServer, code: &str) -> Request {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    form_of(server, "/oauth2/token", &fields)
}

fn refresh(server: &RunningServer, token: &str) -> Request {
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", APP),
        ("refresh_token", token),
    ];
    form_of(server, "/oauth2/token", &fields)
}

/// An answer's tokens work after the next start, and their grant goes on.
fn assert_tokens_work(home: &Home, answered: &Answered) {
    let tokens = answered.json();
    let access = tokens["access_token"].as_str().unwrap();
    home.wallet_now().authorize(access).unwrap();
    let server = serve(home);
    let renewed = ask(&refresh(&server, tokens["refresh_token"].as_str().unwrap()));
    assert!(renewed.is_some());
}

fn kill_oauth(times: u32) {
    let template = full_home();
    kill_each(times, &template, consent, |home, answered| {
        let server = serve(home);
        match answered {
            Some(answered) => assert!(ask(&redeem(&server, &code_in(&answered))).is_some()),
            // The person asks again.
            None => assert!(ask(&consent(&server)).is_some()),
        }
    });

    let with_code = template.copy();
    let code = code_in(&ask(&consent(&serve(&with_code))).unwrap());
    let redeemed = |server: &RunningServer| redeem(server, &code);
    kill_each(times, &with_code, redeemed, |home, answered| {
        match answered {
            Some(answered) => assert_tokens_work(home, &answered),
            // It is used or it is not; what nobody got nobody has.
            None => {
                let again = ask(&redeem(&serve(home), &code));
                again.inspect(|tokens| assert_tokens_work(home, tokens));
            }
        }
    });

    let with_tokens = with_code.copy();
    let tokens = ask(&redeem(&serve(&with_tokens), &code)).unwrap().json();
    let token = tokens["refresh_token"].as_str().unwrap();
    let refreshed = |server: &RunningServer| refresh(server, token);
    kill_each(
        times,
        &with_tokens,
        refreshed,
        |home, answered| match answered {
            Some(answered) => assert_tokens_work(home, &answered),
            None => {
                let again = ask(&refresh(&serve(home), token));
                again.inspect(|tokens| assert_tokens_work(home, tokens));
            }
        },
    );
}

#[test]
fn a_server_that_is_killed_has_done_what_it_answered() {
    kill_the_api(8);
}

#[test]
fn what_oauth_gave_before_a_kill_works_after_it() {
    kill_oauth(8);
}

#[test]
#[ignore = "takes minutes"]
fn a_server_that_is_killed_many_times_has_done_what_it_answered() {
    kill_the_api(150);
    kill_oauth(150);
}
