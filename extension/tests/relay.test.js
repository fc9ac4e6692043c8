import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwnPage, isOwnTab, readRequest, toDaemon } from "../source/background/relay.js";

/** @typedef {chrome.runtime.MessageSender} Sender */

Object.assign(globalThis, {
  chrome: {
    runtime: { id: "own", getURL: (/** @type {string} */ path) => `chrome-extension://own/${path}` },
  },
});

const tab = /** @type {chrome.tabs.Tab} */ ({ id: 1 });
/** @type {Sender} */
const sender = { id: "own", tab, frameId: 0, url: "https://a.example/article" };
const good = { type: "summarize", html: "<p>", url: sender.url, title: "T", length: "full" };

test("case 39: only our own script in a tab's top page may ask", () => {
  assert.equal(isOwnTab(sender), true);
  assert.equal(isOwnTab({ ...sender, id: "other" }), false);
  assert.equal(isOwnTab({ ...sender, frameId: 3 }), false);
  assert.equal(isOwnTab({ id: "own", frameId: 0, url: "https://a.example/" }), false);
  assert.equal(isOwnTab(undefined), false);
});

test("case 39: a request is taken over, and nothing besides", () => {
  assert.deepEqual(readRequest({ ...good, model: "x", extra: 1 }, sender), {
    type: "summarize",
    html: "<p>",
    url: "https://a.example/article",
    title: "T",
    length: "full",
  });
});

test("a selection goes as text", () => {
  const request = readRequest({ ...good, text: "Selected." }, sender);
  assert.equal(request?.text, "Selected.");
  assert.equal(request?.html, undefined);
});

test("a link goes as a link, with its own address", () => {
  const request = readRequest({ ...good, link: "https://b.example/x" }, sender);
  assert.equal(request?.link, "https://b.example/x");
  assert.equal(request?.url, "https://b.example/x");
  assert.equal(request?.html, undefined);
});

test("a page of ours tells of the tab beside it", () => {
  const own = { id: "own", url: "chrome-extension://own/panel/panel.html?in=popup" };
  assert.equal(isOwnPage(own), true);
  assert.equal(isOwnPage(sender), false);
  assert.equal(isOwnPage({ ...own, id: "other" }), false);
  assert.equal(readRequest(good, own)?.url, "https://a.example/article");
  assert.equal(readRequest({ ...good, url: "" }, own)?.url, "");
});

test("case 39: what is not a request is none", () => {
  for (const message of [
    null,
    "summarize",
    {},
    { type: "alive" },
    { type: "summarize" },
    { ...good, html: 7 },
  ]) {
    assert.equal(readRequest(message, sender), null);
  }
});

test("case 39: a page may change its address, but not its origin", () => {
  const url = (/** @type {unknown} */ claimed) => readRequest({ ...good, url: claimed }, sender)?.url;
  assert.equal(url("https://a.example/next"), "https://a.example/next");
  for (const claimed of ["https://b.example/", "http://a.example/", "no address", 7]) {
    assert.equal(url(claimed), sender.url);
  }
});

test("nothing is kept of private windows, nor where the reader keeps no history", async () => {
  /** @type {Record<string, unknown>} */
  let stored = {};
  Object.assign(chrome, { storage: { local: { get: async () => stored } }, extension: {} });
  const request = readRequest(good, sender);
  assert.ok(request);
  const { signal } = new AbortController();
  const keep = async (/** @type {Sender} */ from) => (await toDaemon(request, from, signal)).keep;
  assert.equal(await keep(sender), undefined);
  assert.equal(await keep({ ...sender, tab: { ...tab, incognito: true } }), false);
  const own = readRequest({ ...good, isPrivate: true }, sender);
  assert.equal(own && (await toDaemon(own, sender, signal)).keep, false);
  assert.equal(own && "isPrivate" in (await toDaemon(own, sender, signal)), false);
  stored = { history: false };
  assert.equal(await keep(sender), false);
});

test("a link that nobody chose is not opened", async () => {
  Object.assign(chrome.storage, { session: { get: async () => ({ "link-1": "https://b.example/other" }) } });
  const request = readRequest({ ...good, link: "https://b.example/x" }, sender);
  assert.ok(request);
  await assert.rejects(toDaemon(request, sender, new AbortController().signal), { code: "forbidden" });
});
