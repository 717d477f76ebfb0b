//! What answers, put together as the options say.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::agent::Prover;
use super::authorize::Web;
use super::body_key::BodyOpener;
use super::brc100;
use super::caller::Recognition;
use super::caller::limits::RequestLimiter;
use super::lock::Lock;
use super::log::AccessLog;
use super::options::ServeOptions;
use super::pipeline::Pipeline;
use super::refusals::Refusals;
use crate::http::Handler;
use crate::oauth::Provider;
use crate::wallet::{Wallet, WalletError};
use crate::wire::DEFAULT_PORT;
use crate::wire::proof::ProofKey;

/// What answers the API's requests, and shows the pages.
pub(super) fn pipeline(
    options: &ServeOptions,
    listening: &[SocketAddr],
    key: ProofKey,
    (lock, log): (&Arc<Lock>, &Arc<AccessLog>),
) -> Result<Pipeline, WalletError> {
    let wallet = lock.wallet();
    Ok(Pipeline {
        recognition: Recognition::new(options, listening, wallet),
        limiter: RequestLimiter::new(options.requests_per_second),
        lock: Arc::clone(lock),
        body_key: BodyOpener::new(wallet.fresh_key()?),
        web: Web::new(Provider::new(wallet.clone())?, options.consent),
        prover: Prover {
            key,
            hands_out_sessions: options.agent,
        },
        refusals: Refusals::new(wallet.clone(), Arc::clone(log)),
        log: Arc::clone(log),
    })
}

/// What answers on the two ports, where nobody listens: for the fuzz targets. A BRC-100
/// app that asks its owner does not wait.
pub fn without_sockets(
    wallet: Wallet,
    mut options: ServeOptions,
) -> Result<[Box<dyn Handler>; 2], WalletError> {
    let log = Arc::new(AccessLog::new(options.log, wallet.environment().clone()));
    let key = ProofKey::new(wallet.environment().random()?);
    let lock = Arc::new(Lock::new(wallet, options.auto_lock));
    if let Some(unlocked) = options.unlocked.take() {
        lock.unlock(unlocked);
    }
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, DEFAULT_PORT));
    let apps = brc100::impatient(&options, &[at], (&lock, &log));
    let pipeline = pipeline(&options, &[at], key, (&lock, &log))?;
    Ok([Box::new(pipeline), Box::new(apps)])
}
