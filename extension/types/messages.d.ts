/** What background, daemon and panel say to each other. */

import type { Form, Length, Theme } from "../source/shared/settings.js";

/** The interface in a language that the reader chose; see shared/words.js. */
export interface Messages {
  language: string;
  direction: "ltr" | "rtl";
  messages: Record<string, { message: string; placeholders?: Record<string, { content: string }> }>;
}

/**
 * How the panel comes: asked for; or by itself, closed, closed with the summary made beforehand, or with the summary.
 */
export type Manner = "asked" | "offer" | "prepare" | "summarize";

/** What the background tells the panel of a page when the reader asks for a summary. */
export interface OpenRequest {
  manner: Manner;
  length: Length;
  form: Form;
  theme: Theme;
  styles: { panel: string; source: string };
  /** How the daemon is called in a terminal here. */
  command: string;
  /** Whether title and link are copied along. */
  withLink: boolean;
  words: Messages | null;
  /** That reading the article takes, as the page alone tells. */
  minutes?: number;
  /** The text the reader selected, where that is to be summarised and not the page. */
  selection?: string;
  /** The address of the page behind a link, where that is to be summarised. */
  link?: string;
}

/** What is to be summarised: a page, a text, or the page behind a link, which the background fetches. */
export interface Content {
  html?: string;
  text?: string;
  link?: string;
  /** From a private window, where the background cannot tell that itself. */
  isPrivate?: boolean;
}

/** What the panel asks the background for. */
export interface PanelRequest extends Content {
  /** `prepare`: made beforehand, nothing is told. */
  type: "summarize" | "prepare";
  url: string;
  title: string;
  length: Length;
  refresh?: boolean;
}

/** What goes to the daemon. */
export interface SummaryRequest {
  html?: string;
  text?: string;
  url: string;
  title: string;
  length: Length;
  refresh?: boolean;
  /** false: in a private window, or where the reader keeps no history. */
  keep?: boolean;
  /** false: the panel came by itself, so that only what is surely an article is summarised. */
  asked?: boolean;
}

export interface Source {
  index: number;
  text: string;
}

export interface SummarySentence {
  index: number;
  text: string;
  /** `extracted`: the article's own sentence. */
  method: "generated" | "extracted";
  sources: Source[];
  reasons: string[];
}

/** A heading of the article; `block`: which of its blocks; `depth`: 1 where it is a part of the one before with 0. */
export interface Heading {
  text: string;
  block: number;
  depth: number;
}

export interface ArticleFacts {
  title: string;
  byline: string;
  siteName: string;
  language: string;
  words: number;
  minutes: number;
}

export interface Problem {
  code: string;
  message?: string;
  /** Seconds, 0 where not said. */
  retryAfter?: number;
}

/** What the background tells the panel. */
export type SummaryEvent =
  | { type: "accepted"; position: number }
  | { type: "article"; article: ArticleFacts }
  | { type: "model"; ready: boolean; progress: number }
  | { type: "progress"; stage: "ranking" | "writing"; fraction: number }
  | { type: "token"; index: number }
  | { type: "sentence"; sentence: SummarySentence }
  | { type: "ping" }
  | { type: "problem"; problem: Problem }
  | DoneEvent;

export interface DoneEvent {
  type: "done";
  article: ArticleFacts;
  sentences: SummarySentence[];
  outline: Heading[];
  fraction: number;
  model: string;
  cached: boolean;
}

/** `paired`, or the code of what is wrong. */
export type PairingState = "paired" | (string & {});

export interface ProblemText {
  /** Name of the message. */
  message: string;
  /** A command for the reader to copy. */
  command?: string | undefined;
  action: "retry" | "options" | "selection" | "";
}
