// The wallet that BRC-100 apps find, met by the library that they are made with:
// what it computes, beside the library's own `ProtoWallet` with the same key; apps in
// Node.js and a browser; certificates; two people who log in to each other.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createListener } from "node:net";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createAuthMiddleware } from "@bsv/auth-express-middleware";
import {
  AuthFetch,
  Certificate,
  HD,
  HTTPWalletJSON,
  MasterCertificate,
  Point,
  PrivateKey,
  ProtoWallet,
  PublicKey,
  Schnorr,
  BigNumber,
  Utils,
  VerifiableCertificate,
  WalletClient,
} from "@bsv/sdk";
import express from "express";
import { chromium } from "playwright-core";
import { atEnd, Home } from "./harness.js";

const APP = "app.example";
const CASES = 2000;

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const noBrowser = executablePath ? false : "chromium is not installed";

/** Whether nobody has the port where wallets are looked for. */
async function isFree(port) {
  const listener = createListener();
  return new Promise((resolve) => {
    listener.once("error", () => resolve(false));
    listener.listen(port, "127.0.0.1", () => listener.close(() => resolve(true)));
  });
}
const taken = (await isFree(3321)) ? false : "another program has the port 3321";

/** A server whose BRC-100 wallet is at `wallet`. */
async function serve(home, args = ["--brc100-listen", "127.0.0.1:0"]) {
  const server = await home.serve({ args: ["--unlock", ...args] });
  const said = /BRC-100 apps find the wallet at (http:\/\/127\.0\.0\.1:\d+)/;
  for (;;) {
    const line = server.log.lines.find((line) => said.test(line));
    if (line) return { ...server, wallet: said.exec(line)[1] };
    await once(server.log, "entry");
  }
}

/** A person with a server, whose wallet lets the app do everything. */
async function person(name, app = APP) {
  const home = await Home.registered(name);
  await home.json("origin", "allow", `http://${app}`);
  await home.json("permission", "allow", app, "--all");
  const server = await serve(home);
  return { home, server, wallet: new HTTPWalletJSON(app, server.wallet) };
}

/** The key of that wallet, from its seed. */
async function keyOf(home) {
  const { seed } = await home.json("export");
  const root = HD.fromSeed(Utils.toArray(seed, "hex")).privKey;
  return root.deriveChild(root.toPublicKey(), "2-brc100-wallet");
}

const pick = (list) => list[randomInt(list.length)];
const bytes = (most, least = 0) => [...randomBytes(randomInt(least, most + 1))];
const letters = (least, most) => {
  const word = Array.from({ length: randomInt(least, most + 1) }, () => pick("abcdefghijklmnopqrstuvwxyz0123456789"));
  return word.join("");
};
const keyID = () => pick([letters(1, 12), "ключ ☃ " + letters(1, 5), "🔑".repeat(randomInt(1, 400)), " ", "a-b-c", "x".repeat(800)]);
const protocol = () => pick([letters(5, 20), ` ${letters(5, 9).toUpperCase()} `, `${letters(2, 5)} ${letters(3, 9)}`, "q".repeat(400)]);

