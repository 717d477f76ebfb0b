//! Dated backups in a folder, and those that are made by a schedule.

use std::fs;
use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tokenpass::Password;
use tokenpass::testing::crypto::backup_file::{BackupFileError, MAX_TEXT_LEN};
use tokenpass::testing::platform::files;
use tokenpass::testing::wallet::{
    BackedUp, BackupFolder, ImportSource, Merge, Registration, Replace, Schedule, Timestamp,
    UnlockedWallet, Wallet, WalletError, backups_in, read_backup,
};

use crate::support::{Home, PASSWORD};

const PASSPHRASE: &str = "passphrase";

fn password(text: &str) -> Password {
    Password::new(text.to_owned())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn set(wallet: &Wallet, value: u32) {
    let patch = [("field".to_owned(), json!(value))].into_iter().collect();
    wallet.update_profile(patch, Merge::Keep).unwrap();
}

fn unsaved(wallet: &Wallet) -> bool {
    wallet.backup_status().unwrap().unwrap().unsaved
}

#[test]
fn the_newest_stay_whatever_the_clock_says_and_nobody_elses_go() {
    let home = Home::new();
    let (wallet, _) = home.register();
    let folder = home.beside("folder");
    files::create_private_dir(&folder).unwrap();
    let back_up = |keep: u32| {
        let to = BackupFolder {
            path: folder.clone(),
            keep: NonZeroU32::new(keep),
        };
        wallet
            .back_up(&password(PASSWORD), &password(PASSPHRASE), &to)
            .unwrap()
    };
    assert!(unsaved(&wallet));
    let first = back_up(0).file;
    assert_eq!(files::looser_than_private(&first).unwrap(), None);
    assert!(!unsaved(&wallet));
    // Like ours, but for a letter; another home's; a folder that is called so.
    let id = name(&first).split('-').nth(1).unwrap();
    let others = [
        format!("tokenpass-{id}-20200101T000000Z.bep.tmp"),
        format!("tokenpass-{id}-20200101T000000.bep"),
        format!("tokenpass-{id}-20201301T000000Z.bep"),
        "tokenpass-00112233aabb-20200101T000000Z.bep".to_owned(),
        "wallet.bep".to_owned(),
    ];
    for other in &others {
        fs::write(folder.join(other), "x").unwrap();
    }
    fs::create_dir(folder.join(format!("tokenpass-{id}-20200101T000000Z.bep"))).unwrap();
    let theirs = names(&folder).len() - 1;

    home.set_back(Duration::from_secs(3600));
    let second = back_up(1);
    assert!(name(&second.file) > name(&first));
    assert_eq!(second.removed, [first]);
    assert_eq!(names(&folder).len(), theirs + 1);
    assert!(others.iter().all(|other| folder.join(other).is_file()));

    let source = ImportSource::Backup {
        text: fs::read_to_string(&second.file).unwrap(),
        passphrase: password(PASSPHRASE),
    };
    let copy = home.wallet_beside("copy");
    let copy = copy.import(&password("another password"), source, Replace::No);
    assert_eq!(copy.unwrap().bap_id, wallet.bap_id().unwrap());
}

#[test]
fn all_that_a_backup_holds_counts_as_unsaved_once_it_changes() {
    let home = Home::new();
    let wallet = home.wallet();
    assert!(wallet.backup_status().unwrap().is_none());
    let made = wallet.register(&password(PASSWORD), Registration::default());
    let unlocked = made.unwrap().wallet;
    let made = wallet
        .backup(&password(PASSWORD), &password(PASSPHRASE))
        .unwrap();
    assert!(unsaved(&wallet), "it may never be written");
    let save = || {
        let file = home.beside("exported.bep");
        // The same for all: only what it counts is looked at.
        let made = wallet
            .backup(&password(PASSWORD), &password(PASSPHRASE))
            .unwrap();
        wallet.note_backup(&made.mark, &file);
        assert!(!unsaved(&wallet));
    };
    set(&wallet, 1);
    wallet.note_backup(&made.mark, &home.beside("late.bep"));
    assert!(unsaved(&wallet), "it was changed while it was written");
    let contact = "Alice".parse().unwrap();
    let target = "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj".parse().unwrap();
    let changes: [&dyn Fn(); 4] = [
        &|| {
            let new = |book: &mut tokenpass::IdentityBook, root: &tokenpass::PrivateKey| {
                book.create(root, "Work").map(drop)
            };
            unlocked.change_identities(new).unwrap();
        },
        &|| wallet.add_contact(&contact, &target).unwrap(),
        &|| wallet.remove_contact(&contact).unwrap(),
        &|| {
            let signer = tokenpass::Signer::Host("app.example".parse().unwrap());
            unlocked.sign(&signer, b"").unwrap();
        },
    ];
    for (number, change) in changes.iter().enumerate() {
        save();
        change();
        assert!(unsaved(&wallet), "{number}");
    }
}

#[test]
fn a_name_that_is_taken_is_left_to_whoever_has_it() {
    let home = Home::new();
    let (wallet, _) = home.register();
    let to = BackupFolder {
        path: home.beside("folder"),
        keep: None,
    };
    files::create_private_dir(&to.path).unwrap();
    let back_up = || {
        let made = wallet.back_up(&password(PASSWORD), &password(PASSPHRASE), &to);
        made.map(|made| made.file)
    };
    let first = back_up().unwrap();
    let (start, _) = name(&first).rsplit_once('-').unwrap();
    // No backup, so that its name does not count as one.
    let taken = |second: u64| {
        let at = Timestamp::from_millis(home.now() + second * 1000).to_string();
        let digits = at.split('.').next().unwrap().replace(['-', ':'], "");
        to.path.join(format!("{start}-{digits}Z.bep"))
    };
    assert_eq!(first, taken(0));
    for second in [1, 2] {
        fs::create_dir(taken(second)).unwrap();
    }
    assert_eq!(back_up().unwrap(), taken(3));
    for second in 4..30 {
        fs::create_dir(taken(second)).unwrap();
    }
    let before = names(&to.path);
    let refused = back_up();
    assert!(matches!(refused, Err(WalletError::File { path, .. }) if path == taken(12)));
    assert_eq!(names(&to.path), before);
}

#[test]
fn a_backup_that_cannot_be_begun_is_not_made() {
    let home = Home::new();
    let (wallet, _) = home.register();
    home.refuse_rows("backups");
    let made = wallet.backup(&password(PASSWORD), &password(PASSPHRASE));
    assert!(made.is_err());
}

#[test]
fn in_a_folder_what_is_called_so_is_a_backup_and_in_order() {
    let home = Home::new();
    let folder = home.beside("folder");
    assert!(matches!(
        backups_in(&folder),
        Err(WalletError::File { path, .. }) if path == folder
    ));
    fs::create_dir(&folder).unwrap();
    assert!(backups_in(&folder).unwrap().is_empty());
    for name in ["c.bep", "b.BEP", "a.Bep", "bep", ".bep", "d.bep.tmp", "e"] {
        fs::write(folder.join(name), "").unwrap();
    }
    let found = backups_in(&folder).unwrap();
    let found: Vec<_> = found.iter().map(|path| name(path)).collect();
    assert_eq!(found, ["a.Bep", "b.BEP", "c.bep"]);
}

#[test]
fn of_a_file_no_more_is_read_than_a_backup_can_have() {
    let home = Home::new();
    let file = home.beside("some.bep");
    let read = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        read_backup(&file)
    };
    let longest = "A".repeat(MAX_TEXT_LEN);
    assert!(read(longest.as_bytes()).unwrap() == longest);
    for bytes in [format!("{longest}A").as_bytes(), b"\xff\xfe"] {
        let refused = read(bytes).err().unwrap();
        assert!(matches!(
            refused,
            WalletError::BackupFile(BackupFileError::NotABackup)
        ));
    }
    let folder = home.beside("folder.bep");
    fs::create_dir(&folder).unwrap();
    let refused = read_backup(&folder).err().unwrap().to_string();
    assert!(refused.ends_with("it is not a file"), "{refused}");
}

