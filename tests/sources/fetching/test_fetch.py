"""A session is downloaded whole, once, from an archive that fails, cuts, lies, moves and refuses."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from overcut.cli.fetch import wanted_session
from overcut.domain.session import SessionKey
from overcut.kernel.errors import DataMissingError, NotAllowedError, OvercutError, WrongUsageError
from overcut.kernel.http import HttpClient, HttpPolicy, UnreachableError
from overcut.sources.archive import ArchiveSource
from overcut.sources.fetching import Fetched, Fetcher
from overcut.sources.fetching.season import read_season
from tests.sources.fetching.archive_server import ArchiveServer
from tests.sources.live.feeds import session_topics
from tests.sources.writing import write_session

pytestmark = pytest.mark.anyio

PATH = "2025/2025-09-07_Italian_Grand_Prix/2025-09-07_Race"
KEY = SessionKey("2025-16-R")
LATER = datetime(2026, 1, 1, tzinfo=UTC)
DURING = datetime(2025, 9, 7, 13, 30, tzinfo=UTC)
QUICK = HttpPolicy(connect_s=2, read_s=2, attempts=4, first_s=0.001, most_s=0.002)


def season(*, path: str = f"{PATH}/") -> bytes:
    race = {
        "Key": 9904, "Type": "Race", "Name": "Race", "StartDate": "2025-09-07T15:00:00",
        "EndDate": "2025-09-07T17:00:00", "GmtOffset": "02:00:00", "Path": path,
    }  # fmt: skip
    cancelled = {"Key": -1, "Type": "Practice", "Name": "Practice 1"}
    meeting = {"Name": "Italian Grand Prix", "Location": "Monza", "Sessions": [cancelled, race]}
    return b"\xef\xbb\xbf" + json.dumps({"Year": 2025, "Meetings": [meeting]}).encode()


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """A season of one session, as the archive keeps it."""
    root = tmp_path / "served"
    write_session(root / PATH, session_topics())
    (root / "2025" / "Index.json").write_bytes(season())
    names = session_topics()
    feeds = {topic: {"KeyFramePath": f"{topic}.json", "StreamPath": f"{topic}.jsonStream"} for topic in names}
    (root / PATH / "Index.json").write_bytes(b"\xef\xbb\xbf" + json.dumps({"Feeds": feeds}).encode())
    return root


async def fetch(
    server: ArchiveServer,
    root: Path,
    wanted: SessionKey | str = KEY,
    *,
    now: datetime = LATER,
    bearer: str | None = None,
    topics: tuple[str, ...] = (),
    refresh: bool = False,
) -> Fetched:
    random = Random(7)  # noqa: S311
    async with HttpClient(server.url, bearer=bearer, policy=QUICK, random=random) as client:
        return await Fetcher(client, root, now=now).fetch(wanted, topics=topics, refresh=refresh)


def same(root: Path, served: Path) -> bool:
    files = {file.name: file.read_bytes() for file in (served / PATH).glob("*.jsonStream")}
    return files == {file.name: file.read_bytes() for file in (root / PATH).glob("*.jsonStream")}


async def test_a_session_comes_whole_and_plays(tmp_path: Path, served: Path) -> None:
    async with ArchiveServer(served) as server:
        found = await fetch(server, tmp_path / "here")
    assert same(tmp_path / "here", served)
    assert (found.fetched, found.kept, found.key) == (len(session_topics()), 0, "2025-16-R")
    source = ArchiveSource(found.folder)
    assert source.key == KEY
    assert len(list(source.frames())) == len(list(ArchiveSource(served / PATH).frames()))
    assert not (tmp_path / "here/.fetching" / PATH).exists()


async def test_what_is_here_is_never_asked_for_again_and_needs_no_network(tmp_path: Path, served: Path) -> None:
    async with ArchiveServer(served) as server:
        await fetch(server, tmp_path)
        asked = server.asked.total()
        again = await fetch(server, tmp_path)
        assert server.asked.total() == asked
        assert (again.fetched, again.kept) == (0, len(session_topics()))
        url = server.url
    async with HttpClient(url, policy=QUICK) as client:  # nobody is there any more
        offline = await Fetcher(client, tmp_path, now=LATER).fetch(KEY)
        assert offline.stale == ""
        with pytest.raises(UnreachableError):
            await Fetcher(client, tmp_path, now=LATER).fetch(SessionKey("2024-16-R"))


async def test_a_session_that_still_runs_is_asked_about_again_but_not_sent_again(tmp_path: Path, served: Path) -> None:
    async with ArchiveServer(served) as server:
        await fetch(server, tmp_path, now=DURING)
        sent = server.sent
        await fetch(server, tmp_path, now=DURING)
        assert server.sent - sent == len((served / PATH / "Index.json").read_bytes())  # all else was unchanged
        grown = served / PATH / "Heartbeat.jsonStream"
        grown.write_bytes(grown.read_bytes() + b'00:05:00.000{"Utc":"2025-09-07T12:55:00Z"}\r\n')
        found = await fetch(server, tmp_path, now=LATER)
        assert found.fetched == 1
    assert same(tmp_path, served)


async def test_errors_and_cuts_are_mended_and_a_part_is_not_downloaded_twice(tmp_path: Path, served: Path) -> None:
    size = (served / PATH / "TimingData.jsonStream").stat().st_size
    async with ArchiveServer(served) as server:
        server.fail = {"2025/Index.json": 2, "WeatherData.jsonStream": 3}
        server.cut = {"TimingData.jsonStream": [size // 2, size // 4]}
        await fetch(server, tmp_path / "here", topics=("TimingData", "WeatherData"))
        assert server.asked[f"{PATH}/TimingData.jsonStream"] == 3
        others = sum((served / path).stat().st_size for path in ("2025/Index.json", f"{PATH}/WeatherData.jsonStream"))
        assert server.sent == size + others  # each byte once
    for topic in ("TimingData", "WeatherData"):
        name = f"{PATH}/{topic}.jsonStream"
        assert (tmp_path / "here" / name).read_bytes() == (served / name).read_bytes()


async def test_a_part_of_another_version_is_not_completed_with_this_one(tmp_path: Path, served: Path) -> None:
    file = served / PATH / "TimingData.jsonStream"
    async with ArchiveServer(served) as server:
        server.cut = {"TimingData.jsonStream": [500] * 4}
        with pytest.raises(UnreachableError):
            await fetch(server, tmp_path, topics=("TimingData",))
        assert not (tmp_path / PATH).exists()  # no half session is left where sessions are looked for
        file.write_bytes(file.read_bytes().replace(b"61.", b"62."))
        await fetch(server, tmp_path, topics=("TimingData",))
    assert (tmp_path / PATH / "TimingData.jsonStream").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("lie", [-40, 40])
async def test_a_wrong_length_is_not_believed(tmp_path: Path, served: Path, lie: int) -> None:
    async with ArchiveServer(served) as server:
        server.lie = {"TimingData.jsonStream": lie}
        await fetch(server, tmp_path / "here")
    assert same(tmp_path / "here", served)


async def test_a_damaged_end_that_the_archive_has_itself_is_taken_as_it_is(tmp_path: Path, served: Path) -> None:
    file = served / PATH / "TimingData.jsonStream"
    file.write_bytes(file.read_bytes()[:-30])
    async with ArchiveServer(served) as server:
        await fetch(server, tmp_path / "here")
    assert same(tmp_path / "here", served)


async def test_the_token_goes_to_the_archive_and_nowhere_else(tmp_path: Path, served: Path) -> None:
    async with ArchiveServer(served) as server, ArchiveServer(served) as other:
        server.token = "secret"  # noqa: S105
        with pytest.raises(NotAllowedError, match="refused") as refused:
            await fetch(server, tmp_path / "here")
        assert "overcut login" in refused.value.hint
        await fetch(server, tmp_path / "here", bearer="secret")
        server.move = other.url
        with pytest.raises(OvercutError, match="another host"):
            await fetch(server, tmp_path / "elsewhere", bearer="secret")
        assert other.asked.total() == 0


async def test_topics_that_are_withheld_or_absent_are_named(tmp_path: Path, served: Path) -> None:
    (served / PATH / "LapCount.jsonStream").unlink()
    async with ArchiveServer(served) as server:
        server.refuse = {"WeatherData.jsonStream": 403}
        found = await fetch(server, tmp_path)
        assert (found.absent, found.withheld) == (("LapCount",), ("WeatherData",))
        server.refuse = {}
        again = await fetch(server, tmp_path)
        assert (again.fetched, again.withheld) == (1, ())
        server.refuse = {".jsonStream": 403}
        with pytest.raises(NotAllowedError):
            await fetch(server, tmp_path / "other")


async def test_a_session_without_an_index_of_its_own_is_found_by_the_names_of_topics(
    tmp_path: Path, served: Path
) -> None:
    (served / PATH / "Index.json").unlink()
    async with ArchiveServer(served) as server:
        found = await fetch(server, tmp_path / "here", PATH + "/")
    assert same(tmp_path / "here", served)
    assert "CarData.z" in found.absent


async def test_what_the_archive_does_not_have_is_said(tmp_path: Path, served: Path) -> None:
    async with ArchiveServer(served) as server:
        for wanted, said in ((SessionKey("2025-01-R"), "no session"), (SessionKey("2019-01-R"), "no season")):
            with pytest.raises(DataMissingError, match=said):
                await fetch(server, tmp_path, wanted)
        for path in ("2025/../../etc/passwd", "2025/x", "/etc", "2025/a/.."):
            with pytest.raises(DataMissingError, match="no session of the archive"):
                await fetch(server, tmp_path, path)
        (served / "2025/Index.json").write_bytes(b"<html>")
        with pytest.raises(OvercutError, match="cannot be read"):
            await fetch(server, tmp_path / "x")
        with pytest.raises(DataMissingError, match="no files"):
            await fetch(server, tmp_path, "2025/2025-01-01_A/2025-01-01_B")


async def test_a_web_page_in_the_archives_place_is_not_kept(tmp_path: Path, served: Path) -> None:
    (served / PATH / "TimingData.jsonStream").write_bytes(b"<html>sign in</html>")
    async with ArchiveServer(served) as server:
        with pytest.raises(OvercutError, match="web page"):
            await fetch(server, tmp_path)


async def test_after_too_many_failures_nothing_is_asked_for_a_while() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        now = [0.0]
        policy = HttpPolicy(attempts=3, first_s=0.001, most_s=0.002, breaker_failures=3, breaker_open_s=30)
        async with HttpClient(url, policy=policy, now_s=lambda: now[0]) as client:
            with pytest.raises(UnreachableError, match="did not give"):
                await client.ask("GET", "x")
            with pytest.raises(UnreachableError) as refused:
                await client.ask("GET", "x")
            assert "nothing is asked" in refused.value.why
            now[0] = 31.0
            with pytest.raises(UnreachableError) as tried:
                await client.ask("GET", "x")
            assert tried.value.why.startswith("4 requests in a row failed")  # one more was tried


async def test_an_answer_that_is_too_long_is_not_read_to_its_end(served: Path) -> None:
    async with ArchiveServer(served) as server, HttpClient(server.url, policy=QUICK) as client:
        with pytest.raises(OvercutError, match="longer than"):
            await client.ask("GET", f"{PATH}/TimingData.jsonStream", max_bytes=100)


def test_loose_names_keys_and_addresses_name_a_session() -> None:
    url = "https://livetiming.formula1.com/static/"
    assert wanted_session("2025 monza R", url) == KEY
    assert wanted_session("2025-16-r", url) == KEY
    assert wanted_session(f"{url}{PATH}/TimingData.jsonStream", url) == PATH
    for text in ("https://example.org/static/" + PATH, "sim-2025-monza-7-R", "2025 atlantis R"):
        with pytest.raises(WrongUsageError):
            wanted_session(text, url)


def test_paths_in_an_index_that_lead_elsewhere_are_left_out() -> None:
    assert read_season(season(path="2025/../../x/")) == []
    assert read_season(season(path="/etc/passwd")) == []
    (race,) = read_season(season())
    assert race.end_utc == datetime(2025, 9, 7, 15, tzinfo=UTC)


@pytest.mark.shared
def test_real_seasons_list_their_sessions(shared: Path) -> None:
    for year, count in ((2019, 104), (2021, 109), (2022, 110), (2023, 113)):
        sessions = read_season((shared / f"data/livetiming/static/{year}/Index.json").read_bytes())
        assert len(sessions) == pytest.approx(count, abs=6)
        named = [session for session in sessions if not str(session.key).startswith("rec-")]
        assert len(named) >= len(sessions) - 3
        assert all(session.end_utc is not None for session in sessions)


@pytest.mark.shared
async def test_the_race_of_baku_is_fetched_byte_for_byte(tmp_path: Path, shared: Path, baku_2018: Path) -> None:
    async with ArchiveServer(shared / "data/livetiming/static") as server:
        server.cut = {"TimingData.jsonStream": [1_000_000]}
        path = "/".join(baku_2018.parts[-3:])
        await fetch(server, tmp_path, path)
    for file in baku_2018.glob("*.jsonStream"):
        assert (tmp_path / path / file.name).read_bytes() == file.read_bytes()
