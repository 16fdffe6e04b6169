"""How fast are features, and are they the same online as from the lake?

A simulated race always: what a lap costs online (all features of the car, its pair and the session), a look-up of a car
by what is known now, one over HTTP while the race plays, and what is known before a race. With the recordings
(``OVERCUT_SHARED`` or ``../shared``): the batch over every lap of the timing tables, on two processes and into files;
and how many columns differ in any bit between a session followed live and the lake, over the 2018 race, the 2023 sprint
and eight races of the tables.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import httpx
import numpy as np
import polars as pl

from overcut.domain.events import AnyEvent
from overcut.domain.session import SessionKey
from overcut.domain.tables import LakeSource
from overcut.lake import Lake
from overcut.lake.features import Entity, FeatureStore, OnlineFeatures
from overcut.lake.features.batch import READ
from overcut.lake.features.declaration import LIVE_ENTITIES
from overcut.lake.features.facts import Fact, LapFact, SessionContext, context_of_key, fact_of_event
from overcut.lake.features.frames import live_frame
from overcut.lake.features.online import Row
from overcut.runtime.features import build_features, with_teams
from overcut.runtime.imports.history import import_f1db
from overcut.runtime.imports.timing import import_timing
from overcut.runtime.replay import replay
from overcut.runtime.session_tables.reading import read_session_tables
from overcut.runtime.simulated_home import simulated_race
from overcut.sources.opening import open_source
from overcut.sources.source import Source
from overcut.sources.tables.source import TableSource
from overcut.timing.engine import Engine
from websocket_load import free_port, start_server

ROOT = Path(__file__).resolve().parents[1]
LOOKUP_BAR_MS = 10.0
EIGHT = ("2018-12-R", "2019-11-R", "2020-14-R", "2021-10-R", "2022-19-R", "2023-05-R", "2024-09-R", "2025-03-R")
LIVE = (
    "data/livetiming/static/2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race",
    "data/livetiming/static/2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-29_Sprint",
)


class Figure(TypedDict, total=False):
    """A figure as ``bars.py`` reads it."""

    value: float
    unit: str
    bar: float
    note: str


def facts_of(source: Source, context: SessionContext) -> tuple[list[Fact], SessionContext]:
    """A session's facts, and what was known before it with the teams that its feed names."""
    facts: list[Fact] = []
    known: list[SessionContext] = []

    def take(engine: Engine, events: list[AnyEvent]) -> None:
        for event in events:
            fact = fact_of_event(event)
            if fact is None:
                continue
            if isinstance(fact, LapFact) and not known:
                known.append(with_teams(context, engine.state()))
            facts.append(fact)

    replay(source, on_events=take)
    return facts, known[0] if known else context


def percentile(values_ms: list[float], share: float) -> float:
    """A percentile of times, ms."""
    return round(float(np.percentile(values_ms, share)), 3)


