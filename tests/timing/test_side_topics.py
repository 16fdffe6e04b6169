"""What is told beside the board, and what stands in for a main topic that is silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from overcut.domain.events import RaceControlIssued
from overcut.domain.extras import RankedSpeed, RankedTime
from overcut.domain.state import Gap
from overcut.domain.tyres import Compound
from overcut.runtime.replay import replay
from overcut.sources.archive import ArchiveSource
from overcut.timing.engine import Engine
from tests.timing.feeding import engine, feed, frame, line, race


def heard(session: Engine, t_ms: int, topic: str, patch: object) -> None:
    feed(session, (t_ms, topic, patch))
    assert session.state().defects == {}


# --- records, pit times, championship, overtakes, streams, weather ---


def test_records_keep_values_and_ranks_and_forget_what_is_deleted() -> None:
    session = engine()
    first = {
        "PersonalBestLapTime": {"Value": "1:16.118", "Lap": 17, "Position": 5},
        "BestSectors": [{"Value": "27.1"}, {"Value": ""}, {}],
        "BestSpeeds": {"ST": {"Value": "351", "Position": 2}},
    }
    heard(session, 0, "TimingStats", line("12", first))
    heard(session, 1, "TimingStats", line("12", {"BestSectors": {"0": {"Position": 9}}, "BestSpeeds": {"ST": {}}}))
    records = session.extras().records["12"]
    assert records.lap == RankedTime(76_118, 17, 5)
    assert records.sectors[0] == RankedTime(27_100, None, 9)
    assert records.speeds == {"ST": RankedSpeed(351, 2)}
    heard(
        session, 2, "TimingStats", line("12", {"PersonalBestLapTime": {"Value": "", "_deleted": ["Lap", "Position"]}})
    )
    assert session.extras().records["12"].lap == RankedTime()


@pytest.mark.shared
def test_the_records_of_a_real_qualifying_are_its_best_laps(mexico_2025_q: Path) -> None:
    session = replay(ArchiveSource(mexico_2025_q))
    records, cars = session.extras().records, session.state().cars
    in_part_3 = [number for number, car in cars.items() if not car.knocked_out]
    assert len(in_part_3) == 10
    assert [records[number].lap.rank for number in sorted(in_part_3, key=lambda n: cars[n].position or 0)] == list(
        range(1, 11)
    )
    assert session.extras().stand_ins == {}
    assert session.extras().audio[0].name == "Live coverage (EN)"
    assert session.extras().content[1].kind == "Audio"
    assert list(session.extras().top_three.values()) != []


def test_a_pit_visit_without_a_lap_is_completed_by_what_follows() -> None:
    session = engine()
    heard(session, 0, "PitLaneTimeCollection", {"PitTimes": {"5": {"RacingNumber": "5", "Duration": "", "Lap": "5"}}})
    heard(session, 9_000, "PitLaneTimeCollection", {"PitTimes": {"5": {"Duration": "30:46"}}})
    stop = {"Timestamp": "2026-09-06T13:56:37.207Z", "PitStop": {"RacingNumber": "5", "PitStopTime": "9.0", "Lap": "5"}}
    heard(session, 10_000, "PitStopSeries", {"PitTimes": {"5": [stop]}})
    heard(
        session, 900_000, "PitStopSeries", {"PitTimes": {"5": {"1": {"PitStop": {"PitLaneTime": "24.2", "Lap": "20"}}}}}
    )
    first, second = session.extras().pit_visits["5"]
    assert (first.lap, first.lane_ms, first.stationary_ms) == (5, 1_846_000, 9_000)
    assert (second.lap, second.lane_ms) == (20, 24_200)


def test_the_championship_is_merged_by_car_and_team() -> None:
    session = engine()
    drivers = {"4": {"RacingNumber": "4", "CurrentPosition": 1, "PredictedPoints": 25.5}}
    heard(session, 0, "ChampionshipPrediction", {"Drivers": drivers, "Teams": {"McLaren": {"TeamName": "McLaren F1"}}})
    heard(session, 1, "ChampionshipPrediction", {"Drivers": {"4": {"PredictedPosition": 2}}})
    extras = session.extras()
    driver = extras.drivers["4"]
    assert (driver.position, driver.predicted_position, driver.predicted_points) == (1, 2, 25.5)
    assert extras.teams["McLaren"].name == "McLaren F1"


def test_overtakes_weather_history_archive_status_and_unread_topics() -> None:
    session = engine()
    stamp = "2025-10-25T21:00:05Z"
    heard(session, 0, "Heartbeat", {"Utc": "2025-10-25T21:00:00Z"})
    heard(session, 60_000, "OvertakeSeries", {"Overtakes": {"4": [{"Timestamp": stamp, "count": 3}]}})
    heard(session, 60_000, "WeatherDataSeries", {"Series": {"0": {"Timestamp": stamp, "Weather": {"AirTemp": "20.5"}}}})
    heard(session, 60_000, "ArchiveStatus", {"Status": "Generating"})
    heard(session, 60_000, "DriverScore", {"anything": 1})
    extras = session.extras()
    assert (extras.overtakes["4"][0].t_ms, extras.overtakes["4"][0].count) == (5_000, 3)
    assert (extras.weather[0].t_ms, extras.weather[0].weather.air_c) == (5_000, 20.5)
    assert (extras.archive_status, extras.unread) == ("Generating", {"DriverScore": 1})


@pytest.mark.parametrize(
    ("topic", "patch"),
    [
        ("TimingStats", line("4", {"BestSpeeds": {"XX": {}}})),
        ("TimingStats", line("four", {})),
        ("PitStop", {"RacingNumber": "4", "PitStopTime": "soon"}),
        ("OvertakeSeries", {"Overtakes": {"x": {}}}),
        ("ChampionshipPrediction", {"Drivers": {"x": {}}}),
        ("AudioStreams", {"Streams": {"999": {}}}),
        ("TopThree", {"Lines": {"7": {"RacingNumber": "4"}}}),
        ("LapSeries", {"x": {"LapPosition": ["1"]}}),
    ],
)
def test_what_cannot_be_read_is_counted(topic: str, patch: object) -> None:
    session = engine()
    feed(session, (0, topic, patch))
    assert [defect.count for defect in session.state().defects.values()] == [1]


# --- stand-ins ---


def test_the_other_timing_topic_is_read_only_while_the_main_one_is_silent() -> None:
    session = race()
    feed(session, (0, "TimingData", line("4", {"Position": "1"})), (1, "TimingDataF1", line("4", {"Position": "2"})))
    assert session.state().cars["4"].position == 1
    feed(session, (40_000, "TimingDataF1", line("4", {"Position": "2"})))
    assert session.state().cars["4"].position == 2
    assert session.extras().stand_ins == {"TimingDataF1": 1}


def test_sets_of_tyres_come_from_their_series_when_the_main_topic_dies() -> None:
    session = race()
    sets = {"0": {"Compound": "SOFT", "New": "true", "TotalLaps": 0, "StartLaps": 0}}
    feed(session, (0, "TimingAppData", line("4", {"Stints": sets})))
    feed(session, (1_000, "TyreStintSeries", {"Stints": {"4": {"0": {"Compound": "HARD"}}}}))
    assert [set_.compound for set_ in session.state().cars["4"].stints] == [Compound.SOFT]
    second = {"1": {"Compound": "MEDIUM", "New": "false", "TotalLaps": 3, "StartLaps": 3}}
    feed(session, (400_000, "TyreStintSeries", {"Stints": {"4": second}}))
    assert [set_.compound for set_ in session.state().cars["4"].stints] == [Compound.SOFT, Compound.MEDIUM]


def test_a_change_of_compound_is_a_new_set_where_only_current_tyres_are_told() -> None:
    session = race()
    feed(
        session,
        (0, "CurrentTyres", {"Tyres": {"4": {"Compound": "MEDIUM", "New": True}}}),
        (1, "CurrentTyres", {"Tyres": {"4": {"Compound": "UNKNOWN", "New": False}}}),
        (2, "CurrentTyres", {"Tyres": {"4": {"Compound": "HARD", "New": True}}}),
        (3, "CurrentTyres", {"Tyres": {"4": {"New": True}}}),
    )
    sets = session.state().cars["4"].stints
    assert [(set_.compound, set_.new) for set_ in sets] == [(Compound.MEDIUM, True), (Compound.HARD, True)]


def test_positions_and_gaps_come_from_others_where_timing_is_silent() -> None:
    session = race()
    feed(
        session,
        (0, "TopThree", {"Lines": [{"RacingNumber": "4"}, {"RacingNumber": "81"}, {}]}),
        (
            1,
            "DriverRaceInfo",
            {"16": {"Position": "3", "Gap": "+9.1", "Interval": "+1.0", "Catching": 2, "PitStops": 1}},
        ),
        (2, "DriverRaceInfo", {"16": {"OvertakeState": 2, "IsOut": True}}),
        (3, "LapSeries", {"44": {"RacingNumber": "44", "LapPosition": ["7", "6"]}}),
        (4, "LapSeries", {"44": {"LapPosition": {"2": "5"}}}),
    )
    cars, extras = session.state().cars, session.extras()
    assert {number: car.position for number, car in cars.items()} == {"4": 1, "81": 2, "16": 3, "44": 5}
    leclerc = cars["16"]
    assert (leclerc.gap, leclerc.catching, leclerc.pit_stops, leclerc.retired) == (Gap(ms=9_100), True, 1, True)
    assert (extras.overtake_states, extras.positions["44"]) == ({"16": 2}, {0: 7, 1: 6, 2: 5})
    assert extras.top_three == {0: "4", 1: "81"}


def test_plain_messages_are_read_where_race_control_never_spoke() -> None:
    session = engine()
    plain = {"Timestamp": "2025-10-25T21:00:00", "Message": "TRACK CLEAR"}
    told = feed(session, (0, "TlaRcm", plain), (1, "TlaRcm", plain))
    assert [type(event) for event in told] == [RaceControlIssued]
    assert feed(session, (2, "RaceControlMessages", {"Messages": []}), (3, "TlaRcm", {"Message": "RED FLAG"})) == []


def test_extras_survive_a_checkpoint() -> None:
    session = engine()
    feed(session, (0, "ArchiveStatus", {"Status": "Complete"}))
    restored = Engine.restore(session.checkpoint())
    assert restored.extras() == session.extras()
    restored.advance(frame(1, "ArchiveStatus", {"Status": "x"}))
    assert session.extras().archive_status == "Complete"
