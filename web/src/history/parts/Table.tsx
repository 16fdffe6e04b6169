/** A table of figures: sortable, its columns chosen by the room there is, the rest one press away. */
import { type ReactNode, useState } from "react";
import { pressed, sorted, type Sorting, type Value } from "./sorting";
import "./table.css";

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** The label in full, where it is an abbreviation. */
  readonly means?: string;
  readonly cell: (row: Row) => ReactNode;
  /** What the column is sorted by; a column without it is not sortable. */
  readonly value?: (row: Row) => Value;
  /** Which direction the first press gives: names up, counts down. */
  readonly first?: "up" | "down";
  /** Figures stand right, in a narrower face. */
  readonly figure?: boolean;
  /** Whether the cell names its row. */
  readonly heads?: boolean;
  /** From which width of the table the column is shown; always when not given. */
  readonly room?: "middle" | "wide";
}

interface Props<Row> {
  /** What the table shows, for those who cannot see where it stands. */
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row, index: number) => string | number;
  /** How many rows are shown before a press on "Show all". */
  readonly most?: number;
  readonly marked?: (row: Row) => boolean;
  readonly empty?: string;
}

const ROOM = { middle: "room-middle", wide: "room-wide" } as const;
const styleOf = <Row,>({ figure, room }: Column<Row>) => [figure && "figure-cell", room && ROOM[room]].filter(Boolean).join(" ") || undefined;

export function Table<Row>({ caption, rows, columns, keyOf, most = 100, marked, empty = "Nothing to show." }: Props<Row>) {
  const [sorting, sort] = useState<Sorting | null>(null);
  const [everyColumn, setEveryColumn] = useState(false);
  const [everyRow, setEveryRow] = useState(false);
  if (rows.length === 0) return <p className="empty">{empty}</p>;

  const by = sorting === null ? undefined : columns.find(({ id }) => id === sorting.id)?.value;
  const inOrder = sorting && by ? sorted(rows, by, sorting.down) : rows;
  const shown = everyRow ? inOrder : inOrder.slice(0, most);
  const widest = columns.some(({ room }) => room === "wide") ? "more-wide" : columns.some(({ room }) => room === "middle") ? "more-middle" : null;
  return (
    <div className={everyColumn ? "table-frame table-every" : "table-frame"}>
      {/* A frame that scrolls sideways must be reachable by keyboard. */}
      <div className="table-scroll" {...(everyColumn && { role: "region", tabIndex: 0, "aria-label": caption })}>
        <table className="table">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Head key={column.id} column={column} sorting={sorting} onPress={() => { sort(pressed(sorting, column.id, column.first ?? (column.figure ? "down" : "up"))); }} />
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={keyOf(row, index)} className={marked?.(row) ? "marked" : undefined}>
                {columns.map((column) => column.heads
                  ? <th key={column.id} scope="row" className={styleOf(column)}>{column.cell(row)}</th>
                  : <td key={column.id} className={styleOf(column)}>{column.cell(row)}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="table-more">
        {rows.length > shown.length && (
          <button type="button" className="button choice" onClick={() => { setEveryRow(true); }}>Show all {rows.length}</button>
        )}
        {widest && (
          <button type="button" className={`button choice ${widest}`} aria-pressed={everyColumn} onClick={() => { setEveryColumn(!everyColumn); }}>
            {everyColumn ? "Fewer columns" : "All columns"}
          </button>
        )}
      </div>
    </div>
  );
}

function Head<Row>({ column, sorting, onPress }: { readonly column: Column<Row>; readonly sorting: Sorting | null; readonly onPress: () => void }) {
  const { id, label, means, value } = column;
  const by = sorting?.id === id ? sorting : null;
  const words = label ? (means ? <abbr title={means}>{label}</abbr> : label) : <span className="sr-only">{means}</span>;
  return (
    <th scope="col" className={styleOf(column)} {...(by && { "aria-sort": by.down ? "descending" : "ascending" })}>
      {value ? (
        <button type="button" className="table-sort" onClick={onPress} title={means}>
          {words}<i className="table-arrow" aria-hidden="true">{by ? (by.down ? "↓" : "↑") : ""}</i>
        </button>
      ) : <span className="table-label">{words}</span>}
    </th>
  );
}
