/** Tabs after the ARIA pattern: one stop for Tab, arrows between them. */
import type { KeyboardEvent, ReactNode } from "react";

interface Tab<Id extends string> { readonly id: Id; readonly label: string; readonly icon: ReactNode }
interface Props<Id extends string> {
  readonly tabs: readonly Tab<Id>[];
  readonly chosen: string;
  readonly onChoose: (id: Id) => void;
  readonly label: string;
  readonly below?: boolean;
}

export function Tabs<Id extends string>({ tabs, chosen, onChoose, label, below = false }: Props<Id>) {
  const press = (event: KeyboardEvent, index: number) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(index + by + tabs.length) % tabs.length];
    if (by === 0 || !next) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <div role="tablist" aria-label={label} className={below ? "tabs tabs-below" : "tabs"}>
      {tabs.map(({ id, label: name, icon }, index) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`tab-${id}`}
          className="tab"
          aria-selected={id === chosen}
          aria-controls={id === chosen ? `panel-${id}` : undefined}
          tabIndex={id === chosen ? 0 : -1}
          onClick={() => { onChoose(id); }}
          onKeyDown={(event) => { press(event, index); }}
        >
          {icon}
          <span>{name}</span>
        </button>
      ))}
    </div>
  );
}
