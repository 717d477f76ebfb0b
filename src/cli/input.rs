//! The messages and request bodies that commands take.

use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::error::CliError;
use super::terminal::Terminal;
use crate::crypto::encoding::Encoding;
use crate::text::{excerpt, marks};

/// The body of a request that a token is bound to.
#[derive(Args)]
pub(crate) struct BodyArgs {
    /// The body of the request
    #[arg(long, value_name = "TEXT", help_heading = "Request")]
    #[arg(conflicts_with = "body_file")]
    body: Option<String>,

    /// Read the body from FILE (`-`: standard input)
    #[arg(long, value_name = "FILE", help_heading = "Request")]
    body_file: Option<PathBuf>,

    /// How the body's text encodes bytes: utf8, hex, base64
    #[arg(long, value_name = "ENCODING", help_heading = "Request")]
    #[arg(default_value = "utf8")]
    body_encoding: Encoding,
}

impl BodyArgs {
    /// Reads the body and decodes it; none is an empty one.
    pub(crate) fn read(self, terminal: Terminal) -> Result<Message, CliError> {
        let text = match (self.body, self.body_file) {
            (Some(body), _) => Zeroizing::new(body.into_bytes()),
            (None, Some(file)) => terminal.read_all(Some(&file))?,
            (None, None) => Zeroizing::default(),
        };
        Message::decode(text, self.body_encoding)
    }
}

/// A message: the text as it was given, and the bytes that it encodes.
pub(crate) struct Message {
    text: Zeroizing<Vec<u8>>,
    decoded: Option<Zeroizing<Vec<u8>>>,
}

impl Message {
    /// Plain text and files are taken as they are; hex and base64 are decoded.
    pub(crate) fn decode(text: Zeroizing<Vec<u8>>, encoding: Encoding) -> Result<Self, CliError> {
        let decoded = match encoding {
            Encoding::Utf8 => None,
            Encoding::Hex | Encoding::Base64 => Some(Zeroizing::new(decode(&text, encoding)?)),
        };
        Ok(Self { text, decoded })
    }

    /// What is signed or encrypted.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.decoded.as_deref().unwrap_or(&self.text)
    }

    /// The text as it was given, with U+FFFD for bytes that are not text.
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.text)
    }
}

/// Decodes hex or base64; an error quotes the text, unless it may be a secret.
pub(crate) fn decode(text: &[u8], encoding: Encoding) -> Result<Vec<u8>, CliError> {
    let text = std::str::from_utf8(text)
        .map_err(|_| CliError::input(format!("the text is not {encoding}: it is binary data")))?;
    encoding.decode(text).map_err(|error| {
        let message = format!(
            "`{}` is not {encoding}: {error}",
            excerpt(marks::unmarked(text).trim_ascii(), 60)
        );
        CliError::input_hint(message, "`--encoding` says how the text encodes bytes")
    })
}
