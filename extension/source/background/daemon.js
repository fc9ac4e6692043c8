/**
 * The daemon, as the extension sees it: summaries as a stream of events, and what it keeps.
 *
 * Each request proves the daemon first. A session that it proved itself for an hour ago would be sent, with the page, to
 * whoever has the port now.
 */

import { toBase64url } from "../shared/encoding.js";
import { LineSplitter, parseEvent, parseProblem } from "./wire.js";

/** @typedef {import("../../types/notime.js").SummaryEvent} SummaryEvent */
/** @typedef {import("../../types/notime.js").SummaryRequest} SummaryRequest */

const NONCE_BYTES = 32;

/** Milliseconds. The daemon signs at once, whatever else it does; five seconds are for a machine that swaps. */
const HANDSHAKE_TIMEOUT = 5_000;

/** Milliseconds for what the daemon only looks up, with the wait for a machine that swaps. */
const ANSWER_TIMEOUT = 15_000;

/** Milliseconds. The daemon sends a `ping` every 10 s: after four missed ones it is gone. */
const SILENCE_TIMEOUT = 45_000;

/** @typedef {Omit<RequestInit, "headers">} Manner */

/** @type {Manner} what goes to the daemon is kept nowhere */
const QUIET = { cache: "no-store", redirect: "error", referrerPolicy: "no-referrer" };

/** @type {Manner} to whoever listens; what other servers on this machine stored here is not carried along */
const UNPROVED = { ...QUIET, credentials: "omit" };

/**
 * To the daemon that has just proved itself. Browsers never send requests with and without credentials over the same
 * connection, so this opens a new one, or takes one that was opened so: whoever held on to the connection of the
 * handshake and had the proof from the daemon, which has the port again, is not sent the page. The daemon knows no
 * cookies.
 *
 * @type {Manner}
 */
const PROVED = { ...QUIET, credentials: "include" };

/** @typedef {{method?: "POST" | "GET" | "DELETE", path: string, body?: object}} Outgoing */

