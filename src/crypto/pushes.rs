//! Data in a script: how it is pushed, and read back.

const OP_PUSHDATA1: u8 = 0x4c;
const OP_PUSHDATA2: u8 = 0x4d;
const OP_PUSHDATA4: u8 = 0x4e;

/// Appends the shortest push of the data: its length in the opcode up to 75
/// bytes, then `OP_PUSHDATA1`, `2` and `4` with one, two and four bytes of
/// length, little endian.
pub(crate) fn push_data(script: &mut Vec<u8>, data: &[u8]) {
    match bsv::Script::encode_pushdata(data) {
        Ok(push) => script.extend_from_slice(&push),
        // It knows no push of nothing and none of exactly 2^16 bytes.
        Err(_) if data.is_empty() => script.push(0),
        Err(_) => {
            let length = u32::try_from(data.len()).expect("a push is shorter than 4 GiB");
            script.push(OP_PUSHDATA4);
            script.extend_from_slice(&length.to_le_bytes());
            script.extend_from_slice(data);
        }
    }
}

/// The data of a script that does nothing but push; `None` for any other, and
/// for one that is cut short. Lengths need not be written as short as can be.
pub(crate) fn read_pushes(script: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut rest = script;
    let mut pushes = Vec::new();
    while let [opcode, after @ ..] = rest {
        let (length, after) = match *opcode {
            length @ 0..OP_PUSHDATA1 => (usize::from(length), after),
            OP_PUSHDATA1 => length_of::<1>(after)?,
            OP_PUSHDATA2 => length_of::<2>(after)?,
            OP_PUSHDATA4 => length_of::<4>(after)?,
            _ => return None,
        };
        let (data, after) = after.split_at_checked(length)?;
        pushes.push(data.to_vec());
        rest = after;
    }
    Some(pushes)
}

fn length_of<const N: usize>(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<N>()?;
    let length = length
        .iter()
        .rev()
        .fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
    Some((length, rest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_push_says_its_length_as_short_as_it_can() {
        for (len, head) in [
            (0, "00"),
            (75, "4b"),
            (76, "4c4c"),
            (255, "4cff"),
            (256, "4d0001"),
            (65_535, "4dffff"),
            (65_536, "4e00000100"),
        ] {
            let mut script = Vec::new();
            push_data(&mut script, &vec![7; len]);
            assert_eq!(hex::encode(&script[..script.len() - len]), head);
            assert_eq!(read_pushes(&script).unwrap(), [vec![7; len]]);
            if len > 0 {
                assert_eq!(read_pushes(&script[..script.len() - 1]), None);
            }
        }
        assert_eq!(read_pushes(&[0x4e, 1, 0, 0, 0, 9]), Some(vec![vec![9]]));
        assert_eq!(read_pushes(&[0x4e, 0xff, 0xff, 0xff, 0xff]), None);
        assert_eq!(read_pushes(&[0x51]), None);
    }
}
