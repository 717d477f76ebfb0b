//! An app that signs somebody in with the crate `openidconnect`. Its arguments are
//! the provider, its own id and where it is answered. It prints the link to open,
//! reads where the browser came back to, and prints what it was told.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::http::{Response, header};
use openidconnect::url::Url;
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse, IssuerUrl,
    Nonce, OAuth2TokenResponse, PkceCodeChallenge, RedirectUrl, Scope, TokenResponse,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut arg = || args.next().ok_or("an argument is missing");
    let (issuer, id, redirect) = (arg()?, arg()?, arg()?);

    let metadata = CoreProviderMetadata::discover(&IssuerUrl::new(issuer)?, &send)?;
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(id), None)
        .set_redirect_uri(RedirectUrl::new(redirect)?);
    let (challenge, pkce_verifier) = PkceCodeChallenge::new_random_sha256();
    let (link, state, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    println!("{link}");

    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    let answer = Url::parse(answer.trim())?;
    let parameter = |name: &str| {
        let found = answer.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned())
    };
    if parameter("state").as_ref() != Some(state.secret()) {
        return Err("the answer is not to what was asked".into());
    }
    let code = AuthorizationCode::new(parameter("code").ok_or("no code")?);
    let tokens = client
        .exchange_code(code)?
        .set_pkce_verifier(pkce_verifier)
        .request(&send)?;

    let id_token = tokens.id_token().ok_or("no ID token")?;
    let verifier = client.id_token_verifier();
    let claims = id_token.claims(&verifier, &nonce)?;
    let hash = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg()?,
        id_token.signing_key(&verifier)?,
    )?;
    if claims.access_token_hash() != Some(&hash) {
        return Err("the ID token is not for this access token".into());
    }
    let subject = claims.subject().clone();
    let userinfo: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(subject))?
        .request(&send)?;
    println!("{}", serde_json::to_string(&userinfo)?);
    Ok(())
}

/// One request, in plain HTTP to this machine.
fn send(request: HttpRequest) -> io::Result<HttpResponse> {
    let uri = request.uri();
    let authority = uri.authority().ok_or_else(|| invalid("no host"))?;
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let mut bytes = format!("{} {target} HTTP/1.1\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    let length = request.body().len();
    bytes.extend(
        format!("Host: {authority}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
            .bytes(),
    );
    bytes.extend(request.body());

    let mut stream = TcpStream::connect(authority.as_str())?;
    stream.write_all(&bytes)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.ok_or_else(|| invalid("no answer"))? + 4);
    let head = std::str::from_utf8(head).map_err(invalid)?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    let mut response = Response::builder().status(status);
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        if name.eq_ignore_ascii_case("Content-Type") {
            response = response.header(header::CONTENT_TYPE, value);
        }
    }
    response.body(body.to_vec()).map_err(invalid)
}

fn invalid(error: impl Into<Box<dyn Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
