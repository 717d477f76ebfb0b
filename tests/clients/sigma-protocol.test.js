// `sigma-protocol` signs an output of a transaction with a key that it never
// sees: its remote signer asks a key host for the signature.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { Script, Transaction } from "@bsv/sdk";
import { Sigma } from "sigma-protocol";
import { Home, post } from "./harness.js";

const HOST = "app.example";

let home;
let server;
let token;

before(async () => {
  home = await Home.registered("Alice");
  server = await home.serve();
  const grant = ["auth", "--host", HOST, "--scopes", "sign", "--expire", "1h"];
  token = (await home.json(...grant)).accessToken;
});

const header = (value) => ({ type: "header", key: "Authorization", value });

/** A transaction with data in its only output, spending `txid`. */
function transaction(txid) {
  const data = Buffer.from("a post").toString("hex");
  const outputs = [{ satoshis: 0, lockingScript: Script.fromASM(`OP_0 OP_RETURN ${data}`) }];
  const inputs = [{ sourceTXID: txid, sourceOutputIndex: 0, sequence: 0xffffffff }];
  return new Transaction(1, inputs, outputs);
}

for (const [name, prefix, bearer] of [
  ["under /api, Bearer", "/api", "Bearer "],
  ["under /api, bare", "/api", ""],
  ["as older clients ask, without the prefix", "", ""],
]) {
  test(`remoteSign: ${name}`, async () => {
    const sigma = new Sigma(transaction("11".repeat(32)), 0, 0, 0);
    const signed = await sigma.remoteSign(`${server.url}${prefix}`, header(bearer + token));
    const key = await home.json("key", "--host", HOST);
    assert.equal(signed.address, key.address);
    assert.equal(sigma.verify(), true);
    assert.equal(new Sigma(signed.signedTx, 0, 0, 0).verify(), true);
  });
}

test("remoteSign: each recovery id arrives as it was signed", async () => {
  const seen = new Set();
  for (let byte = 1; byte <= 16; byte += 1) {
    const sigma = new Sigma(transaction(byte.toString(16).padStart(2, "0").repeat(32)), 0, 0, 0);
    const { signature } = await sigma.remoteSign(`${server.url}/api`, header(token));
    seen.add(Buffer.from(signature, "base64")[0] - 31);
    assert.equal(sigma.verify(), true);
  }
  assert.deepEqual([...seen].sort(), [0, 1]);
});

test("remoteSign: refused without a right token", async (t) => {
  t.mock.method(console, "error", () => {});
  const refused = (auth) =>
    assert.rejects(
      new Sigma(transaction("22".repeat(32)), 0, 0, 0).remoteSign(`${server.url}/api`, auth),
      /401/,
    );
  await refused(undefined);
  await refused(header("00000000-0000-4000-8000-000000000000"));
});

test("a token in the address, as a key host may want it, is none here", async () => {
  // Addresses end up in logs and histories: no place for a secret.
  const answer = await post(`${server.url}/api/sign?Authorization=${token}`, { message: "x" });
  assert.deepEqual([answer.status, answer.code], [401, 2]);
});