/// What a server does again and again.
fn if_due(unlocked: &UnlockedWallet) -> Result<Option<BackedUp>, WalletError> {
    let due = unlocked.due_backup()?;
    due.map(|due| unlocked.make_due_backup(&due)).transpose()
}

/// A schedule that makes one an hour.
fn scheduled(home: &Home) -> (UnlockedWallet, Schedule) {
    let (wallet, made) = home.register();
    let path = home.beside("folder");
    files::create_private_dir(&path).unwrap();
    let schedule = Schedule {
        to: BackupFolder {
            path,
            keep: NonZeroU32::new(5),
        },
        every: Duration::from_secs(3600),
        passphrase_file: home.secret_file("passphrase", "passphrase\n").into(),
    };
    wallet
        .schedule_backups(&password(PASSWORD), &schedule)
        .unwrap();
    (made.wallet, schedule)
}

#[test]
fn a_scheduled_backup_is_made_when_it_is_time_and_something_changed() {
    let home = Home::new();
    let (unlocked, schedule) = scheduled(&home);
    let wallet = unlocked.wallet();
    assert_eq!(
        wallet.backup_status().unwrap().unwrap().schedule,
        Some(schedule.clone())
    );
    let is_made = || if_due(&unlocked).unwrap().is_some();
    home.pass(Duration::from_secs(7200));
    assert!(!is_made(), "nothing was changed");
    set(wallet, 1);
    let made = if_due(&unlocked).unwrap().unwrap();
    set(wallet, 2);
    home.pass(Duration::from_secs(3599));
    assert!(!is_made(), "it is not time yet");
    // A backup elsewhere is none for the folder.
    let export = wallet
        .backup(&password(PASSWORD), &password(PASSPHRASE))
        .unwrap();
    wallet.note_backup(&export.mark, &home.beside("usb.bep"));
    home.set_back(Duration::from_secs(86_400));
    assert!(is_made(), "how long ago it was is not known");
    assert_eq!(names(&schedule.to.path).len(), 3);

    // The words are in it, though the server never had the password.
    let source = ImportSource::Backup {
        text: fs::read_to_string(&made.file).unwrap(),
        passphrase: password(PASSPHRASE),
    };
    let copy = home.wallet_beside("copy");
    copy.import(&password("another password"), source, Replace::No)
        .unwrap();
    let words = |wallet: &Wallet, text: &str| {
        let export = wallet.export(&password(text)).unwrap();
        export.mnemonic.unwrap().expose_phrase().to_string()
    };
    assert_eq!(words(&copy, "another password"), words(wallet, PASSWORD));

    assert!(wallet.end_backup_schedule().unwrap());
    assert!(!wallet.end_backup_schedule().unwrap());
    home.pass(Duration::from_secs(200_000));
    set(wallet, 3);
    assert!(!is_made());
}

