/** The frame of every page: what it is, its title, its figures, its sections. */
import { type ReactNode, useEffect, useId } from "react";

interface HeadProps {
  /** What kind of page it is: "Season", "Driver". */
  readonly kind: string;
  readonly title: string;
  /** The browser's title, when the page's own is too short to stand alone. */
  readonly tab?: string;
  readonly lead?: ReactNode;
  /** Beside the title: the way to the page before and after. */
  readonly beside?: ReactNode;
}

export function PageHead({ kind, title, tab, lead, beside }: HeadProps) {
  useEffect(() => { document.title = `${tab ?? title} · Overcut`; }, [tab, title]);
  return (
    <div className="page-head">
      <div className="page-names">
        <p className="label">{kind}</p>
        <h1 className="page-title" tabIndex={-1}>{title}</h1>
      </div>
      {beside && <nav className="page-beside" aria-label="Before and after">{beside}</nav>}
      {lead && <p className="page-lead">{lead}</p>}
    </div>
  );
}

export interface Fact { readonly label: string; readonly value: ReactNode; readonly sub?: ReactNode }

/** A line of figures that are read at a glance. Facts without a value are left out. */
export function Facts({ of }: { readonly of: readonly Fact[] }) {
  const known = of.filter(({ value }) => value !== null && value !== undefined && value !== "");
  if (known.length === 0) return null;
  return (
    <dl className="facts">
      {known.map(({ label, value, sub }) => (
        <div key={label}>
          <dt className="label">{label}</dt>
          <dd><span className="fact-value">{value}</span>{sub && <span className="fact-sub">{sub}</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

interface SectionProps { readonly title: string; readonly note?: ReactNode; readonly beside?: ReactNode; readonly wide?: boolean; readonly children: ReactNode }

export function Section({ title, note, beside, wide = false, children }: SectionProps) {
  const id = useId();
  return (
    <section className={wide ? "section section-wide" : "section"} aria-labelledby={id}>
      <div className="section-head">
        <h2 className="section-title" id={id}>{title}</h2>
        {beside}
      </div>
      {children}
      {note && <p className="section-note">{note}</p>}
    </section>
  );
}

interface ChoiceProps<Id extends string> {
  readonly label: string;
  readonly of: readonly (readonly [Id, string])[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

/** One of a few: drivers or constructors, points or places. */
export function Choice<Id extends string>({ label, of, chosen, onChoose }: ChoiceProps<Id>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {of.map(([id, words]) => (
        <button key={id} type="button" className="segment" aria-pressed={id === chosen} onClick={() => { onChoose(id); }}>{words}</button>
      ))}
    </div>
  );
}

export const DRIVERS_OR_CONSTRUCTORS = [["drivers", "Drivers"], ["constructors", "Constructors"]] as const;
