// Sigma's plugin where the browser is redirected, and the app's server redeems
// the code, signing its request.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { PrivateKey } from "@bsv/sdk";
import { sigmaClient } from "@sigma-auth/better-auth-plugin/client";
import { exchangeCodeForTokens } from "@sigma-auth/better-auth-plugin/server";
import { Home } from "./harness.js";
import { Person } from "./person.js";

const APP = "https://app.example";
const CALLBACK = `${APP}/auth/sigma/callback`;
const member = PrivateKey.fromRandom();

let home;
let server;
const person = new Person();

before(async () => {
  home = await Home.registered("Alice");
  const add = ["client", "add", "--redirect-uri", CALLBACK];
  await home.json(...add, "my-app");
  await home.json(...add, "my-signed-app", "--key", member.toPublicKey().toString());
  server = await home.serve();
  process.env.NEXT_PUBLIC_SIGMA_AUTH_URL = server.url;
});

/** Where the plugin sends the browser, and what it keeps for the way back. */
async function signIn(options) {
  const kept = new Map();
  const link = new Promise((resolve) => {
    globalThis.sessionStorage = {
      setItem: (name, value) => kept.set(name, value),
      getItem: (name) => kept.get(name) ?? null,
      removeItem: (name) => kept.delete(name),
    };
    globalThis.window = { location: { origin: APP, set href(url) { resolve(url); } } };
  });
  const actions = sigmaClient().getActions(() => assert.fail("a request of the app's"));
  // Never settles: the page is gone.
  actions.signIn.sigma(options);
  const url = await link;
  delete globalThis.window;
  delete globalThis.sessionStorage;
  return { url, kept };
}

/** The whole way: the link, the consent, and what the app's server asks with. */
async function redirected(clientId) {
  const { url, kept } = await signIn({ clientId, provider: "sigma", forceLogin: true });
  const back = new URL((await person.allow(url, { until: CALLBACK })).url);
  assert.equal(back.searchParams.get("state"), kept.get("sigma_oauth_state"));
  return {
    code: back.searchParams.get("code"),
    redirectUri: kept.get("sigma_redirect_uri"),
    clientId,
    codeVerifier: kept.get("sigma_code_verifier"),
    issuerUrl: server.url,
  };
}

for (const clientId of ["my-app", "my-signed-app"]) {
  test(`exchangeCodeForTokens as ${clientId}`, async () => {
    const exchange = await redirected(clientId);
    const answer = await exchangeCodeForTokens({ ...exchange, memberPrivateKey: member.toWif() });
    assert.equal(answer.user.name, "Alice");
    assert.equal(answer.user.bap_id, home.bapID);
    assert.match(answer.user.sub, /./);
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
