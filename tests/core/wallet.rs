//! The wallet, used as an embedder uses it: a fresh home each time, and a clock
//! that the test moves.

use std::sync::Once;
use std::time::Duration;

use serde_json::json;
use tokenpass::testing::crypto::mnemonic::Mnemonic;
use tokenpass::testing::crypto::secret::Password;
use tokenpass::testing::wallet::{
    Asker, Ending, Event, Expiry, Grant, Host, ImportSource, KeySelector, Merge, OriginStatus,
    Page, Recipient, Registration, Replace, Revoke, Right, Scope, Scopes, Sender, Signer, Wallet,
    WalletError, WordCount,
};

use crate::support::{Home, PASSWORD};

fn password() -> Password {
    Password::new(PASSWORD.into())
}

fn wrong() -> Password {
    Password::new("wrong horse".into())
}

fn host(text: &str) -> Host {
    text.parse().unwrap()
}

fn grant(scopes: &str, expiry: Expiry) -> Grant {
    Grant {
        host: host("example.com"),
        scopes: scopes.parse().unwrap(),
        expiry,
        icon: None,
        identity: None,
        max_satoshis: None,
    }
}

#[test]
fn looking_at_a_home_that_does_not_exist_makes_nothing() {
    let home = Home::new();
    let wallet = home.wallet();
    assert!(!wallet.exists().unwrap());
    assert!(!wallet.status(Page::first()).unwrap().exists);
    assert!(wallet.profile().unwrap().is_empty());
    assert!(wallet.origins().unwrap().is_empty());
    assert!(matches!(
        wallet.unlock(&password()),
        Err(WalletError::NoWallet)
    ));
    assert!(!wallet.home().exists());
}

#[test]
fn the_words_alone_restore_the_wallet() {
    let home = Home::new();
    let (_, registered) = home.register();
    let elsewhere = Home::new();
    let imported = elsewhere
        .wallet()
        .import(
            &password(),
            ImportSource::Mnemonic {
                mnemonic: Mnemonic::parse(&registered.mnemonic.expose_phrase()).unwrap(),
                passphrase: Password::new(String::new()),
            },
            Replace::No,
        )
        .unwrap();
    assert_eq!(imported.bap_id, registered.bap_id);
    let signer = Signer::Host(host("example.com"));
    let here = registered.wallet.sign(&signer, b"m").unwrap();
    let there = imported.wallet.sign(&signer, b"m").unwrap();
    assert_eq!(here.signature.to_string(), there.signature.to_string());
}

#[test]
fn a_second_wallet_is_refused_and_the_first_one_kept() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let again = wallet.register(&wrong(), Registration::default());
    assert!(matches!(again, Err(WalletError::WalletExists)));
    assert_eq!(
        wallet.status(Page::first()).unwrap().bap_id,
        Some(registered.bap_id)
    );
    assert!(wallet.unlock(&password()).is_ok());
}

#[test]
fn of_many_registrations_at_once_one_wins_and_its_record_is_whole() {
    let home = Home::new();
    let made: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| home.wallet().register(&password(), Registration::default())))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    let winners: Vec<_> = made.iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert!(
        made.iter()
            .all(|one| !matches!(one, Err(error) if !matches!(error, WalletError::WalletExists)))
    );
    let wallet = home.wallet();
    assert_eq!(
        wallet.status(Page::first()).unwrap().bap_id.as_ref(),
        Some(&winners[0].bap_id)
    );
    assert_eq!(
        wallet
            .unlock(&password())
            .unwrap()
            .identities()
            .unwrap()
            .primary()
            .unwrap()
            .id(),
        &winners[0].bap_id
    );
}

#[test]
fn twenty_four_words_on_request() {
    let home = Home::new();
    let registration = Registration {
        words: WordCount::TwentyFour,
        ..Registration::default()
    };
    let registered = home.wallet().register(&password(), registration).unwrap();
    assert_eq!(registered.mnemonic.word_count(), 24);
}

#[test]
fn short_passwords_are_refused_before_anything_is_made() {
    let home = Home::new();
    let short = Password::new("seven77".into());
    let refused = home.wallet().register(&short, Registration::default());
    assert!(matches!(refused, Err(WalletError::PasswordTooShort)));
    // Eight characters, though not eight bytes of ASCII.
    let umlauts = Password::new("äöüäöüäö".into());
    assert!(
        home.wallet()
            .register(&umlauts, Registration::default())
            .is_ok()
    );
}

