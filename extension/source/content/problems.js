/**
 * Every way in which a summary does not come about: one plain sentence, at most one command, one action.
 */
(() => {
  /** @type {Record<string, [message: string, action: ProblemText["action"], command?: string]>} */
  const PROBLEMS = {
    not_paired: ["not_paired", "options"],
    unauthorized: ["not_paired", "options"],
    forbidden: ["not_paired", "options"],
    impostor: ["impostor", "options"],
    not_running: ["not_running", "retry", "notime serve"],
    interrupted: ["interrupted", "retry"],
    updated: ["updated", "close"],
    busy: ["busy", "retry"],
    too_many_attempts: ["busy", "retry"],
    not_an_article: ["not_an_article", "close"],
    too_short: ["too_short", "close"],
    too_large: ["too_large", "close"],
    unsupported_language: ["unsupported_language", "close"],
    model_unavailable: ["model_unavailable", "retry", "notime models build"],
    model_corrupt: ["model_corrupt", "retry", "notime models build --force"],
    not_fetched: ["not_fetched", "retry"],
    reader_failed: ["reader_failed", "retry"],
  };

  notime.problemText = (code) => {
    const known = Object.hasOwn(PROBLEMS, code) && PROBLEMS[code];
    const [message, action, command] = known || ["failed", /** @type {const} */ ("retry")];
    return { message: `problem_${message}`, action, command };
  };
})();
