//! Two processes on one home, and the limiter that they share.

use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use serde_json::json;
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::server::{ServeError, Server};
use tokenpass::testing::wallet::{Expiry, Grant, Replace, Revoke};

use crate::harness::{Home, PASSWORD, options};
use crate::support::http::Answer;

#[test]
fn a_home_has_one_server_and_the_next_goes_on_where_it_stopped() {
    let home = Home::new();
    let first = home.serve_registered();
    let token = first.token("sign");
    let second = Server::start(home.wallet(), options());
    match second.map(drop) {
        Err(ServeError::AlreadyRunning { address, pid }) => {
            assert_eq!(address.unwrap().port(), first.port());
            assert_eq!(pid, Some(std::process::id()));
        }
        other => panic!("{other:?}"),
    }
    drop(first);
    let second = home.serve();
    second.login();
    let signed = second.post("/api/sign", json!({"message": "m"}));
    signed.token(&token).send().ok();
}

#[test]
fn what_another_process_grants_and_revokes_counts_at_once() {
    let home = Home::new();
    let site = home.serve_registered();
    let handle = home.wallet();
    let unlocked = handle.unlock(&Password::new(PASSWORD.into())).unwrap();
    let granted = unlocked
        .grant(&Grant {
            host: "example.com".parse().unwrap(),
            scopes: "sign".parse().unwrap(),
            expiry: Expiry::Forever,
            icon: None,
            identity: None,
            max_satoshis: None,
        })
        .unwrap();
    let sign = |token: &str| {
        site.post("/api/sign", json!({"message": "m"}))
            .token(token)
            .send()
    };
    // Also of a token that the server has looked up before.
    for _ in 0..3 {
        sign(granted.token.expose()).ok();
    }
    handle.revoke(&Revoke::Id(granted.info.id)).unwrap();
    sign(granted.token.expose()).refused(401, 3);

    let token = site.token("sign");
    sign(&token).ok();
    handle
        .revoke(&Revoke::Host("example.com".parse().unwrap()))
        .unwrap();
    sign(&token).refused(401, 3);
    assert_eq!(site.get("/api/status").send().ok()["states"], json!([]));
}

#[test]
fn a_server_locks_when_the_password_was_changed() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    let sign = || {
        let request = site.post("/api/sign", json!({"message": "m"}));
        request.token(&token).send()
    };
    sign().ok();
    let (old, new) = (PASSWORD, "quite another password");
    let secret = |text: &str| Password::new(text.into());
    home.wallet()
        .change_password(&secret(old), &secret(new))
        .unwrap();
    sign().refused(401, 1);
    assert_eq!(site.get("/api/status").send().ok()["unlocked"], false);
    let login = |password| site.post("/api/login", json!({"password": password}));
    login(old).send().refused(401, 8);
    login(new).send().ok();
    sign().ok();
}

#[cfg(unix)]
#[test]
fn a_server_locks_when_its_home_is_gone() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    let sign = || {
        let request = site.post("/api/sign", json!({"message": "m"}));
        request.token(&token).send()
    };
    let away = home.beside("away");
    std::fs::rename(home.path(), &away).unwrap();
    sign().refused(417, 10);
    let status = site.get("/api/status").send().ok();
    assert_eq!(
        (&status["seed"], &status["unlocked"]),
        (&json!(false), &json!(false))
    );
    let login = json!({"password": PASSWORD});
    site.post("/api/login", login).send().refused(417, 10);

    if home.path().exists() {
        std::fs::remove_dir_all(home.path()).unwrap();
    }
    std::fs::rename(&away, home.path()).unwrap();
    sign().refused(401, 1);
    site.login();
    sign().ok();
}

#[test]
fn a_wallet_that_another_process_replaced_is_locked_here() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign,read_state");
    let other = Home::new();
    other.serve_registered();
    let secret = || Password::new(PASSWORD.into());
    let seed = other.wallet().export(&secret()).unwrap().seed.unwrap();
    let source = tokenpass::testing::wallet::ImportSource::Seed(seed);
    home.wallet()
        .import(&secret(), source, Replace::Yes)
        .unwrap();
    site.get("/api/state").token(&token).send().refused(401, 1);
    site.post("/api/profile", json!({"a": 1}))
        .send()
        .refused(401, 1);
    assert_eq!(site.get("/api/status").send().ok()["unlocked"], false);
    site.login();
    site.get("/api/state").token(&token).send().refused(401, 3);
}

