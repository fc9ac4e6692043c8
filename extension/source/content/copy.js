/**
 * Puts words on the clipboard.
 */
(() => {
  const { element } = notime.make;

  notime.copy = async (words, root) => {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      // Plain-http pages have no clipboard of their own.
      const field = element("textarea", { value: words, className: "unseen" });
      const focused = root.activeElement;
      root.append(field);
      field.select();
      const copied = document.execCommand("copy");
      field.remove();
      if (focused instanceof HTMLElement) {
        focused.focus({ preventScroll: true });
      }
      return copied;
    }
  };
})();
