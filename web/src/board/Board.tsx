/** The timing board: who is where, how far apart, how fast, on which tyres. */
import { useLayoutEffect, useMemo, useRef } from "react";
import { cutAfter, kindOf } from "../format/cars";
import { seasonOf } from "../format/tyres";
import { useSession, useView } from "../stream/useSession";
import { columnsFor, template } from "./columns";
import { Row, rowId } from "./Row";
import { useWidth } from "./useWidth";
import "./board.css";

interface Props {
  readonly selected: string | null;
  readonly onPick: (number: string) => void;
}

/** Height of the cut-off line between two rows of a qualifying part, px. */
const CUT_PX = 18;

export function Board({ selected, onPick }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const order = useView((view) => view.order);
  const kind = useSession((state) => kindOf(state.key, state.meeting)) ?? "race";
  const part = useSession((state) => state.part ?? 0) ?? 0;
  const total = useSession((state) => state.lap?.total ?? 0) ?? 0;
  const season = useSession((state) => seasonOf(state.key)) ?? 9999;
  const columns = useMemo(() => columnsFor(kind, width), [kind, width]);
  const grid = useMemo(() => template(columns), [columns]);
  // Rows stay where they are in the document and only slide; a stable order keeps their animations alive.
  const rows = useMemo(() => [...order].sort((a, b) => a.padStart(3, "0").localeCompare(b.padStart(3, "0"))), [order]);
  const index = useMemo(() => new Map(order.map((number, place) => [number, place])), [order]);
  const cut = kind === "qualifying" ? cutAfter(part, order.length) : null;

  useLayoutEffect(() => {
    if (selected) document.getElementById(rowId(selected))?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  return (
    <div className="board pane" ref={frame} style={{ "--cars": order.length, "--cut": cut === null ? "0px" : `${CUT_PX}px` }}>
      {width > 0 && (
        <div
          role="grid"
          className="board-grid"
          aria-label="Timing board"
          aria-rowcount={order.length + 1}
          aria-activedescendant={selected && index.has(selected) ? rowId(selected) : undefined}
          tabIndex={0}
        >
          <div role="rowgroup">
            <div role="row" aria-rowindex={1} className="board-head" style={{ gridTemplateColumns: grid }}>
              {columns.map((column) => (
                <div key={column.id} role="columnheader" className={`label label-${column.id} to-${column.align}`} title={column.words}>
                  <span aria-hidden="true">{column.label}</span>
                  <span className="sr-only">{column.words}</span>
                </div>
              ))}
            </div>
          </div>
          {/* aria-owns gives readers the rows in board order, whatever their order in the document. */}
          <div
            role="rowgroup"
            className="board-rows"
            aria-owns={order.map(rowId).join(" ")}
            style={{ height: `calc(var(--row) * ${order.length} + ${cut === null ? 0 : CUT_PX}px)` }}
          >
            {rows.map((number) => {
              const place = index.get(number) ?? 0;
              const below = cut !== null && place >= cut;
              return (
                <Row
                  key={number} index={place} selected={number === selected} race={kind === "race"} danger={below}
                  top={`calc(var(--row) * ${place} + ${below ? CUT_PX : 0}px)`}
                  {...{ number, columns, grid, total, season, onPick }}
                />
              );
            })}
            {cut !== null && cut < order.length && (
              <div className="cut" style={{ top: `calc(var(--row) * ${cut})`, height: CUT_PX }} aria-hidden="true">
                <span className="label">Q{part} cut-off · {order.length - cut} out</span>
              </div>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
