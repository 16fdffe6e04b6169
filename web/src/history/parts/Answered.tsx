/** What stands where an answer will be: its shape while it is on the way, and what went wrong when it does not come. */
import { type ReactNode, useEffect } from "react";
import type { RequestError } from "../../api/client";
import type { Answer } from "../api/useAnswer";

interface Props<T> {
  readonly of: Answer<T>;
  readonly children: (value: T) => ReactNode;
  /** What is asked for, for screen readers and for the words of a failure: "the season". */
  readonly what: string;
  /** What is shown meanwhile; a page's shape when not given. */
  readonly waiting?: ReactNode;
}

export function Answered<T>({ of, children, what, waiting }: Props<T>) {
  if (of.failure) return <Failure failure={of.failure} onAgain={of.again} what={what} />;
  if (of.value === undefined) return waiting ?? <PageShape what={what} />;
  return <div className="answered" aria-busy={of.late || undefined}>{children(of.value)}</div>;
}

/** The bare shape of a page: a title, a line of facts, a table. It comes after a moment, so that a quick answer does not flash. */
export function PageShape({ what }: { readonly what: string }) {
  return (
    <div className="shape" role="status" aria-label={`Loading ${what}`}>
      <i className="shape-title" />
      <i className="shape-line" />
      {Array.from({ length: 12 }, (_, index) => <i key={index} className="shape-row" style={{ "--delay": `${index * 40}ms` }} />)}
    </div>
  );
}

const IMPORT = "overcut history import";

/** Whether the server says that it holds no history at all. */
export const isEmptyLake = (failure: RequestError): boolean =>
  failure.status === 404 && `${failure.message} ${failure.hint}`.includes(IMPORT);

function Failure({ failure, onAgain, what }: { readonly failure: RequestError; readonly onAgain: () => void; readonly what: string }) {
  const empty = isEmptyLake(failure);
  const title = empty ? "No history yet" : failure.status === 404 ? "Not found" : failure.status === 0 ? "Nothing from the server" : `Cannot show ${what}`;
  useEffect(() => { document.title = `${title} · Overcut`; }, [title]);
  if (empty) return <EmptyLake />;
  return (
    <div className="trouble" role="alert">
      <h1 className="page-title">{title}</h1>
      <p className="page-lead">{asSentence(failure.message)}</p>
      {failure.hint && <p className="page-lead"><Coded text={asSentence(failure.hint)} /></p>}
      <button type="button" className="button choice" onClick={onAgain}>Try again</button>
    </div>
  );
}

/** A lake without history: what to run, and what will be here then. */
export function EmptyLake() {
  return (
    <div className="trouble">
      <h1 className="page-title">No history yet</h1>
      <p className="page-lead">
        Every championship since 1950 fits here: seasons, races, drivers, records. It comes from F1DB, which is open data, in under a minute.
      </p>
      <dl className="front-commands">
        <div><dt><code>{IMPORT}</code></dt><dd>downloads the newest release and reads it in</dd></div>
        <div><dt><code>{IMPORT} f1db-sqlite.zip</code></dt><dd>reads a release that you have already</dd></div>
      </dl>
      <p className="quiet">Run one of them in a terminal beside the server, then reload this page.</p>
    </div>
  );
}

/** The server's words as a sentence: begun with a capital, ended with a full stop. */
export function asSentence(words: string): string {
  const trimmed = words.trim();
  const begun = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(begun) || begun === "" ? begun : `${begun}.`;
}

/** Words with `code` in backticks. */
function Coded({ text }: { readonly text: string }) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
