"""How features of past sessions are computed: their tables' facts, replayed through the online features."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby

import polars as pl

from overcut.lake.features.declaration import LIVE_ENTITIES, Entity
from overcut.lake.features.facts import Fact, SessionContext
from overcut.lake.features.frames import live_frame
from overcut.lake.features.online import OnlineFeatures, Row
from overcut.lake.features.past_tables import round_of
from overcut.lake.features.tables import TOLD_EVENTS, context_of_tables, facts_of_events, facts_of_tables
from overcut.lake.store.lake import Lake

Frames = dict[Entity, pl.DataFrame]
READ = {
    "laps": None,
    "track_status": ("session_key", "t_ms", "status"),
    "weather": ("session_key", "t_ms", "air_temp_c", "track_temp_c", "humidity_pct", "wind_speed_ms", "rainfall"),
    "session_status": ("session_key", "t_ms", "status"),
    "entries": ("session_key", "driver_number", "constructor_id", "team"),
}
"""The session tables that features read, and of which columns."""


class SessionInput:
    """A past session: what was known before it, and its facts in order."""

    __slots__ = ("context", "facts")

    def __init__(self, context: SessionContext, facts: Sequence[Fact]) -> None:
        self.context = context
        self.facts = facts


def features_of(session: SessionInput, entities: Sequence[Entity] = LIVE_ENTITIES) -> Frames:
    """The features of a session at each moment at which they changed: a row for every telling of a car's lap."""
    online = OnlineFeatures(session.context, entities)
    rows: dict[Entity, list[Row]] = {entity: [] for entity in entities}
    with _without_collecting():
        for fact in session.facts:
            for row in online.update(fact):
                rows[row.entity].append(row)
    return {entity: live_frame(entity, session.context.key, found) for entity, found in rows.items()}


def sessions_of(lake: Lake, keys: Iterable[str], *, events: bool = True) -> Iterator[SessionInput]:
    """Past sessions of the lake, read season by season.

    Args:
        lake: where from.
        keys: which; those without laps give no facts.
        events: whether to replay a session's events where the lake has them: then values that were amended later are
            known as they were told first. Without, and where there are none, laps are known from their last change.
    """
    told = set(lake.units("events")) if events else set[str]()
    for _, group in groupby(sorted(set(keys)), key=lambda key: round_of(key) and key[:4]):
        chunk = list(group)
        tables = {name: _by_session(lake.read(name, units=chunk, columns=columns)) for name, columns in READ.items()}
        empty = {name: lake.read(name, units=[], columns=columns) for name, columns in READ.items()}
        bodies = _bodies(lake, [key for key in chunk if key in told])
        for key in chunk:
            read = {name: found.get(key, empty[name]) for name, found in tables.items()}
            context = context_of(lake, key, read["laps"], read["entries"])
            if key in bodies:
                yield SessionInput(context, list(facts_of_events(bodies[key])))
                continue
            facts = facts_of_tables(read["laps"], read["track_status"], read["weather"], read["session_status"])
            yield SessionInput(context, facts)


def context_of(lake: Lake, key: str, laps: pl.DataFrame, entries: pl.DataFrame) -> SessionContext:
    """What the lake knows of a session before it: teams, and of a race its grid and distance."""
    told, kind = round_of(key), key.rsplit("-", 1)[-1]
    grid = pl.DataFrame(schema={"driver_number": pl.String, "position": pl.Int16})
    planned: int | None = None
    if told is not None and kind in ("R", "S"):
        season, number = told
        here = pl.col("round") == number
        grid = lake.read("grids", units=[season], where=here & (pl.col("session") == kind))
        if kind == "R":
            race = lake.read("races", units=[season], where=here, columns=None)
            planned = next(iter(race.select(pl.coalesce("scheduled_laps", "laps")).to_series().to_list()), None)
    return context_of_tables(key, laps, entries, grid, planned)


def _by_session(table: pl.DataFrame) -> dict[str, pl.DataFrame]:
    parts = table.partition_by("session_key", as_dict=True, maintain_order=True)
    return {str(key[0]): part for key, part in parts.items()}


def _bodies(lake: Lake, keys: Sequence[str]) -> dict[str, list[str]]:
    if not keys:
        return {}
    table = lake.read("events", units=keys, where=pl.col("kind").is_in(TOLD_EVENTS)).sort("session_key", "number")
    return {key: part["body"].to_list() for key, part in _by_session(table).items()}


@contextmanager
def _without_collecting() -> Generator[None]:
    """Rows and facts hold no cycles: looking for some takes a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