/** A request that did not become a summary; `code` is the daemon's, or one of ours below. */
export class DaemonError extends Error {
  /**
   * @param {"not_running" | "not_paired" | "impostor" | "interrupted" | (string & {})} code
   * @param {{message?: string, retryAfter?: number}} [details]
   */
  constructor(code, { message = code, retryAfter = 0 } = {}) {
    super(message);
    this.name = "DaemonError";
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

export class Daemon {
  #port;
  #key;
  #fetch;

  /**
   * @param {number} port
   * @param {CryptoKey} key
   * @param {typeof fetch} [fetcher]
   */
  constructor(port, key, fetcher = (input, init) => fetch(input, init)) {
    this.#port = port;
    this.#key = key;
    this.#fetch = fetcher;
  }

  /**
   * Proves both sides to each other.
   *
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>} a token for what is asked next
   * @throws {DaemonError} `impostor` where the other side does not know our key
   */
  async connect(signal) {
    const clientNonce = toBase64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
    const timeout = AbortSignal.timeout(HANDSHAKE_TIMEOUT);
    const response = await this.#send(
      {
        path: "/v1/handshake",
        body: { nonce: clientNonce, hello: await this.#sign(`client|${clientNonce}|${this.#port}`) },
      },
      { ...UNPROVED, signal: signal ? AbortSignal.any([signal, timeout]) : timeout },
    );
    if (response.status === 429) {
      throw await refusal(response);
    }
    const { nonce, proof } = await response.json().catch(() => ({}));
    const context = `${clientNonce}|${nonce}|${this.#port}`;
    if (!response.ok || typeof proof !== "string" || proof !== (await this.#sign(`server|${context}`))) {
      throw new DaemonError("impostor");
    }
    return `${clientNonce}.${nonce}.${await this.#sign(`session|${context}`)}`;
  }

  /**
   * @param {SummaryRequest} request
   * @param {AbortSignal} signal aborting it stops the work in the daemon
   * @returns {AsyncGenerator<SummaryEvent, void, void>} ends after `done`
   * @throws {DaemonError}
   */
  async *summarize(request, signal) {
    const silence = new AbortController();
    const either = AbortSignal.any([signal, silence.signal]);
    let timer = setTimeout(() => silence.abort(), SILENCE_TIMEOUT);
    try {
      const response = await this.#authorized({ path: "/v1/summaries", body: request }, either);
      for await (const event of events(response)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_TIMEOUT);
        if (event.type === "problem") {
          throw told(event.problem);
        }
        yield event;
        if (event.type === "done") {
          return;
        }
      }
      throw new DaemonError("interrupted");
    } catch (error) {
      if (error instanceof DaemonError || signal.aborted) {
        throw error;
      }
      throw new DaemonError("interrupted", { message: String(error) });
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  /**
   * Has a summary made beforehand.
   *
   * @param {SummaryRequest} request
   * @throws {DaemonError}
   */
  async prepare(request) {
    await this.#authorized({ path: "/v1/prepare", body: request }, AbortSignal.timeout(ANSWER_TIMEOUT));
  }

  /**
   * Asks for what the daemon keeps, or has it deleted.
   *
   * @param {"GET" | "DELETE"} method
   * @param {string} path with its query
   * @returns {Promise<unknown>} the answer, null where there is nothing to say
   * @throws {DaemonError}
   */
  async ask(method, path) {
    const response = await this.#authorized({ method, path }, AbortSignal.timeout(ANSWER_TIMEOUT));
    try {
      return response.status === 204 ? null : await response.json();
    } catch (error) {
      throw new DaemonError("interrupted", { message: String(error) });
    }
  }

  /**
   * Sends, once the daemon has proved itself.
   *
   * @param {Outgoing} what
   * @param {AbortSignal} signal
   * @returns {Promise<Response>}
   */
  async #authorized(what, signal) {
    const token = await this.connect(signal);
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: what.body ? "application/x-ndjson" : "application/json",
    };
    const response = await this.#send(what, { ...PROVED, headers, signal });
    if (response.ok) {
      return response;
    }
    throw response.status === 401 ? new DaemonError("not_paired") : await refusal(response);
  }

  /**
   * @param {Outgoing} what
   * @param {Manner & {headers?: Record<string, string>, signal: AbortSignal}} options
   */
  async #send({ method = "POST", path, body }, { headers = {}, ...options }) {
    const content = body
      ? { body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } }
      : { headers };
    try {
      return await this.#fetch(`http://127.0.0.1:${this.#port}${path}`, { ...options, method, ...content });
    } catch (error) {
      throw options.signal.aborted && !isTimeout(error)
        ? error
        : new DaemonError("not_running", { message: String(error) });
    }
  }

  /** @param {string} message */
  async #sign(message) {
    const signature = await crypto.subtle.sign("HMAC", this.#key, new TextEncoder().encode(message));
    return toBase64url(new Uint8Array(signature));
  }
}

/**
 * Whether notime answers there, told without a key; the answer proves nothing.
 *
 * @param {number} port
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<"running" | "not_running" | "impostor">}
 */
export async function health(port, fetcher = (input, init) => fetch(input, init)) {
  try {
    const signal = AbortSignal.timeout(HANDSHAKE_TIMEOUT);
    const response = await fetcher(`http://127.0.0.1:${port}/health`, { ...UNPROVED, signal });
    const body = await response.json().catch(() => null);
    return response.ok && body?.status === "ok" ? "running" : "impostor";
  } catch {
    return "not_running";
  }
}

/** @param {unknown} error */
function isTimeout(error) {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/**
 * @param {Response} response
 * @returns {Promise<DaemonError>}
 */
async function refusal(response) {
  const problem = parseProblem(await response.json().catch(() => null));
  return told(problem, Number(response.headers.get("Retry-After")) || 0);
}

/**
 * A daemon that is being ended says so; for the reader that is a connection that was lost.
 *
 * @param {{code: string, message?: string}} problem
 * @param {number} [retryAfter]
 */
function told({ code, message = "" }, retryAfter = 0) {
  return new DaemonError(/shutting down/.test(message) ? "interrupted" : code, { message, retryAfter });
}

/**
 * @param {Response} response
 * @returns {AsyncGenerator<SummaryEvent, void, void>}
 */
async function* events(response) {
  if (!response.body) {
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const splitter = new LineSplitter();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      for (const line of done ? splitter.flush() : splitter.push(value)) {
        const event = parseEvent(line);
        if (event) {
          yield event;
        }
      }
      if (done) {
        return;
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
