//! How fast `tokenpass serve` signs, beside the rate of the bare signature.
//!
//! ```sh
//! cargo run --release --example load
//! ```
//!
//! Starts a server of its own in a temporary home, on a free port, and prints,
//! in one run: libsecp256k1's recoverable signatures a second on one core;
//! sign requests a second over 16 kept-alive connections, with p50 and p99;
//! what one takes of the server's processor time (where there is `/proc`); the
//! server's resident memory after them; the time from its start to its
//! first answer. Then the same with 10,000 hosts and 100,000 tokens.
//!
//! The server is this program itself, started again: what it runs is the same
//! `tokenpass serve`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what it prints is what it is for"
)]

use std::alloc::System;
use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use rusqlite::{Connection, params};
use rustix::event::{PollFd, PollFlags, poll};
use secp256k1::{Message, SecretKey, ecdsa::RecoverableSignature};
use sha2::{Digest, Sha256};
use tokenpass::{Environment, Expiry, Grant, Password, Registration, Scope, Wallet};
use zeroizing_alloc::ZeroAlloc;

/// As in the program: it has its price.
#[global_allocator]
static HEAP: ZeroAlloc<System> = ZeroAlloc(System);

const AS_SERVER: &str = "TOKENPASS_LOAD_AS_SERVER";
const PASSWORD: &str = "a password for the load run";
const CONNECTIONS: usize = 16;
const HOSTS: usize = 10_000;
const TOKENS: usize = 100_000;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    if std::env::var_os(AS_SERVER).is_some() {
        return tokenpass::run();
    }
    match load() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn load() -> Outcome<()> {
    let seconds = std::env::args().nth(1).map_or(Ok(5), |text| text.parse())?;
    let duration = Duration::from_secs(seconds);
    let folder = tempfile::tempdir()?;
    let home = folder.path().join("home");
    let tokens = set_up(&home)?;

    let start = start_to_first_answer(&home)?;
    let raw = raw_rate(Duration::from_secs(2))?;
    let few = measure(&home, &tokens, duration)?;
    fill(&home)?;
    let many = measure(&home, &tokens, duration)?;
    let raw_after = raw_rate(Duration::from_secs(2))?;
    // The machine may be shared: the mean of before and after.
    let raw = f64::midpoint(raw, raw_after);

    println!("bare recoverable signature, one core   {raw:>9.0} /s");
    println!(
        "start to first answer                  {:>9.1} ms",
        millis(start)
    );
    few.print("sign over HTTP, few hosts", raw);
    many.print("sign over HTTP, 10,000 hosts, 100,000 tokens", raw);
    println!(
        "with many : with few                   {:>9.2}",
        many.rate / few.rate
    );
    println!(
        "status, first page of the many         {:>9.1} ms",
        millis(many.status)
    );
    Ok(())
}

/// A wallet, and a token for each connection.
fn set_up(home: &Path) -> Outcome<Vec<String>> {
    let wallet = Wallet::open(home, Environment::system());
    let password = Password::new(PASSWORD.into());
    let unlocked = wallet.register(&password, Registration::default())?.wallet;
    (0..CONNECTIONS)
        .map(|n| {
            let granted = unlocked.grant(&Grant {
                host: format!("app{n}.example").parse()?,
                scopes: [Scope::Sign].into_iter().collect(),
                expiry: Expiry::Day,
                icon: None,
                identity: None,
                max_satoshis: None,
            })?;
            Ok(granted.token.expose().to_owned())
        })
        .collect()
}

/// Adds hosts and tokens without a signature each: only their number counts.
fn fill(home: &Path) -> Outcome<()> {
    let seed = Connection::open(home.join("seed.db"))?;
    let wallet: Vec<u8> = seed.query_row("SELECT wallet FROM vault", [], |row| row.get(0))?;
    let mut keys = Connection::open(home.join("keys.db"))?;
    let filling = keys.transaction()?;
    for n in 0..HOSTS {
        filling.execute(
            "INSERT INTO host_keys (wallet, host, invoice, public_key, address, created)
             VALUES (?, ?, 'invoice', ?, '1111111111111111111114oLvT2', 0)",
            params![wallet, format!("host{n}.example"), "02".repeat(33)],
        )?;
    }
    filling.commit()?;
    let mut state = Connection::open(home.join("state.db"))?;
    let filling = state.transaction()?;
    for n in 0..TOKENS {
        let hash: [u8; 32] = Sha256::digest(n.to_le_bytes()).into();
        filling.execute(
            "INSERT INTO tokens (hash, id, wallet, host, scopes, created)
             VALUES (?, ?, ?, ?, 'sign', 0)",
            params![
                hash,
                format!("{n:012x}"),
                wallet,
                format!("host{}.example", n % HOSTS)
            ],
        )?;
    }
    filling.commit()?;
    Ok(())
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    /// Starts one and waits for its readiness line, which ends in its address.
    fn start(home: &Path, more: &[&str]) -> Outcome<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "off", "--home"])
            .arg(home)
            .args(more)
            .env(AS_SERVER, "1")
            .env("TOKENPASS_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line
            .trim()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        Ok(Self { child, address })
    }

    /// What it has used of the processor since its start.
    fn processor_time(&self) -> Option<Duration> {
        /// Linux counts in these, whatever its own clock (`USER_HZ`).
        const TICK: Duration = Duration::from_millis(10);
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // proc(5): utime and stime are the 12th and 13th after the name.
        let (_, fields) = stat.rsplit_once(") ")?;
        let mut fields = fields.split_whitespace().skip(11);
        let mut ticks = || fields.next()?.parse::<u32>().ok();
        Some(TICK * (ticks()? + ticks()?))
    }

    fn resident_kib(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start_to_first_answer(home: &Path) -> Outcome<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        let server = Server::start(home, &[])?;
        let mut client = Client::connect(&server.address)?;
        client.send(&get(&server.address, "/api/health"))?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

struct Measured {
    rate: f64,
    p50: Duration,
    p99: Duration,
    /// The server's, for one request.
    processor_time: Option<Duration>,
    resident_kib: Option<u64>,
    status: Duration,
}

impl Measured {
    fn print(&self, title: &str, raw: f64) {
        println!("{title}");
        println!(
            "  requests                             {:>9.0} /s",
            self.rate
        );
        println!(
            "  requests : bare signatures           {:>9.2}",
            self.rate / raw
        );
        println!(
            "  p50                                  {:>9.2} ms",
            millis(self.p50)
        );
        println!(
            "  p99                                  {:>9.2} ms",
            millis(self.p99)
        );
        if let Some(time) = self.processor_time {
            println!(
                "  server CPU a request                 {:>9.1} µs",
                millis(time) * 1000.0
            );
        }
        if let Some(kib) = self.resident_kib {
            println!(
                "  resident memory after                {:>9.1} MiB",
                kib as f64 / 1024.0
            );
        }
    }
}

fn measure(home: &Path, tokens: &[String], duration: Duration) -> Outcome<Measured> {
    let server = Server::start(home, &["--unlock"])?;
    let address = &server.address;
    // Once around, so that every host's key is at hand.
    run(address, tokens, Duration::from_millis(200))?;
    let (start, before) = (Instant::now(), server.processor_time());
    let mut times = run(address, tokens, duration)?;
    let rate = times.len() as f64 / start.elapsed().as_secs_f64();
    let processor_time = server
        .processor_time()
        .zip(before)
        .map(|(after, before)| (after - before) / times.len() as u32);
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize];
    let (p50, p99) = (at(0.5), at(0.99));
    // At least 10,000 requests, however short the run was.
    let mut client = Client::connect(address)?;
    for _ in times.len()..10_000 {
        client.send(&sign(address, &tokens[0]))?;
    }
    let resident_kib = server.resident_kib();
    let start = Instant::now();
    client.send(&get(address, "/api/status"))?;
    Ok(Measured {
        rate,
        p50,
        p99,
        processor_time,
        resident_kib,
        status: start.elapsed(),
    })
}

