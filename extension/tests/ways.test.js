/** The ways in: where the panel comes by itself, what a link brings, what the badge says. */

import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, {
  chrome: {
    runtime: { id: "own", getURL: (/** @type {string} */ path) => `chrome-extension://own/${path}` },
  },
});
const { whereTo } = await import("../source/background/automatic.js");
const { badge } = await import("../source/background/badge.js");
const { wordsOf } = await import("../source/shared/words.js");

test("nothing is registered where nothing was asked for", () => {
  assert.deepEqual(
    whereTo({ automatic: "off", sites: { "a.example": "off", "b.example": "never" } }).matches,
    [],
  );
});

test("one site by itself is that site alone", () => {
  const { matches } = whereTo({ automatic: "off", sites: { "a.example": "on", "b.example": "never" } });
  assert.deepEqual(matches, ["*://a.example/*", "*://www.a.example/*"]);
});

test("everywhere leaves the exceptions out", () => {
  const { matches, excludeMatches } = whereTo({
    automatic: "offer",
    sites: { "a.example": "on", "b.example": "never", "c.example": "off" },
  });
  assert.deepEqual(matches, ["https://*/*", "*://a.example/*", "*://www.a.example/*"]);
  assert.deepEqual(excludeMatches, [
    "*://b.example/*",
    "*://www.b.example/*",
    "*://c.example/*",
    "*://www.c.example/*",
  ]);
});

test("the badge tells how far it is, and nothing when it is done", () => {
  assert.equal(badge({ type: "accepted", position: 0 }), "…");
  assert.equal(badge({ type: "progress", stage: "ranking", fraction: 0.5 }), null);
  assert.equal(badge({ type: "progress", stage: "writing", fraction: 0.4 }), "40%");
  assert.equal(badge({ type: "problem", problem: { code: "busy" } }), "!");
  assert.equal(badge({ type: "problem", problem: { code: "cancelled" } }), "");
  assert.equal(badge(null), "");
});

test("words in a language that the reader chose, with their values", () => {
  const words = wordsOf({
    language: "de",
    direction: "ltr",
    messages: {
      hello: {
        message: "$NAME$, $COUNT$ mal",
        placeholders: { name: { content: "$1" }, count: { content: "$2" } },
      },
    },
  });
  assert.equal(words("hello", "Ada", "3"), "Ada, 3 mal");
  assert.equal(words("missing"), "");
  assert.equal(words("constructor"), "");
});