#[test]
fn a_clock_that_leaps_ahead_and_back_deletes_nothing() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let unlocked = &registered.wallet;
    let grant = |expiry| {
        let grant = Grant {
            host: host("a.example"),
            scopes: Scopes::default(),
            expiry,
            icon: None,
            identity: None,
            max_satoshis: None,
        };
        unlocked.grant(&grant).unwrap().token
    };
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let leap = Duration::from_secs(40 * 24 * 60 * 60);
    let token = grant(Expiry::Day);
    let session = wallet.start_session(unlocked, week).unwrap();

    home.pass(leap);
    grant(Expiry::Day);
    wallet.start_session(unlocked, week).unwrap();
    let expired = wallet.authorize(token.expose());
    assert!(matches!(expired, Err(WalletError::TokenExpired)));
    assert!(wallet.resume(&session.key).is_err());

    home.set_back(leap);
    assert!(wallet.authorize(token.expose()).is_ok());
    assert!(wallet.resume(&session.key).is_ok());
    // Nor does it help to have been marked once.
    grant(Expiry::Day);
    home.pass(leap);
    grant(Expiry::Day);
    let expired = wallet.authorize(token.expose());
    assert!(matches!(expired, Err(WalletError::TokenExpired)));
    // What stays expired for its grace goes.
    home.pass(leap);
    grant(Expiry::Day);
    let gone = wallet.authorize(token.expose());
    assert!(matches!(gone, Err(WalletError::TokenUnknown)));
}

#[test]
fn a_changed_password_ends_what_was_unlocked_and_leaves_nothing_of_the_old_vault() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let ciphertext = || -> Vec<u8> {
        let db = rusqlite::Connection::open(home.path().join("seed.db")).unwrap();
        db.query_row("SELECT ciphertext FROM vault", [], |row| row.get(0))
            .unwrap()
    };
    let is_in_file = |part: &[u8]| {
        let file = std::fs::read(home.path().join("seed.db")).unwrap();
        file.windows(part.len()).any(|window| window == part)
    };
    let old = ciphertext();
    assert!(is_in_file(&old[..16]) && is_in_file(&old[old.len() - 16..]));
    assert_eq!(registered.wallet.ending().unwrap(), None);

    let new = Password::new("a new password".into());
    wallet.change_password(&password(), &new).unwrap();
    let ending = registered.wallet.ending().unwrap();
    assert_eq!(ending, Some(Ending::PasswordChanged));
    assert_eq!(ending.unwrap().to_string(), "the password was changed");
    assert!(old.chunks(16).all(|part| !is_in_file(part)));
    assert_eq!(wallet.unlock(&new).unwrap().ending().unwrap(), None);
}

#[cfg(unix)]
#[test]
fn a_home_that_was_moved_ends_what_was_unlocked_and_is_let_go() {
    use std::fs;
    let home = Home::new();
    let (wallet, registered) = home.register();
    let unlocked = &registered.wallet;
    assert_eq!(unlocked.ending().unwrap(), None);
    let (here, away) = (home.path(), home.beside("away"));
    fs::rename(&here, &away).unwrap();
    assert_eq!(unlocked.ending().unwrap(), Some(Ending::HomeMoved));
    assert!(!wallet.exists().unwrap());

    // Another one in its place, although with the same files.
    fs::create_dir(&here).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(&here, private).unwrap();
    for name in ["seed.db", "keys.db", "state.db"] {
        fs::copy(away.join(name), here.join(name)).unwrap();
    }
    let other = home.wallet().unlock(&password()).unwrap();
    fs::remove_dir_all(&here).unwrap();
    fs::rename(&away, &here).unwrap();
    assert_eq!(other.ending().unwrap(), Some(Ending::HomeMoved));

    // What is written goes to the home that is there.
    wallet.unlock(&password()).unwrap();
    assert_eq!(home.wallet().audit(None, 1).unwrap()[0].event, "unlocked");
}

