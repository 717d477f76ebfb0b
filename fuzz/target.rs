//! Feeds bytes to the target that the program is named after.
#![no_main]

#[path = "../tests/fuzz/targets.rs"]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    targets::run(env!("CARGO_BIN_NAME"), bytes);
});