#[test]
fn guesses_are_slowed_down_over_a_restart_and_never_the_owner() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("sign");
    // Not the owner's program, but somebody behind a proxy.
    let from = |site: &crate::harness::Site, n: usize, path: &str, body: &serde_json::Value| {
        site.post(path, body.clone())
            .header("X-Forwarded-For", &format!("10.0.0.{n}"))
            .send()
    };
    let wrong = json!({"password": "wrong horse"});
    let guess = |n: usize| from(&site, n, "/api/login", &wrong);
    for n in 0..5 {
        guess(n).refused(401, 8);
    }
    let wait = |answer: &crate::harness::Answer| {
        answer.refused(429, 12);
        answer
            .header("Retry-After")
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let mut last = 0;
    for n in 5..12 {
        let seconds = wait(&guess(n));
        assert!(seconds > last || seconds == 60, "{seconds} after {last}");
        last = seconds;
        home.pass(Duration::from_secs(seconds));
        guess(n).refused(401, 8);
    }
    assert_eq!(last, 60);
    // The right password waits as well, on every endpoint that takes one;
    let right = json!({"password": PASSWORD, "host": "example.com"});
    for path in ["/api/login", "/api/export", "/api/auth"] {
        assert_eq!(wait(&from(&site, 99, path, &right)), 60, "{path}");
    }
    // the owner does not wait, and who has a token goes on.
    for path in ["/api/login", "/api/export", "/api/auth"] {
        site.post(path, right.clone()).send().ok();
    }
    assert!(
        home.wallet()
            .unlock(&Password::new(PASSWORD.into()))
            .is_ok()
    );
    let sign = site
        .post("/api/sign", json!({"message": "m"}))
        .token(&token);
    sign.send().ok();
    drop(site);

    let site = home.serve();
    let login = || from(&site, 99, "/api/login", &right);
    assert_eq!(wait(&login()), 60);
    site.login();
    home.pass(Duration::from_secs(60));
    login().ok();
    from(&site, 99, "/api/login", &wrong).refused(401, 8);
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "release builds derive keys too fast to be overtaken: leave out `--release`"
)]
fn signing_goes_on_while_passwords_are_tried() {
    const GUESSERS: usize = 8;
    // Slow enough to be overtaken.
    let home = Home::at_cost(400_000);
    let site = home.serve_registered();
    let token = site.token("sign");
    let (answered, answers) = channel();
    thread::scope(|scope| {
        for _ in 0..GUESSERS {
            let guess = site.post("/api/login", json!({"password": "wrong horse"}));
            let answered = answered.clone();
            scope.spawn(move || answered.send(guess.send().status).unwrap());
        }
        // One is told to come back: so others wait for their turn.
        let answered = answers.iter().take_while(|status| *status != 429).count();
        let sign = site.post("/api/sign", json!({"message": "m"}));
        sign.token(&token).send().ok();
        let answered = answered + 1 + answers.try_iter().count();
        assert!(answered < GUESSERS, "every guess was answered first");
    });
}

#[test]
fn one_of_many_registrations_wins() {
    let home = Home::new();
    let site = home.serve();
    let statuses: Vec<u16> = thread::scope(|scope| {
        let threads: Vec<_> = (0..6)
            .map(|_| {
                let register = site.post("/api/register", json!({"password": PASSWORD}));
                scope.spawn(move || register.send().status)
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 409).count(),
        5,
        "{statuses:?}"
    );
    site.token("sign");
}

#[test]
fn a_token_that_floods_waits_and_others_do_not() {
    let home = Home::new();
    let granting = home.serve_registered();
    let [careless, careful] = ["careless.example", "careful.example"]
        .map(|host| granting.token_for(host, "read_profile"));
    drop(granting);
    let site = home.serve_as(tokenpass::testing::server::ServeOptions {
        requests_per_second: 1,
        ..options()
    });
    site.login();
    let read = |token: &str| site.get("/api/profile").token(token).send();
    read(&careless).ok();
    let answer = read(&careless);
    answer.refused(429, 12);
    assert_eq!(answer.header("Retry-After"), Some("1"));
    read(&careful).ok();
}

#[test]
fn a_made_up_token_has_no_allowance_of_its_own() {
    let home = Home::new();
    let granting = home.serve_registered();
    let token = granting.token("sign");
    drop(granting);
    let site = home.serve_as(tokenpass::testing::server::ServeOptions {
        requests_per_second: 3,
        ..options()
    });
    site.login();
    let sign = |token: &str| {
        site.post("/api/sign", json!({"message": "m"}))
            .token(token)
            .send()
    };
    let made_up = (0..10).map(|n| sign(&format!("made up {n}")));
    let refused = made_up.filter(|answer| answer.status == 429).count();
    assert!(refused >= 7, "{refused}");
    // Whoever holds a token is not the one to pay for it.
    sign(&token).ok();
}

#[test]
fn a_page_that_floods_our_pages_takes_nothing_from_the_owners_programs() {
    let home = Home::new();
    let site = home.serve_as(tokenpass::testing::server::ServeOptions {
        requests_per_second: 3,
        ..options()
    });
    let image = || {
        let request = site
            .get("/api/auth/icon")
            .header("Sec-Fetch-Site", "cross-site");
        request.header("Sec-Fetch-Mode", "no-cors").send()
    };
    let script = || {
        let request = site.get("/oauth2/jwks").origin("https://evil.example");
        request.send()
    };
    for flood in [&image as &dyn Fn() -> Answer, &script] {
        assert!((0..10).any(|_| flood().status == 429));
        site.get("/api/status").send().ok();
    }
}
