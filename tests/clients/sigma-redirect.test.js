// Sigma's plugin where the browser is redirected, and the app's server redeems
// the code, signing its request; then the page signs with the local signer.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { PrivateKey } from "@bsv/sdk";
import { sigmaClient } from "@sigma-auth/better-auth-plugin/client";
import { exchangeCodeForTokens, sigmaCallbackPlugin } from "@sigma-auth/better-auth-plugin/server";
import { betterAuth } from "better-auth";
import { parseAuthToken, verifyAuthToken } from "bitcoin-auth";
import { asPage, Home } from "./harness.js";
import { app, Person, web } from "./person.js";

const APP = "https://app.example";
const PATH = "/auth/sigma/callback";
const CALLBACK = APP + PATH;
const member = PrivateKey.fromRandom();

let home;
let server;
const person = new Person();

before(async () => {
  home = await Home.registered("Alice");
  await home.json("profile", "set", "logo=https://alice.example/me.png");
  const add = ["client", "add", "--redirect-uri", CALLBACK];
  await home.json(...add, "my-app");
  await home.json(...add, "my-signed-app", "--key", member.toPublicKey().toString());
  server = await home.serve();
  process.env.NEXT_PUBLIC_SIGMA_AUTH_URL = server.url;
});

/** What a page keeps in its browser. */
function storage() {
  const kept = new Map();
  return {
    setItem: (name, value) => kept.set(name, value),
    getItem: (name) => kept.get(name) ?? null,
    removeItem: (name) => kept.delete(name),
  };
}

/** Runs `act` as the script of a page does, with what a browser has for it. */
async function inPage(origin, kept, act) {
  const location = { origin, host: new URL(origin).host };
  Object.assign(globalThis, { ...kept, window: { location } });
  try {
    return await asPage(origin, () => act(location));
  } finally {
    for (const name of ["window", ...Object.keys(kept)]) delete globalThis[name];
  }
}

const newPage = () => ({ sessionStorage: storage(), localStorage: storage() });
const noRequest = () => assert.fail("a request of the app's");
const actions = (options) => sigmaClient(options).getActions(noRequest);

/** Where the plugin sends the browser. */
const linkOf = (origin, kept, options) =>
  inPage(origin, kept, (location) => new Promise((resolve) => {
    Object.defineProperty(location, "href", { set: resolve });
    // Never settles: the page is gone.
    actions().signIn.sigma(options);
  }));

/** The whole way: the link, the consent, and what the app's server asks with. */
async function redirected(clientId) {
  const kept = newPage();
  const link = await linkOf(APP, kept, { clientId, provider: "sigma", forceLogin: true });
  const back = new URL((await person.allow(link, { until: CALLBACK })).url);
  const stored = kept.sessionStorage.getItem;
  assert.equal(back.searchParams.get("state"), stored("sigma_oauth_state"));
  return {
    code: back.searchParams.get("code"),
    redirectUri: stored("sigma_redirect_uri"),
    clientId,
    codeVerifier: stored("sigma_code_verifier"),
    issuerUrl: server.url,
  };
}

/** What the plugin reads of userinfo. */
function isAlice(user) {
  assert.match(user.sub, /./);
  assert.equal(user.name, "Alice");
  assert.equal(user.picture, "https://alice.example/me.png");
  assert.equal(user.bap_id, home.bapID);
  assert.equal(user.bap.idKey, home.bapID);
  assert.equal(user.bap.identity.alternateName, "Alice");
}

for (const clientId of ["my-app", "my-signed-app"]) {
  test(`exchangeCodeForTokens as ${clientId}`, async () => {
    const exchange = await redirected(clientId);
    const answer = await exchangeCodeForTokens({ ...exchange, memberPrivateKey: member.toWif() });
    isAlice(answer.user);
    assert.match(answer.id_token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
  });
}

test("exchangeCodeForTokens with another key than the pinned one", async () => {
  const exchange = await redirected("my-signed-app");
  const other = PrivateKey.fromRandom().toWif();
  await assert.rejects(
    exchangeCodeForTokens({ ...exchange, memberPrivateKey: other }),
    (error) => error.error === "invalid_client" && error.status === 401,
  );
});

test("from signIn.sigma to sigma.sign", async (t) => {
  t.mock.method(console, "log", () => {});
  let handle;
  const origin = await app(web((request) => handle(request)));
  const clientId = "my-local-app";
  await home.json("client", "add", clientId, "--redirect-uri", origin + PATH);
  await home.json("origin", "allow", origin);
  handle = betterAuth({
    baseURL: origin,
    secret: "a secret that the app seals its own cookies with",
    plugins: [sigmaCallbackPlugin({ memberPrivateKey: member.toWif(), clientId, issuerUrl: server.url })],
  }).handler;

  const kept = newPage();
  const link = await linkOf(origin, kept, { clientId, forceLogin: true });
  const back = new URL((await person.allow(link, { until: origin + PATH })).url);
  const { sigma } = actions({ preferLocal: true, localServerUrl: server.url });
  const { user, id_token } = await inPage(origin, kept, () => sigma.handleCallback(back.searchParams));
  isAlice(user);
  assert.match(id_token, /./);

  const body = { text: "signed by Alice" };
  const token = await inPage(origin, kept, () => sigma.sign("/api/notes", body));
  assert.equal(sigma.getSignerType(), "local");
  const target = { requestPath: "/api/notes", timestamp: new Date().toISOString(), body: JSON.stringify(body) };
  assert.equal(verifyAuthToken(token, target, 5), true);
  // Whose signature it is, the app knows by what it was told at sign-in.
  assert.equal(parseAuthToken(token).pubkey, user.pubkey);
});
