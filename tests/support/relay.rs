//! Somebody who listens in a server's place, writes down what arrives, and
//! forwards it to the real one.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use super::http::{LONG, connect};

/// The relay; it goes on as long as the test does.
pub(crate) struct Relay {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Relay {
    /// One that forwards to `target`, if there is one; otherwise it only
    /// listens, and hangs up.
    pub(crate) fn start(listen: &str, target: Option<SocketAddr>) -> Self {
        let listener = TcpListener::bind(listen).unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let relay = Self {
            address,
            seen: Arc::clone(&seen),
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                // Somebody may hang up at any time.
                let _ = stream.and_then(|stream| pass_on(stream, address, target, &seen));
            }
        });
        relay
    }

    /// Everything that went through, both ways.
    pub(crate) fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().unwrap()).into_owned()
    }
}

fn pass_on(
    mut client: TcpStream,
    own: SocketAddr,
    target: Option<SocketAddr>,
    seen: &Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    client.set_read_timeout(Some(LONG))?;
    let request = read_request(&mut client)?;
    seen.lock().unwrap().extend_from_slice(&request);
    let Some(target) = target else {
        return Ok(());
    };
    let mut server = connect(target);
    // The server answers to its own name only.
    let head = String::from_utf8_lossy(&request).replace(&own.to_string(), &target.to_string());
    server.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    seen.lock().unwrap().extend_from_slice(&answer);
    client.write_all(&answer)
}

/// A head and as much body as it announces.
fn read_request(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&request);
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    client.read_exact(&mut body)?;
    request.extend_from_slice(&body);
    Ok(request)
}
