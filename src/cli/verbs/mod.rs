//! One file per command; a folder where a command has commands of its own.

pub(super) mod auth;
pub(super) mod client;
pub(super) mod completions;
pub(super) mod decrypt;
pub(super) mod doctor;
pub(super) mod encrypt;
pub(super) mod export;
pub(super) mod identity;
pub(super) mod import;
pub(super) mod key;
pub(super) mod log;
pub(super) mod login;
pub(super) mod logout;
pub(super) mod man;
pub(super) mod open;
pub(super) mod origin;
pub(super) mod passwd;
pub(super) mod profile;
pub(super) mod register;
pub(super) mod run;
pub(super) mod serve;
pub(super) mod sign;
pub(super) mod status;
pub(super) mod token;
pub(super) mod verify;