#[test]
fn nobody_elses_guesses_slow_the_owner() {
    let home = Home::new();
    home.register();
    for asker in [Asker::Page, Asker::Other] {
        for _ in 0..20 {
            let _ = home.wallet().asked_by(asker).unlock(&wrong());
        }
        let refused = home.wallet().asked_by(asker).unlock(&password());
        assert!(matches!(refused, Err(WalletError::TooManyAttempts { .. })));
        assert!(home.wallet().unlock(&password()).is_ok());
        // The owner's right password does not excuse the others' guesses.
        let refused = home.wallet().asked_by(asker).unlock(&password());
        assert!(matches!(refused, Err(WalletError::TooManyAttempts { .. })));
    }
    for _ in 0..20 {
        let _ = home.wallet().unlock(&wrong());
    }
    assert!(home.wallet().unlock(&password()).is_err());
}

#[test]
fn wrong_passwords_cost_a_growing_wait_that_survives_a_restart() {
    let home = Home::new();
    home.register();
    for _ in 0..5 {
        assert!(matches!(
            home.wallet().unlock(&wrong()),
            Err(WalletError::WrongPassword)
        ));
    }
    // Even the right one waits now, in every process.
    for (wait, next) in [(1, 2), (2, 4)] {
        let refused = home.wallet().unlock(&password());
        assert!(
            matches!(refused, Err(WalletError::TooManyAttempts { retry_after }) if retry_after.as_secs() == wait)
        );
        home.pass(Duration::from_secs(wait));
        assert!(matches!(
            home.wallet().unlock(&wrong()),
            Err(WalletError::WrongPassword)
        ));
        let refused = home.wallet().unlock(&password());
        assert!(
            matches!(refused, Err(WalletError::TooManyAttempts { retry_after }) if retry_after.as_secs() == next)
        );
    }
    home.pass(Duration::from_secs(60));
    assert!(home.wallet().unlock(&password()).is_ok());
    // And the count starts anew.
    assert!(matches!(
        home.wallet().unlock(&wrong()),
        Err(WalletError::WrongPassword)
    ));
    assert!(home.wallet().unlock(&password()).is_ok());
}

#[test]
fn a_changed_password_opens_and_the_old_one_does_not() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let session = wallet
        .start_session(&registered.wallet, Duration::from_secs(60))
        .unwrap();
    let new = Password::new("battery staple".into());
    assert!(matches!(
        wallet.change_password(&wrong(), &new),
        Err(WalletError::WrongPassword)
    ));
    wallet.change_password(&password(), &new).unwrap();
    assert!(matches!(
        wallet.unlock(&password()),
        Err(WalletError::WrongPassword)
    ));
    assert!(wallet.unlock(&new).is_ok());
    assert!(matches!(
        wallet.resume(&session.key),
        Err(WalletError::SessionEnded)
    ));
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "release builds have one cost of key derivation: leave out `--release`"
)]
fn a_vault_sealed_cheaply_is_sealed_anew_at_unlock() {
    let home = Home::new();
    home.register();
    let dearer = home.wallet_at_cost(5);
    let warned = |wallet: &Wallet| {
        wallet
            .doctor()
            .iter()
            .any(|finding| finding.message.contains("iterations"))
    };
    assert!(warned(&dearer));
    dearer.unlock(&password()).unwrap();
    assert!(!warned(&dearer));
    assert!(dearer.unlock(&password()).is_ok());
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "release builds have one cost of key derivation: leave out `--release`"
)]
fn a_dearer_sealing_under_the_same_password_locks_nobody() {
    let home = Home::new();
    let (_, registered) = home.register();
    assert_eq!(registered.wallet.ending().unwrap(), None);
    let dearer = home.wallet_at_cost(5).unlock(&password()).unwrap();
    assert_eq!(registered.wallet.ending().unwrap(), None);
    assert_eq!(dearer.ending().unwrap(), None);
    let new = Password::new("a new password".into());
    dearer.wallet().change_password(&password(), &new).unwrap();
    for unlocked in [&registered.wallet, &dearer] {
        let ending = unlocked.ending().unwrap();
        assert_eq!(ending, Some(Ending::PasswordChanged));
    }
}

/// A handle that, the next time it looks at the clock, finds the password changed
/// by another process.
fn overtaken(home: &Home, wallet: &Wallet, theirs: &'static str) -> Wallet {
    let now = wallet.environment().now();
    let (other, once) = (home.wallet(), Once::new());
    let clock = move || {
        let change = || {
            let new = Password::new(theirs.into());
            other.change_password(&password(), &new).unwrap();
        };
        once.call_once(change);
        now
    };
    let environment = wallet.environment().clone().with_clock(clock);
    Wallet::open(home.path(), environment)
}

