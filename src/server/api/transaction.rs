//! Transactions: coins at the host's own address.

use super::ok;
use crate::server::call::TokenCall;
use crate::server::error::Outcome;
use crate::transaction::{Draft, TransactionForm};
use crate::wallet::{Payer, Purse, WalletError};
use crate::wire::transaction::{
    FundTransaction, SignTransaction, SignedTransaction, TransferCoins, terms,
};

/// `POST /api/transaction/sign`: the inputs that spend coins of the host's.
pub(in crate::server) fn sign(call: TokenCall<'_>) -> Outcome {
    let asked: SignTransaction = call.body.read()?;
    let purse = purse(&call)?;
    let terms = terms(None, asked.max_fee);
    let draft = purse.complete(asked.transaction, &asked.utxos.0, terms)?;
    answer(&call, &purse, draft, "sign", asked.format)
}

/// `POST /api/transaction/fund`: adds coins of the host's, and signs.
pub(in crate::server) fn fund(call: TokenCall<'_>) -> Outcome {
    let asked: FundTransaction = call.body.read()?;
    let purse = purse(&call)?;
    let terms = terms(asked.fee_rate, asked.max_fee);
    let draft = purse.fund(asked.transaction, &asked.utxos.0, terms)?;
    answer(&call, &purse, draft, "fund", asked.format)
}

/// `POST /api/transaction/transfer`: sends coins of the host's.
pub(in crate::server) fn transfer(call: TokenCall<'_>) -> Outcome {
    let asked: TransferCoins = call.body.read()?;
    let purse = purse(&call)?;
    let terms = terms(asked.fee_rate, asked.max_fee);
    let draft = purse.transfer(
        &asked.to,
        asked.satoshis,
        &asked.data,
        &asked.utxos.0,
        terms,
    )?;
    answer(&call, &purse, draft, "transfer", asked.format)
}

/// A token's own host's coins, whatever it asks for.
fn purse<'a>(call: &'a TokenCall<'_>) -> Result<Purse<'a>, WalletError> {
    call.wallet.purse(&Payer::Host(call.token.host.clone()))
}

fn answer(
    call: &TokenCall<'_>,
    purse: &Purse<'_>,
    draft: Draft,
    what: &str,
    format: Option<TransactionForm>,
) -> Outcome {
    // Before anything is booked and signed.
    draft.check_form(format).map_err(WalletError::from)?;
    let signed = purse.sign(draft, what, Some(&call.token))?;
    ok(&SignedTransaction::new(&signed, format).map_err(WalletError::from)?)
}