describe("beside ProtoWallet with the same key", () => {
  let alice;
  let same;
  const others = Array.from({ length: 8 }, () => PrivateKey.fromRandom());

  before(async () => {
    alice = await person("Alice");
    same = new ProtoWallet(await keyOf(alice.home));
  });

  const counterparty = () => pick([undefined, "self", "anyone", pick(others).toPublicKey().toString()]);
  // Deriving takes the library longest: what was derived is used again.
  const keys = Array.from({ length: 200 }, () => ({
    protocolID: [randomInt(3), protocol()],
    keyID: keyID(),
    counterparty: counterparty(),
  }));

  const methods = {
    async getPublicKey(args) {
      const asked = { ...args, forSelf: pick([true, false, undefined]) };
      assert.deepEqual(await alice.wallet.getPublicKey(asked), await same.getPublicKey(asked));
    },
    async createHmac(args) {
      const asked = { ...args, data: bytes(100) };
      const { hmac } = await alice.wallet.createHmac(asked);
      assert.deepEqual(hmac, (await same.createHmac(asked)).hmac);
      assert.deepEqual(await alice.wallet.verifyHmac({ ...asked, hmac }), { valid: true });
      hmac[3] ^= 1;
      await assert.rejects(alice.wallet.verifyHmac({ ...asked, hmac }), /HMAC is not valid/);
    },
    async encrypt(args) {
      // The library does not open what is empty.
      const plaintext = bytes(100, 1);
      const { ciphertext } = await alice.wallet.encrypt({ ...args, plaintext });
      assert.deepEqual(await same.decrypt({ ...args, ciphertext }), { plaintext });
    },
    async decrypt(args) {
      const plaintext = bytes(100);
      const { ciphertext } = await same.encrypt({ ...args, plaintext });
      assert.deepEqual(await alice.wallet.decrypt({ ...args, ciphertext }), { plaintext });
      ciphertext[40] ^= 1;
      await assert.rejects(alice.wallet.decrypt({ ...args, ciphertext }), /Decryption failed!/);
    },
    async createSignature(args) {
      const what = pick([{ data: bytes(100) }, { hashToDirectlySign: [...randomBytes(32)] }]);
      const asked = { ...args, ...what };
      assert.deepEqual(await alice.wallet.createSignature(asked), await same.createSignature(asked));
    },
    async verifySignature(args) {
      const data = bytes(100);
      // Said to be of `anyone` where nobody is named when it is made, of `self` when
      // it is checked.
      const asked = { ...args, counterparty: args.counterparty ?? "self" };
      const { signature } = await same.createSignature({ ...asked, data });
      const check = { ...asked, data, signature, forSelf: true };
      assert.deepEqual(await alice.wallet.verifySignature(check), { valid: true });
      await assert.rejects(
        alice.wallet.verifySignature({ ...check, data: [...data, 0] }),
        /Signature is not valid/,
      );
    },
    /** Of the other's signature, by them. */
    async verifyTheirs(args) {
      const other = pick(others);
      const theirs = new ProtoWallet(other);
      const data = bytes(100);
      const own = (await same.getPublicKey({ identityKey: true })).publicKey;
      const { signature } = await theirs.createSignature({ ...args, counterparty: own, data });
      const check = { ...args, counterparty: other.toPublicKey().toString(), data, signature };
      assert.deepEqual(await alice.wallet.verifySignature(check), { valid: true });
    },
    async revealSpecificKeyLinkage(args) {
      const verifier = pick(others);
      const named = { ...args, protocolID: [args.protocolID[0], letters(5, 20)] };
      const asked = {
        ...named,
        counterparty: args.counterparty ?? "self",
        verifier: verifier.toPublicKey().toString(),
      };
      const ours = await alice.wallet.revealSpecificKeyLinkage(asked);
      const theirs = await same.revealSpecificKeyLinkage(asked);
      const open = async (told) => {
        const under = {
          protocolID: [2, `specific linkage revelation ${told.protocolID[0]} ${told.protocolID[1]}`],
          keyID: told.keyID,
          counterparty: told.prover,
        };
        const reader = new ProtoWallet(verifier);
        const { plaintext } = await reader.decrypt({ ...under, ciphertext: told.encryptedLinkage });
        const proof = await reader.decrypt({ ...under, ciphertext: told.encryptedLinkageProof });
        return { ...told, encryptedLinkage: plaintext, encryptedLinkageProof: proof.plaintext };
      };
      assert.deepEqual(await open(ours), await open(theirs));
    },
    async revealCounterpartyKeyLinkage() {
      const [verifier, other] = [pick(others), pick(others)];
      const told = await alice.wallet.revealCounterpartyKeyLinkage({
        counterparty: other.toPublicKey().toString(),
        verifier: verifier.toPublicKey().toString(),
      });
      const under = {
        protocolID: [2, "counterparty linkage revelation"],
        keyID: told.revelationTime,
        counterparty: told.prover,
      };
      const reader = new ProtoWallet(verifier);
      const { plaintext } = await reader.decrypt({ ...under, ciphertext: told.encryptedLinkage });
      const proof = (await reader.decrypt({ ...under, ciphertext: told.encryptedLinkageProof })).plaintext;
      const point = (from, to) => Point.fromDER(proof.slice(from, to));
      const holds = new Schnorr().verifyProof(
        PublicKey.fromString(told.prover),
        other.toPublicKey(),
        Point.fromDER(plaintext),
        { R: point(0, 33), SPrime: point(33, 66), z: new BigNumber(proof.slice(66)) },
      );
      assert.ok(holds);
    },
  };

  const names = Object.keys(methods);

  test(`${CASES} random calls are as the library computes them`, async () => {
    const run = async (count) => {
      for (; count > 0; count--) {
        // The library takes long over what it reveals.
        const method = pick(randomInt(20) === 0 ? names : names.filter((name) => !name.startsWith("reveal")));
        const args = pick(keys);
        await methods[method](args).catch((error) => {
          throw new Error(`${method} ${JSON.stringify(args)}: ${error.message}`);
        });
      }
    };
    await Promise.all(Array.from({ length: 4 }, () => run(CASES / 4)));
  });

  test("what the library refuses is refused in its words", async () => {
    const data = [1];
    const wrong = [
      { protocolID: [3, "some tests"], keyID: "1" },
      { protocolID: [1.5, "some tests"], keyID: "1" },
      { protocolID: [0, "abcd"], keyID: "1" },
      { protocolID: [0, "  abcd   "], keyID: "1" },
      { protocolID: [0, "q".repeat(401)], keyID: "1" },
      { protocolID: [0, `specific linkage revelation ${"q".repeat(403)}`], keyID: "1" },
      { protocolID: [0, "a  double"], keyID: "1" },
      { protocolID: [0, "snow ☃"], keyID: "1" },
      { protocolID: [0, "some protocol"], keyID: "1" },
      { protocolID: [0, "some tests"], keyID: "" },
      { protocolID: [0, "some tests"], keyID: "x".repeat(801) },
      { protocolID: [0, "some tests"], keyID: "🔑".repeat(401) },
    ];
    const message = async (made) => made.then(() => assert.fail("it was taken"), (error) => error.message);
    for (const args of wrong) {
      for (const [method, more] of Object.entries({
        createHmac: { data },
        createSignature: { data },
        encrypt: { plaintext: data },
      })) {
        const asked = { ...args, ...more };
        const theirs = await message(same[method](asked));
        assert.equal(await message(alice.wallet[method](asked)), theirs);
      }
    }
    for (const method of ["createSignature", "verifySignature"]) {
      const args = { protocolID: [0, "some tests"], keyID: "1", signature: [] };
      assert.equal(await message(alice.wallet[method](args)), await message(same[method](args)));
    }
    assert.equal(await message(alice.wallet.getPublicKey({})), await message(same.getPublicKey({})));
    const unsupported = await message(alice.wallet.getHeight({}));
    assert.match(unsupported, /a view of the chain/);
  });
});

