"""How good was the advice: what was forecast of stops, rejoins and duels against what then happened?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import polars as pl

from overcut.domain.tyres import Compound
from overcut.insights.stops.answers import Action, DuelKind
from overcut.insights.stops.history import Book, KeptRecommendation

NEUTRAL = "[4567]"
LATER_LAPS = 3
"""A rival that stops within so many laps answers the stop of the other."""


class StopMade(NamedTuple):
    """A stop made at the end of ``lap``; ``place``: at the end of the out-lap, None where it did not end it."""

    driver_number: str
    lap: int
    compound: str | None
    place: int | None
    green: bool


class DuelFought(NamedTuple):
    """A pair next to each other at the end of ``lap`` who both stopped soon: the first on the next lap, the other
    ``laps`` later; ``ahead``: whether the attacker was ahead at the end of the later one's out-lap."""

    attacker: str
    rival: str
    kind: DuelKind
    lap: int
    laps: int
    gap_s: float
    ahead: bool


class LapBook:
    """A session's laps by driver and lap, as they came to be known in the end."""

    def __init__(self, laps: pl.DataFrame) -> None:
        known = laps.filter(~pl.col("generated").fill_null(value=False) & (pl.col("lap") >= 1))
        self.rows: dict[tuple[str, int], dict[str, object]] = {
            (str(row["driver_number"]), int(row["lap"])): row for row in known.iter_rows(named=True)
        }
        self.last = max((lap for _, lap in self.rows), default=0)
        self.places = _places(self.rows)

    def stops(self) -> list[StopMade]:
        """Every lap that ended in the pits and was followed by another."""
        found: list[StopMade] = []
        for (number, lap), row in sorted(self.rows.items(), key=lambda item: (item[0][1], item[0][0])):
            out = self.rows.get((number, lap + 1))
            if row["pit_in"] and out is not None:
                compound = out["compound"]
                found.append(
                    StopMade(
                        number, lap, compound if isinstance(compound, str) else None,
                        self.places.get((number, lap + 1)), self._green(number, lap - 1, lap + 1),
                    )
                )  # fmt: skip
        return found

    def duels(self, reach_s: float) -> list[DuelFought]:
        """Every duel that was fought under green, by pairs within ``reach_s`` of each other at the line before."""
        stops: dict[str, list[int]] = {}
        for made in self.stops():
            stops.setdefault(made.driver_number, []).append(made.lap)
        by_place = {(lap, place): number for (number, lap), place in self.places.items()}
        found: list[DuelFought] = []
        for number, laps in sorted(stops.items()):
            for lap in laps:
                place = self.places.get((number, lap - 1))
                for other in (by_place.get((lap - 1, place - 1)), by_place.get((lap - 1, place + 1))) if place else ():
                    later = [at - lap for at in stops.get(other or "", ()) if 0 < at - lap <= LATER_LAPS]
                    if other is not None and later:
                        found += self._duel(number, other, lap, later[0], reach_s)
        return found

    def _duel(self, first: str, second: str, lap: int, laps: int, reach_s: float) -> Iterable[DuelFought]:
        before, end = lap - 1, lap + laps + 1
        gap = self._gap(first, second, before)
        final = self._gap(first, second, end)
        green = self._green(first, before, end) and self._green(second, before, end)
        others = any(self._pits(number, lap + 1, end) for number in (first,))
        if gap is None or final is None or not abs(gap) < reach_s or not green or others:
            return
        if gap > 0:  # the one behind stopped first
            yield DuelFought(first, second, DuelKind.UNDERCUT, before, laps, gap, final < 0)
        else:
            yield DuelFought(second, first, DuelKind.OVERCUT, before, laps, -gap, final > 0)

    def _gap(self, one: str, other: str, lap: int) -> float | None:
        """By how much the one is behind the other at the end of a lap."""
        mine, theirs = self.rows.get((one, lap)), self.rows.get((other, lap))
        if mine is None or theirs is None:
            return None
        end, there = mine["lap_end_s"], theirs["lap_end_s"]
        return end - there if isinstance(end, float) and isinstance(there, float) else None

    def _pits(self, number: str, first: int, last: int) -> bool:
        return any(bool(self.rows.get((number, lap), {}).get("pit_in")) for lap in range(first, last + 1))

    def _green(self, number: str, first: int, last: int) -> bool:
        told = (str(self.rows.get((number, lap), {}).get("track_status") or "") for lap in range(first, last + 1))
        return not any(set(status) & set("4567") for status in told)


def _places(rows: Mapping[tuple[str, int], Mapping[str, object]]) -> dict[tuple[str, int], int]:
    """Rank of ending each lap, by time at the line."""
    by_lap: dict[int, list[tuple[float, str]]] = {}
    for (number, lap), row in rows.items():
        end = row["lap_end_s"]
        if isinstance(end, float):
            by_lap.setdefault(lap, []).append((end, number))
    return {
        (number, lap): place for lap, ends in by_lap.items() for place, (_, number) in enumerate(sorted(ends), start=1)
    }


