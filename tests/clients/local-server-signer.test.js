// `LocalServerSigner` is what web apps use to reach a local identity server.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { BigNumber, BSM, EncryptedMessage, PrivateKey, PublicKey, Signature, Utils } from "@bsv/sdk";
import { LocalServerSigner } from "@sigma-auth/better-auth-plugin/client/local";
import { parseAuthToken, verifyAuthToken } from "bitcoin-auth";
import { asPage, Home, PASSWORD, post } from "./harness.js";

const HOST = "app.example";
const ORIGIN = `https://${HOST}`;
const STRANGER = "https://stranger.example";

let home;
let server;

before(async () => {
  home = await Home.registered("Alice");
  server = await home.serve({ env: { TOKENPASS_ORIGIN_WHITELIST: ORIGIN } });
});

const newSigner = () => new LocalServerSigner({ baseUrl: server.url });

/** A signer with a token, as a page of the approved origin gets it. */
async function authenticated(...grant) {
  const signer = newSigner();
  assert.ok(await asPage(ORIGIN, () => signer.authenticate(HOST, ...grant)));
  return signer;
}

test("probe tells a running server from none", async () => {
  assert.equal(await newSigner().probe(), true);
  assert.equal(await asPage(STRANGER, () => newSigner().probe()), true);
  // Port 1 is never open on a desktop.
  assert.equal(await new LocalServerSigner({ baseUrl: "http://localhost:1" }).probe(), false);
});

test("getStatus: a page that is not approved learns no hosts", async () => {
  await authenticated();
  const signer = newSigner();
  const own = await asPage(ORIGIN, () => signer.getStatus());
  assert.equal(own.seed, true);
  assert.equal(own.unlocked, true);
  assert.ok(own.keys.some((key) => key.host === HOST));
  assert.ok(own.states.some((state) => state.host === HOST));
  const strangers = await asPage(STRANGER, () => signer.getStatus());
  assert.deepEqual(
    { seed: strangers.seed, unlocked: strangers.unlocked, keys: strangers.keys, states: strangers.states },
    { seed: true, unlocked: true, keys: [], states: [] },
  );
});

test("authenticate: an approved page for its own host, nobody else", async () => {
  const signer = newSigner();
  assert.equal(await signer.authenticate(HOST), false, "a program without a password");
  assert.equal(await asPage(ORIGIN, () => signer.authenticate("other.example")), false, "another host");
  assert.equal(await asPage("null", () => signer.authenticate(HOST)), false, "no origin");
  assert.equal(await asPage(STRANGER, () => signer.authenticate("stranger.example")), false);
  assert.equal(signer.isReady(), false);
  assert.equal(await home.standing(STRANGER), "pending");

  assert.equal(await asPage(ORIGIN, () => signer.authenticate(HOST)), true);
  assert.equal(signer.isReady(), true);
});

test("an origin is let in, and shut out again, from the command line", async () => {
  const origin = "https://later.example";
  const signer = newSigner();
  const authenticate = () => asPage(origin, () => signer.authenticate("later.example"));
  assert.equal(await authenticate(), false);
  await home.json("origin", "allow", origin);
  assert.equal(await authenticate(), true);
  await home.json("origin", "deny", origin);
  assert.equal(await authenticate(), false);
  await assert.rejects(asPage(origin, () => signer.sign("/x")), /"code":7/);
});

for (const scheme of ["brc77", "bsm"]) {
  for (const body of ['{"naïve":"☃"}', undefined]) {
    test(`sign: ${scheme}, ${body ? "a body" : "no body"}, verified by bitcoin-auth`, async () => {
      const signer = await authenticated();
      const token = await asPage(ORIGIN, () => signer.sign("/api/items?limit=1", body, scheme));
      const parsed = parseAuthToken(token);
      assert.equal(parsed.scheme, scheme);
      const { keys } = await asPage(ORIGIN, () => signer.getStatus());
      assert.equal(parsed.pubkey, keys.find((key) => key.host === HOST).pub);

      const target = { requestPath: "/api/items?limit=1", timestamp: new Date().toISOString(), body };
      assert.equal(verifyAuthToken(token, target, 5), true);
      assert.equal(verifyAuthToken(token, { ...target, requestPath: "/api/other" }, 5), false);
      assert.equal(verifyAuthToken(token, { ...target, body: "another" }, 5), false);
    });
  }
}

test("sign: a body in hex, verified as those bytes", async () => {
  const { accessToken } = await asPage(ORIGIN, () =>
    post(`${server.url}/api/auth`, { host: HOST, scopes: "sign", expire: "1h" }),
  );
  const body = "00ff10";
  const request = { path: "/upload", body, bodyEncoding: "hex" };
  const { token } = await post(`${server.url}/api/sign`, request, accessToken);
  const target = { requestPath: "/upload", timestamp: new Date().toISOString(), body };
  assert.equal(verifyAuthToken(token, target, 5, "hex"), true);
  assert.equal(verifyAuthToken(token, target, 5, "utf8"), false);
});

