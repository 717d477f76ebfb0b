// The protocol's own libraries: code flow, refresh, revocation, device flow.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test, { before } from "node:test";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { custom, generators, Issuer } from "openid-client-5";
import { Home, post } from "./harness.js";
import { Person } from "./person.js";

const APP = "https://app.example";
const CALLBACK = `${APP}/callback`;
const SCOPE = "openid profile email offline_access sign";

let home;
let server;
let person;

before(async () => {
  home = await Home.registered("Alice");
  server = await home.serve();
  person = new Person();
});

/** What every app learns of Alice. */
function isAlice(claims) {
  assert.equal(claims.name, "Alice");
  assert.equal(claims.bap_id, home.bapID);
  assert.equal(claims.bap.idKey, home.bapID);
  assert.equal(claims.bap.identity.alternateName, "Alice");
  assert.equal(claims.email, `${claims.sub}@tokenpass.localhost`);
}

/** Whether an access token signs, as the tokens of `/api/auth` do. */
async function signs(token) {
  const { status, sig } = await post(`${server.url}/api/sign`, { message: "Hello World" }, token);
  return status === 200 && Boolean(sig);
}

test("the lines of the README", async () => {
  const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
  const [, lines] = /```js\nimport \* as oidc from "openid-client";\n([^]*?)```/.exec(readme);
  // Where the comment stands, a person acts.
  const [before, after] = lines.replaceAll("http://localhost:21000", server.url).split(/^\/\/.*$/m);
  const body = `${before} const url = await visit(link, redirect_uri); ${after} return tokens;`;
  const AsyncFunction = (async () => {}).constructor;
  const visit = async (link, until) => new URL((await person.allow(link.href, { until })).url);
  const tokens = await new AsyncFunction("oidc", "visit", body)(openid, visit);
  assert.equal(tokens.claims().name, "Alice");
  assert.equal(await signs(tokens.access_token), true);
});

test("oauth4webapi", async (t) => {
  const options = { [oauth.allowInsecureRequests]: true };
  const issuer = new URL(server.url);
  const client = { client_id: APP };
  const none = oauth.None();

  for (const algorithm of ["oidc", "oauth2"]) {
    const found = await oauth.discoveryRequest(issuer, { ...options, algorithm });
    const as = await oauth.processDiscoveryResponse(issuer, found);
    assert.equal(as.issuer, server.url);
  }
  const found = await oauth.discoveryRequest(issuer, options);
  const as = await oauth.processDiscoveryResponse(issuer, found);

  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const link = new URL(as.authorization_endpoint);
  link.search = new URLSearchParams({
    client_id: APP,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: SCOPE,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });

  const redeem = async () => {
    const { url } = await person.allow(link.href, { until: CALLBACK });
    const parameters = oauth.validateAuthResponse(as, client, new URL(url), state);
    const request = [as, client, none, parameters, CALLBACK, verifier, options];
    return { request, response: await oauth.authorizationCodeGrantRequest(...request) };
  };
  let tokens;
  let claims;

  await t.test("code flow with an ID token", async () => {
    const { response } = await redeem();
    tokens = await oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: nonce,
      maxAge: 60,
      requireIdToken: true,
    });
    // Fetches the keys, and checks ES256.
    await oauth.validateApplicationLevelSignature(as, response, options);
    claims = oauth.getValidatedIdTokenClaims(tokens);
    isAlice(claims);
    assert.deepEqual(new Set(tokens.scope.split(" ")), new Set(SCOPE.split(" ")));
    assert.equal(await signs(tokens.access_token), true);
  });

  await t.test("userinfo", async () => {
    const response = await oauth.userInfoRequest(as, client, tokens.access_token, options);
    isAlice(await oauth.processUserInfoResponse(as, client, claims.sub, response));
  });

  await t.test("refresh, and reuse of what was used up", async () => {
    const refresh = (token) => oauth.refreshTokenGrantRequest(as, client, none, token, options);
    const fresh = await oauth.processRefreshTokenResponse(as, client, await refresh(tokens.refresh_token));
    assert.notEqual(fresh.refresh_token, tokens.refresh_token);
    assert.equal(oauth.getValidatedIdTokenClaims(fresh).sub, claims.sub);
    const again = oauth.processRefreshTokenResponse(as, client, await refresh(tokens.refresh_token));
    await assert.rejects(again, { name: "ResponseBodyError", error: "invalid_grant" });
    assert.equal(await signs(fresh.access_token), false, "reuse ends the family");
  });

  await t.test("revocation stops the token at once", async () => {
    const { response } = await redeem();
    const { access_token } = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce });
    assert.equal(await signs(access_token), true);
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, none, access_token, options));
    assert.equal(await signs(access_token), false);
  });

  await t.test("a code works once", async () => {
    const { request } = await redeem();
    const response = await oauth.authorizationCodeGrantRequest(...request);
    const again = oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce });
    await assert.rejects(again, { name: "ResponseBodyError", error: "invalid_grant" });
  });

  await t.test("Deny reaches the app", async () => {
    const { url } = await person.deny(link.href, { until: CALLBACK });
    assert.throws(
      () => oauth.validateAuthResponse(as, client, new URL(url), state),
      { name: "AuthorizationResponseError", error: "access_denied" },
    );
  });

  await t.test("device flow", async () => {
    const asked = await oauth.deviceAuthorizationRequest(as, client, none, { scope: "openid sign" }, options);
    const device = await oauth.processDeviceAuthorizationResponse(as, client, asked);
    const poll = () => oauth.deviceCodeGrantRequest(as, client, none, device.device_code, options);
    const early = oauth.processDeviceCodeResponse(as, client, await poll());
    await assert.rejects(early, { name: "ResponseBodyError", error: "authorization_pending" });

    const asked2 = await oauth.deviceAuthorizationRequest(as, client, none, { scope: "openid sign" }, options);
    const other = await oauth.processDeviceAuthorizationResponse(as, client, asked2);
    const page = await person.allow(other.verification_uri_complete);
    assert.equal(page.status, 200, page.html);
    const response = await oauth.deviceCodeGrantRequest(as, client, none, other.device_code, options);
    const got = await oauth.processDeviceCodeResponse(as, client, response);
    assert.equal(oauth.getValidatedIdTokenClaims(got).sub, claims.sub);
    assert.equal(await signs(got.access_token), true);
  });
});

