/** Watching one session: its store, its keys, its panes. */
import { useEffect, useState } from "react";
import type { SessionSummary } from "../api/types";
import { toggleTheme } from "../design/theme";
import { Header } from "../header/Header";
import { ReplayBar } from "../replay/ReplayBar";
import { useControls } from "../replay/useControls";
import { useTimeline } from "../replay/useTimeline";
import { FeedNotice } from "../live/FeedNotice";
import { useNextSession } from "../live/useNextSession";
import { SessionStore } from "../stream/store";
import { StoreContext, useStore, useView } from "../stream/useSession";
import { ErrorBoundary } from "./ErrorBoundary";
import { HelpSheet } from "./HelpSheet";
import { Panes, type PaneId } from "./Panes";
import { type Action, useShortcuts } from "./shortcuts";

interface Props {
  readonly session: string;
  readonly sessions: readonly SessionSummary[];
  readonly driver: string | null;
  readonly onSession: (key: string) => void;
  readonly onDriver: (number: string | null) => void;
}

export function Watch(props: Props) {
  const [store] = useState(() => new SessionStore(props.session));
  useEffect(() => store.start(), [store]);
  return (
    <StoreContext value={store}>
      <Session {...props} />
    </StoreContext>
  );
}

function Session({ session, sessions, driver, onSession, onDriver }: Props) {
  const store = useStore();
  const live = useView((view) => view.held?.playback.mode === "live");
  const timeline = useTimeline(session, live);
  const controls = useControls(store, timeline);
  const failure = useView((view) => view.failure);
  const [selected, select] = useState<string | null>(driver);
  const [pane, show] = useState<PaneId>(driver ? "driver" : "board");
  const [help, setHelp] = useState(false);

  const open = (number: string | null) => {
    select(number);
    onDriver(number);
    show(number ? "driver" : "board");
  };
  const step = (by: 1 | -1) => {
    const { order } = store.getView();
    const place = selected === null ? -1 : order.indexOf(selected);
    const next = order[place === -1 ? 0 : Math.min(Math.max(place + by, 0), order.length - 1)];
    if (!next) return;
    select(next);
    if (driver) onDriver(next);
  };
  const act: Record<Action, () => void> = {
    "toggle": controls.toggle,
    "back": () => { controls.skip(-10_000); },
    "forward": () => { controls.skip(10_000); },
    "lap-back": () => { controls.skipLap(-1); },
    "lap-forward": () => { controls.skipLap(1); },
    "up": () => { step(-1); },
    "down": () => { step(1); },
    "open": () => { if (selected) open(selected); },
    "close": () => { if (help) setHelp(false); else open(null); },
    "theme": toggleTheme,
    "live": controls.goLive,
    "help": () => { setHelp((shown) => !shown); },
  };
  const next = useNextSession(store, onSession);
  useShortcuts((action) => { act[action](); });

  if (failure) return <main className="front" role="alert"><h1 className="front-title">Cannot read the stream</h1><p className="front-word">{failure}</p></main>;
  return (
    <div className="watch">
      <div>
        <Header sessions={sessions} onSession={onSession} onHelp={() => { setHelp(true); }} />
        <FeedNotice />
        {next && (
          <p className="feed-notice" role="status">
            Another session is live now. <button type="button" className="button choice" onClick={() => { onSession(next); }}>Watch it</button>
          </p>
        )}
      </div>
      <ErrorBoundary part="The board">
        <Panes {...{ pane, show, selected }} opened={driver} onPick={open} onClose={() => { open(null); }} />
      </ErrorBoundary>
      <ReplayBar controls={controls} timeline={timeline} />
      <HelpSheet open={help} onClose={() => { setHelp(false); }} />
    </div>
  );
}
