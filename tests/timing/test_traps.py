"""The feed's sixteen traps (``wire.md``) in order: each rule on a session that shows it, real where one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.domain.durations import parse_utc_ms
from overcut.domain.events import DriverRetired, LapAmended, LapCompleted, RaceControlIssued, WeatherChanged
from overcut.domain.flags import CarStatus, SessionStatus
from overcut.domain.laps import Inaccuracy, Lap, LapTimeSource
from overcut.domain.state import Gap
from overcut.domain.tyres import Compound
from overcut.runtime.replay import replay
from overcut.sources.archive import ArchiveSource
from overcut.timing.engine import Engine
from tests.timing.feeding import engine, feed, line, race

ARCHIVE = "data/livetiming/static"


@pytest.fixture(scope="module")
def baku(baku_2018: Path) -> Engine:
    return replay(ArchiveSource(baku_2018))


def played(shared: Path, session: str) -> Engine:
    return replay(ArchiveSource(shared / ARCHIVE / session))


def laps_of(session: Engine, number: str) -> dict[int, Lap]:
    return {lap.lap: lap for lap in session.laps() if lap.number == number}


def sectors(first: str, second: str = "", third: str = "") -> dict[str, object]:
    return {"Sectors": {"0": {"Value": first}, "1": {"Value": second}, "2": {"Value": third}}}


def drive(session: Engine, number: str, lap: int, begin_ms: int, lap_time: str | None = "1:30.000") -> None:
    """A lap of three sectors of 30 s, in a race."""
    ending: dict[str, object] = {"NumberOfLaps": lap, "Sectors": {"2": {"Value": "30.000"}}}
    if lap_time is not None:
        ending["LastLapTime"] = {"Value": lap_time}
    feed(
        session,
        (begin_ms + 30_000, "TimingData", line(number, sectors("30.000"))),
        (begin_ms + 60_000, "TimingData", line(number, {"Sectors": {"1": {"Value": "30.000"}}})),
        (begin_ms + 90_000, "TimingData", line(number, ending)),
    )


# --- 1: lists in keyframes, patched by index ---


@pytest.mark.shared
def test_trap_1_no_set_of_tyres_is_lost_between_the_list_and_its_patches(baku: Engine) -> None:
    worn = {number: [set_.compound for set_ in car.stints] for number, car in baku.state().cars.items()}
    assert worn["44"] == [Compound.SUPERSOFT, Compound.SOFT, Compound.ULTRASOFT]
    assert Compound.UNKNOWN not in [compound for compounds in worn.values() for compound in compounds]


def test_trap_1_a_snapshot_in_the_middle_says_nothing_twice() -> None:
    session = race()
    blank: list[object] = [{}, {}, {}]
    whole: dict[str, object] = {
        "Position": "1",
        "NumberOfLaps": 1,
        "Sectors": [{"Value": "30.000"}, {"Value": "30.000"}, {"Value": "30.000"}],
        "LastLapTime": {"Value": "1:30.000"},
        "Speeds": {"ST": {"Value": "300"}},
    }
    feed(session, (0, "TimingData", line("44", {"Position": "1", "NumberOfLaps": 0, "Sectors": blank})))
    feed(session, (1, "TimingData", line("44", {"Speeds": {"ST": {"Value": "300"}}})))
    drive(session, "44", 1, 0)
    before, laps = session.state(), session.laps()
    assert feed(session, (91_000, "TimingData", {"Lines": {"44": whole, "_kf": True}, "_kf": True})) == []
    assert session.laps() == laps
    assert session.state().cars["44"].sectors == before.cars["44"].sectors
    drive(session, "44", 2, 90_000, "1:30.001")
    assert laps_of(session, "44")[2].lap_ms == 90_001


# --- 2: values for the finished lap come late ---


def test_trap_2_a_sector_ten_seconds_late_is_the_finished_laps() -> None:
    session = race()
    drive(session, "44", 1, 0)
    feed(session, (120_000, "TimingData", line("44", sectors("30.000"))))
    feed(session, (150_000, "TimingData", line("44", {"NumberOfLaps": 2, "Sectors": {"1": {"Value": "30.000"}}})))
    events = feed(session, (160_000, "TimingData", line("44", {"Sectors": {"2": {"Value": "30.500"}}})))
    assert [type(event) for event in events] == [LapAmended]
    assert laps_of(session, "44")[2].s3_ms == 30_500


# --- 3: equal values are not sent again ---


def test_trap_3_two_equal_laps_are_two_laps() -> None:
    session = race()
    drive(session, "44", 1, 0)
    drive(session, "44", 2, 90_000)
    drive(session, "44", 3, 180_000, None)
    drive(session, "44", 4, 270_000)
    third = laps_of(session, "44")[3]
    assert (third.lap_ms, third.lap_time_source) == (90_000, LapTimeSource.REPEATED)


@pytest.mark.shared
def test_trap_3_every_lap_of_the_2018_race_but_the_first_has_its_time(baku: Engine) -> None:
    assert [lap for lap in baku.laps() if lap.lap > 1 and lap.lap_ms is None] == []


# --- 4: the lap counter steps back ---


@pytest.mark.shared
def test_trap_4_a_correction_by_a_step_back_makes_no_lap_twice(shared: Path) -> None:
    """2020 Hungary, practice 2, car 16: at 1:32:42 the counter goes 7, 6, 7, with a lap time of 20:17.717."""
    session = played(shared, "2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2")
    laps = [lap for lap in session.laps() if lap.number == "16"]
    assert [lap.lap for lap in laps] == list(range(1, 11))
    assert {lap.lap: lap.lap_ms for lap in laps if lap.lap in (5, 6, 7)} == {5: 1_217_717, 6: 106_281, 7: 106_447}


# --- 5: laps before the first ---


@pytest.mark.shared
def test_trap_5_the_way_to_the_grid_is_no_lap_and_lap_1_has_no_time(baku: Engine) -> None:
    first = [lap for lap in baku.laps() if lap.lap == 1]
    assert len(first) == 18
    assert {lap.lap_ms for lap in first} == {None}
    assert [lap.number for lap in first if lap.pit_out] == []


def test_trap_5_leaving_the_garage_completes_nothing() -> None:
    session = engine()
    feed(session, (0, "TimingData", line("16", {"InPit": True})))
    out = {"InPit": False, "PitOut": True, "NumberOfLaps": 1}
    assert [e for e in feed(session, (1_000, "TimingData", line("16", out))) if isinstance(e, LapCompleted)] == []


# --- 6: pit entries at the line, two stops on a lap ---


def test_trap_6_a_pit_entry_told_just_after_the_line_is_the_next_laps() -> None:
    session = race()
    drive(session, "44", 1, 0)
    drive(session, "44", 2, 90_000)
    feed(session, (183_000, "TimingData", line("44", {"InPit": True, "NumberOfPitStops": 1})))
    feed(session, (203_000, "TimingData", line("44", {"InPit": False, "PitOut": True})))
    drive(session, "44", 3, 180_000)
    laps = laps_of(session, "44")
    assert (laps[2].pit_in, laps[3].pit_in) == (False, True)


def test_trap_6_the_counter_tells_the_stops_and_visits_complete_each_other() -> None:
    session = race()
    feed(
        session,
        (1_000, "TimingData", line("44", {"InPit": True, "NumberOfPitStops": 1})),
        (2_000, "PitLaneTimeCollection", {"PitTimes": {"44": {"RacingNumber": "44", "Duration": "23.3", "Lap": "16"}}}),
        (3_000, "PitStop", {"RacingNumber": "44", "PitStopTime": "2.4", "PitLaneTime": "23.312", "Lap": "16"}),
        (9_000, "PitLaneTimeCollection", {"PitTimes": {"_deleted": ["44"]}}),
        (9_500, "TimingData", line("44", {"InPit": False})),
        (40_000, "TimingData", line("44", {"InPit": True, "NumberOfPitStops": 2})),
    )
    assert session.state().cars["44"].pit_stops == 2
    [visit] = session.extras().pit_visits["44"]
    assert (visit.lap, visit.lane_ms, visit.stationary_ms) == (16, 23_312, 2_400)


# --- 7: red flags ---


def test_trap_7_tyres_changed_under_a_red_flag_begin_a_stint_without_a_stop() -> None:
    session = race()
    tyres = {"Compound": "SOFT", "New": "true", "TotalLaps": 0, "StartLaps": 0}
    feed(
        session,
        (0, "SessionStatus", {"Status": "Started"}),
        (1, "TimingAppData", line("44", {"Stints": [tyres]})),
    )
    drive(session, "44", 1, 0)
    drive(session, "44", 2, 90_000)
    feed(
        session,
        (185_000, "SessionStatus", {"Status": "Aborted"}),
        (186_000, "TrackStatus", {"Status": "5"}),
        (200_000, "TimingData", line("44", {"InPit": True})),
        (900_000, "TimingAppData", line("44", {"Stints": {"1": {**tyres, "Compound": "HARD"}}})),
        (1_000_000, "SessionStatus", {"Status": "Started"}),
        (1_000_100, "TimingData", line("44", {"InPit": False, "PitOut": True})),
        (1_000_200, "TrackStatus", {"Status": "1"}),
        (1_100_000, "TimingData", line("44", {"NumberOfLaps": 3, "LastLapTime": {"Value": "15:20.000"}})),
    )
    drive(session, "44", 4, 1_100_000)
    laps = laps_of(session, "44")
    assert session.state().cars["44"].pit_stops == 0
    assert [laps[lap].compound for lap in (1, 2, 4)] == [Compound.SOFT, Compound.SOFT, Compound.HARD]
    assert "5" in laps[3].track_status
    assert laps[3].accuracy_reason is not None
    assert (laps[4].stint, laps[4].accuracy_reason) == (2, None)


# --- 8: deleted and reinstated laps ---


def test_trap_8_a_deleted_lap_may_be_reinstated() -> None:
    session = race()
    drive(session, "22", 1, 0)
    drive(session, "22", 2, 90_000, "1:30.500")
    said = "CAR 22 (TSU) TIME 1:30.500 DELETED - TRACK LIMITS AT TURN 11 LAP 2 16:55:35"
    feed(session, (190_000, "RaceControlMessages", {"Messages": [{"Message": said}]}))
    deleted = laps_of(session, "22")[2]
    assert (deleted.deleted, deleted.deleted_reason) == (True, "TRACK LIMITS AT TURN 11")
    again = {"Messages": {"1": {"Message": "CAR 22 (TSU) TIME 1:30.500 WILL BE REINSTATED"}}}
    feed(session, (200_000, "RaceControlMessages", again))
    assert not laps_of(session, "22")[2].deleted


@pytest.mark.shared
def test_trap_8_deletions_of_a_real_session_are_found(shared: Path) -> None:
    session = played(shared, "2024/2024-04-21_Chinese_Grand_Prix/2024-04-19_Sprint_Qualifying")
    assert sum(lap.deleted for lap in session.laps()) == 8


# --- 9: between qualifying parts ---


@pytest.mark.shared
def test_trap_9_the_bests_of_every_part_outlive_the_wiping_between_parts(shared: Path) -> None:
    session = played(shared, "2024/2024-06-23_Spanish_Grand_Prix/2024-06-22_Qualifying")
    cars = session.state().cars
    assert cars["4"].best_by_part == [72_386, 71_872, 71_383]
    assert cars["2"].best_by_part == [73_509, None, None]
    assert {lap.part for lap in session.laps()} == {1, 2, 3}


# --- 10: names after the flag ---


@pytest.mark.shared
def test_trap_10_a_support_series_takes_nobodys_name(shared: Path) -> None:
    """2025 Italy, practice 1: an hour and a half in, the list names the 30 drivers of another series."""
    cars = played(shared, "2025/2025-09-07_Italian_Grand_Prix/2025-09-05_Practice_1").state().cars
    assert (cars["1"].code, len(cars)) == ("VER", 20)


# --- 11: retired, stopped, back again ---


def test_trap_11_a_stopped_car_may_come_back() -> None:
    session = race()
    feed(session, (0, "SessionStatus", {"Status": "Started"}))
    drive(session, "44", 1, 0)
    feed(session, (95_000, "TimingData", line("44", {"Stopped": True})))
    assert session.state().cars["44"].status is CarStatus.STOPPED
    feed(session, (99_000, "TimingData", line("44", {"Stopped": False})))
    assert session.state().cars["44"].status is CarStatus.TRACK


def test_trap_11_a_retired_car_keeps_its_last_values() -> None:
    session = race()
    drive(session, "44", 1, 0)
    events = feed(session, (95_000, "TimingData", line("44", {"Retired": True, "Stopped": True})))
    assert DriverRetired in [type(event) for event in events]
    car = session.state().cars["44"]
    assert (car.status, car.laps, car.last_lap.ms if car.last_lap else 0) == (CarStatus.RETIRED, 1, 90_000)


# --- 12: lapped cars ---


def test_trap_12_a_lapped_cars_gap_stays_while_its_interval_moves() -> None:
    session = race()
    told = {"GapToLeader": "+1 LAP", "IntervalToPositionAhead": {"Value": "+3.000"}}
    feed(session, (0, "TimingData", line("44", told)))
    feed(session, (5_000, "TimingData", line("44", {"IntervalToPositionAhead": {"Value": "+2.500"}})))
    car = session.state().cars["44"]
    assert (car.gap, car.interval) == (Gap(laps=1), Gap(ms=2_500))


# --- 13: stamps and dead telemetry ---


@pytest.mark.parametrize("text", ["2025-10-25T21:00:01.5", "2025-10-25T21:00:01.5000000Z", "2025-10-25T21:00:01.50Z"])
def test_trap_13_stamps_have_any_number_of_decimals_and_perhaps_a_z(text: str) -> None:
    assert parse_utc_ms(text) == 1_761_426_001_500


def test_trap_13_dead_positions_do_not_stop_the_session() -> None:
    session = race()
    drive(session, "44", 1, 0)
    feed(session, (91_000, "Position.z", "not even base64!"), (92_000, "CarData.z", ""))
    drive(session, "44", 2, 90_000)
    assert sorted(laps_of(session, "44")) == [1, 2]
    assert session.map().estimated


# --- 14: duplicates, apostrophes, numbers as text, drivers that come late ---


def test_trap_14_the_same_weather_again_is_no_news() -> None:
    session, weather = engine(), {"AirTemp": "20.5", "Rainfall": "0", "WindDirection": "358"}
    events = feed(session, (0, "WeatherData", weather), (60_000, "WeatherData", weather))
    assert [type(event) for event in events] == [WeatherChanged]
    assert session.state().defects == {}


def test_trap_14_an_apostrophe_is_a_letter_and_a_late_driver_is_a_driver() -> None:
    session = engine()
    message = {"Messages": {"0": {"Message": "CAR 18 (STR) DIDN'T FOLLOW RACE DIRECTOR'S INSTRUCTIONS", "Lap": "3"}}}
    events = feed(session, (0, "RaceControlMessages", message), (1, "DriverList", {"87": {"Tla": "BEA", "Line": "20"}}))
    [said] = [event for event in events if isinstance(event, RaceControlIssued)]
    assert (said.message.lap, session.state().cars["87"].code) == (3, "BEA")


# --- 15: another session on the same feed ---


def session_info(key: int, name: str) -> dict[str, object]:
    return {"Key": key, "Name": name, "Type": name, "Path": f"2025/x/{name}/", "Meeting": {"Name": "Monza"}}


def test_trap_15_nothing_of_the_session_before_leaks_into_the_next() -> None:
    session, fresh = engine(), engine()
    feed(session, (0, "SessionInfo", session_info(1, "Qualifying")), (0, "SessionStatus", {"Status": "Ends"}))
    feed(session, (1, "TimingData", line("44", {"Position": "1", "InPit": False, "NumberOfLaps": 9})))
    feed(session, (90_000, "TimingData", line("44", {"NumberOfLaps": 10, "LastLapTime": {"Value": "1:20.000"}})))
    next_one = [
        (100_000, "SessionInfo", session_info(2, "Race")),
        (100_000, "SessionStatus", {"Status": "Inactive"}),
        (100_000, "TimingData", line("16", {"Position": "1", "NumberOfLaps": 0})),
    ]
    feed(session, *next_one)
    feed(fresh, *next_one)
    state = session.state()
    assert [defect.kind for defect in state.defects.values()] == ["another session began"]
    state.defects.clear()
    assert state == fresh.state()
    assert session.laps() == ()


def test_trap_15_a_renamed_or_delayed_session_is_the_same() -> None:
    session = engine()
    feed(session, (0, "SessionInfo", session_info(1, "Sprint Shootout")), (1, "TimingData", line("44", {"Line": 1})))
    feed(session, (2, "SessionInfo", {**session_info(1, "Sprint Qualifying"), "StartDate": "2025-05-02T17:00:00"}))
    assert list(session.state().cars) == ["44"]
    assert session.state().meeting.session == "Sprint Qualifying"


def test_trap_15_the_number_of_events_goes_on_and_the_change_of_status_is_told() -> None:
    session = engine()
    before = feed(session, (0, "SessionInfo", session_info(1, "Race")), (1, "SessionStatus", {"Status": "Ends"}))
    after = feed(session, (2, "SessionInfo", session_info(2, "Race")))
    assert [event.n for event in before + after] == [1, 2]
    assert session.state().status is SessionStatus.UNKNOWN


# --- 16: lap times that contradict their sectors, or are very long ---


def test_trap_16_a_lap_shorter_than_its_sectors_is_kept_and_marked() -> None:
    session = race()
    drive(session, "44", 1, 0)
    drive(session, "44", 2, 90_000, "1:29.000")
    lap = laps_of(session, "44")[2]
    assert (lap.lap_ms, lap.accuracy_reason) == (89_000, Inaccuracy.SECTORS_DISAGREE)


@pytest.mark.shared
def test_trap_16_long_laps_behind_the_safety_car_are_kept_and_marked(baku: Engine) -> None:
    long = [lap for lap in baku.laps() if (lap.lap_ms or 0) > 150_000]
    assert len(long) > 50
    assert [lap for lap in long if lap.accurate] == []
