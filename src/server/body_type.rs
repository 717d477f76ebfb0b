//! What a body may be.

use super::error::ApiError;
use crate::http::HttpRequest;

/// `application/json`, with or without parameters (RFC 8259, RFC 9110).
pub(super) fn check_body_type(request: &HttpRequest) -> Result<(), ApiError> {
    let media_type = request.header("Content-Type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if request.body.is_empty() || media_type.eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(ApiError::NotJson)
    }
}
