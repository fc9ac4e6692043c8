/** What the panel is put together from. */

import type { Form, Length } from "../source/shared/settings.js";
import type {
  ArticleFacts,
  Content,
  Heading,
  Messages,
  OpenRequest,
  Problem,
  ProblemText,
  SummaryEvent,
  SummarySentence,
} from "./messages.js";

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
