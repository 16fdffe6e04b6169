"""What a quality report finds, says, and leaves alone."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import cast

import pytest

from overcut.domain.durations import format_lap_time
from overcut.kernel.errors import DataMissingError
from overcut.kernel.settings import Settings
from overcut.runtime.quality.comparison import compare_laps, compare_sources
from overcut.runtime.quality.examine import examine, worst
from overcut.runtime.quality.report import Area, QualityFinding, QualityReport, Severity, Verdict
from overcut.runtime.quality.words import car_words, count_of, lap_words, lasting, listed
from overcut.runtime.replay import replay
from overcut.sources.opening import open_source
from overcut.sources.tables.source import TableSource
from tests.sources.tables.conftest import Written
from tests.sources.tables.conftest import race_tables as race_tables  # noqa: PLC0414 -- a fixture
from tests.sources.writing import write_session

Topics = dict[str, list[tuple[int, object]]]

START, LAP = 100_000, 90_000
CARS = {"4": "NOR", "81": "PIA"}
SECTORS = (30_000, 35_000, 25_000)


def race(laps: int = 6) -> Topics:
    """Two cars that lap in ninety seconds; nothing is wrong with it but that it has no telemetry."""
    timing: list[tuple[int, object]] = [
        (0, {"Lines": {n: {"RacingNumber": n, "Line": i, "Position": str(i)} for i, n in enumerate(CARS, start=1)}})
    ]
    tyres: list[tuple[int, object]] = [
        (
            50_000,
            {
                "Lines": {
                    n: {"Stints": [{"Compound": "HARD", "New": "true", "TotalLaps": 0, "StartLaps": 0}]} for n in CARS
                }
            },
        )
    ]
    for lap in range(1, laps + 1):
        for late, number in enumerate(CARS):
            begun = START + (lap - 1) * LAP + late * 1_000
            timing += [
                (
                    begun + 30_000,
                    _car(number, Sectors={"0": {"Value": "30.000"}, "1": {"Value": ""}, "2": {"Value": ""}}),
                ),
                (begun + 65_000, _car(number, Sectors={"1": {"Value": "35.000"}})),
                (begun + LAP, _line(number, lap)),
            ]
            tyres.append((begun + LAP + 500, {"Lines": {number: {"Stints": {"0": {"TotalLaps": lap}}}}}))
    end = START + laps * LAP + 60_000
    return {
        "SessionInfo": [(0, {"Meeting": {"Name": "Italian Grand Prix"}, "Name": "Race", "Type": "Race"})],
        "SessionStatus": [(0, {"Status": "Inactive"}), (START, {"Status": "Started"}), (end, {"Status": "Finalised"})],
        "TrackStatus": [(0, {"Status": "1"})],
        "LapCount": [(0, {"CurrentLap": 1, "TotalLaps": laps})],
        "DriverList": [(0, {number: {"Tla": code} for number, code in CARS.items()})],
        "TimingData": sorted(timing, key=lambda line: line[0]),
        "TimingAppData": sorted(tyres, key=lambda line: line[0]),
        "WeatherData": [(t, {"AirTemp": f"{20 + t / 1e6:.1f}", "Pressure": "1000"}) for t in range(0, end, 60_000)],
        "RaceControlMessages": [(START, {"Messages": [{"Utc": "2025-09-07T13:00:00", "Message": "GREEN LIGHT"}]})],
    }


def _car(number: str, **patch: object) -> dict[str, object]:
    return {"Lines": {number: patch}}


def _line(number: str, lap: int) -> dict[str, object]:
    patch: dict[str, object] = {"Sectors": {"2": {"Value": "25.000"}}, "NumberOfLaps": lap}
    if lap > 1:
        ms = LAP + lap  # each is another, or the feed would not resend it
        patch["Sectors"] = {"2": {"Value": f"25.{lap:03d}"}}
        patch["LastLapTime"] = {"Value": format_lap_time(ms)}
    return _car(number, **patch)


def report_of(folder: Path, topics: Topics) -> QualityReport:
    return examine(open_source(write_session(folder / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race", topics)))


def only(report: QualityReport, code: str) -> QualityFinding:
    [found] = [finding for finding in report.findings if finding.code == code]
    return found


def edit(topics: Topics, topic: str, holds: Callable[[str], bool], change: Callable[[dict[str, object]], None]) -> None:
    """Change the messages of a topic whose JSON text satisfies something."""
    for _, document in topics[topic]:
        if holds(json.dumps(document)):
            change(cast(dict[str, object], document))


def test_a_sound_session_has_nothing_but_the_telemetry_it_lacks(tmp_path: Path) -> None:
    report = report_of(tmp_path, race())
    assert [finding.code for finding in report.findings] == ["telemetry_absent"]
    assert report.verdict(Area.TELEMETRY) is Verdict.ABSENT
    assert {area.verdict for area in report.areas if area.area is not Area.TELEMETRY} == {Verdict.GOOD}
    assert worst(report) is Verdict.GOOD
    assert (report.session, report.name) == ("2025-16-R", "Italian Grand Prix, Race")
    timing = next(area for area in report.areas if area.area is Area.TIMING)
    assert timing.text == "12 laps of 2 cars"


def test_a_sector_and_a_lap_time_that_never_came_are_named(tmp_path: Path) -> None:
    topics = deepcopy(race())

    def drop(document: dict[str, object]) -> None:
        document["Lines"] = {"4": {"NumberOfLaps": 3}}

    edit(topics, "TimingData", lambda text: '"4"' in text and '"NumberOfLaps": 3' in text, drop)
    report = report_of(tmp_path, topics)
    found = only(report, "lap_time_missing")
    assert found.text == "Car 4 (NOR)'s lap 3 has no lap time: the feed never sent it."
    assert (found.severity, found.cars, found.laps, found.count, found.of) == (Severity.MISSING, ("4",), (3,), 1, 10)
    assert found.share == pytest.approx(0.1)
    assert report.verdict(Area.TIMING) is Verdict.POOR


def test_sectors_that_do_not_add_up_are_doubtful(tmp_path: Path) -> None:
    topics = deepcopy(race())

    def shift(document: dict[str, object]) -> None:
        document["Lines"] = {
            "81": {"NumberOfLaps": 4, "Sectors": {"2": {"Value": "27.000"}}, "LastLapTime": {"Value": "1:30.004"}}
        }

    edit(topics, "TimingData", lambda text: '"81"' in text and '"NumberOfLaps": 4' in text, shift)
    found = only(report_of(tmp_path, topics), "sectors_disagree")
    assert found.text == "Car 81 (PIA)'s lap 4 was 1:30.004, but its sectors add up to 1:32.000."
    assert found.severity is Severity.DOUBTFUL


def test_a_lap_counter_that_steps_back_is_repaired(tmp_path: Path) -> None:
    topics = deepcopy(race())
    topics["TimingData"].append((START + 4 * LAP + 20_000, _car("4", NumberOfLaps=3)))
    found = only(report_of(tmp_path, topics), "lap_counter_stepped_back")
    assert "of car 4 (NOR) stepped back from 4 to 3 at 0:08:00" in found.text
    assert found.severity is Severity.REPAIRED


def test_a_lap_that_was_never_told_is_missing(tmp_path: Path) -> None:
    topics = deepcopy(race())
    topics["TimingData"] = [
        (t_ms, document)
        for t_ms, document in topics["TimingData"]
        if not (f'"{4}"' in json.dumps(document) and START + 2 * LAP < t_ms <= START + 3 * LAP)
    ]
    found = only(report_of(tmp_path, topics), "laps_missing")
    assert found.text == "Car 4 (NOR) has no lap 3: the lap counter skipped it."


def test_timing_that_is_silent_while_cars_race_is_a_hole(tmp_path: Path) -> None:
    topics = deepcopy(race())
    hole = range(START + LAP + 1, START + 3 * LAP)
    topics["TimingData"] = [line for line in topics["TimingData"] if line[0] not in hole]
    report = report_of(tmp_path, topics)
    assert "of running are lost" in only(report, "timing_hole").text
    topics["TimingData"] = [line for line in race()["TimingData"] if line[0] < START + 3 * LAP]
    assert only(report_of(tmp_path / "early", topics), "timing_ends_early").share > 0.3


def test_a_late_start_is_told_once_for_all_cars(tmp_path: Path) -> None:
    topics = deepcopy(race())
    joined = START + 3 * LAP + 10_000
    topics["TimingData"] = [topics["TimingData"][0], *(line for line in topics["TimingData"] if line[0] > joined)]
    report = report_of(tmp_path, topics)
    assert "laps 1-" in only(report, "joined_late").text
    assert "laps_missing" not in {finding.code for finding in report.findings}


def test_tyres_that_nobody_named_and_corrections_are_found(tmp_path: Path) -> None:
    topics = deepcopy(race())
    topics["TimingAppData"] = [line for line in topics["TimingAppData"] if line[0] != 50_000]
    found = only(report_of(tmp_path, topics), "compound_unknown")
    assert (found.count, found.of, found.cars) == (12, 12, ("4", "81"))
    topics = deepcopy(race())
    topics["TimingAppData"].append((60_000, _car("4", Stints={"0": {"Compound": "SOFT"}})))
    topics["TimingAppData"].append((70_000, _car("4", Stints={"0": {"Compound": "UNKNOWN"}})))
    topics["TimingAppData"].append((80_000, _car("4", Stints={"0": {"Compound": "MEDIUM"}})))
    corrected = only(report_of(tmp_path / "two", topics), "compound_corrected")
    assert corrected.text == "Car 4 (NOR): set 1 was first called HARD, then MEDIUM; the last is kept."


def test_tyres_that_end_before_a_stop_put_the_laps_after_it_in_doubt(tmp_path: Path) -> None:
    topics = deepcopy(race(9))
    out = START + 5 * LAP + 20_000
    topics["TimingData"] += [(out - 40_000, _car("4", InPit=True)), (out, _car("4", InPit=False, PitOut=True))]
    topics["TimingData"].sort(key=lambda line: line[0])
    told = [line for line in topics["TimingAppData"] if line[0] < out]
    found = only(report_of(tmp_path, topics | {"TimingAppData": told}), "tyres_end_early")
    assert (found.count, found.cars, found.severity) == (4, ("4",), Severity.DOUBTFUL)
    whole = report_of(tmp_path / "whole", topics)
    assert "tyres_end_early" not in {finding.code for finding in whole.findings}


def test_a_status_that_never_moves_and_drivers_of_whom_nothing_was_told_are_no_good_data(tmp_path: Path) -> None:
    topics = deepcopy(race())
    topics["SessionStatus"] = topics["SessionStatus"][:1]
    assert only(report_of(tmp_path, topics), "session_status_stopped").area is Area.FEED
    nobody = report_of(tmp_path / "nobody", {"LapCount": topics["LapCount"]})
    assert nobody.verdict(Area.DRIVERS) is Verdict.ABSENT


def test_weather_repeated_silent_or_impossible_is_found(tmp_path: Path) -> None:
    topics = deepcopy(race())
    weather = topics["WeatherData"]
    topics["WeatherData"] = [weather[0], weather[0], weather[0], *weather[8:], (699_000, {"AirTemp": "99"})]
    report = report_of(tmp_path, topics)
    assert only(report, "weather_repeated").text == "2 weather readings were sent twice and counted once."
    assert "No weather from 0:00:00 to 0:08:00 (8 min)" in only(report, "weather_hole").text
    assert only(report, "weather_implausible").text == "The air temperature is 99 °C at 0:11:39, which cannot be."


def test_messages_that_never_came_are_counted_by_their_numbers(tmp_path: Path) -> None:
    topics = deepcopy(race())
    topics["RaceControlMessages"].append((200_000, {"Messages": {"3": {"Utc": "2025-09-07T13:02:00", "Message": "X"}}}))
    found = only(report_of(tmp_path, topics), "messages_missing")
    assert found.text.startswith("2 messages of race control never came (of 4")


def test_drivers_missing_or_overwritten_are_found(tmp_path: Path) -> None:
    topics = deepcopy(race())
    topics["DriverList"] = [(0, {"4": {"Tla": "NOR"}})]
    assert (
        only(report_of(tmp_path, topics), "drivers_missing").text
        == "Car 81 is in the timing but not in the list of drivers."
    )
    people = {str(number): {"Tla": f"A{number:02d}"} for number in range(1, 9)}
    others = {str(number): {"Tla": f"B{number:02d}"} for number in range(1, 9)}
    topics = race()
    topics["DriverList"] = [(0, {**people, "81": {"Tla": "PIA"}}), (700_000, others)]
    report = report_of(tmp_path / "two", topics)
    assert only(report, "drivers_overwritten").cars == tuple(str(number) for number in range(1, 9))
    assert "completed no lap" in only(report, "cars_without_laps").text


def test_damage_disorder_and_a_jumping_clock_are_found(tmp_path: Path) -> None:
    topics = deepcopy(race())
    utc = [(t, {"Utc": f"2025-09-07T13:{t // 60_000:02d}:{t // 1000 % 60:02d}Z"}) for t in range(0, 600_000, 15_000)]
    jumped = [
        (t, {"Utc": f"2025-09-07T14:{t // 60_000:02d}:{t // 1000 % 60:02d}Z"}) for t in range(300_000, 600_000, 15_000)
    ]
    topics["Heartbeat"] = [*utc[:20], *jumped]
    topics["WeatherData"][3], topics["WeatherData"][4] = topics["WeatherData"][4], topics["WeatherData"][3]
    folder = write_session(tmp_path / "2025-09-07_Italian_Grand_Prix" / "2025-09-07_Race", topics)
    with (folder / "WeatherData.jsonStream").open("ab") as stream:
        stream.write(b'00:12:00.000{"AirTemp":\r\nnonsense\r\n')
    report = examine(open_source(folder))
    assert (
        only(report, "clock_jumped").text == "The feed's clock jumped forward by 60 min at 0:05:00 against the stamps."
    )
    assert only(report, "lines_out_of_order").count == 1
    damaged = [finding for finding in report.findings if finding.code == "input_damaged"]
    assert {finding.area for finding in damaged} == {Area.WEATHER}
    assert sum(finding.count for finding in damaged) == 2


def test_one_strange_heartbeat_is_no_jump(tmp_path: Path) -> None:
    topics = race()
    topics["Heartbeat"] = [
        (t, {"Utc": f"2025-09-07T13:{t // 60_000:02d}:{t // 1000 % 60:02d}Z"}) for t in range(0, 600_000, 15_000)
    ]
    topics["Heartbeat"][7] = (105_000, {"Utc": "2025-09-07T18:00:00Z"})
    assert "clock_jumped" not in {finding.code for finding in report_of(tmp_path, topics).findings}


def _packed(document: object) -> str:
    packer = zlib.compressobj(wbits=-15)
    return base64.b64encode(packer.compress(json.dumps(document).encode()) + packer.flush()).decode()


def _telemetry(until: int, silent: range, zeros: range) -> list[tuple[int, object]]:
    """Car data four times a second; car 4 is silent, and car 81 sends zeros, for a while."""
    lines: list[tuple[int, object]] = []
    for t_ms in range(START, until, 250):
        stamp = f"2025-09-07T13:{t_ms // 60_000:02d}:{t_ms // 1000 % 60:02d}.{t_ms % 1000:03d}Z"
        alive, dead = (
            {"0": 11_000, "2": 300, "3": 8, "4": 100, "5": 0, "45": 8},
            dict.fromkeys(("0", "2", "3", "4", "5", "45"), 0),
        )
        cars: dict[str, object] = {"81": {"Channels": dead if t_ms in zeros else alive}}
        if t_ms not in silent:
            cars["4"] = {"Channels": alive}
        lines.append((t_ms, _packed({"Entries": [{"Utc": stamp, "Cars": cars}]})))
    return lines


def test_telemetry_that_stops_has_holes_or_zeros_is_found_by_car(tmp_path: Path) -> None:
    topics = race()
    silent, zeros = (
        range(START + 2 * LAP + 10_000, START + 2 * LAP + 15_000),
        range(START + 3 * LAP, START + 3 * LAP + 8_000),
    )
    topics["CarData.z"] = _telemetry(START + 5 * LAP, silent, zeros)
    report = report_of(tmp_path, topics)
    assert only(report, "telemetry_absent").text == "No positions were recorded."
    assert only(report, "telemetry_ends_early").text == "Car data of all cars stops at 0:09:09 and never returns."
    hole, filled = only(report, "telemetry_hole"), only(report, "telemetry_zeros")
    assert (hole.cars, hole.count) == (("4",), 1)
    assert "at most 5.2 s" in hole.text
    assert filled.cars == ("81",)
    assert report.verdict(Area.TELEMETRY) is Verdict.POOR


def test_a_session_without_timing_says_so(tmp_path: Path) -> None:
    topics = {"DriverList": race()["DriverList"]}
    report = report_of(tmp_path, topics)
    assert report.verdict(Area.TIMING) is Verdict.ABSENT
    assert report.verdict(Area.DRIVERS) is Verdict.GOOD
    assert {finding.code for finding in report.findings} >= {"timing_absent", "tyres_absent", "race_control_absent"}
    assert "topic_absent" in {finding.code for finding in report.findings}
    with pytest.raises(DataMissingError):
        report_of(tmp_path / "empty", {"DriverList": []})


# --- reconstructed sessions, and two sources of one -------------------------------------------------------------------


def test_a_reconstruction_speaks_of_tables_not_of_the_feed(race_tables: Written, tmp_path: Path) -> None:
    for name in ("laps", "drivers"):
        race_tables.tables[name].write_parquet(tmp_path / f"{name}.parquet")
    report = examine(TableSource(tmp_path, race_tables.key))
    assert report.verdict(Area.WEATHER) is Verdict.ABSENT
    assert "Table gap_stream: the table is missing." in [finding.text for finding in report.findings]
    assert not any("race_control: the table" in finding.text for finding in report.findings)


def test_two_sources_of_one_session_are_compared(
    race_tables: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OVERCUT_SHARED", raising=False)
    folder = tmp_path / "archive/2025/2025-09-07_Italian_Grand_Prix/2025-09-07_Race"
    write_session(folder, race())
    settings = Settings(home=tmp_path / "home", tables=race_tables.folder, archive=tmp_path / "archive")
    of_archive = compare_sources(open_source(folder), settings)
    assert {finding.severity for finding in of_archive} == {Severity.INFO}
    assert any("differ from the tables" in finding.text for finding in of_archive)
    of_tables = compare_sources(TableSource(race_tables.folder, race_tables.key), settings)
    assert Severity.DOUBTFUL in {finding.severity for finding in of_tables}
    assert any("differ from the archive" in finding.text for finding in of_tables)


def test_equal_sources_have_nothing_to_compare(race_tables: Written) -> None:
    laps = replay(TableSource(race_tables.folder, race_tables.key)).laps()
    assert not list(compare_laps(laps, laps, "itself", doubtful=True, raced=True))
    assert not list(compare_laps(laps, (), "nothing", doubtful=True, raced=True))


# --- words ------------------------------------------------------------------------------------------------------------


def test_findings_are_put_into_plain_words() -> None:
    assert lap_words([3, 4, 5, 12]) == "laps 3-5 and 12"
    assert lap_words([7]) == "lap 7"
    assert listed(["1", "2", "3"]) == "1, 2 and 3"
    assert listed([str(number) for number in range(1, 12)]) == "1, 2, 3, 4, 5, 6 and 5 more"
    assert car_words(["33"], {"33": "VER"}) == "car 33 (VER)"
    assert car_words(["4", "81"], {}) == "cars 4 and 81"
    assert (lasting(4_200), lasting(33_000), lasting(200_000), lasting(120_000)) == (
        "4.2 s",
        "33 s",
        "3 min 20 s",
        "2 min",
    )
    assert (count_of(1, "lap"), count_of(1_200, "lap")) == ("1 lap", "1,200 laps")


# --- real sessions ----------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_a_real_race_is_judged_without_false_alarms(baku_2018: Path) -> None:
    report = examine(open_source(baku_2018))
    assert report.verdict(Area.TIMING) is Verdict.GOOD
    assert [finding.text for finding in report.findings if finding.code == "sector_missing"] == [
        "Car 20 (MAG)'s lap 8 has no sector 1: the feed never sent it.",
        "Car 28 (HAR)'s lap 9 has no sector 1: the feed never sent it.",
        "Car 16 (LEC)'s lap 50 has no sector 1: the feed never sent it.",
    ]
    assert only(report, "cars_without_laps").cars == ("31", "35")
    assert not [finding for finding in report.findings if finding.code.startswith(("timing_hole", "clock"))]


@pytest.mark.shared
def test_a_real_qualifying_with_telemetry_is_found_whole(mexico_2025_q: Path) -> None:
    report = examine(open_source(mexico_2025_q))
    assert {finding.severity for finding in report.findings} <= {Severity.INFO, Severity.REPAIRED}
    assert {area.verdict for area in report.areas} == {Verdict.GOOD}


@pytest.mark.shared
def test_a_lap_counter_that_stepped_back_for_real_is_told(shared: Path) -> None:
    folder = shared / "data/livetiming/static/2020/2020-07-19_Hungarian_Grand_Prix/2020-07-17_Practice_2"
    found = only(examine(open_source(folder)), "lap_counter_stepped_back")
    assert (found.cars, found.laps) == (("16",), (6, 7))
