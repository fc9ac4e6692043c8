/** All types of the extension, and those that the classic scripts in content/ find without an import. */

export type { Form, Length, Theme } from "../source/shared/settings.js";
export type * from "./messages.js";
export type * from "./panel.js";
export type * from "./library.js";

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
  var notime: Types.Notime;
  /** Of @mozilla/readability, packaged beside automatic.js. */
  function isProbablyReaderable(document: Document): boolean;
}
