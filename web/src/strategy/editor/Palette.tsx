/** What can be laid onto a timeline: tyres, which make a stop, and what may happen. Dragged there, or pressed. */
import { type PointerEvent, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { Compound } from "../../api/types";
import { tyreLook } from "../../format/tyres";
import type { EventKind } from "../model/draft";
import { EVENT_NAME, EVENT_SHORT } from "../model/words";
import { Tyre } from "../parts/Tyre";

export type Piece = { readonly is: "tyre"; readonly compound: Compound } | { readonly is: "event"; readonly kind: EventKind };

/** Where a piece was let go: which timeline, and how far along it. */
export interface Target { readonly scenario: number; readonly driver: string; readonly share: number }

interface Props {
  readonly compounds: readonly Compound[];
  readonly season: number;
  readonly disabled: boolean;
  /** `target` null: it was pressed, and goes where there is room. */
  readonly onPiece: (piece: Piece, target: Target | null) => void;
}

const EVENTS = ["SC", "VSC", "RED", "RAIN"] as const satisfies readonly EventKind[];

export function Palette({ compounds, season, disabled, onPiece }: Props) {
  const pieces: readonly Piece[] = [
    ...compounds.map((compound): Piece => ({ is: "tyre", compound })),
    ...EVENTS.map((kind): Piece => ({ is: "event", kind })),
  ];
  return (
    <div className="palette" role="group" aria-label="To lay onto a timeline">
      <span className="palette-hint">Drag onto a plan, or press</span>
      {pieces.map((piece) => (
        <Chip key={piece.is === "tyre" ? piece.compound : piece.kind} {...{ piece, season, disabled, onPiece }} />
      ))}
    </div>
  );
}

interface ChipProps extends Pick<Props, "season" | "disabled" | "onPiece"> { readonly piece: Piece }
interface At { readonly x: number; readonly y: number }

const STILL_PX = 5;

function Chip({ piece, season, disabled, onPiece }: ChipProps) {
  const [ghost, float] = useState<At | null>(null);
  const from = useRef<(At & { moved: boolean }) | null>(null);
  const words = piece.is === "tyre" ? `Stop for ${tyreLook(piece.compound, season).name}s` : EVENT_NAME[piece.kind];
  const face = piece.is === "tyre" ? <Tyre compound={piece.compound} season={season} /> : <span className={`piece-event event-${piece.kind.toLowerCase()}`}>{EVENT_SHORT[piece.kind]}</span>;
  const drop = (event: PointerEvent) => {
    const { current } = from;
    float(null);
    mark(null);
    if (!current?.moved) return;
    const target = targetAt(event);
    if (target) onPiece(piece, target);
  };
  return (
    <>
      <button
        type="button" className="piece" disabled={disabled} title={`${words}: drag it onto a timeline, or press to add it`}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          from.current = { x: event.clientX, y: event.clientY, moved: false };
        }}
        onPointerMove={(event) => {
          const { current } = from;
          if (!current || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
          if (!current.moved && Math.hypot(event.clientX - current.x, event.clientY - current.y) < STILL_PX) return;
          current.moved = true;
          float({ x: event.clientX, y: event.clientY });
          mark(trackAt(event));
        }}
        onPointerUp={drop}
        onPointerCancel={() => { from.current = null; float(null); mark(null); }}
        onClick={() => {
          const dragged = from.current?.moved === true;
          from.current = null;
          if (!dragged) onPiece(piece, null);
        }}
      >
        {face}<span className="sr-only"> Add: {words}</span>
      </button>
      {ghost && createPortal(<span className="strategy-ghost" style={{ left: ghost.x, top: ghost.y }} aria-hidden="true">{face}</span>, document.body)}
    </>
  );
}

const trackAt = ({ clientX, clientY }: PointerEvent): HTMLElement | null =>
  document.elementsFromPoint(clientX, clientY).map((element) => element.closest<HTMLElement>("[data-track][data-edit]")).find((track) => track !== null) ?? null;

/** Shows which timeline would take the piece. */
function mark(track: HTMLElement | null): void {
  for (const marked of document.querySelectorAll("[data-over]")) if (marked !== track) marked.removeAttribute("data-over");
  track?.setAttribute("data-over", "");
}

function targetAt(event: PointerEvent): Target | null {
  const track = trackAt(event);
  if (!track) return null;
  const box = track.getBoundingClientRect();
  return { scenario: Number(track.dataset.scenario), driver: track.dataset.driver ?? "", share: (event.clientX - box.left) / box.width };
}
