"""A session that is over comes into the lake by itself: in a process of its own, once, and only if it is wanted."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from overcut.domain.frame import FrameSource
from overcut.domain.state import Meeting
from overcut.kernel.settings import Settings, load_settings
from overcut.runtime.catalogue import Catalogue, KnownSession
from overcut.runtime.commands import Seek
from overcut.runtime.finding import SessionPlace
from overcut.runtime.lake import lake_of
from overcut.runtime.lake_at_end import LakeAtEnd, add_now
from overcut.runtime.sessions import Opening, Sessions
from tests.runtime.short_session import write_short_session

NOTE = "import sys; open({file!r}, 'a').write(sys.argv[-1] + '\\n')"
SLOW = (
    "import sys, time; time.sleep(0.5 if len(sys.argv) == 2 else 0); "
    "open({file!r}, 'a').write(''.join(name + '\\n' for name in sys.argv[1:]))"
)
FAIL = "import sys; sys.exit('no room')"


def known(path: Path, source: FrameSource = FrameSource.ARCHIVE, *, reconstructed: bool = False) -> KnownSession:
    place = SessionPlace(path, reconstructed=reconstructed)
    return KnownSession(path.name, path, place, source, False, named=True, meeting=Meeting())


def noting(settings: Settings, file: Path) -> LakeAtEnd:
    return LakeAtEnd(settings, [sys.executable, "-c", NOTE.format(file=str(file))])


def test_session_played_to_its_end_is_in_the_lake(tmp_path: Path) -> None:
    """The whole way: an open session, its end, the command, the lake."""
    settings = load_settings(home=tmp_path / "home")
    folder = write_short_session(tmp_path / "race")

    async def play() -> None:
        sessions = Sessions(Catalogue([folder]), opening=Opening(speed=0))
        at_end = LakeAtEnd(settings)
        sessions.over.append(at_end.over)
        await sessions.start()
        (playing,) = sessions.open_now().values()
        await playing.command(Seek(400_000))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(at_end.wait)
        await sessions.stop()

    asyncio.run(play())
    assert lake_of(settings).read("laps").height == 9


def test_finished_session_is_handed_over_once_and_a_live_one_each_time(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    at_end = noting(load_settings(home=tmp_path), notes)
    for _ in range(3):
        at_end.over(known(tmp_path / "played"))
    at_end.over(known(tmp_path / "tables", reconstructed=True))
    for _ in range(2):
        at_end.over(known(tmp_path / "live", FrameSource.LIVE))
        at_end.wait()
    assert [Path(line).name for line in notes.read_text().splitlines()] == ["played", "live", "live"]


def test_nothing_happens_where_it_is_not_wanted(tmp_path: Path) -> None:
    at_end = noting(load_settings(home=tmp_path, lake_sessions=False), tmp_path / "notes")
    at_end.over(known(tmp_path / "played"))
    at_end.wait()
    assert not (tmp_path / "notes").exists()
    assert add_now(load_settings(home=tmp_path, lake_sessions=False), str(tmp_path)) == ""


@pytest.mark.parametrize("command", [[sys.executable, "-c", FAIL], ["no-such-program"]])
def test_what_goes_wrong_is_logged_and_the_next_one_comes(tmp_path: Path, command: list[str]) -> None:
    with capture_logs() as logs:
        at_end = LakeAtEnd(load_settings(home=tmp_path), command)
        at_end.over(known(tmp_path / "one"))
        at_end.over(known(tmp_path / "two"))
        at_end.wait()
    assert [Path(str(line["session"])).name for line in logs] == ["one", "two"]
    assert all(line["event"] == "a session did not get into the lake" and line["why"] for line in logs)


def test_what_still_waits_as_the_server_ends_is_left_to_another_process(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    at_end = LakeAtEnd(load_settings(home=tmp_path), [sys.executable, "-c", SLOW.format(file=str(notes))])
    for name in ("first", "second", "third"):
        at_end.over(known(tmp_path / name))
    at_end.leave()
    until = time.monotonic() + 20
    while time.monotonic() < until and (not notes.exists() or len(notes.read_text().splitlines()) < 3):
        time.sleep(0.05)
    assert sorted(Path(line).name for line in notes.read_text().splitlines()) == ["first", "second", "third"]


def test_recording_that_cannot_be_added_is_told_and_not_raised(tmp_path: Path) -> None:
    recording = tmp_path / "session.jsonl"
    recording.write_text("nothing\n")
    assert add_now(load_settings(home=tmp_path), str(recording)).startswith("not in the lake: ")


def test_command_adds_a_folder_of_sessions(tmp_path: Path) -> None:
    folder = write_short_session(tmp_path / "weekend" / "race")
    write_short_session(tmp_path / "weekend" / "other")
    settings = load_settings(home=tmp_path / "home")
    done = subprocess.run(
        [sys.executable, "-m", "overcut.cli.main", "lake", "add", "--json", "--in-background", str(folder.parent)],
        env={"OVERCUT_HOME": str(settings.home), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 2
    assert lake_of(settings).units("laps") == ["rec-other", "rec-race"]