/// All connections sign until the time is over; how long each request took.
/// One thread drives them all, as the usual load tools do: the processor is
/// for the server.
fn run(address: &str, tokens: &[String], duration: Duration) -> Outcome<Vec<Duration>> {
    let requests: Vec<_> = tokens.iter().map(|token| sign(address, token)).collect();
    let mut clients = (0..tokens.len())
        .map(|_| Client::connect(address))
        .collect::<io::Result<Vec<_>>>()?;
    let mut times = Vec::new();
    let mut started = vec![Instant::now(); clients.len()];
    for (client, request) in clients.iter_mut().zip(&requests) {
        client.stream.write_all(request)?;
    }
    let end = Instant::now() + duration;
    while Instant::now() < end {
        for index in readable(&clients)? {
            let client = &mut clients[index];
            if client.receive()? {
                let now = Instant::now();
                times.push(now - started[index]);
                started[index] = now;
                client.stream.write_all(&requests[index])?;
            }
        }
    }
    Ok(times)
}

/// Waits until some of the clients have something to read, and says which.
fn readable(clients: &[Client]) -> io::Result<Vec<usize>> {
    let mut waiting: Vec<_> = clients
        .iter()
        .map(|client| PollFd::new(&client.stream, PollFlags::IN))
        .collect();
    poll(&mut waiting, None)?;
    let ready = waiting.iter().enumerate();
    Ok(ready
        .filter(|(_, waiting)| !waiting.revents().is_empty())
        .map(|(index, _)| index)
        .collect())
}

fn get(address: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
}

fn sign(address: &str, token: &str) -> Vec<u8> {
    let body = r#"{"message":"Hello World"}"#;
    format!(
        "POST /api/sign HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    read: usize,
}

impl Client {
    fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: vec![0; 1 << 17],
            read: 0,
        })
    }

    /// Sends a request and waits for its answer.
    fn send(&mut self, request: &[u8]) -> Outcome<()> {
        self.stream.write_all(request)?;
        while !self.receive()? {}
        Ok(())
    }

    /// Reads once. Whether the answer is whole now; it must be a 200.
    fn receive(&mut self) -> Outcome<bool> {
        let more = self.stream.read(&mut self.buffer[self.read..])?;
        if more == 0 {
            return Err("the server hung up, or sent more than fits".into());
        }
        self.read += more;
        let seen = &self.buffer[..self.read];
        let Some(head) = seen.windows(4).position(|four| four == b"\r\n\r\n") else {
            return Ok(false);
        };
        let text = std::str::from_utf8(&seen[..head])?;
        let length = text.split("Content-Length: ").nth(1).ok_or("no length")?;
        let length: usize = length.split("\r\n").next().unwrap_or_default().parse()?;
        if self.read < head + 4 + length {
            return Ok(false);
        }
        self.read = 0;
        if text.starts_with("HTTP/1.1 200") {
            Ok(true)
        } else {
            Err(text.to_owned().into())
        }
    }
}

/// Recoverable signatures a second on one core, and nothing else.
fn raw_rate(duration: Duration) -> Outcome<f64> {
    let key = SecretKey::from_secret_bytes([7; 32])?;
    let start = Instant::now();
    let mut count = 0_u64;
    while start.elapsed() < duration {
        for _ in 0..100 {
            let digest: [u8; 32] = Sha256::digest(count.to_le_bytes()).into();
            std::hint::black_box(RecoverableSignature::sign_ecdsa_recoverable(
                Message::from_digest(digest),
                &key,
            ));
            count += 1;
        }
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
