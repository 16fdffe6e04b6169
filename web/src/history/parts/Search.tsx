/** The search of all history: drivers, teams, circuits, seasons, races, records. "/" goes there from anywhere. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { go } from "../../app/place";
import { addresses } from "../api/addresses";
import { useAnswer } from "../api/useAnswer";
import { SearchIcon } from "./icons";

const KINDS: Readonly<Record<string, string>> = {
  driver: "Driver", constructor: "Constructor", circuit: "Circuit", grand_prix: "Grand Prix", season: "Season", race: "Race",
  record: "Record", page: "Page",
};
const DEBOUNCE_MS = 120;

/** The text, once it has stood still for a moment. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const wait = setTimeout(() => { settle(text); }, text === "" ? 0 : DEBOUNCE_MS);
    return () => { clearTimeout(wait); };
  }, [text]);
  return settled;
}

/** Whether a key press belongs to a field that is being written in. */
const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches("input, select, textarea") || target.isContentEditable);

export function Search() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, write] = useState("");
  const [open, show] = useState(false);
  const [at, point] = useState(-1);
  const query = useSettled(text.trim());
  const answer = useAnswer(query === "" ? null : addresses.search(query), { keep: true });
  const hits = query === "" ? [] : (answer.value ?? []);
  const settled = query !== "" && query === text.trim() && !answer.late && !answer.failure;

  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    window.addEventListener("keydown", press);
    return () => { window.removeEventListener("keydown", press); };
  }, []);

  const close = () => { show(false); point(-1); };
  const choose = (index: number) => {
    const hit = hits[index];
    if (!hit) return;
    write("");
    close();
    input.current?.blur();
    go(hit.path);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (hits.length === 0) return;
      const by = event.key === "ArrowDown" ? 1 : -1;
      show(true);
      point((now) => (now === -1 && by === -1 ? hits.length - 1 : (now + by + hits.length) % hits.length));
    } else if (event.key === "Enter") {
      if (settled) choose(Math.max(at, 0));
    } else if (event.key === "Escape") {
      if (open && text !== "") close();
      else { write(""); input.current?.blur(); }
    } else return;
    event.preventDefault();
  };

  const listed = open && hits.length > 0;
  return (
    <div className="search" role="search">
      <SearchIcon />
      <input
        ref={input}
        className="search-input"
        type="text"
        role="combobox"
        aria-label="Search the history"
        aria-expanded={listed}
        aria-controls={`${id}-hits`}
        aria-autocomplete="list"
        aria-activedescendant={listed && at >= 0 ? `${id}-${at}` : undefined}
        placeholder="Driver, team, circuit, season, race"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        onChange={(event) => { write(event.target.value); show(true); point(-1); }}
        onFocus={() => { show(true); }}
        onBlur={close}
        onKeyDown={press}
      />
      {text === "" && <kbd className="search-key" aria-hidden="true">/</kbd>}
      {open && query !== "" && (
        <div className="search-sheet">
          {/* The input has the focus and the keys; the list is pointed at from there. */}
          <div id={`${id}-hits`} role="listbox" aria-label="Found" hidden={hits.length === 0}>
            {hits.map((hit, index) => (
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the combobox has the keys
              <div
                key={`${hit.kind}-${hit.id}-${hit.path}`}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className="hit"
                onPointerMove={() => { point(index); }}
                onMouseDown={(event) => { event.preventDefault(); }}
                onClick={() => { choose(index); }}
              >
                <span className="hit-name">{hit.name}</span>
                <span className="hit-kind label">{KINDS[hit.kind] ?? hit.kind}</span>
                {hit.detail && <span className="hit-detail">{hit.detail}</span>}
              </div>
            ))}
          </div>
          <p className="search-word" role="status">
            {answer.failure ? `${answer.failure.message} ${answer.failure.hint}` : settled && hits.length === 0
              ? `Nothing is called “${query}”. Try a name, a code (HAM), a year, or a year and a place (1996 Monaco).`
              : settled ? <span className="sr-only">{hits.length} found</span> : hits.length === 0 ? "Searching…" : ""}
          </p>
        </div>
      )}
    </div>
  );
}
