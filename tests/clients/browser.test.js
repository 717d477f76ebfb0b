// A page in a real browser: what an approved one can do, and what any other,
// by whatever trick, cannot.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { atEnd, Home } from "./harness.js";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const skip = executablePath ? false : "chromium is not installed";

const REBOUND = "rebind.example";
const SCOPES = "sign,encrypt,decrypt,read_profile,write_profile,read_state,write_state";

// One request as a page makes it: status and answer; "blocked" where the
// browser does not show the page the answer.
const ASK = `async function ask(url, { method = "POST", body, token } = {}) {
  const headers = {};
  if (body) headers["Content-Type"] = "application/json";
  if (token) headers.Authorization = token;
  try {
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    return { status: response.status, ...(await response.json()) };
  } catch (error) {
    if (error instanceof TypeError) return "blocked";
    throw error;
  }
}`;

const files = {
  "/": Buffer.from(`<!doctype html><link rel="icon" href="data:,"><script>${ASK}</script>`),
};

/** Serves the pages of an app; resolves to its origin. */
async function app() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
    response.writeHead(files[pathname] ? 200 : 404, { "Content-Type": type });
    response.end(files[pathname]);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${server.address().port}`;
}

describe("in a browser", { skip }, () => {
  let home;
  let server;
  let friend;
  let stranger;
  let browser;

  before(async () => {
    const signer = import.meta.resolve("@sigma-auth/better-auth-plugin/client/local");
    files["/local-signer.js"] = await readFile(fileURLToPath(signer));
    files["/browser.html"] = await readFile(new URL("../../examples/browser.html", import.meta.url));
    [friend, stranger] = await Promise.all([app(), app()]);
    home = await Home.registered("Alice");
    await home.json("origin", "allow", friend);
    server = await home.serve();
    browser = await chromium.launch({
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Not every browser asks before a page may reach this machine.
        "--disable-features=LocalNetworkAccessChecks",
        `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
      ],
    });
  });
  after(() => browser?.close());

  /** Opens an address in a new tab, which is closed with the test. */
  async function open(t, url) {
    const page = await browser.newPage();
    t.after(() => page.close());
    await page.goto(url);
    return page;
  }

  /** What no page may change without leave. */
  async function wallet() {
    const { url } = server;
    const status = await (await fetch(`${url}/api/status`)).json();
    const profile = await (await fetch(`${url}/api/profile`)).json();
    const { tokens } = await home.json("token", "list");
    return { unlocked: status.unlocked, keys: status.keys, profile, tokens };
  }

  const granted = async (host) =>
    (await home.json("auth", "--host", host, "--scopes", SCOPES, "--expire", "1h")).accessToken;

  test("an approved page goes through the whole flow", async (t) => {
    const page = await open(t, friend);
    const flow = await page.evaluate(async ({ api, scopes }) => {
      const answers = {};
      const step = async (name, path, options) => {
        answers[name] = await ask(`${api}/${path}`, options);
        return answers[name];
      };
      await step("status", "status", { method: "GET" });
      const auth = { host: location.host, scopes, expire: "1h" };
      const { accessToken: token } = await step("auth", "auth", { body: auth });
      const { address, sig } = await step("sign", "sign", { token, body: { message: "Hello World" } });
      await step("verify", "verify", { body: { message: "Hello World", address, sig } });
      await step("request", "sign", { token: `Bearer ${token}`, body: { path: "/x", body: "{}" } });
      const { encrypted } = await step("encrypt", "encrypt", { token, body: { message: "a secret" } });
      await step("decrypt", "decrypt", { token, body: { ciphertext: encrypted } });
      await step("setState", "state", { token, body: { theme: "dark", volume: 3 } });
      await step("changeState", "state", { token, body: { volume: null } });
      await step("state", "state", { token, method: "GET" });
      await step("deleteState", "state", { token, method: "DELETE" });
      await step("noState", "state", { token, method: "GET" });
      await step("profile", "profile", { token, method: "GET" });
      return answers;
    }, { api: `${server.url}/api`, scopes: SCOPES });

    for (const [name, answer] of Object.entries(flow)) {
      assert.equal(answer.status, 200, `${name}: ${JSON.stringify(answer)}`);
    }
    const { host } = new URL(friend);
    assert.deepEqual([flow.auth.host, flow.auth.bapId], [host, home.bapID]);
    const signed = await home.run("sign", "Hello World", "--host", host);
    assert.equal(flow.sign.sig, signed.stdout.trim());
    assert.equal(flow.verify.valid, true);
    assert.equal(flow.request.token.split("|")[3], "/x");
    assert.equal(flow.decrypt.data, "a secret");
    assert.equal(flow.state.theme, "dark");
    assert.ok(!("volume" in flow.state));
    assert.ok(!("theme" in flow.noState));
    assert.equal(flow.profile.displayName, "Alice");
  });

  test("LocalServerSigner works within a page", async (t) => {
    const page = await open(t, friend);
    const result = await page.evaluate(async ({ baseUrl, bapID }) => {
      const { LocalServerSigner } = await import("/local-signer.js");
      const signer = new LocalServerSigner({ baseUrl });
      const probed = await signer.probe();
      const authenticated = await signer.authenticate(location.host);
      const token = await signer.sign("/x", "{}", "brc77");
      const ciphertext = await signer.encrypt("a secret", bapID);
      return { probed, authenticated, token, decrypted: await signer.decrypt(ciphertext, bapID) };
    }, { baseUrl: server.url, bapID: home.bapID });
    assert.deepEqual([result.probed, result.authenticated, result.decrypted], [true, true, "a secret"]);
    const { code } = await home.run("verify", "--token", result.token, "--path", "/x", "--body", "{}");
    assert.equal(code, 0);
  });

  test("an approved page has its own host only", async (t) => {
    const page = await open(t, friend);
    const auth = { host: "bank.example", scopes: "sign" };
    const request = { api: `${server.url}/api`, auth, token: await granted("bank.example") };
    const [asked, used] = await page.evaluate(async ({ api, auth, token }) => [
      await ask(`${api}/auth`, { body: auth }),
      await ask(`${api}/sign`, { token, body: { message: "x" } }),
    ], request);
    assert.deepEqual([asked.status, asked.code], [403, 7]);
    assert.deepEqual([used.status, used.code], [403, 7]);
  });

  test("a page that is not approved sees status, and nothing else", async (t) => {
    const page = await open(t, stranger);
    const token = await granted(new URL(stranger).host);
    const before = await wallet();
    assert.equal(await home.standing(stranger), undefined);
    const seen = await page.evaluate(async ({ api, token }) => {
      const body = { host: location.host, scopes: "sign", password: "correct horse battery staple" };
      const refused = [
        ["auth", { body }],
        ["login", { body }],
        ["logout", {}],
        ["register", { body }],
        ["import", { body }],
        ["export", { body }],
        ["sign", { token, body: { message: "x" } }],
        ["sign-aip", { token, body: { data: ["00"] } }],
        ["verify", { body: { message: "x", address: "x", sig: "x" } }],
        ["encrypt", { token, body: { message: "x" } }],
        ["decrypt", { token, body: { ciphertext: "00" } }],
        ["friend-pubkey", { token, body: { friendBapId: "x" } }],
        ["profile", { method: "GET" }],
        ["profile", { body: { displayName: "Mallory" } }],
        ["profile?mode=clear", { body }],
        ["state", { method: "GET", token }],
        ["state", { token, body }],
        ["state", { token, method: "DELETE" }],
        ["identity", { method: "GET" }],
        ["identity", { body: { name: "Mallory" } }],
        ["session-key", { method: "GET" }],
      ];
      const answers = {};
      for (const [path, options] of refused) {
        const answer = await ask(`${api}/${path}`, options);
        answers[`${options.method ?? "POST"} ${path}`] = answer === "blocked" ? answer : answer.status;
      }
      const status = await ask(`${api}/status`, { method: "GET" });
      const health = await ask(`${api}/health`, { method: "GET" });
      return { answers, status, health };
    }, { api: `${server.url}/api`, token });

    const { seed, unlocked, keys, states } = seen.status;
    assert.deepEqual({ seed, unlocked, keys, states }, { seed: true, unlocked: true, keys: [], states: [] });
    assert.equal(seen.health.ok, true);
    for (const [request, answer] of Object.entries(seen.answers)) {
      assert.ok(answer === "blocked" || answer === 403, `${request}: ${answer}`);
    }
    assert.deepEqual(await wallet(), before);
    assert.equal(await home.standing(stranger), "pending");
  });

  test("a name that was rebound to this machine gets nothing", async (t) => {
    const before = await wallet();
    const page = await browser.newPage();
    t.after(() => page.close());
    const origin = `http://${REBOUND}:${server.port}`;
    // The attacker's page, as it was loaded before the name moved here.
    await page.route(`${origin}/lure`, (route) =>
      route.fulfill({ contentType: "text/html", body: files["/"].toString() }),
    );
    await page.goto(`${origin}/lure`);
    const answers = await page.evaluate(async () => [
      await ask("/api/status", { method: "GET" }),
      await ask("/api/health", { method: "GET" }),
      await ask("/api/profile", { method: "GET" }),
      await ask("/api/auth", { body: { host: location.host, password: "correct horse battery staple" } }),
      await ask("/api/logout", { body: {} }),
      await ask("/sign", { body: { message: "x" } }),
    ]);
    for (const answer of answers) {
      assert.deepEqual([answer.status, answer.code], [421, 0]);
    }
    const response = await page.goto(`${origin}/api/status`);
    assert.equal(response.status(), 421);
    assert.equal((await page.goto(`${origin}/`)).status(), 421);
    assert.deepEqual(await wallet(), before);
    assert.equal(await home.standing(origin), undefined);
  });

  test("a service worker that was left on our port gets nothing", async (t) => {
    // A program that had the port before: its worker answers for its pages.
    const left = createServer((request, response) => {
      const script = request.url === "/worker.js";
      response.setHeader("Content-Type", script ? "text/javascript" : "text/html");
      response.end(script ? `
        addEventListener("install", () => skipWaiting());
        addEventListener("activate", (event) => event.waitUntil(clients.claim()));
        addEventListener("fetch", (event) => {
          if (event.request.mode !== "navigate") return;
          const headers = { "Content-Type": "text/html" };
          event.respondWith(new Response("<title>left behind</title>", { headers }));
        });` : "<title>a program</title>");
    });
    left.listen(0, "127.0.0.1");
    await once(left, "listening");
    const { port } = left.address();
    const origin = `http://localhost:${port}`;
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(origin);
    await page.evaluate(async () => {
      await navigator.serviceWorker.register("/worker.js");
      await navigator.serviceWorker.ready;
    });
    left.closeAllConnections();
    await new Promise((resolve) => left.close(resolve));

    const home = await Home.registered("Alice");
    // Not even where somebody was talked into approving it.
    await home.json("origin", "allow", origin);
    await home.serve({ port });
    const token = (await home.json("auth", "--host", "bank.example", "--scopes", SCOPES)).accessToken;
    await page.goto(origin);
    assert.equal(await page.title(), "left behind");
    const seen = await page.evaluate(async ({ source, token }) => {
      const ask = new Function(`${source}; return ask`)();
      return {
        auth: await ask("/api/auth", { body: { host: "bank.example", scopes: "sign", expire: "forever" } }),
        sign: await ask("/api/sign", { token, body: { message: "x" } }),
        logout: await ask("/api/logout", { body: {} }),
        profile: await ask("/api/profile", { method: "GET" }),
        identity: await ask("/api/identity", { method: "GET", token }),
        status: await ask("/api/status", { method: "GET" }),
      };
    }, { source: ASK, token });
    for (const name of ["auth", "sign", "logout", "profile", "identity"]) {
      assert.deepEqual([seen[name].status, seen[name].code], [403, 7], name);
    }
    const { status, unlocked, keys, states, bapID } = seen.status;
    assert.deepEqual([status, unlocked, keys, states, bapID], [200, true, [], [], undefined]);
    // Its browser has looked for a newer version meanwhile, or does so now: one
    // that removes itself. The next visit is to us.
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration?.update();
    });
    await page.waitForFunction(async () => !(await navigator.serviceWorker.getRegistration()));
    await page.goto(origin);
    assert.match(await page.title(), /TokenPass/);
  });

  test("no page frames ours", async (t) => {
    for (const origin of [stranger, friend]) {
      const page = await open(t, origin);
      const refused = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
      await page.evaluate((src) => {
        document.body.append(Object.assign(document.createElement("iframe"), { src }));
      }, `${server.url}/`);
      await refused;
      const [, frame] = page.frames();
      assert.equal(await frame.getByText("TokenPass").count(), 0);
    }
    // By itself it opens.
    const page = await open(t, `${server.url}/`);
    assert.match(await page.title(), /TokenPass/);
  });

  test("requests that a page can send unasked change nothing", async (t) => {
    const before = await wallet();
    const page = await open(t, stranger);
    const api = `${server.url}/api`;
    const bodies = {
      "profile?mode=clear": {},
      profile: { displayName: "Mallory" },
      auth: { host: "bank.example", scopes: "sign", password: "correct horse battery staple" },
      identity: { name: "Mallory" },
      logout: {},
      "/logout": {},
    };
    for (const [path, body] of Object.entries(bodies)) {
      const url = path.startsWith("/") ? `${server.url}${path}` : `${api}/${path}`;
      const send = {
        "no-cors": () => page.evaluate(({ url, body }) => {
          fetch(url, { method: "POST", mode: "no-cors", body: JSON.stringify(body) });
        }, { url, body }),
        beacon: () => page.evaluate(({ url, body }) => {
          navigator.sendBeacon(url, JSON.stringify(body));
        }, { url, body }),
        form: () => page.evaluate(({ url, body }) => {
          // A form can spell JSON: the name is all of it up to `=`.
          const text = JSON.stringify({ ...body, rest: "" });
          document.body.innerHTML = `<iframe name=sink></iframe>
            <form method=post enctype=text/plain target=sink><input></form>`;
          const form = document.forms[0];
          form.action = url;
          form.elements[0].name = text.slice(0, -2);
          form.elements[0].value = '"}';
          form.submit();
        }, { url, body }),
      };
      for (const [how, act] of Object.entries(send)) {
        // The page does not see the answer; the server says what it was.
        const answered = server.log.next("POST", new URL(url).pathname);
        await act();
        assert.equal(await answered, 403, `${how} ${path}`);
      }
    }
    assert.deepEqual(await wallet(), before);
  });

  test("pictures and links learn nothing, and change nothing", async (t) => {
    const before = await wallet();
    const page = await open(t, stranger);
    for (const path of ["/api/status", "/api/logout", "/api/profile?mode=clear"]) {
      const url = new URL(path, server.url);
      const answered = server.log.next("GET", url.pathname);
      await page.evaluate((src) => { new Image().src = src; }, url.href);
      assert.equal(await answered, 403, path);
    }
    assert.deepEqual(await wallet(), before);
  });

  describe("examples/browser.html", () => {
    const example = (origin, url = server.url) => `${origin}/browser.html?tokenpass=${encodeURIComponent(url)}`;

    test("signs, once it is let in", async (t) => {
      const page = await open(t, example(friend));
      await page.getByLabel("Message").fill("signed in a browser ☃");
      await page.getByRole("button", { name: "Sign" }).click();
      await page.getByRole("status").getByText("Signed.").waitFor();
      const address = await page.locator("#address").textContent();
      const signature = await page.locator("#signature").textContent();
      const verify = ["verify", "signed in a browser ☃", "--address", address, "--signature", signature];
      assert.equal((await home.run(...verify)).code, 0);
    });

    test("says how to let it in, where it is not", async (t) => {
      const page = await open(t, example(stranger));
      await page.getByRole("button", { name: "Sign" }).click();
      await page.getByRole("status").getByText(`tokenpass origin allow ${stranger}`).waitFor();
    });

    test("says what to start, where nothing runs", async (t) => {
      const page = await open(t, example(friend, "http://localhost:1"));
      await page.getByRole("button", { name: "Sign" }).click();
      await page.getByRole("status").getByText("tokenpass serve").waitFor();
    });
  });
});
