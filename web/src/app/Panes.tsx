/** How the panes share the screen: side by side where there is room, one at a time on a phone. */
import { useEffect, useState } from "react";
import { Board } from "../board/Board";
import { BoardIcon, HelmetIcon, MapIcon, MessageIcon, TyreIcon } from "../design/icons";
import { DriverPanel } from "../driver/DriverPanel";
import { TrackMap } from "../map/TrackMap";
import { MessageFeed } from "../messages/MessageFeed";
import { useView } from "../stream/useSession";
import { StintTable } from "../tyres/StintTable";
import { WeatherCard } from "../weather/WeatherCard";
import { ErrorBoundary } from "./ErrorBoundary";
import { Skeleton } from "./Skeleton";
import { Tabs } from "./Tabs";

export type PaneId = "board" | "map" | "messages" | "tyres" | "driver";

interface Props {
  readonly pane: PaneId;
  readonly show: (pane: PaneId) => void;
  readonly selected: string | null;
  readonly opened: string | null;
  readonly onPick: (number: string) => void;
  readonly onClose: () => void;
}

const SIDE = [
  { id: "messages", label: "Race control", icon: <MessageIcon /> },
  { id: "tyres", label: "Tyres", icon: <TyreIcon /> },
  { id: "driver", label: "Driver", icon: <HelmetIcon /> },
] as const;
const ALL = [
  { id: "board", label: "Board", icon: <BoardIcon /> },
  { id: "map", label: "Map", icon: <MapIcon /> },
  { id: "messages", label: "Control", icon: <MessageIcon /> },
  { id: "tyres", label: "Tyres", icon: <TyreIcon /> },
  { id: "driver", label: "Driver", icon: <HelmetIcon /> },
] as const;

export function Panes({ pane, show, selected, opened, onPick, onClose }: Props) {
  const narrow = useNarrow();
  const ready = useView((view) => view.held !== null);
  const shown: PaneId = !narrow && (pane === "board" || pane === "map") ? "messages" : pane;
  const body = (id: PaneId) => {
    switch (id) {
      case "board": return ready ? <Board selected={selected} onPick={onPick} /> : <Skeleton />;
      case "map": return <ErrorBoundary part="The map"><TrackMap selected={selected} onPick={onPick} /></ErrorBoundary>;
      case "messages": return <MessageFeed />;
      case "tyres": return <StintTable selected={selected} />;
      case "driver": {
        const number = opened ?? selected;
        return number
          ? <ErrorBoundary part="The driver's panel"><DriverPanel key={number} number={number} onClose={onClose} /></ErrorBoundary>
          : <p className="nothing">Pick a driver on the board: a click, or ↑ ↓ and Enter.</p>;
      }
    }
  };
  if (narrow) {
    return (
      <main className="panes panes-narrow">
        <div className="pane panes-one pane-scroll" role="tabpanel" id={`panel-${shown}`} aria-labelledby={`tab-${shown}`} tabIndex={shown === "board" ? -1 : 0}>
          {body(shown)}
          {shown === "map" && <WeatherCard />}
        </div>
        <Tabs tabs={ALL} chosen={shown} onChoose={show} label="Panes" below />
      </main>
    );
  }
  return (
    <main className="panes">
      {body("board")}
      <div className="panes-side">
        {body("map")}
        <WeatherCard />
        <div className="panes-tabbed pane">
          <Tabs tabs={SIDE} chosen={shown} onChoose={show} label="Details" />
          <div className="pane-scroll panes-panel" role="tabpanel" id={`panel-${shown}`} aria-labelledby={`tab-${shown}`} tabIndex={0}>
            {body(shown)}
          </div>
        </div>
      </div>
    </main>
  );
}

const NARROW = "(max-width: 640px)";

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const read = () => { setNarrow(media.matches); };
    media.addEventListener("change", read);
    return () => { media.removeEventListener("change", read); };
  }, []);
  return narrow;
}
