/**
 * How the panel's elements are made: text goes in as text, and buttons answer to the reader's own hand.
 */
(() => {
  /** @type {Record<string, string>} */
  const ICONS = {
    mark: "M4 6h16M4 12h11M4 18h6",
    close: "M6 6l12 12M18 6L6 18",
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

    onClick(target, act) {
      target.addEventListener("click", (event) => {
        if (event.isTrusted) {
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
  };
})();
