/**
 * The daemon, as the extension sees it: one handshake, then summaries as a stream of events.
 *
 * Nothing that was read is sent before the daemon has proved that it knows the pairing key.
 */

import { toBase64url } from "../shared/encoding.js";
import { LineSplitter, parseEvent, parseProblem } from "./wire.js";

/** @typedef {import("../../types/notime.js").SummaryEvent} SummaryEvent */
/** @typedef {import("../../types/notime.js").SummaryRequest} SummaryRequest */

const NONCE_BYTES = 32;

/** Milliseconds. The daemon signs at once, whatever else it does; five seconds are for a machine that swaps. */
const HANDSHAKE_TIMEOUT = 5_000;

/** Milliseconds. The daemon sends a `ping` every 10 s: after four missed ones it is gone. */
const SILENCE_TIMEOUT = 45_000;

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
  /** @type {string | null} */
  #token = null;

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
   * @throws {DaemonError} `impostor` where the other side does not know our key
   */
  async connect(signal) {
    const clientNonce = toBase64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
    const timeout = AbortSignal.timeout(HANDSHAKE_TIMEOUT);
    const response = await this.#post(
      "/v1/handshake",
      { nonce: clientNonce },
      { signal: signal ? AbortSignal.any([signal, timeout]) : timeout },
    );
    if (response.status === 429) {
      throw await refusal(response);
    }
    const { nonce, proof } = await response.json().catch(() => ({}));
    const context = `${clientNonce}|${nonce}|${this.#port}`;
    if (!response.ok || typeof proof !== "string" || proof !== (await this.#sign(`server|${context}`))) {
      throw new DaemonError("impostor");
    }
    this.#token = await this.#sign(`session|${context}`);
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
      const response = await this.#authorized("/v1/summaries", request, either);
      for await (const event of events(response)) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_TIMEOUT);
        if (event.type === "problem") {
          throw new DaemonError(event.problem.code, { message: event.problem.message });
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
   * Posts with a session, renewing it once where it has ended.
   *
   * @param {string} path
   * @param {object} body
   * @param {AbortSignal} signal
   * @returns {Promise<Response>}
   */
  async #authorized(path, body, signal) {
    for (const renewed of [false, true]) {
      if (this.#token === null || renewed) {
        await this.connect(signal);
      }
      const headers = { Authorization: `Bearer ${this.#token}`, Accept: "application/x-ndjson" };
      const response = await this.#post(path, body, { headers, signal });
      if (response.ok) {
        return response;
      }
      if (response.status !== 401) {
        throw await refusal(response);
      }
    }
    throw new DaemonError("not_paired");
  }

  /**
   * @param {string} path
   * @param {object} body
   * @param {{headers?: Record<string, string>, signal: AbortSignal}} options
   */
  async #post(path, body, { headers = {}, signal }) {
    try {
      return await this.#fetch(`http://127.0.0.1:${this.#port}${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(body),
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal,
      });
    } catch (error) {
      throw signal.aborted && !isTimeout(error)
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

/** @param {unknown} error */
function isTimeout(error) {
  return error instanceof DOMException && error.name === "TimeoutError";
}

/**
 * @param {Response} response
 * @returns {Promise<DaemonError>}
 */
async function refusal(response) {
  const { code, message } = parseProblem(await response.json().catch(() => null));
  return new DaemonError(code, { message, retryAfter: Number(response.headers.get("Retry-After")) || 0 });
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
