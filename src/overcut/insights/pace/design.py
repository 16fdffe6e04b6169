"""Which columns explain a race lap's time: driver, set, compound, wear, fuel, evolution, traffic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from overcut.insights.pace.assumptions import EVOLUTION_SD_S, REFERENCE_LAP_S, WEAR_SD_S, Fuel
from overcut.insights.pace.mixed import Rows, Term
from overcut.insights.pace.verdicts import Verdict

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RACE_S = 5_400.0
"""How long a race takes, for what is assumed of a whole race distance."""

WAVES = 7
"""Waves of the uneven part of the track's evolution: half waves 2 to 8 over the race, each assumed smaller."""


FEW_CLEAR_LAPS = 5
"""A driver with fewer laps in clear air is told by those in traffic too, with what they cost him unknown."""


@dataclass(frozen=True)
class Cliff:
    """Beyond ``age`` laps a compound loses more with each lap."""

    compound: str
    age: float


@dataclass(frozen=True)
class Setting:
    """What is taken for granted of a session.

    Attributes:
        fuel: what burns off. ``middle_kg``: fuel that all laps are compared at.
        evolution_sd_s: how much the track may change at a constant rate over `RACE_S`, on a lap of 90 s.
        set_sd_s: how much a set's (a run's) level may differ for reasons unknown, on a lap of 90 s; None to learn it.
    """

    fuel: Fuel
    middle_kg: float
    evolution_sd_s: float = EVOLUTION_SD_S
    set_sd_s: float | None = None


@dataclass(frozen=True)
class Conditions:
    """What lap times are made comparable to: the compound of most laps, at their median age, fuel and time."""

    compound: str
    age_laps: float
    fuel_kg: float
    t_s: float
    lap_s: float


