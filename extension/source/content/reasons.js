/**
 * Why a sentence is quoted, in the reader's words: the daemon tells it in English, as its check found it.
 */
(() => {
  /**
   * What the daemon says, and the message that says it here. The first that fits counts; a new reason is a line.
   *
   * @type {[said: RegExp, message: string][]}
   */
  const REASONS = [
    [/who said it/, "why_said"],
    [/negation|opposite/, "why_not"],
    [/\bdoubt\b|question became/, "why_doubt"],
    [/condition/, "why_condition"],
    [/\bnumber\b/, "why_number"],
    [/quotation/, "why_words"],
    [/who\b|nobody|somebody|name|what this sentence is about/, "why_who"],
    [/breaks off|lacks a verb|nothing was written|broken|same words twice|joins two/, "why_broken"],
    [/longer than/, "why_longer"],
    [/says again/, "why_again"],
    [/not sure/, "why_unsure"],
    [/is not in the article|untrue|not in it/, "why_new"],
    [/leans|slant|lossy|left out|lost/, "why_lost"],
  ];

  /** The model has no part in it: said once, in the footer. */
  const UNWRITTEN = /does not write this language/;

  notime.isUnwritten = (reasons) => reasons.some((reason) => UNWRITTEN.test(reason));

  notime.reasonText = ({ text: words, sources, reasons }) => {
    const { text } = notime;
    if (reasons.length === 0 || notime.isUnwritten?.(reasons)) {
      const isWhole = sources.some((source) => source.text.trim() === words.trim());
      return text(isWhole ? "quoted_long" : "quoted_shortened");
    }
    const found = REASONS.find(([said]) => reasons.some((reason) => said.test(reason)));
    return text("quoted_because", text(found?.[1] ?? "why_other"));
  };
})();
