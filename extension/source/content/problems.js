/**
 * Every way in which a summary does not come about: one plain sentence, at most one command, at most one action.
 */
(() => {
  /** @type {Record<string, [message: string, action: ProblemText["action"], command?: string]>} */
  const PROBLEMS = {
    not_paired: ["not_paired", "options"],
    unauthorized: ["not_paired", "options"],
    forbidden: ["not_paired", "options"],
    impostor: ["impostor", "options"],
    not_running: ["not_running", "retry", "serve"],
    interrupted: ["interrupted", "retry"],
    updated: ["updated", ""],
    busy: ["busy", "retry"],
    too_many_attempts: ["busy", "retry"],
    not_an_article: ["not_an_article", "selection"],
    too_short: ["too_short", "selection"],
    too_large: ["too_large", "selection"],
    unsupported_language: ["unsupported_language", "selection"],
    model_unavailable: ["model_unavailable", "retry", "models build"],
    model_corrupt: ["model_corrupt", "retry", "models build --force"],
    not_fetched: ["not_fetched", "retry"],
    reader_failed: ["reader_failed", "retry"],
  };

  notime.problemText = (code) => {
    const known = Object.hasOwn(PROBLEMS, code) && PROBLEMS[code];
    const [message, action, rest] = known || ["failed", /** @type {const} */ ("retry")];
    // As the daemon says that it is called here; "notime" is on few paths.
    const command = rest && `${notime.command ?? "notime"} ${rest}`;
    return { message: `problem_${message}`, action, command };
  };
})();
