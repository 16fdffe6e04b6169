/** From which season to which: two fields that keep each other in order and write the address. */
import { useId, useState } from "react";

interface Props {
  readonly from: number | null;
  readonly to: number | null;
  /** The first and the last season that can be asked for. */
  readonly least: number;
  readonly most: number;
  readonly onChoose: (from: number | null, to: number | null) => void;
}

export function Years({ from, to, least, most, onChoose }: Props) {
  return (
    <div className="years" role="group" aria-label="Seasons">
      <Field key={`from-${from ?? ""}`} label="From" year={from} fallback={least} {...{ least, most }} onChoose={(year) => { onChoose(year, year !== null && to !== null && to < year ? year : to); }} />
      <Field key={`to-${to ?? ""}`} label="to" year={to} fallback={most} {...{ least, most }} onChoose={(year) => { onChoose(year !== null && from !== null && from > year ? year : from, year); }} />
    </div>
  );
}

interface FieldProps { readonly label: string; readonly year: number | null; readonly fallback: number; readonly least: number; readonly most: number; readonly onChoose: (year: number | null) => void }

function Field({ label, year, fallback, least, most, onChoose }: FieldProps) {
  const id = useId();
  const [text, write] = useState(String(year ?? fallback));
  const take = () => {
    const typed = Number(text);
    if (!/^\d{4}$/.test(text.trim())) { write(String(year ?? fallback)); return; }
    const within = Math.min(Math.max(typed, least), most);
    write(String(within));
    const next = within === fallback ? null : within;
    if (next !== year) onChoose(next);
  };
  return (
    <span className="year">
      <label htmlFor={id}>{label}</label>
      <input
        id={id} className="field field-year" type="text" inputMode="numeric" maxLength={4} autoComplete="off" value={text}
        onChange={(event) => { write(event.target.value); }} onBlur={take}
        onKeyDown={(event) => { if (event.key === "Enter") take(); }}
      />
    </span>
  );
}
