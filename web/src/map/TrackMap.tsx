/** The track map's frame: the canvas, and the honest word on where outline and places come from. */
import { useEffect, useRef, useState } from "react";
import { readTrack, RequestError } from "../api/client";
import type { SessionState, TrackOutline } from "../api/types";
import { isGone } from "../format/cars";
import { teamColour } from "../format/colours";
import { trackLook } from "../format/flags";
import type { SessionStore } from "../stream/store";
import { useStore, useView } from "../stream/useSession";
import type { MapCar } from "./cars";
import { type MapFacts, MapPainter } from "./painter";
import "./map.css";

const ORIGIN: Record<TrackOutline["origin"], string> = {
  learned: "Outline learned from this session's positions",
  drawn: "Outline drawn by hand",
  schematic: "Schematic ring: this circuit is not known",
};

interface Props { readonly selected: string | null; readonly onPick: (number: string) => void }

export function TrackMap({ selected, onPick }: Props) {
  const store = useStore();
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<MapPainter | null>(null);
  const { outline, problem } = useOutline(store.key, useView((view) => view.held?.playback.mode === "live"));
  const estimated = useEstimated(store);
  const state = useView((view) => view.held?.state);
  const order = useView((view) => view.order);

  useEffect(() => {
    if (!canvas.current || !outline || outline.points.length < 3) return undefined;
    const made = new MapPainter(canvas.current, outline, store.map);
    painter.current = made;
    return () => {
      painter.current = null;
      made.stop();
    };
  }, [outline, store]);

  useEffect(() => {
    if (state) painter.current?.tell(facts(state, order, selected));
  }, [state, order, selected, outline]);

  return (
    <section className="map pane" aria-label="Track map">
      {/* Picking a car here is a convenience for pointers; the board offers the same to the keyboard. */}
      <canvas
        ref={canvas}
        className="map-canvas"
        // eslint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- to a screen reader it is a picture
        role="img"
        aria-label={`Map of ${outline?.circuit ?? "the circuit"} with the cars on it; the board lists them in order`}
        onClick={(event) => {
          const number = painter.current?.pick(event.nativeEvent.offsetX, event.nativeEvent.offsetY);
          if (number) onPick(number);
        }}
      />
      <p className="map-note">
        {estimated && <span className="map-estimated">Estimated positions</span>}
        <span>{problem ?? (outline ? ORIGIN[outline.origin] : "")}</span>
      </p>
    </section>
  );
}

/** A live session learns its outline while it runs: until it has, we ask again now and then. */
const OUTLINE_EVERY_MS = 60_000;

function useOutline(key: string, live: boolean): { outline: TrackOutline | null; problem: string | null } {
  const [answer, setAnswer] = useState<{ outline: TrackOutline | null; problem: string | null }>({ outline: null, problem: null });
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () => {
      readTrack(key, abort.signal).then(
        (outline) => {
          setAnswer((before) => (before.outline?.origin === outline.origin ? before : { outline, problem: null }));
          if (live && outline.origin !== "learned") timer = setTimeout(ask, OUTLINE_EVERY_MS);
        },
        (cause: unknown) => {
          if (cause instanceof RequestError) setAnswer((before) => ({ outline: before.outline, problem: cause.message }));
        },
      );
    };
    ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, live]);
  return answer;
}

/** Whether the places now shown were worked out rather than measured. */
function useEstimated(store: SessionStore): boolean {
  const [estimated, setEstimated] = useState(false);
  useEffect(() => store.map.subscribe((message) => { setEstimated(message.estimated); }), [store]);
  return estimated;
}

function facts(state: SessionState, order: readonly string[], selected: string | null): MapFacts {
  const cars = new Map<string, MapCar>();
  order.forEach((number, rank) => {
    const car = state.cars?.[number];
    if (!car) return;
    cars.set(number, {
      number, rank,
      code: car.code || number,
      colour: teamColour(car.colour),
      inPit: car.in_pit === true,
      gone: isGone(car),
    });
  });
  const family = trackLook(state.track ?? "unknown").family;
  const tinted = family === "yellow" || family === "sc" || family === "vsc" || family === "red";
  const tint = tinted ? getComputedStyle(document.documentElement).getPropertyValue(`--flag-${family}`).trim() : null;
  return { cars, selected, tint };
}
