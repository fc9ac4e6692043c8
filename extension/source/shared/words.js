/**
 * The words of the interface: in the browser's language, or in the one that the reader chose.
 */

/** @typedef {import("../../types/notime.js").Messages} Messages */
/** @typedef {(message: string, ...values: string[]) => string} Words */

/** Languages of _locales that are written from right to left. */
const RIGHT_TO_LEFT = ["ar"];

/**
 * @param {string} language a folder of _locales, or "" for the browser's
 * @returns {Promise<Messages | null>} null where the browser itself has the words
 */
export async function readMessages(language) {
  if (language === "") {
    return null;
  }
  const file = await fetch(chrome.runtime.getURL(`_locales/${language}/messages.json`));
  return {
    language,
    direction: RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr",
    messages: await file.json(),
  };
}

/**
 * @param {Messages | null} chosen
 * @returns {Words}
 */
export function wordsOf(chosen) {
  return (name, ...values) => {
    if (!chosen) {
      return chrome.i18n.getMessage(name, values);
    }
    const found = Object.hasOwn(chosen.messages, name) ? chosen.messages[name] : undefined;
    return (found?.message ?? "").replace(/\$(\w+)\$/g, (whole, key) => {
      const place = /^\$(\d)$/.exec(found?.placeholders?.[key.toLowerCase()]?.content ?? "");
      return place ? (values[Number(place[1]) - 1] ?? "") : whole;
    });
  };
}

/**
 * Fills in a page of the extension's own: its language, its direction, and what its `data-text` attributes name.
 *
 * @param {Messages | null} chosen
 * @returns {Words}
 */
export function localize(chosen) {
  const words = wordsOf(chosen);
  document.documentElement.lang = chosen?.language ?? chrome.i18n.getUILanguage();
  document.documentElement.dir = chosen?.direction ?? words("@@bidi_dir");
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = words(element.getAttribute("data-text") ?? "");
  }
  return words;
}
