/** How a table's rows are put in order: by one column, unknown values last either way, equal rows in their old order. */

export type Value = number | string | null | undefined;
export interface Sorting { readonly id: string; readonly down: boolean }

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

export function sorted<Row>(rows: readonly Row[], value: (row: Row) => Value, down: boolean): readonly Row[] {
  const sign = down ? -1 : 1;
  return rows
    .map((row) => ({ row, key: value(row) ?? null }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      if (typeof a.key === "number" && typeof b.key === "number") return sign * (a.key - b.key);
      return sign * collator.compare(String(a.key), String(b.key));
    })
    .map(({ row }) => row);
}

/** The sorting after a press on a column's head: its first direction, then the other, then the table's own order. */
export function pressed(now: Sorting | null, id: string, first: "up" | "down"): Sorting | null {
  const down = first === "down";
  if (now?.id !== id) return { id, down };
  return now.down === down ? { id, down: !down } : null;
}
