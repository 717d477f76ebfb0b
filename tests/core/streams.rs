//! What need not fit in memory: encrypted, decrypted and hashed in pieces, it is
//! what it would be at once.

use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};

use tokenpass::{
    Encoded, Form, Hashed, Host, KeySelector, Sender, StreamError, UnlockedWallet, hash_stream,
};

use crate::support::Home;

/// Around a block, a piece, and a piece with a tail.
const LENGTHS: [usize; 8] = [0, 1, 16, 33, 262_143, 262_144, 262_176, 600_000];

fn host() -> Host {
    "app.example".parse().unwrap()
}

fn message(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

fn encrypted(unlocked: &UnlockedWallet, message: &[u8]) -> Vec<u8> {
    let key = unlocked.public_key(&KeySelector::Host(host())).unwrap();
    let mut ciphertext = Vec::new();
    let wallet = unlocked.wallet();
    let size = wallet.encrypt_stream_to(&key.public_key, &mut &*message, &mut ciphertext);
    assert_eq!(size.unwrap(), message.len() as u64);
    ciphertext
}

fn decrypted(
    unlocked: &UnlockedWallet,
    ciphertext: impl Into<Vec<u8>>,
) -> Result<(u64, Vec<u8>), StreamError> {
    let mut plaintext = Vec::new();
    let from = Sender::Host(host());
    let mut ciphertext = Cursor::new(ciphertext.into());
    let size = unlocked.decrypt_stream(&from, None, &mut ciphertext, &mut plaintext)?;
    Ok((size, plaintext))
}

#[test]
fn what_is_encrypted_in_pieces_opens_in_pieces_and_at_once() {
    let home = Home::new();
    let unlocked = home.register().1.wallet;
    for length in LENGTHS {
        let message = message(length);
        let ciphertext = encrypted(&unlocked, &message);
        let at_once = unlocked.decrypt(&Sender::Host(host()), &ciphertext);
        assert!(*at_once.unwrap() == *message, "{length}");
        for form in [Form::Binary, Form::Hex, Form::Base64] {
            let mut written = Encoded::new(Vec::new(), form);
            written.write_all(&ciphertext).unwrap();
            let written = written.finish().unwrap();
            let (size, plaintext) = decrypted(&unlocked, written).unwrap();
            assert_eq!(size, length as u64);
            assert!(plaintext == message, "{length} {form:?}");
        }
    }
}

#[test]
fn what_is_damaged_or_cut_gives_nothing() {
    let home = Home::new();
    let unlocked = home.register().1.wallet;
    let whole = encrypted(&unlocked, &message(40));
    for length in 4..whole.len() {
        let refused = decrypted(&unlocked, &whole[..length]);
        assert!(matches!(refused, Err(StreamError::Wallet(_))), "{length}");
    }
    let refused = decrypted(&unlocked, &whole[1..]);
    assert!(matches!(refused, Err(StreamError::NotACiphertext)));
    let mut damaged = whole;
    *damaged.last_mut().unwrap() ^= 1;
    let refused = decrypted(&unlocked, damaged);
    assert!(matches!(refused, Err(StreamError::Wallet(_))));
}

/// Other bytes each time that it is read from its beginning.
struct Changing(Vec<Cursor<Vec<u8>>>);

impl Read for Changing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0[0].read(buffer)
    }
}

impl Seek for Changing {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        self.0.remove(0);
        Ok(0)
    }
}

#[test]
fn what_changes_between_the_readings_is_noticed() {
    let home = Home::new();
    let unlocked = home.register().1.wallet;
    let first = encrypted(&unlocked, &message(40));
    let other = encrypted(&unlocked, &message(40));
    for second in [&other[..], &first[..first.len() - 1], &first[..20]] {
        let readings = [&first, second].map(|bytes| Cursor::new(bytes.to_vec()));
        let refused = unlocked.decrypt_stream(
            &Sender::Host(host()),
            Some(Form::Binary),
            &mut Changing(readings.into()),
            &mut Vec::new(),
        );
        assert!(matches!(refused, Err(StreamError::Changed)));
    }
}

#[test]
fn what_is_hashed_in_pieces_has_the_hash_of_the_whole() {
    for length in LENGTHS {
        let message = message(length);
        let size = length as u64;
        assert_eq!(
            hash_stream(&mut &*message, size).unwrap(),
            Hashed::of(&message)
        );
        let longer = hash_stream(&mut &*message, size + 1);
        assert!(matches!(longer, Err(StreamError::Changed)));
    }
}

/// What each call to read gives; then the end.
struct Script(Vec<Result<&'static [u8], ErrorKind>>);

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Ok(0);
        }
        self.0.remove(0)?.read(buffer)
    }
}

#[test]
fn an_interruption_is_read_over_and_an_error_is_not() {
    let hashed = |script: &[_]| hash_stream(&mut Script(script.to_vec()), 2);
    let interrupted = Err(ErrorKind::Interrupted);
    let whole = hashed(&[interrupted, Ok(b"a"), interrupted, Ok(b"b")]);
    assert_eq!(whole.unwrap(), Hashed::of(b"ab"));
    let failed = hashed(&[Ok(b"a"), Err(ErrorKind::Other), Ok(b"b")]);
    assert!(matches!(failed, Err(StreamError::Read(_))));
}

#[derive(Default)]
struct Flushed(bool);

impl Write for Flushed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0 = true;
        Ok(())
    }
}

#[test]
fn what_is_encoded_is_flushed_with_what_it_goes_into() {
    let mut into = Flushed::default();
    Encoded::new(&mut into, Form::Hex).flush().unwrap();
    assert!(into.0);
}
