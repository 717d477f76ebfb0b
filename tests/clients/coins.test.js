// Coins: what TokenPass signs, `@bsv/sdk` finds spendable, with the same ids,
// digests and sizes; the forms of one are read by the other.

import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { before } from "node:test";
import {
  Beef,
  Hash,
  LockingScript,
  MerklePath,
  P2PKH,
  PrivateKey,
  PublicKey,
  Spend,
  Transaction,
  TransactionSignature,
  UnlockingScript,
} from "@bsv/sdk";
import { Home, PASSWORD, post } from "./harness.js";

const HOST = "shop.example";

let home;
let server;
let token;
let address;

before(async () => {
  home = await Home.registered("Alice");
  server = await home.serve();
  const asked = { host: HOST, password: PASSWORD, scopes: "fund,transfer", expire: "1h" };
  token = (await post(`${server.url}/api/auth`, asked)).accessToken;
  ({ address } = await home.json("key", "--host", HOST));
});

const ask = (what, body) => post(`${server.url}/api/transaction/${what}`, body, token);
const p2pkh = (to) => new P2PKH().lock(to);
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const somebody = () => PrivateKey.fromRandom().toAddress();

/** A transaction that nobody can check, with these outputs. */
function source(...outputs) {
  const transaction = new Transaction();
  transaction.addInput({
    sourceTXID: hex(randomBytes(32)),
    sourceOutputIndex: randomInt(4),
    unlockingScript: UnlockingScript.fromHex("51"),
    sequence: 0xffffffff,
  });
  for (const [satoshis, to] of outputs) transaction.addOutput({ satoshis, lockingScript: p2pkh(to) });
  return transaction;
}

/** Its outputs as TokenPass is told of them. */
const utxosOf = (transaction) =>
  transaction.outputs.map(({ satoshis, lockingScript }, vout) => ({
    txid: transaction.id("hex"),
    vout,
    satoshis: randomInt(2) ? satoshis : String(satoshis),
    lockingScript: lockingScript.toHex(),
  }));

/** What every input spends, by `txid:vout`. */
function known(...transactions) {
  const outputs = new Map();
  for (const transaction of transactions) {
    transaction.outputs.forEach((output, vout) => outputs.set(`${transaction.id("hex")}:${vout}`, output));
  }
  return outputs;
}

/** Every signed input fulfils the script of what it spends, as the SDK's interpreter has it. */
function assertSpendable(transaction, outputs, signed) {
  for (const inputIndex of signed) {
    const input = transaction.inputs[inputIndex];
    const { satoshis, lockingScript } = outputs.get(`${input.sourceTXID}:${input.sourceOutputIndex}`);
    const scope = {
      sourceTXID: input.sourceTXID,
      sourceOutputIndex: input.sourceOutputIndex,
      sourceSatoshis: satoshis,
      transactionVersion: transaction.version,
      otherInputs: transaction.inputs.filter((_, index) => index !== inputIndex),
      outputs: transaction.outputs,
      inputIndex,
      inputSequence: input.sequence,
      lockTime: transaction.lockTime,
    };
    const spend = new Spend({ ...scope, lockingScript, unlockingScript: input.unlockingScript });
    assert.equal(spend.validate(), true);
    // The digest too, not only what the interpreter makes of it.
    const [signature, key] = input.unlockingScript.chunks.map((chunk) => chunk.data);
    const parsed = TransactionSignature.fromChecksigFormat(signature);
    assert.equal(parsed.scope, TransactionSignature.SIGHASH_ALL | TransactionSignature.SIGHASH_FORKID);
    assert.ok(parsed.hasLowS());
    const preimage = TransactionSignature.format({ ...scope, subscript: lockingScript, scope: parsed.scope });
    // `verify` hashes once more.
    assert.ok(parsed.verify(Hash.sha256(preimage), PublicKey.fromString(hex(key))));
  }
}

const FORMS = {
  raw: { write: (tx) => tx.toHex(), read: (text) => Transaction.fromHex(text) },
  ef: { write: (tx) => tx.toHexEF(), read: (text) => Transaction.fromHexEF(text) },
  beef: { write: (tx) => tx.toHexBEEF(), read: (text) => Transaction.fromHexBEEF(text) },
};

for (const [form, { write, read }] of Object.entries(FORMS)) {
  test(`random transactions that come as ${form} are signed where they are ours`, async () => {
    for (let round = 0; round < 12; round++) {
      const count = 1 + randomInt(5);
      const parents = Array.from({ length: count }, () =>
        source(...Array.from({ length: 1 + randomInt(3) }, () => [1000 + randomInt(1e9), randomInt(3) ? address : somebody()])),
      );
      // As from a block: BEEF needs a proof of each.
      for (const parent of parents) {
        parent.merklePath = new MerklePath(800_000 + randomInt(9), [
          [{ offset: 0, hash: parent.id("hex"), txid: true }, { offset: 1, hash: hex(randomBytes(32)) }],
        ]);
      }
      const transaction = new Transaction(1 + randomInt(2), [], [], randomInt(2) * randomInt(500_000_000));
      for (const sourceTransaction of parents) {
        transaction.addInput({
          sourceTransaction,
          sourceOutputIndex: randomInt(sourceTransaction.outputs.length),
          unlockingScript: new UnlockingScript(),
          sequence: randomInt(2) ? 0xffffffff : randomInt(0xffffffff),
        });
      }
      const spent = transaction.inputs.map(({ sourceTransaction, sourceOutputIndex }) => sourceTransaction.outputs[sourceOutputIndex]);
      const total = spent.reduce((sum, { satoshis }) => sum + satoshis, 0);
      transaction.addOutput({ satoshis: total - randomInt(900), lockingScript: p2pkh(somebody()) });
      const ours = spent.flatMap(({ lockingScript }, index) => (lockingScript.toHex() === p2pkh(address).toHex() ? [index] : []));
      const body = { transaction: write(transaction), utxos: form === "raw" ? parents.flatMap(utxosOf) : undefined };
      if (ours.length === 0) {
        assert.match((await ask("sign", body)).error, /no input pays to/);
        continue;
      }
      const answer = await ask("sign", body);
      assert.deepEqual(answer.signed, ours);
      const signed = read(answer.transaction);
      assert.equal(signed.id("hex"), answer.txid);
      assert.deepEqual(
        signed.outputs.map((output) => output.lockingScript.toHex()),
        transaction.outputs.map((output) => output.lockingScript.toHex()),
      );
      assertSpendable(signed, known(...parents), ours);
      // In each form that can be made of it, the same again.
      for (const format of form === "beef" ? ["raw", "ef", "beef"] : ["raw", "ef"]) {
        const again = await ask("sign", { ...body, format });
        assert.equal(FORMS[format].read(again.transaction).id("hex"), answer.txid);
      }
    }
  });
}

