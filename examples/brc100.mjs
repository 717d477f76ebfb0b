// A program that finds a BRC-100 wallet on this machine, signs with it, encrypts to
// itself, and says who you are. To try it:
//
//   tokenpass serve --unlock --brc100
//   tokenpass origin allow http://demo.example
//   npm install @bsv/sdk && node brc100.mjs
//
// It waits for a minute when it asks who you are: allow it with
//
//   tokenpass permission allow demo.example 1 "identity key retrieval"

import { Utils, WalletClient } from "@bsv/sdk";

const wallet = new WalletClient("auto", "demo.example");
console.log((await wallet.getVersion({})).version);

// Level 0 is open to every app that you let in.
const key = { protocolID: [0, "brc100 example"], keyID: "1" };
const data = Utils.toArray("Hello World", "utf8");

const { signature } = await wallet.createSignature({ ...key, data });
// Made for anyone to check, with this wallet's half of the key.
await wallet.verifySignature({ ...key, data, signature, counterparty: "anyone", forSelf: true });
console.log("signature", Utils.toHex(signature));

const { ciphertext } = await wallet.encrypt({ ...key, plaintext: data });
const { plaintext } = await wallet.decrypt({ ...key, ciphertext });
console.log("decrypted", Utils.toUTF8(plaintext));

const { publicKey } = await wallet.getPublicKey({ identityKey: true });
console.log("identity key", publicKey);
