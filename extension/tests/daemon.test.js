import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { Daemon, health } from "../source/background/daemon.js";
import { importKey } from "../source/shared/keys.js";

/** @typedef {{method: string, path: string, headers: Headers, body: any, credentials: unknown}} Seen */

const PORT = 8717;
const secret = randomBytes(32);

/**
 * @param {string} message
 * @param {Uint8Array<ArrayBuffer>} [key]
 */
const sign = (message, key = new Uint8Array(secret)) =>
  createHmac("sha256", key).update(message).digest("base64url");

/** @param {BodyInit | null} body */
const stream = (body, init = {}) => new Response(body, init);

/**
 * The other side, as the contract has it.
 *
 * @param {{answers: (() => Response)[], key?: Uint8Array<ArrayBuffer>, port?: number}} how
 */
function daemonThat({ answers, key = new Uint8Array(secret), port = PORT }) {
  /** @type {Seen[]} */
  const seen = [];
  /** @type {Set<string>} */
  const sessions = new Set();
  /** @type {typeof fetch} */
  const fetcher = async (input, init) => {
    const headers = new Headers(init?.headers);
    const body = init?.body ? JSON.parse(String(init.body)) : null;
    const path = new URL(String(input)).pathname;
    seen.push({ method: String(init?.method), path, headers, body, credentials: init?.credentials });
    if (path === "/v1/handshake") {
      const nonce = randomBytes(32).toString("base64url");
      const mac = sign(`session|${body.nonce}|${nonce}|${port}`, key);
      sessions.add(`Bearer ${body.nonce}.${nonce}.${mac}`);
      return Response.json({ nonce, proof: sign(`server|${body.nonce}|${nonce}|${port}`, key) });
    }
    const isKnown = sessions.has(headers.get("authorization") ?? "");
    return isKnown
      ? (answers.shift() ?? (() => stream("")))()
      : Response.json({ error: { code: "unauthorized" } }, { status: 401 });
  };
  return { seen, sessions, fetcher };
}

/** @param {typeof fetch} fetcher */
async function paired(fetcher) {
  const key = await importKey(secret.toString("base64url"));
  assert.ok(key);
  return new Daemon(PORT, key, fetcher);
}

/**
 * @param {Daemon} daemon
 * @param {AbortSignal} [signal]
 */
async function summarize(daemon, signal = new AbortController().signal) {
  const request = {
    html: "<p>Page</p>",
    url: "http://a.example/",
    title: "",
    length: /** @type {const} */ ("brief"),
  };
  const events = [];
  for await (const event of daemon.summarize(request, signal)) {
    events.push(event);
  }
  return events;
}

const DONE = '{"type":"done","summary":{}}\n';

test("shakes hands, then streams", async () => {
  const other = daemonThat({
    answers: [() => stream(`{"type":"accepted","id":"1","position":0}\n\n${DONE}`)],
  });
  const events = await summarize(await paired(other.fetcher));
  assert.deepEqual(
    events.map(({ type }) => type),
    ["accepted", "done"],
  );
  const [handshake, summary] = other.seen;
  assert.deepEqual(Object.keys(handshake?.body), ["nonce", "hello"]);
  assert.equal(handshake?.body.hello, sign(`client|${handshake?.body.nonce}|${PORT}`));
  assert.equal(handshake?.headers.get("authorization"), null);
  assert.equal(summary?.headers.get("accept"), "application/x-ndjson");
  assert.equal(summary?.body.html, "<p>Page</p>");
});

test("case 09: each request proves the daemon anew, and never over a connection that was there before", async () => {
  const other = daemonThat({ answers: [() => stream(DONE), () => stream(DONE)] });
  const daemon = await paired(other.fetcher);
  await summarize(daemon);
  await summarize(daemon);
  assert.deepEqual(
    other.seen.map(({ path, credentials }) => `${path} ${credentials}`),
    ["/v1/handshake omit", "/v1/summaries include", "/v1/handshake omit", "/v1/summaries include"],
  );
  const nonces = other.seen.filter(({ body }) => body.nonce).map(({ body }) => body.nonce);
  assert.equal(new Set(nonces).size, 2);
});

test("case 09: who takes the port between two requests gets neither page nor token", async () => {
  const real = daemonThat({ answers: [() => stream(DONE)] });
  const impostor = daemonThat({ answers: [() => stream(DONE)], key: new Uint8Array(randomBytes(32)) });
  let now = real;
  const daemon = await paired((input, init) => now.fetcher(input, init));
  await summarize(daemon);
  now = impostor;
  await assert.rejects(summarize(daemon), { code: "impostor" });
  await assert.rejects(daemon.ask("GET", "/v1/summaries?query=what+I+read"), { code: "impostor" });
  assert.deepEqual(
    impostor.seen.map(({ path, headers }) => `${path} ${headers.get("authorization")}`),
    ["/v1/handshake null", "/v1/handshake null"],
  );
});

