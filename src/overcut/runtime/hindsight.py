"""How a finished race or a whole season is looked back at: from the lake, race by race."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from overcut.domain.session import parts_of_key
from overcut.kernel.errors import DataMissingError, OvercutError
from overcut.lake import Lake
from overcut.runtime.strategy import StrategyRecord, record_in_lake, sessions_in_lake
from overcut.strategy.hindsight import LookingBack, RaceHindsight, SeasonHindsight, look_back, season_hindsight
from overcut.strategy.optimiser import CancelledError
from overcut.strategy.parameters import ParameterSet

ParametersBefore = Callable[[str], ParameterSet | None]
"""Which parameters to look at a race with; None: those that are shipped."""


def race_hindsight(
    record: StrategyRecord,
    how: LookingBack | None = None,
    *,
    parameters: ParameterSet | None = None,
    drivers: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> RaceHindsight:
    """A race, looked back at.

    Args:
        record: the race. ``parameters``: the shipped ones by default. The rest as for `look_back`.

    Raises:
        OvercutError: it is not over.
    """
    race = record.race(0, parameters)
    return look_back(race, record.happened(), how, drivers=drivers, progress=progress, cancelled=cancelled)


def races_of(lake: Lake, season: int, *, sprints: bool = False) -> list[str]:
    """Keys of a season's races that have tyres, in order.

    Raises:
        DataMissingError: there are none.
    """
    keys = sorted(
        one.session_key
        for one in sessions_in_lake(lake)
        if one.season == season
        and not one.simulated
        and (sprints or not one.sprint)
        and parts_of_key(one.session_key)[1]
    )
    if not keys:
        raise DataMissingError(
            f"No race of {season} has laps with tyres", hint="overcut lake status says what is there"
        )
    return keys


def looked_back(
    lake: Lake,
    keys: Sequence[str],
    how: LookingBack | None = None,
    *,
    parameters: ParametersBefore | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[tuple[str, RaceHindsight | None, str]]:
    """Race after race: its key, and it looked back at, or None and why not.

    Raises:
        CancelledError: the caller no longer wants the rest.
    """
    for key in keys:
        try:
            record = record_in_lake(lake, key)
            if record is None:
                yield key, None, "the lake has no laps of it"
                continue
            fitted = parameters(key) if parameters is not None else None
            yield key, race_hindsight(record, how, parameters=fitted, cancelled=cancelled), ""
        except CancelledError:
            raise
        except OvercutError as error:
            yield key, None, f"{error.what}: {error.why}" if error.why else error.what


def season_of(
    lake: Lake,
    season: int,
    how: LookingBack | None = None,
    *,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> SeasonHindsight:
    """A season's strategy scores; errors as for `races_of` and `looked_back`."""
    keys = races_of(lake, season)
    found: list[RaceHindsight] = []
    left_out: list[tuple[str, str]] = []
    for done, (key, race, why) in enumerate(looked_back(lake, keys, how, cancelled=cancelled), start=1):
        if race is None:
            left_out.append((key, why))
        else:
            found.append(race)
        if progress is not None:
            progress(done, len(keys), key)
    return season_hindsight(season, found, left_out)
