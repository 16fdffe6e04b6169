"""Archive folders become frames in one defined order, whatever the damage and the chunk size."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.domain.durations import format_offset
from overcut.domain.frame import FrameSource
from overcut.domain.state import Defect
from overcut.kernel.errors import DataMissingError, WrongUsageError
from overcut.runtime.replay import replay
from overcut.sources.archive import ArchiveSource, key_of_folder
from overcut.sources.lines import LineDecoder, parse_stamp_ms
from overcut.sources.opening import find_sessions, open_source
from tests.sources.writing import stream, write_session


def _decode(data: bytes, sizes: list[int]) -> tuple[list[tuple[int, int, bytes]], dict[str, Defect]]:
    defects: dict[str, Defect] = {}
    decoder = LineDecoder("T", defects)
    found: list[tuple[int, int, bytes]] = []
    at = 0
    for size in sizes:
        found += decoder.feed(data[at : at + size])
        at += size
    found += decoder.feed(data[at:])
    found += decoder.finish()
    return found, defects


@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.dictionaries(st.text(max_size=5), st.integers(), max_size=3))),
    st.lists(st.integers(0, 40), max_size=40),
)
def test_lines_do_not_depend_on_how_the_bytes_arrive(lines: list[tuple[int, object]], sizes: list[int]) -> None:
    data = stream(lines)
    whole, _ = _decode(data, [])
    assert _decode(data, sizes)[0] == whole
    assert [t_ms for t_ms, _, _ in whole] == [t_ms for t_ms, _ in lines]


@given(st.binary(max_size=300), st.lists(st.integers(0, 20), max_size=20))
def test_any_bytes_are_read_without_an_exception(data: bytes, sizes: list[int]) -> None:
    assert _decode(data, sizes) == _decode(data, [])


def test_a_line_without_a_stamp_is_counted_and_the_others_are_read() -> None:
    data = b'\xef\xbb\xbf00:00:01.000{"a":1}\r\nnonsense\r\n\r\n00:00:0x.000{}\n00:00:02.000{"a":2}'
    found, defects = _decode(data, [])
    assert found == [(1000, 0, b'{"a":1}'), (2000, 4, b'{"a":2}')]
    [defect] = defects.values()
    assert (defect.count, defect.first_t_ms, defect.example) == (2, 1000, "nonsense")


@given(st.integers(0, 100 * 3_600_000 - 1))
def test_stamps_read_back(t_ms: int) -> None:
    assert parse_stamp_ms(format_offset(t_ms).encode() + b"{}") == t_ms


def test_frames_of_one_millisecond_follow_the_fixed_order_of_topics(tmp_path: Path) -> None:
    folder = write_session(
        tmp_path / "s",
        {
            "Zebra": [(5, {"n": 1})],
            "TimingData": [(5, {"n": 2}), (5, {"n": 3}), (4, {"n": 4})],
            "SessionInfo": [(5, {"n": 5})],
        },
    )
    frames = list(ArchiveSource(folder).frames())
    assert [(f.t_ms, f.topic, f.payload) for f in frames] == [
        (4, "TimingData", b'{"n":4}'),
        (5, "SessionInfo", b'{"n":5}'),
        (5, "TimingData", b'{"n":2}'),
        (5, "TimingData", b'{"n":3}'),
        (5, "Zebra", b'{"n":1}'),
    ]


def test_a_folder_names_its_session(tmp_path: Path) -> None:
    assert str(key_of_folder(tmp_path / "2018-04-29_Azerbaijan_Grand_Prix/2018-04-29_Race")) == "2018-04-R"
    assert str(key_of_folder(tmp_path / "2018-04-28_Azerbaijan_Grand_Prix/2018-04-29_Race")).startswith("rec-")
    assert str(key_of_folder(tmp_path / "my session")) == "rec-my-session"


def test_a_labelled_folder_is_simulated(tmp_path: Path) -> None:
    folder = write_session(tmp_path, {"SessionInfo": [(0, {})]})
    (folder / "overcut.json").write_text('{"simulated":true,"season":2025,"circuit":"monza","seed":7,"kind":"R"}')
    source = open_source(folder)
    assert (str(source.key), source.simulated, source.kind) == ("sim-2025-monza-7-R", True, FrameSource.SIMULATED)
    (folder / "overcut.json").write_text("{")
    with pytest.raises(WrongUsageError, match="simulated session"):
        open_source(folder)


def test_what_is_missing_is_said_with_a_way_on(tmp_path: Path) -> None:
    with pytest.raises(DataMissingError, match="nothing at"):
        open_source(tmp_path / "absent")
    with pytest.raises(DataMissingError, match="No timing streams"):
        open_source(tmp_path)
    write_session(tmp_path / "a", {"SessionInfo": [(0, {})]})
    write_session(tmp_path / "b", {"SessionInfo": [(0, {})]})
    with pytest.raises(DataMissingError, match="2 session") as caught:
        open_source(tmp_path)
    assert str(tmp_path / "b") in caught.value.hint


def test_a_stream_file_stands_for_its_folder(tmp_path: Path) -> None:
    folder = write_session(tmp_path, {"SessionInfo": [(0, {})]})
    assert [f.topic for f in open_source(folder / "SessionInfo.jsonStream").frames()] == ["SessionInfo"]


def test_sessions_in_the_making_are_not_found(tmp_path: Path) -> None:
    whole = write_session(tmp_path / "2025" / "Race", {"SessionInfo": [(0, {})]})
    write_session(tmp_path / ".making-x" / "Race", {"SessionInfo": [(0, {})]})
    assert find_sessions(tmp_path) == [whole]


@given(st.binary(max_size=200), st.lists(st.integers(0, 20), max_size=30))
def test_lines_too_long_are_skipped_alike_however_they_arrive(data: bytes, sizes: list[int]) -> None:
    lines = data.replace(b"\x00", b"\n00:00:01.000{")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("overcut.sources.lines.MAX_LINE_BYTES", 24)
        patch.setattr("overcut.sources.lines._SHOWN_BYTES", 20)  # what is shown is less than the longest line, as ever
        assert _decode(lines, sizes) == _decode(lines, [])


def test_a_line_too_long_is_counted_once_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overcut.sources.lines.MAX_LINE_BYTES", 24)
    data = b"00:00:01.000" + b"x" * 100 + b'\r\n00:00:02.000{"a":2}\r\n'
    for sizes in ([], [10] * 10, [30, 30, 30]):
        found, defects = _decode(data, sizes)
        assert found == [(2000, 1, b'{"a":2}')]
        assert [defect.count for defect in defects.values()] == [1]


def test_what_is_no_readable_file_is_counted_and_the_other_topics_play(tmp_path: Path) -> None:
    folder = write_session(tmp_path / "s", {"SessionInfo": [(0, {})]})
    (folder / "TimingData.jsonStream").mkdir()
    (folder / "WeatherData.jsonStream").symlink_to("WeatherData.jsonStream")
    os.mkfifo(folder / "DriverList.jsonStream")
    source = ArchiveSource(folder)
    assert [frame.topic for frame in source.frames()] == ["SessionInfo"]
    assert sorted(defect.topic for defect in source.defects.values()) == ["DriverList", "TimingData", "WeatherData"]


def test_a_file_name_that_is_no_text_does_not_stop_the_engine(tmp_path: Path) -> None:
    folder = write_session(tmp_path / "s", {"SessionInfo": [(0, {})]})
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.jsonStream"))).write_bytes(stream([(1, {})]))
    engine = replay(ArchiveSource(folder))
    assert [defect.topic for defect in engine.state().defects.values()] == ["\\xff"]
    assert engine.checkpoint()


@pytest.mark.parametrize("circuit", ["../../etc", "", "a b"])
def test_a_label_that_names_no_circuit_is_refused(circuit: str, tmp_path: Path) -> None:
    folder = write_session(tmp_path, {"SessionInfo": [(0, {})]})
    (folder / "overcut.json").write_text(json.dumps({"season": 2025, "circuit": circuit, "seed": 7, "kind": "R"}))
    with pytest.raises(WrongUsageError, match="simulated session"):
        open_source(folder)
