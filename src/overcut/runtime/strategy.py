"""How a session that someone names becomes a race at a lap: recorded, live, simulated or in the lake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import polars as pl

from overcut.domain.circuits import circuit_of_feed
from overcut.domain.flags import SessionStatus
from overcut.domain.laps import Lap
from overcut.domain.race_distances import announced_laps
from overcut.domain.session import SessionKind, kind_of_session_name, parts_of_key
from overcut.domain.session_names import UnknownSessionNameError, read_session_name
from overcut.domain.state import CarState, SessionState
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.kernel.settings import Settings
from overcut.lake import Lake
from overcut.runtime.finding import find_source
from overcut.runtime.lake import lake_of
from overcut.runtime.recorded import Recorded, record
from overcut.runtime.timeline import WeatherReading
from overcut.sources.source import Source
from overcut.strategy.model import Race
from overcut.strategy.parameters import ParameterSet, shipped
from overcut.strategy.situation import Entrant, SessionFacts, facts_of, situation
from overcut.strategy.whatif.actual import actual_cars, actual_periods
from overcut.strategy.whatif.answers import StrategyRace, StrategySession
from overcut.strategy.whatif.asking import Happened
from overcut.strategy.whatif.standing import race_answer
from overcut.timing.lap_table import lap_table

RACES = (SessionKind.RACE.value, SessionKind.SPRINT.value)
FIRST_TYRES_KNOWN = 2018
"""First season with tyres in its lap table; without them there is nothing to plan."""
OVER = (SessionStatus.FINISHED, SessionStatus.FINALISED, SessionStatus.ENDS)


@dataclass(frozen=True)
class StrategyRecord:
    """A race as far as it is known.

    Attributes:
        session: which. ``facts``: what is known beside its laps. ``laps``: the lap table.
        colours: of the teams by driver number, RRGGBB. ``finished``: whether it is over.
        version: tells this state of it from another.
    """

    session: StrategySession
    facts: SessionFacts
    laps: pl.DataFrame
    colours: Mapping[str, str]
    finished: bool
    version: str

    def happened(self) -> Happened:
        """Stops, places, neutralisations and rain as far as they are known."""
        numbers = [entrant.driver_number for entrant in self.facts.entrants]
        cars = actual_cars(self.laps, numbers, finished=self.finished)
        return Happened(cars, actual_periods(self.laps, self.facts.weather), self.finished)

    def race(self, lap: int, parameters: ParameterSet | None = None) -> Race:
        """The race at the end of the leader's lap, from nothing later.

        Raises:
            WrongUsageError: the lap is not within the race.
            DataMissingError: nobody has ended that lap (yet).
        """
        if not 0 <= lap < self.facts.laps:
            raise WrongUsageError(
                f"Lap {lap} is not within {self.session.session_key}",
                hint=f"ask from 0, the grid, to {self.facts.laps - 1}",
            )
        if lap > self.session.lap:
            raise DataMissingError(
                f"Lap {lap} of {self.session.session_key} is not over", hint=f"ask up to lap {self.session.lap}"
            )
        return situation(parameters or shipped(), self.facts, self.laps, lap=lap)

    def answer(self, lap: int, parameters: ParameterSet | None = None) -> StrategyRace:
        """The race at a lap with what really happened; errors as for `race`."""
        return race_answer(self.race(lap, parameters), self.session, self.happened(), self.colours)


def race_of(settings: Settings, text: str, lap: int, parameters: ParameterSet | None = None) -> Race:
    """The race that ``text`` names, at the end of the leader's lap; errors as for `named_record` and `race`."""
    return named_record(text, settings).race(lap, parameters)


def named_record(text: str, settings: Settings) -> StrategyRecord:
    """The race that ``text`` names: from the lake where it has it, else from its source.

    Raises:
        DataMissingError: it is nowhere, or has no lap.
        WrongUsageError: it names no session, or one that is no race.
    """
    try:
        kept = record_in_lake(lake_of(settings), str(read_session_name(text)))
    except UnknownSessionNameError:  # a path or a URL
        kept = None
    return kept if kept is not None else record_of_source(find_source(text, settings))


