//! Transactions: what is read is what was written, nothing else is read, and the
//! crate `bsv` finds the same ids, digests and signatures.

use proptest::prelude::*;
use tokenpass::testing::crypto::keys::{Address, PrivateKey};
use tokenpass::testing::transaction::{
    Amount, Brought, Draft, Funds, Input, Outpoint, Output, Satoshis, Signed, Transaction,
    TransactionError, TransactionForm, Txid, Unspent, script,
};

fn key(byte: u8) -> PrivateKey {
    PrivateKey::from_bytes(&[byte; 32]).unwrap()
}

fn address(byte: u8) -> Address {
    key(byte).public_key().address()
}

fn txid(byte: u8) -> Txid {
    hex::encode([byte; 32]).parse().unwrap()
}

fn outpoint(byte: u8, vout: u32) -> Outpoint {
    Outpoint {
        txid: txid(byte),
        vout,
    }
}

fn pays(satoshis: u64, to: u8) -> Output {
    Output {
        satoshis: Satoshis(satoshis),
        script: script::p2pkh(&address(to)),
    }
}

fn unspent(byte: u8, satoshis: u64, to: u8) -> Unspent {
    Unspent {
        outpoint: outpoint(byte, 0),
        output: pays(satoshis, to),
    }
}

fn spends(outpoint: Outpoint) -> Input {
    Input {
        outpoint,
        script: Vec::new(),
        sequence: u32::MAX,
    }
}

fn transaction(inputs: Vec<Input>, outputs: Vec<Output>) -> Transaction {
    Transaction {
        version: 1,
        inputs,
        outputs,
        lock_time: 0,
    }
}

fn raw(transaction: &Transaction) -> Brought {
    Brought::read(&transaction.to_bytes()).unwrap()
}

fn funds<'a>(unspent: &'a [Unspent], is_ours: &'a dyn Fn(&Address) -> bool) -> Funds<'a> {
    Funds {
        unspent,
        is_ours,
        whose: "`us`",
        fee_rate: Satoshis(100),
    }
}

/// Signs with the keys of these bytes.
fn sign(draft: Draft, bytes: &[u8]) -> Signed {
    let keys: Vec<_> = bytes
        .iter()
        .map(|byte| (address(*byte), key(*byte)))
        .collect();
    draft.sign(|to| keys.iter().find(|(own, _)| own == to).map(|(_, key)| key))
}

fn any_script() -> BoxedStrategy<Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300).boxed()
}

/// The other implementation reads no script that it does not understand.
fn sound_script() -> BoxedStrategy<Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..300)
        .prop_map(|data| script::data(&[data]))
        .boxed()
}

