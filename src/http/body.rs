//! Bodies: where they end, by their length or by the chunked coding (RFC 9112,
//! section 7.1).

use super::buffer::Buffer;
use super::head::{Framing, Refusal, TOO_LARGE};

/// Longest line of a chunk's size with its extensions, and of a trailer.
const MAX_LINE: usize = 256;
/// Most lines of trailers; they are read and forgotten.
const MAX_TRAILERS: usize = 16;

/// Takes a body out of the bytes that come in, however it is framed.
pub(super) enum Decoder {
    Length { left: usize },
    Chunked(Chunked),
}

impl Decoder {
    pub(super) fn new(framing: Framing, max: usize) -> Self {
        match framing {
            Framing::Length(left) => Self::Length { left },
            Framing::Chunked => Self::Chunked(Chunked::new(max)),
        }
    }

    pub(super) fn is_done(&self) -> bool {
        match self {
            Self::Length { left } => *left == 0,
            Self::Chunked(chunked) => chunked.is_done(),
        }
    }

    /// Reads from `input` up to the end of the body, appends the data to
    /// `body` and returns how many bytes it read.
    pub(super) fn read(&mut self, input: &[u8], body: &mut Buffer) -> Result<usize, Refusal> {
        match self {
            Self::Length { left } => {
                let taken = input.len().min(*left);
                body.append(&input[..taken]);
                *left -= taken;
                Ok(taken)
            }
            Self::Chunked(chunked) => chunked.read(input, body),
        }
    }
}

const BAD_CHUNK: Refusal = Refusal::new(400, "malformed chunk");

enum State {
    Size { digits: usize, size: usize },
    Extension { length: usize, size: usize },
    SizeEnd { size: usize },
    Data { left: usize },
    DataEnd { line_feed: bool },
    Trailer { length: usize, lines: usize },
    TrailerEnd { empty: bool, lines: usize },
    Done,
}

/// The chunked coding. Lines must end in CRLF.
pub(super) struct Chunked {
    state: State,
    total: usize,
    max: usize,
}

