"""How seasons enter the lake from Jolpica, or another server in Ergast's shape, under F1DB's ids."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl

from overcut.domain.grands_prix import plain
from overcut.domain.session import slug
from overcut.domain.tables import LakeSource
from overcut.kernel.errors import WrongUsageError
from overcut.kernel.http import HttpClient, HttpPolicy
from overcut.lake import Lake
from overcut.runtime.imports.importing import Imported, Told, import_tables, untold
from overcut.sources.history.jolpica import JolpicaSeasons, Want, ask_seasons
from overcut.sources.history.jolpica.listing import Reader
from overcut.sources.history.jolpica.names import RuleNames
from overcut.sources.history.jolpica.pace import Pace, Pacer
from overcut.sources.history.jolpica.pages import Circuit, Constructor, Driver

PATIENT = HttpPolicy(attempts=6, first_s=1.0, most_s=120.0, breaker_failures=12)
"""A public service that says 429 or 503 is waited for, as long as it asks (Retry-After)."""

FIRST_SEASON = 1950
_NEAR_KM = 5.0


def import_jolpica(
    lake: Lake,
    url: str,
    cache: Path,
    seasons: Sequence[int],
    told: Told = untold,
    *,
    laps: bool = False,
    refresh: bool = False,
    policy: HttpPolicy = PATIENT,
    pace: Pace | None = None,
) -> Imported:
    """Bring seasons into the lake from a server in Ergast's shape.

    Pages are kept below ``cache``: after an interruption the import goes on where it was, and where the server cannot
    be reached kept pages stand in, which ``notes`` then says with their age.

    Args:
        lake: knows F1DB's ids, where it holds F1DB; else they are formed by rule, which ``notes`` says.
        url: address of the interface: https, or http on this machine.
        cache: folder for kept pages. ``seasons``: which years. ``told``: of pages and tables.
        laps: ask for every lap too. ``refresh``: ask for everything again.
        policy, pace: how patient, and how fast, to be.

    Raises:
        UnreachableError: something could not be had, and is not kept from before.
        OvercutError: what came cannot be understood, or the lake cannot be written; the lake is as it was.
    """
    names = LakeNames(lake)
    asked, stale = asyncio.run(_ask(url, cache, seasons, told, laps=laps, refresh=refresh, policy=policy, pace=pace))
    tables = list(asked.tables(names))
    return import_tables(
        lake,
        LakeSource.JOLPICA,
        asked.origin,
        tables,
        told,
        notes=[*_staleness(stale), *_absence(asked), *names.doubts()],
    )


async def _ask(
    url: str,
    cache: Path,
    seasons: Sequence[int],
    told: Told,
    *,
    laps: bool,
    refresh: bool,
    policy: HttpPolicy,
    pace: Pace | None,
) -> tuple[JolpicaSeasons, float | None]:
    folder = cache / "jolpica" / slug(urlsplit(url).netloc)
    pages = 0

    def seen(path: str, _kept: bool) -> None:
        nonlocal pages
        pages += 1
        told(path, pages)

    base = url if url.endswith("/") else f"{url}/"
    async with HttpClient(base, policy=policy) as client:
        reader = Reader(client, Pacer(pace or Pace(), folder / "asked.json"), folder, told=seen)
        want = Want(seasons, running=datetime.now(UTC).year, laps=laps, refresh=refresh)
        return await ask_seasons(reader, want), reader.stale


def read_seasons(words: Sequence[str]) -> list[int]:
    """The years that words name: ``2024``, ``2018-2021``; the present one for none.

    Raises:
        WrongUsageError: a word is no year of the championship.
    """
    this_year = datetime.now(UTC).year
    found: set[int] = set()
    for word in words:
        first, _, last = word.partition("-")
        if not (first.isdigit() and (last or first).isdigit()):
            raise WrongUsageError(f"{word!r} is no season", hint="overcut history import jolpica 2024, or 2018-2021")
        found.update(range(int(first), int(last or first) + 1))
    wrong = [year for year in found if not FIRST_SEASON <= year <= this_year + 1]
    if wrong:
        raise WrongUsageError(f"there is no season {min(wrong)}", hint=f"{FIRST_SEASON} to {this_year}")
    return sorted(found) or [this_year]


def _absence(asked: JolpicaSeasons) -> list[str]:
    return [f"the server knows no races of {season}" for season in asked.absent]


def _staleness(since: float | None) -> list[str]:
    if since is None:
        return []
    hours = max(0.0, time.time() - since) / 3600
    age = f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours"
    return [f"the server could not be reached: kept pages stand in, the oldest {age} old"]


class LakeNames(RuleNames):
    """F1DB's ids through the lake: drivers by day of birth and name, circuits by where they are, teams by name."""

    def __init__(self, lake: Lake) -> None:
        drivers = lake.read("drivers", source=LakeSource.F1DB, columns=["driver_id", "last_name", "name", "born"])
        self._drivers = {row["driver_id"]: row for row in drivers.iter_rows(named=True)}
        self._by_birth: dict[str, list[str]] = {}
        for row in self._drivers.values():
            self._by_birth.setdefault(str(row["born"]), []).append(row["driver_id"])
        self._constructors = set(lake.read("constructors", source=LakeSource.F1DB)["constructor_id"])
        self._circuits = lake.read("circuits", source=LakeSource.F1DB, columns=["circuit_id", "latitude", "longitude"])
        grands_prix = lake.read("grands_prix", source=LakeSource.F1DB, columns=["grand_prix_id", "full_name"])
        self._grands_prix = {plain(full): key for key, full in grands_prix.iter_rows() if full}
        self._doubts: dict[str, str] = {}
        self._known = not drivers.is_empty()

    def doubts(self) -> list[str]:
        """In words, the ids that no table of the lake confirms."""
        if not self._known:
            return ["the lake holds no F1DB: ids are formed by rule; import F1DB and then this again to confirm them"]
        return [f"{what} is not in F1DB: taken as {key}" for what, key in sorted(self._doubts.items())]

    def driver(self, driver: Driver) -> str:
        """By day of birth and family name, else by the whole name."""
        family = set(plain(driver.family).split())
        born = [
            key
            for key in self._by_birth.get(driver.born, [])
            if family & set(plain(f"{self._drivers[key]['last_name']} {self._drivers[key]['name']}").split())
        ]
        if len(born) == 1:
            return born[0]
        return self._sure(super().driver(driver), set(self._drivers), f"the driver {driver.given} {driver.family}")

    def constructor(self, constructor: Constructor, season: int) -> str:
        """By rule, if F1DB has such a constructor."""
        found = super().constructor(constructor, season)
        return self._sure(found, self._constructors, f"the constructor {constructor.name}")

    def circuit(self, circuit: Circuit) -> str:
        """By rule, if F1DB has such a circuit; else the one within 5 km of its place."""
        by_rule, known = super().circuit(circuit), set(self._circuits["circuit_id"])
        if by_rule in known:
            return by_rule
        return self._nearest(circuit) or self._sure(by_rule, known, f"the circuit {circuit.name}")

    def grand_prix(self, name: str) -> str:
        """By its full name, else by rule."""
        found = self._grands_prix.get(plain(name))
        if found is not None:
            return found
        return self._sure(super().grand_prix(name), set(self._grands_prix.values()), f"the {name}")

    def _sure(self, key: str, known: set[str], what: str) -> str:
        if self._known and key not in known:
            self._doubts[what] = key
        return key

    def _nearest(self, circuit: Circuit) -> str | None:
        try:
            north, east = float(circuit.location.latitude), float(circuit.location.longitude)
        except ValueError:
            return None
        shrink = math.cos(math.radians(north))
        away = (
            ((pl.col("latitude") - north) * 111.2) ** 2 + ((pl.col("longitude") - east) * 111.2 * shrink) ** 2
        ).sqrt()
        found = self._circuits.with_columns(away.alias("km")).filter(pl.col("km") < _NEAR_KM).sort("km")
        return None if found.is_empty() else str(found["circuit_id"][0])
