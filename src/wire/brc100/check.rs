//! What the SDK checks of an argument, in its order and its words.

use super::param::{BadArgument, Param};
use crate::crypto::keys::PublicKey;

pub(super) fn length(name: &str, text: &str) -> Result<(), BadArgument> {
    match text.len() {
        0 => Err(BadArgument::must_be(name, "at least 1 length.")),
        1..=50 => Ok(()),
        _ => Err(BadArgument::must_be(name, "no more than 50 length.")),
    }
}

/// Trimmed; at its end at most two `=`, and then of whole groups of four.
pub(super) fn base64(name: &str, text: &str) -> Result<String, BadArgument> {
    let text = text.trim();
    let bare = text.trim_end_matches('=');
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    let padding = text.len() - bare.len();
    let fits = match (padding, text.len() % 4) {
        (0, rest) => rest != 1,
        (1 | 2, rest) => rest == 0,
        _ => false,
    };
    if bare.is_empty() || !bare.bytes().all(known) || !fits {
        return Err(BadArgument::must_be(name, "valid base64 string"));
    }
    Ok(text.to_owned())
}

/// Trimmed, in lower case.
pub(super) fn hex(name: &str, text: &str) -> Result<String, BadArgument> {
    let text = text.trim().to_lowercase();
    let units = text.encode_utf16().count();
    if units % 2 == 1 {
        let what = format!("even length, not {units}.");
        return Err(BadArgument::must_be(name, what));
    }
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(BadArgument::must_be(name, "hexadecimal string."));
    }
    Ok(text)
}

pub(super) fn key(name: &str, text: &str) -> Result<PublicKey, BadArgument> {
    let key = hex(name, text)?.parse();
    key.map_err(|_| BadArgument::must_be(name, "a public key"))
}

pub(super) fn outpoint(name: &str, text: &str) -> Result<String, BadArgument> {
    let what = "txid as hex string and numeric output index joined with '.'";
    let wrong = || BadArgument::must_be(name, what);
    let (txid, output) = text.split_once('.').ok_or_else(wrong)?;
    let output: u64 = output.trim().parse().map_err(|_| wrong())?;
    let txid = hex(&format!("{name} txid"), txid)?;
    if txid.len() > 64 {
        let name = format!("{name} txid");
        return Err(BadArgument::must_be(&name, "no more than 64 length."));
    }
    Ok(format!("{txid}.{output}"))
}

pub(super) fn whole(
    name: &str,
    sent: &Param<f64>,
    default: u64,
    bounds: std::ops::RangeInclusive<u64>,
) -> Result<usize, BadArgument> {
    let Some(number) = sent.optional(name)? else {
        return Ok(usize::try_from(default).unwrap_or(usize::MAX));
    };
    if number.fract() != 0.0 {
        return Err(BadArgument::must_be(name, "an integer"));
    }
    #[allow(clippy::cast_precision_loss, reason = "bounds are small, or no bound")]
    let (least, most) = (*bounds.start() as f64, *bounds.end() as f64);
    if *number < least {
        let what = format!("at least {least} length.");
        return Err(BadArgument::must_be(name, what));
    }
    if *number > most {
        let what = format!("no more than {most} length.");
        return Err(BadArgument::must_be(name, what));
    }
    // `as` stops at the largest.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Ok(*number as usize)
}