#[test]
#[cfg_attr(
    not(debug_assertions),
    ignore = "release builds have one cost of key derivation: leave out `--release`"
)]
fn a_password_that_another_process_changes_meanwhile_stays_theirs() {
    const THEIRS: &str = "the other password";
    let ours = Password::new("our new password".into());
    for change in [true, false] {
        let home = Home::new();
        home.register();
        let late = overtaken(&home, &home.wallet_at_cost(5), THEIRS);
        let refused = match change {
            true => late.change_password(&password(), &ours),
            // It would be sealed anew.
            false => late.unlock(&password()).map(drop),
        };
        assert!(
            matches!(refused, Err(WalletError::WrongPassword)),
            "{change}"
        );
        assert!(home.wallet().unlock(&Password::new(THEIRS.into())).is_ok());
        for lost in [&password(), &ours] {
            let refused = home.wallet().unlock(lost);
            assert!(matches!(refused, Err(WalletError::WrongPassword)));
        }
    }
}

#[test]
fn a_host_whose_key_cannot_be_noted_signs_only_if_the_disk_is_why() {
    let home = Home::new();
    let (_, registered) = home.register();
    let sign = |name: &str| registered.wallet.sign(&Signer::Host(host(name)), b"");
    sign("a.example").unwrap();
    home.refuse_rows("host_keys");
    assert!(sign("a.example").is_ok());
    assert!(matches!(sign("b.example"), Err(WalletError::Store(_))));
}

#[test]
fn a_session_that_somebody_made_longer_opens_nothing() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let session = wallet.start_session(&registered.wallet, Duration::from_secs(900));
    let key = session.unwrap().key;
    let db = rusqlite::Connection::open(home.path().join("state.db")).unwrap();
    let longer = "UPDATE sessions SET expires = expires + 1";
    assert_eq!(db.execute(longer, []).unwrap(), 1);
    assert!(wallet.session_expiry(&key).unwrap().is_some());
    assert!(home.wallet().resume(&key).is_err());
}

#[test]
fn an_end_is_an_event_where_something_has_ended() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let ended = || {
        let trail = wallet.audit(None, 10).unwrap();
        let count = |event: Event| {
            let of_it = trail.iter().filter(|entry| entry.event == event.as_str());
            of_it.count()
        };
        (count(Event::SessionsEnded), count(Event::Revoked))
    };
    assert_eq!(wallet.end_all_sessions().unwrap(), 0);
    assert_eq!(wallet.revoke(&Revoke::All).unwrap(), 0);
    assert_eq!(ended(), (0, 0));
    let session = wallet.start_session(&registered.wallet, Duration::from_secs(900));
    assert!(wallet.end_session(&session.unwrap().key).unwrap());
    assert_eq!(ended(), (1, 0));
}

#[test]
fn a_session_ends_by_time_by_logout_and_with_its_wallet() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let start = |wallet: &Wallet| {
        wallet
            .start_session(&registered.wallet, Duration::from_secs(900))
            .unwrap()
    };

    let session = start(&wallet);
    assert_eq!(
        wallet.session_expiry(&session.key).unwrap(),
        Some(session.expires)
    );
    assert!(home.wallet().resume(&session.key).is_ok());
    home.pass(Duration::from_secs(900));
    assert!(matches!(
        home.wallet().resume(&session.key),
        Err(WalletError::SessionEnded)
    ));
    assert_eq!(wallet.session_expiry(&session.key).unwrap(), None);

    let session = start(&wallet);
    assert!(wallet.end_session(&session.key).unwrap());
    assert!(!wallet.end_session(&session.key).unwrap());
    assert!(matches!(
        wallet.resume(&session.key),
        Err(WalletError::SessionEnded)
    ));

    let session = start(&wallet);
    let seed = Mnemonic::from_entropy(&[7; 16]).unwrap().seed("");
    wallet
        .import(&password(), ImportSource::Seed(seed), Replace::Yes)
        .unwrap();
    assert!(matches!(
        wallet.resume(&session.key),
        Err(WalletError::SessionEnded)
    ));
    assert_eq!(
        registered.wallet.ending().unwrap(),
        Some(Ending::WalletReplaced)
    );
}

