//! Looks for secrets in the memory of a running process.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use aho_corasick::AhoCorasick;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use tokenpass::PrivateKey;

/// What half a key has; also enough not to be there by chance.
const PIECE: usize = 16;

/// Read at once.
const BLOCK: usize = 1 << 20;

/// Secrets in every form to look for.
#[derive(Clone, Default)]
pub(crate) struct Secrets(Vec<(String, Vec<u8>)>);

/// Where one was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Found {
    pub(crate) name: String,
    address: u64,
    place: String,
}

impl Secrets {
    pub(crate) fn key(&mut self, name: &str, key: &PrivateKey) {
        let mut bytes = key.expose_bytes().to_vec();
        self.bytes(name, &bytes);
        // How libsecp256k1 computes with it, on most machines.
        bytes.reverse();
        self.forms(&format!("{name}, reversed"), &bytes, false);
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.bytes(name, text.as_bytes());
    }

    pub(crate) fn bytes(&mut self, name: &str, bytes: &[u8]) {
        self.forms(name, bytes, true);
    }

    /// Each aligned piece and the last one, so that the whole is found too.
    fn forms(&mut self, name: &str, bytes: &[u8], as_text: bool) {
        let last = bytes.len() - PIECE;
        for start in (0..last).step_by(PIECE).chain([last]) {
            let piece = &bytes[start..start + PIECE];
            let mut form = |form: &str, bytes: Vec<u8>| {
                self.0.push((format!("{name}, {form} {start}"), bytes));
            };
            form("raw", piece.to_vec());
            if !as_text {
                continue;
            }
            form("hex", hex::encode(piece).into_bytes());
            form("HEX", hex::encode_upper(piece).into_bytes());
            for shift in 0..3 {
                form(&format!("base64+{shift}"), base64_of(piece, shift));
            }
        }
    }

    /// All but those of these names.
    pub(crate) fn without(&self, names: &[&str]) -> Self {
        let kept = |name: &str| !names.iter().any(|other| name.starts_with(other));
        let left = self.0.iter().filter(|(name, _)| kept(name));
        Self(left.cloned().collect())
    }
}

/// The characters that base64 has for `piece` alone when `shift` bytes came
/// before it in its group of three.
fn base64_of(piece: &[u8], shift: usize) -> Vec<u8> {
    let text = BASE64_STANDARD.encode([&[0; 2][..shift], piece].concat());
    let first = (shift * 8).div_ceil(6);
    let end = (shift + piece.len()) * 8 / 6;
    text.as_bytes()[first..end].to_vec()
}

/// Whether this process may read another one's memory that forbids it to its
/// own user, as TokenPass does.
pub(crate) fn is_allowed(pid: u32) -> bool {
    let allowed = File::open(format!("/proc/{pid}/mem")).is_ok();
    if !allowed {
        eprintln!("skipped: only root can read the memory of a hardened process");
    }
    allowed
}

/// What is found in two searches, one after the other: a thread that was just
/// about to wipe when its answer arrived has done so by the second.
pub(crate) fn search(pid: u32, secrets: &Secrets) -> Vec<Found> {
    let first: HashSet<Found> = search_once(pid, secrets).into_iter().collect();
    if first.is_empty() {
        return Vec::new();
    }
    let second = search_once(pid, secrets).into_iter();
    second.filter(|found| first.contains(found)).collect()
}

fn search_once(pid: u32, secrets: &Secrets) -> Vec<Found> {
    let finder = AhoCorasick::new(secrets.0.iter().map(|(_, bytes)| bytes)).unwrap();
    let longest = secrets.0.iter().map(|(_, bytes)| bytes.len()).max();
    let overlap = longest.unwrap_or(1) - 1;
    let memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    let environment = environment_block(pid);
    let mut all = Vec::new();
    let mut block = vec![0; BLOCK];
    for (range, place) in mappings(pid) {
        let mut address = range.start;
        while address < range.end {
            let wanted = BLOCK.min((range.end - address) as usize);
            let block = &mut block[..wanted];
            if !read(&memory, block, address) {
                break;
            }
            for hit in finder.find_overlapping_iter(&*block) {
                let found = Found {
                    name: secrets.0[hit.pattern().as_usize()].0.clone(),
                    address: address + hit.start() as u64,
                    place: place.clone(),
                };
                if !environment.contains(&found.address) && !all.contains(&found) {
                    all.push(found);
                }
            }
            let next = address + wanted as u64;
            address = if next < range.end {
                next - overlap as u64
            } else {
                next
            };
        }
    }
    all
}

/// Some mappings (the kernel's own) cannot be read, and some end meanwhile.
fn read(memory: &File, block: &mut [u8], address: u64) -> bool {
    match memory.read_exact_at(block, address) {
        Ok(()) => true,
        Err(error) => {
            assert_ne!(error.kind(), io::ErrorKind::PermissionDenied);
            false
        }
    }
}

/// What can be read; also what is not the process's own alone.
fn mappings(pid: u32) -> Vec<(Range<u64>, String)> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let readable = maps.lines().filter_map(|line| {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next()?, fields.next()?);
        let place = fields.nth(3).unwrap_or("anonymous").to_owned();
        let (start, end) = range.split_once('-')?;
        let number = |digits| u64::from_str_radix(digits, 16).ok();
        let range = number(start)?..number(end)?;
        rights.starts_with('r').then_some((range, place))
    });
    readable.collect()
}

/// Where the kernel put the environment: what it holds stays there (`man 5
/// proc_pid_stat`, fields 50 and 51).
fn environment_block(pid: u32) -> Range<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let (_, after_name) = stat.rsplit_once(')').unwrap();
    // The first field after the name is the third.
    let field = |number: usize| {
        let field = after_name.split_whitespace().nth(number - 3).unwrap();
        field.parse::<u64>().unwrap()
    };
    field(50)..field(51)
}
