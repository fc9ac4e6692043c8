/** What ships: its permissions, its size, its words. */

import assert from "node:assert/strict";
import { glob, readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { PANEL_FILES, SUMMARY_FILES } from "../source/background/inject.js";

const source = new URL("../source/", import.meta.url);

/** @param {string} path */
const read = (path) => readFile(new URL(path, source), "utf8");

const manifest = JSON.parse(await read("manifest.json"));

/** Names of messages that are put together from a prefix and a value. */
const COMPOSED = /^(reading|length|options_state|options_theme|problem|form|panel|why)_/;

/** Bytes of JavaScript, comments and all, that a click brings into a page; and all that a summary ever brings. */
const BUDGET = { click: 40_000, summary: 80_000 };

test("asks for no more than it needs", () => {
  assert.deepEqual(manifest.permissions, ["activeTab", "contextMenus", "scripting", "storage"]);
  assert.deepEqual(manifest.host_permissions, ["http://127.0.0.1/*"]);
  for (const key of ["content_scripts", "externally_connectable", "web_accessible_resources"]) {
    assert.equal(manifest[key], undefined);
  }
});

test("the version is the package's", async () => {
  const { version } = JSON.parse(await readFile(new URL("../package.json", source), "utf8"));
  assert.equal(manifest.version, version);
});

test("what a click injects is small, and all of it is there", async () => {
  const sizeOf = async (/** @type {string[]} */ files) =>
    (await Promise.all(files.map(read))).reduce((sum, code) => sum + Buffer.byteLength(code), 0);
  const click = await sizeOf(PANEL_FILES);
  assert.ok(click < BUDGET.click, String(click));
  assert.ok(click + (await sizeOf(SUMMARY_FILES)) < BUDGET.summary);
  const present = await readdir(new URL("content/", source));
  const scripts = present.filter((file) => file.endsWith(".js")).map((file) => `content/${file}`);
  assert.deepEqual(scripts.sort(), [...PANEL_FILES, ...SUMMARY_FILES, "content/automatic.js"].sort());
});

test("every message that is used is there, and every one there is used", async () => {
  const messages = Object.keys(JSON.parse(await read("_locales/en/messages.json")));
  let code = "";
  for await (const file of glob("**/*.{js,html,json}", { cwd: source, exclude: ["_locales/**"] })) {
    code += await read(file);
  }
  const used = [
    ...code.matchAll(/(?:text|button|getMessage)\(\s*"(\w+)"/g),
    ...code.matchAll(/data-(?:text|label|hint|title)="(\w+)"/g),
    ...code.matchAll(/__MSG_(\w+)__/g),
    ...code.matchAll(/message: "(\w+)"/g),
  ].map(([, name]) => name ?? "");
  assert.deepEqual(
    used.filter((name) => !messages.includes(name)),
    [],
  );
  assert.deepEqual(
    messages.filter(
      (name) => !COMPOSED.test(name) && !new RegExp(`\\b(?:__MSG_)?${name}(?:__)?\\b`).test(code),
    ),
    [],
  );
});

test("every locale has every message", async () => {
  const english = JSON.parse(await read("_locales/en/messages.json"));
  for (const locale of await readdir(new URL("_locales/", source))) {
    const messages = JSON.parse(await read(`_locales/${locale}/messages.json`));
    assert.deepEqual(Object.keys(messages).sort(), Object.keys(english).sort(), locale);
  }
});
