/**
 * The panel beside a page: what it reads is the tab next to it, and where that cannot be read, what the reader pastes.
 */

import { openRequest } from "../background/inject.js";
import { byId } from "../shared/pages.js";
import { patternsOf, readSettings, siteOf, writeSettings } from "../shared/settings.js";
import { localize, readMessages } from "../shared/words.js";
import { Beside, NotReadable } from "./beside.js";

/** @typedef {import("../../types/notime.js").Session} Session */
/** @typedef {import("../../types/notime.js").OpenRequest} OpenRequest */

const query = new URLSearchParams(location.search);
const { incognito } = await chrome.windows.getCurrent();
const inPopup = query.get("in") === "popup";
const root = document.documentElement;
const paste = byId("paste", HTMLFormElement);
const field = byId("text", HTMLTextAreaElement);
const allow = byId("allow", HTMLButtonElement);

const settings = await readSettings();
const words = localize(await readMessages(settings.language));
const dark = settings.theme === "dark" || (settings.theme === "page" && prefersDark());
root.dataset.theme = dark ? "dark" : "light";
root.dataset.in = inPopup ? "popup" : "side";

/** @type {Session | null} */
let session = null;

paste.addEventListener("submit", (event) => {
  event.preventDefault();
  void show(null, field.value);
});

if (inPopup) {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  offerPaste(tab, query.get("why") === "never" ? "never" : "unwritable");
} else {
  await showActive();
  chrome.runtime.onMessage.addListener((message) => {
    if (message?.type === "look") {
      void showActive();
    }
  });
  chrome.tabs.onActivated.addListener(() => void showActive());
  chrome.tabs.onUpdated.addListener((_id, { status }, { active }) => {
    if (active && status === "complete") {
      void showActive();
    }
  });
}

root.dataset.ready = "";

/** Makes the panel for the tab that the reader sees. */
async function showActive() {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  const { sites } = await readSettings();
  if (sites[siteOf(tab?.url ?? "")] === "never") {
    leave();
    offerPaste(tab, "never");
  } else {
    await show(tab ?? null, "");
  }
}

/**
 * @param {chrome.tabs.Tab | null} tab
 * @param {string} selection what is summarised instead of the tab's page
 */
async function show(tab, selection) {
  leave();
  const wanted = { manner: /** @type {const} */ ("asked"), ...(selection ? { selection } : {}) };
  const request = await openRequest(settings, wanted);
  const beside = new Beside(request, tab, byId("panel", HTMLElement), incognito);
  try {
    await beside.read();
  } catch (error) {
    if (!(error instanceof NotReadable)) {
      throw error;
    }
    offerPaste(tab ?? undefined, "ask");
    return;
  }
  paste.hidden = !selection;
  byId("about", HTMLElement).textContent = beside.title();
  session = notime.createSession(request, (view) => beside.show(view, dark ? "dark" : "light"));
  session.start();
}

/** Ends the panel that is on show. */
function leave() {
  session?.close();
  session = null;
}

/**
 * @param {chrome.tabs.Tab | undefined} tab
 * @param {"never" | "unwritable" | "ask"} why
 */
function offerPaste(tab, why) {
  byId("about", HTMLElement).textContent = tab?.title ?? "";
  byId("why", HTMLElement).textContent = words(`panel_${why}`);
  paste.hidden = false;
  const original = originalOf(tab?.url ?? "");
  const site = siteOf(original);
  allow.hidden = !site || why === "unwritable";
  allow.textContent = words(why === "never" ? "panel_allow" : "panel_read_site", site);
  allow.onclick = () => void (why === "never" ? forget(site) : grant(site));
}

/** @param {string} site the rule against it goes */
async function forget(site) {
  const { sites } = await readSettings();
  delete sites[site];
  await writeSettings({ sites });
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  await chrome.action.setPopup({ tabId: tab?.id ?? 0, popup: "" });
  if (inPopup) {
    close();
  } else {
    await showActive();
  }
}

/** @param {string} site that the panel may read from now on */
async function grant(site) {
  if (await chrome.permissions.request({ origins: patternsOf(site) })) {
    await showActive();
  }
}

/**
 * @param {string} url
 * @returns {string} what is read in the browser's own reader mode, else the address itself
 */
function originalOf(url) {
  return url.startsWith("about:reader?") ? (new URL(url).searchParams.get("url") ?? "") : url;
}

function prefersDark() {
  return matchMedia("(prefers-color-scheme: dark)").matches;
}
