/** The header's controls: another session, how the connection stands, theme, help. */
import type { SessionSummary } from "../api/types";
import { Link } from "../app/place";
import { HelpIcon, HistoryIcon, MoonIcon, SunIcon } from "../design/icons";
import { useTheme } from "../design/theme";
import { standing } from "../live/feed";
import { useView } from "../stream/useSession";

interface Props {
  readonly sessions: readonly SessionSummary[];
  readonly current: string;
  readonly onSession: (key: string) => void;
  readonly onHelp: () => void;
}

const STANDING = { open: "Connected", connecting: "Connecting", waiting: "Reconnecting" } as const;

export function HeaderControls({ sessions, current, onSession, onHelp }: Props) {
  const [theme, toggle] = useTheme();
  const phase = useView((view) => view.phase);
  const playback = useView((view) => view.held?.playback);
  const over = useView((view) => view.held?.state.status === "ends");
  const live = phase === "open" && playback?.mode === "live" ? playback : null;
  return (
    <div className="header-controls">
      {/* Its room is kept while the list is on the way, so that nothing moves when it comes. */}
      <span className="header-slot">
        {sessions.length > 1 && (
          <select className="choice header-sessions" aria-label="Session" value={current} onChange={(event) => { onSession(event.target.value); }}>
            {sessions.map((session) => (
              <option key={session.key} value={session.key}>
                {[session.meeting.session, session.meeting.name || session.key].filter(Boolean).join(" · ")}{session.simulated ? " (simulated)" : ""}
              </option>
            ))}
          </select>
        )}
      </span>
      <span className={`standing standing-${live ? (live.following && !over ? "live" : "behind") : phase}`} role="status">
        <span className="standing-dot" aria-hidden="true" />
        <span className={phase === "open" && !live ? "standing-words standing-words-wide" : "standing-words"}>
          {live ? standing(live, over) : STANDING[phase]}
        </span>
      </span>
      <Link className="button header-history" href="/history" aria-label="History" title="Every season since 1950">
        <HistoryIcon /><span className="header-history-word" aria-hidden="true">History</span>
      </Link>
      <button type="button" className="button" onClick={toggle} aria-label={theme === "dark" ? "Light theme" : "Dark theme"} title="Theme (t)">
        {theme === "dark" ? <SunIcon /> : <MoonIcon />}
      </button>
      <button type="button" className="button header-help" onClick={onHelp} aria-label="Keyboard help" title="Keyboard help (?)">
        <HelpIcon />
      </button>
    </div>
  );
}
