// Backups, in both directions: what `bitcoin-backup` and `bsv-bap` write is
// read here, and what is written here is read by them.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { HD, Mnemonic, PrivateKey } from "@bsv/sdk";
import { decryptBackup, encryptBackup, getBackupType, LEGACY_PBKDF2_ITERATIONS } from "bitcoin-backup";
import { BAP, bapIdFromAddress } from "bsv-bap";
import { folder, Home, PASSWORD, post } from "./harness.js";

const PASSPHRASE = "the backup has its own";

/** A home's backup, as `export` writes it. */
async function exported(home) {
  const file = join(folder(), "wallet.bep");
  const passphrase = join(folder(), "passphrase");
  await writeFile(passphrase, PASSPHRASE, { mode: 0o600 });
  const args = ["--output", file, "--backup-password-file", passphrase];
  await home.json("export", "--format", "bep", ...args);
  return readFile(file, "utf8");
}

/** Imports a backup into a fresh home. */
async function imported(backup, passphrase = PASSPHRASE) {
  const home = new Home();
  const file = join(folder(), "theirs.bep");
  const secret = join(folder(), "passphrase");
  await writeFile(file, backup, { mode: 0o600 });
  await writeFile(secret, passphrase, { mode: 0o600 });
  const result = await home.run("import", "--backup", file, "--backup-password-file", secret, "--json");
  return { home, ...result };
}

/** What the server says of a home's identities. */
async function identities(home) {
  const { url } = await home.serve();
  return (await fetch(`${url}/api/identity`)).json();
}

const idKeys = (listed) => listed.identities.map((identity) => identity.idKey).sort();

test("bitcoin-backup and bsv-bap read what we export", async () => {
  const home = await Home.registered("Alice");
  const { url } = await home.serve();
  const second = await post(`${url}/api/identity`, { name: "At work" });
  assert.equal(second.status, 200);
  const { mnemonic } = await home.json("export");

  const backup = await decryptBackup((await exported(home)).trim(), PASSPHRASE);
  assert.equal(getBackupType(backup), "Type42");
  assert.equal(backup.mnemonic, mnemonic);

  const bap = new BAP({ rootPk: backup.rootPk });
  bap.importIds(backup.ids);
  assert.deepEqual(bap.listIds().sort(), [home.bapID, second.idKey].sort());
  assert.equal(bap.getId(second.idKey).idName, "At work");
  // The next one that either of the two makes is the same.
  const third = await post(`${url}/api/identity`, { name: "Third" });
  assert.equal(bap.newId("Third").getIdentityKey(), third.idKey);
});

test("the root key of our words is where they find it", async () => {
  const home = await Home.registered("Alice");
  const { mnemonic } = await home.json("export");
  const root = HD.fromSeed(Mnemonic.fromString(mnemonic).toSeed()).privKey;
  const bap = new BAP({ rootPk: root.toWif() });
  assert.equal(bap.newId("Primary Identity").getIdentityKey(), home.bapID);
});

for (const iterations of [undefined, LEGACY_PBKDF2_ITERATIONS]) {
  test(`import reads their Type42 backup, ${iterations ?? "the usual"} iterations`, async () => {
    const bap = new BAP({ rootPk: PrivateKey.fromRandom().toWif() });
    const first = bap.newId("Primary Identity");
    const second = bap.newId("At work");
    second.addAttribute("email", "alice@work.example", "e2".repeat(32));
    const { mnemonic: _, ...payload } = bap.exportForBackup("theirs");
    const backup = await encryptBackup(payload, PASSPHRASE, iterations);

    const { home, code, stderr } = await imported(backup);
    assert.equal(code, 0, stderr);
    const listed = await identities(home);
    assert.deepEqual(idKeys(listed), [first, second].map((id) => id.getIdentityKey()).sort());
    const work = listed.identities.find(({ idKey }) => idKey === second.getIdentityKey());
    assert.deepEqual([work.name, work.rootAddress], ["At work", second.rootAddress]);

    // And back again: nothing was lost on the way.
    const again = new BAP({ rootPk: payload.rootPk });
    again.importIds((await decryptBackup((await exported(home)).trim(), PASSPHRASE)).ids);
    const attributes = again.getId(second.getIdentityKey()).getAttributes();
    assert.deepEqual(attributes, second.getAttributes());
  });
}

test("import over HTTP reads their backup too", async () => {
  const bap = new BAP({ rootPk: PrivateKey.fromRandom().toWif() });
  const id = bap.newId("Primary Identity").getIdentityKey();
  const backup = await encryptBackup(bap.exportForBackup("theirs"), PASSPHRASE);
  const { url } = await new Home().serve({ args: [] });
  const wrong = { password: PASSWORD, backup, backupPassword: "not this one" };
  const refused = await post(`${url}/api/import`, wrong);
  assert.ok(refused.status >= 400 && refused.status < 500, JSON.stringify(refused));
  const { seed } = await (await fetch(`${url}/api/status`)).json();
  assert.equal(seed, false, "nothing is half imported");

  const answer = await post(`${url}/api/import`, { ...wrong, backupPassword: PASSPHRASE });
  assert.equal(answer.status, 200, JSON.stringify(answer));
  assert.deepEqual(idKeys(await (await fetch(`${url}/api/identity`)).json()), [id]);
});

test("import reads their backup of a bare key", async () => {
  const root = PrivateKey.fromRandom();
  const { home, code, stderr } = await imported(await encryptBackup({ wif: root.toWif() }, PASSPHRASE));
  assert.equal(code, 0, stderr);
  const bap = new BAP({ rootPk: root.toWif() });
  const { primaryId } = await identities(home);
  assert.equal(primaryId, bapIdFromAddress(bap.newId().rootAddress));
});

test("import reads their older backup of an extended key and its words", async () => {
  const mnemonic = Mnemonic.fromRandom();
  const hd = HD.fromSeed(mnemonic.toSeed());
  const bap = new BAP(hd.toString());
  bap.newId();
  const payload = bap.exportForBackup("theirs", hd.toString(), mnemonic.toString());
  const { home, code, stderr } = await imported(await encryptBackup(payload, PASSPHRASE));
  assert.equal(code, 0, stderr);
  const ours = await decryptBackup((await exported(home)).trim(), PASSPHRASE);
  assert.equal(ours.rootPk, hd.privKey.toWif());
  assert.equal(ours.mnemonic, mnemonic.toString());
});

test("a wrong passphrase and a torn file are refused, and leave nothing", async () => {
  const bap = new BAP({ rootPk: PrivateKey.fromRandom().toWif() });
  bap.newId();
  const backup = await encryptBackup(bap.exportForBackup("theirs"), PASSPHRASE);
  for (const [text, passphrase] of [
    [backup, "not this one"],
    [backup.slice(0, backup.length / 2), PASSPHRASE],
    ["no backup at all", PASSPHRASE],
  ]) {
    const { home, code, stdout, stderr } = await imported(text, passphrase);
    assert.ok(code === 1 || code === 2, `exit ${code}: ${stderr}`);
    assert.equal(stdout, "");
    assert.ok(JSON.parse(stderr).error);
    const status = await home.run("status", "--json");
    assert.equal(status.code, 3, "no wallet");
    assert.equal(JSON.parse(status.stdout).seed, false);
  }
});
