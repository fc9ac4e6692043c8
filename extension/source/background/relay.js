/**
 * One panel's port: a request comes in, events go out, and when the panel goes the work in the daemon stops.
 */

import { LENGTHS } from "../shared/settings.js";
import { pairedDaemon } from "./connection.js";
import { DaemonError } from "./daemon.js";

/** @typedef {import("../../types/notime.js").SummaryRequest} SummaryRequest */
/** @typedef {import("../../types/notime.js").SummaryEvent} SummaryEvent */

/** @param {chrome.runtime.Port} port */
export function relay(port) {
  if (!isOwnTab(port.sender)) {
    port.disconnect();
    return;
  }
  const { sender } = port;
  /** @type {AbortController | null} */
  let work = null;
  port.onDisconnect.addListener(() => work?.abort());
  port.onMessage.addListener((message) => {
    // Any message keeps the background awake; both browsers end an idle one after 30 s, even in mid-stream.
    const request = readRequest(message, sender);
    if (request) {
      work?.abort();
      work = new AbortController();
      void summarize(request, port, work.signal);
    }
  });
}

/**
 * @param {SummaryRequest} request
 * @param {chrome.runtime.Port} port
 * @param {AbortSignal} signal
 */
async function summarize(request, port, signal) {
  /** @param {SummaryEvent} event */
  const post = (event) => {
    if (!signal.aborted) {
      port.postMessage(event);
    }
  };
  try {
    const daemon = await pairedDaemon();
    for await (const event of daemon.summarize(request, signal)) {
      post(event);
    }
  } catch (error) {
    const known = error instanceof DaemonError;
    post({
      type: "problem",
      problem: {
        code: known ? error.code : "internal",
        message: String(error),
        retryAfter: known ? error.retryAfter : 0,
      },
    });
  }
}

/**
 * @param {chrome.runtime.MessageSender | undefined} sender
 * @returns {sender is chrome.runtime.MessageSender} whether it is our script in a tab's own page, not in a frame
 */
export function isOwnTab(sender) {
  return sender?.id === chrome.runtime.id && sender.tab !== undefined && sender.frameId === 0;
}

/**
 * @param {unknown} message
 * @param {chrome.runtime.MessageSender} sender
 * @returns {SummaryRequest | null} null for what is not a request
 */
export function readRequest(message, sender) {
  if (typeof message !== "object" || message === null) {
    return null;
  }
  const { type, html, text, url, title, length, refresh } = /** @type {Record<string, unknown>} */ (message);
  const content =
    typeof text === "string" && text !== ""
      ? { text }
      : typeof html === "string" && html !== ""
        ? { html }
        : null;
  if (type !== "summarize" || !content) {
    return null;
  }
  return {
    ...content,
    url: pageUrl(url, sender),
    title: typeof title === "string" ? title : "",
    length: LENGTHS.find((known) => known === length) ?? "brief",
    ...(refresh === true ? { refresh } : {}),
  };
}

/**
 * A page changes its address without loading (pushState), so the script's word counts, within its own origin.
 *
 * @param {unknown} claimed
 * @param {chrome.runtime.MessageSender} sender
 */
function pageUrl(claimed, sender) {
  const known = sender.url ?? "";
  const sameOrigin =
    typeof claimed === "string" &&
    URL.canParse(claimed) &&
    URL.canParse(known) &&
    new URL(claimed).origin === new URL(known).origin;
  return sameOrigin ? claimed : known;
}