test("openid-client 6", async (t) => {
  const execute = [openid.allowInsecureRequests];
  const config = await openid.discovery(new URL(server.url), APP, undefined, openid.None(), { execute });
  openid.enableNonRepudiationChecks(config);
  const verifier = openid.randomPKCECodeVerifier();
  const [state, nonce] = [openid.randomState(), openid.randomNonce()];
  const link = openid.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: SCOPE,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  let subject;
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };

  await t.test("code flow, userinfo, refresh, revocation", async () => {
    const { url } = await person.allow(link.href, { until: CALLBACK });
    const tokens = await openid.authorizationCodeGrant(config, new URL(url), checks);
    const { sub } = tokens.claims();
    isAlice(tokens.claims());
    isAlice(await openid.fetchUserInfo(config, tokens.access_token, sub));
    const fresh = await openid.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(fresh.claims().sub, sub);
    assert.equal(await signs(fresh.access_token), true);
    await openid.tokenRevocation(config, fresh.access_token);
    assert.equal(await signs(fresh.access_token), false);
  });

  await t.test("Deny reaches the app", async () => {
    const { url } = await person.deny(link.href, { until: CALLBACK });
    const answer = openid.authorizationCodeGrant(config, new URL(url), checks);
    await assert.rejects(answer, { error: "access_denied" });
  });

  await t.test("device flow", async () => {
    const device = await openid.initiateDeviceAuthorization(config, { scope: "openid sign" });
    await person.allow(device.verification_uri_complete);
    // Allowed already: it need not wait for the interval before it asks.
    const tokens = await openid.pollDeviceAuthorizationGrant(config, { ...device, interval: 0 });
    subject = tokens.claims().sub;
    assert.equal(await signs(tokens.access_token), true);
  });

  await t.test("another app meets another subject", async () => {
    const other = await openid.discovery(new URL(server.url), "https://other.example", undefined, openid.None(), { execute });
    const back = "https://other.example/cb";
    const asked = openid.buildAuthorizationUrl(other, {
      redirect_uri: back,
      scope: "openid",
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    const { url } = await person.allow(asked.href, { until: back });
    const { sub } = (await openid.authorizationCodeGrant(other, new URL(url), checks)).claims();
    assert.notEqual(sub, subject);
  });
});

test("openid-client 5", async (t) => {
  custom.setHttpOptionsDefaults({ timeout: 20_000 });
  const issuer = await Issuer.discover(server.url);
  const client = new issuer.Client({
    client_id: APP,
    redirect_uris: [CALLBACK],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    id_token_signed_response_alg: "ES256",
  });
  const verifier = generators.codeVerifier();
  const [state, nonce] = [generators.state(), generators.nonce()];
  const link = client.authorizationUrl({
    scope: SCOPE,
    code_challenge: generators.codeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });

  await t.test("code flow, userinfo, refresh, revocation", async () => {
    const { url } = await person.allow(link, { until: CALLBACK });
    const checks = { state, nonce, code_verifier: verifier };
    const tokens = await client.callback(CALLBACK, client.callbackParams(url), checks);
    isAlice(tokens.claims());
    isAlice(await client.userinfo(tokens));
    const fresh = await client.refresh(tokens);
    assert.equal(await signs(fresh.access_token), true);
    await client.revoke(fresh.access_token);
    assert.equal(await signs(fresh.access_token), false);
  });

  await t.test("device flow", async () => {
    const handle = await client.deviceAuthorization({ scope: "openid sign" });
    await person.allow(handle.verification_uri_complete);
    const tokens = await handle.poll();
    assert.equal(await signs(tokens.access_token), true);
  });
});