describe("certificates", () => {
  const TYPE = Utils.toBase64([...randomBytes(32)]);
  const FIELDS = { name: "Alice", email: "alice@example.com", "länd": "Österreich ☃" };
  const certifier = new ProtoWallet(PrivateKey.fromRandom());
  let alice;
  let issued;

  before(async () => {
    alice = await person("Alice");
    const { publicKey } = await alice.wallet.getPublicKey({ identityKey: true });
    issued = await MasterCertificate.issueCertificateForSubject(
      certifier,
      publicKey,
      FIELDS,
      TYPE,
      async () => `${"ab".repeat(32)}.1`,
    );
  });

  const brought = (changes = {}) => {
    const { type, serialNumber, certifier, revocationOutpoint, signature, fields, masterKeyring } = issued;
    return {
      type,
      serialNumber,
      certifier,
      revocationOutpoint,
      signature,
      fields,
      keyringRevealer: "certifier",
      keyringForSubject: masterKeyring,
      acquisitionProtocol: "direct",
      ...changes,
    };
  };

  test("one is acquired, listed, proved to a verifier and given up", async () => {
    const client = new WalletClient(alice.wallet, APP);
    const acquired = await client.acquireCertificate(brought());
    const { masterKeyring, ...shown } = issued;
    assert.deepEqual(acquired, { ...shown });
    const made = new Certificate(
      ...["type", "serialNumber", "subject", "certifier", "revocationOutpoint", "fields", "signature"].map((name) => acquired[name]),
    );
    assert.ok(await made.verify());
    // Once more is as good as once.
    await client.acquireCertificate(brought());

    const all = { certifiers: [], types: [] };
    const listed = await client.listCertificates(all);
    assert.deepEqual(listed, { totalCertificates: 1, certificates: [{ ...shown, keyring: masterKeyring }] });
    const none = await client.listCertificates({ certifiers: [], types: [Utils.toBase64([...randomBytes(32)])] });
    assert.equal(none.totalCertificates, 0);
    const other = PrivateKey.fromRandom().toPublicKey().toString();
    assert.equal((await client.listCertificates({ certifiers: [other], types: [TYPE] })).totalCertificates, 0);
    const page = await client.listCertificates({ certifiers: [issued.certifier], types: [TYPE], limit: 1, offset: 1 });
    assert.deepEqual(page, { totalCertificates: 1, certificates: [] });

    const verifier = new ProtoWallet(PrivateKey.fromRandom());
    const { publicKey } = await verifier.getPublicKey({ identityKey: true });
    const fieldsToReveal = ["länd", "name"];
    const { keyringForVerifier } = await client.proveCertificate({
      certificate: acquired,
      fieldsToReveal,
      verifier: publicKey,
    });
    assert.deepEqual(Object.keys(keyringForVerifier), fieldsToReveal);
    const proven = new VerifiableCertificate(
      ...["type", "serialNumber", "subject", "certifier", "revocationOutpoint", "fields"].map((name) => acquired[name]),
      keyringForVerifier,
      acquired.signature,
    );
    assert.ok(await proven.verify());
    assert.deepEqual(await proven.decryptFields(verifier), { name: "Alice", "länd": FIELDS["länd"] });
    await assert.rejects(
      client.proveCertificate({ certificate: acquired, fieldsToReveal: ["age"], verifier: publicKey }),
      /Missing the "age" field/,
    );

    const told = await alice.home.json("certificate", "show", issued.serialNumber);
    assert.deepEqual(told.fields, FIELDS);
    const { type, serialNumber, certifier } = acquired;
    assert.deepEqual(await client.relinquishCertificate({ type, serialNumber, certifier }), { relinquished: true });
    assert.equal((await client.listCertificates(all)).totalCertificates, 0);
    await assert.rejects(client.relinquishCertificate({ type, serialNumber, certifier }), /unique certificate match/);
  });

  test("one that was changed, or is about somebody else, is refused", async () => {
    const bob = await person("Bob");
    await assert.rejects(bob.wallet.acquireCertificate(brought()), /Signature is not valid/);
    const swapped = { ...issued.fields, name: issued.fields.email };
    await assert.rejects(alice.wallet.acquireCertificate(brought({ fields: swapped })), /Signature is not valid/);
    const keyring = { ...issued.masterKeyring, name: issued.masterKeyring.email };
    await assert.rejects(
      alice.wallet.acquireCertificate(brought({ keyringForSubject: keyring })),
      /Failed to decrypt all master certificate fields/,
    );
  });

  test("bad arguments are refused as the library refuses them before it asks", async () => {
    const client = new WalletClient(alice.wallet, APP);
    const message = async (made) => made.then(() => assert.fail("it was taken"), (error) => error.message);
    for (const changes of [
      { serialNumber: "" },
      { serialNumber: "a===" },
      { type: "not base64!" },
      { signature: "abc" },
      { signature: "xy" },
      { certifier: "12345" },
      { revocationOutpoint: "ab" },
      { revocationOutpoint: "ab.c" },
      { revocationOutpoint: `${"ab".repeat(33)}.0` },
      { keyringForSubject: { name: "?" } },
      { keyringRevealer: "nobody" },
      { fields: { ["x".repeat(51)]: "AA==" } },
      { fields: { "": "AA==" } },
      { acquisitionProtocol: "carrier pigeon" },
    ]) {
      const args = brought(changes);
      assert.equal(
        await message(alice.wallet.acquireCertificate(args)),
        await message(client.acquireCertificate(args)),
        JSON.stringify(changes),
      );
    }
    for (const changes of [{ limit: 0 }, { limit: 10001 }, { limit: 1.5 }, { offset: -1 }, { types: ["?"] }, { certifiers: ["x"] }]) {
      const args = { certifiers: [], types: [], ...changes };
      assert.equal(
        await message(alice.wallet.listCertificates(args)),
        await message(client.listCertificates(args)),
        JSON.stringify(changes),
      );
    }
  });
});