#[test]
fn what_is_counted_follows_the_time_and_other_processes() {
    let home = Home::new();
    let (_, registered) = home.register();
    let ours = &registered.wallet;
    let counts = || ours.counts_up_to(2).unwrap();
    assert_eq!(counts(), (Some(0), Some(0)));
    ours.grant(&grant("sign", Expiry::Hour)).unwrap();
    let forever = ours.grant(&grant("sign", Expiry::Forever)).unwrap();
    assert_eq!(counts(), (Some(1), Some(2)));
    ours.grant(&grant("sign", Expiry::Hour)).unwrap();
    assert_eq!(counts(), (Some(1), None));
    home.pass(Duration::from_secs(3600));
    assert_eq!(counts(), (Some(1), Some(1)));
    let revoked = home.wallet().revoke(&Revoke::Id(forever.info.id)).unwrap();
    assert_eq!((revoked, counts()), (1, (Some(1), Some(0))));
}

#[test]
fn a_token_works_for_its_scopes_until_it_expires_or_is_revoked() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let granted = registered
        .wallet
        .grant(&grant("sign", Expiry::Hour))
        .unwrap();
    let info = home.wallet().authorize(granted.token.expose()).unwrap();
    assert_eq!(*info, granted.info);
    assert!(info.require(Scope::Sign).is_ok());
    assert!(matches!(
        info.require(Scope::Encrypt),
        Err(WalletError::ScopeMissing(Scope::Encrypt))
    ));
    assert!(
        wallet
            .authorize(&granted.token.expose().to_uppercase())
            .is_ok()
    );

    home.pass(Duration::from_secs(3600));
    assert!(matches!(
        wallet.authorize(granted.token.expose()),
        Err(WalletError::TokenExpired)
    ));
    assert!(wallet.tokens(None, Page::all()).unwrap().is_empty());

    let granted = registered
        .wallet
        .grant(&grant("", Expiry::Forever))
        .unwrap();
    assert_eq!(granted.info.expires, None);
    assert_eq!(
        home.wallet().revoke(&Revoke::Id(granted.info.id)).unwrap(),
        1
    );
    assert!(matches!(
        wallet.authorize(granted.token.expose()),
        Err(WalletError::TokenUnknown)
    ));
    assert!(matches!(
        wallet.authorize(""),
        Err(WalletError::TokenUnknown)
    ));
}

#[test]
fn what_another_wallet_left_behind_lets_nobody_in() {
    let (home, other) = (Home::new(), Home::new());
    let token = {
        let (_, registered) = home.register();
        let granted = registered.wallet.grant(&grant("sign", Expiry::Hour));
        granted.unwrap().token
    };
    other.register();
    std::fs::copy(other.path().join("seed.db"), home.path().join("seed.db")).unwrap();
    assert!(matches!(
        home.wallet().authorize(token.expose()),
        Err(WalletError::TokenUnknown)
    ));
}

#[test]
fn tokens_are_listed_by_page_and_revoked_by_host() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    for name in ["b.example", "a.example", "a.example"] {
        let grant = Grant {
            host: host(name),
            ..grant("sign", Expiry::Day)
        };
        registered.wallet.grant(&grant).unwrap();
    }
    let page = Page {
        offset: 1,
        limit: 1,
    };
    assert_eq!(
        wallet.tokens(None, page).unwrap()[0].host,
        host("a.example")
    );
    let status = wallet.status(page).unwrap();
    assert_eq!((status.tokens.len(), status.token_count), (1, 3));
    assert_eq!((status.hosts.len(), status.host_count), (1, 2));
    assert_eq!(wallet.revoke(&Revoke::Host(host("a.example"))).unwrap(), 2);
    assert_eq!(wallet.revoke(&Revoke::All).unwrap(), 1);
    assert_eq!(wallet.revoke(&Revoke::All).unwrap(), 0);
}