@dataclass(frozen=True)
class Design:
    """The counted laps as numbers.

    Attributes:
        table: the laps, by driver, set and lap; all arrays are in its order. ``y``: lap times, seconds.
        drivers, compounds, stints: members of each group (stints: (driver number, stint)).
        driver_of, compound_of, stint_of: index into them.
        age, fuel, time: laps on the set, kilograms on board, seconds of the session, each at the lap's begin.
        stint_age: mean age of each set's counted laps. ``traffic``: laps behind another car.
        at: the conditions that all are compared at. ``scale``: lap over 90 s.
        span_s: seconds from the first counted lap to the last.
    """

    table: pl.DataFrame
    y: Floats
    drivers: tuple[str, ...]
    compounds: tuple[str, ...]
    stints: tuple[tuple[str, int], ...]
    driver_of: Ints
    compound_of: Ints
    stint_of: Ints
    age: Floats
    fuel: Floats
    time: Floats
    stint_age: Floats
    traffic: NDArray[np.bool_]
    at: Conditions
    scale: float
    setting: Setting
    start_s: float
    span_s: float
    cliffs: tuple[Cliff, ...] = ()

    def with_cliffs(self, cliffs: Sequence[Cliff]) -> Design:
        """The same laps, with steeper wear beyond some ages."""
        return replace(self, cliffs=tuple(cliffs))

    def rows(self) -> Rows:
        """The observations as the mixed model takes them; a chain is one set of tyres."""
        laps = self.table["lap"].to_numpy().astype(np.int64)
        before = np.arange(-1, len(laps) - 1)
        chained = np.append([False], self.stint_of[1:] == self.stint_of[:-1]) if len(laps) else np.zeros(0, bool)
        lag = np.append([1], np.diff(laps)) if len(laps) else laps
        return Rows(self.y, self.traffic.astype(np.int64), np.where(chained, before, -1), np.where(chained, lag, 1))

    def terms(self) -> list[Term]:
        """All terms of the model. Wear is counted from the age of comparison, so that compounds compare there."""
        n, scale = len(self.y), self.scale
        aged = (self.age - self.at.age_laps)[:, None]
        driver, compound = _one_hot(self.driver_of, len(self.drivers)), _one_hot(self.compound_of, len(self.compounds))
        stint = _one_hot(self.stint_of, len(self.stints))
        within = (self.age - self._stint_age_of_laps())[:, None]
        waves = evolution_waves(self.time, self.start_s, self.span_s)
        race_share, set_sd, free = self.span_s / RACE_S, self.setting.set_sd_s, 0.12
        slow = self.traffic[:, None].astype(np.float64)
        return [
            Term("level", np.ones((n, 1)), float(np.median(self.y)), 20.0 * scale),
            Term("driver", driver, 0.0, 0.5 * scale, learned=True),
            Term("stint", stint, 0.0, (free if set_sd is None else set_sd) * scale, learned=set_sd is None),
            Term("compound", compound, 0.0, 0.6 * scale, learned=True),
            Term("wear", compound * aged, 0.0, WEAR_SD_S * scale),
            Term("driver_wear", driver * aged, 0.0, 0.01 * scale, learned=True),
            Term("stint_wear", stint * within, 0.0, 0.01 * scale, learned=True),
            Term(
                "fuel",
                (self.fuel - self.at.fuel_kg)[:, None],
                self.setting.fuel.s_per_kg,
                self.setting.fuel.s_per_kg_sd,
            ),
            Term("evolution", waves[:, :1], 0.0, self.setting.evolution_sd_s * scale * max(race_share, 0.05)),
            Term("waves", waves[:, 1:], 0.0, 0.3 * scale, learned=True),
            Term("traffic", slow, 0.2 * scale, 0.4 * scale),
            Term("traffic_wear", compound * aged * slow, 0.0, 0.05 * scale),
            Term("stint_traffic", stint * slow, 0.0, 0.2 * scale, learned=True),
            *(Term(cliff_name(cliff), self.cliff_column(cliff)[:, None], 0.0, 1.0 * scale) for cliff in self.cliffs),
        ]

    def matrix(self) -> Floats:
        """All columns, in the order of the fit's coefficients."""
        return np.column_stack([term.columns for term in self.terms()])

    def _stint_age_of_laps(self) -> Floats:
        known = self.stint_of >= 0
        return np.where(known, np.append(self.stint_age, 0.0)[self.stint_of], self.age)

    def over(self, table: pl.DataFrame) -> Design:
        """Other laps in the terms of this design, as if in clear air; a set or compound that it lacks has no effect."""
        numbers = _numbers(table, self.setting.fuel)
        return replace(
            self,
            table=table,
            y=numbers.y,
            driver_of=_index(numbers.drivers, self.drivers),
            compound_of=_index(numbers.compounds, self.compounds),
            stint_of=_index(numbers.stints, self.stints),
            age=numbers.age,
            fuel=numbers.fuel,
            time=numbers.time,
            traffic=np.zeros(table.height, dtype=np.bool_),
        )

    def cliff_column(self, cliff: Cliff) -> Floats:
        """Laps beyond the cliff's age on its compound; 0 elsewhere."""
        on = self.compound_of == self.compounds.index(cliff.compound)
        return np.where(on, np.maximum(self.age - cliff.age, 0.0), 0.0)

    def progress_columns(self, t_s: float) -> Floats:
        """The columns of evolution and waves at a moment."""
        return evolution_waves(np.array([t_s]), self.start_s, self.span_s)[0]


def cliff_name(cliff: Cliff) -> str:
    """The name of a cliff's term."""
    return f"cliff {cliff.compound}"


def evolution_waves(t_s: Floats, start_s: float, span_s: float) -> Floats:
    """Columns of the track's evolution: a straight line from -0.5 to 0.5, then half waves without its slope.

    The line cannot be told from fuel, so it has an assumption of its own; the waves are what the field shares beyond.
    """
    grid = np.linspace(0.0, 1.0, 201)
    u = np.clip((t_s - start_s) / max(span_s, 1.0), 0.0, 1.0)
    columns = [u - 0.5]
    for k in range(2, WAVES + 2):
        wave = np.cos(np.pi * k * grid)
        slope, level = np.polyfit(grid, wave, 1)
        columns.append((np.cos(np.pi * k * u) - slope * u - level) / k)
    return np.column_stack(columns)


