// The real program, in a fresh home, for as long as a test file runs.
//
// Nothing here waits for a time to pass: a server is ready when it has said
// its address, a command is done when it has ended.

import { AsyncLocalStorage } from "node:async_hooks";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { after } from "node:test";

export const PASSWORD = "correct horse battery staple";

const here = fileURLToPath(new URL(".", import.meta.url));
const binary = resolve(here, process.env.TOKENPASS_BIN ?? "../../target/debug/tokenpass");
if (!existsSync(binary)) throw new Error(`${binary} is not there: run cargo build, or set TOKENPASS_BIN`);

const endings = [];
after(async () => {
  for (const end of endings.reverse()) await end();
});

/** Has `end` called after the last test of the file; the latest comes first. */
export const atEnd = (end) => endings.push(end);

/** A temporary folder, removed at the end. */
export function folder() {
  const made = mkdtempSync(join(tmpdir(), "tokenpass-"));
  atEnd(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A wallet's home, and the commands that are run on it. */
export class Home {
  constructor() {
    this.folder = folder();
    this.env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      TOKENPASS_HOME: join(this.folder, "home"),
      TOKENPASS_PASSWORD: PASSWORD,
      NO_COLOR: "1",
    };
  }

  /** A home with a wallet in it, and its BAP ID. */
  static async registered(name) {
    const home = new Home();
    const { bapID } = await home.json("register", "--display-name", name);
    return Object.assign(home, { bapID });
  }

  /** Runs a command: what it wrote, and how it ended. */
  async run(...args) {
    const child = spawn(binary, args, { env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { code, stdout, stderr };
  }

  /** What a command answers with `--json`; it must succeed. */
  async json(...args) {
    const { code, stdout, stderr } = await this.run(...args, "--json");
    if (code !== 0) throw new Error(`tokenpass ${args.join(" ")}: exit ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** How the wallet stands towards an origin: `approved`, `pending`, `denied`, or undefined. */
  async standing(origin) {
    const { origins } = await this.json("origin", "list");
    return origins.find((known) => known.origin === origin)?.status;
  }

  /** Starts a server, unlocked; resolves when it accepts connections. */
  async serve({ args = ["--unlock"], env = {}, port = 0 } = {}) {
    const child = spawn(binary, ["serve", "--listen", `127.0.0.1:${port}`, "--log", "json", ...args], {
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const log = new Log(child.stderr);
    const exit = once(child, "exit");
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    atEnd(async () => {
      child.kill("SIGTERM");
      await exit;
      process.removeListener("exit", kill);
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /http:\/\/[^\s/]*:(\d+)/.exec(line)?.[1];
      if (!port) continue;
      child.stdout.resume();
      // As clients name it: they look for http://localhost:21000.
      return { port: Number(port), url: `http://localhost:${port}`, log };
    }
    await exit;
    throw new Error(`the server did not start: ${log.lines.join("\n")}`);
  }
}

/** A server's access log, as it is written. */
class Log extends EventEmitter {
  lines = [];

  constructor(stream) {
    super();
    createInterface({ input: stream }).on("line", (line) => {
      this.lines.push(line);
      if (line.startsWith("{")) this.emit("entry", JSON.parse(line));
    });
  }

  /** The status that the next such request is answered with. */
  next(method, path) {
    return new Promise((resolve) => {
      const look = (entry) => {
        if (entry.method !== method || entry.path !== path) return;
        this.off("entry", look);
        resolve(entry.status);
      };
      this.on("entry", look);
    });
  }
}

// Browsers add `Origin` to what a page sends, and know paths; Node's `fetch` does
// neither.
const page = new AsyncLocalStorage();
const plainFetch = globalThis.fetch;
globalThis.fetch = (url, init = {}) => {
  const origin = page.getStore();
  if (!origin) return plainFetch(url, init);
  const address = typeof url === "string" && url.startsWith("/") ? origin + url : url;
  return plainFetch(address, { ...init, headers: { ...init.headers, Origin: origin } });
};

/** Runs `act` with every `fetch` in it as a page of `origin` would send it. */
export const asPage = (origin, act) => page.run(origin, act);

/** Sends a JSON body, with a token where there is one. */
export async function post(url, body, token) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...(await response.json()) };
}
