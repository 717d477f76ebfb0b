//! The parameters of a request: form-encoded text, each name at most once.

use std::borrow::Cow;

use super::error::{ErrorCode, OAuthError};
use super::secrets::shown;

/// Names that are asked for; others are ignored (RFC 6749, 3.1), but still may
/// not come twice.
pub(crate) struct Params<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

/// Parameters of one request at most. No client sends a third of it.
const MAX_PARAMS: usize = 64;

impl<'a> Params<'a> {
    /// Reads a query or a form body. A name that comes twice is remembered, so
    /// that [`Params::get`] can refuse it where it matters.
    pub(crate) fn parse(text: &'a str) -> Result<Self, OAuthError> {
        let all: Vec<_> = url::form_urlencoded::parse(text.as_bytes())
            .take(MAX_PARAMS + 1)
            .collect();
        if all.len() > MAX_PARAMS {
            let why = format!("more than {MAX_PARAMS} parameters");
            return Err(OAuthError::new(ErrorCode::InvalidRequest, why));
        }
        Ok(Self(all))
    }

    /// The value of a parameter. One without a value counts as left out, and
    /// one that comes twice is refused (RFC 6749, 3.1).
    pub(crate) fn get(&self, name: &str) -> Result<Option<&str>, OAuthError> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        let first = values.next().map(|(_, value)| value.as_ref());
        if values.next().is_some() {
            return Err(twice(name));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// Like [`Params::get`], for a parameter that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name)?.ok_or_else(|| {
            let why = format!("`{name}` is missing");
            OAuthError::new(ErrorCode::InvalidRequest, why)
        })
    }

    /// Fails where any parameter comes twice.
    pub(crate) fn once_each(&self) -> Result<(), OAuthError> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(twice(pair[0])),
            None => Ok(()),
        }
    }
}

fn twice(name: &str) -> OAuthError {
    let why = format!("`{}` comes twice", shown(name));
    OAuthError::new(ErrorCode::InvalidRequest, why)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_comes_twice_is_refused_where_it_matters_and_where_nothing_may() {
        let read = |text| Params::parse(text).unwrap();
        assert!(read("a=1&b=2").once_each().is_ok());
        let twice = read("a=1&b=2&a=1");
        assert_eq!(twice.get("b").unwrap(), Some("2"));
        for refused in [twice.get("a").map(drop), twice.once_each()] {
            assert_eq!(refused.unwrap_err().description, "`a` comes twice");
        }
    }

    #[test]
    fn so_many_parameters_and_no_more() {
        let text = |count: usize| vec!["a=1"; count].join("&");
        assert!(Params::parse(&text(MAX_PARAMS)).is_ok());
        assert!(Params::parse(&text(MAX_PARAMS + 1)).is_err());
    }
}