#[test]
fn the_disk_holds_no_token_no_word_and_no_name_of_an_identity_in_clear() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let granted = registered
        .wallet
        .grant(&grant("sign", Expiry::Forever))
        .unwrap();
    let session = wallet
        .start_session(&registered.wallet, Duration::from_secs(60))
        .unwrap();
    let export = wallet.export(&password()).unwrap();
    let root = export.root.expose_bytes();
    let mut secrets = vec![
        granted.token.expose().as_bytes().to_vec(),
        session.key.expose().as_bytes().to_vec(),
        root.to_vec(),
        hex::encode(*root).into_bytes(),
        b"correct horse".to_vec(),
        b"Primary Identity".to_vec(),
    ];
    // Two words at a time: some words, `public` say, are in the schema too.
    let phrase = registered.mnemonic.expose_phrase();
    let words: Vec<_> = phrase.split(' ').collect();
    secrets.extend(words.windows(2).map(|pair| pair.join(" ").into_bytes()));
    for entry in std::fs::read_dir(wallet.home()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for secret in &secrets {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
    }
}

#[test]
fn an_icon_is_a_url() {
    let home = Home::new();
    let (_, registered) = home.register();
    for (icon, fine) in [
        ("https://a.example/i.png", true),
        ("/icon", true),
        ("javascript:x", false),
        ("https://a\n", false),
    ] {
        let grant = Grant {
            icon: Some(icon.into()),
            ..grant("sign", Expiry::Once)
        };
        assert_eq!(registered.wallet.grant(&grant).is_ok(), fine, "{icon:?}");
    }
}

#[test]
fn what_is_encrypted_to_a_host_or_a_label_only_its_key_opens() {
    let home = Home::new();
    let (_, registered) = home.register();
    let wallet = &registered.wallet;
    let sealed = wallet
        .encrypt(&Recipient::Host(host("a.example")), b"secret")
        .unwrap();
    assert_eq!(
        *wallet
            .decrypt(&Sender::Host(host("a.example")), &sealed)
            .unwrap(),
        *b"secret"
    );
    let other = wallet.decrypt(&Sender::Host(host("b.example")), &sealed);
    assert!(matches!(other, Err(WalletError::CannotDecrypt)));

    let sealed = wallet
        .encrypt(
            &Recipient::Label {
                host: None,
                label: "bob".into(),
            },
            b"secret",
        )
        .unwrap();
    let from = |label: &str| Sender::Friend {
        host: None,
        label: label.into(),
        public_key: None,
    };
    assert_eq!(*wallet.decrypt(&from("bob"), &sealed).unwrap(), *b"secret");
    assert!(wallet.decrypt(&from("eve"), &sealed).is_err());
    assert!(wallet.decrypt(&from("bob"), &sealed[..40]).is_err());
}

#[test]
fn what_one_app_encrypts_for_a_label_no_other_app_opens() {
    let home = Home::new();
    let (_, registered) = home.register();
    let wallet = &registered.wallet;
    let apps = [None, Some(host("a.example")), Some(host("b.example"))];
    let friend_key = |host: &Option<Host>| {
        let (host, label) = (host.clone(), "alice".into());
        let key = wallet.public_key(&KeySelector::Friend { host, label });
        key.unwrap().public_key
    };
    let from = |host: &Option<Host>, public_key| Sender::Friend {
        host: host.clone(),
        label: "alice".into(),
        public_key,
    };
    for app in &apps {
        let to = Recipient::Label {
            host: app.clone(),
            label: "alice".into(),
        };
        let own = wallet.encrypt(&to, b"secret").unwrap();
        let to_friend_key = Recipient::PublicKey(friend_key(app));
        let from_friend = wallet.encrypt(&to_friend_key, b"secret").unwrap();
        for other in &apps {
            for sealed in [&own, &from_friend] {
                let opened = wallet.decrypt(&from(other, None), sealed);
                assert_eq!(opened.is_ok(), other == app, "{app:?} {other:?}");
            }
            assert_eq!(friend_key(other) == friend_key(app), other == app);
        }
    }
}

