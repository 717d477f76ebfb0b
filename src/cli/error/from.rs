//! Which errors of the rooms below become which of the command line.

use super::CliError;
use crate::cli::terminal::TerminalError;
use crate::client::ClientError;
use crate::oauth::NewClientError;
use crate::platform::home::HomeError;
use crate::platform::service::ServiceError;
use crate::server::ServeError;
use crate::wallet::WalletError;

impl From<TerminalError> for CliError {
    fn from(error: TerminalError) -> Self {
        Self::Terminal(error)
    }
}

impl From<ClientError> for CliError {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<NewClientError> for CliError {
    fn from(error: NewClientError) -> Self {
        match error {
            NewClientError::Wallet(error) => Self::Wallet(error),
            other => Self::input(other.to_string()),
        }
    }
}

impl From<ServeError> for CliError {
    fn from(error: ServeError) -> Self {
        Self::Serve(error)
    }
}

impl From<WalletError> for CliError {
    fn from(error: WalletError) -> Self {
        Self::Wallet(error)
    }
}

impl From<HomeError> for CliError {
    fn from(error: HomeError) -> Self {
        match &error {
            HomeError::Nameless => Self::NoHomeFolder,
            HomeError::Tilde(path) => {
                let path = path.display();
                let hint = format!("write it in full, or `./{path}` for a folder of that name");
                Self::input_hint(error.to_string(), hint)
            }
        }
    }
}

impl From<ServiceError> for CliError {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}
