//! What answers a request, taken apart: it need not be a TokenPass.

/// Whether all that `Content-Length` promises is there.
pub(crate) fn is_complete(reply: &[u8]) -> bool {
    head(reply).is_some_and(|head| {
        head.length
            .is_some_and(|length| reply.len() - head.body >= length)
    })
}

/// The status and the body of a reply.
pub(crate) fn parse(reply: &[u8]) -> Option<(u16, &[u8])> {
    let head = head(reply)?;
    let body = &reply[head.body..];
    let body = body.get(..head.length.unwrap_or(body.len()))?;
    Some((head.status, body))
}

struct Head {
    status: u16,
    length: Option<usize>,
    /// Where the body begins.
    body: usize,
}

fn head(reply: &[u8]) -> Option<Head> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(body) = response.parse(reply).ok()? else {
        return None;
    };
    let length = response
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok());
    Some(Head {
        status: response.code?,
        length,
        body,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_is_taken_apart() {
        let reply = b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 10\r\n\r\n{\"code\":8}";
        assert!(is_complete(reply) && !is_complete(&reply[..reply.len() - 1]));
        assert_eq!(parse(reply), Some((401, &b"{\"code\":8}"[..])));
        assert!(parse(&reply[..20]).is_none() && parse(b"hello\n").is_none());
    }
}
