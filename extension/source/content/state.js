/**
 * What the panel knows, and how each event of the daemon changes it. Nothing here touches the page.
 */
(() => {
  /** Of the one bar that the reader sees: where ranking ends, and writing, the larger part, begins. */
  const RANKED = 0.3;

  notime.initialState = (length, form) => ({
    phase: "ready",
    stage: "waiting",
    progress: null,
    ahead: 0,
    length,
    form,
    offered: false,
    renewing: false,
    minutes: 0,
    article: null,
    sentences: [],
    outline: [],
    fraction: 1,
    model: "",
    problem: null,
  });

  notime.nextState = (state, event) => (state.phase === "reading" ? read(state, event) : state);

  /**
   * @param {PanelState} state
   * @param {SummaryEvent} event
   * @returns {PanelState}
   */
  function read(state, event) {
    switch (event.type) {
      case "accepted":
        return { ...state, stage: event.position > 0 ? "waiting" : "ranking", ahead: event.position };
      case "article":
        return { ...state, article: event.article };
      case "model":
        return event.ready
          ? { ...state, stage: "ranking", progress: null }
          : { ...state, stage: "loading", progress: event.progress };
      case "progress":
        return { ...state, stage: event.stage, progress: overall(event.stage, event.fraction) };
      case "token":
        return { ...state, stage: "writing" };
      case "sentence":
        return {
          ...state,
          stage: "writing",
          sentences: [
            ...state.sentences.filter(({ index }) => index !== event.sentence.index),
            event.sentence,
          ].sort((a, b) => a.index - b.index),
        };
      case "problem":
        return event.problem.code === "cancelled"
          ? { ...state, phase: "stopped" }
          : { ...state, phase: "problem", problem: event.problem };
      case "done": {
        const { article, sentences, outline, fraction, model } = event;
        return { ...state, phase: "done", progress: 1, article, sentences, outline, fraction, model };
      }
      default:
        return state;
    }
  }

  /**
   * @param {"ranking" | "writing"} stage
   * @param {number} fraction
   */
  function overall(stage, fraction) {
    return stage === "ranking" ? RANKED * fraction : RANKED + (1 - RANKED) * fraction;
  }
})();