def build(judged: pl.DataFrame, setting: Setting) -> Design:
    """The design of the counted laps: those in clear air; of drivers with next to none also those in traffic.

    Laps in traffic are left out elsewhere, although a term could be given to them: a car held up follows the pace of
    another, most of all on fresh tyres, so that its laps hide wear and pace alike (measured: docs/concepts/pace.md).

    Args:
        judged: laps with their verdicts (`judging.judged`); fuel on board is taken from a column ``fuel_kg`` where
            there is one, else counted from the start of the race.
        setting: what is taken for granted.
    """
    stint = pl.col("stint").fill_null(0)
    clear = pl.col("verdict") == Verdict.CLEAN.value
    held_up = (pl.col("verdict") == Verdict.TRAFFIC.value) & (clear.sum().over("driver_number") < FEW_CLEAR_LAPS)
    table = judged.filter(clear | held_up).with_columns(stint.alias("stint")).sort("driver_number", "stint", "lap")
    numbers = _numbers(table, setting.fuel)
    drivers, compounds = tuple(sorted(set(numbers.drivers))), tuple(sorted(set(numbers.compounds)))
    stints = tuple(sorted(set(numbers.stints)))
    stint_of = _index(numbers.stints, stints)
    counts = table["compound"].value_counts(sort=True)
    at = Conditions(
        compound=str(counts["compound"][0]),
        age_laps=float(np.round(np.median(numbers.age))),
        fuel_kg=setting.middle_kg,
        t_s=float(np.median(numbers.time)),
        lap_s=float(np.median(numbers.y)),
    )
    return Design(
        table=table,
        y=numbers.y,
        drivers=drivers,
        compounds=compounds,
        stints=stints,
        driver_of=_index(numbers.drivers, drivers),
        compound_of=_index(numbers.compounds, compounds),
        stint_of=stint_of,
        age=numbers.age,
        fuel=numbers.fuel,
        time=numbers.time,
        stint_age=_mean_within(numbers.age, stint_of, len(stints)),
        traffic=(table["verdict"] == Verdict.TRAFFIC.value).to_numpy(),
        at=at,
        scale=at.lap_s / REFERENCE_LAP_S,
        setting=setting,
        start_s=float(numbers.time.min()),
        span_s=float(np.ptp(numbers.time)),
    )


class _Numbers(NamedTuple):
    """Columns of a lap table as the design takes them."""

    y: Floats
    drivers: list[str]
    compounds: list[str]
    stints: list[tuple[str, int]]
    age: Floats
    fuel: Floats
    time: Floats


def _numbers(table: pl.DataFrame, fuel: Fuel) -> _Numbers:
    burnt = pl.lit(fuel.start_kg) - fuel.kg_per_lap * (pl.col("lap").cast(pl.Float64) - 1.0)
    on_board = pl.col("fuel_kg") if "fuel_kg" in table.columns else burnt.clip(0.0)
    drivers = [str(number) for number in table["driver_number"]]
    return _Numbers(
        y=table["lap_time_s"].to_numpy().astype(np.float64),
        drivers=drivers,
        compounds=[str(compound) for compound in table["compound"]],
        stints=list(zip(drivers, (int(stint) for stint in table["stint"]), strict=True)),
        age=table["age_laps"].to_numpy().astype(np.float64),
        fuel=table.select(on_board.alias("kg"))["kg"].to_numpy().astype(np.float64),
        time=table["lap_end_s"].fill_null(strategy="forward").fill_null(0.0).to_numpy().astype(np.float64),
    )


def _index(values: Sequence[object], members: Sequence[object]) -> Ints:
    place = {member: index for index, member in enumerate(members)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)


def _one_hot(of: Ints, members: int) -> Floats:
    return (of[:, None] == np.arange(members)[None, :]).astype(np.float64)


def _mean_within(values: Floats, group: Ints, groups: int) -> Floats:
    counts = np.maximum(np.bincount(group, minlength=groups), 1)
    return np.bincount(group, weights=values, minlength=groups) / counts