class RejoinScore(msgspec.Struct, frozen=True):
    """Rejoin forecasts against places taken.

    Attributes:
        stops: how many. ``exact``: shares of the likeliest place being right; ``within_one`` of it being off by one at
            most. ``cover80``: of the 80 % interval holding the place. ``mae``: mean error of the mean place.
        crps: mean continuous ranked probability score, places; smaller is better.
    """

    stops: int
    exact: float
    within_one: float
    cover80: float
    mae: float
    crps: float


class AdviceScore(msgspec.Struct, frozen=True):
    """One piece of advice against what the car then did.

    Attributes:
        driver_number, lap, action, stop_lap, compound: the advice. ``next_stop``: when it did stop; None: never again.
        followed: it did as advised, the lap right to one. ``same_compound``: None where it did not stop.
        expected_place: by the advice, 0 where nothing was simulated. ``finish``: where it ended; None: it retired.
    """

    driver_number: str
    lap: int
    action: Action
    stop_lap: int | None
    compound: Compound | None
    next_stop: int | None
    followed: bool
    same_compound: bool | None
    expected_place: float
    finish: int | None


class BookScore(msgspec.Struct, frozen=True):
    """A session's history of advice, scored. ``duels``: how many forecast duels were fought; ``duel_brier``: of their
    chances; ``duel_rate``: how often the attacker won."""

    rejoins: RejoinScore | None
    duels: int
    duel_brier: float | None
    duel_rate: float | None
    advice: tuple[AdviceScore, ...]


def crps_of(chances: Sequence[float], place: int) -> float:
    """Continuous ranked probability score of a forecast of places 1, 2, … when ``place`` came true."""
    sums = np.cumsum(np.asarray(chances, dtype=np.float64))
    true = (np.arange(1, sums.size + 1) >= place).astype(np.float64)
    return float(((sums - true) ** 2).sum())


def rejoin_score(forecasts: Sequence[tuple[Sequence[float], int, int, int]]) -> RejoinScore | None:
    """Score forecasts: chances by place, low and high of the interval, the place that came true."""
    if not forecasts:
        return None
    exact: list[bool] = []
    near: list[bool] = []
    covered: list[bool] = []
    errors: list[float] = []
    crps: list[float] = []
    for chances, low, high, place in forecasts:
        likeliest = int(np.argmax(chances)) + 1
        mean = float(np.arange(1, len(chances) + 1) @ np.asarray(chances))
        exact.append(likeliest == place)
        near.append(abs(likeliest - place) <= 1)
        covered.append(low <= place <= high)
        errors.append(abs(mean - place))
        crps.append(crps_of(chances, place))
    return RejoinScore(len(forecasts), _mean(exact), _mean(near), _mean(covered), _mean(errors), _mean(crps))


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(np.asarray(values, dtype=np.float64))), 4)


def score(book: Book, laps: pl.DataFrame, *, finished: bool, reach_s: float = 5.0) -> BookScore:
    """What the history of a session was worth, as far as the session has come.

    Args:
        book: the history. ``laps``: the session's lap table. ``finished``: whether it is whole.
        reach_s: of duels.
    """
    told = LapBook(laps)
    stops = told.stops()
    rejoins = [
        (forecast.chances, forecast.low, forecast.high, made.place)
        for made in stops
        if made.place is not None and (forecast := book.rejoins.get((made.driver_number, made.lap))) is not None
    ]
    fought = [
        (duel.chance, one.ahead)
        for one in told.duels(reach_s)
        if (duel := book.duels.get((one.attacker, one.rival, one.kind.value, one.lap + 1))) is not None
        and duel.laps == one.laps
    ]
    briers = [(chance - float(ahead)) ** 2 for chance, ahead in fought]
    return BookScore(
        rejoin_score(rejoins),
        len(fought),
        _mean(briers) if briers else None,
        _mean([ahead for _, ahead in fought]) if fought else None,
        tuple(_advice(one, stops, told, finished=finished) for one in book.kept),
    )


def _advice(kept: KeptRecommendation, stops: Sequence[StopMade], told: LapBook, *, finished: bool) -> AdviceScore:
    advice = kept.advice
    next_made = next((one for one in stops if one.driver_number == advice.driver_number and one.lap > advice.lap), None)
    if advice.stop_lap is None:
        followed = next_made is None
    else:
        followed = next_made is not None and abs(next_made.lap - advice.stop_lap) <= 1
    same = None
    if next_made is not None and next_made.compound is not None and advice.compound is not None:
        same = next_made.compound == advice.compound.value
    finish = told.places.get((advice.driver_number, told.last)) if finished else None
    place = advice.options[0].place if advice.options else 0.0
    return AdviceScore(
        advice.driver_number, advice.lap, advice.action, advice.stop_lap, advice.compound,
        None if next_made is None else next_made.lap, followed, same, place, finish,
    )  # fmt: skip
