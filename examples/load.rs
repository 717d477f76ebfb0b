//! What `tokenpass` costs, beside the bare signature, and beside another
//! version of it.
//!
//! ```sh
//! cargo run --release --example load [-- SECONDS [OTHER]]
//! ```
//!
//! Prints, in one run: what libsecp256k1 takes for a recoverable signature, and what a
//! thread takes that does nothing but read from a socket, sign and write; the
//! time of a command that signs with a session, and from a server's start to
//! its first answer; what a sign request takes at one connection and at 16,
//! kept alive: rate, p50, p99, the server's processor time (where there is
//! `/proc`) and its memory; what `createSignature` of the BRC-100 wallet takes
//! beside it; then the same with 10,000 hosts and 100,000 tokens instead of 100
//! each, which is one page of `status`.
//!
//! With `OTHER`, another `tokenpass`, both are measured by turns, and the last
//! column is this by that. The server is this program itself, started again:
//! what it runs is the same `tokenpass serve`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what it prints is what it is for"
)]

#[cfg(not(target_env = "musl"))]
use std::alloc::System as Allocator;
use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(target_env = "musl")]
use mimalloc::MiMalloc as Allocator;
use rusqlite::{Connection, params};
use rustix::event::{PollFd, PollFlags, poll};
use secp256k1::{Message, Secp256k1, SecretKey};
use sha2::{Digest, Sha256};
use zeroizing_alloc::ZeroAlloc;

/// As in the program: it has its price.
#[global_allocator]
static HEAP: ZeroAlloc<Allocator> = ZeroAlloc(Allocator);

const AS_PROGRAM: &str = "TOKENPASS_LOAD_AS_PROGRAM";
const PASSWORD: &str = "a password for the load run";
/// A program that names itself to the BRC-100 wallet.
const APP: &str = "app.example";
const CONNECTIONS: usize = 16;
/// Hosts and tokens: a page of each, and many.
const PAGE: (usize, usize) = (100, 100);
const MANY: (usize, usize) = (10_000, 100_000);
/// How often `status` is asked for in a turn.
const STATUSES: usize = 50;
/// Turns that two programs take.
const ROUNDS: u32 = 4;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    if std::env::var_os(AS_PROGRAM).is_some() {
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
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let turn = Duration::from_secs(seconds) / ROUNDS;
    let folder = tempfile::tempdir()?;
    let mut programs = vec![Program::set_up(
        std::env::current_exe()?,
        folder.path().join("home"),
    )?];
    if let Some(other) = arguments.next() {
        programs.push(Program::set_up(other.into(), folder.path().join("other"))?);
    }

    let mut bare = Duration::MAX;
    let mut answers = Vec::new();
    for round in 0..ROUNDS {
        bare = bare.min(bare_signature(Duration::from_millis(500))?);
        answers.extend(bare_answers(Duration::from_millis(500))?);
        // Neither is always the first.
        let turned = round as usize % 2 * (programs.len() - 1);
        let (first, second) = programs.split_at_mut(turned);
        for program in second.iter_mut().chain(first) {
            program.measure(turn)?;
        }
    }
    println!(
        "a bare signature, one core           {:>9.1} µs",
        micros(bare)
    );
    if let Some(answer) = at(&answers, 0.5) {
        println!("a bare answer, 1 connection: p50     {answer:>9.2} ms");
    }
    print(&programs.iter().collect::<Vec<_>>(), bare);

    let this = &mut programs[0];
    fill(&this.home, PAGE, MANY)?;
    let mut many = Program {
        path: this.path.clone(),
        home: this.home.clone(),
        tokens: std::mem::take(&mut this.tokens),
        is_wallet: this.is_wallet,
        results: Results::default(),
    };
    for _ in 0..ROUNDS {
        many.measure(turn)?;
    }
    println!("with 10,000 hosts and 100,000 tokens, by with few");
    print(&[&many, this], bare);
    Ok(())
}

/// One version of the program, and what was seen of it.
struct Program {
    path: PathBuf,
    home: PathBuf,
    tokens: Vec<String>,
    /// Whether it has a BRC-100 wallet.
    is_wallet: bool,
    results: Results,
}