fn any_transaction(script: fn() -> BoxedStrategy<Vec<u8>>) -> impl Strategy<Value = Transaction> {
    let input = (any::<[u8; 32]>(), any::<u32>(), script(), any::<u32>());
    let output = (0..1_000_000_000_000_u64, script());
    (
        any::<u32>(),
        prop::collection::vec(input, 1..6),
        prop::collection::vec(output, 1..6),
        any::<u32>(),
    )
        .prop_map(|(version, inputs, outputs, lock_time)| Transaction {
            // Else it is the beginning of BEEF.
            version: version & 0x00ff_ffff,
            inputs: inputs
                .into_iter()
                .map(|(txid, vout, script, sequence)| Input {
                    outpoint: Outpoint {
                        txid: hex::encode(txid).parse().unwrap(),
                        vout,
                    },
                    script,
                    sequence,
                })
                .collect(),
            outputs: outputs
                .into_iter()
                .map(|(satoshis, script)| Output {
                    satoshis: Satoshis(satoshis),
                    script,
                })
                .collect(),
            lock_time,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_and_no_part_of_it(transaction in any_transaction(any_script)) {
        let bytes = transaction.to_bytes();
        prop_assert_eq!(bytes.len(), transaction.size());
        let read = Brought::read(&bytes).unwrap();
        prop_assert_eq!(&read.transaction, &transaction);
        prop_assert_eq!(read.form, TransactionForm::Raw);
        for end in 0..bytes.len() {
            prop_assert!(Brought::read(&bytes[..end]).is_err());
        }
        let longer = [&bytes[..], &[0]].concat();
        prop_assert_eq!(Brought::read(&longer), Err(TransactionError::Trailing(1)));
    }

    #[test]
    fn the_other_implementation_finds_the_same_id_and_size(
        transaction in any_transaction(sound_script),
    ) {
        let theirs = bsv::Transaction::from_bytes(&transaction.to_bytes()).unwrap();
        prop_assert_eq!(theirs.get_id_hex().unwrap(), transaction.txid().to_string());
        prop_assert_eq!(theirs.get_size().unwrap(), transaction.size());
    }

    #[test]
    fn the_other_implementation_finds_the_same_digests(
        transaction in any_transaction(sound_script),
        satoshis in 0..1_000_000_000_000_u64,
    ) {
        let mut transaction = transaction;
        transaction
            .outputs
            .iter_mut()
            .for_each(|output| output.satoshis = Satoshis(0));
        // It hashes sequences with their bytes in the wrong order.
        transaction
            .inputs
            .iter_mut()
            .for_each(|input| input.sequence = u32::MAX);
        let all: Vec<_> = transaction.inputs.iter().map(|input| Unspent {
            outpoint: input.outpoint,
            output: pays(satoshis, 7),
        }).collect();
        let signed = sign(Draft::of(raw(&transaction), &all).unwrap(), &[7]);
        prop_assert_eq!(signed.inputs.len(), transaction.inputs.len());
        let public = bsv::PublicKey::from_bytes(&key(7).public_key().to_bytes()).unwrap();
        let script = bsv::Script::from_bytes(&pays(0, 7).script).unwrap();
        let mut theirs = bsv::Transaction::from_bytes(&transaction.to_bytes()).unwrap();
        for (index, input) in signed.draft().transaction().inputs.iter().enumerate() {
            let length = usize::from(input.script[0]);
            let signature = &input.script[1..=length];
            prop_assert_eq!(signature.last(), Some(&0x41));
            let preimage = theirs
                .sighash_preimage(bsv::SigHash::InputsOutputs, index, &script, satoshis)
                .unwrap();
            let signature = bsv::Signature::from_der(signature).unwrap();
            let digest = bsv::Hash::sha_256d(&preimage).to_bytes();
            prop_assert!(bsv::ECDSA::verify_hashbuf(&digest, &public, &signature).unwrap());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), magic in 0..5_usize) {
        let magic: &[u8] = [
            &[][..],
            &[1, 0, 0xbe, 0xef],
            &[2, 0, 0xbe, 0xef],
            &[1, 0, 0, 0, 0, 0, 0, 0, 0, 0xef],
            &[1, 1, 1, 1],
        ][magic];
        let _ = Brought::read(&[magic, &bytes].concat());
    }

    /// Bytes that are almost a transaction in each of the forms: they are refused,
    /// or are another transaction, written in the one way that there is.
    #[test]
    fn what_is_almost_a_transaction_is_refused_or_read_as_it_is_written(
        form in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let (_, child, [first, second]) = family();
        let signed = Draft::of(Brought::read(&first).unwrap(), &[]).unwrap().sign(|_| None);
        let extended = signed.to_bytes(Some(TransactionForm::Extended)).unwrap();
        let mut bytes = [child.to_bytes(), extended, first, second][form].clone();
        for (at, byte, change) in changes {
            let at = at.index(bytes.len());
            match change {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        if let Ok(read) = Brought::read(&bytes) {
            let form = read.form;
            if form == TransactionForm::Raw {
                prop_assert_eq!(read.transaction.to_bytes(), bytes);
            } else if let Ok(draft) = Draft::of(read, &[]) {
                let written = draft.sign(|_| None).to_bytes(None).unwrap();
                if form == TransactionForm::Extended {
                    prop_assert_eq!(written, bytes);
                }
            }
        }
    }

    #[test]
    fn a_transfer_adds_up(
        coins in prop::collection::vec(1..100_000_u64, 1..20),
        satoshis in 1..400_000_u64,
        rate in 0..2_000_u64,
    ) {
        let unspent: Vec<_> = coins
            .iter()
            .enumerate()
            .map(|(n, satoshis)| unspent(u8::try_from(n).unwrap(), *satoshis, 7))
            .collect();
        let ours = |to: &Address| *to == address(7);
        let funds = Funds { fee_rate: Satoshis(rate), ..funds(&unspent, &ours) };
        let amount = Amount::Exactly(Satoshis(satoshis));
        match funds.transfer(&address(9), amount, &[], &address(7)) {
            Ok(draft) => {
                let incoming: u64 = draft.spent().iter().map(|one| one.satoshis.0).sum();
                let outgoing: u64 = draft.transaction().outputs.iter().map(|one| one.satoshis.0).sum();
                prop_assert_eq!(incoming, outgoing + draft.fee().0);
                prop_assert_eq!(draft.leaving(ours).0, satoshis + draft.fee().0);
                let fee = draft.fee().0;
                let has_change = draft.transaction().outputs.len() == 2;
                let signed = sign(draft, &[7]);
                let size = signed.draft().transaction().size() as u64;
                // Signatures are a byte or two shorter than the longest.
                prop_assert!(fee >= (size * rate).div_ceil(1000));
                let most = (size + 3 * signed.inputs.len() as u64) * rate;
                prop_assert!(!has_change || fee <= most.div_ceil(1000));
            }
            Err(TransactionError::NotEnough { needed, available }) => {
                prop_assert_eq!(available.0, coins.iter().sum::<u64>());
                prop_assert!(needed > available);
            }
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}

#[test]
fn every_flaw_is_named() {
    let good = transaction(vec![spends(outpoint(1, 0))], vec![pays(1, 9)]);
    let bytes = good.to_bytes();
    let read = |bytes: &[u8]| Brought::read(bytes).map(drop).unwrap_err();
    let with = |change: fn(&mut Transaction)| {
        let mut changed = good.clone();
        change(&mut changed);
        read(&changed.to_bytes())
    };
    assert_eq!(read(&[]), TransactionError::Truncated(0));
    assert_eq!(
        read(&bytes[..bytes.len() - 1]),
        TransactionError::Truncated(bytes.len() - 1)
    );
    assert_eq!(with(|tx| tx.outputs.clear()), TransactionError::NoOutputs);
    assert_eq!(
        with(|tx| tx.outputs.push(pays(2_100_000_000_000_001, 9))),
        TransactionError::TooMuch {
            index: 1,
            satoshis: Satoshis(2_100_000_000_000_001)
        }
    );
    assert_eq!(
        with(|tx| tx.outputs.push(pays(2_100_000_000_000_000, 9))),
        TransactionError::SumTooMuch("outputs")
    );
    assert_eq!(
        with(|tx| tx.inputs.push(spends(outpoint(1, 0)))),
        TransactionError::DuplicateInput {
            index: 1,
            outpoint: outpoint(1, 0)
        }
    );
    // One input, its count written in three bytes; then a count of very many.
    let long = [&bytes[..4], &[0xfd, 1, 0], &bytes[5..]].concat();
    assert_eq!(read(&long), TransactionError::NotMinimal(4));
    let many = [&bytes[..4], &[0xfe, 0xff, 0xff, 0xff, 0xff], &bytes[5..]].concat();
    assert_eq!(read(&many), TransactionError::Truncated(many.len()));
}

#[test]
fn what_an_input_spends_must_be_given_once_and_agree() {
    let tx = transaction(
        vec![spends(outpoint(1, 0)), spends(outpoint(2, 0))],
        vec![pays(10, 9)],
    );
    let of = |unspent: &[Unspent]| Draft::of(raw(&tx), unspent).map(drop);
    let (one, two) = (unspent(1, 6, 7), unspent(2, 6, 8));
    assert_eq!(of(&[one.clone(), two.clone()]), Ok(()));
    assert_eq!(
        of(std::slice::from_ref(&one)),
        Err(TransactionError::NotGiven {
            index: 1,
            outpoint: outpoint(2, 0)
        })
    );
    assert_eq!(
        of(&[one.clone(), two.clone(), one.clone()]),
        Err(TransactionError::DuplicateUnspent(outpoint(1, 0)))
    );
    assert_eq!(
        of(&[unspent(1, 4, 7), unspent(2, 5, 8)]),
        Err(TransactionError::Overspent {
            inputs: Satoshis(9),
            outputs: Satoshis(10)
        })
    );
    let much = unspent(1, u64::MAX, 7);
    let too_much = TransactionError::UnspentTooMuch {
        outpoint: outpoint(1, 0),
        satoshis: Satoshis(u64::MAX),
    };
    assert_eq!(of(&[much, two.clone()]), Err(too_much));
    let signed = sign(
        Draft::of(raw(&tx), &[one.clone(), two.clone()]).unwrap(),
        &[7],
    );
    assert_eq!(signed.inputs, [0]);
    assert!(signed.draft().transaction().inputs[1].script.is_empty());
    // The extended form brings what it spends; another account of it is a lie.
    let extended = signed.to_bytes(Some(TransactionForm::Extended)).unwrap();
    let brought = Brought::read(&extended).unwrap();
    assert_eq!(brought.form, TransactionForm::Extended);
    assert_eq!(Draft::of(brought.clone(), &[]).unwrap().fee(), Satoshis(2));
    assert_eq!(
        Draft::of(brought, &[unspent(1, 7, 7)]).map(drop),
        Err(TransactionError::Contradiction(outpoint(1, 0)))
    );
    assert_eq!(
        signed.to_bytes(Some(TransactionForm::Beef)),
        Err(TransactionError::NoAncestors)
    );
}

#[test]
fn fees_are_bounded() {
    let draft = |incoming, outgoing| {
        let tx = transaction(vec![spends(outpoint(1, 0))], vec![pays(outgoing, 9)]);
        Draft::of(raw(&tx), &[unspent(1, incoming, 7)]).unwrap()
    };
    assert_eq!(draft(2_000, 1_000).check_fee(None), Ok(()));
    assert!(draft(2_001, 1_000).check_fee(None).is_err());
    assert_eq!(draft(1_000_000, 990_000).check_fee(None), Ok(()));
    assert_eq!(
        draft(1_000_000, 989_999).check_fee(None),
        Err(TransactionError::FeeTooHigh {
            fee: Satoshis(10_001),
            most: Satoshis(10_000)
        })
    );
    assert_eq!(
        draft(1_000_000, 1).check_fee(Some(Satoshis(u64::MAX))),
        Ok(())
    );
    assert!(draft(2_000, 1_999).check_fee(Some(Satoshis(0))).is_err());
}

#[test]
fn a_transfer_takes_what_it_needs_and_everything_when_asked() {
    let coins = [
        unspent(1, 1_000, 7),
        unspent(2, 2_000, 7),
        unspent(3, 4_000, 7),
    ];
    let ours = |to: &Address| *to == address(7);
    let funds = |coins| funds(coins, &ours);
    let send = |amount| funds(&coins).transfer(&address(9), amount, &[], &address(7));
    let draft = send(Amount::Exactly(Satoshis(2_500))).unwrap();
    assert_eq!(draft.transaction().inputs.len(), 2);
    assert_eq!(draft.transaction().outputs[1].script, pays(0, 7).script);
    let all = send(Amount::All).unwrap();
    assert_eq!(all.transaction().inputs.len(), 3);
    assert_eq!(all.transaction().outputs.len(), 1);
    assert_eq!(all.leaving(ours), Satoshis(7_000));
    assert_eq!(
        send(Amount::Exactly(Satoshis(0))),
        Err(TransactionError::NothingToSend)
    );
    assert!(matches!(
        send(Amount::Exactly(Satoshis(7_000))),
        Err(TransactionError::NotEnough { .. })
    ));
    assert_eq!(
        funds(&coins[..1]).pay(vec![pays(u64::MAX, 9)], &address(7)),
        Err(TransactionError::TooMuch {
            index: 0,
            satoshis: Satoshis(u64::MAX)
        })
    );
    let foreign = [unspent(1, 1_000, 8)];
    assert_eq!(
        funds(&foreign).transfer(&address(9), Amount::All, &[], &address(7)),
        Err(TransactionError::ForeignUnspent {
            outpoint: outpoint(1, 0),
            whose: "`us`".to_owned()
        })
    );
    let dust = [unspent(1, 10, 7)];
    assert_eq!(
        funds(&dust).transfer(&address(9), Amount::All, &[], &address(7)),
        Err(TransactionError::NothingLeft(address(9)))
    );
    let dear = Funds {
        fee_rate: Satoshis(u64::MAX),
        ..funds(&coins)
    };
    assert_eq!(
        dear.transfer(&address(9), Amount::All, &[], &address(7)),
        Err(TransactionError::FeeRate(Satoshis(u64::MAX)))
    );
}

#[test]
fn funding_keeps_what_is_there() {
    let coins = [unspent(1, 5_000, 7), unspent(2, 5_000, 7)];
    let ours = |to: &Address| *to == address(7);
    // No inputs yet.
    let bare = transaction(vec![], vec![pays(1_000, 9)]);
    let draft = funds(&coins, &ours).fund(raw(&bare), &address(7)).unwrap();
    assert_eq!(draft.transaction().outputs[0], pays(1_000, 9));
    assert_eq!(draft.transaction().inputs.len(), 1);
    // Somebody else's input stays, and is counted.
    let shared = transaction(vec![spends(outpoint(3, 0))], vec![pays(7_000, 9)]);
    let all = [&coins[..], &[unspent(3, 3_000, 8)]].concat();
    let draft = funds(&all, &ours).fund(raw(&shared), &address(7)).unwrap();
    assert_eq!(draft.transaction().inputs[0].outpoint, outpoint(3, 0));
    assert_eq!(draft.transaction().inputs.len(), 2);
    assert_eq!(sign(draft, &[7]).inputs, [1]);
}

/// A child, its parent in a block, and both as BEEF of either version.
fn family() -> (Transaction, Transaction, [Vec<u8>; 2]) {
    let parent = transaction(vec![spends(outpoint(5, 0))], vec![pays(9_000, 7)]);
    let child = transaction(
        vec![spends(Outpoint {
            txid: parent.txid(),
            vout: 0,
        })],
        vec![pays(8_900, 9)],
    );
    let path = path_of(&parent);
    let (parent_raw, child_raw) = (parent.to_bytes(), child.to_bytes());
    let first = [
        &[1, 0, 0xbe, 0xef, 1][..],
        &path,
        &[2],
        &parent_raw,
        &[1, 0],
        &child_raw,
        &[0],
    ];
    let second = [
        &[2, 0, 0xbe, 0xef, 1][..],
        &path,
        &[2, 1, 0],
        &parent_raw,
        &[0],
        &child_raw,
    ];
    (parent, child, [first.concat(), second.concat()])
}

fn id_bytes(transaction: &Transaction) -> Vec<u8> {
    let mut id = hex::decode(transaction.txid().to_string()).unwrap();
    id.reverse();
    id
}

/// Block 5, a tree of one level, two leaves: the transaction and its double.
fn path_of(transaction: &Transaction) -> Vec<u8> {
    [&[5, 1, 2, 0, 2][..], &id_bytes(transaction), &[1, 1]].concat()
}

/// A transaction whose parent is in a block, in both versions of BEEF.
#[test]
fn beef_brings_what_is_spent_and_goes_out_as_it_came() {
    let (parent, child, [first, second]) = family();
    let (parent_raw, child_raw) = (parent.to_bytes(), child.to_bytes());
    let (id, path) = (id_bytes(&parent), path_of(&parent));
    for beef in [&first, &second] {
        let brought = Brought::read(beef).unwrap();
        assert_eq!(
            (brought.form, &brought.transaction),
            (TransactionForm::Beef, &child)
        );
        let signed = sign(Draft::of(brought, &[]).unwrap(), &[7]);
        assert_eq!(signed.inputs, [0]);
        let again = Brought::read(&signed.to_bytes(None).unwrap()).unwrap();
        assert_eq!(again.form, TransactionForm::Beef);
        assert_eq!(&again.transaction, signed.draft().transaction());
        for end in 0..beef.len() {
            assert!(Brought::read(&beef[..end]).is_err());
        }
        let longer = [&beef[..], &[0]].concat();
        assert_eq!(Brought::read(&longer), Err(TransactionError::Trailing(1)));
    }
    let child_id = id_bytes(&child);
    let atomic = [&[1, 1, 1, 1][..], &child_id, &first].concat();
    assert_eq!(Brought::read(&atomic).unwrap().transaction, child);
    let other = [&[1, 1, 1, 1][..], &[7; 32], &first].concat();
    assert_eq!(Brought::read(&other), Err(TransactionError::NoSubject));

    let read = |bytes: &[&[u8]]| Brought::read(&bytes.concat()).map(drop);
    let head = &[1, 0, 0xbe, 0xef][..];
    // Twice is once.
    let twice = read(&[
        head,
        &[0, 3],
        &parent_raw,
        &[0],
        &parent_raw,
        &[0],
        &child_raw,
        &[0],
    ]);
    assert_eq!(twice, Ok(()));
    assert_eq!(
        read(&[head, &[1], &path, &[1], &child_raw, &[1, 0]]),
        Err(TransactionError::NotProved(child.txid()))
    );
    assert_eq!(
        read(&[head, &[0, 1], &child_raw, &[1, 3]]),
        Err(TransactionError::MerklePath(3))
    );
    assert_eq!(
        read(&[head, &[0, 1], &child_raw, &[2]]),
        Err(TransactionError::BeefKind(2))
    );
    // Only named: in the second version, and then nothing is known of it.
    let named = [&[2, 0, 0xbe, 0xef, 0, 2, 2][..], &id, &[0], &child_raw].concat();
    let brought = Brought::read(&named).unwrap();
    assert!(matches!(
        Draft::of(brought, &[]),
        Err(TransactionError::NotGiven { index: 0, .. })
    ));
}

/// Each digest hashes what is the same for all inputs once, not once an input.
#[test]
fn the_time_to_sign_grows_with_the_inputs_and_not_with_their_square() {
    let time = |count: u32| {
        let inputs: Vec<_> = (0..count).map(|vout| outpoint(1, vout)).collect();
        let unspent: Vec<_> = inputs
            .iter()
            .map(|outpoint| Unspent {
                outpoint: *outpoint,
                output: pays(1_000, 7),
            })
            .collect();
        let tx = transaction(
            inputs.into_iter().map(spends).collect(),
            vec![pays(1_000, 9)],
        );
        let brought = raw(&tx);
        let start = std::time::Instant::now();
        let signed = sign(Draft::of(brought, &unspent).unwrap(), &[7]);
        let took = start.elapsed();
        assert_eq!(signed.inputs.len(), count as usize);
        took
    };
    let (few, many) = (time(1_000), time(10_000));
    // Ten times as long, or a hundred times.
    assert!(many < few * 40, "{few:?}, {many:?}");
}
