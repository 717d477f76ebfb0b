//! A signed message as people mail it:
//!
//! ```text
//! -----BEGIN BITCOIN SIGNED MESSAGE-----
//! the message
//! -----BEGIN SIGNATURE-----
//! 1Address…
//! SIGNATURE=
//! -----END BITCOIN SIGNED MESSAGE-----
//! ```
//!
//! No standard has it. Variants call the second line `BITCOIN SIGNATURE`, put
//! `Version:`, `Comment:` and `Address:` before the signature, or end with
//! `END BITCOIN SIGNATURE`.

use super::marks::unmarked;

/// What an envelope begins with.
pub const BEGIN_LINE: &str = "-----BEGIN BITCOIN SIGNED MESSAGE-----";

const BEGIN: &str = "BEGIN BITCOIN SIGNED MESSAGE";

/// The parts of an envelope, as they stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The lines of the message, with LF between them.
    pub message: String,
    /// Who is said to have signed.
    pub address: Option<String>,
    /// The signature, its lines joined.
    pub signature: String,
}

/// What begins as an envelope and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// No line says where the signature begins.
    #[error("the signed message has no line `-----BEGIN BITCOIN SIGNATURE-----`")]
    NoSignature,
    /// There are lines after it, but none is a signature.
    #[error("the signed message holds no signature")]
    Empty,
}

/// Reads an envelope; `None` where the text does not begin with one.
///
/// # Errors
/// [`EnvelopeError`] where it breaks off.
pub fn read(text: &str) -> Option<Result<Envelope, EnvelopeError>> {
    let mut lines = unmarked(text)
        .lines()
        .skip_while(|line| line.trim_ascii().is_empty());
    (label(lines.next()?) == Some(BEGIN)).then(|| parts(lines))
}

fn parts<'a>(mut lines: impl Iterator<Item = &'a str>) -> Result<Envelope, EnvelopeError> {
    let mut message = Vec::new();
    loop {
        let line = lines.next().ok_or(EnvelopeError::NoSignature)?;
        match label(line) {
            Some("BEGIN SIGNATURE" | "BEGIN BITCOIN SIGNATURE") => break,
            // As in OpenPGP, dashes of the message were escaped (RFC 9580, 7.2).
            _ => message.push(line.strip_prefix("- ").filter(dashed).unwrap_or(line)),
        }
    }
    let (mut address, mut signature) = (None, String::new());
    for line in lines.map(str::trim_ascii).filter(|line| !line.is_empty()) {
        if label(line).is_some_and(|label| label.starts_with("END ")) {
            break;
        }
        match line.split_once(": ") {
            Some(("Address", value)) => address = Some(value.trim_ascii().to_owned()),
            Some(_) => {}
            None if address.is_none() && signature.is_empty() && !is_signature(line) => {
                address = Some(line.to_owned());
            }
            None => signature.push_str(line),
        }
    }
    match signature.is_empty() {
        true => Err(EnvelopeError::Empty),
        false => Ok(Envelope {
            message: message.join("\n"),
            address,
            signature,
        }),
    }
}

fn dashed(line: &&str) -> bool {
    line.starts_with('-')
}

/// A line of an address is shorter than the first of a signature, which is 88
/// characters, perhaps broken after 64 or 76. A bech32 address has 62 at most.
fn is_signature(line: &str) -> bool {
    line.len() > 62
}

/// What stands between the dashes of `-----BEGIN …-----`.
fn label(line: &str) -> Option<&str> {
    let line = line.trim_ascii();
    line.strip_prefix("-----")?.strip_suffix("-----")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const SIGNATURE: &str =
        "ICDskwkdIcXsgWD9dt5y3GNpzpoVhacD7h0VmDM7yvpDCtRWnZHpJNpvBDpRCi4Vy4rhXfJM85K0KFQ4qMerTpM=";

    fn envelope(message: &str) -> Envelope {
        Envelope {
            message: message.to_owned(),
            address: Some("1Who".to_owned()),
            signature: SIGNATURE.to_owned(),
        }
    }

    #[test]
    fn the_variants_that_are_around_are_read_alike() {
        let (first, second) = SIGNATURE.split_at(64);
        for tail in [
            format!(
                "-----BEGIN SIGNATURE-----\n1Who\n{SIGNATURE}\n-----END BITCOIN SIGNED MESSAGE-----\n"
            ),
            format!(
                "-----BEGIN BITCOIN SIGNATURE-----\nVersion: Bitcoin-qt (1.0)\nAddress: 1Who\n\n{SIGNATURE}\n-----END BITCOIN SIGNATURE-----"
            ),
            format!("-----BEGIN BITCOIN SIGNATURE-----\n1Who\n{first}\n{second}\n"),
        ] {
            let text = format!("\n-----BEGIN BITCOIN SIGNED MESSAGE-----\nhi\n\nthere\n{tail}");
            for text in [text.replace('\n', "\r\n"), format!("\u{feff}{text}"), text] {
                assert_eq!(read(&text), Some(Ok(envelope("hi\n\nthere"))), "{text}");
            }
        }
    }

    #[test]
    fn an_escaped_line_of_dashes_is_the_messages() {
        let text = format!(
            "-----BEGIN BITCOIN SIGNED MESSAGE-----\n- -----BEGIN SIGNATURE-----\n- item\n\
             -----BEGIN SIGNATURE-----\n1Who\n{SIGNATURE}\n"
        );
        let expected = envelope("-----BEGIN SIGNATURE-----\n- item");
        assert_eq!(read(&text), Some(Ok(expected)));
    }

    #[test]
    fn other_text_is_no_envelope_and_half_a_one_is_said_to_be() {
        for text in ["", "hello", "x\n-----BEGIN BITCOIN SIGNED MESSAGE-----"] {
            assert_eq!(read(text), None);
        }
        let half = "-----BEGIN BITCOIN SIGNED MESSAGE-----\nhi\n";
        assert_eq!(read(half), Some(Err(EnvelopeError::NoSignature)));
        let empty = format!("{half}-----BEGIN SIGNATURE-----\n1Who\n");
        assert_eq!(read(&empty), Some(Err(EnvelopeError::Empty)));
    }
}