#[test]
fn the_profile_merges_removes_and_keeps_what_is_derived() {
    let home = Home::new();
    let wallet = home.wallet();
    let profile = json!({"displayName": "Alice"}).as_object().unwrap().clone();
    let registration = Registration {
        profile,
        ..Registration::default()
    };
    let registered = wallet.register(&password(), registration).unwrap();
    let patch = |value: serde_json::Value| value.as_object().unwrap().clone();
    wallet
        .update_profile(
            patch(json!({"paymail": "a@b.example", "n": {"deep": [1]}})),
            Merge::Keep,
        )
        .unwrap();
    wallet
        .update_profile(patch(json!({"displayName": null})), Merge::Keep)
        .unwrap();
    let expected = json!({"host": "global", "bapID": registered.bap_id, "paymail": "a@b.example", "n": {"deep": [1]}});
    assert_eq!(
        serde_json::Value::Object(home.wallet().profile().unwrap()),
        expected
    );
    for field in ["bapID", "host"] {
        let refused = wallet.update_profile(patch(json!({field: "x"})), Merge::Keep);
        assert!(matches!(refused, Err(WalletError::ReservedField(name)) if name == field));
    }
    let large = wallet.update_profile(patch(json!({"x": "y".repeat(300_000)})), Merge::Keep);
    assert!(matches!(large, Err(WalletError::TooLarge { .. })));
    wallet
        .update_profile(patch(json!({"a": 1})), Merge::Clear)
        .unwrap();
    assert_eq!(wallet.profile().unwrap().len(), 3);
}

#[test]
fn a_profile_that_is_too_large_makes_no_wallet() {
    let home = Home::new();
    let profile = json!({"logo": "x".repeat(300_000)});
    let registration = Registration {
        profile: profile.as_object().unwrap().clone(),
        ..Registration::default()
    };
    let refused = home.wallet().register(&password(), registration);
    assert!(matches!(refused, Err(WalletError::TooLarge { .. })));
    assert!(!home.wallet().exists().unwrap());
}

#[test]
fn each_host_has_its_own_state() {
    let home = Home::new();
    let (wallet, _) = home.register();
    let (a, b) = (host("a.example"), host("b.example"));
    let patch = json!({"x": 1}).as_object().unwrap().clone();
    wallet
        .update_host_state(&a, patch.clone(), Merge::Keep)
        .unwrap();
    assert_eq!(wallet.host_state(&a).unwrap(), patch);
    assert!(wallet.host_state(&b).unwrap().is_empty());
    wallet.clear_host_state(&a).unwrap();
    assert!(wallet.host_state(&a).unwrap().is_empty());
}

#[test]
fn origins_are_decided_once_and_pages_cannot_change_that() {
    let home = Home::new();
    let wallet = home.wallet();
    let origin = "https://example.com".parse().unwrap();
    wallet.note_pending_origin(&origin).unwrap();
    assert!(!wallet.is_origin_allowed(&origin).unwrap());
    wallet.allow_origin(&origin).unwrap();
    assert!(home.wallet().is_origin_allowed(&origin).unwrap());
    wallet.note_pending_origin(&origin).unwrap();
    assert!(wallet.is_origin_allowed(&origin).unwrap());
    wallet.deny_origin(&origin).unwrap();
    wallet.note_pending_origin(&origin).unwrap();
    assert!(!wallet.is_origin_allowed(&origin).unwrap());
    for n in 0..300 {
        wallet
            .note_pending_origin(&format!("https://{n}.example").parse().unwrap())
            .unwrap();
    }
    assert_eq!(wallet.origins().unwrap().len(), 101);
}

#[test]
fn the_audit_trail_tells_what_happened_and_no_secret() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let _ = wallet.unlock(&wrong());
    registered
        .wallet
        .grant(&grant("sign", Expiry::Hour))
        .unwrap();
    wallet.revoke(&Revoke::All).unwrap();
    wallet.export(&password()).unwrap();
    let trail = wallet.audit(None, 100).unwrap();
    let events: Vec<_> = trail.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(
        events,
        [
            "registered",
            "unlock-failed",
            "granted",
            "revoked",
            "exported"
        ]
    );
    assert_eq!(trail[2].subject, "example.com");
    assert_eq!(trail[2].detail, "sign for 1h");
    home.pass(Duration::from_secs(1));
    assert!(
        wallet
            .audit(Some(wallet.environment().now()), 100)
            .unwrap()
            .is_empty()
    );
    assert_eq!(wallet.audit(None, 2).unwrap().len(), 2);
}