def record_in_lake(lake: Lake, key: str) -> StrategyRecord | None:
    """A race that the lake has; None where it has no laps of it.

    Raises:
        WrongUsageError: it is no race. DataMissingError: it has no entry list, or no tyres.
    """
    laps = lake.read("laps", units=[key])
    if laps.is_empty():
        return None
    facts = facts_of(lake, key)
    told = lake.read("sessions", units=[key])
    simulated = not told.is_empty() and bool(told["simulated"][0])
    if laps["compound"].null_count() == laps.height:
        raise DataMissingError(
            f"Nobody recorded the tyres of {key}", hint=f"tyres are known from {FIRST_TYRES_KNOWN} on"
        )
    if simulated or not parts_of_key(key)[1]:
        facts = _with_first_places(facts, lake.read("positions", units=[key]))
    entries = lake.read("entries", units=[key], columns=["driver_number", "colour"])
    colours = {number: colour or "" for number, colour in entries.iter_rows()}
    event = laps["event"].drop_nulls()
    session = _session(facts, str(event[0]) if len(event) else "", laps, "lake")
    session = msgspec.structs.replace(session, simulated=simulated)
    return StrategyRecord(session, facts, laps, colours, True, f"lake {lake.generation}")


def record_of_source(source: Source) -> StrategyRecord:
    """A race that is read to its end from its source (seconds of CPU); errors as for `record_of_state`."""
    return record_of_recorded(record(source))


def record_of_recorded(recorded: Recorded) -> StrategyRecord:
    """A race whose frames have all been read; errors as for `record_of_state`."""
    engine = recorded.latest().engine
    return record_of_state(
        engine.state(), engine.laps(), recorded.weather, lights_out_ms=recorded.timeline.lights_out_ms()
    )


def record_of_state(
    state: SessionState,
    laps: Sequence[Lap],
    weather: Sequence[WeatherReading],
    *,
    lights_out_ms: int | None = None,
    live: bool = False,
) -> StrategyRecord:
    """A race that is being watched, as far as it has come, or one read to its end.

    Args:
        state: the session now. ``laps``: those completed. ``weather``: the readings so far.
        lights_out_ms: when it started, on the feed's clock. ``live``: it is happening.

    Raises:
        WrongUsageError: it is no race. DataMissingError: it has no cars, or how long it is nobody said.
    """
    season, round_number, kind = parts_of_key(state.key)
    told = kind_of_session_name(state.meeting.session)
    kind = told.value if told is not None else kind
    if kind not in RACES:
        raise WrongUsageError(f"{state.key} is no race", hint="strategy is for races and sprints")
    sprint = kind == SessionKind.SPRINT.value
    distance = state.lap.total if state.lap is not None and state.lap.total else None
    if distance is None and season and round_number:
        distance = announced_laps(season, round_number, sprint=sprint)
    if not distance:
        raise DataMissingError(
            f"How many laps {state.key} has is not known (yet)", hint="the feed says it at the start"
        )
    table = lap_table(state, laps, is_race=True)
    circuit = circuit_of_feed(state.meeting.circuit, state.meeting.circuit_key)
    facts = SessionFacts(
        session_key=state.key,
        season=season or _season_of(state),
        circuit_id=circuit.id if circuit else "",
        laps=distance,
        entrants=_entrants(state),
        sprint=sprint,
        start_ms=lights_out_ms,
        weather=pl.DataFrame(
            {"t_ms": [one.t_ms for one in weather], "rainfall": [one.weather.rain for one in weather]},
            schema={"t_ms": pl.Int64, "rainfall": pl.Boolean},
        ),
        messages=pl.DataFrame(
            [(one.t_ms, one.text, one.number or None) for one in state.messages.values()],
            schema={"t_ms": pl.Int64, "message": pl.String, "driver_number": pl.String},
            orient="row",
        ),
    )
    session = msgspec.structs.replace(
        _session(facts, state.meeting.name, table, "watched"), live=live, simulated=state.simulated
    )
    colours = {car.number: car.colour.lstrip("#") for car in state.cars.values()}
    finished = state.status in OVER or session.lap >= distance
    changed = max((lap.amended_t_ms or 0 for lap in laps), default=0)
    return StrategyRecord(session, facts, table, colours, finished, f"so far {len(laps)} {changed} {len(weather)}")


