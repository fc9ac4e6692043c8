/**
 * What the extension's own pages may ask the daemon for: the history, the models, how it is.
 *
 * In: a page's message. Out: `{ok: true, …}`, or `{ok: false, code}` with the daemon's code or one of daemon.js.
 */

import { isCommand, readSettings, writeSettings } from "../shared/settings.js";
import { pairedDaemon } from "./connection.js";
import { DaemonError, health } from "./daemon.js";
import { readHistory, readModels, readRecord, readStatus } from "./records.js";

/** @typedef {import("./daemon.js").Daemon} Daemon */
/** @typedef {import("../../types/notime.js").LibraryRefusal} LibraryRefusal */
/** @typedef {Record<string, unknown>} Message */

/** As many entries as the daemon gives at once. */
const MOST = 100;

/** Characters. */
const LONGEST_QUERY = 500;

/**
 * @param {() => Promise<Pick<Daemon, "ask">>} findDaemon
 * @param {(command: string) => Promise<void>} [remember] how the daemon is called in a terminal
 * @returns {Record<string, (message: Message) => Promise<object>>} by the message's type
 */
export function libraryOf(findDaemon, remember = async () => {}) {
  /**
   * @param {"GET" | "DELETE"} method
   * @param {string} path
   */
  const ask = async (method, path) => (await findDaemon()).ask(method, path);

  return {
    models: () => answer(async () => ({ models: readModels(await ask("GET", "/v1/models")) })),

    status: () =>
      answer(async () => {
        const status = readStatus(await ask("GET", "/v1/status"));
        if (isCommand(status.command)) {
          await remember(status.command);
        }
        return { status };
      }),

    history: (message) =>
      answer(async () => readHistory(await ask("GET", `/v1/summaries${historyQuery(message)}`))),

    history_one: ({ id }) =>
      answer(async () => ({ record: readRecord(await ask("GET", `/v1/summaries/${known(id)}`)) })),

    history_delete: ({ id }) =>
      answer(async () => {
        await ask("DELETE", `/v1/summaries/${known(id)}`);
        return {};
      }),

    history_clear: () =>
      answer(async () => {
        await ask("DELETE", "/v1/summaries");
        return {};
      }),
  };
}

/** The messages of the extension's own pages that are answered here. */
export const LIBRARY = {
  ...libraryOf(pairedDaemon, (command) => writeSettings({ command })),

  health: () =>
    answer(async () => {
      const found = await health((await readSettings()).port);
      if (found !== "running") {
        throw new DaemonError(found);
      }
      return {};
    }),
};

/**
 * @param {Message} message
 * @returns {string} with its question mark, or nothing
 */
function historyQuery({ query, before, limit }) {
  const parameters = new URLSearchParams();
  if (typeof query === "string" && query.trim() !== "") {
    parameters.set("query", query.trim().slice(0, LONGEST_QUERY));
  }
  if (typeof before === "string" && before !== "") {
    parameters.set("before", before);
  }
  if (typeof limit === "number" && Number.isInteger(limit) && limit > 0) {
    parameters.set("limit", String(Math.min(limit, MOST)));
  }
  return parameters.size > 0 ? `?${parameters}` : "";
}

/**
 * @param {unknown} id
 * @returns {string} as it may stand in a path
 */
function known(id) {
  if (typeof id !== "string" || !/^[\w-]{1,64}$/.test(id)) {
    throw new DaemonError("bad_request");
  }
  return id;
}

/**
 * @param {() => Promise<object>} work
 * @returns {Promise<object>}
 */
async function answer(work) {
  try {
    return { ok: true, ...(await work()) };
  } catch (error) {
    /** @type {LibraryRefusal} */
    const refusal = { ok: false, code: error instanceof DaemonError ? error.code : "internal" };
    return refusal;
  }
}
