// Somebody at a browser without JavaScript: follows links and redirects, keeps
// cookies, fills in forms, and says of each request what a browser says.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as send } from "node:http";
import { text } from "node:stream/consumers";
import { atEnd, PASSWORD } from "./harness.js";

const FORM = "application/x-www-form-urlencoded";

export class Person {
  #cookies = new Map();

  /**
   * Opens an address and follows where it leads; resolves to the last answer.
   * An address that starts with `until` is where a test takes over.
   */
  async open(url, { until, ...request } = {}) {
    let from;
    for (let hops = 0; hops < 20; hops += 1) {
      if (until && url.startsWith(until)) return { url };
      const answer = await this.#navigate(url, from, request);
      if (!answer.location) return answer;
      from = url;
      url = answer.location;
      request = {};
    }
    throw new Error(`redirects without end: ${url}`);
  }

  /** Decides on a page of ours, by its form. */
  async decide(page, decision, { until, scopes } = {}) {
    assert.equal(page.status, 200, page.html);
    const form = fields(page.html);
    form.set("password", PASSWORD);
    form.set("decision", decision);
    if (scopes) {
      form.delete("scope");
      for (const scope of scopes) form.append("scope", scope);
    }
    const action = /<form[^>]* action="([^"]*)"/.exec(page.html)[1];
    const url = new URL(action, page.url).href;
    return this.open(url, { method: "POST", body: form.toString(), until });
  }

  /** Opens the link of an app that wants to be let in, and lets it. */
  async allow(url, options) {
    return this.decide(await this.open(url), "allow", options);
  }

  async deny(url, options) {
    return this.decide(await this.open(url), "deny", options);
  }

  async #navigate(url, from, { method = "GET", body, headers = {} }) {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map();
    this.#cookies.set(origin, jar);
    const request = send(url, {
      method,
      headers: {
        Accept: "text/html",
        "Sec-Fetch-Site": body ? "same-origin" : from ? "cross-site" : "none",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-User": "?1",
        ...(jar.size > 0 && { Cookie: [...jar].map((pair) => pair.join("=")).join("; ") }),
        ...(body && { Origin: origin, "Content-Type": FORM }),
        ...headers,
      },
    });
    request.end(body);
    const [response] = await once(request, "response");
    for (const line of response.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === "" || /max-age=0\b/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    const html = await text(response);
    const { location } = response.headers;
    return {
      url,
      status: response.statusCode,
      headers: response.headers,
      html,
      location: location && new URL(location, url).href,
    };
  }
}

/** What a form sends if nobody touches it. */
export function fields(html) {
  const form = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input [^>]*>/g)) {
    const type = attribute(tag, "type");
    if (type === "hidden" || (type === "checkbox" && / checked/.test(tag))) {
      form.append(attribute(tag, "name"), attribute(tag, "value"));
    }
  }
  for (const [select, options] of html.matchAll(/<select [^>]*>(.*?)<\/select>/gs)) {
    const chosen = /<option value="([^"]*)" selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options);
    form.append(attribute(select, "name"), chosen[1]);
  }
  return form;
}

function attribute(tag, name) {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return value.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replace(/&amp;/g, "&");
}

/** An app's server; resolves to its origin. */
export async function app(handle) {
  const server = createServer(handle);
  server.listen(0, "localhost");
  await once(server, "listening");
  atEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${server.address().port}`;
}

/** Serves an app that speaks the web's own `Request` and `Response`. */
export const web = (handle) => async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  const body = ["GET", "HEAD"].includes(request.method) ? undefined : await text(request);
  const answer = await handle(new Request(url, { method: request.method, headers: request.headers, body }));
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    "set-cookie": answer.headers.getSetCookie(),
  });
  response.end(Buffer.from(await answer.arrayBuffer()));
};