impl Chunked {
    fn new(max: usize) -> Self {
        Self {
            state: SIZE,
            total: 0,
            max,
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    fn read(&mut self, input: &[u8], body: &mut Buffer) -> Result<usize, Refusal> {
        let mut read = 0;
        while let Some(&byte) = input.get(read) {
            if let State::Data { left } = self.state {
                let take = left.min(input.len() - read);
                body.append(&input[read..read + take]);
                read += take;
                self.state = match left - take {
                    0 => State::DataEnd { line_feed: false },
                    left => State::Data { left },
                };
            } else if self.is_done() {
                break;
            } else {
                self.state = self.step(byte)?;
                read += 1;
            }
        }
        Ok(read)
    }

    fn step(&mut self, byte: u8) -> Result<State, Refusal> {
        Ok(match (&self.state, byte) {
            // Six digits are 16 MiB; more could only be zeros or too much.
            (&State::Size { digits, .. }, _) if digits > 6 => return Err(TOO_LARGE),
            (&State::Size { digits: 1.., size }, b'\r') => State::SizeEnd { size },
            (&State::Size { digits: 1.., size }, b';' | b' ' | b'\t') => {
                State::Extension { length: 0, size }
            }
            (&State::Size { digits, size }, _) => {
                let digit = (byte as char).to_digit(16).ok_or(BAD_CHUNK)?;
                State::Size {
                    digits: digits + 1,
                    size: size * 16 + digit as usize,
                }
            }
            (&State::Extension { size, .. }, b'\r') => State::SizeEnd { size },
            (&State::Extension { length, size }, b' '..=b'~' | b'\t') if length < MAX_LINE => {
                State::Extension {
                    length: length + 1,
                    size,
                }
            }
            (State::SizeEnd { size: 0 }, b'\n') => State::Trailer {
                length: 0,
                lines: 0,
            },
            (&State::SizeEnd { size }, b'\n') => {
                self.total += size;
                if self.total > self.max {
                    return Err(TOO_LARGE);
                }
                State::Data { left: size }
            }
            (State::DataEnd { line_feed: false }, b'\r') => State::DataEnd { line_feed: true },
            (State::DataEnd { line_feed: true }, b'\n') => SIZE,
            (&State::Trailer { length, lines }, b'\r') => State::TrailerEnd {
                empty: length == 0,
                lines,
            },
            (&State::Trailer { length, lines }, b' '..=b'~' | b'\t')
                if length < MAX_LINE && lines < MAX_TRAILERS =>
            {
                State::Trailer {
                    length: length + 1,
                    lines,
                }
            }
            (State::TrailerEnd { empty: true, .. }, b'\n') => State::Done,
            (&State::TrailerEnd { lines, .. }, b'\n') => State::Trailer {
                length: 0,
                lines: lines + 1,
            },
            _ => return Err(BAD_CHUNK),
        })
    }
}

const SIZE: State = State::Size { digits: 0, size: 0 };

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use proptest::prelude::*;

    use super::*;

    fn decode(input: &[u8], max: usize) -> Result<Option<(Vec<u8>, usize)>, Refusal> {
        let (mut chunked, mut body) = (Chunked::new(max), Buffer::default());
        let read = chunked.read(input, &mut body)?;
        Ok(chunked.is_done().then(|| (body.to_vec(), read)))
    }

    #[test]
    fn chunks_extensions_and_trailers() {
        let input = b"4;a=\"b\"\r\nWiki\r\n5 \r\npedia\r\n00\r\nA: b\r\n\r\nGET";
        let (body, read) = decode(input, 100).unwrap().unwrap();
        assert_eq!(body, b"Wikipedia");
        assert_eq!(&input[read..], b"GET");
    }

    #[test]
    fn what_breaks_the_grammar_is_refused() {
        for input in [
            "\r\n",
            "x\r\n",
            "-1\r\n",
            "+1\r\na\r\n",
            "0x1\r\na\r\n",
            " 1\r\na\r\n",
            "1\na\r\n",
            "1\r\nab\r\n",
            "1\r\na\n",
            "1\r\na\r\r",
            "1;\0\r\n",
            "1\r\na\r\n;\r\n",
            "0\r\nA\n",
            "0\r\n\rx",
        ] {
            assert_eq!(decode(input.as_bytes(), 100), Err(BAD_CHUNK), "{input:?}");
        }
        let endless = |start: &str, more: &str| format!("{start}{}", more.repeat(5000));
        assert!(decode(endless("1;", "a").as_bytes(), 100).is_err());
        assert!(decode(endless("0\r\n", "a").as_bytes(), 100).is_err());
        assert!(decode(endless("0\r\n", "a: b\r\n").as_bytes(), 100).is_err());
        assert!(decode(endless("", "0").as_bytes(), 100).is_err());
    }

    #[test]
    fn more_than_allowed_is_refused_before_it_is_read() {
        assert_eq!(decode(b"65\r\n", 100), Err(TOO_LARGE));
        assert_eq!(decode(b"ffffffffffffffff\r\n", 100), Err(TOO_LARGE));
        assert_eq!(decode(b"1\r\na\r\n64\r\n", 100), Err(TOO_LARGE));
        assert_eq!(decode(b"64\r\n", 100), Ok(None));
    }

    proptest! {
        #[test]
        fn the_same_however_it_is_cut(
            chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 0..6),
            cuts in prop::collection::vec(1usize..30, 1..40),
        ) {
            let mut input = Vec::new();
            for chunk in &chunks {
                input.extend(format!("{:X}\r\n", chunk.len()).bytes());
                input.extend(chunk);
                input.extend(b"\r\n");
            }
            input.extend(b"0\r\n\r\n");
            let (mut chunked, mut body) = (Chunked::new(1000), Buffer::default());
            let mut rest = &input[..];
            for cut in cuts.into_iter().chain(std::iter::repeat(1000)) {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at(cut.min(rest.len()));
                prop_assert_eq!(chunked.read(now, &mut body), Ok(now.len()));
                rest = later;
            }
            prop_assert!(chunked.is_done());
            prop_assert_eq!(&body[..], chunks.concat());
        }

        #[test]
        fn any_bytes_are_answered_without_a_panic(input: Vec<u8>) {
            if let Ok(Some((body, _))) = decode(&input, 100) {
                prop_assert!(body.len() <= 100);
            }
        }
    }
}
