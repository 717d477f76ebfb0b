//! BRC-43 invoice numbers: `level-protocol-keyID`, which name a key that is
//! derived by BRC-42. The rules, and the texts that refuse, are those of
//! `KeyDeriver` in `@bsv/sdk`; it counts UTF-16 units.

/// The longest key id.
const MAX_KEY_ID: usize = 800;
/// The longest name of a protocol.
const MAX_NAME: usize = 400;
/// A revelation's protocol names another one.
const REVELATION: &str = "specific linkage revelation ";
const MAX_REVELATION: usize = 430;

/// Why something is no invoice number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Brc43Error {
    /// Another number.
    #[error("Protocol security level must be 0, 1, or 2")]
    Level,
    /// See the text, as for all others.
    #[error("Key IDs must be 800 characters or less")]
    LongKeyId,
    /// Empty.
    #[error("Key IDs must be 1 character or more")]
    NoKeyId,
    /// Of a protocol that reveals a linkage.
    #[error("Specific linkage revelation protocol names must be 430 characters or less")]
    LongRevelation,
    /// Of any other protocol.
    #[error("Protocol names must be 400 characters or less")]
    LongName,
    /// After white space around it was taken away.
    #[error("Protocol names must be 5 characters or more")]
    ShortName,
    /// Two names that look alike would have different keys.
    #[error("Protocol names cannot contain multiple consecutive spaces (\"  \")")]
    Spaces,
    /// After it was put into lower case.
    #[error("Protocol names can only contain letters, numbers and spaces")]
    Characters,
    /// It goes without saying.
    #[error("No need to end your protocol name with \" protocol\"")]
    Suffix,
}

/// How much an app must ask before it uses a protocol's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecurityLevel {
    /// Open to every app.
    Open,
    /// Once for each protocol.
    PerProtocol,
    /// Once for each protocol and counterparty.
    PerCounterparty,
}

impl SecurityLevel {
    /// The number that stands for it.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Open => 0,
            Self::PerProtocol => 1,
            Self::PerCounterparty => 2,
        }
    }
}

impl TryFrom<u64> for SecurityLevel {
    type Error = Brc43Error;

    fn try_from(number: u64) -> Result<Self, Brc43Error> {
        match number {
            0 => Ok(Self::Open),
            1 => Ok(Self::PerProtocol),
            2 => Ok(Self::PerCounterparty),
            _ => Err(Brc43Error::Level),
        }
    }
}

/// A protocol: its level, and its name as it stands in invoice numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Protocol {
    level: SecurityLevel,
    name: String,
}

impl Protocol {
    /// Puts the name into lower case and takes away white space around it.
    ///
    /// # Errors
    /// [`Brc43Error`]: what the name is not.
    pub fn new(level: SecurityLevel, name: &str) -> Result<Self, Brc43Error> {
        let name = name.to_lowercase();
        let name = name.trim_matches(is_js_space);
        let length = name.encode_utf16().count();
        if name.starts_with(REVELATION) {
            if length > MAX_REVELATION {
                return Err(Brc43Error::LongRevelation);
            }
        } else if length > MAX_NAME {
            return Err(Brc43Error::LongName);
        }
        if length < 5 {
            return Err(Brc43Error::ShortName);
        }
        if name.contains("  ") {
            return Err(Brc43Error::Spaces);
        }
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == ' ';
        if !name.chars().all(known) {
            return Err(Brc43Error::Characters);
        }
        if name.ends_with(" protocol") {
            return Err(Brc43Error::Suffix);
        }
        Ok(Self {
            level,
            name: name.to_owned(),
        })
    }

    /// How much must be asked.
    #[must_use]
    pub fn level(&self) -> SecurityLevel {
        self.level
    }

    /// In lower case.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of one of its keys.
    ///
    /// # Errors
    /// A key id that is empty or too long.
    pub fn invoice(&self, key_id: &str) -> Result<Invoice, Brc43Error> {
        check_key_id(key_id)?;
        let (level, name) = (self.level.number(), &self.name);
        Ok(Invoice(format!("{level}-{name}-{key_id}")))
    }
}

/// An invoice number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Invoice(String);

impl Invoice {
    /// The text that is authenticated.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Looks at a key id alone.
///
/// # Errors
/// It is empty or too long.
pub fn check_key_id(key_id: &str) -> Result<(), Brc43Error> {
    if key_id.is_empty() {
        return Err(Brc43Error::NoKeyId);
    }
    if key_id.encode_utf16().count() > MAX_KEY_ID {
        return Err(Brc43Error::LongKeyId);
    }
    Ok(())
}

/// What JavaScript's `trim` takes away: a byte-order mark, but not U+0085.
fn is_js_space(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}
