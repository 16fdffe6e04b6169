"""The feed's merge semantics: keyframe lists, indexed patches, padding, deletions, loose types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.flags import CarStatus, Segment, SessionStatus, TrackStatus
from overcut.domain.frame import Frame, FrameSource
from overcut.domain.state import Gap
from overcut.domain.tyres import Compound
from overcut.timing.engine import Engine
from overcut.timing.values import PatchError, as_bool, as_gap, as_int, indexed
from tests.timing.feeding import engine, feed, line, race


def test_stint_survives_list_keyframe_then_dict_delta() -> None:
    """wire.md, trap 1."""
    session = engine()
    feed(
        session,
        (0, "TimingAppData", line("44", {"Stints": [{"Compound": "SOFT", "New": "true", "TotalLaps": 3}]})),
        (1, "TimingAppData", line("44", {"Stints": {"0": {"TotalLaps": 4}}})),
        (2, "TimingAppData", line("44", {"Stints": {"1": {"Compound": "HARD", "New": "false", "StartLaps": 2}}})),
    )
    first, second = session.state().cars["44"].stints
    assert (first.compound, first.new, first.age_laps) == (Compound.SOFT, True, 4)
    assert (second.compound, second.new, second.start_age_laps) == (Compound.HARD, False, 2)


def test_an_index_past_the_end_pads() -> None:
    session = engine()
    feed(session, (0, "TimingAppData", line("1", {"Stints": {"2": {"Compound": "WET"}}})))
    assert [stint.compound for stint in session.state().cars["1"].stints] == [
        Compound.UNKNOWN,
        Compound.UNKNOWN,
        Compound.WET,
    ]


def test_a_list_replaces_a_list() -> None:
    session = engine()
    sectors = [{"Value": "30.1", "Segments": [{"Status": 2049}, {"Status": 2051}]}, {"Value": "40.2"}, {"Value": ""}]
    feed(session, (0, "TimingData", line("4", {"Sectors": sectors})))
    assert session.state().cars["4"].sectors[0].segments == [Segment.GREEN, Segment.PURPLE]
    feed(session, (1, "TimingData", line("4", {"Sectors": {"0": {"Segments": {"1": {"Status": 2048}}}}})))
    assert session.state().cars["4"].sectors[0].segments == [Segment.GREEN, Segment.YELLOW]
    assert session.state().cars["4"].sectors[0].ms == 30_100
    feed(session, (2, "TimingData", line("4", {"Sectors": [{"Value": ""}, {}, {}]})))
    assert session.state().cars["4"].sectors[0].ms is None
    assert session.state().cars["4"].sectors[0].segments == []


def test_an_empty_value_clears_and_an_absent_one_stays() -> None:
    session = engine()
    feed(
        session,
        (0, "TimingData", line("4", {"LastLapTime": {"Value": "1:20.000", "PersonalFastest": True}})),
        (1, "TimingData", line("4", {"LastLapTime": {"OverallFastest": True}})),
    )
    last = session.state().cars["4"].last_lap
    assert last is not None
    assert (last.ms, last.personal_best, last.overall_best) == (80_000, True, True)
    feed(session, (2, "TimingData", line("4", {"BestLapTime": {"Value": "1:20.000", "Lap": 3}})))
    feed(session, (3, "TimingData", line("4", {"BestLapTime": {"Value": "", "_deleted": ["Lap"]}})))
    assert session.state().cars["4"].best_lap is None


def test_the_feeds_own_marks_are_no_cars_and_deleted_cars_go() -> None:
    session = engine()
    feed(
        session,
        (0, "TimingData", {"Lines": {"4": {"Line": 1}, "5": {"Line": 2}, "_kf": True}, "_kf": True}),
        (1, "DriverList", {"4": {"Tla": "NOR"}, "_kf": True}),
        (2, "TimingData", {"Lines": {"_deleted": ["5"]}}),
    )
    state = session.state()
    assert list(state.cars) == ["4"]
    assert state.defects == {}


def test_a_car_first_named_by_a_patch_is_kept_until_the_list_names_it() -> None:
    """wire.md, trap 14: missing drivers in the first list."""
    session = engine()
    feed(
        session,
        (0, "TimingData", line("99", {"Position": "3", "Line": 3})),
        (1, "DriverList", {"99": {"Tla": "GIO", "FirstName": "Antonio", "LastName": "Giovinazzi"}}),
    )
    car = session.state().cars["99"]
    assert (car.position, car.code, car.name) == (3, "GIO", "Antonio Giovinazzi")


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("+12.345", Gap(ms=12_345)),
        ("+1:09.473", Gap(ms=69_473)),
        ("LAP 12", None),
        ("", None),
        ("1L", Gap(laps=1)),
        ("1 L", Gap(laps=1)),
        ("+1 LAP", Gap(laps=1)),
        ("+12 LAPS", Gap(laps=12)),
        ("0.613", Gap(ms=613)),
    ],
)
def test_gaps_in_all_the_feeds_spellings(text: str, gap: Gap | None) -> None:
    assert as_gap(text) == gap


@pytest.mark.parametrize("value", ["true", "1", True, 1])
def test_truth_comes_in_several_types(value: object) -> None:
    assert as_bool(value) is True


@pytest.mark.parametrize("value", ["false", "", "0", False, 0, None])
def test_falsehood_comes_in_several_types(value: object) -> None:
    assert as_bool(value) is False


def test_numbers_come_as_text_and_nonsense_is_refused() -> None:
    assert (as_int("12"), as_int(12), as_int(""), as_int(None)) == (12, 12, None, None)
    for nonsense in ("twelve", [], 2**70, "9" * 50, 1.5, True):
        with pytest.raises(PatchError):
            as_int(nonsense)
    with pytest.raises(PatchError):
        list(indexed({"99999": {}}))


@given(st.lists(st.integers(0, 99), max_size=8))
def test_a_list_and_its_indexed_form_address_the_same_elements(values: list[int]) -> None:
    assert list(indexed(values)) == list(indexed({str(i): v for i, v in enumerate(values)}))


def test_the_status_comes_from_session_data_only_where_its_own_topic_is_absent() -> None:
    session = engine()
    feed(session, (0, "SessionData", {"StatusSeries": [{"SessionStatus": "Started"}, {"TrackStatus": "SCDeployed"}]}))
    assert (session.state().status, session.state().track) == (SessionStatus.STARTED, TrackStatus.SAFETY_CAR)
    feed(
        session,
        (1, "SessionStatus", {"Status": "Aborted", "Started": "Aborted"}),
        (2, "TrackStatus", {"Status": "5", "Message": "Red"}),
        (3, "SessionData", {"StatusSeries": {"2": {"SessionStatus": "Started", "TrackStatus": "AllClear"}}}),
    )
    assert (session.state().status, session.state().track) == (SessionStatus.ABORTED, TrackStatus.RED)


def test_names_are_frozen_once_the_session_is_over() -> None:
    """wire.md, trap 10."""
    session = engine()
    feed(
        session,
        (0, "DriverList", {"1": {"Tla": "VER", "FirstName": "Max", "LastName": "Verstappen"}}),
        (1, "SessionStatus", {"Status": "Finalised"}),
        (2, "DriverList", {"1": {"Tla": "XYZ", "FirstName": "Some", "LastName": "Body"}, "77": {"Tla": "ABC"}}),
    )
    assert {number: car.code for number, car in session.state().cars.items()} == {"1": "VER"}


def test_repeated_weather_is_no_event() -> None:
    """wire.md, trap 14."""
    session = engine()
    reading = {"AirTemp": "25.9", "TrackTemp": "49.8", "Rainfall": "0", "WindSpeed": "2.0"}
    events = feed(session, (0, "WeatherData", reading), (1, "WeatherData", reading))
    assert len(events) == 1
    weather = session.state().weather
    assert weather is not None
    assert (weather.air_c, weather.track_c, weather.rain, weather.humidity_pct) == (25.9, 49.8, False, None)


def test_the_clock_runs_down_only_while_it_runs() -> None:
    session = engine()
    feed(session, (0, "ExtrapolatedClock", {"Remaining": "00:18:00", "Extrapolating": False}))
    feed(session, (60_000, "ExtrapolatedClock", {"Extrapolating": True}))
    feed(session, (120_000, "ExtrapolatedClock", {"Extrapolating": False}))
    clock = session.state().clock
    assert clock is not None
    assert (clock.remaining_ms, clock.at_t_ms, clock.running) == (17 * 60_000, 120_000, False)


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("TimingData", b'{"Lines":{"44":{"Posi'),
        ("TimingData", b'{"Lines":{"44":{"Position":"\xff\xfe"}}}'),
        ("TimingData", b"[" * 100_000),
        ("TimingData", b'{"Lines":[1,2]}'),
        ("TimingData", b'{"Lines":{"44":{"Position":{"deep":1}}}}'),
        ("TimingData", b'{"Lines":{"44":{"Sectors":{"7":{"Value":"1.0"}}}}}'),
        ("TimingData", b'{"Lines":{"44":{"NumberOfLaps":"many"}}}'),
        ("TimingData", b'{"Lines":{"pit wall":{}}}'),
        ("TimingData", '{"Lines":{"\u0664\u0664":{}}}'.encode()),
        ("TimingData", '{"Lines":{"44":{"GapToLeader":"\u00b2 L"}}}'.encode()),
        ("TimingData", b'{"Lines":{"44":{"GapToLeader":"' + b"9" * 5000 + b' L"}}}'),
        ("TimingData", b'{"Lines":{"44":{"GapToLeader":' + b"9" * 50 + b"}}}"),
        ("RaceControlMessages", b'{"Messages":[' + b"{}," * 5000 + b"{}]}"),
        ("TimingAppData", b'{"Lines":{"44":{"Stints":{"4000":{}}}}}'),
        ("SessionStatus", b'{"Status":"Paused"}'),
        ("TrackStatus", b'{"Status":"9"}'),
        ("WeatherData", b'{"AirTemp":"warm"}'),
        ("DriverList", b'{"forty-four":{}}'),
        ("CarData.z", b'"@@@@"'),
        ("CarData.z", b'"AAAA"'),
        ("Position.z", b'"7Za9"'),
        ("Position.z", b"12"),
        ("ZebraCrossings", b"{}"),
    ],
)
def test_what_cannot_be_used_is_counted_and_the_session_plays_on(topic: str, payload: bytes) -> None:
    session = engine()
    session.advance(_raw(topic, payload))
    feed(session, (1, "TimingData", line("44", {"Position": "1", "Line": 1})))
    state = session.state()
    assert sum(defect.count for defect in state.defects.values()) == 1, state.defects
    assert state.cars["44"].position == 1
    assert Engine.restore(session.checkpoint()).state() == state


def _raw(topic: str, payload: bytes) -> Frame:
    return Frame(0, topic, payload, FrameSource.ARCHIVE)


def test_defects_stay_bounded() -> None:
    session = engine()
    for number in range(500):
        session.advance(_raw(f"Topic{number}", b"{}"))
    defects = session.state().defects
    assert len(defects) <= 65
    assert sum(defect.count for defect in defects.values()) == 500


def test_one_bad_field_does_not_take_the_others_along() -> None:
    session = engine()
    feed(session, (0, "TimingData", line("44", {"Position": [], "Line": 3, "GapToLeader": "soon", "InPit": True})))
    car = session.state().cars["44"]
    assert (car.line, car.in_pit, car.position, car.gap) == (3, True, None, None)
    assert {defect.kind for defect in session.state().defects.values()} == {
        "an unreadable Position",
        "an unreadable GapToLeader",
    }


def test_state_is_a_copy() -> None:
    session = engine()
    feed(session, (0, "TimingData", line("44", {"Position": "1"})))
    before = session.state()
    feed(session, (1, "TimingData", line("44", {"Position": "2"})))
    assert before.cars["44"].position == 1


def test_a_generated_meeting_is_simulated_even_without_its_label() -> None:
    session = engine()
    feed(session, (0, "SessionInfo", {"Meeting": {"OfficialName": "SIMULATED ITALIAN GRAND PRIX 2025"}}))
    assert session.state().simulated
    real = engine()
    feed(real, (0, "SessionInfo", {"Meeting": {"OfficialName": "FORMULA 1 GRAN PREMIO D\u2019ITALIA 2025"}}))
    assert not real.state().simulated


def test_no_topic_names_more_cars_than_a_field_can_hold() -> None:
    for topic, wrap in (("TimingData", True), ("TimingAppData", True), ("DriverList", False)):
        session = engine()
        numbers: dict[str, object] = {str(number): {} for number in range(500)}
        feed(session, (0, topic, {"Lines": numbers} if wrap else numbers))
        assert len(session.state().cars) == 99, topic


def test_drivers_of_another_series_are_not_taken_even_without_a_session_status() -> None:
    """wire.md, trap 10: 2025 Italy practice 1, whose streams here lack the status."""
    session = engine()
    ours = {"1": {"Tla": "VER"}, "4": {"Tla": "NOR"}, "5": {"Tla": "BOR"}, "6": {"Tla": "HAD"}}
    theirs = {"1": {"Tla": "BAD"}, "4": {"_deleted": ["Line"]}, "5": {"Tla": "CAM"}, "6": {"Tla": "TSO"}}
    feed(session, (0, "DriverList", ours), (1, "DriverList", {"4": {"Tla": "NRR"}}))
    feed(session, (2, "DriverList", {**theirs, "77": {"Tla": "STR"}}), (3, "DriverList", {"78": {"Tla": "XYZ"}}))
    assert {number: car.code for number, car in session.state().cars.items()} == {
        "1": "VER",
        "4": "NRR",
        "5": "BOR",
        "6": "HAD",
    }


def test_who_joins_after_the_end_still_learns_the_names() -> None:
    session = engine()
    feed(session, (0, "SessionStatus", {"Status": "Finalised"}), (0, "DriverList", {"1": {"Tla": "VER"}}))
    feed(session, (0, "TimingData", line("1", {"Position": "1"})), (1, "DriverList", {"1": {"Tla": "XYZ"}}))
    assert session.state().cars["1"].code == "VER"


def test_the_session_info_tells_the_status_only_where_nothing_else_does() -> None:
    session = engine()
    feed(session, (0, "SessionInfo", {"SessionStatus": "Started"}))
    assert session.state().status is SessionStatus.STARTED
    feed(
        session,
        (1, "SessionData", {"StatusSeries": [{"SessionStatus": "Ends"}]}),
        (2, "SessionInfo", {"SessionStatus": "Finalised"}),
    )
    assert session.state().status is SessionStatus.ENDS
    assert session.state().defects == {}


def test_the_driver_list_tells_the_order_until_timing_does() -> None:
    session = engine()
    feed(session, (0, "DriverList", {"4": {"Line": 1}, "81": {"Line": 2}}))
    feed(session, (1, "DriverList", {"4": {"Line": 2}, "81": {"Line": 1}}))
    assert [car.number for car in session.state().order()] == ["81", "4"]
    feed(session, (2, "TimingData", {"Lines": {"4": {"Line": 1, "Position": "1"}, "81": {"Line": 2, "Position": "2"}}}))
    feed(session, (3, "DriverList", {"4": {"Line": 9}}))
    assert [car.number for car in session.state().order()] == ["4", "81"]


def test_a_new_qualifying_part_wipes_the_gaps_of_the_last() -> None:
    """2023 Azerbaijan sprint shoot-out: the leader of the last part kept his gap of the part before."""
    session = engine()
    second = {"Stats": {"1": {"TimeDiffToFastest": "+0.083", "TimeDifftoPositionAhead": "+0.083"}}}
    feed(session, (0, "TimingData", {"SessionPart": 2, **line("16", second)}))
    assert session.state().cars["16"].gap == Gap(ms=83)
    wiped = {"BestLapTime": {"Value": "", "_deleted": ["Lap"]}}
    feed(session, (1, "TimingData", {"SessionPart": 3, **line("16", wiped)}))
    feed(session, (2, "TimingData", line("16", {"Position": "1", "BestLapTime": {"Value": "1:41.697", "Lap": 12}})))
    car = session.state().cars["16"]
    assert (car.position, car.gap, car.interval) == (1, None, None)
    running = race()
    feed(running, (0, "TimingData", line("16", {"GapToLeader": "+1.0"})), (1, "TimingData", line("16", wiped)))
    assert running.state().cars["16"].gap == Gap(ms=1000)


def test_a_car_that_was_towed_in_is_in_the_pits() -> None:
    """2023 Azerbaijan qualifying, car 44."""
    session = engine()
    feed(session, (0, "TimingData", line("44", {"Stopped": True})))
    assert session.state().cars["44"].status is CarStatus.STOPPED
    feed(session, (1, "TimingData", line("44", {"InPit": True})))
    assert session.state().cars["44"].status is CarStatus.PIT
