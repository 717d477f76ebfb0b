//! `tokenpass client`

use clap::{Args, Subcommand};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::cli::app::App;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::terminal::{Outcome, Printout};
use crate::crypto::keys::PublicKey;
use crate::oauth::{ClientInfo, NewClient, Provider};

/// Add apps that sign in with OAuth and whose id is not a URL
///
/// Most apps need no entry here: their `client_id` is their own address, like
/// `https://app.example`. Add a client for an app that insists on a plain name
/// or on a secret.
#[derive(Args)]
#[command(arg_required_else_help = true)]
pub(crate) struct Client {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Add a client; print its secret, if it gets one, once
    #[command(
        after_help = "Example:\n  tokenpass client add desk --redirect-uri https://desk.example/cb --secret"
    )]
    Add {
        /// The client's id: letters, digits, `-`, `_` and `.`
        name: String,
        /// Where answers may go, letter by letter; may be given again
        #[arg(long, value_name = "URI", required = true)]
        redirect_uri: Vec<String>,
        /// Make a secret for it
        #[arg(long)]
        secret: bool,
        /// Let it do without PKCE; needs --secret, and then a nonce is demanded
        #[arg(long, requires = "secret")]
        no_pkce: bool,
        /// The public key that signs its token requests (`X-Auth-Token`)
        #[arg(long, value_name = "PUBKEY")]
        key: Option<PublicKey>,
    },
    /// List the clients that were added
    List,
    /// Remove a client and everything that it was allowed
    #[command(after_help = "Example:\n  tokenpass client remove desk")]
    Remove {
        /// The client's id
        #[arg(value_name = "CLIENT")]
        name: String,
        /// Do not ask first
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ClientAdded"))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Added {
    success: bool,
    client_id: String,
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    client_secret: Option<Zeroizing<String>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ClientList"))]
pub(crate) struct Listed {
    clients: Vec<ClientInfo>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "ClientRemoved"))]
pub(crate) struct Removed {
    success: bool,
    name: String,
}

impl Client {
    pub(crate) fn run(self, app: &App) -> Result<Exit, CliError> {
        let provider = Provider::new(app.existing_wallet()?)?;
        match self.command {
            Command::Add {
                name,
                redirect_uri,
                secret,
                no_pkce,
                key,
            } => {
                let client_secret = provider.add_client(&NewClient {
                    name: name.clone(),
                    redirect_uris: redirect_uri,
                    secret,
                    pkce: !no_pkce,
                    key,
                })?;
                Ok(app.terminal.show(&Added {
                    success: true,
                    client_id: name,
                    client_secret,
                })?)
            }
            Command::List => {
                let clients = provider.clients()?;
                Ok(app.terminal.show(&Listed { clients })?)
            }
            Command::Remove { name, yes } => {
                let loss = format!(
                    "The client `{}` and all that it was allowed are removed.",
                    crate::text::excerpt(&name, 64)
                );
                let known = provider.clients()?.iter().any(|client| client.name == name);
                app.terminal.confirm_loss(yes || !known, &loss)?;
                if !provider.remove_client(&name)? {
                    return Err(CliError::NotFound {
                        message: format!(
                            "there is no client `{}`",
                            crate::text::excerpt(&name, 64)
                        ),
                        hint: "`tokenpass client list` shows them",
                    });
                }
                Ok(app.terminal.show(&Removed {
                    success: true,
                    name,
                })?)
            }
        }
    }
}

impl Outcome for Added {
    fn text(&self, out: &mut Printout) {
        if let Some(secret) = &self.client_secret {
            out.aside("the secret, shown this once:");
            out.line(secret);
        }
    }
}

impl Outcome for Listed {
    fn text(&self, out: &mut Printout) {
        if self.clients.is_empty() {
            out.aside("no clients were added; apps whose id is a URL need none");
        }
        out.count(self.clients.len(), "client", "clients");
        let row = |client: &ClientInfo| {
            let secret = if client.secret { "secret" } else { "" };
            vec![
                client.name.clone(),
                secret.to_owned(),
                client.redirect_uris.join(" "),
            ]
        };
        let rows: Vec<_> = self.clients.iter().map(row).collect();
        out.table(&["CLIENT", "SECRET", "REDIRECT URIS"], &[2], &rows);
    }
}

impl Outcome for Removed {
    fn text(&self, out: &mut Printout) {
        out.line(&self.name);
    }
}
