/**
 * One panel's port: a request comes in, events go out, and when the panel goes the work in the daemon stops.
 */

import { LENGTHS, readSettings } from "../shared/settings.js";
import { showProgress } from "./badge.js";
import { pairedDaemon } from "./connection.js";
import { DaemonError } from "./daemon.js";
import { readLink } from "./links.js";

/** @typedef {import("../../types/notime.js").PanelRequest} PanelRequest */
/** @typedef {import("../../types/notime.js").SummaryRequest} SummaryRequest */
/** @typedef {import("../../types/notime.js").SummaryEvent} SummaryEvent */

/** @param {chrome.runtime.Port} port */
export function relay(port) {
  if (!isOwnTab(port.sender) && !isOwnPage(port.sender)) {
    port.disconnect();
    return;
  }
  const { sender } = port;
  /** @type {AbortController | null} */
  let work = null;
  port.onDisconnect.addListener(() => {
    work?.abort();
    showProgress(sender?.tab?.id, null);
  });
  port.onMessage.addListener((message) => {
    // Any message keeps the background awake; both browsers end an idle one after 30 s, even in mid-stream.
    const request = sender && readRequest(message, sender);
    if (request?.type === "summarize") {
      work?.abort();
      work = new AbortController();
      void summarize(request, port, work.signal);
    }
  });
}

/**
 * Has a summary made beforehand; what goes wrong with it shows when it is asked for.
 *
 * @param {unknown} message
 * @param {chrome.runtime.MessageSender} sender
 * @returns {Promise<string | void>} the code of what keeps it from being made
 */
export async function prepare(message, sender) {
  const request = readRequest(message, sender);
  if (request?.type === "prepare" && !request.link) {
    const daemon = await pairedDaemon();
    const wanted = await toDaemon(request, sender, new AbortController().signal);
    return daemon.prepare(wanted).catch(({ code }) => String(code));
  }
}

/**
 * @param {PanelRequest} request
 * @param {chrome.runtime.Port} port
 * @param {AbortSignal} signal
 */
async function summarize(request, port, signal) {
  /** @param {SummaryEvent} event */
  const post = (event) => {
    if (!signal.aborted) {
      port.postMessage(event);
      showProgress(port.sender?.tab?.id, event);
    }
  };
  try {
    const daemon = await pairedDaemon();
    const wanted = await toDaemon(request, port.sender ?? {}, signal);
    for await (const event of daemon.summarize(wanted, signal)) {
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
 * @param {PanelRequest} request
 * @param {chrome.runtime.MessageSender} sender
 * @param {AbortSignal} signal
 * @returns {Promise<SummaryRequest>}
 */
export async function toDaemon({ type: _type, link, isPrivate, ...request }, sender, signal) {
  const { history } = await readSettings();
  const keep =
    history && !isPrivate && sender.tab?.incognito !== true && !chrome.extension.inIncognitoContext;
  const content = link ? { html: await readLink(link, sender.tab, signal) } : {};
  return { ...request, ...content, ...(keep ? {} : { keep }) };
}

/**
 * @param {chrome.runtime.MessageSender | undefined} sender
 * @returns {sender is chrome.runtime.MessageSender} whether it is our script in a tab's own page, not in a frame
 */
export function isOwnTab(sender) {
  return sender?.id === chrome.runtime.id && sender.tab !== undefined && sender.frameId === 0;
}

/**
 * @param {chrome.runtime.MessageSender | undefined} sender
 * @returns {boolean} whether it is a page of the extension itself
 */
export function isOwnPage(sender) {
  return sender?.id === chrome.runtime.id && sender.url?.startsWith(chrome.runtime.getURL("")) === true;
}

/**
 * @param {unknown} message
 * @param {chrome.runtime.MessageSender} sender
 * @returns {PanelRequest | null} null for what is not a request
 */
export function readRequest(message, sender) {
  if (typeof message !== "object" || message === null) {
    return null;
  }
  const { type, html, text, link, url, title, length, refresh, isPrivate } =
    /** @type {Record<string, unknown>} */ (message);
  const content = isText(link) ? { link } : isText(text) ? { text } : isText(html) ? { html } : null;
  if ((type !== "summarize" && type !== "prepare") || !content) {
    return null;
  }
  return {
    type,
    ...content,
    url: isText(link) ? link : pageUrl(url, sender),
    title: typeof title === "string" ? title : "",
    length: LENGTHS.find((known) => known === length) ?? "brief",
    ...(refresh === true ? { refresh } : {}),
    ...(isPrivate === true ? { isPrivate } : {}),
  };
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isText(value) {
  return typeof value === "string" && value !== "";
}

/**
 * A page changes its address without loading (pushState), so the script's word counts, within its own origin; a page of
 * ours tells of the tab beside it.
 *
 * @param {unknown} claimed
 * @param {chrome.runtime.MessageSender} sender
 */
function pageUrl(claimed, sender) {
  const known = sender.url ?? "";
  const ours = isOwnPage(sender);
  const readable = typeof claimed === "string" && URL.canParse(claimed);
  if (ours) {
    return readable ? claimed : "";
  }
  const sameOrigin = readable && URL.canParse(known) && new URL(claimed).origin === new URL(known).origin;
  return sameOrigin ? claimed : known;
}
