//! Transactions: signing, funding, transfer.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

#[cfg(test)]
use schemars::JsonSchema;

use super::read::{parsed, parsed_if_given};
use super::{RequestError, Success};
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::Address;
use crate::transaction::{
    Amount, Brought, Outpoint, Output, Satoshis, Signed, TransactionError, TransactionForm, Txid,
    Unspent,
};
use crate::wallet::Terms;

/// An output that can be spent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct Utxo {
    /// The transaction that it is an output of.
    #[serde(deserialize_with = "parsed")]
    #[cfg_attr(test, schemars(with = "super::schema::TxidText"))]
    txid: Txid,
    /// Which of its outputs, from 0.
    #[serde(deserialize_with = "number")]
    vout: u32,
    /// What it holds.
    satoshis: Satoshis,
    /// On which condition: the script, hex.
    #[serde(deserialize_with = "hex_text")]
    #[cfg_attr(test, schemars(with = "super::schema::HexText"))]
    locking_script: Vec<u8>,
}

impl From<Utxo> for Unspent {
    fn from(utxo: Utxo) -> Self {
        Self {
            outpoint: Outpoint {
                txid: utxo.txid,
                vout: utxo.vout,
            },
            output: Output {
                satoshis: utxo.satoshis,
                script: utxo.locking_script,
            },
        }
    }
}

/// Outputs that can be spent; an error says which of them is wrong.
#[derive(Default)]
#[cfg_attr(test, derive(JsonSchema), schemars(inline))]
pub(crate) struct Utxos(#[cfg_attr(test, schemars(with = "Vec<Utxo>"))] pub(crate) Vec<Unspent>);

impl<'de> Deserialize<'de> for Utxos {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Utxos;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of `{txid, vout, satoshis, lockingScript}`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Utxos, A::Error> {
                let mut utxos = Vec::new();
                loop {
                    match items.next_element::<Utxo>() {
                        Ok(Some(utxo)) => utxos.push(utxo.into()),
                        Ok(None) => return Ok(Utxos(utxos)),
                        Err(error) => {
                            let index = utxos.len();
                            return Err(A::Error::custom(format_args!("element {index}: {error}")));
                        }
                    }
                }
            }
        }

        reader.deserialize_any(Each)
    }
}

/// Asks for signatures.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct SignTransaction {
    /// Raw, extended (EF) or BEEF; hex.
    #[serde(deserialize_with = "brought")]
    #[cfg_attr(test, schemars(with = "super::schema::HexText"))]
    pub(crate) transaction: Brought,
    /// The form of the answer; that of `transaction` where absent.
    #[serde(default, deserialize_with = "parsed_if_given")]
    pub(crate) format: Option<TransactionForm>,
    /// What the inputs spend, where it did not come with the transaction.
    #[serde(default)]
    pub(crate) utxos: Utxos,
    /// The highest fee. Where absent, 1 % of what is spent, or 1,000 satoshis
    /// if that is more.
    pub(crate) max_fee: Option<Satoshis>,
}

/// Asks for inputs that pay for a transaction, and signatures.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct FundTransaction {
    /// Raw, extended (EF) or BEEF; hex. It may have no inputs yet.
    #[serde(deserialize_with = "brought")]
    #[cfg_attr(test, schemars(with = "super::schema::HexText"))]
    pub(crate) transaction: Brought,
    /// The form of the answer. Where absent, that of `transaction`, and EF for
    /// BEEF, since the ancestors of the new inputs are not known.
    #[serde(default, deserialize_with = "parsed_if_given")]
    pub(crate) format: Option<TransactionForm>,
    /// Outputs at the host's address, of which as many are spent as are needed,
    /// in this order; and what the inputs that are there spend, where it did
    /// not come with the transaction.
    pub(crate) utxos: Utxos,
    /// Satoshis for 1,000 bytes; 100 where absent.
    pub(crate) fee_rate: Option<Satoshis>,
    /// The highest fee. Where absent, 1 % of what is spent, or 1,000 satoshis
    /// if that is more.
    pub(crate) max_fee: Option<Satoshis>,
}

