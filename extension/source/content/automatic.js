/**
 * Runs by itself on the sites where the reader wants that: looks whether the page is an article, and says so to the
 * background, which brings the panel. Nothing is read out of the page here.
 */
(() => {
  /** @type {string} */
  let told = "";

  function look() {
    const address = location.pathname + location.search;
    if (told !== address && isProbablyReaderable(document)) {
      told = address;
      void chrome.runtime.sendMessage({ type: "article" }).catch(() => {});
    }
  }

  look();
  if ("navigation" in globalThis) {
    // A page may come to another article without being loaded anew; its text is there a moment later.
    navigation.addEventListener("navigatesuccess", () => requestIdleCallback(look));
  }
})();