/// The best of all turns, except where that says nothing.
#[derive(Default)]
struct Results {
    command: Vec<Duration>,
    start: Vec<Duration>,
    alone: Vec<Duration>,
    together: Vec<Duration>,
    /// How long `together` took in all.
    elapsed: Duration,
    /// The same of BRC-100.
    created: usize,
    created_elapsed: Duration,
    created_time: Option<Duration>,
    /// The server's meanwhile.
    processor_time: Option<Duration>,
    resident_kib: (Option<u64>, Option<u64>),
    status: Vec<Duration>,
}

impl Program {
    /// A wallet, and a token for each connection.
    fn set_up(path: PathBuf, home: PathBuf) -> Outcome<Self> {
        let mut program = Self {
            path,
            home,
            tokens: Vec::new(),
            is_wallet: false,
            results: Results::default(),
        };
        program.output(&["register"], &[("TOKENPASS_PASSWORD", PASSWORD)])?;
        program.is_wallet = program
            .output(&["serve", "--help"], &[])?
            .contains("--brc100");
        if program.is_wallet {
            program.output(&["permission", "allow", APP, "--all"], &[])?;
        }
        let server = Server::start(&program, &[])?;
        let mut client = Client::connect(&server.address)?;
        for n in 0..CONNECTIONS {
            let wish = format!(
                r#"{{"password":"{PASSWORD}","host":"app{n}.example","scopes":"sign","expire":"1d"}}"#
            );
            client.send(&post(&server.address, "auth", "", &wish))?;
            let answer = String::from_utf8(client.buffer.clone())?;
            let token = answer.split(r#""accessToken":""#).nth(1);
            let token = token.and_then(|rest| rest.split('"').next());
            program.tokens.push(token.ok_or("no token")?.to_owned());
        }
        drop(server);
        fill(&program.home, (0, 0), PAGE)?;
        Ok(program)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(arguments)
            .arg("--home")
            .arg(&self.home)
            .env(AS_PROGRAM, "1")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn output(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Outcome<String> {
        let mut command = self.command(arguments);
        let output = command.envs(environment.iter().copied()).output()?;
        if !output.status.success() {
            return Err(format!("{} {arguments:?}: {}", self.path.display(), output.status).into());
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    fn measure(&mut self, duration: Duration) -> Outcome<()> {
        let login = self.output(&["login"], &[("TOKENPASS_PASSWORD", PASSWORD)])?;
        let session = login.trim().rsplit('=').next().unwrap_or_default();
        for _ in 0..20 {
            let start = Instant::now();
            self.output(&["sign", "Hello World"], &[("TOKENPASS_SESSION", session)])?;
            self.results.command.push(start.elapsed());
        }
        for _ in 0..5 {
            let start = Instant::now();
            let server = Server::start(self, &[])?;
            let mut client = Client::connect(&server.address)?;
            client.send(&get(&server.address, "/api/health"))?;
            self.results.start.push(start.elapsed());
        }

        let wallet = free_address()?;
        let place = ["--unlock", "--brc100-listen", &*wallet];
        let server = Server::start(self, &place[..if self.is_wallet { 3 } else { 1 }])?;
        let address = &server.address;
        let signs: Vec<_> = self
            .tokens
            .iter()
            .map(|token| sign(address, token))
            .collect();
        let mut client = Client::connect(address)?;
        client.send(&get(address, "/api/health"))?;
        self.results.resident_kib.0 = server.resident_kib();
        // Once around, so that every host's key is at hand.
        run(address, &signs, Duration::from_millis(200))?;
        let alone = run(address, &signs[..1], duration / 4)?;
        if self.is_wallet {
            let creates = vec![create_signature(&wallet); CONNECTIONS];
            run(&wallet, &creates, Duration::from_millis(200))?;
            let (start, before) = (Instant::now(), server.processor_time());
            let results = &mut self.results;
            results.created += run(&wallet, &creates, duration)?.len();
            results.created_elapsed += start.elapsed();
            let used = server.processor_time().zip(before);
            results.created_time = used
                .map(|(after, before)| results.created_time.unwrap_or_default() + (after - before));
        }
        let (start, before) = (Instant::now(), server.processor_time());
        let together = run(address, &signs, duration)?;
        let results = &mut self.results;
        results.elapsed += start.elapsed();
        let used = server.processor_time().zip(before);
        results.processor_time = used
            .map(|(after, before)| results.processor_time.unwrap_or_default() + (after - before));
        // At least 10,000 requests, however short the run was.
        for _ in together.len()..10_000 {
            client.send(&sign(address, &self.tokens[0]))?;
        }
        results.resident_kib.1 = server.resident_kib();
        for _ in 0..STATUSES {
            let start = Instant::now();
            client.send(&get(address, "/api/status"))?;
            results.status.push(start.elapsed());
        }
        results.alone.extend(alone);
        results.together.extend(together);
        Ok(())
    }
}

/// Prints the first program's figures, and its by the second's.
fn print(programs: &[&Program], bare: Duration) {
    let row = |name: &str, unit: &str, figure: &dyn Fn(&Results) -> Option<f64>| {
        let figures: Vec<_> = programs
            .iter()
            .filter_map(|program| figure(&program.results))
            .collect();
        match figures[..] {
            [this] => println!("{name:<36} {this:>9.2} {unit}"),
            [this, other] => println!("{name:<36} {this:>9.2} {unit:<4} {:>9.2}", this / other),
            _ => {}
        }
    };
    let processor_time = |results: &Results| {
        let requests = results.together.len() as f64;
        results.processor_time.map(|time| micros(time) / requests)
    };
    let mib = |kib: Option<u64>| kib.map(|kib| kib as f64 / 1024.0);
    row("sign with a session, a command", "ms", &|r| {
        at(&r.command, 0.5)
    });
    row("start to first answer", "ms", &|r| at(&r.start, 0.5));
    row("sign, 1 connection: p50", "ms", &|r| at(&r.alone, 0.5));
    row("sign, 16 connections: requests", "/s", &|r| {
        Some(r.together.len() as f64 / r.elapsed.as_secs_f64())
    });
    let rate = |count: usize, time: Duration| count as f64 / time.as_secs_f64();
    let creates = |r: &Results| (r.created > 0).then(|| rate(r.created, r.created_elapsed));
    row("  createSignature beside it", "/s", &creates);
    row("  its server CPU a request", "µs", &|r| {
        Some(micros(r.created_time?) / r.created as f64)
    });
    row("  by sign", "", &|r| {
        Some(creates(r)? / rate(r.together.len(), r.elapsed))
    });
    row("  p50", "ms", &|r| at(&r.together, 0.5));
    row("  p99", "ms", &|r| at(&r.together, 0.99));
    row("  server CPU a request", "µs", &processor_time);
    row("  the same in bare signatures", "", &|r| {
        processor_time(r).map(|time| time / micros(bare))
    });
    row("resident memory, unlocked, at rest", "MiB", &|r| {
        mib(r.resident_kib.0)
    });
    row("  after the load", "MiB", &|r| mib(r.resident_kib.1));
    row("status, first page", "ms", &|r| at(&r.status, 0.5));
}

/// The time that this part of all took no longer than, in milliseconds.
fn at(times: &[Duration], part: f64) -> Option<f64> {
    let mut times = times.to_vec();
    times.sort_unstable();
    let index = (times.len().saturating_sub(1) as f64 * part) as usize;
    times.get(index).map(|time| micros(*time) / 1000.0)
}

/// Adds hosts and tokens, those from the first numbers to the second, without a
/// signature each: only their number counts.
fn fill(home: &Path, from: (usize, usize), to: (usize, usize)) -> Outcome<()> {
    let seed = Connection::open(home.join("seed.db"))?;
    let wallet: Vec<u8> = seed.query_row("SELECT wallet FROM vault", [], |row| row.get(0))?;
    let mut keys = Connection::open(home.join("keys.db"))?;
    let filling = keys.transaction()?;
    for n in from.0..to.0 {
        filling.execute(
            "INSERT INTO host_keys (wallet, host, invoice, public_key, address, created)
             VALUES (?, ?, 'invoice', ?, '1111111111111111111114oLvT2', 0)",
            params![wallet, format!("host{n}.example"), "02".repeat(33)],
        )?;
    }
    filling.commit()?;
    let mut state = Connection::open(home.join("state.db"))?;
    let filling = state.transaction()?;
    for n in from.1..to.1 {
        let hash: [u8; 32] = Sha256::digest(n.to_le_bytes()).into();
        filling.execute(
            "INSERT INTO tokens (hash, id, wallet, host, scopes, created)
             VALUES (?, ?, ?, ?, 'sign', 0)",
            params![
                hash,
                format!("{n:012x}"),
                wallet,
                format!("host{}.example", n % to.0)
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
    fn start(program: &Program, more: &[&str]) -> Outcome<Self> {
        let mut child = program
            .command(&[
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--log",
                "off",
                "--rate-limit",
                "0",
            ])
            .args(more)
            .env("TOKENPASS_PASSWORD", PASSWORD)
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no stdout")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().rsplit('/').next().unwrap_or_default();
        let address = address.to_owned();
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

/// All connections sign until the time is over; how long each request took.
/// One thread drives them all, as the usual load tools do: the processor is
/// for the server.
fn run(address: &str, requests: &[Vec<u8>], duration: Duration) -> Outcome<Vec<Duration>> {
    let mut clients = (0..requests.len())
        .map(|_| Client::connect(address))
        .collect::<io::Result<Vec<_>>>()?;
    let mut times = Vec::new();
    let mut started = vec![Instant::now(); clients.len()];
    for (client, request) in clients.iter_mut().zip(requests) {
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

fn post(address: &str, endpoint: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /api/{endpoint} HTTP/1.1\r\nHost: {address}\r\n{more}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Of a level that the owner is asked about.
fn create_signature(address: &str) -> Vec<u8> {
    let body = r#"{"protocolID":[2,"load run"],"keyID":"1","counterparty":"self","data":[72,101,108,108,111]}"#;
    format!(
        "POST /createSignature HTTP/1.1\r\nHost: {address}\r\nOriginator: {APP}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// An address that nobody listened on a moment ago.
fn free_address() -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.to_string())
}

fn sign(address: &str, token: &str) -> Vec<u8> {
    let proof = format!("Authorization: Bearer {token}\r\n");
    post(address, "sign", &proof, r#"{"message":"Hello World"}"#)
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

/// What a recoverable signature takes on one core, and nothing else.
fn bare_signature(duration: Duration) -> Outcome<Duration> {
    let key = SecretKey::from_byte_array([7; 32])?;
    let mut curve = Secp256k1::signing_only();
    curve.seeded_randomize(&[3; 32]);
    let (start, mut best, mut count) = (Instant::now(), Duration::MAX, 0_u64);
    while start.elapsed() < duration {
        let hundred = Instant::now();
        for _ in 0..100 {
            let digest: [u8; 32] = Sha256::digest(count.to_le_bytes()).into();
            let message = Message::from_digest(digest);
            std::hint::black_box(curve.sign_ecdsa_recoverable(message, &key));
            count += 1;
        }
        best = best.min(hundred.elapsed() / 100);
    }
    Ok(best)
}

/// What one connection can come to at most: how long answers take of a thread that
/// reads from a socket, signs and writes, and does nothing else.
fn bare_answers(duration: Duration) -> Outcome<Vec<Duration>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let answering = thread::spawn(move || -> Outcome<()> {
        let (mut stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        let key = SecretKey::from_byte_array([7; 32])?;
        let curve = Secp256k1::signing_only();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{:500}", "");
        let mut request = [0; 4096];
        // The client leaves with an answer on its way, and may so reset the connection.
        while stream.read(&mut request).is_ok_and(|read| read > 0) {
            let digest: [u8; 32] = Sha256::digest(request).into();
            let message = Message::from_digest(digest);
            std::hint::black_box(curve.sign_ecdsa_recoverable(message, &key));
            if stream.write_all(answer.as_bytes()).is_err() {
                break;
            }
        }
        Ok(())
    });
    let times = run(&address, &[sign(&address, "token")], duration)?;
    answering.join().map_err(|_| "the bare answer panicked")??;
    Ok(times)
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}
