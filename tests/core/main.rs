//! The library as an embedder uses it: published vectors, properties that hold
//! for every input, and the wallet over a home of its own.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod backups;
mod brc100;
mod certificates;
mod desktop_vectors;
mod homes;
mod identity_properties;
mod identity_vectors;
mod merging;
mod moving;
mod properties;
mod streams;
mod transactions;
mod vectors;
mod wallet;
mod wycheproof;
