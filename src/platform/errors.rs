//! What the system says when it refuses.

use std::io;

/// The system's words as the program's own errors have them: lower case,
/// without Rust's `(os error 13)`.
#[must_use]
pub fn plain(error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::AlreadyExists {
        return "it exists already".to_owned();
    }
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_errors_lose_their_capital_and_number() {
        let error = io::Error::from_raw_os_error(28);
        assert_eq!(plain(&error), "no space left on device");
    }
}
