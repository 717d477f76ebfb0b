// BAP: what `bsv-bap` makes of the same root key is what is made here, byte for
// byte, and what is signed here it verifies.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { HD, Mnemonic, PrivateKey, PublicKey, Utils } from "@bsv/sdk";
import { BAP } from "bsv-bap";
import { verifyAuthToken } from "bitcoin-auth";
import { Home, post } from "./harness.js";

const MESSAGE = "signed as myself ☃";
const OP_RETURN = 0x6a;

let home;
let theirs;

before(async () => {
  // An id that starts with `j` has the byte of OP_RETURN in front: `bsv-bap` takes
  // it for that, and signs something else than for all other ids.
  do home = await Home.registered("Alice");
  while (home.bapID.startsWith("j"));
  await home.json("identity", "set", home.bapID, "email=alice@example.com");
  // The same wallet for them: the words, and the identity with its nonce.
  const { mnemonic } = await home.json("export");
  const root = HD.fromSeed(Mnemonic.fromString(mnemonic).toSeed()).privKey;
  const bap = new BAP({ rootPk: root.toWif() });
  const id = bap.newId("Primary Identity");
  const { attributes } = await home.json("identity", "show");
  for (const { name, value, nonce } of attributes) id.addAttribute(name, value, nonce);
  theirs = { bap, id };
});

const opReturn = async (...args) => (await home.json("identity", "op-return", ...args)).pushes;
const hex = (pushes) => pushes.map((push) => Utils.toHex(push));

test("the same identities, one after the other", async () => {
  assert.equal(theirs.id.getIdentityKey(), home.bapID);
  const next = await home.json("identity", "create", "--name", "At work");
  assert.equal(next.idKey, theirs.bap.newId("At work").getIdentityKey());
});

test("a message signed as an identity", async () => {
  const { code, stdout, stderr } = await home.run("identity", "sign", MESSAGE);
  assert.equal(code, 0, stderr);
  const { address, signature } = theirs.id.signMessage(Utils.toArray(MESSAGE, "utf8"));
  assert.equal(stdout.trim(), signature);
  assert.ok(theirs.bap.verifySignature(MESSAGE, address, stdout.trim()));
});

test("a request signed as the identity that the token was granted for", async () => {
  const { url } = await home.serve();
  const grant = ["--host", "localhost", "--scopes", "sign", "--expire", "1h", "--identity", home.bapID];
  const { accessToken } = await home.json("auth", ...grant);
  const request = { path: "/x", identityKey: home.bapID };
  const { token } = await post(`${url}/api/sign`, request, accessToken);
  const target = { requestPath: "/x", timestamp: new Date().toISOString() };
  assert.ok(verifyAuthToken(token, target, 5));
  const [key] = token.split("|");
  assert.equal(PublicKey.fromString(key).toAddress(), theirs.id.getCurrentAddress());
});

test("ATTEST", async (t) => {
  t.mock.method(console, "log", () => {});
  const hash = theirs.id.getAttestationHash("email");
  const ours = await opReturn("attest", "--attribute", "email");
  const [op, ...pushes] = theirs.bap.signAttestationWithAIP(hash, home.bapID);
  assert.deepEqual(op, [OP_RETURN]);
  assert.deepEqual(ours, hex(pushes));

  const output = [op, ...ours.map((push) => Utils.toArray(push, "hex"))];
  assert.equal(theirs.bap.verifyAttestationWithAIP(output).verified, true);
  output[4] = Utils.toArray("1", "utf8");
  assert.equal(theirs.bap.verifyAttestationWithAIP(output).verified, false);
});

test("ALIAS", async () => {
  const profile = '{"@type":"Person","name":"Alice"}';
  const ours = await opReturn("alias", "--profile", profile);
  const fields = [Utils.toUTF8(Utils.toArray(ours[0], "hex")), "ALIAS", home.bapID, profile];
  const pushes = theirs.id.signOpReturnWithAIP(fields.map((field) => Utils.toArray(field, "utf8")));
  assert.deepEqual(ours, hex(pushes));
});

test("ID after a rotation: the old key signs for the new one", async () => {
  await home.json("identity", "rotate");
  theirs.id.incrementPath();
  assert.deepEqual(await opReturn("id"), hex(theirs.id.getIdTransaction()));
});

test("an attestation about somebody else", async () => {
  const nonce = "e2".repeat(32);
  const bob = new BAP({ rootPk: PrivateKey.fromRandom().toWif() }).newId();
  bob.addAttribute("name", "Bob", nonce);
  const about = ["--about", bob.getIdentityKey()];
  const ours = await opReturn("attest", "--urn", bob.getAttributeUrn("name"), ...about);
  assert.equal(Utils.toUTF8(Utils.toArray(ours[2], "hex")), bob.getAttestationHash("name"));
});