/// Asks for a transaction that pays an address.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema))]
pub(crate) struct TransferCoins {
    /// Who is paid.
    #[serde(deserialize_with = "parsed")]
    pub(crate) to: Address,
    /// How much; `all` is everything that `utxos` hold, less the fee.
    #[serde(deserialize_with = "amount")]
    #[cfg_attr(test, schemars(with = "super::schema::AmountOrAll"))]
    pub(crate) satoshis: Amount,
    /// Outputs at the host's address, of which as many are spent as are needed,
    /// in this order.
    pub(crate) utxos: Utxos,
    /// Data for an `OP_RETURN` output: its pushes, hex.
    #[serde(default, deserialize_with = "super::sign::pushes")]
    #[cfg_attr(test, schemars(with = "Option<Vec<super::schema::HexText>>"))]
    pub(crate) data: Vec<Vec<u8>>,
    /// The form of the answer; raw where absent.
    #[serde(default, deserialize_with = "parsed_if_given")]
    pub(crate) format: Option<TransactionForm>,
    /// Satoshis for 1,000 bytes; 100 where absent.
    pub(crate) fee_rate: Option<Satoshis>,
    /// The highest fee. Where absent, 1 % of what is spent, or 1,000 satoshis
    /// if that is more.
    pub(crate) max_fee: Option<Satoshis>,
}

/// What a transaction may cost.
pub(crate) fn terms(fee_rate: Option<Satoshis>, max_fee: Option<Satoshis>) -> Terms {
    Terms {
        fee_rate: fee_rate.unwrap_or(Terms::default().fee_rate),
        max_fee,
    }
}

/// A signed transaction.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct SignedTransaction {
    /// What the transaction pays to miners.
    pub(crate) fee: Satoshis,
    /// Which inputs were signed, from 0.
    pub(crate) signed: Vec<usize>,
    /// Always true.
    pub(crate) success: Success,
    /// In the form that was asked for; hex.
    #[cfg_attr(test, schemars(with = "super::schema::CiphertextHex"))]
    pub(crate) transaction: String,
    /// Its id. If others have to sign too, it is another once they did.
    #[serde(serialize_with = "super::write::as_text")]
    #[cfg_attr(test, schemars(with = "super::schema::TxidText"))]
    pub(crate) txid: Txid,
}

impl SignedTransaction {
    /// The answer in a form, or in the transaction's own.
    ///
    /// # Errors
    /// It cannot be written in that form.
    pub(crate) fn new(
        signed: &Signed,
        form: Option<TransactionForm>,
    ) -> Result<Self, TransactionError> {
        Ok(Self {
            transaction: hex::encode(signed.to_bytes(form)?),
            txid: signed.txid(),
            signed: signed.inputs.clone(),
            fee: signed.draft().fee(),
            success: Success,
        })
    }
}

fn hex_text<'a, D: Deserializer<'a>>(reader: D) -> Result<Vec<u8>, D::Error> {
    struct Hex;

    impl Visitor<'_> for Hex {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string of hex digits")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
            Encoding::Hex.decode(text).map_err(E::custom)
        }
    }

    reader.deserialize_str(Hex)
}

fn brought<'a, D: Deserializer<'a>>(reader: D) -> Result<Brought, D::Error> {
    Brought::read(&hex_text(reader)?).map_err(D::Error::custom)
}

fn number<'a, D: Deserializer<'a>>(reader: D) -> Result<u32, D::Error> {
    struct Number;

    impl Visitor<'_> for Number {
        type Value = u32;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number below 2^32")
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<u32, E> {
            let wrong = |_| E::custom("must be a whole number below 2^32");
            number.try_into().map_err(wrong)
        }
    }

    reader.deserialize_any(Number)
}

