"""When a lap is complete and what belongs to it."""

from __future__ import annotations

from overcut.domain.events import LapAmended, LapCompleted, StintStarted
from overcut.domain.laps import Lap, LapTimeSource
from overcut.domain.tyres import Compound
from overcut.timing.engine import Engine
from tests.timing.feeding import feed, line, race


def _sector(index: int, value: str) -> dict[str, object]:
    return {"Sectors": {str(index): {"Value": value}}}


def _lap(session: Engine, t_ms: int, number: int, times: tuple[str, str, str], lap: str | None) -> list[object]:
    """One lap of car 44 as the feed tells it; ``lap`` None leaves the lap time unsent."""
    s1 = {"Sectors": {"0": {"Value": times[0]}, "1": {"Value": ""}, "2": {"Value": ""}}}
    end: dict[str, object] = {"NumberOfLaps": number, **_sector(2, times[2])}
    if lap is not None:
        end["LastLapTime"] = {"Value": lap}
    return [
        *feed(session, (t_ms + 30_000, "TimingData", line("44", s1))),
        *feed(session, (t_ms + 60_000, "TimingData", line("44", _sector(1, times[1])))),
        *feed(session, (t_ms + 90_000, "TimingData", line("44", end))),
    ]


def _laps(session: Engine) -> dict[int, Lap]:
    return {lap.lap: lap for lap in session.laps()}


def test_a_lap_carries_its_sectors_and_time() -> None:
    session = race()
    _lap(session, 0, 1, ("31.000", "30.000", "29.000"), None)
    events = _lap(session, 90_000, 2, ("30.001", "30.002", "30.003"), "1:30.006")
    [done] = [event for event in events if isinstance(event, LapCompleted)]
    assert (done.lap.s1_ms, done.lap.s2_ms, done.lap.s3_ms, done.lap.lap_ms) == (30_001, 30_002, 30_003, 90_006)
    assert _laps(session)[1].lap_ms is None


def test_values_up_to_ten_seconds_late_amend_the_finished_lap() -> None:
    """wire.md, trap 2."""
    session = race()
    _lap(session, 0, 1, ("31.000", "30.000", "29.000"), None)
    feed(session, (120_000, "TimingData", line("44", _sector(0, "30.000"))))
    feed(session, (150_000, "TimingData", line("44", {**_sector(1, "30.000"), "NumberOfLaps": 2})))
    events = feed(
        session,
        (159_000, "TimingData", line("44", _sector(2, "30.500"))),
        (159_500, "TimingData", line("44", {"LastLapTime": {"Value": "1:30.500"}})),
    )
    assert [type(event) for event in events] == [LapAmended, LapAmended]
    assert (_laps(session)[2].s3_ms, _laps(session)[2].lap_ms) == (30_500, 90_500)


def test_a_value_later_than_that_belongs_to_the_lap_in_progress() -> None:
    session = race()
    feed(session, (0, "TimingData", line("44", {"NumberOfLaps": 1})))
    events = feed(session, (10_001, "TimingData", line("44", _sector(2, "30.500"))))
    assert events == []
    assert _laps(session)[1].s3_ms is None


def test_two_equal_lap_times_are_two_laps_with_that_time() -> None:
    """wire.md, trap 3: an unchanged lap time is not sent again."""
    session = race()
    _lap(session, 0, 2, ("30.000", "30.000", "30.000"), "1:30.000")
    _lap(session, 90_000, 3, ("30.100", "30.000", "29.900"), None)
    _lap(session, 180_000, 4, ("30.000", "30.000", "31.000"), "1:31.000")
    assert {number: lap.lap_ms for number, lap in _laps(session).items()} == {2: 90_000, 3: 90_000, 4: 91_000}


def test_a_missing_lap_time_that_differs_from_the_one_before_is_the_sum_of_its_sectors() -> None:
    session = race()
    _lap(session, 0, 2, ("30.000", "30.000", "30.000"), "1:30.000")
    _lap(session, 90_000, 3, ("35.000", "30.000", "30.000"), None)
    _lap(session, 180_000, 4, ("30.000", "30.000", "31.000"), "1:31.000")
    assert (_laps(session)[3].lap_ms, _laps(session)[3].lap_time_source) == (95_000, LapTimeSource.SECTOR_SUM)


