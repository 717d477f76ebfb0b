//! What `Allow` says of a path (RFC 9110, 10.2.1): the methods of all that
//! answers there, be it a page or the API.

use super::authorize::table;
use super::routes;

/// `GET, HEAD, OPTIONS`, for example.
pub(super) fn of(path: &str) -> String {
    let pages = table::methods(path);
    let api = routes::methods(path);
    let answered: Vec<&str> = pages.chain(api).collect();
    // A route for `GET` answers `HEAD`, too.
    let by = |method| match method {
        "OPTIONS" => true,
        "HEAD" => answered.contains(&"GET"),
        method => answered.contains(&method),
    };
    let known = ["GET", "HEAD", "POST", "DELETE", "OPTIONS"];
    let allowed: Vec<&str> = known.into_iter().filter(|method| by(method)).collect();
    allowed.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_both_tables_has_the_methods_of_both() {
        assert_eq!(of("/auth"), "GET, HEAD, POST, OPTIONS");
    }

    #[test]
    fn others_have_those_of_their_own() {
        assert_eq!(of("/style.css"), "GET, HEAD, OPTIONS");
        assert_eq!(of("/oauth2/token"), "POST, OPTIONS");
        assert_eq!(of("/api/auth"), "POST, OPTIONS");
        assert_eq!(of("/api/status"), "GET, HEAD, OPTIONS");
        assert_eq!(of("/api/state"), "GET, HEAD, POST, DELETE, OPTIONS");
        assert_eq!(of("/state"), of("/api/state"));
    }
}
