/**
 * What more can be done with a summary: a menu in the top layer, so that nothing of the page stands over it.
 */
(() => {
  /** Pixels between the menu and its button, and between it and the window's edge. */
  const GAP = 4;

  /** Pixels: it is not squeezed into less. */
  const LEAST = 260;

  const { element, icon, button } = notime.make;
  const { text } = notime;

  notime.createMenu = ({ frame, root }, acts) => {
    const menu = element("div", {
      className: "menu",
      role: "menu",
      popover: "auto",
      ariaLabel: text("more"),
    });
    const items = Object.entries(acts).map(([message, act]) => {
      const item = button(message, "", () => {
        if (item.role === "menuitem") {
          menu.hidePopover();
        }
        act();
      });
      item.role = "menuitem";
      item.tabIndex = -1;
      return item;
    });
    menu.append(...items);
    frame.append(menu);
    const opener = button("more", "quiet icon", () => {});
    opener.replaceChildren(icon("more"));
    opener.ariaLabel = opener.title = text("more");
    opener.ariaHasPopup = "menu";
    opener.ariaExpanded = "false";
    opener.popoverTargetElement = menu;
    // Before it is shown, so that it is never seen elsewhere.
    menu.addEventListener("beforetoggle", (event) => {
      opener.ariaExpanded = String(event.newState === "open");
      const places = placesOf(opener.getBoundingClientRect(), frame.dir === "rtl");
      for (const side of ["left", "right", "top", "bottom", "max-width", "max-height"]) {
        const place = places[side];
        const free = side.startsWith("max") ? "none" : "auto";
        menu.style.setProperty(side, place === undefined ? free : `${place}px`);
      }
    });
    menu.addEventListener("toggle", (event) => {
      if (event.newState === "open") {
        items[0]?.focus({ preventScroll: true });
      }
    });
    menu.addEventListener("keydown", (event) => {
      const at = items.findIndex((item) => item === root.activeElement);
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
      if (next !== undefined) {
        event.preventDefault();
        items.at(next % items.length)?.focus();
      } else if (event.key === "Escape" || event.key === "Tab") {
        event.preventDefault();
        menu.hidePopover();
        opener.focus();
      }
    });
    return {
      button: opener,
      close: () => menu.matches(":popover-open") && menu.hidePopover(),
      check(name, on) {
        const item = items.find((each) => each.name === name);
        if (item) {
          item.role = "menuitemcheckbox";
          item.ariaChecked = String(on);
        }
      },
    };
  };

  /**
   * From the button to where there is more room, within the window without its scroll bar.
   *
   * @param {DOMRect} button
   * @param {boolean} backwards the line runs from right to left
   * @returns {Record<string, number | undefined>} pixels by property
   */
  function placesOf({ left, right, top, bottom }, backwards) {
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const room = backwards ? width - left : right;
    const toStart = room >= LEAST || room > (backwards ? right : width - left);
    // Where there is not enough on either side, all of the window is taken.
    const squeezed = Math.max(right, width - left) < LEAST;
    const atLeft = toStart === backwards;
    const beside = squeezed
      ? { left: GAP, right: GAP }
      : atLeft
        ? { left: Math.max(GAP, left), "max-width": width - Math.max(GAP, left) - GAP }
        : { right: width - Math.min(right, width - GAP), "max-width": Math.min(right, width - GAP) - GAP };
    const above = bottom >= height / 2;
    return {
      ...beside,
      ...(above ? { bottom: height - top + GAP } : { top: bottom + GAP }),
      "max-height": (above ? top : height - bottom) - 2 * GAP,
    };
  }
})();
