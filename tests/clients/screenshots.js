// Pictures of every page in every state, at two widths, in the light and in the
// dark: to be looked at.
//
//   TOKENPASS=target/debug/tokenpass node screenshots.js FOLDER

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const PASSWORD = "correct horse battery";
const VIEWS = [
  ["phone-light", 360, "light"],
  ["phone-dark", 360, "dark"],
  ["desktop-light", 1200, "light"],
  ["desktop-dark", 1200, "dark"],
];

const folder = resolve(process.argv[2] ?? "screenshots");
const tokenpass = resolve(process.env.TOKENPASS ?? "../../target/debug/tokenpass");
mkdirSync(folder, { recursive: true });

/** A server on a home of its own. */
async function serve({ wallet = true, unlocked = true } = {}) {
  const parent = mkdtempSync(join(tmpdir(), "tokenpass-pictures-"));
  const env = {
    ...process.env,
    TOKENPASS_HOME: join(parent, "home"),
    TOKENPASS_PASSWORD: PASSWORD,
    TOKENPASS_INSECURE_TEST_KDF_ITERATIONS: "1",
  };
  const run = (...args) => execFileSync(tokenpass, args, { env, stdio: "pipe" }).toString().trim();
  if (wallet) run("register", "--display-name", "Alice Example", "-q");
  const args = ["serve", "--listen", "127.0.0.1:0", "--log", "off", ...(unlocked ? ["--unlock"] : [])];
  const server = spawn(tokenpass, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  const url = await new Promise((done) => server.stdout.once("data", (line) => done(line.toString().trim())));
  return {
    url: url.replace("127.0.0.1", "localhost"),
    run,
    stop() {
      server.kill();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

const request = (changes = {}) =>
  "/oauth2/authorize?" +
  new URLSearchParams({
    client_id: "https://app.example",
    redirect_uri: "https://app.example/callback",
    response_type: "code",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    scope: "openid profile sign",
    ...changes,
  });

const NINE = "sign encrypt decrypt read_profile write_profile read_state write_state fund transfer openid profile email offline_access";
const LONG = `https://${"a-very-long-part.".repeat(9)}account-verify.example`;

const browser = await chromium.launch({
  executablePath: ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync),
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

/** One picture a view of what `prepare` leaves on the screen. */
async function picture(name, server, prepare) {
  for (const [view, width, colorScheme] of VIEWS) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    await prepare(page, server.url);
    await page.screenshot({ path: join(folder, `${name}.${view}.png`), fullPage: true });
    await context.close();
  }
}

const open = (target) => (page, url) => page.goto(url + target);

/** Answers a page that is on the screen, or that is fetched, as its form would. */
async function answer(url, html, decision) {
  const fields = [...html.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const text = (value) => value.replaceAll("&#38;", "&").replaceAll("&amp;", "&");
  const form = new URLSearchParams(fields.map(([, name, value]) => [name, text(value)]));
  form.append("decision", decision);
  form.append("password", PASSWORD);
  for (const [, scope] of html.matchAll(/name="scope" value="(\w+)"/g)) form.append("scope", scope);
  const headers = { Origin: url };
  return fetch(`${url}/oauth2/authorize`, { method: "POST", body: form, headers, redirect: "manual" });
}

const answerTo = async (url, target, decision) => answer(url, await (await fetch(url + target)).text(), decision);

async function dashboard(page, url) {
  await page.goto(url);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: /Open|Unlock/ }).click();
}

const main = await serve();
await picture("consent-one-scope", main, open(request({ scope: "sign" })));
await picture("consent-sign-in", main, open(request({ scope: "openid profile email" })));
await picture("consent-nine-scopes", main, open(request({ scope: NINE })));
await picture("consent-no-scope", main, open(request({ scope: "openid" })));
await picture("consent-look-alike", main, open(request({ client_id: "https://xn--pple-43d.com", redirect_uri: "https://xn--pple-43d.com/cb" })));
await picture("consent-long-host", main, open(request({ client_id: LONG, redirect_uri: `${LONG}/callback?${"x=1&".repeat(40)}y=2` })));
await picture("consent-loopback", main, open(request({ client_id: "http://localhost", redirect_uri: "http://localhost:49152/callback" })));
await picture("consent-wrong-password", main, async (page, url) => {
  await page.goto(url + request());
  await page.getByLabel("Password of your TokenPass").fill("not the password");
  await page.getByRole("button", { name: "Allow", exact: true }).click();
});
await picture("consent-answered", main, async (page, url) => {
  await page.goto(url + request());
  await answer(url, await page.content(), "allow");
  await page.getByLabel("Password of your TokenPass").fill(PASSWORD);
  await page.getByRole("button", { name: "Allow", exact: true }).click();
});
await picture("consent-remembered", main, open(request()));
await picture("consent-new-redirect", main, open(request({ redirect_uri: "https://app.example/elsewhere" })));
await picture("consent-new-scopes", main, open(request({ scope: "openid profile sign decrypt" })));
await picture("consent-denied-before", main, async (page, url) => {
  const target = request({ client_id: "https://pushy.example", redirect_uri: "https://pushy.example/cb" });
  await answerTo(url, target, "deny");
  await page.goto(url + target);
});
await picture("bad-client", main, open(request({ client_id: "http://app.example" })));
await picture("bad-redirect", main, open(request({ redirect_uri: "https://evil.example/callback" })));
await picture("device", main, open("/device"));
await picture("device-unknown", main, open("/device?user_code=BBBB-BBBB"));
const device = await (
  await fetch(`${main.url}/oauth2/device_authorization`, {
    method: "POST",
    body: new URLSearchParams({ client_id: "http://localhost", scope: "openid sign" }),
  })
).json();
await picture("device-confirm", main, open(`/device?user_code=${device.user_code}`));
await picture("logout", main, open("/oauth2/logout"));
await picture("dashboard-closed", main, open("/"));

for (const [host, scopes] of [["app.example", "sign"], ["notes.example", "encrypt,decrypt"], ["localhost:3000", ""]]) {
  main.run("auth", "--host", host, "--scopes", scopes, "--expire", "1d");
}
await picture("dashboard-three", main, dashboard);
for (let number = 0; number < 40; number += 1) {
  main.run("auth", "--host", `app-${number}.example`, "--scopes", number % 3 ? "sign" : "sign,decrypt,encrypt", "--expire", number % 2 ? "1d" : "forever");
}
for (const origin of ["https://page.example", "https://login.paypal.com.account-verify.evil-domain.example"]) {
  await fetch(`${main.url}/api/auth`, { method: "POST", headers: { Origin: origin, "Content-Type": "application/json" }, body: "{}" });
}
await picture("dashboard-forty", main, dashboard);
main.stop();

const empty = await serve();
await picture("dashboard-empty", empty, dashboard);
empty.stop();

const locked = await serve({ unlocked: false });
await picture("consent-locked", locked, open(request()));
await picture("dashboard-locked", locked, open("/"));
locked.stop();

const without = await serve({ wallet: false, unlocked: false });
await picture("no-wallet", without, open(request()));
await picture("create", without, open("/"));
without.stop();

await browser.close();
