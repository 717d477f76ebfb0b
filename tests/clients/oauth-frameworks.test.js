// The libraries that web frameworks sign people in with, each as an app of its
// own, from the link to the session.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { Auth, skipCSRFCheck } from "@auth/core";
import { betterAuth } from "better-auth";
import { genericOAuth } from "better-auth/plugins";
import { Home } from "./harness.js";
import { app, Person, web } from "./person.js";

const SECRET = "a secret that the app seals its own cookies with";

let home;
let server;

before(async () => {
  home = await Home.registered("Alice");
  server = await home.serve();
});

/** An app whose handler is made once its origin is known. */
async function appWith(make) {
  let handle;
  const origin = await app(web((request) => handle(request)));
  handle = make(origin);
  return origin;
}

test("@auth/core", async () => {
  const origin = await appWith((own) => (request) =>
    Auth(request, {
      basePath: "/auth",
      secret: SECRET,
      trustHost: true,
      skipCSRFCheck,
      providers: [{
        id: "tokenpass",
        name: "TokenPass",
        type: "oidc",
        issuer: server.url,
        clientId: own,
        client: { token_endpoint_auth_method: "none" },
        checks: ["pkce", "state", "nonce"],
      }],
      callbacks: {
        jwt: ({ token, profile }) => (profile ? { ...token, bapId: profile.bap_id } : token),
        session: ({ session, token }) => ({ ...session, bapId: token.bapId }),
      },
    }));
  const person = new Person();
  const page = await person.open(`${origin}/auth/signin/tokenpass`, {
    method: "POST",
    body: `callbackUrl=${encodeURIComponent(`${origin}/auth/session`)}`,
  });
  const { url, html } = await person.decide(page, "allow");
  assert.equal(url, `${origin}/auth/session`, html);
  const session = JSON.parse(html);
  assert.equal(session.user.name, "Alice");
  assert.match(session.user.email, /@tokenpass\.localhost$/);
  assert.equal(session.bapId, home.bapID);
});

test("better-auth's generic OAuth", async () => {
  const origin = await appWith((own) =>
    betterAuth({
      baseURL: own,
      secret: SECRET,
      plugins: [genericOAuth({
        config: [{
          providerId: "tokenpass",
          clientId: own,
          discoveryUrl: `${server.url}/.well-known/openid-configuration`,
          scopes: ["openid", "profile", "email"],
          pkce: true,
          tokenEndpointAuth: { method: "none" },
        }],
      })],
    }).handler);
  const person = new Person();
  const session = `${origin}/api/auth/get-session`;
  const page = await person.open(`${origin}/api/auth/sign-in/social`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ provider: "tokenpass", callbackURL: session }),
  });
  const { url, html } = await person.decide(page, "allow");
  assert.equal(url, session, html);
  const { user } = JSON.parse(html);
  assert.equal(user.name, "Alice");
  assert.match(user.email, /@tokenpass\.localhost$/);
  assert.equal(user.emailVerified, false);
});