def test_an_unchanged_first_sector_is_told_by_the_wiping_of_the_others() -> None:
    """wire.md, trap 3, for sectors."""
    session = race()
    _lap(session, 0, 2, ("30.000", "30.000", "30.000"), "1:30.000")
    feed(session, (120_000, "TimingData", line("44", {"Sectors": {"1": {"Value": ""}, "2": {"Value": ""}}})))
    feed(session, (150_000, "TimingData", line("44", _sector(1, "30.100"))))
    end = {"NumberOfLaps": 3, **_sector(2, "30.000"), "LastLapTime": {"Value": "1:30.100"}}
    feed(session, (180_000, "TimingData", line("44", end)))
    lap = _laps(session)[3]
    assert (lap.s1_ms, lap.s2_ms, lap.s3_ms) == (30_000, 30_100, 30_000)


def test_a_step_back_of_the_lap_counter_completes_nothing() -> None:
    """wire.md, trap 4."""
    session = race()
    feed(session, (0, "TimingData", line("16", {"NumberOfLaps": 5})))
    events = feed(session, (1, "TimingData", line("16", {"NumberOfLaps": 4})))
    assert events == []
    assert session.state().cars["16"].laps == 4


def test_in_and_out_laps_are_marked() -> None:
    session = race()
    feed(
        session,
        (0, "TimingData", line("44", {"NumberOfLaps": 8})),
        (1, "TimingData", line("44", {"NumberOfLaps": 9})),
        (80_000, "TimingData", line("44", {"InPit": True, "NumberOfPitStops": 1})),
        (90_000, "TimingData", line("44", {"NumberOfLaps": 10})),
        (100_000, "TimingData", line("44", {"InPit": False, "PitOut": True})),
        (110_000, "TimingData", line("44", {"PitOut": False})),
        (190_000, "TimingData", line("44", {"NumberOfLaps": 11})),
        (280_000, "TimingData", line("44", {"NumberOfLaps": 12})),
    )
    flags = {number: (lap.pit_in, lap.pit_out) for number, lap in _laps(session).items()}
    assert flags == {9: (False, False), 10: (True, False), 11: (False, True), 12: (False, False)}


def test_a_lap_names_every_flag_it_saw() -> None:
    session = race()
    feed(
        session,
        (0, "TrackStatus", {"Status": "1"}),
        (1, "TimingData", line("44", {"NumberOfLaps": 1})),
        (2, "TrackStatus", {"Status": "2"}),
        (3, "TrackStatus", {"Status": "4"}),
        (4, "TimingData", line("44", {"NumberOfLaps": 2})),
        (5, "TrackStatus", {"Status": "1"}),
        (6, "TimingData", line("44", {"NumberOfLaps": 3})),
    )
    assert [lap.track_status for lap in session.laps()] == ["1", "124", "41"]


def test_the_tyre_age_that_comes_seconds_later_amends_the_lap() -> None:
    session = race()
    tyres = {"Stints": [{"Compound": "SOFT", "New": "true", "TotalLaps": 0}]}
    feed(
        session,
        (0, "TimingAppData", line("44", tyres)),
        (1, "TimingData", line("44", {"NumberOfLaps": 1})),
        (6_000, "TimingAppData", line("44", {"Stints": {"0": {"TotalLaps": 1}}})),
    )
    [lap] = session.laps()
    assert (lap.compound, lap.age_laps, lap.stint) == (Compound.SOFT, 1, 1)


def test_a_set_that_replaces_an_announced_one_begins_when_it_is_fitted() -> None:
    """2018 Azerbaijan, car 7: a third set was announced, not fitted, and its place used for the next stop."""
    session = race()
    feed(session, (0, "TimingData", line("7", {"NumberOfLaps": 1})))
    sets = [{"Compound": "SOFT", "TotalLaps": 1}, {"Compound": "SOFT", "TotalLaps": 0}]
    feed(session, (1, "TimingAppData", line("7", {"Stints": sets})))
    feed(session, (2, "TimingData", line("7", {"NumberOfLaps": 39})))
    feed(session, (3, "TimingData", line("7", {"InPit": True})), (4, "TimingData", line("7", {"NumberOfLaps": 40})))
    feed(session, (5, "TimingData", line("7", {"InPit": False, "PitOut": True})))
    events = feed(
        session, (6, "TimingAppData", line("7", {"Stints": {"1": {"Compound": "ULTRASOFT", "TotalLaps": 0}}}))
    )
    assert [event.compound for event in events if isinstance(event, StintStarted)] == [Compound.ULTRASOFT]
    assert session.state().cars["7"].stints[1].first_lap == 41


