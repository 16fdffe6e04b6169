"""Seasons come whole from a server in Ergast's shape, however it fails, and never faster than it allows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import polars as pl
import pytest

from overcut.domain.session import slug
from overcut.domain.tables import LakeSource
from overcut.kernel.errors import OvercutError, WrongUsageError
from overcut.kernel.http import HttpPolicy, UnreachableError
from overcut.lake import Lake
from overcut.runtime.comparing import compare
from overcut.runtime.imports.importing import Imported, import_tables
from overcut.runtime.imports.jolpica import LakeNames, import_jolpica, read_seasons
from overcut.runtime.imports.updating import update_history
from overcut.sources.history.jolpica import JolpicaSeasons
from overcut.sources.history.jolpica.names import RuleNames
from overcut.sources.history.jolpica.pace import Pace, Pacer
from overcut.sources.history.jolpica.pages import Circuit, Constructor, Driver, Race, decode_page
from overcut.sources.history.jolpica.seasons import merge
from tests.history_data import lake_with_history
from tests.sources.history.ergast_server import ErgastServer, serve_season

QUICK = HttpPolicy(connect_s=2, read_s=2, attempts=4, first_s=0.001, most_s=0.002)
FAST = Pace(a_second=10_000, an_hour=10_000)
SEASON = 2024


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return lake_with_history(tmp_path / "lake")


@pytest.fixture
def server(lake: Lake) -> ErgastServer:
    server = ErgastServer()
    serve_season(server, lake, SEASON)
    return server


def bring(server: ErgastServer, lake: Lake, cache: Path) -> Imported:
    with server.running() as url:
        return import_jolpica(lake, url, cache, [SEASON], policy=QUICK, pace=FAST)


def told(lake: Lake, table: str) -> pl.DataFrame:
    return lake.read(table, source=LakeSource.JOLPICA)


def test_what_the_server_tells_equals_the_history_it_was_made_of(
    server: ErgastServer, lake: Lake, tmp_path: Path
) -> None:
    imported = bring(server, lake, tmp_path / "cache")
    assert imported.notes == []
    assert imported.defects == 0
    columns = ["season", "round", "row", "position_text", "driver_id", "constructor_id", "laps", "time_ms", "grid"]
    ours = lake.read("results", units=[SEASON], source=LakeSource.F1DB, columns=columns)
    assert told(lake, "results").select(columns).equals(ours)
    assert told(lake, "sprints").height == 0 or told(lake, "sprints")["round"].unique().to_list() == [3]
    races = told(lake, "races").select("round", "grand_prix_id", "circuit_id", "date", "sprint")
    assert races.equals(lake.read("races", units=[SEASON], source=LakeSource.F1DB).select(races.columns))
    assert told(lake, "history_pit_stops")["time_ms"].null_count() == 0
    assert lake.read("results", units=[SEASON], columns=columns).equals(ours)  # F1DB is believed first


def test_a_round_cut_in_two_by_a_page_is_whole_again(server: ErgastServer, lake: Lake, tmp_path: Path) -> None:
    server.page = 7
    bring(server, lake, tmp_path / "cache")
    assert told(lake, "results").height == lake.read("results", units=[SEASON]).height
    assert [offset for path, offset in server.offsets if path == f"{SEASON}/results"] == list(range(0, 60, 7))


@pytest.mark.parametrize("fault", [429, 500, 503, "cut", "html"])
def test_a_page_that_fails_is_asked_for_again(
    fault: int | str, server: ErgastServer, lake: Lake, tmp_path: Path
) -> None:
    server.faults[f"{SEASON}/results"] = [fault, fault]
    bring(server, lake, tmp_path / "cache")
    assert server.asked[f"{SEASON}/results"] == 3
    assert told(lake, "results").height == 60


@pytest.mark.parametrize("fault", ["total", "offset"])
def test_a_listing_that_changes_while_it_is_read_is_begun_anew(
    fault: str, server: ErgastServer, lake: Lake, tmp_path: Path
) -> None:
    server.page = 30
    server.faults[f"{SEASON}/results"] = ["", fault]  # the first page is good
    bring(server, lake, tmp_path / "cache")
    assert [offset for path, offset in server.offsets if path == f"{SEASON}/results"] == [0, 30, 0, 30]
    assert told(lake, "results").height == 60


def test_a_listing_that_never_holds_still_is_refused_and_nothing_changes(
    server: ErgastServer, lake: Lake, tmp_path: Path
) -> None:
    before = lake.generation
    server.faults[f"{SEASON}/results"] = ["total"] * 50
    with pytest.raises(OvercutError, match="cannot be read whole"):
        bring(server, lake, tmp_path / "cache")
    assert lake.generation == before


def test_an_interrupted_import_goes_on_where_it_was(server: ErgastServer, lake: Lake, tmp_path: Path) -> None:
    server.faults[f"{SEASON}/sprint"] = [500] * 4
    with pytest.raises(UnreachableError):
        bring(server, lake, tmp_path / "cache")
    before = server.asked.copy()
    with server.running() as url:  # the server's address changed with its port: the pages are moved to the new one
        (old,) = (tmp_path / "cache" / "jolpica").iterdir()
        old.rename(old.with_name(slug(url.split("/")[2])))
        import_jolpica(lake, url, tmp_path / "cache", [SEASON], policy=QUICK, pace=FAST)
    again = server.asked - before
    assert f"{SEASON}/results" not in again
    assert again[f"{SEASON}/sprint"] == 1


def test_kept_pages_stand_in_for_a_server_that_is_gone_and_say_so(
    server: ErgastServer, lake: Lake, tmp_path: Path
) -> None:
    with server.running() as url:
        import_jolpica(lake, url, tmp_path / "cache", [SEASON], policy=QUICK, pace=FAST)
    imported = import_jolpica(lake, url, tmp_path / "cache", [SEASON], policy=QUICK, pace=FAST, refresh=True)
    assert not imported.changed
    assert any("kept pages stand in" in note for note in imported.notes)


def test_a_duration_that_is_none_is_told_as_a_defect(server: ErgastServer, lake: Lake, tmp_path: Path) -> None:
    _, rows = server.listings[f"{SEASON}/1/pitstops"]
    row = rows[0]["row"]
    assert isinstance(row, dict)
    row["duration"] = "ages"
    imported = bring(server, lake, tmp_path / "cache")
    assert imported.defects == 1
    assert lake.read("defects")["column_name"].to_list() == ["time_ms"]


def test_disagreements_of_the_two_are_told(server: ErgastServer, lake: Lake, tmp_path: Path) -> None:
    _, rows = server.listings[f"{SEASON}/results"]
    row = rows[0]["row"]
    assert isinstance(row, dict)
    row["points"] = "24"
    bring(server, lake, tmp_path / "cache")
    figures, found = compare(lake)
    assert sum(one.differ for one in figures) == found.height == 1
    assert found.row(0, named=True) | {"why": "", "row_key": ""} == {
        "table_name": "results", "place": "2024-01-R", "row_key": "", "column_name": "points", "left_source": "f1db",
        "left_value": "25.0", "right_source": "jolpica", "right_value": "24.0", "who_is_right": "unknown", "why": "",
    }  # fmt: skip


def test_without_history_the_ids_are_formed_by_rule_and_that_is_said(server: ErgastServer, tmp_path: Path) -> None:
    empty = Lake(tmp_path / "empty")
    imported = bring(server, empty, tmp_path / "cache")
    assert any("by rule" in note for note in imported.notes)
    assert "anna-brandt" in told(empty, "results")["driver_id"].to_list()


def test_names_by_rule_are_those_of_f1db() -> None:
    names = RuleNames()
    assert names.driver(Driver("hulkenberg", "Nico", "Hülkenberg")) == "nico-hulkenberg"
    assert [names.constructor(Constructor("rb"), season) for season in (2024, 2025)] == ["rb", "racing-bulls"]
    assert [names.constructor(Constructor("sauber"), year) for year in (2018, 2024)] == ["sauber", "kick-sauber"]
    assert names.circuit(Circuit("red_bull_ring", "")) == "spielberg"
    assert names.grand_prix("São Paulo Grand Prix") == "sao-paulo"
    assert names.grand_prix("British Grand Prix") == "great-britain"


def test_seasons_are_read_from_years_and_ranges() -> None:
    assert read_seasons(["2018-2020", "2022"]) == [2018, 2019, 2020, 2022]
    with pytest.raises(WrongUsageError):
        read_seasons(["last year"])
    with pytest.raises(WrongUsageError):
        read_seasons(["1949"])


def test_the_service_is_never_asked_faster_than_it_allows(tmp_path: Path) -> None:
    clock = [1_000.0]
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        clock[0] += seconds

    async def ask(count: int) -> None:
        pacer = Pacer(Pace(a_second=4, an_hour=20), tmp_path / "asked.json", sleep=sleep, now_s=lambda: clock[0])
        for _ in range(count):
            await pacer.turn()
            asked.append(clock[0])

    asyncio.run(ask(15))
    asyncio.run(ask(30))  # a restart counts on
    for span_s, most in ((1.0, 4), (3600.0, 20)):
        assert all(asked[i + most] - asked[i] >= span_s - 1e-6 for i in range(len(asked) - most))
    assert asked[-1] - asked[0] < 3 * 3600


def test_a_lost_release_is_stood_in_for_by_jolpica_and_that_is_said(
    server: ErgastServer, lake: Lake, tmp_path: Path
) -> None:
    with server.running() as url:
        update = update_history(
            lake,
            "http://127.0.0.1:9/f1db-sqlite.zip",
            tmp_path / "cache",
            jolpica_urls=[url],
            policy=QUICK,
            patient=QUICK,
        )
    assert [(attempt.source, attempt.worked) for attempt in update.attempts][:2] == [
        ("F1DB", False), ("downloaded before", False),
    ]  # fmt: skip
    assert update.ends_with.startswith(f"{SEASON} round 5 (lakeside")
    assert "could not be reached" in update.stale


def test_where_nothing_can_be_had_an_empty_lake_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError) as caught:
        update_history(
            Lake(tmp_path / "lake"), "http://127.0.0.1:9/f1db-sqlite.zip", tmp_path / "cache",
            jolpica_urls=["http://127.0.0.1:9/ergast/f1/"], policy=QUICK, patient=QUICK,
        )  # fmt: skip
    assert "f1db-sqlite.zip" in caught.value.hint


@pytest.mark.shared
def test_every_real_page_is_understood(shared: Path) -> None:
    pages = [decode_page(file.read_bytes()) for file in (shared / "data/jolpica").rglob("*.json*")]
    races = [race for page in pages for race in page.races.races]
    assert len(pages) > 40
    assert sum(len(race.results) for race in races) > 400
    assert sum(len(lap.timings) for race in races for lap in race.laps) > 300


def real_pages(shared: Path) -> JolpicaSeasons:
    """The rounds of the stored pages, as if they had been asked for."""
    calendar: dict[tuple[str, str], Race] = {}
    files = sorted((shared / "data/jolpica/ergast/f1").rglob("*.json*"), key=lambda file: (len(file.parts), str(file)))
    for file in files:
        listing = file.name.split(".")[0]
        whole_round = listing in ("results", "qualifying", "sprint") and len(file.parent.name) < 4
        if len(file.parts) == len(files[0].parts) or whole_round:
            merge(calendar, [decode_page(file.read_bytes())])
    return JolpicaSeasons((2018, 2025), tuple(calendar.values()), ())


@pytest.mark.shared
def test_real_pages_differ_from_f1db_only_where_one_is_known_to_be_wrong(
    shared: Path, shared_history: Lake, tmp_path: Path
) -> None:
    lake = Lake(tmp_path / "lake")
    tables = (
        "races",
        "results",
        "sprints",
        "qualifying",
        "fastest_laps",
        "drivers",
        "constructors",
        "circuits",
        "grands_prix",
    )
    with lake.writing() as writer:
        for table in tables:
            writer.replace(table, shared_history.read(table), source=LakeSource.F1DB)
    names = LakeNames(lake)
    import_tables(lake, LakeSource.JOLPICA, "pages", real_pages(shared).tables(names))
    assert names.doubts() == []
    figures, found = compare(lake)
    assert sum(one.compared for one in figures) > 2_000
    differ = {(row["place"], row["column_name"], row["left_value"], row["right_value"]): row["who_is_right"]
              for row in found.iter_rows(named=True)}  # fmt: skip
    assert ("2023-21-R", "circuit_id", "las-vegas", "caesars-palace") not in differ
    assert differ["2018-04-R", "position_text", "14", "DNF"] == "left"  # Bottas, classified with a puncture
    assert differ["2021-21-R", "time_ms", "7596943", "7586943"] == "left"  # Verstappen's ten seconds in Jeddah
    assert differ["2024-22-R", "date", "2024-11-23", "2024-11-22"] == "left"  # Las Vegas, on a Saturday night
    assert len(differ) < 20
