/** Eras compared fairly: shares of races with their intervals, and how even each period was. */
import { useState } from "react";
import { go, useSearch } from "../../app/place";
import { addresses } from "../api/addresses";
import type { EraPeriod, EraRow, ErasAnswer, Of } from "../api/types";
import { useAnswer } from "../api/useAnswer";
import { Answered } from "../parts/Answered";
import { Constructor, Driver } from "../parts/Names";
import { Choice, DRIVERS_OR_CONSTRUCTORS, PageHead, Section } from "../parts/Page";
import { type Column, Table } from "../parts/Table";
import { Years } from "../parts/Years";
import { asked, paths } from "../routes";
import { share, span } from "../words";

const PAGE = 30;

export function ErasPage() {
  const search = useSearch();
  const query = new URLSearchParams(search);
  const of: Of = query.get("of") === "constructors" ? "constructors" : "drivers";
  const from = asked(search, "from", 1950, 2100);
  const to = asked(search, "to", 1950, 2100);
  const least = asked(search, "least", 1, 500);
  const [limit, more] = useState(PAGE);
  const answer = useAnswer(addresses.eras({ metric: query.get("metric"), of, from, to, least, limit }), { keep: true });
  const change = (next: Readonly<Record<string, string | number | null>>) => {
    for (const [key, value] of Object.entries(next)) {
      if (value === null) query.delete(key);
      else query.set(key, String(value));
    }
    const text = query.toString();
    go(`${paths.eras}${text && "?"}${text}`, { replace: true });
  };
  return (
    <Answered of={answer} what="the eras">
      {(value) => (
        <>
          <PageHead kind="Comparison" title="Eras" lead="A season had seven races once and has twenty-four now: shares of the races can be compared, counts cannot." />
          <div className="filters">
            <label className="year">Share of
              <select className="choice" value={value.metric} onChange={(event) => { change({ metric: event.target.value }); }}>
                {value.metrics.map((metric) => <option key={metric} value={metric}>{metric.replaceAll(/[-_]/g, " ")}</option>)}
              </select>
            </label>
            <Choice label="Of" of={DRIVERS_OR_CONSTRUCTORS} chosen={of} onChoose={(who) => { change({ of: who === "drivers" ? null : who }); }} />
            <Years from={from} to={to} least={1950} most={Math.max(value.to_year, to ?? 0)} onChoose={(first, last) => { change({ from: first, to: last }); }} />
            <label className="year">at least
              <select className="choice" value={value.least} onChange={(event) => { change({ least: Number(event.target.value) }); }}>
                {[...new Set([1, 5, 10, 20, 50, 100, value.least])].sort((a, b) => a - b).map((races) => <option key={races} value={races}>{races} races</option>)}
              </select>
            </label>
          </div>
          <Shares of={value} />
          {value.total > value.rows.length && <button type="button" className="button choice more" onClick={() => { more(limit + 970); }}>All {value.total}</button>}
          <Periods of={value} />
        </>
      )}
    </Answered>
  );
}

const nameOf = ({ driver, constructor }: EraRow) => driver?.name ?? constructor?.name ?? "";
const Who = ({ of }: { readonly of: EraRow }) => (of.driver ? <Driver of={of.driver} /> : <Constructor of={of.constructor} />);

function Shares({ of }: { readonly of: ErasAnswer }) {
  const widest = Math.max(...of.rows.map(({ high }) => high), 0.01);
  const columns: Column<EraRow>[] = [
    { id: "rank", label: "", means: "Rank", cell: ({ rank }) => rank, figure: true },
    { id: "who", label: of.of === "drivers" ? "Driver" : "Constructor", heads: true, value: nameOf, cell: (row) => <span className="name"><Who of={row} /><span className="name-sub">{span(row.first, row.last)}</span></span> },
    { id: "years", label: "Seasons", cell: ({ first, last }) => span(first, last), value: ({ first }) => first, figure: true, room: "middle", first: "up" },
    { id: "count", label: "Of races", cell: ({ successes, races }) => <span className="nowrap">{successes} of {races}</span>, value: ({ successes }) => successes, figure: true, room: "middle" },
    { id: "share", label: "Share", cell: (row) => <span className="strong">{share(row.share)}</span>, value: (row) => row.share, figure: true },
    { id: "interval", label: "95 % interval", cell: (row) => <Interval of={row} widest={widest} />, value: ({ low }) => low, first: "down" },
  ];
  return (
    <Section title={`${of.from_year} to ${of.to_year}`} wide note={of.definition}>
      <Table caption="Shares of the races" rows={of.rows} columns={columns} keyOf={({ driver, constructor }) => driver?.id ?? constructor?.id ?? ""} most={1000} empty="Nobody has that many races in these seasons." />
    </Section>
  );
}

/** The share as a mark, its interval as a bar: how far chance alone could have moved it. */
function Interval({ of: { share: middle, low, high }, widest }: { readonly of: EraRow; readonly widest: number }) {
  return (
    <span className="interval" role="img" aria-label={`from ${share(low)} to ${share(high)}`} title={`${share(low)} to ${share(high)}`}>
      <i className="interval-bar" style={{ "--from": low / widest, "--to": high / widest }} />
      <i className="interval-mark" style={{ "--at": middle / widest }} />
    </span>
  );
}

const PERIODS: Column<EraPeriod>[] = [
  { id: "name", label: "Period", heads: true, cell: ({ name, first, last }) => <span className="name">{name || span(first, last)}<span className="name-sub">{name ? span(first, last) : ""}</span></span>, value: ({ first }) => first },
  { id: "years", label: "Seasons", cell: ({ first, last }) => <span className="nowrap">{span(first, last)}</span>, room: "middle" },
  { id: "races", label: "Races", cell: ({ races }) => races, value: ({ races }) => races, figure: true },
  { id: "entrants", label: "Different", means: "How many had one", cell: ({ entrants }) => entrants, value: ({ entrants }) => entrants, figure: true },
  { id: "concentration", label: "In one hand", means: "Sum of the squared shares: 1 when one had them all", cell: ({ concentration }) => concentration.toFixed(2), value: ({ concentration }) => concentration, figure: true, room: "middle" },
  {
    id: "leaders", label: "Largest shares",
    cell: ({ leaders }) => <span className="leaders">{leaders.slice(0, 3).map((row) => <span key={nameOf(row)}><Who of={row} /> <span className="quiet nowrap">{share(row.share)}</span></span>)}</span>,
  },
];

const Periods = ({ of }: { readonly of: ErasAnswer }) => (
  <Section title="Period by period" wide><Table caption="Period by period" rows={of.periods} columns={PERIODS} keyOf={({ first, last }) => `${first}-${last}`} /></Section>
);