def timed_ms(work: Callable[[], object]) -> float:
    """How long something takes, ms."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def online(source: Source) -> dict[str, Figure]:
    """What a fact, and a look-up, cost in the course of a race."""
    facts, context = facts_of(source, context_of_key(str(source.key)))
    follows = OnlineFeatures(context)
    updates, lookups = list[float](), list[float]()
    for fact in facts:
        updates.append(timed_ms(lambda fact=fact: follows.update(fact)))
        if isinstance(fact, LapFact):
            lookups.append(timed_ms(lambda fact=fact: follows.at_once(fact.number)))
    count = sum(isinstance(fact, LapFact) for fact in facts)
    return {
        "online_update_p99": {
            "value": percentile(updates, 99), "unit": "ms", "bar": LOOKUP_BAR_MS,
            "note": f"{count} laps, all features of car, pair, session; median {percentile(updates, 50)}",
        },
        "lookup_p99": {
            "value": percentile(lookups, 99), "unit": "ms", "bar": LOOKUP_BAR_MS,
            "note": "a car's features worked out anew from what is known now",
        },
    }  # fmt: skip


def over_http(race: Path, home: Path) -> dict[str, Figure]:
    """What a look-up over HTTP costs while a race plays."""
    port = free_port()
    process = start_server(home, race, port, 10.0, 1.0)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            key = client.get("/api/v1/sessions").json()[0]["key"]
            path = f"/api/v1/sessions/{key}/features?driver=4"
            client.get(path)
            times = [timed_ms(lambda: client.get(path)) for _ in range(200)]
    finally:
        process.terminate()
        process.wait(20)
    return {
        "lookup_http_p95": {
            "value": percentile(times, 95), "unit": "ms", "bar": 50.0,
            "note": f"one car of a race that plays; median {percentile(times, 50)}",
        }
    }  # fmt: skip


def batch(shared: Path, folder: Path) -> dict[str, Figure]:
    """All laps of the timing tables, and what is known before every race since 1950."""
    lake = Lake(folder / "lake")
    import_f1db(lake, shared / "data/history/f1db-sqlite.zip")
    import_timing(lake, shared / "data/timing")
    began, used_s = time.perf_counter(), os.times().children_user + os.times().children_system
    done = build_features(lake, folder / "features", lake.units("laps"), jobs=2)
    took_s, used_s = time.perf_counter() - began, os.times().children_user + os.times().children_system - used_s
    laps = sum(group.rows["car_lap"] for group in done)
    size = sum(file.stat().st_size for file in (folder / "features").rglob("*.parquet"))
    store = FeatureStore(lake, built=folder / "features")
    before_s = timed_ms(lambda: store.before(Entity.CIRCUIT)) / 1000
    look_up = store.before_round
    lookups = [
        timed_ms(lambda number=number: look_up(2024, number, Entity.DRIVER_SEASON, "lando-norris"))
        for number in range(1, 25)
    ]
    races = [key for key in lake.units("laps") if key.endswith("-R") and key >= "2018"]
    spine_s = timed_ms(lambda: store.live(races)) / 1000
    return {
        "batch": {
            "value": round(took_s, 1), "unit": "s", "bar": 120.0,
            "note": f"{laps} laps with all features, two processes, {size / 1e6:.0f} MB of files; "
                    f"{laps / took_s:.0f} laps a second; {used_s:.0f} s of CPU",
        },
        "built_races_read": {
            "value": round(spine_s, 2), "unit": "s", "note": f"{len(races)} races since 2018, all features",
        },
        "before_every_race": {
            "value": round(before_s, 1), "unit": "s", "note": "drivers, teams, circuits before each race since 1950",
        },
        "before_race_lookup_p95": {"value": percentile(lookups, 95), "unit": "ms", "bar": LOOKUP_BAR_MS},
    }  # fmt: skip


def agreement(shared: Path, folder: Path) -> dict[str, Figure]:
    """Columns that differ in any bit between a session that is followed and the lake."""
    sources: list[Source] = [open_source(shared / path) for path in LIVE]
    sources += [TableSource(shared / "data/timing", SessionKey(key)) for key in EIGHT]
    differing = columns = rows = 0
    for number, source in enumerate(sources):
        lake, key = Lake(folder / f"lake-{number}"), str(source.key)
        read = read_session_tables(source, telemetry=False)
        with lake.writing() as writer:
            for name in (*READ, "events"):
                if read.tables[name].height:
                    writer.replace(name, read.tables[name], source=LakeSource.FRAMES, origin="benchmark")
        store = FeatureStore(lake)
        facts, context = facts_of(source, store.context(key))
        follows, told = OnlineFeatures(context), list[Row]()
        for fact in facts:
            told += follows.update(fact)
        offline = store.live([key])
        for entity in LIVE_ENTITIES:
            frame = live_frame(entity, key, [row for row in told if row.entity is entity])
            columns, rows = columns + frame.width, rows + frame.height
            same = frame.height == offline[entity].height
            differing += sum(not same or not _same_bits(frame, offline[entity], name) for name in frame.columns)
    return {
        "online_is_offline": {
            "value": differing, "unit": "columns that differ", "bar": 0,
            "note": f"of {columns} columns of {rows} rows: 2018 race, 2023 sprint, eight races of the tables",
        }
    }  # fmt: skip


def _same_bits(left: pl.DataFrame, right: pl.DataFrame, name: str) -> bool:
    one, other = left[name], right[name]
    if not one.is_null().equals(other.is_null()):
        return False
    if one.dtype.is_float():
        return one.fill_null(0.0).to_numpy().tobytes() == other.fill_null(0.0).to_numpy().tobytes()
    return one.equals(other, null_equal=True)


def shared_folder() -> Path | None:
    """Where the recordings are; None without."""
    named = os.environ.get("OVERCUT_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    return folder if (folder / "data").is_dir() else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        race = simulated_race(folder / "home", season=2025, circuit="monza", seed=3)
        results: dict[str, Figure] = {**online(open_source(race)), **over_http(race, folder / "home")}
        shared = shared_folder()
        if shared is not None:
            results |= agreement(shared, folder) | batch(shared, folder)
    if arguments.json:
        print(json.dumps({"bench": "features", "results": results}))
        return 0
    for name, figure in results.items():
        print(f"{name:26} {figure.get('value')} {figure.get('unit')}  {figure.get('note', '')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