#[test]
fn a_flipped_bit_in_the_vault_is_damage_not_a_wrong_password() {
    let home = Home::new();
    home.register();
    let path = home.path().join("seed.db");
    for column in [
        "version",
        "kdf",
        "iterations",
        "salt",
        "iv",
        "ciphertext",
        "mac",
        "checksum",
    ] {
        let db = rusqlite::Connection::open(&path).unwrap();
        let whole: rusqlite::types::Value = db
            .query_row(&format!("SELECT {column} FROM vault"), [], |row| row.get(0))
            .unwrap();
        let flipped = match whole.clone() {
            rusqlite::types::Value::Blob(mut bytes) => {
                bytes[3] ^= 0x10;
                rusqlite::types::Value::Blob(bytes)
            }
            rusqlite::types::Value::Integer(n) => rusqlite::types::Value::Integer(n ^ 1),
            other => other,
        };
        assert_ne!(whole, flipped);
        let set = format!("UPDATE vault SET {column} = ?");
        db.execute(&set, [&flipped]).unwrap();
        let error = home.wallet().unlock(&password()).map(drop).unwrap_err();
        assert!(error.to_string().contains("damaged"), "{column}: {error}");
        assert!(
            home.wallet()
                .doctor()
                .iter()
                .any(|finding| finding.message.contains("damaged"))
        );
        db.execute(&set, [&whole]).unwrap();
    }
    assert!(home.wallet().unlock(&password()).is_ok());
}

#[test]
fn a_truncated_vault_is_named_and_left_alone() {
    let home = Home::new();
    drop(home.register());
    let path = home.path().join("seed.db");
    let whole = std::fs::read(&path).unwrap();
    for length in [0, 1, 50, 1000, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let error = home.wallet().unlock(&password()).map(drop).unwrap_err();
        assert!(error.to_string().contains("damaged"), "{length}: {error}");
        assert!(error.to_string().contains("seed.db"), "{length}: {error}");
        let refused = home.wallet().register(&password(), Registration::default());
        assert!(refused.is_err(), "{length}");
        assert_eq!(std::fs::read(&path).unwrap(), &whole[..length]);
    }
    std::fs::write(&path, &whole).unwrap();
    assert!(home.wallet().unlock(&password()).is_ok());
}

#[test]
fn scopes_of_a_grant_are_least_by_default() {
    assert_eq!(Scopes::default().iter().count(), 0);
    assert_eq!(Expiry::default(), Expiry::Once);
}

#[test]
fn a_token_expires_while_it_is_in_use() {
    let home = Home::new();
    let (_, registered) = home.register();
    let unlocked = &registered.wallet;
    let grant = Grant {
        host: host("a.example"),
        scopes: Scopes::default(),
        expiry: Expiry::Day,
        icon: None,
        identity: None,
        max_satoshis: None,
    };
    let token = unlocked.grant(&grant).unwrap().token;
    for _ in 0..3 {
        assert!(unlocked.authorize(token.expose()).is_ok());
    }
    home.pass(Duration::from_secs(24 * 60 * 60));
    let expired = unlocked.authorize(token.expose());
    assert!(matches!(expired, Err(WalletError::TokenExpired)));
}

#[test]
fn a_permission_is_asked_for_until_it_is_decided_and_all_counts_for_each() {
    let home = Home::new();
    let (wallet, registered) = home.register();
    let unlocked = &registered.wallet;
    let app = host("app.example");
    let right = |text: &str| text.parse::<Right>().unwrap();
    let (all, own) = (right("everything"), right("1 some tests"));
    let status = || unlocked.permission(&app, &own).unwrap();
    assert_eq!(status(), None);
    unlocked.note_pending_permission(&app, &own).unwrap();
    assert_eq!(status(), Some(OriginStatus::Pending));
    // By another process.
    home.wallet().allow_permission(&app, &all).unwrap();
    assert_eq!(status(), Some(OriginStatus::Approved));
    wallet.deny_permission(&app, &own).unwrap();
    assert_eq!(status(), Some(OriginStatus::Denied));
    unlocked.note_pending_permission(&app, &own).unwrap();
    assert_eq!(status(), Some(OriginStatus::Denied));
    let listed = wallet.permissions().unwrap().into_iter();
    let listed: Vec<_> = listed.map(|one| (one.right, one.status)).collect();
    let known = [(all, OriginStatus::Approved), (own, OriginStatus::Denied)];
    assert!(listed.len() == 2 && known.iter().all(|one| listed.contains(one)));
}
