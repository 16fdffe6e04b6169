"""What holds of every session's laps, whatever the session: the check where there is no reference to compare with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from overcut.domain.laps import Inaccuracy, Lap, LapTimeSource
from overcut.domain.session import SessionKind
from overcut.runtime.replay import replay
from overcut.sources.archive import ArchiveSource
from overcut.sources.simulated.weekend import simulate_weekend
from overcut.timing.engine import Engine

ARCHIVE = "data/livetiming/static"


def _by_car(engine: Engine) -> dict[str, list[Lap]]:
    cars: dict[str, list[Lap]] = defaultdict(list)
    for lap in engine.laps():
        cars[lap.number].append(lap)
    return {number: sorted(laps, key=lambda lap: lap.lap) for number, laps in cars.items()}


def _broken(engine: Engine) -> Iterator[str]:
    """Every invariant that does not hold, in words."""
    for number, laps in _by_car(engine).items():
        yield from _broken_order(number, laps)
        yield from _broken_tyres(number, laps)
        for lap in laps:
            yield from _broken_lap(lap)
        best = engine.state().cars[number].best_lap
        parts = any(lap.part for lap in laps)  # the feed then repeats the number of the best lap of the part before
        if best is not None and not any(lap.lap_ms == best.ms and (parts or lap.lap == best.lap) for lap in laps):
            yield f"car {number}: no lap of ours is the feed's best, {best.ms} on lap {best.lap}"
    if engine.is_race:
        yield from _broken_positions(engine)


def _broken_lap(lap: Lap) -> Iterator[str]:
    name = f"car {lap.number} lap {lap.lap}"
    if lap.start_t_ms is not None and lap.end_t_ms <= lap.start_t_ms:
        yield f"{name} ends before it begins"
    lasted_ms = lap.end_t_ms - (lap.start_t_ms or 0)
    if lap.accurate and lap.start_t_ms is not None and abs(lasted_ms - (lap.lap_ms or 0)) > 2_500:
        yield f"{name} lasted {lasted_ms} ms and its time is {lap.lap_ms}"
    if (lap.lap_ms is None) is not (lap.lap_time_source is LapTimeSource.NONE):
        yield f"{name}: its time does not say where it comes from"
    if lap.accuracy_reason is Inaccuracy.SECTORS_DISAGREE:
        yield f"{name}: sectors {lap.s1_ms} {lap.s2_ms} {lap.s3_ms} do not make {lap.lap_ms}"
    if lap.deleted and not lap.deleted_reason:
        yield f"{name} is deleted for no reason"


def _broken_order(number: str, laps: list[Lap]) -> Iterator[str]:
    for before, after in pairwise(laps):
        pushed_over_the_line = after.lap > before.lap and before.pit_in and after.pit_out
        if after.lap != before.lap + 1 and not pushed_over_the_line:
            yield f"car {number}: lap {after.lap} follows {before.lap}"
        if after.end_t_ms <= before.end_t_ms or (after.start_t_ms or 0) < before.end_t_ms - 1:
            yield f"car {number}: lap {after.lap} overlaps lap {before.lap}"


def _broken_tyres(number: str, laps: list[Lap]) -> Iterator[str]:
    for before, after in pairwise(laps):
        if after.stint < before.stint:
            yield f"car {number} lap {after.lap}: stint {after.stint} after {before.stint}"
        if after.stint == before.stint and before.age_laps is not None and after.age_laps != before.age_laps + 1:
            yield f"car {number} lap {after.lap}: the set is {after.age_laps} laps old after {before.age_laps}"
        if after.stint == before.stint and after.compound is not before.compound:
            yield f"car {number} lap {after.lap}: {after.compound} in the stint of {before.compound}"


def _broken_positions(engine: Engine) -> Iterator[str]:
    rounds: dict[int, list[Lap]] = defaultdict(list)
    for lap in engine.laps():
        rounds[lap.lap].append(lap)
    for number, laps in rounds.items():
        ranked = sorted(laps, key=lambda lap: lap.position or 0)
        if [lap.position for lap in ranked] != list(range(1, len(laps) + 1)):
            yield f"lap {number}: positions {[lap.position for lap in ranked]}"
        if any(after.end_t_ms < before.end_t_ms for before, after in pairwise(ranked)):
            yield f"lap {number}: a position contradicts the crossings"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("session", "known"),
    [
        ("2018/2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race", 0),
        ("2019/2019-09-08_Italian_Grand_Prix/2019-09-07_Qualifying", 0),
        ("2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2", 0),
        ("2020/2020-08-09_70th_Anniversary_Grand_Prix/2020-08-07_Practice_2", 0),
        ("2022/2022-03-27_Saudi_Arabian_Grand_Prix/2022-03-26_Qualifying", 0),
        ("2022/2022-05-22_Spanish_Grand_Prix/2022-05-21_Qualifying", 0),
        ("2022/2022-07-03_British_Grand_Prix/2022-07-01_Practice_1", 0),
        ("2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-28_Qualifying", 0),
        ("2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-29_Sprint", 0),
        ("2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-29_Sprint_Shootout", 0),
        ("2024/2024-04-21_Chinese_Grand_Prix/2024-04-19_Sprint_Qualifying", 0),
        ("2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying", 0),
        ("2025/2025-10-26_Mexico_City_Grand_Prix/2025-10-25_Qualifying", 0),
    ],
)
def test_a_recorded_session_holds_together(shared: Path, session: str, known: int) -> None:
    broken = list(_broken(replay(ArchiveSource(shared / ARCHIVE / session))))
    assert len(broken) == known, "\n".join(broken)


@pytest.mark.parametrize("seed", [3, 6])
def test_a_simulated_race_holds_together(tmp_path: Path, seed: int) -> None:
    [folder] = simulate_weekend(2025, "monza", seed, tmp_path, [SessionKind.RACE], telemetry=False)
    engine = replay(ArchiveSource(folder))
    broken = list(_broken(engine))
    assert len(engine.laps()) > 700
    assert broken == []


def test_a_simulated_qualifying_holds_together(tmp_path: Path) -> None:
    [folder] = simulate_weekend(2025, "monza", 3, tmp_path, [SessionKind.QUALIFYING], telemetry=False)
    engine = replay(ArchiveSource(folder))
    assert {lap.part for lap in engine.laps()} == {1, 2, 3}
    assert list(_broken(engine)) == []