#[test]
fn why_a_scheduled_backup_fails_is_told_until_one_is_made() {
    let home = Home::new();
    let (unlocked, schedule) = scheduled(&home);
    let wallet = unlocked.wallet();
    let failure = || wallet.backup_status().unwrap().unwrap().failure;
    set(wallet, 1);
    assert!(if_due(&unlocked).unwrap().is_none(), "one was just made");
    home.pass(Duration::from_secs(3600));

    let file = &schedule.passphrase_file;
    files::write_private(file, b"another passphrase", true).unwrap();
    let failed = if_due(&unlocked);
    assert!(matches!(failed, Err(WalletError::OtherPassphrase(path)) if path == *file));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(if_due(&unlocked).is_err());
        let why = failure().unwrap().why;
        assert!(
            why.ends_with("others can read it, which `chmod go=` ends"),
            "{why}"
        );
    }
    fs::remove_file(file).unwrap();
    assert!(if_due(&unlocked).is_err());
    files::write_private(file, b"passphrase", true).unwrap();
    let away = home.beside("away");
    fs::rename(&schedule.to.path, &away).unwrap();
    assert!(if_due(&unlocked).is_err());
    assert!(
        !schedule.to.path.exists(),
        "a disk that is not there is not made up"
    );
    let told = failure().unwrap();
    assert!(told.count >= 3 && told.why.ends_with("no such file or directory"));
    assert!(unsaved(wallet));

    fs::rename(&away, &schedule.to.path).unwrap();
    assert!(if_due(&unlocked).unwrap().is_some());
    assert_eq!((failure(), unsaved(wallet)), (None, false));
}
