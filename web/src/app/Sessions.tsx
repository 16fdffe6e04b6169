/** Before a session is chosen: the list to choose from, or what to run when there is none. */
import { SiteNav } from "./SiteNav";
import type { SessionSummary } from "../api/types";

interface ListProps {
  readonly sessions: readonly SessionSummary[];
  /** A key that was asked for and is not served. */
  readonly missing: string | null;
  readonly onSession: (key: string) => void;
}

export function SessionList({ sessions, missing, onSession }: ListProps) {
  return (
    <main className="front">
      <SiteNav here="live" />
      <h1 className="front-title">Overcut</h1>
      <p className="front-word">
        {missing && <>No session is called <code>{missing}</code>. </>}
        {sessions.length === 1 ? "One session is" : `${sessions.length} sessions are`} served here.
      </p>
      <Choices sessions={sessions} onSession={onSession} />
    </main>
  );
}

/** The sessions to choose from, as a list of buttons. */
export function Choices({ sessions, onSession }: Omit<ListProps, "missing">) {
  return (
    <ul className="front-list">
      {sessions.map((session) => (
        <li key={session.key}>
          <button type="button" className="front-session" onClick={() => { onSession(session.key); }}>
            <span className="front-name">{session.meeting.name || session.key}</span>
            <span className="front-kind">{session.meeting.session}</span>
            <span className="quiet">
              {[session.meeting.location, session.meeting.start_date?.slice(0, 10)].filter(Boolean).join(" · ")}
            </span>
            {session.mode === "live" && <span className="simulated">Live</span>}
            {session.simulated && <span className="simulated">Simulated</span>}
            {session.source === "reconstructed" && <span className="simulated">Reconstructed</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

export function NoSessions() {
  return (
    <main className="front">
      <SiteNav here="live" />
      <h1 className="front-title">No session yet</h1>
      <p className="front-word">The server is up, but it has nothing to show. In a terminal:</p>
      <dl className="front-commands">
        <div><dt><code>overcut demo</code></dt><dd>a simulated race, at ten times real time</dd></div>
        <div><dt><code>overcut live</code></dt><dd>the session that is on right now</dd></div>
        <div><dt><code>overcut serve PATH</code></dt><dd>a session folder or a recording of yours</dd></div>
      </dl>
    </main>
  );
}

export function Unreachable({ words, hint, onRetry }: { words: string; hint: string; onRetry: () => void }) {
  return (
    <main className="front" role="alert">
      <SiteNav here="live" />
      <h1 className="front-title">Nothing from the server</h1>
      <p className="front-word">{words} {hint}</p>
      <button type="button" className="button choice" onClick={onRetry}>Try again</button>
    </main>
  );
}
