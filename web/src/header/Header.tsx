/** What is on, how it stands, which flag flies: the bar that is read from across the room. */
import { useEffect, useRef, useState } from "react";
import type { SessionSummary } from "../api/types";
import { sessionLook } from "../format/flags";
import { useSession, useView } from "../stream/useSession";
import { Mark } from "../app/SiteNav";
import { HeaderControls } from "./HeaderControls";
import { LapCount, SessionClock } from "./Progress";
import { WeatherLine } from "./WeatherLine";
import "./header.css";

interface Props {
  readonly sessions: readonly SessionSummary[];
  readonly onSession: (key: string) => void;
  readonly onHelp: () => void;
}

export function Header({ sessions, onSession, onHelp }: Props) {
  const meeting = useSession((state) => state.meeting);
  const simulated = useSession((state) => state.simulated) === true;
  const reconstructed = useSession((state) => state.source) === "reconstructed";
  const key = useView((view) => view.held?.state.key ?? "");
  const family = useSession((state) => sessionLook(state).family) ?? "none";
  const words = useSession((state) => sessionLook(state).words) ?? "";
  const year = /\d{4}/.exec(meeting?.start_date ?? "")?.[0] ?? "";

  useEffect(() => {
    document.title = meeting?.name ? `${meeting.name} ${meeting.session ?? ""} · Overcut` : "Overcut";
  }, [meeting]);

  return (
    <header className={`header flag-${family}`}>
      <div className="header-what">
        {sessions.length > 1 ? <a className="mark-link" href="./" aria-label="All sessions"><Mark /></a> : <Mark />}
        <div className="header-names">
          <h1 className="header-meeting">{meeting?.name || key || "Overcut"} {year && <span className="header-year">{year}</span>}</h1>
          <p className="header-session">
            <strong>{meeting?.session || "Session"}</strong>
            <span className="header-place">{meeting?.circuit || meeting?.location}</span>
            {simulated && <span className="simulated" title="Made up by Overcut's simulator: no real cars, no real times">Simulated</span>}
            {reconstructed && <span className="simulated" title="Made again from tables of laps, gaps and messages: the feed itself was not recorded">Reconstructed</span>}
          </p>
        </div>
      </div>
      <div className="header-flag">
        <span className="flag-cloth" aria-hidden="true" />
        <span className="flag-words">{words}</span>
      </div>
      <div className="header-progress">
        <LapCount />
        <SessionClock />
      </div>
      <WeatherLine />
      <HeaderControls {...{ sessions, onSession, onHelp, current: key }} />
      <FlagAnnouncer words={words} />
    </header>
  );
}

/** Tells a change of flag to screen readers, politely, and not the first state. */
function FlagAnnouncer({ words }: { words: string }) {
  const [said, say] = useState("");
  const before = useRef("");
  useEffect(() => {
    if (before.current && before.current !== words) say(words);
    before.current = words;
  }, [words]);
  return <div className="sr-only" role="status" aria-live="polite">{said}</div>;
}