test("two people log in to each other, who have nothing of ours but their wallets", async () => {
  const site = "site.example";
  const [alice, bob] = await Promise.all([Home.registered("Alice"), person("Bob", site)]);
  await alice.json("origin", "allow", `http://${APP}`);
  const server = await serve(alice);
  const wallet = new WalletClient(new HTTPWalletJSON(APP, server.wallet), APP);

  const app = express();
  app.use(express.json());
  app.use(createAuthMiddleware({ wallet: new WalletClient(bob.wallet, site) }));
  app.post("/echo", (request, response) => {
    response.json({ from: request.auth.identityKey, said: request.body });
  });
  const listening = app.listen(0, "127.0.0.1");
  await once(listening, "listening");
  atEnd(() => {
    listening.closeAllConnections();
    listening.close();
  });

  // Alice is asked for three things, and allows each.
  let done = false;
  const asked = new Set();
  const allow = async () => {
    while (!done) {
      const { permissions } = await alice.json("permission", "list");
      for (const { status, originator, level, protocol, counterparty } of permissions) {
        if (status !== "pending") continue;
        asked.add(`${level} ${protocol}`);
        const what = [String(level), protocol, counterparty].filter(Boolean);
        await alice.json("permission", "allow", originator, ...what);
      }
    }
  };
  const allowing = allow();
  try {
    const authFetch = new AuthFetch(wallet);
    const answer = await authFetch.fetch(`http://127.0.0.1:${listening.address().port}/echo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ hello: "☃" }),
    });
    assert.equal(answer.status, 200);
    const { publicKey } = await wallet.getPublicKey({ identityKey: true });
    assert.deepEqual(await answer.json(), { from: publicKey, said: { hello: "☃" } });
  } finally {
    done = true;
    await allowing;
  }
  assert.deepEqual([...asked].sort(), [
    "1 identity key retrieval",
    "2 auth message signature",
    "2 server hmac",
  ]);
});

describe("an app that looks for a wallet", { skip: taken }, () => {
  let home;
  let server;

  before(async () => {
    home = await Home.registered("Alice");
    server = await serve(home, ["--brc100"]);
  });

  const key = { protocolID: [0, "hello world"], keyID: "1" };

  test("finds it in Node.js", async () => {
    const client = new WalletClient("auto", APP);
    assert.match((await client.getVersion({})).version, /^tokenpass-/);
    await assert.rejects(client.getPublicKey({ ...key }), /the origin `http:\/\/app.example` is not approved/);
    assert.equal(await home.standing(`http://${APP}`), "pending");
    await home.json("origin", "allow", `http://${APP}`);
    assert.deepEqual(await client.isAuthenticated({}), { authenticated: true });
    assert.deepEqual(await client.getNetwork({}), { network: "mainnet" });
    const { signature } = await client.createSignature({ ...key, data: [1, 2, 3] });
    const check = { ...key, data: [1, 2, 3], signature, counterparty: "anyone", forSelf: true };
    assert.deepEqual(await client.verifySignature(check), { valid: true });
  });

  test("is as small as the example", async (t) => {
    // Beside the libraries, where it finds them.
    const copy = new URL("./brc100-example.tmp.mjs", import.meta.url);
    await copyFile(new URL("../../examples/brc100.mjs", import.meta.url), copy);
    t.after(() => rm(copy));
    await home.json("origin", "allow", "http://demo.example");
    await home.json("permission", "allow", "demo.example", "1", "identity key retrieval");
    const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(copy)]);
    assert.match(stdout, /^tokenpass-.*\nsignature 30[0-9a-f]+\ndecrypted Hello World\nidentity key 0[23]/);
  });

  test("is told whose the port is", async () => {
    const other = await Home.registered("Bob");
    const second = await other.serve({ args: ["--brc100"] });
    const said = /`127.0.0.1:3321` is in use by another program/;
    while (!second.log.lines.some((line) => said.test(line))) await once(second.log, "entry");
  });

  test("finds it in a browser", { skip: noBrowser }, async (t) => {
    const bundle = await readFile(fileURLToPath(import.meta.resolve("@bsv/sdk/umd")));
    const files = {
      "/bundle.js": bundle,
      "/example.html": await readFile(new URL("../../examples/brc100.html", import.meta.url)),
      "/": '<!doctype html><link rel="icon" href="data:,"><script src="/bundle.js"></script>',
    };
    const pages = createServer((request, response) => {
      const type = request.url.endsWith(".js") ? "text/javascript" : "text/html";
      response.writeHead(200, { "Content-Type": type });
      response.end(files[request.url]);
    });
    pages.listen(0, "localhost");
    await once(pages, "listening");
    atEnd(() => {
      pages.closeAllConnections();
      pages.close();
    });
    const origin = `http://localhost:${pages.address().port}`;
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-features=LocalNetworkAccessChecks"],
    });
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(origin);
    const ask = (act) =>
      page.evaluate(async (act) => {
        const client = (globalThis.client ??= new bsv.WalletClient("auto"));
        return client[act.method](act.args).catch((error) => ({ error: error.message }));
      }, act);
    assert.match((await ask({ method: "getVersion", args: {} })).version, /^tokenpass-/);
    const refused = await ask({ method: "getPublicKey", args: key });
    assert.match(refused.error, /is not approved/);
    await home.json("origin", "allow", origin);
    const { publicKey } = await ask({ method: "getPublicKey", args: key });
    assert.match(publicKey, /^0[23][0-9a-f]{64}$/);
    const denied = await ask({ method: "getPublicKey", args: { identityKey: true, seekPermission: false } });
    assert.match(denied.error, /Permission denied\./);

    // The example, which waits for its owner.
    await page.goto(`${origin}/example.html`);
    await page.click("button");
    await page.getByText("allow this page to know who you are").waitFor();
    for (let pending; !pending; ) {
      const { permissions } = await home.json("permission", "list");
      pending = permissions.find((one) => one.status === "pending");
    }
    await home.json("permission", "allow", origin, "1", "identity key retrieval");
    await page.locator("dl").waitFor();
    assert.match(await page.locator("#identity").textContent(), /^0[23][0-9a-f]{64}$/);
    assert.match(await page.locator("#signature").textContent(), /^30[0-9a-f]{130,142}$/);
  });
});
