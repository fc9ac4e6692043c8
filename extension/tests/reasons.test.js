import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import "../source/content/base.js";
import "../source/content/reasons.js";

const file = new URL("../source/_locales/en/messages.json", import.meta.url);
notime.speak({ language: "en", direction: "ltr", messages: JSON.parse(await readFile(file, "utf8")) });

const article = "However, the ferry (built in 1964) stays.";

/** @type {(text: string, ...reasons: string[]) => string | undefined} */
const why = (text, ...reasons) =>
  notime.reasonText?.({ text, sources: [{ index: 0, text: article }], reasons });

test("a quotation tells whether it is whole", () => {
  assert.equal(why(article), "The article’s own sentence, as it stands there");
  assert.equal(why("The ferry stays."), "The article’s own words, slightly shortened");
  assert.equal(why(article, "the model does not write this language"), why(article));
});

test("what did not hold is told in the reader's words", () => {
  assert.equal(
    why(article, "a number is not in the article"),
    "Quoted, because the shorter version had a number wrong.",
  );
  assert.equal(why(article, "something new"), "Quoted, because the shorter version did not hold.");
});