fn amount<'a, D: Deserializer<'a>>(reader: D) -> Result<Amount, D::Error> {
    struct SatoshisOrAll;

    impl Visitor<'_> for SatoshisOrAll {
        type Value = Amount;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a whole number of satoshis, a string of its digits, or `all`")
        }

        fn visit_u64<E>(self, number: u64) -> Result<Amount, E> {
            Ok(Amount::Exactly(Satoshis(number)))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
            text.parse().map_err(E::custom)
        }
    }

    reader.deserialize_any(SatoshisOrAll)
}

/// Reads the outputs that a file names: an array, or an object with such an
/// array in `utxos`.
///
/// # Errors
/// What is wrong, and with which of them.
pub(crate) fn read_utxos(text: &[u8]) -> Result<Vec<Unspent>, RequestError> {
    let text = text.trim_ascii();
    let wrapped;
    let text = if text.starts_with(b"[") {
        wrapped = [b"{\"utxos\":", text, b"}"].concat();
        &wrapped
    } else {
        text
    };
    let utxos = super::Body::parse(text)?.field::<Utxos>("utxos")?;
    utxos
        .map(|utxos| utxos.0)
        .ok_or_else(|| RequestError::field("utxos", "is needed"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Body;
    use super::*;

    const TXID: &str = "0101010101010101010101010101010101010101010101010101010101010101";

    #[test]
    fn the_unspent_output_that_is_wrong_is_named() {
        let good = format!(r#"{{"txid":"{TXID}","vout":0,"satoshis":"7","lockingScript":"51"}}"#);
        let said = |list: &str| read_utxos(list.as_bytes()).unwrap_err().to_string();
        let read = read_utxos(format!("[{good},{good}]\n").as_bytes()).unwrap();
        assert_eq!(read[1].output.satoshis, Satoshis(7));
        assert_eq!(read_utxos(br#"{"utxos":[]}"#).unwrap(), []);
        assert_eq!(said("{}"), "`utxos`: is needed");
        assert_eq!(said("[1]"), "`utxos`: element 0: must be an object");
        assert_eq!(
            said(&format!("[{good},{{}}]")),
            "`utxos`: element 1: `txid`: is needed"
        );
        for (from, to, what) in [
            (
                r#""vout":0"#,
                r#""vout":4294967296"#,
                "`vout`: must be a whole",
            ),
            (r#""vout":0"#, r#""vout":-1"#, "`vout`: must be a whole"),
            (r#""7""#, "1.5", "`satoshis`: must be a whole"),
            (
                r#""7""#,
                "18446744073709551616",
                "`satoshis`: must be a whole",
            ),
            (r#""51""#, r#""5""#, "`lockingScript`: incomplete hex"),
            ("0101\"", "01\"", "`txid`: `"),
        ] {
            let said = said(&format!("[{good},{}]", good.replace(from, to)));
            let start = format!("`utxos`: element 1: {what}");
            assert!(said.starts_with(&start), "{said}");
        }
        let most = good.replace(r#""7""#, "18446744073709551615");
        let read = read_utxos(format!("[{most}]").as_bytes()).unwrap();
        assert_eq!(read[0].output.satoshis, Satoshis(u64::MAX));
    }

    #[test]
    fn a_transfer_is_of_an_amount_or_of_all() {
        let read = |satoshis: &str| {
            let body = format!(
                r#"{{"to":"1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH","satoshis":{satoshis},"utxos":[]}}"#
            );
            let body = Body::parse(body.as_bytes()).unwrap();
            body.read::<TransferCoins>().map(|asked| asked.satoshis)
        };
        assert_eq!(read("\"all\""), Ok(Amount::All));
        for written in ["9007199254740993", "\"9007199254740993\""] {
            assert_eq!(read(written), Ok(Amount::Exactly(Satoshis((1 << 53) + 1))));
        }
        for wrong in [
            "\"\"",
            "\"some\"",
            "1.5",
            "-1",
            "true",
            "[]",
            "18446744073709551616",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
