import assert from "node:assert/strict";
import { test } from "node:test";
import { isOwnTab, readRequest } from "../source/background/relay.js";

/** @typedef {chrome.runtime.MessageSender} Sender */

Object.assign(globalThis, { chrome: { runtime: { id: "own" } } });

const tab = /** @type {chrome.tabs.Tab} */ ({ id: 1 });
/** @type {Sender} */
const sender = { id: "own", tab, frameId: 0, url: "https://a.example/article" };
const good = { type: "summarize", html: "<p>", url: sender.url, title: "T", length: "full" };

test("only our own script in a tab's top page may ask", () => {
  assert.equal(isOwnTab(sender), true);
  assert.equal(isOwnTab({ ...sender, id: "other" }), false);
  assert.equal(isOwnTab({ ...sender, frameId: 3 }), false);
  assert.equal(isOwnTab({ id: "own", frameId: 0, url: "https://a.example/" }), false);
  assert.equal(isOwnTab(undefined), false);
});

test("a request is taken over, and nothing besides", () => {
  assert.deepEqual(readRequest({ ...good, model: "x", extra: 1 }, sender), {
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

test("what is not a request is none", () => {
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

test("a page may change its address, but not its origin", () => {
  const url = (/** @type {unknown} */ claimed) => readRequest({ ...good, url: claimed }, sender)?.url;
  assert.equal(url("https://a.example/next"), "https://a.example/next");
  for (const claimed of ["https://b.example/", "http://a.example/", "no address", 7]) {
    assert.equal(url(claimed), sender.url);
  }
});
