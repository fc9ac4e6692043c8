/**
 * The context menus: of the page, of what is selected, of a link.
 */

import { readSettings } from "../shared/settings.js";
import { readMessages, wordsOf } from "../shared/words.js";

/** Makes them anew, in the reader's language. */
export async function createMenus() {
  const { language } = await readSettings();
  const text = wordsOf(await readMessages(language));
  const pages = ["http://*/*", "https://*/*"];
  await chrome.contextMenus.removeAll();
  chrome.contextMenus.create({
    id: "page",
    title: text("menu_page"),
    contexts: ["page"],
    documentUrlPatterns: [...pages, "file:///*"],
  });
  chrome.contextMenus.create({ id: "selection", title: text("menu_selection"), contexts: ["selection"] });
  chrome.contextMenus.create({
    id: "link",
    title: text("menu_link"),
    contexts: ["link"],
    targetUrlPatterns: pages,
  });
}
