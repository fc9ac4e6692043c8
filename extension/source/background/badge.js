/**
 * The toolbar button's badge: how far the summary of its tab is.
 */

/** @typedef {import("../../types/notime.js").SummaryEvent} SummaryEvent */

/**
 * @param {number | undefined} tabId
 * @param {SummaryEvent | null} event null where the work has ended
 */
export function showProgress(tabId, event) {
  const text = badge(event);
  if (tabId !== undefined && text !== null) {
    // The tab may have gone.
    chrome.action.setBadgeText({ tabId, text }).catch(() => {});
  }
}

/**
 * @param {SummaryEvent | null} event
 * @returns {string | null} null where nothing changes
 */
export function badge(event) {
  switch (event?.type) {
    case undefined:
    case "done":
      return "";
    case "accepted":
      return "…";
    case "progress":
      return event.stage === "writing" ? `${Math.round(100 * event.fraction)}%` : null;
    case "problem":
      return event.problem.code === "cancelled" ? "" : "!";
    default:
      return null;
  }
}
