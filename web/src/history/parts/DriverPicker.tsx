/** Picks a driver by name: a field with suggestions, the search restricted to drivers. */
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { addresses } from "../api/addresses";
import { useAnswer } from "../api/useAnswer";

interface Props { readonly label: string; readonly name: string; readonly onPick: (id: string) => void }

export function DriverPicker({ label, name, onPick }: Props) {
  const id = useId();
  const [text, write] = useState<string | null>(null);
  const [at, point] = useState(0);
  const [query, ask] = useState("");
  useEffect(() => {
    const wait = setTimeout(() => { ask((text ?? "").trim()); }, 120);
    return () => { clearTimeout(wait); };
  }, [text]);
  const answer = useAnswer(query === "" ? null : addresses.search(query, 30), { keep: true });
  const hits = query === "" || text === null ? [] : (answer.value ?? []).filter(({ kind }) => kind === "driver").slice(0, 8);
  const open = hits.length > 0;

  const pick = (index: number) => {
    const hit = hits[index];
    if (!hit) return;
    write(null);
    onPick(hit.id);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" && open) point((at + 1) % hits.length);
    else if (event.key === "ArrowUp" && open) point((at - 1 + hits.length) % hits.length);
    else if (event.key === "Enter" && open) pick(Math.min(at, hits.length - 1));
    else if (event.key === "Escape") write(null);
    else return;
    event.preventDefault();
  };
  return (
    <div className="picker">
      <label className="label" htmlFor={id}>{label}</label>
      <input
        id={id} className="field picker-field" type="text" role="combobox" aria-expanded={open} aria-controls={`${id}-hits`} aria-autocomplete="list"
        aria-activedescendant={open ? `${id}-${Math.min(at, hits.length - 1)}` : undefined} autoComplete="off" spellCheck={false} placeholder="Name of a driver"
        value={text ?? name} onChange={(event) => { write(event.target.value); point(0); }} onKeyDown={press} onFocus={(event) => { event.target.select(); }} onBlur={() => { write(null); }}
      />
      <div id={`${id}-hits`} className="picker-sheet" role="listbox" aria-label={`Drivers for ${label.toLowerCase()}`} hidden={!open}>
        {hits.map((hit, index) => (
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox has the keys
          <div
            key={hit.id} id={`${id}-${index}`} role="option" tabIndex={-1} aria-selected={index === Math.min(at, hits.length - 1)} className="hit"
            onMouseDown={(event) => { event.preventDefault(); }} onPointerMove={() => { point(index); }} onClick={() => { pick(index); }}
          >
            <span className="hit-name">{hit.name}</span>{hit.detail && <span className="hit-detail">{hit.detail}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}
