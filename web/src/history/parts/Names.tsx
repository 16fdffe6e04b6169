/** How people, teams and races are named: a link to their own page. */
import { Fragment, type ReactNode } from "react";
import { Link } from "../../app/place";
import type { DriverRef, NamedRef, RaceRef } from "../api/types";
import { paths } from "../routes";

export function Driver({ of, sub, marks }: { readonly of: DriverRef; readonly sub?: ReactNode; readonly marks?: ReactNode }) {
  return (
    <span className="name">
      <Link className="name-link" href={paths.driver(of.id)}>{of.name}</Link>{marks}
      {sub && <span className="name-sub">{sub}</span>}
    </span>
  );
}

export const Constructor = ({ of }: { readonly of: NamedRef | null }) =>
  of && <Link className="name-link quiet-link" href={paths.constructor(of.id)}>{of.name}</Link>;

/** A constructor of a championship: chassis and engine, where the two differ. */
export function Entrant({ constructor, engine }: { readonly constructor: NamedRef; readonly engine: NamedRef | null }) {
  return (
    <span className="name">
      <Link className="name-link" href={paths.constructor(constructor.id)}>{constructor.name}</Link>
      {engine && engine.name !== constructor.name && <span className="name-engine"> {engine.name}</span>}
    </span>
  );
}

/** Several names with commas between them; a dash for none. */
export function Several<T extends { readonly id: string }>({ of, children }: { readonly of: readonly T[]; readonly children: (one: T) => ReactNode }) {
  if (of.length === 0) return <span className="quiet">–</span>;
  return of.map((one, index) => <Fragment key={one.id}>{index > 0 && ", "}{children(one)}</Fragment>);
}

export const Drivers = ({ of }: { readonly of: readonly DriverRef[] }) =>
  <Several of={of}>{(one) => <Link className="name-link" href={paths.driver(one.id)}>{one.name}</Link>}</Several>;

export const Constructors = ({ of }: { readonly of: readonly NamedRef[] }) => <Several of={of}>{(one) => <Constructor of={one} />}</Several>;

/** "1996 Monaco": a race in a list where the season is not clear. */
export const Race = ({ of }: { readonly of: RaceRef }) =>
  <Link className="name-link" href={paths.race(of)}>{of.season} {of.grand_prix.name}</Link>;
