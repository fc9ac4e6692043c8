/**
 * Runs by itself on the sites where the reader wants that: looks whether the page is an article, and says so to the
 * background, which brings the panel. Nothing goes out of the page here but how long it is.
 */
(() => {
  /** Words, and characters where words are not set apart, a minute; the daemon counts alike. */
  const READING_SPEED = { words: 238, characters: 500 };

  const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/gu;

  /** @type {string} */
  let told = "";

  function look() {
    const address = location.pathname + location.search;
    if (told !== address && isProbablyReaderable(document)) {
      told = address;
      void chrome.runtime.sendMessage({ type: "article", minutes: minutes() }).catch(() => {});
    }
  }

  function minutes() {
    const text = [...document.querySelectorAll("p")].map((each) => each.textContent).join(" ");
    const unspaced = text.match(UNSPACED)?.length ?? 0;
    const words = text.replace(UNSPACED, " ").match(/\S+/g)?.length ?? 0;
    return Math.round(words / READING_SPEED.words + unspaced / READING_SPEED.characters);
  }

  look();
  if ("navigation" in globalThis) {
    // A page may come to another article without being loaded anew; its text is there a moment later.
    navigation.addEventListener("navigatesuccess", () => requestIdleCallback(look));
  }
})();
