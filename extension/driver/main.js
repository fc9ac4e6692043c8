/**
 * A browser on a string: `node driver/main.js chromium|firefox '{"dark": true}'`. What scripts/build-extension made is in
 * it, or what the option `extension` names.
 *
 * Reads one JSON line a command from standard input, `{"verb": "open", "arguments": {…}}`, and answers each with one on
 * standard output, `{"value": …}` or `{"error": "…"}`. The verbs are the public methods of Session and Browsing; when the
 * input ends, so does the browser.
 */

import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Browsing } from "./browsing.js";
import { Chromium } from "./chromium.js";
import { Firefox } from "./firefox.js";
import { Session } from "./session.js";

const [, , name, json = "{}"] = process.argv;
const options = {
  extension: fileURLToPath(new URL(`../dist/${name}`, import.meta.url)),
  ...JSON.parse(json),
};
const manifest = JSON.parse(await readFile(new URL("../source/manifest.json", import.meta.url), "utf8"));

const session =
  name === "firefox"
    ? await Firefox.launch({ ...options, id: manifest.browser_specific_settings.gecko.id })
    : await Chromium.launch(options);
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.once(signal, () => void session.close().finally(() => process.exit(1)));
}
// Whoever held the string may be gone first.
process.stdout.on("error", () => {});
try {
  // The first-run page.
  await session.waitTab({ part: session.origin, timeout: 60_000 });
  await session.closeOwnTabs();
  answer({ value: "ready" });
  for await (const line of createInterface({ input: process.stdin })) {
    answer(await obey(JSON.parse(line)));
  }
} finally {
  await session.close();
}

/** @param {{verb: string, arguments?: object}} command */
async function obey(command) {
  const verb = /** @type {keyof Session} */ (command.verb);
  const isVerb =
    verb !== /** @type {string} */ ("constructor") &&
    [Session, Browsing].some((each) => Object.hasOwn(each.prototype, verb));
  const method = /** @type {unknown} */ (isVerb ? session[verb] : undefined);
  if (typeof method !== "function") {
    return { error: `no verb ${command.verb}` };
  }
  try {
    return { value: (await method.call(session, command.arguments)) ?? null };
  } catch (error) {
    return { error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) };
  }
}

/** @param {object} message */
function answer(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
