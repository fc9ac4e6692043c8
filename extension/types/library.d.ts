/** What the extension's own pages ask the background for. */

import type { ArticleFacts, Heading, SummarySentence } from "./messages.js";

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
