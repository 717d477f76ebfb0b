//! Base58Check: base58 of the payload and the first four bytes of its double
//! SHA-256. Carries addresses, WIF keys and BIP-32 extended keys.

use zeroize::Zeroizing;

use super::flaw::Flaw;
use super::hash::sha256d;

const CHECKSUM_LEN: usize = 4;

/// Longer than anything read here (an extended key has 111 characters), short
/// enough that base58's quadratic decoding does not matter.
const MAX_CHARS: usize = 120;

/// Encodes a payload. The intermediate copy is wiped: it may hold a key.
pub(crate) fn encode_check(payload: &[u8]) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(payload.len() + CHECKSUM_LEN));
    bytes.extend_from_slice(payload);
    bytes.extend_from_slice(&sha256d(payload)[..CHECKSUM_LEN]);
    Zeroizing::new(bs58::encode(&*bytes).into_string())
}

/// Decodes and checks a text; returns the payload without its checksum.
pub(crate) fn decode_check(text: &str) -> Result<Zeroizing<Vec<u8>>, Flaw> {
    if text.len() > MAX_CHARS {
        return Err(Flaw::Length);
    }
    // Never more bytes than characters, so the buffer is never too small and
    // never moves, which would leave a copy behind.
    let mut bytes = Zeroizing::new(vec![0; MAX_CHARS]);
    let len = bs58::decode(text)
        .onto(bytes.as_mut_slice())
        .map_err(|error| match error {
            bs58::decode::Error::InvalidCharacter { index, .. }
            | bs58::decode::Error::NonAsciiCharacter { index } => Flaw::Character(index + 1),
            _ => Flaw::Length,
        })?;
    let payload_len = len.checked_sub(CHECKSUM_LEN).ok_or(Flaw::Length)?;
    if bytes[payload_len..len] != sha256d(&bytes[..payload_len])[..CHECKSUM_LEN] {
        return Err(Flaw::Checksum);
    }
    bytes.truncate(payload_len);
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_120_characters_is_the_longest() {
        for zeros in 0..90 {
            let payload = [&vec![0; zeros][..], &[7; 32]].concat();
            let text = encode_check(&payload);
            let decoded = decode_check(&text);
            match text.len() {
                ..=MAX_CHARS => assert_eq!(*decoded.unwrap(), payload),
                _ => assert_eq!(decoded.unwrap_err(), Flaw::Length),
            }
        }
    }
}
