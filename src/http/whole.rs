//! A request out of memory instead of a socket, as the reader takes it in: for
//! the fuzz targets.

use super::body::Decoder;
use super::buffer::Buffer;
use super::head::{self, Head, Refusal};
use super::message::HttpRequest;

/// A request with nothing missing.
#[derive(Debug, PartialEq, Eq)]
pub struct Whole {
    /// The request line, as it goes on, and after it the headers.
    pub head: Vec<u8>,
    /// The body, however it was framed.
    pub body: Vec<u8>,
    /// Bytes of input that it took.
    pub length: usize,
}

/// Reads a request that comes in pieces of this many bytes; `None` where it does
/// not end.
///
/// # Errors
/// The status of the answer to one that goes no further.
pub fn read_whole(input: &[u8], piece: usize, max_body: usize) -> Result<Option<Whole>, u16> {
    let Some((head, body, length)) = read(input, piece, max_body).map_err(|it| it.status)? else {
        return Ok(None);
    };
    let mut lines = head.line;
    for (name, value) in head.parked.headers.iter() {
        lines.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    Ok(Some(Whole {
        head: lines,
        body: body.to_vec(),
        length,
    }))
}

/// The request that a handler is given for this; `None` where it is given none.
#[must_use]
pub fn read_request(input: &[u8], max_body: usize) -> Option<HttpRequest> {
    let (head, body, _) = read(input, usize::MAX, max_body).ok()??;
    let line = String::from_utf8(head.line).ok()?;
    let mut words = line.split(' ');
    let request = HttpRequest::new(words.next()?, words.next()?);
    Some(request.with_parked(head.parked).with_body(body.to_vec()))
}

type Parts = (Head, Buffer, usize);

fn read(input: &[u8], piece: usize, max_body: usize) -> Result<Option<Parts>, Refusal> {
    let mut pieces = input.chunks(piece);
    let mut buffer = Buffer::default();
    let head = loop {
        if let Some(head) = head::parse(&buffer, max_body)? {
            break head;
        }
        match pieces.next() {
            Some(piece) => buffer.append(piece),
            None => return Ok(None),
        }
    };
    buffer.consume(head.length);
    let mut length = head.length;
    let mut decoder = Decoder::new(head.framing, max_body);
    let mut body = Buffer::default();
    loop {
        let taken = decoder.read(&buffer, &mut body)?;
        buffer.consume(taken);
        length += taken;
        match pieces.next() {
            _ if decoder.is_done() => break,
            Some(piece) => buffer.append(piece),
            None => return Ok(None),
        }
    }
    Ok(Some((head, body, length)))
}
