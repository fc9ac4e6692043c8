/** What the extension's own pages write and hold to: exports, and their words in every language. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { listToJson, listToMarkdown, toMarkdown, toText } from "../source/history/write.js";
import { LANGUAGES } from "../source/shared/settings.js";

/** @typedef {import("../types/notime.js").HistoryEntry} HistoryEntry */
/** @typedef {import("../types/notime.js").HistoryRecord} HistoryRecord */

/** @type {HistoryEntry} */
const entry = {
  id: "1",
  created: "2026-03-02T08:09:10Z",
  title: "Fares [will] rise",
  siteName: "The Courier",
  byline: "",
  url: "https://a.example/x?a=<b>",
  language: "en",
  minutes: 3,
  length: "brief",
  model: "m",
  text: "First. *Second*.",
};

/** @type {HistoryRecord} */
const record = {
  id: "1",
  created: entry.created,
  url: "https://a.example/",
  length: "brief",
  article: { title: "T", byline: "", siteName: "", language: "en", words: 600, minutes: 3 },
  sentences: ["One_two.", "1. Three."].map((text, index) => ({
    index,
    text,
    method: "generated",
    sources: [],
    reasons: [],
  })),
  outline: [],
  fraction: 1,
  model: "m",
};

test("one summary as text, and as points", () => {
  assert.equal(toText(record), "T\nhttps://a.example/\n\nOne_two.\n1. Three.\n");
  assert.equal(toMarkdown(record), "## [T](<https://a.example/>)\n\n- One\\_two.\n- 1\\. Three.\n");
});

test("its outline is part of the Markdown", () => {
  const outline = [
    { text: "A *part*", block: 3, depth: 0 },
    { text: "Its own", block: 5, depth: 1 },
  ];
  assert.match(
    toMarkdown({ ...record, outline }),
    /Three\.\n\n### Outline\n\n- A \\\*part\\\*\n {2}- Its own\n$/,
  );
});

test("a summary without title and address is its sentences alone", () => {
  const bare = { ...record, url: "", article: { ...record.article, title: "" } };
  assert.equal(toText(bare), "One_two.\n1. Three.\n");
  assert.equal(toMarkdown(bare), "- One\\_two.\n- 1\\. Three.\n");
});

test("many as Markdown: what would be marks stays text", () => {
  assert.equal(
    listToMarkdown([entry, { ...entry, siteName: "", url: "", title: "" }]),
    "## [Fares \\[will\\] rise](<https://a.example/x?a=%3Cb%3E>)\n\n" +
      "*The Courier · 2026-03-02*\n\nFirst. \\*Second\\*.\n\n" +
      "*2026-03-02*\n\nFirst. \\*Second\\*.\n",
  );
});

test("many as JSON are read back as they were", () => {
  assert.deepEqual(JSON.parse(listToJson([entry])), { summaries: [entry] });
});

test("the article of the first page is long enough to read, in every language", async () => {
  for (const language of LANGUAGES) {
    const file = new URL(`../source/_locales/${language}/messages.json`, import.meta.url);
    /** @type {Record<string, {message: string}>} */
    const messages = JSON.parse(await readFile(file, "utf8"));
    const words = Object.entries(messages)
      .filter(([name]) => name.startsWith("welcome_article_"))
      .flatMap(([, { message }]) => [
        ...new Intl.Segmenter(language, { granularity: "word" }).segment(message),
      ])
      .filter(({ isWordLike }) => isWordLike);
    // Arabic writes its articles and conjunctions without a space, so it has fewer words.
    assert.ok(words.length >= (language === "en" ? 350 : 250), `${language}: ${words.length}`);
  }
});
