/**
 * Every way in which a summary does not come about: one plain sentence, at most one command, one action.
 */
(() => {
  /** @type {Record<string, ProblemText>} */
  const PROBLEMS = {
    not_paired: { message: "problem_not_paired", action: "options" },
    unauthorized: { message: "problem_not_paired", action: "options" },
    forbidden: { message: "problem_not_paired", action: "options" },
    impostor: { message: "problem_impostor", action: "options" },
    not_running: { message: "problem_not_running", command: "notime serve", action: "retry" },
    interrupted: { message: "problem_interrupted", action: "retry" },
    updated: { message: "problem_updated", action: "close" },
    busy: { message: "problem_busy", action: "retry" },
    too_many_attempts: { message: "problem_busy", action: "retry" },
    not_an_article: { message: "problem_not_an_article", action: "close" },
    too_short: { message: "problem_too_short", action: "close" },
    too_large: { message: "problem_too_large", action: "close" },
    unsupported_language: { message: "problem_unsupported_language", action: "close" },
    model_unavailable: {
      message: "problem_model_unavailable",
      command: "notime models build",
      action: "retry",
    },
    model_corrupt: {
      message: "problem_model_corrupt",
      command: "notime models build --force",
      action: "retry",
    },
    not_fetched: { message: "problem_not_fetched", action: "retry" },
    reader_failed: { message: "problem_reader_failed", action: "retry" },
  };

  notime.problemText = (code) =>
    Object.hasOwn(PROBLEMS, code) && PROBLEMS[code]
      ? PROBLEMS[code]
      : { message: "problem_failed", action: "retry" };
})();
