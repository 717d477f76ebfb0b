// Our pages in a browser: as assistive technology meets them, by keyboard, and
// without JavaScript.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { Home, PASSWORD } from "./harness.js";
import { app } from "./person.js";

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const skip = executablePath ? false : "chromium is not installed";
const PASSWORD_LABEL = "Password of your TokenPass";

describe("pages", { skip }, () => {
  let axe;
  let browser;
  let friend;
  let server;
  let locked;

  before(async () => {
    axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
    friend = await app((_, response) => response.end("back at the app"));
    const home = await Home.registered("Alice");
    await home.json("auth", "--host", "notes.example", "--scopes", "sign", "--expire", "1h");
    server = await home.serve();
    locked = await (await Home.registered("Bob")).serve({ args: [] });
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    });
  });
  after(() => browser?.close());

  const request = (changes) =>
    `/oauth2/authorize?${new URLSearchParams({
      client_id: friend,
      redirect_uri: `${friend}/callback`,
      response_type: "code",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
      state: "the state",
      scope: "openid profile sign decrypt",
      ...changes,
    })}`;

  async function open(t, url, options) {
    const context = await browser.newContext(options);
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  async function openDashboard(page) {
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: /Open|Unlock/ }).click();
    await page.getByText("notes.example").first().waitFor();
  }

  const views = {
    consent: (t, view) => open(t, server.url + request(), view),
    "consent for another app": (t, view) =>
      open(t, server.url + request({ client_id: "https://app.example", redirect_uri: "https://app.example/cb" }), view),
    "consent after a wrong password": async (t, view) => {
      const page = await open(t, server.url + request(), view);
      await page.getByLabel(PASSWORD_LABEL).fill("not the password");
      await page.getByRole("button", { name: "Allow", exact: true }).click();
      await page.getByRole("alert").first().waitFor();
      return page;
    },
    "consent while locked": (t, view) => open(t, locked.url + request(), view),
    device: (t, view) => open(t, `${server.url}/device`, view),
    confirm: async (t, view) => {
      const asked = await fetch(`${server.url}/oauth2/device_authorization`, {
        method: "POST",
        body: new URLSearchParams({ client_id: "http://localhost", scope: "openid sign" }),
      });
      const { verification_uri_complete } = await asked.json();
      return open(t, verification_uri_complete, view);
    },
    message: (t, view) => open(t, server.url + request({ client_id: "http://app.example" }), view),
    "dashboard, closed": (t, view) => open(t, server.url, view),
    "dashboard, open": async (t, view) => {
      const page = await open(t, server.url, view);
      await openDashboard(page);
      return page;
    },
    unlock: (t, view) => open(t, locked.url, view),
  };
  for (const [name, show] of Object.entries(views)) {
    for (const colorScheme of ["light", "dark"]) {
      test(`nothing for axe to complain of: ${name}, ${colorScheme}`, async (t) => {
        const page = await show(t, { colorScheme, viewport: { width: 320, height: 640 } });
        await page.evaluate(axe);
        const { violations, passes } = await page.evaluate("axe.run()");
        const told = violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
        assert.deepEqual(told, []);
        assert.ok(passes.length > 0);
      });
    }
  }

  for (const name of ["consent", "consent while locked", "confirm", "dashboard, closed", "unlock"]) {
    test(`a password manager knows what to fill in, and where: ${name}`, async (t) => {
      const page = await views[name](t, {});
      const passwords = page.locator("input[type=password]");
      assert.equal(await passwords.count(), 1);
      assert.equal(await passwords.getAttribute("autocomplete"), "current-password");
      assert.equal(await passwords.getAttribute("name"), "password");
      // What it holds may be pasted in.
      await passwords.focus();
      const pasted = await passwords.evaluate((field) =>
        field.dispatchEvent(new ClipboardEvent("paste", { cancelable: true, bubbles: true })));
      assert.equal(pasted, true);
    });
  }

  /** The browser is back at the app, with a code. */
  async function isLetIn(page, app = friend) {
    await page.waitForURL(`${app}/callback?**`);
    const { searchParams } = new URL(page.url());
    assert.match(searchParams.get("code"), /./);
    assert.equal(searchParams.get("state"), "the state");
    assert.equal(searchParams.get("iss"), server.url);
  }

  test("a consent by keyboard", async (t) => {
    const page = await open(t, server.url + request());
    const password = page.getByLabel(PASSWORD_LABEL);
    const isFocused = (element) => element === document.activeElement;
    for (let presses = 0; !(await password.evaluate(isFocused)); presses += 1) {
      assert.ok(presses < 40, "Tab never comes to the password");
      await page.keyboard.press("Tab");
    }
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await isLetIn(page);
  });

  test("a consent by mouse, and the way back asks anew", async (t) => {
    const page = await open(t, friend);
    await page.goto(server.url + request());
    const ticket = () => page.locator("input[name=ticket]").inputValue();
    const first = await ticket();
    await page.getByLabel(PASSWORD_LABEL).fill(PASSWORD);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await isLetIn(page);
    // The page is not kept: what comes back is another one, without the password.
    await page.goBack();
    assert.notEqual(await ticket(), first);
    assert.equal(await page.getByLabel(PASSWORD_LABEL).inputValue(), "");
  });

  test("two tabs are two requests", async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const tabs = await Promise.all([context.newPage(), context.newPage()]);
    for (const tab of tabs) await tab.goto(server.url + request());
    for (const tab of tabs) {
      await tab.getByLabel(PASSWORD_LABEL).fill(PASSWORD);
      await tab.getByRole("button", { name: "Allow", exact: true }).click();
      await isLetIn(tab);
    }
    const [first, second] = tabs.map((tab) => new URL(tab.url()).searchParams.get("code"));
    assert.notEqual(first, second);
  });

  test("a popup is let in, and its opener is still there", async (t) => {
    const page = await open(t, friend);
    const opened = page.waitForEvent("popup");
    await page.evaluate((url) => { globalThis.popup = open(url, "sign-in", "popup"); }, server.url + request());
    const popup = await opened;
    await popup.getByLabel(PASSWORD_LABEL).fill(PASSWORD);
    await popup.getByRole("button", { name: "Allow", exact: true }).click();
    await isLetIn(popup);
    assert.equal(await popup.evaluate(() => opener !== null), true);
    assert.equal(await page.evaluate(() => new URL(globalThis.popup.location.href).searchParams.has("code")), true);
  });

  test("the app learns no address of ours from the browser", async (t) => {
    const page = await open(t, server.url + request());
    const sent = page.waitForRequest((sent) => sent.url().startsWith(`${friend}/callback?`));
    await page.getByLabel(PASSWORD_LABEL).fill(PASSWORD);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    assert.equal((await (await sent).allHeaders()).referer, undefined);
    await isLetIn(page);
    assert.equal(await page.evaluate(() => document.referrer), "");
  });

  test("a form of ours goes to nobody but us", async (t) => {
    const page = await open(t, server.url + request());
    const broken = await page.evaluate(() => new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
      document.forms[0].action = "https://elsewhere.example/";
      document.forms[0].submit();
    }));
    assert.equal(broken, "form-action");
    assert.equal(new URL(page.url()).origin, server.url);
  });

  test("an app on [::1] is let in", async (t) => {
    const listener = createServer((_, response) => response.end("back at the app")).listen(0, "::1");
    t.after(() => {
      listener.closeAllConnections();
      listener.close();
    });
    try {
      await once(listener, "listening");
    } catch {
      return t.skip("this machine has no IPv6");
    }
    const app = `http://[::1]:${listener.address().port}`;
    const page = await open(t, server.url + request({ client_id: app, redirect_uri: `${app}/callback` }));
    await page.getByLabel(PASSWORD_LABEL).fill(PASSWORD);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await isLetIn(page, app);
  });

  test("a consent without JavaScript", async (t) => {
    const page = await open(t, server.url + request(), { javaScriptEnabled: false });
    await page.getByLabel(PASSWORD_LABEL).fill(PASSWORD);
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await isLetIn(page);
  });
});
