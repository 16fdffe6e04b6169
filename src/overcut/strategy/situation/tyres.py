"""On which tyres is each car, how old are they, and what has it used, also where the feed did not say all of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import polars as pl

from overcut.domain.tyres import Compound
from overcut.strategy.model import CircuitModel, TyreModel

DRY = (Compound.SOFT, Compound.MEDIUM, Compound.HARD)
WATER = (Compound.INTERMEDIATE, Compound.WET)
SOFTEST_FIRST = (
    Compound.HYPERSOFT,
    Compound.ULTRASOFT,
    Compound.SUPERSOFT,
    Compound.SOFT,
    Compound.MEDIUM,
    Compound.HARD,
    Compound.SUPERHARD,
)
"""All dry compounds there have been since 2018."""

SCRUBBED_LAPS = 2
"""Age of a set whose age nobody told: half of them are new, and the others have done a qualifying run."""


class TyreState(msgspec.Struct, frozen=True):
    """One car's tyres at the moment.

    Attributes:
        compound: on the car now (or what it is likely to leave the pits on). ``age``: laps done on it.
        used: compounds used so far in this order, the present one included (also those for water, since they waive
            the rule of two compounds).
        stops: how often its tyres were changed or it went through the pits. ``stint``: number of the set, 1-based.
        told: the feed told the compound.
    """

    compound: Compound
    age: int
    used: tuple[Compound, ...]
    stops: int
    stint: int
    told: bool


def with_stints(laps: pl.DataFrame) -> pl.DataFrame:
    """The laps with ``set_number`` (1-based, counted from stops), ``dry`` (SOFT, MEDIUM, HARD) and ``age``.

    The compound of a set is the one told on most of its laps so far; ``dry`` holds INTERMEDIATE and WET as they are,
    and null where nothing was told. ``age`` is laps on the set at the start of the lap; counted on where it is null.
    """
    stopped = pl.col("pit_in").fill_null(value=False).shift(1, fill_value=False).cast(pl.Int32)
    frame = laps.with_columns((1 + stopped.cum_sum().over("driver_number")).alias("set_number"))
    told = (
        frame.filter(pl.col("compound").is_not_null() & ~pl.col("compound").is_in(["UNKNOWN", "TEST_UNKNOWN"]))
        .group_by("driver_number", "set_number", "compound")
        .len()
        .sort("len", "compound", descending=[True, False])
        .unique(["driver_number", "set_number"], keep="first", maintain_order=True)
        .select("driver_number", "set_number", pl.col("compound").alias("dry"))
    )
    names = modern_names(told["dry"].unique().to_list())
    frame = frame.join(told, on=["driver_number", "set_number"], how="left", maintain_order="left")
    of_set = ["driver_number", "set_number"]
    done = pl.col("lap") - pl.col("lap").min().over(of_set)
    start = (pl.col("tyre_life") - 1 - done).max().over(of_set).fill_null(SCRUBBED_LAPS).clip(0, 40)
    return frame.with_columns(pl.col("dry").replace(names), (start + done).alias("age"))


def modern_names(compounds: Sequence[str]) -> dict[str, str]:
    """SOFT, MEDIUM or HARD for the names of 2018, when each race chose three of seven; the same for today's names.

    Where more than three were told, or fewer, the softest is SOFT and those beyond the third are HARD.
    """
    dry = [name.value for name in SOFTEST_FIRST if name.value in compounds]
    if all(name in {one.value for one in DRY} for name in dry):
        return {}
    return {name: DRY[min(2, rank)].value for rank, name in enumerate(dry)}


def tyre_states(laps: pl.DataFrame, circuit: CircuitModel, *, wet: bool) -> dict[str, TyreState]:
    """The tyres of every car with a lap, by driver number.

    Args:
        laps: as `with_stints` gives them, up to the moment.
        circuit: for what a car in the pits is likely to fit, and what a set of unknown compound is likely to be.
        wet: whether cars fit tyres for water now.
    """
    found: dict[str, TyreState] = {}
    left_of = circuit.laps
    for (number,), part in laps.group_by("driver_number", maintain_order=True):
        last = part.row(part.height - 1, named=True)
        used = tuple(Compound(name) for name in part["dry"].drop_nulls().unique(maintain_order=True))
        stops = int(part["pit_in"].fill_null(value=False).sum())
        stint, age = int(last["set_number"]), int(last["age"]) + 1
        remaining = max(1, left_of - int(last["lap"]))
        told = last["dry"] is not None
        compound = Compound(last["dry"]) if told else _next_compound(circuit, used, int(last["lap"]), wet=wet)
        if bool(last["pit_in"]):
            compound, age, stint, told = _next_compound(circuit, used, remaining, wet=wet), 0, stint + 1, False
        if compound not in used:
            used = (*used, compound)
        found[str(number)] = TyreState(compound, age, used, stops, stint, told)
    return found


def _next_compound(circuit: CircuitModel, used: tuple[Compound, ...], laps: int, *, wet: bool) -> Compound:
    """What a car is likely to fit for so many laps, by the circuit's choice of compounds."""
    if wet:
        return Compound.INTERMEDIATE
    tyres: Mapping[Compound, TyreModel] = {tyre.compound: tyre for tyre in circuit.tyres if tyre.compound in DRY}
    choice = circuit.choice
    best, score = Compound.MEDIUM, float("-inf")
    for compound, bias in zip(choice.compounds, choice.bias, strict=True):
        if compound not in tyres or (len(used) == 1 and compound in used):
            continue
        stint = tyres[compound].typical_stint_laps
        value = bias + choice.short * max(0.0, laps - stint) / stint + choice.long * max(0.0, stint - laps) / stint
        if value > score:
            best, score = compound, value
    return best


def likely_start(circuit: CircuitModel, *, wet: bool) -> Compound:
    """The tyre that most cars start on."""
    if wet:
        return Compound.INTERMEDIATE
    names = {tyre.compound for tyre in circuit.tyres}
    return Compound.MEDIUM if Compound.MEDIUM in names else next(tyre.compound for tyre in circuit.tyres)