def test_the_way_to_the_grid_is_no_part_of_lap_1() -> None:
    """wire.md, trap 5."""
    session = race()
    feed(
        session,
        (0, "TrackStatus", {"Status": "2"}),
        (1, "TimingData", line("44", {"InPit": True})),
        (2, "TimingData", {"Lines": {"44": {"InPit": False, "PitOut": True}, "31": {"InPit": True}}}),
        (3, "TrackStatus", {"Status": "1"}),
        (4, "SessionStatus", {"Status": "Started"}),
        (5, "TimingData", line("31", {"InPit": False})),
        (60_000, "TrackStatus", {"Status": "4"}),
        (100_000, "TimingData", {"Lines": {"44": {"NumberOfLaps": 1}, "31": {"NumberOfLaps": 1}}}),
    )
    laps = {lap.number: (lap.pit_in, lap.pit_out, lap.track_status) for lap in session.laps()}
    assert laps == {"44": (False, False, "14"), "31": (False, True, "14")}


def test_a_lap_before_we_joined_is_not_reported_but_one_that_we_saw_is() -> None:
    session = race()
    sectors = [{"Value": "30.000"}, {"Value": "30.000"}, {"Value": "30.000"}]
    keyframe = {"NumberOfLaps": 30, "Sectors": sectors, "LastLapTime": {"Value": "1:30.000"}}
    feed(session, (0, "TimingData", line("44", keyframe)))
    assert session.laps() == ()
    feed(session, (1, "TimingData", line("16", _sector(1, "30.000"))))
    feed(session, (30_001, "TimingData", {"Lines": {"16": {"NumberOfLaps": 30}, "44": {"NumberOfLaps": 31}}}))
    assert sorted((lap.number, lap.lap) for lap in session.laps()) == [("16", 30), ("44", 31)]


def test_a_lap_counted_again_after_a_step_back_is_one_lap() -> None:
    """wire.md, trap 4."""
    session = race()
    for t_ms, count in enumerate([1, 2, 1, 2, 1, 2, 3]):
        feed(session, (t_ms, "TimingData", line("16", {"NumberOfLaps": count})))
    assert [lap.lap for lap in session.laps()] == [1, 2, 3]


def test_a_lap_whose_end_was_lost_is_recovered_at_the_next_count() -> None:
    """The message with ``NumberOfLaps`` 2 never came; its sectors and lap time did."""
    session = race()
    _lap(session, 0, 1, ("31.000", "30.000", "29.000"), None)
    feed(
        session,
        (120_000, "TimingData", line("44", {**_sector(0, "30.000"), "Speeds": {"I1": {"Value": "280"}}})),
        (150_000, "TimingData", line("44", _sector(1, "31.000"))),
        (181_000, "TimingData", line("44", {**_sector(2, "32.000"), "LastLapTime": {"Value": "1:33.000"}})),
        (215_000, "TimingData", line("44", {**_sector(0, "30.500"), "Speeds": {"I1": {"Value": "281"}}})),
        (245_000, "TimingData", line("44", _sector(1, "31.500"))),
    )
    last = {**_sector(2, "32.500"), "LastLapTime": {"Value": "1:34.500"}, "NumberOfLaps": 3}
    events = feed(session, (277_500, "TimingData", line("44", last)))
    assert [event.lap.lap for event in events if isinstance(event, LapCompleted)] == [2, 3]
    second, third = _laps(session)[2], _laps(session)[3]
    assert (second.s1_ms, second.s2_ms, second.s3_ms, second.lap_ms) == (30_000, 31_000, 32_000, 93_000)
    assert (third.s1_ms, third.s2_ms, third.s3_ms, third.lap_ms) == (30_500, 31_500, 32_500, 94_500)
    assert (second.speed_i1, third.speed_i1) == (280, 281)
    assert (second.start_t_ms, second.end_t_ms, third.start_t_ms) == (90_000, 184_500, 184_500)


