/** What the parts of the extension say to each other. */

import type { Form, Length, Theme } from "../source/shared/settings.js";

export type { Form, Length, Theme };

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

/** What the panel shows. */
export interface PanelState {
  /** `moved`: the page shows something else than what was summarised. */
  phase: "ready" | "reading" | "done" | "stopped" | "moved" | "problem";
  stage: "waiting" | "busy" | "loading" | "ranking" | "writing";
  /** 0 to 1, or null where it is not known. */
  progress: number | null;
  /** While waiting: requests that come first; while the daemon is busy: seconds until it is asked again. */
  ahead: number;
  length: Length;
  form: Form;
  /** The panel came by itself, and is not yet asked for anything. */
  offered: boolean;
  /** Another summary is being made, and this one stays on show until then. */
  renewing: boolean;
  /** That reading the article takes, as the page alone tells; 0 where not known. */
  minutes: number;
  article: ArticleFacts | null;
  sentences: SummarySentence[];
  outline: Heading[];
  /** Share of the article's sentences that were read. */
  fraction: number;
  model: string;
  problem: Problem | null;
}

export interface View {
  /** What stands in the page. */
  readonly host: HTMLElement;
  readonly parts: ViewParts;
  render(state: PanelState): void;
  /** `tint`: the colour of the page's text, where the panel may take the page's own ground; else "". */
  setTheme(theme: "light" | "dark", tint?: string): void;
  setType(font: { family: string; size: number }): void;
  focus(): void;
}

/** Where furnish.js and what it calls put what is only needed once there is a summary, or something is wrong. */
export interface ViewParts {
  root: ShadowRoot;
  frame: HTMLElement;
  panel: HTMLElement;
  head: HTMLElement;
  status: HTMLElement;
  body: HTMLElement;
  points: HTMLElement;
  foot: HTMLElement;
  meta: HTMLElement;
  actions: HTMLElement;
}

export interface ViewActions {
  start(): void;
  stop(): void;
  close(): void;
  notHere(): void;
  /** Escape. */
  leave(): void;
}

/** What the parts of a furnished panel do with it. */
export interface PartActions {
  session: Session;
  /** Aborted when the panel is closed. */
  signal: AbortSignal;
  /** The sentence under the pointer or focus, or null. */
  point(sentence: SummarySentence | null): void;
  /** Goes where a sentence comes from, or says that it is not there. */
  visit(sentence: SummarySentence): void;
  /** Tells in passing. */
  say(message: string): void;
}

/** A part of the view that follows the state. */
export interface Part {
  render(state: PanelState): void;
}

/** All that a click does not need; see furnish.js. */
export interface Furniture extends Part {
  /** Before the view shows that state. */
  hold(state: PanelState): void;
  close(): void;
}

export interface Menu {
  button: HTMLButtonElement;
  close(): void;
  /** Makes that item one that is on or off. */
  check(name: string, on: boolean): void;
}

export interface Voice {
  stop(): void;
  /** Which sentence, or -1. */
  speaks(): number;
  knows(language: string): boolean;
  toggle(state: PanelState): void;
}

/** The view's own way to make its elements. */
export interface Make {
  /** Paths in a square of 24, by name. */
  icons: Record<string, string>;
  element<Tag extends keyof HTMLElementTagNameMap>(
    tag: Tag,
    properties?: Partial<HTMLElementTagNameMap[Tag]>,
  ): HTMLElementTagNameMap[Tag];
  icon(name: string): SVGElement;
  /** Answers to the reader's hand only; `name` is the message, and what a test finds it by. */
  button(message: string, className: string, act: () => void): HTMLButtonElement;
  onClick(target: HTMLElement, act: () => void): void;
  setText(target: Element, words: string): void;
}

/** Shows where sentences come from, in the page that the script is in. */
export interface Pointer {
  /** Where the article is, if that is known. */
  look(root: Element | null): void;
  point(sentence: SummarySentence | null): void;
  visit(sentence: SummarySentence): boolean;
  back(): void;
  clear(): void;
}

