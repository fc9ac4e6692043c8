/**
 * How the panel's elements are made: text goes in as text, and buttons answer to the reader's own hand.
 */
(() => {
  /** Pixels that a pointer may move between down and up and still have clicked rather than selected text. */
  const CLICK_SLACK = 4;

  /** @type {Record<string, string>} */
  const ICONS = {
    mark: "M4 6h16M4 12h11M4 18h6",
    close: "M6 6l12 12M18 6L6 18",
    source: "M5 4v8a4 4 0 0 0 4 4h10M14 11l5 5-5 5",
  };

  notime.make = {
    icons: ICONS,

    element: (tag, properties = {}) => Object.assign(document.createElement(tag), properties),

    icon(name) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("viewBox", "0 0 24 24");
      svg.setAttribute("aria-hidden", "true");
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", ICONS[name] ?? "");
      svg.append(path);
      return svg;
    },

    button(message, className, act) {
      const { element, onClick } = notime.make;
      const textContent = notime.text(message);
      const made = element("button", { type: "button", className, textContent, name: message });
      onClick(made, act);
      return made;
    },

    /** A click of the reader's, not of a script of the page's, and not the end of a selection of text. */
    onClick(target, act) {
      let from = { x: 0, y: 0 };
      target.addEventListener("pointerdown", ({ clientX: x, clientY: y }) => {
        from = { x, y };
      });
      target.addEventListener("click", (event) => {
        const moved =
          event.detail > 0 && Math.hypot(event.clientX - from.x, event.clientY - from.y) > CLICK_SLACK;
        if (event.isTrusted && !moved) {
          event.stopPropagation();
          act();
        }
      });
    },

    setText(target, words) {
      if (target.textContent !== words) {
        target.textContent = words;
      }
    },

    async copy(words, root) {
      try {
        await navigator.clipboard.writeText(words);
        return true;
      } catch {
        // Plain-http pages have no clipboard of their own.
        const field = notime.make.element("textarea", { value: words, className: "heard" });
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
    },
  };
})();
