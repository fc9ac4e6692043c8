/**
 * Every way in which a summary does not come about: one plain sentence, at most one command, at most one action.
 */
(() => {
  /** @type {Record<string, [action: ProblemText["action"], command?: string, message?: string]>} */
  const PROBLEMS = {
    not_paired: ["options"],
    unauthorized: ["options", "", "not_paired"],
    forbidden: ["options", "", "not_paired"],
    impostor: ["options"],
    not_running: ["retry", "serve"],
    interrupted: ["retry"],
    updated: [""],
    busy: ["retry"],
    too_many_attempts: ["retry", "", "busy"],
    not_an_article: ["selection"],
    too_short: ["selection"],
    too_large: ["selection"],
    unsupported_language: ["selection"],
    model_unavailable: ["retry", "models build"],
    model_corrupt: ["retry", "models build --force"],
    out_of_memory: ["retry"],
    not_fetched: ["retry"],
    reader_failed: ["retry"],
  };

  notime.problemText = (code) => {
    const known = Object.hasOwn(PROBLEMS, code) && PROBLEMS[code];
    const [action, rest, message = code] = known || [/** @type {const} */ ("retry"), "doctor", "failed"];
    // As the daemon says that it is called here; "notime" is on few paths.
    const command = rest && `${notime.command ?? "notime"} ${rest}`;
    return { message: `problem_${message}`, action, command };
  };
})();
