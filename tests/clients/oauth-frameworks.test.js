// The libraries that web frameworks sign people in with, each as an app of its
// own, from the link to the session.

import assert from "node:assert/strict";
import test, { before } from "node:test";
import { Auth, skipCSRFCheck } from "@auth/core";
import { betterAuth } from "better-auth";
import { genericOAuth } from "better-auth/plugins";
import nextAuth from "next-auth";
import passport from "passport";
import OpenIDConnectStrategy from "passport-openidconnect";
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

/** Serves a handler as Next.js's API routes call it, under `/api/auth/`. */
const apiRoute = (handle) => async (request, response) => {
  const url = new URL(request.url, "http://localhost");
  const cookies = (request.headers.cookie ?? "").split("; ").filter(Boolean);
  let body = "";
  for await (const chunk of request) body += chunk;
  Object.assign(request, {
    body: Object.fromEntries(new URLSearchParams(body)),
    cookies: Object.fromEntries(cookies.map((pair) => {
      const [name, value] = pair.split(/=(.*)/s);
      return [name, decodeURIComponent(value)];
    })),
    query: {
      ...Object.fromEntries(url.searchParams),
      nextauth: url.pathname.replace("/api/auth/", "").split("/"),
    },
  });
  Object.assign(response, {
    status: (status) => Object.assign(response, { statusCode: status }),
    json: (value) => response.end(JSON.stringify(value)),
    send: (value) => response.end(typeof value === "string" ? value : JSON.stringify(value)),
  });
  await handle(request, response);
};

test("next-auth 4", async (t) => {
  let handle;
  const origin = await app(apiRoute((request, response) => handle(request, response)));
  // Where it looks for its own address.
  process.env.NEXTAUTH_URL = origin;
  t.after(() => delete process.env.NEXTAUTH_URL);
  handle = nextAuth.default({
    secret: SECRET,
    providers: [{
      id: "tokenpass",
      name: "TokenPass",
      type: "oauth",
      wellKnown: `${server.url}/.well-known/openid-configuration`,
      idToken: true,
      checks: ["pkce", "state", "nonce"],
      clientId: origin,
      client: { token_endpoint_auth_method: "none", id_token_signed_response_alg: "ES256" },
      authorization: { params: { scope: "openid profile email" } },
      profile: ({ sub, name, email }) => ({ id: sub, name, email }),
    }],
    callbacks: {
      jwt: ({ token, profile }) => (profile ? { ...token, bapId: profile.bap_id } : token),
      session: ({ session, token }) => ({ ...session, bapId: token.bapId }),
    },
  });
  const person = new Person();
  const { csrfToken } = JSON.parse((await person.open(`${origin}/api/auth/csrf`)).html);
  const session = `${origin}/api/auth/session`;
  const page = await person.open(`${origin}/api/auth/signin/tokenpass`, {
    method: "POST",
    body: new URLSearchParams({ csrfToken, callbackUrl: session }).toString(),
  });
  const { url, html } = await person.decide(page, "allow");
  assert.equal(url, session, html);
  const { user, bapId } = JSON.parse(html);
  assert.equal(user.name, "Alice");
  assert.match(user.email, /@tokenpass\.localhost$/);
  assert.equal(bapId, home.bapID);
});

// It has no PKCE, and does not look at the ID token's signature, so that it does
// not mind ES256: it takes the token from the provider itself.
test("passport-openidconnect, as an owner's client with a secret", async () => {
  let authenticate;
  const session = {};
  const origin = await app((request, response) => {
    const query = Object.fromEntries(new URL(request.url, "http://localhost").searchParams);
    authenticate(Object.assign(request, { query, session }), response, (error) => {
      response.end(JSON.stringify(error ? { error: error.message } : request.user));
    });
  });
  const callback = `${origin}/callback`;
  const added = await home.json("client", "add", "passport", "--redirect-uri", callback, "--secret", "--no-pkce");
  const signIn = async (clientSecret) => {
    const options = {
      issuer: server.url,
      authorizationURL: `${server.url}/oauth2/authorize`,
      tokenURL: `${server.url}/oauth2/token`,
      userInfoURL: `${server.url}/oauth2/userinfo`,
      clientID: "passport",
      clientSecret,
      callbackURL: callback,
      scope: ["profile", "email"],
      nonce: true,
      skipUserProfile: false,
    };
    const signedIn = (issuer, profile, done) => done(null, { issuer, profile });
    authenticate = passport.authenticate(new OpenIDConnectStrategy(options, signedIn), { session: false });
    return JSON.parse((await new Person().allow(origin)).html);
  };
  const { issuer, profile } = await signIn(added.clientSecret);
  assert.equal(issuer, server.url);
  assert.equal(profile.displayName, "Alice");
  assert.match(profile.emails[0].value, /@tokenpass\.localhost$/);
  assert.match((await signIn("not the secret")).error, /./);
});
