/**
 * Where the panel's scripts meet: an own property of the isolated world's global, which an element of the page with
 * id="notime" cannot stand in for. And the interface's words.
 */
if (!Object.hasOwn(globalThis, "notime")) {
  Object.defineProperty(globalThis, "notime", { value: {} });
}
(() => {
  /** @type {Messages | null} */
  let chosen = null;

  notime.speak = (words) => {
    chosen = words;
  };

  // As wordsOf in shared/words.js, which a script in a page cannot import.
  notime.text = (name, ...values) => {
    const found = chosen?.messages[name];
    if (!found) {
      return chrome.i18n.getMessage(name, values);
    }
    return found.message.replace(/\$(\w+)\$/g, (whole, key) => {
      const place = /^\$(\d)$/.exec(found.placeholders?.[key.toLowerCase()]?.content ?? "");
      return place ? (values[Number(place[1]) - 1] ?? "") : whole;
    });
  };

  notime.direction = () => chosen?.direction ?? (chrome.i18n.getMessage("@@bidi_dir") || "ltr");
})();
