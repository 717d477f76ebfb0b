// Clients that are programs of their own: apps in Python and Rust, a web server's
// module, git's helper. Each runs where it is installed; `run.sh` sees to that.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { atEnd, folder, Home } from "./harness.js";
import { Person } from "./person.js";

let home;
let server;

before(async () => {
  home = await Home.registered("Alice");
  server = await home.serve();
});

/** Runs a program until the end; resolves to the first of its lines that says `ready`. */
async function running(command, args, output, ready) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const exit = once(child, "exit");
  atEnd(async () => {
    child.kill("SIGTERM");
    await exit;
  });
  const said = [];
  for (const stream of ["stdout", "stderr"]) {
    createInterface({ input: child[stream] }).on("line", (line) => said.push(line));
  }
  const line = new Promise((resolve) => {
    createInterface({ input: child[output] }).on("line", (line) => ready.test(line) && resolve(line));
  });
  const ended = exit.then(([code]) => {
    throw new Error(`${command}: exit ${code}: ${said.join("\n")}`);
  });
  return Promise.race([line, ended]);
}

/** Why the tests of a program are skipped, where any of its files is not there. */
const missing = (...files) => (files.every((file) => file && existsSync(file)) ? false : "it is not installed");

const python = fileURLToPath(new URL(".venv/bin/python", import.meta.url));
describe("Django", { skip: missing(python) }, () => {
  let origin;

  before(async () => {
    const app = fileURLToPath(new URL("python/app.py", import.meta.url));
    origin = JSON.parse(await running(python, [app, server.url], "stdout", /^{/)).origin;
  });

  test("Authlib", async () => {
    const { url, status, html } = await new Person().allow(`${origin}/authlib/login`);
    assert.equal(status, 200, `${url}: ${html}`);
    const claims = JSON.parse(html);
    assert.equal(claims.name, "Alice");
    assert.equal(claims.bap_id, home.bapID);
    assert.equal(claims.iss, server.url);
  });

  test("mozilla-django-oidc", async () => {
    const { url, html } = await new Person().allow(`${origin}/oidc/authenticate/`);
    assert.equal(url, `${origin}/`, html);
    assert.match(JSON.parse(html).email, /@tokenpass\.localhost$/);
  });

  test("mozilla-django-oidc, denied", async () => {
    const { url, html } = await new Person().deny(`${origin}/oidc/authenticate/`);
    assert.equal(url, `${origin}/`, html);
    assert.equal(JSON.parse(html).email, null);
  });
});

const apache = "/usr/sbin/apache2";
const modules = "/usr/lib/apache2/modules";
describe("Apache's mod_auth_openidc", { skip: missing(apache, `${modules}/mod_auth_openidc.so`) }, () => {
  let origin;

  before(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    const root = folder();
    const page = join(root, "page");
    await mkdir(page);
    await writeFile(join(page, "index.html"), "signed in");
    // It serves as another user, where it is started as root.
    await chmod(root, 0o755);
    const loaded = ["mpm_event", "authn_core", "authz_core", "authz_user", "dir", "headers", "auth_openidc"];
    await writeFile(join(root, "apache.conf"), `
      ServerRoot ${root}
      ServerName localhost
      PidFile apache.pid
      ErrorLog "|/bin/cat"
      Listen localhost:${port}
      ${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join("\n")}
      User www-data
      Group www-data
      DocumentRoot ${page}
      OIDCProviderMetadataURL ${server.url}/.well-known/openid-configuration
      OIDCClientID ${origin}
      OIDCProviderTokenEndpointAuth none
      OIDCPKCEMethod S256
      OIDCScope "openid profile email"
      OIDCRedirectURI ${origin}/callback
      OIDCCryptoPassphrase "what it seals its own cookies with"
      <Location />
        AuthType openid-connect
        Require valid-user
        DirectoryIndex index.html
        Header set X-Name "%{OIDC_CLAIM_name}e"
        Header set X-Bap-Id "%{OIDC_CLAIM_bap_id}e"
      </Location>
    `);
    const args = ["-D", "FOREGROUND", "-f", join(root, "apache.conf")];
    await running(apache, args, "stdout", /resuming normal operations/);
  });

  test("signs in who is allowed", async () => {
    const page = await new Person().allow(`${origin}/`);
    assert.equal(page.url, `${origin}/`, page.html);
    assert.equal(page.html, "signed in");
    assert.equal(page.headers["x-name"], "Alice");
    assert.equal(page.headers["x-bap-id"], home.bapID);
  });

  test("shows nothing to who is denied", async () => {
    const person = new Person();
    const back = new URL((await person.deny(`${origin}/`, { until: `${origin}/callback` })).url);
    assert.equal(back.searchParams.get("error"), "access_denied");
    const again = await person.open(`${origin}/`, { until: server.url });
    assert.match(again.url, /\/oauth2\/authorize/);
  });
});

/** A port for a program that cannot take the one it is given by the system. */
async function freePort() {
  const listener = createServer().listen(0, "localhost");
  await once(listener, "listening");
  const { port } = listener.address();
  listener.close();
  await once(listener, "close");
  return port;
}

const rust = process.env.OPENIDCONNECT_BIN;
describe("Rust's openidconnect", { skip: missing(rust) }, () => {
  const APP = "https://app.example";
  const CALLBACK = `${APP}/callback`;

  test("verifies who it is told", async () => {
    const child = spawn(rust, [server.url, APP, CALLBACK], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value: link } = await lines.next();
    const { url } = await new Person().allow(link, { until: CALLBACK });
    child.stdin.end(url);
    const { value: claims } = await lines.next();
    assert.equal(JSON.parse(claims).name, "Alice");
  });
});

const helper = "/usr/bin/git-credential-oauth";
describe("git-credential-oauth", { skip: missing(helper) }, () => {
  // Its verifier has letters that RFC 7636, 4.1, does not allow.
  test("is refused, and says why", async () => {
    const HOME = folder();
    const credential = (name, value) => `[credential "${server.url}"]\n${name} = ${value}\n`;
    await writeFile(join(HOME, ".gitconfig"), [
      credential("oauthClientId", "http://127.0.0.1"),
      credential("oauthAuthURL", "/oauth2/authorize"),
      credential("oauthTokenURL", "/oauth2/token"),
      credential("oauthScopes", "openid"),
    ].join(""));
    // It opens a browser: ours is the person of the test.
    await writeFile(join(HOME, "open"), "#!/bin/sh\n", { mode: 0o755 });
    const env = { HOME, PATH: `${HOME}:${process.env.PATH}` };
    const child = spawn(helper, ["get"], { env, stdio: ["pipe", "pipe", "pipe"] });
    const { protocol, host } = new URL(server.url);
    child.stdin.end(`protocol=${protocol.slice(0, -1)}\nhost=${host}\n\n`);
    const said = [];
    const link = new Promise((resolve) => {
      createInterface({ input: child.stderr }).on("line", (line) => {
        said.push(line);
        const url = /http:\S+/.exec(line)?.[0];
        if (url) resolve(url);
      });
    });
    const ended = Promise.all([text(child.stdout), once(child, "close")]);
    const page = await Promise.race([link, ended]).then((url) => new Person().allow(url));
    const [output, [code]] = await ended;
    assert.match(page.html, /return to Git/);
    assert.equal(output, "", "no credential");
    assert.notEqual(code, 0);
    assert.match(said.join("\n"), /400 Bad Request[^]*"invalid_grant"[^]*code_verifier/);
  });
});