test("what is built pays what it says, at the size that the SDK finds", async () => {
  for (let round = 0; round < 20; round++) {
    const parent = source(...Array.from({ length: 1 + randomInt(6) }, () => [500 + randomInt(20_000), address]));
    const total = parent.outputs.reduce((sum, { satoshis }) => sum + satoshis, 0);
    const to = somebody();
    const satoshis = round % 4 === 0 ? "all" : 1 + randomInt(total - 400);
    const feeRate = 1 + randomInt(400);
    const data = round % 3 ? [] : [hex(randomBytes(randomInt(300)))];
    const body = { to, satoshis, utxos: utxosOf(parent), feeRate, data, maxFee: "18446744073709551615" };
    const answer = await ask("transfer", body);
    const built = Transaction.fromHex(answer.transaction);
    assert.equal(built.id("hex"), answer.txid);
    const outputs = known(parent);
    const spent = built.inputs.reduce((sum, input) => sum + outputs.get(`${input.sourceTXID}:${input.sourceOutputIndex}`).satoshis, 0);
    const paid = built.outputs.reduce((sum, output) => sum + output.satoshis, 0);
    assert.equal(spent - paid, answer.fee);
    const size = built.toBinary().length;
    assert.ok(answer.fee >= Math.ceil((size * feeRate) / 1000), `${answer.fee} for ${size} bytes`);
    assert.equal(built.outputs[0].lockingScript.toHex(), p2pkh(to).toHex());
    assert.equal(built.outputs[0].satoshis, satoshis === "all" ? total - answer.fee : satoshis);
    assertSpendable(built, outputs, answer.signed);
    assert.equal(answer.signed.length, built.inputs.length);
  }
});

test("a transaction of the SDK's is funded", async () => {
  const bare = new Transaction();
  bare.addOutput({ satoshis: 3000, lockingScript: p2pkh(somebody()) });
  const parent = source([2000, address], [2000, address], [2000, address]);
  const answer = await ask("fund", { transaction: bare.toHex(), utxos: utxosOf(parent) });
  const funded = Transaction.fromHex(answer.transaction);
  assert.equal(funded.inputs.length, 2);
  assert.equal(funded.outputs[1].lockingScript.toHex(), p2pkh(address).toHex());
  assertSpendable(funded, known(parent), answer.signed);
});

// The package has the sources of its own tests in it; their vectors are plain
// text there.
const tests = fileURLToPath(new URL("node_modules/@bsv/sdk/src/transaction/__tests/", import.meta.url));
test("the vectors that the SDK ships are read as it reads them", { skip: !existsSync(tests) }, async () => {
  const folder = home.folder;
  let count = 0;
  for (const file of ["Transaction.test.ts", "Beef.test.ts"]) {
    const source = readFileSync(join(tests, file), "utf8");
    for (const [text] of source.matchAll(/(?<=['"`])(0[12]00beef|01010101|01000000(?=0000000000ef))[0-9a-f]+/g)) {
      const isExtended = text.startsWith("01000000");
      const theirs = isExtended ? Transaction.fromHexEF(text) : Transaction.fromHexBEEF(text);
      const path = join(folder, "vector.hex");
      writeFileSync(path, text);
      count++;
      if (!isExtended && !Beef.fromString(text).isValid(true)) {
        const { code, stderr } = await home.run("transaction", "show", path);
        assert.equal(code, 2, stderr);
        continue;
      }
      const shown = await home.json("transaction", "show", path);
      assert.equal(shown.txid, theirs.id("hex"));
      assert.equal(shown.size, theirs.toBinary().length);
    }
  }
  assert.ok(count >= 3, `${count} vectors`);
});

test("an identity is published in a transaction that the SDK finds spendable", async () => {
  const { address: payer } = await home.json("key", "--identity", home.bapID);
  const parent = source([5000, payer]);
  const utxos = join(home.folder, "utxos.json");
  writeFileSync(utxos, JSON.stringify(utxosOf(parent)));
  const answer = await home.json("identity", "publish", "id", "--utxos", utxos, "--yes");
  const published = Transaction.fromHex(answer.transaction);
  assertSpendable(published, known(parent), [0]);
  const { script } = await home.json("identity", "op-return", "id");
  assert.equal(published.outputs[0].lockingScript.toHex(), LockingScript.fromHex(script).toHex());
});
