//! SegWit addresses: bech32 (BIP-173) and bech32m (BIP-350), read only.

const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS: [u32; 5] = [
    0x3b6a_57b2,
    0x2650_8e6d,
    0x1ea1_19fa,
    0x3d42_33dd,
    0x2a14_62b3,
];
const BECH32: u32 = 1;
const BECH32M: u32 = 0x2bc8_30a3;
const CHECKSUM_LEN: usize = 6;
const MAX_CHARS: usize = 90;

/// Which chain an address is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Network {
    /// `bc`
    Main,
    /// `tb` or `bcrt`
    Test,
}

/// What an address stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Witness {
    pub(super) network: Network,
    pub(super) version: u8,
    pub(super) program: Vec<u8>,
}

/// Decodes and checks an address; `None` where it is none.
pub(super) fn decode(text: &str) -> Option<Witness> {
    let mixed = text.bytes().any(|byte| byte.is_ascii_uppercase())
        && text.bytes().any(|byte| byte.is_ascii_lowercase());
    if mixed || text.len() > MAX_CHARS || !text.is_ascii() {
        return None;
    }
    let text = text.to_ascii_lowercase();
    let (prefix, data) = text.rsplit_once('1')?;
    let network = match prefix {
        "bc" => Network::Main,
        "tb" | "bcrt" => Network::Test,
        _ => return None,
    };
    let values = data
        .bytes()
        .map(|byte| ALPHABET.iter().position(|known| *known == byte))
        .map(|place| place.and_then(|place| u8::try_from(place).ok()))
        .collect::<Option<Vec<u8>>>()?;
    let checksum = polymod(prefix, &values);
    let (version, program) = values
        .get(..values.len().checked_sub(CHECKSUM_LEN)?)?
        .split_first()?;
    let expected = if *version == 0 { BECH32 } else { BECH32M };
    let program = bytes_of(program)?;
    let fits = match version {
        0 => matches!(program.len(), 20 | 32),
        1..=16 => (2..=40).contains(&program.len()),
        _ => false,
    };
    (fits && checksum == expected).then_some(Witness {
        network,
        version: *version,
        program,
    })
}

fn polymod(prefix: &str, values: &[u8]) -> u32 {
    let high = prefix.bytes().map(|byte| byte >> 5);
    let low = prefix.bytes().map(|byte| byte & 31);
    let all = high.chain([0]).chain(low).chain(values.iter().copied());
    all.fold(1, |sum: u32, value| {
        let top = sum >> 25;
        let sum = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        let generators = GENERATORS.iter().enumerate();
        generators
            .filter(|(bit, _)| top >> bit & 1 == 1)
            .fold(sum, |sum, (_, generator)| sum ^ generator)
    })
}

/// Groups of five bits as bytes; what is left over must be few zeros.
fn bytes_of(values: &[u8]) -> Option<Vec<u8>> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for value in values {
        bits = bits << 5 | u32::from(*value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    (count < 5 && bits & ((1 << count) - 1) == 0).then_some(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Test vectors of BIP-173 and BIP-350.
    #[test]
    fn valid_addresses() {
        for (text, network, version, program) in [
            (
                "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
                Network::Main,
                0,
                "751e76e8199196d454941c45d1b3a323f1433bd6",
            ),
            (
                "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
                Network::Test,
                0,
                "1863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
            ),
            (
                "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
                Network::Main,
                1,
                "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            ),
            ("BC1SW50QGDZ25J", Network::Main, 16, "751e"),
        ] {
            let program = hex::decode(program).unwrap();
            assert_eq!(
                decode(text),
                Some(Witness {
                    network,
                    version,
                    program
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn invalid_addresses() {
        for text in [
            "",
            "bc1",
            "tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty",
            "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
            "BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2",
            "bc1rw5uspcuh",
            "BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P",
            "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7",
            "bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du",
            // A Taproot address under the older checksum.
            "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
            "bc1gmk9yu",
            // Five bits too many, and a bit left over.
            "bc1pqqqsyqcyq5rqwzqfpg9scrgwpugpzysnqs799v6",
            "bc1pqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqpuk5vwf",
        ] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
