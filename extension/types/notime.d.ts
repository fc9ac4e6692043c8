/** What the parts of the extension say to each other. */

import type { Length, Theme } from "../source/shared/settings.js";

export type { Length, Theme };

/** What the background tells the panel of a page when the reader asks for a summary. */
export interface OpenRequest {
  length: Length;
  theme: Theme;
  styles: { panel: string; source: string };
  /** The text the reader selected, where that is to be summarised and not the page. */
  selection?: string;
}

/** What goes to the daemon. */
export interface SummaryRequest {
  html?: string;
  text?: string;
  url: string;
  title: string;
  length: Length;
  refresh?: boolean;
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
  command?: string;
  action: "retry" | "options" | "close";
}

/** What the panel shows. */
export interface PanelState {
  phase: "ready" | "reading" | "done" | "stopped" | "problem";
  stage: "waiting" | "loading" | "ranking" | "writing";
  /** 0 to 1, or null where it is not known. */
  progress: number | null;
  length: Length;
  article: ArticleFacts | null;
  sentences: SummarySentence[];
  /** Share of the article's sentences that were read. */
  fraction: number;
  model: string;
  problem: Problem | null;
}

export interface View {
  /** What stands in the page. */
  readonly host: HTMLElement;
  render(state: PanelState): void;
  setTheme(theme: "light" | "dark"): void;
  setType(font: { family: string; size: number }): void;
  focus(): void;
  /** Tells a screen reader. */
  say(message: string): void;
  /** Whether it could be put on the clipboard. */
  copy(words: string): Promise<boolean>;
}

export interface ViewActions {
  start(): void;
  stop(): void;
  again(): void;
  close(): void;
  options(): void;
  copy(): void;
  setLength(length: Length): void;
  /** The sentence under the pointer or focus, or null. */
  point(sentence: SummarySentence | null): void;
  visit(sentence: SummarySentence): void;
  /** Escape. */
  leave(): void;
}

/** The element that holds the article's text, and its first paragraph. */
export interface ArticleText {
  root: Element;
  first: Element;
}

/** A place for the panel. */
export interface Spot {
  parent: Element;
  before: ChildNode | null;
}

/** The panel's scripts, as they meet in a page's isolated world. */
export interface Notime {
  problemText(code: string): ProblemText;
  initialState(length: Length): PanelState;
  nextState(state: PanelState, event: SummaryEvent): PanelState;
  place(host: HTMLElement): ArticleText | null;
  pageTheme(element: Element): "light" | "dark";
  findSource(text: string, root: Element): Range | null;
  /** Highlights a part of the page in this style, or nothing. */
  pointAt(range: Range | null, style: string): void;
  createView(actions: ViewActions, style: string): View;
  open(request: OpenRequest): void;
}

declare global {
  // eslint-disable-next-line no-var
  var notime: Notime;
}