def sessions_in_lake(lake: Lake) -> tuple[StrategySession, ...]:
    """Every race and sprint of the lake that can be asked about, the newest first."""
    known = lake.query(
        "SELECT session_key, count(*) > count(*) FILTER (compound IS NULL) AS told, max(lap) AS laps "
        "FROM laps WHERE session IN ('R', 'S') GROUP BY session_key"
    )
    if known.is_empty():
        return ()
    rows = lake.read("sessions").join(known.filter(pl.col("told")).drop("told"), on="session_key", suffix="_seen")
    return tuple(
        StrategySession(
            session_key=row["session_key"],
            season=row["season"] or 0,
            round=row["round"] or 0,
            event=row["event"] or "",
            circuit_id=row["circuit_id"] or "",
            sprint=row["session"] == SessionKind.SPRINT.value,
            laps=max(row["laps_seen"], _announced(row) or 0),
            lap=row["laps_seen"],
            origin="lake",
            simulated=row["simulated"],
        )
        for row in rows.sort("season", "round", "session", descending=True, nulls_last=True).iter_rows(named=True)
    )


def _announced(row: Mapping[str, object]) -> int | None:
    season, round_number = row["season"], row["round"]
    if not isinstance(season, int) or not isinstance(round_number, int):
        return None
    return announced_laps(season, round_number, sprint=row["session"] == SessionKind.SPRINT.value)


def _session(facts: SessionFacts, event: str, laps: pl.DataFrame, origin: str) -> StrategySession:
    _, round_number, _ = parts_of_key(facts.session_key)
    ended = laps.filter(pl.col("lap_end_s").is_not_null() & ~pl.col("generated").fill_null(value=False))["lap"].max()
    return StrategySession(
        session_key=facts.session_key,
        season=facts.season,
        round=round_number or 0,
        event=event,
        circuit_id=facts.circuit_id,
        sprint=facts.sprint,
        laps=facts.laps,
        lap=min(ended, facts.laps - 1) if isinstance(ended, int) else 0,
        origin=origin,
    )


def _season_of(state: SessionState) -> int:
    year = state.meeting.start_date[:4]
    return int(year) if year.isdecimal() else 0


def _entrants(state: SessionState) -> tuple[Entrant, ...]:
    def place(car: CarState) -> tuple[int, int, str]:
        return (car.grid or 99, car.line or 99, car.number.zfill(3))

    ordered = sorted(state.cars.values(), key=place)
    if not ordered:
        raise DataMissingError(f"Nobody takes part in {state.key} (yet)")
    return tuple(
        Entrant(car.number, car.code or car.number, car.team, grid) for grid, car in enumerate(ordered, start=1)
    )


def _with_first_places(facts: SessionFacts, positions: pl.DataFrame) -> SessionFacts:
    """The grid of a session that history does not have: the places on the timing screen when the lights went out."""
    before = positions if facts.start_ms is None else positions.filter(pl.col("t_ms") <= facts.start_ms)
    told = before.filter(pl.col("position").is_not_null()).sort("t_ms")
    last = (
        told.group_by("driver_number").last() if facts.start_ms is not None else told.group_by("driver_number").first()
    )
    places = {number: int(place) for number, place in last.select("driver_number", "position").iter_rows()}
    if not places:
        return facts
    ordered = sorted(facts.entrants, key=lambda one: (places.get(one.driver_number, 99), one.grid))
    entrants = tuple(msgspec.structs.replace(one, grid=grid) for grid, one in enumerate(ordered, start=1))
    return replace(facts, entrants=entrants)