/** What a panel stands in and tells of: a page, or beside it the page in the tab. */
export interface Ground {
  /** Address and title of what is summarised. */
  url(): string;
  title(): string;
  content(): Promise<Content>;
  /** What the reader has selected. */
  selection?(): Promise<string>;
  /** Brings the panel before the reader's eyes. */
  reveal(): void;
  /** Highlights where a sentence comes from; null: again what was visited, or nothing. */
  point(sentence: SummarySentence | null): void;
  /** Scrolls there and leaves it highlighted until something else is touched; false where it is not found. */
  visit(sentence: SummarySentence): Promise<boolean>;
  /** Scrolls back to where the reader was. */
  back(): void;
  /** Nothing is highlighted. */
  clear(): void;
  /** Leaves nothing behind. */
  release(): void;
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
  /** Of the interface, in the reader's language. */
  text(message: string, ...values: string[]): string;
  speak(words: Messages | null): void;
  direction(): string;
  /** How the daemon is called in a terminal here. */
  command?: string | undefined;
  initialState(length: Length, form: Form): PanelState;
  nextState(state: PanelState, event: SummaryEvent): PanelState;
  place(host: HTMLElement): ArticleText | null;
  /** And the colour of its text, where its ground is plain. */
  pageTheme(element: Element): ["light" | "dark", string];
  make: Make;
  createView(actions: ViewActions, style: string): View;
  createSession(request: OpenRequest, ground: (view: View, session: Session) => Ground): Session;
  open(request: OpenRequest): void;
  /** From here on only after the article is read; see background/inject.js. */
  findSource?(text: string, root: Element): Range | null;
  problemText(code: string): ProblemText;
  /** Whether it could be put on the clipboard. */
  copy?(words: string, root: ShadowRoot): Promise<boolean>;
  reasonText?(sentence: Pick<SummarySentence, "text" | "sources" | "reasons">): string;
  /** Whether that is because no model writes the language. */
  isUnwritten?(reasons: string[]): boolean;
  /** Lets go of what findSource knows of the page, and no longer watches it. */
  forgetSources?(): void;
  /** Highlights a part of the page in this style, or nothing. */
  pointAt?(range: Range | null, style: string): void;
  createPointer?(style: string): Pointer;
  /** Of a panel that stands beside the page. */
  pointer?: Pointer | undefined;
  /** Whether the reader is away from the panel, at a source. */
  wandered?(away: boolean): void;
  /** Whether something happened in the panel. */
  isOwn?(event: Event): boolean;
  addPoints?(view: View, actions: PartActions): Part;
  addOutline?(view: View, actions: PartActions): Part;
  addTools?(view: View, actions: PartActions): Part;
  addRemedy?(view: View, actions: PartActions): Part;
  listening?(changed: () => void, signal: AbortSignal): Voice;
  createMenu?(parts: ViewParts, acts: Record<string, () => void>): Menu;
  furnish?(view: View, session: Session): Furniture;
}

/** One panel's work, from the request to its summary. */
export interface Session {
  readonly state: PanelState;
  readonly ground: Ground;
  /** What was asked for; `withLink` and `selection` may change. */
  readonly request: OpenRequest;
  shows(request: OpenRequest): boolean;
  start(): void;
  /** Makes the summary anew, and keeps the old one until then. */
  again(): void;
  stop(): void;
  close(): void;
  /** The page shows something else now. */
  moved(): void;
  focus(): void;
  setLength(length: Length): void;
  setForm(form: Form): void;
  /** Has a summary made beforehand; comes to the code of what keeps it from that. */
  prepare(length: Length): Promise<unknown>;
  tell(message: object): Promise<any>;
}

import type * as Types from "./notime.js";

declare global {
  // By their bare names in content/, whose bytes are counted.
  type ArticleFacts = Types.ArticleFacts;
  type ArticleText = Types.ArticleText;
  type Content = Types.Content;
  type Form = Types.Form;
  type Furniture = Types.Furniture;
  type Ground = Types.Ground;
  type Heading = Types.Heading;
  type Length = Types.Length;
  type Make = Types.Make;
  type Messages = Types.Messages;
  type OpenRequest = Types.OpenRequest;
  type PanelState = Types.PanelState;
  type Part = Types.Part;
  type Pointer = Types.Pointer;
  type ProblemText = Types.ProblemText;
  type Session = Types.Session;
  type Spot = Types.Spot;
  type SummaryEvent = Types.SummaryEvent;
  type SummarySentence = Types.SummarySentence;
  type View = Types.View;
  type ViewParts = Types.ViewParts;
  // eslint-disable-next-line no-var
  var notime: Notime;
  /** Of @mozilla/readability, packaged beside automatic.js. */
  function isProbablyReaderable(document: Document): boolean;
}

/** A summary that the daemon kept, as a list shows it. */
export interface HistoryEntry {
  id: string;
  /** RFC 3339, in UTC. */
  created: string;
  title: string;
  siteName: string;
  byline: string;
  /** Of the web, or "". */
  url: string;
  language: string;
  minutes: number;
  length: string;
  model: string;
  /** The whole summary. */
  text: string;
}

export interface HistoryPage {
  entries: HistoryEntry[];
  /** Where the next page begins, null after the last. */
  next: string | null;
}

/** A summary that the daemon kept, with its sources. */
export interface HistoryRecord {
  id: string;
  created: string;
  url: string;
  length: string;
  article: ArticleFacts;
  sentences: SummarySentence[];
  outline: Heading[];
  fraction: number;
  model: string;
}

export interface ModelFacts {
  id: string;
  title: string;
  licence: string;
  installed: boolean;
  bytes: number;
  isDefault: boolean;
  /** Whether it writes; what only reads has no speed of its own. */
  writes: boolean;
  /** As measured on this computer, null before the first summary. */
  speed: { summaries: number; firstMs: number; totalMs: number } | null;
}

export interface DaemonStatus {
  version: string;
  /** How it is called in a terminal on this computer; "" where it does not say. */
  command: string;
  /** The model's id. */
  model: string;
  history: { kept: boolean; entries: number; bytes: number };
}

export interface LibraryRefusal {
  ok: false;
  code: string;
}

/** What an own page may ask the background for, by the message's type; what it sends, and what it gets. */
export interface LibraryMessages {
  health: [object, object];
  status: [object, { status: DaemonStatus }];
  models: [object, { models: ModelFacts[] }];
  history: [{ query?: string; before?: string; limit?: number }, HistoryPage];
  history_one: [{ id: string }, { record: HistoryRecord }];
  history_delete: [{ id: string }, object];
  history_clear: [object, object];
}