test("case 09: a proof that was given before proves nothing", async () => {
  const other = daemonThat({ answers: [() => stream(DONE)] });
  /** @type {string[]} */
  const recorded = [];
  const replaying = await paired(async (input, init) => {
    if (recorded.length === 0) {
      recorded.push(await (await other.fetcher(input, init)).text());
    }
    return new Response(recorded[0]);
  });
  await replaying.connect();
  await assert.rejects(summarize(replaying), { code: "impostor" });
});

test("case 09: who does not know the key is sent nothing", async () => {
  for (const impostor of [
    daemonThat({ answers: [], key: new Uint8Array(randomBytes(32)) }),
    daemonThat({ answers: [], port: 1234 }),
  ]) {
    await assert.rejects(summarize(await paired(impostor.fetcher)), { code: "impostor" });
    assert.deepEqual(
      impostor.seen.map(({ path }) => path),
      ["/v1/handshake"],
    );
  }
});

test("another program on the port is an impostor, not a fault", async () => {
  for (const answer of [
    stream("<html>"),
    stream("{}", { status: 404 }),
    Response.json({ nonce: 1, proof: 2 }),
  ]) {
    await assert.rejects(summarize(await paired(async () => answer)), { code: "impostor" });
  }
});

test("a session that is never good asks for pairing", async () => {
  const refused = () => Response.json({ error: { code: "unauthorized" } }, { status: 401 });
  const other = daemonThat({ answers: [refused] });
  await assert.rejects(summarize(await paired(other.fetcher)), { code: "not_paired" });
});

test("nobody there", async () => {
  const nobody = await paired(() => Promise.reject(new TypeError("fetch failed")));
  await assert.rejects(summarize(nobody), { code: "not_running" });
});

test("a refusal keeps its code and how long to wait", async () => {
  const busy = () =>
    Response.json(
      { error: { code: "busy", message: "Busy." } },
      { status: 429, headers: { "Retry-After": "5" } },
    );
  const other = daemonThat({ answers: [busy] });
  await assert.rejects(summarize(await paired(other.fetcher)), { code: "busy", retryAfter: 5 });
});

test("an error in the stream is one", async () => {
  const other = daemonThat({
    answers: [() => stream('{"type":"error","error":{"code":"too_short","message":"Short."}}\n')],
  });
  await assert.rejects(summarize(await paired(other.fetcher)), { code: "too_short" });
});

test("a stream that ends early, or in garbage, is interrupted", async () => {
  for (const body of ['{"type":"ping"}\n', "", "<html>\n", '{"type":"accep']) {
    const other = daemonThat({ answers: [() => stream(body)] });
    await assert.rejects(summarize(await paired(other.fetcher)), { code: "interrupted" });
  }
});

test("a daemon that is being ended has interrupted the connection, in a stream and before it", async () => {
  const error = { code: "model_unavailable", message: "notime is shutting down." };
  for (const answer of [
    () => stream(`${JSON.stringify({ type: "error", error })}\n`),
    () => Response.json({ error }, { status: 503 }),
  ]) {
    const other = daemonThat({ answers: [answer] });
    await assert.rejects(summarize(await paired(other.fetcher)), { code: "interrupted" });
  }
});

test("stopping is no fault of the daemon", async () => {
  const stop = new AbortController();
  const other = daemonThat({
    answers: [
      () =>
        stream(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('{"type":"ping"}\n')),
            pull: (controller) => {
              stop.abort();
              controller.error(stop.signal.reason);
            },
          }),
        ),
    ],
  });
  await assert.rejects(summarize(await paired(other.fetcher), stop.signal), { name: "AbortError" });
});

test("what is kept is asked for without a body", async () => {
  const other = daemonThat({
    answers: [() => Response.json({ models: [] }), () => new Response(null, { status: 204 })],
  });
  const daemon = await paired(other.fetcher);
  assert.deepEqual(await daemon.ask("GET", "/v1/models"), { models: [] });
  assert.equal(await daemon.ask("DELETE", "/v1/summaries"), null);
  assert.deepEqual(
    other.seen.map(({ method, path }) => `${method} ${path}`),
    ["POST /v1/handshake", "GET /v1/models", "POST /v1/handshake", "DELETE /v1/summaries"],
  );
  assert.equal(other.seen[1]?.body, null);
  assert.equal(other.seen[1]?.headers.get("content-type"), null);
  assert.equal(other.seen[1]?.headers.get("accept"), "application/json");
});

test("what is not there is said by its code, and half an answer is none", async () => {
  const other = daemonThat({
    answers: [
      () => Response.json({ error: { code: "not_found" } }, { status: 404 }),
      () => new Response('{"models": ['),
    ],
  });
  const daemon = await paired(other.fetcher);
  await assert.rejects(daemon.ask("GET", "/v1/summaries/x"), { code: "not_found" });
  await assert.rejects(daemon.ask("GET", "/v1/models"), { code: "interrupted" });
});

test("whether notime answers is told without a key", async () => {
  assert.equal(await health(PORT, async () => Response.json({ status: "ok" })), "running");
  assert.equal(await health(PORT, async () => new Response("<html>")), "impostor");
  assert.equal(await health(PORT, async () => new Response("", { status: 404 })), "impostor");
  assert.equal(await health(PORT, () => Promise.reject(new TypeError("fetch failed"))), "not_running");
});
