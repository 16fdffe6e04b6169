"""Laps of practice and qualifying, where the feed counts laps begun and a lap ends in the pits."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.domain.events import LapAmended, LapCompleted, PitEntered, PitExited
from overcut.runtime.replay import replay
from overcut.sources.archive import ArchiveSource
from overcut.timing.engine import Engine
from tests.timing.feeding import engine, feed, line


def _run() -> Engine:
    """Car 16 leaves the pits, does a flying lap and comes in, as 2023 Azerbaijan qualifying tells it (shortened)."""
    session = engine()
    feed(
        session,
        (0, "TimingData", {"SessionPart": 1, **line("16", {"InPit": True, "PitOut": False})}),
        (1, "TrackStatus", {"Status": "2"}),
        (2, "TrackStatus", {"Status": "1"}),
        (946_000, "TimingData", line("16", {"InPit": False, "PitOut": True, "NumberOfLaps": 1})),
        (988_000, "TimingData", line("16", {"PitOut": False})),
        (1_042_000, "TimingData", line("16", {"Sectors": {"1": {"Value": "53.770"}}})),
        (1_068_000, "TimingData", line("16", {"NumberOfLaps": 2, "Sectors": {"2": {"Value": "26.354"}}})),
        (1_104_000, "TimingData", line("16", {"Sectors": {"0": {"Value": "36.129"}}})),
        (1_145_000, "TimingData", line("16", {"Sectors": {"1": {"Value": "41.072"}}})),
        (1_170_000, "TimingData", line("16", _line_crossed(3, "24.904", "1:42.105"))),
        (1_214_000, "TimingData", line("16", {"Sectors": {"0": {"Value": "44.444"}}})),
        (1_265_000, "TimingData", line("16", {"Sectors": {"1": {"Value": "50.869"}}})),
    )
    return session


def _line_crossed(count: int, third: str, lap: str) -> dict[str, object]:
    return {"NumberOfLaps": count, "Sectors": {"2": {"Value": third}}, "LastLapTime": {"Value": lap}}


def test_the_first_count_is_of_a_lap_that_begins() -> None:
    """wire.md, trap 5: no phantom lap before the first pit exit."""
    out, flying = _run().laps()
    assert (out.lap, out.pit_in, out.pit_out, out.lap_ms, out.s2_ms, out.s3_ms) == (
        1,
        False,
        True,
        None,
        53_770,
        26_354,
    )
    assert out.track_status == "1"  # the yellow flag flew while it stood in the pits
    assert (flying.lap, flying.pit_in, flying.pit_out, flying.lap_ms) == (2, False, False, 102_105)


def test_a_lap_ends_when_the_car_comes_in_and_takes_what_follows() -> None:
    session = _run()
    [entered, done] = feed(session, (1_300_000, "TimingData", line("16", {"InPit": True, "NumberOfPitStops": 1})))
    assert isinstance(entered, PitEntered)
    assert isinstance(done, LapCompleted)
    assert (entered.lap, done.lap.lap, done.lap.pit_in, done.lap.pit_out) == (3, 3, True, False)
    late = {"Sectors": {"2": {"Value": "79.205"}}, "LastLapTime": {"Value": "2:54.518"}}  # 2024 Spain: a minute late
    events = feed(session, (1_360_000, "TimingData", line("16", late)))
    assert [type(event) for event in events] == [LapAmended, LapAmended]
    lap = session.laps()[2]
    assert (lap.s1_ms, lap.s2_ms, lap.s3_ms, lap.lap_ms) == (44_444, 50_869, 79_205, 174_518)


def test_leaving_the_pits_ends_no_lap_and_begins_one() -> None:
    session = _run()
    feed(session, (1_300_000, "TimingData", line("16", {"InPit": True})))
    exit_message = line("16", {"InPit": False, "PitOut": True, "NumberOfLaps": 4})
    [left] = feed(session, (1_800_000, "TimingData", {"SessionPart": 2, **exit_message}))
    assert isinstance(left, PitExited)
    assert left.lap == 4
    feed(session, (1_900_000, "TimingData", line("16", {"NumberOfLaps": 5})))
    flags = [(lap.lap, lap.pit_in, lap.pit_out, lap.part) for lap in session.laps()]
    assert flags == [(1, False, True, 1), (2, False, False, 1), (3, True, False, 1), (4, False, True, 2)]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("path", "laps"),
    [
        ("2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2", 109),
        ("2020/2020-08-09_70th_Anniversary_Grand_Prix/2020-08-07_Practice_2", 539),
        ("2022/2022-07-03_British_Grand_Prix/2022-07-01_Practice_1", 83),
        ("2023/2023-04-30_Azerbaijan_Grand_Prix/2023-04-28_Qualifying", 356),
        ("2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying", 257),
    ],
)
def test_real_laps_carry_the_numbers_of_the_feeds_best_laps(shared: Path, path: str, laps: int) -> None:
    session = replay(ArchiveSource(shared / "data/livetiming/static" / path))
    done = {(lap.number, lap.lap): lap for lap in session.laps()}
    assert len(session.laps()) == len(done) == laps
    best = [(car.number, car.best_lap) for car in session.state().cars.values() if car.best_lap and car.best_lap.lap]
    agree = [best_lap.ms == done[number, best_lap.lap or 0].lap_ms for number, best_lap in best]
    # of a part in which a car improved, the feed sometimes repeats the number of the part before
    assert len(best) >= 10
    assert sum(agree) >= 0.85 * len(agree)