def test_a_lap_of_which_too_little_came_is_not_made_up() -> None:
    session = race()
    _lap(session, 0, 1, ("31.000", "30.000", "29.000"), None)
    feed(session, (150_000, "TimingData", line("44", _sector(1, "31.000"))))
    _lap(session, 180_000, 3, ("30.000", "30.000", "30.000"), "1:30.000")
    assert sorted(_laps(session)) == [1, 3]


def test_speed_traps_go_to_the_lap_on_which_they_were_measured() -> None:
    """A trap behind the line (Monza, Barcelona) tells before the first sector: the lap that has just begun."""
    session = race()
    speeds = {name: {"Value": value} for name, value in (("I1", "301"), ("I2", "302"), ("FL", "303"))}
    feed(
        session,
        (1, "TimingData", line("44", {"NumberOfLaps": 1})),
        (30_000, "TimingData", line("44", {**_sector(0, "30.000"), "Speeds": {"I1": speeds["I1"]}})),
        (60_000, "TimingData", line("44", {**_sector(1, "30.000"), "Speeds": {"I2": speeds["I2"]}})),
        (90_000, "TimingData", line("44", {**_sector(2, "30.000"), "NumberOfLaps": 2, "Speeds": {"FL": speeds["FL"]}})),
        (96_000, "TimingData", line("44", {"Speeds": {"ST": {"Value": "340"}}})),
        (120_000, "TimingData", line("44", {**_sector(0, "30.000"), "Speeds": {"I2": {"Value": ""}}})),
        (180_000, "TimingData", line("44", {"NumberOfLaps": 3})),
    )
    second, third = _laps(session)[2], _laps(session)[3]
    assert (second.speed_i1, second.speed_i2, second.speed_fl, second.speed_st) == (301, 302, 303, None)
    assert (third.speed_i1, third.speed_i2, third.speed_fl, third.speed_st) == (301, None, None, 340)  # I1: trap 3


def test_a_speed_trap_before_the_line_may_be_told_behind_it() -> None:
    """It has always come after the first sector, so a late one is the finished lap's."""
    session = race()
    feed(
        session,
        (1, "TimingData", line("44", {"NumberOfLaps": 1})),
        (30_000, "TimingData", line("44", _sector(0, "30.000"))),
        (80_000, "TimingData", line("44", {"Speeds": {"ST": {"Value": "340"}}})),
        (90_000, "TimingData", line("44", {"NumberOfLaps": 2})),
        (120_000, "TimingData", line("44", {**_sector(0, "30.000"), "Speeds": {"ST": {"Value": ""}}})),
        (180_000, "TimingData", line("44", {"NumberOfLaps": 3})),
        (181_000, "TimingData", line("44", {"Speeds": {"ST": {"Value": "341"}}})),
    )
    assert {lap.lap: lap.speed_st for lap in session.laps()} == {1: None, 2: 340, 3: 341}


def test_a_personal_best_whose_colour_comes_after_its_time_is_one() -> None:
    session = race()
    for lap, begin_ms, lap_time in ((1, 0, "1:31.000"), (2, 91_000, "1:30.000")):
        last = {"Value": lap_time, "PersonalFastest": lap == 1}
        ending = {"NumberOfLaps": lap, "Sectors": {"2": {"Value": "30.000"}}, "LastLapTime": last}
        feed(
            session,
            (begin_ms + 30_000, "TimingData", line("44", {"Sectors": {"0": {"Value": f"30.00{lap}"}}})),
            (begin_ms + 60_000, "TimingData", line("44", {"Sectors": {"1": {"Value": "30.000"}}})),
            (begin_ms + 90_000, "TimingData", line("44", ending)),
        )
    assert not session.laps()[1].personal_best
    feed(session, (181_100, "TimingData", line("44", {"LastLapTime": {"PersonalFastest": True}})))
    feed(session, (211_000, "TimingData", line("44", {"Sectors": {"0": {"Value": "30.100"}}})))
    assert session.laps()[1].personal_best