test("signAIP: the SDK verifies it, over the pushes as they were sent", async () => {
  const signer = await authenticated();
  const pushes = ["19HxigV4QyBv3tHpQVcUEQyq1pzZVdoAut", "a post", "text/plain", "UTF-8"];
  const hex = pushes.map((push) => Utils.toHex(Utils.toArray(push, "utf8")));
  const signed = await asPage(ORIGIN, () => signer.signAIP(hex));
  const [algorithm, address, signature] = signed.slice(-3);
  assert.equal(algorithm, "BITCOIN_ECDSA");
  const { keys } = await asPage(ORIGIN, () => signer.getStatus());
  assert.equal(address, keys.find((key) => key.host === HOST).address);

  const preimage = Utils.toArray(`6a${hex.join("")}`, "hex");
  assert.ok(verifies(preimage, address, signature));
  assert.ok(!verifies([...preimage, 0], address, signature));
});

/** Whether a BSM signature recovers to the address. */
function verifies(message, address, base64) {
  const [header] = Utils.toArray(base64, "base64");
  const signature = Signature.fromCompact(base64, "base64");
  const digest = BSM.magicHash(message);
  const key = signature.RecoverPublicKey(header - 31, new BigNumber(digest));
  return key.toAddress() === address && BSM.verify(message, signature, key);
}

test("encrypt and decrypt: to oneself, under a friend's label", async () => {
  const signer = await authenticated();
  for (const text of ["a secret", "", "☃ and 🔑", "x".repeat(100_000)]) {
    const ciphertext = await asPage(ORIGIN, () => signer.encrypt(text, home.bapID));
    assert.match(ciphertext, /^[0-9a-f]+$/);
    assert.equal(await asPage(ORIGIN, () => signer.decrypt(ciphertext, home.bapID)), text);
  }
  const ciphertext = await asPage(ORIGIN, () => signer.encrypt("a secret", home.bapID));
  const flipped = ciphertext.slice(0, -1) + (ciphertext.endsWith("0") ? "1" : "0");
  await assert.rejects(asPage(ORIGIN, () => signer.decrypt(flipped, home.bapID)));
  await assert.rejects(asPage(ORIGIN, () => signer.decrypt(ciphertext, "somebodyElse")));
});

test("a token does what its scopes say, and nothing more", async () => {
  const signer = await authenticated(["encrypt"]);
  const ciphertext = await asPage(ORIGIN, () => signer.encrypt("a secret", home.bapID));
  await assert.rejects(
    asPage(ORIGIN, () => signer.decrypt(ciphertext, home.bapID)),
    ({ message }) => message.includes('"code":6') && message.includes("`decrypt`"),
  );
  await assert.rejects(asPage(ORIGIN, () => signer.sign("/x")), /"code":6/);
  await assert.rejects(asPage(ORIGIN, () => signer.signAIP(["00"])), /"code":6/);
  assert.ok(await asPage(ORIGIN, () => signer.getFriendPublicKey(home.bapID)));
});

test("a revoked token stops at once", async () => {
  const signer = await authenticated(["sign"]);
  assert.ok(await asPage(ORIGIN, () => signer.sign("/x")));
  await home.json("token", "revoke", "--host", HOST);
  await assert.rejects(asPage(ORIGIN, () => signer.sign("/x")), /"code":3/);
});

test("a token made on the command line works for a program", async () => {
  const granted = await home.json("auth", "--host", "localhost", "--scopes", "sign", "--expire", "1h");
  const { token } = await post(`${server.url}/api/sign`, { path: "/x" }, granted.accessToken);
  assert.equal(verifyAuthToken(token, { requestPath: "/x", timestamp: new Date().toISOString() }, 5), true);
});

test("locked: a token does nothing, and no page gets one", async () => {
  const signer = await authenticated();
  const { url } = server;
  await post(`${url}/api/logout`, {});
  await assert.rejects(asPage(ORIGIN, () => signer.sign("/x")), /"code":1\b/);
  assert.equal(await asPage(ORIGIN, () => newSigner().authenticate(HOST)), false);
  const { unlocked, keys, states } = await asPage(ORIGIN, () => signer.getStatus());
  assert.deepEqual({ unlocked, keys, states }, { unlocked: false, keys: [], states: [] });

  assert.equal((await post(`${url}/api/login`, { password: PASSWORD })).success, true);
  assert.ok(await asPage(ORIGIN, () => signer.sign("/x")));
});

test("a body encrypted to the session key, with the SDK's BRC-78", async () => {
  const { publicKey } = await (await fetch(`${server.url}/api/session-key`)).json();
  const encrypted = (body) => {
    const bytes = Utils.toArray(JSON.stringify(body), "utf8");
    const to = PublicKey.fromString(publicKey);
    return { ciphertext: Utils.toHex(EncryptedMessage.encrypt(bytes, PrivateKey.fromRandom(), to)) };
  };
  const grant = { host: "localhost", password: PASSWORD, scopes: "sign,encrypt,decrypt", expire: "1h" };
  const { accessToken } = await post(`${server.url}/api/auth`, encrypted(grant));
  const ask = (endpoint, body) => post(`${server.url}/api/${endpoint}`, encrypted(body), accessToken);
  const { sig } = await ask("sign", { message: "a secret" });
  assert.equal(sig, (await home.run("sign", "a secret")).stdout.trim());
  const { ciphertext } = await ask("encrypt", { data: "a secret", friendBapId: home.bapID });
  assert.equal((await ask("decrypt", { ciphertext, friendBapId: home.bapID })).data, "a secret");
});
