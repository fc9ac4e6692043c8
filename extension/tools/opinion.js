/**
 * What a browser itself has to say against an extension: `node tools/opinion.js chromium|firefox PATH`, a folder or, for
 * Firefox, an archive. Prints a line for each complaint about the manifest or the background; nothing is best.
 */

import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Chromium } from "../driver/chromium.js";
import { Firefox } from "../driver/firefox.js";
import { until } from "../driver/wait.js";

/** Milliseconds for a browser to load an extension. */
const WAIT = 60_000;

const [, , name, path = ""] = process.argv;
const extension = resolve(path);
const said = name === "firefox" ? await askFirefox() : await askChromium();
process.stdout.write(said.map((line) => `${line}\n`).join(""));

/** @returns {Promise<string[]>} what chrome://extensions shows in developer mode, warnings included */
async function askChromium() {
  const session = await Chromium.launch({ extension });
  try {
    const page = await session.browser.newPage();
    await page.goto("chrome://extensions");
    const id = new URL(session.origin).hostname;
    await page.evaluate(async (extensionId) => {
      const { developerPrivate } = /** @type {any} */ (chrome);
      await developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
      await developerPrivate.updateExtensionConfiguration({ extensionId, errorCollection: true });
      await developerPrivate.reload(extensionId, { failQuietly: true });
    }, id);
    return await until(WAIT, "the background does not start", () =>
      page.evaluate(async (extensionId) => {
        const { developerPrivate } = /** @type {any} */ (chrome);
        const { manifestErrors, runtimeErrors, views } = await developerPrivate.getExtensionInfo(extensionId);
        /** @type {string[]} */
        const messages = [...manifestErrors, ...runtimeErrors].map(({ message }) => message);
        const runs = views.some((/** @type {{type: string}} */ { type }) => type.endsWith("_BACKGROUND"));
        return runs || messages.length > 0 ? messages : null;
      }, id),
    );
  } finally {
    await session.close();
  }
}

/** @returns {Promise<string[]>} what Firefox wrote down while it read the manifest */
async function askFirefox() {
  const manifest = JSON.parse(await readFile(new URL("../source/manifest.json", import.meta.url), "utf8"));
  const { id } = manifest.browser_specific_settings.gecko;
  const session = await Firefox.launch({ extension, id });
  try {
    const { connection } = /** @type {any} */ (session.browser);
    const scope = await connection.send("browsingContext.getTree", { "moz:scope": "chrome" });
    const answer = await connection.send("script.callFunction", {
      functionDeclaration: `(id) => {
        const { errors, warnings } = WebExtensionPolicy.getByID(id).extension;
        return JSON.stringify([...errors, ...warnings]);
      }`,
      arguments: [{ type: "string", value: id }],
      awaitPromise: true,
      target: { context: scope.result.contexts[0].context },
    });
    return JSON.parse(answer.result.result.value);
  } finally {
    await session.close();
  }
}
