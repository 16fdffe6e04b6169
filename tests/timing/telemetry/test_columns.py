"""Messages become the same columns on both paths: the compiled scanner and the tolerant reading; damage is counted."""

from __future__ import annotations

import json
from datetime import UTC
from pathlib import Path
from typing import cast

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overcut.domain.state import Defect
from overcut.sources.archive import ArchiveSource
from overcut.timing.telemetry.clock import settled_zeros
from overcut.timing.telemetry.columns import CAR_DATA, POSITION, Message, rows_of
from overcut.timing.telemetry.rows import BRAKE, DRS, MISSING, OFF_TRACK, ON_TRACK, OTHER_STATUS, SPEED, STATUS, Rows
from tests.timing.telemetry.packing import packed


def both(topic: str, *texts: str | bytes) -> tuple[Rows, dict[str, Defect]]:
    """The rows and defects of messages a second apart; the two paths must agree on them."""
    messages: list[Message] = [(1_000 * n, packed(text)) for n, text in enumerate(texts, start=1)]
    return both_of(topic, messages)


def both_of(topic: str, messages: list[Message]) -> tuple[Rows, dict[str, Defect]]:
    fast_defects: dict[str, Defect] = {}
    slow_defects: dict[str, Defect] = {}
    fast = rows_of(topic, messages, fast_defects, compiled=True)
    slow = rows_of(topic, messages, slow_defects, compiled=False)
    for name in ("utc_ms", "t_ms", "number", "fields"):
        np.testing.assert_array_equal(getattr(fast, name), getattr(slow, name), err_msg=name)
    assert fast_defects == slow_defects
    return fast, fast_defects


def car(stamp: str = "2025-10-25T20:47:27.8777755Z", cars: str = '"1":{"Channels":{"0":1,"2":2}}') -> str:
    return f'{{"Entries":[{{"Utc":"{stamp}","Cars":{{{cars}}}}}]}}'


_NUMBERS = st.integers(1, 999).map(str)
_SPACES = st.sampled_from(["", "", "", " ", "\n", " \t\r\n"])
_CHANNEL = st.one_of(st.integers(-5, 15_000), st.none(), st.integers(-(2**33), 2**33), st.booleans(), st.just("7"))
_DECIMALS = st.integers(0, 9).flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))


def _stamp(base: str, joint: str, decimals: str, end: str) -> str:
    return base[:10] + joint + base[11:] + (f".{decimals}" if decimals else "") + end


_STAMPS = st.builds(
    _stamp,
    st.datetimes(allow_imaginary=False, timezones=st.just(UTC)).map(lambda when: when.isoformat()[:19]),
    st.sampled_from("TTT "),
    _DECIMALS,
    st.sampled_from(["Z", "Z", "", "+00:00"]),
)


@st.composite
def spelled(draw: st.DrawFn, value: object) -> str:
    """JSON with members in any order and white space anywhere."""
    space = draw(_SPACES)
    if isinstance(value, dict):
        members = draw(st.permutations(list(cast(dict[str, object], value).items())))
        inner = ",".join(f"{space}{json.dumps(key)}{space}:{draw(spelled(item))}" for key, item in members)
        return f"{space}{{{inner}{space}}}{space}"
    if isinstance(value, list):
        return f"{space}[{','.join(draw(spelled(item)) for item in cast(list[object], value))}{space}]"
    return space + json.dumps(value)


_CHANNELS = st.dictionaries(st.sampled_from(["0", "2", "3", "4", "5", "45"]), _CHANNEL, max_size=6)
_SOUND_CHANNELS = st.dictionaries(
    st.sampled_from(["0", "2", "3", "4", "5", "45"]), st.one_of(st.integers(0, 15_000), st.none()), max_size=6
)
_CARS = st.dictionaries(_NUMBERS, st.one_of(_CHANNELS, _SOUND_CHANNELS).map(lambda c: {"Channels": c}), max_size=4)
_PLACE = st.fixed_dictionaries(
    {},
    optional={
        "X": st.one_of(st.integers(-1_100_000, 1_100_000), st.floats(allow_nan=False, allow_infinity=False)),
        "Y": st.integers(-90_000, 90_000),
        "Z": st.integers(-90_000, 90_000),
        "Status": st.sampled_from(["OnTrack", "OffTrack", "", "Retired", "Ünknown", 'a"b', "OnTracks"]),
    },
)


@settings(max_examples=150)
@given(st.data())
def test_car_messages_in_any_spelling_read_alike_on_both_paths(data: st.DataObject) -> None:
    entries = data.draw(st.lists(st.fixed_dictionaries({"Utc": _STAMPS, "Cars": _CARS}), max_size=3))
    both(CAR_DATA, data.draw(spelled({"Entries": entries})), car())


@settings(max_examples=150)
@given(st.data())
def test_place_messages_in_any_spelling_read_alike_on_both_paths(data: st.DataObject) -> None:
    entry = st.fixed_dictionaries({"Timestamp": _STAMPS, "Entries": st.dictionaries(_NUMBERS, _PLACE, max_size=4)})
    both(POSITION, data.draw(spelled({"Position": data.draw(st.lists(entry, max_size=3))})))


_SOUND = '{"Entries":[{"Utc":"2025-10-25T20:47:27.87Z","Cars":{"1":{"Channels":{"0":10590,"2":240,"45":null}},"44":{"Channels":{"5":true}}}}]}'  # noqa: E501
_PLACED = '{"Position":[{"Timestamp":"2025-10-25T20:47:27Z","Entries":{"1":{"Status":"OnTrack","X":-24,"Y":12,"Z":22},"4":{}}}]}'  # noqa: E501


@settings(max_examples=300)
@given(st.sampled_from([(CAR_DATA, _SOUND), (POSITION, _PLACED)]), st.data())
def test_damaged_messages_are_judged_alike_on_both_paths(sound: tuple[str, str], data: st.DataObject) -> None:
    topic, text = sound
    raw = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(["change", "drop", "repeat", "cut"])):
            case "change":
                raw[at] = data.draw(st.one_of(st.sampled_from(b'0123456789"{}[],:.-+eE \\\0ntf'), st.integers(0, 255)))
            case "drop":
                del raw[at]
            case "repeat":
                raw[at:at] = raw[at : at + data.draw(st.integers(1, 30))]
            case _:
                del raw[at + 1 :]
        if not raw:
            break
    rows, defects = both(topic, text, bytes(raw), text)
    assert len(rows) >= 4  # what is sound before and after stays
    assert sum(defect.count for defect in defects.values()) <= 1


@settings(max_examples=60)
@given(st.binary(max_size=60))
def test_payloads_that_are_no_telemetry_are_counted_and_do_not_raise(payload: bytes) -> None:
    rows, defects = both_of(CAR_DATA, [(0, payload), (1_000, packed(car()))])
    assert len(rows) == 1
    assert sum(defect.count for defect in defects.values()) == 1


def test_channel_45_is_null_in_2026_and_a_brake_may_be_a_truth_value() -> None:
    channels = '{"0":11000,"2":300,"3":8,"4":100,"5":%s,"45":null}'
    cars = ",".join(f'"{n}":{{"Channels":{channels % brake}}}' for n, brake in ((1, "true"), (4, "false"), (16, "100")))
    rows, defects = both(CAR_DATA, car(cars=cars))
    assert not defects
    assert rows.fields[BRAKE].tolist() == [100, 0, 100]
    assert rows.fields[DRS].tolist() == [MISSING] * 3


@pytest.mark.parametrize("decimals", ["", ".8", ".87", ".877", ".8777", ".87777", ".877775", ".8777755"])
@pytest.mark.parametrize("end", ["Z", ""])
def test_stamps_have_up_to_seven_decimals_with_or_without_z(decimals: str, end: str) -> None:
    rows, defects = both(CAR_DATA, car(f"2025-10-25T20:47:27{decimals}{end}"))
    assert not defects
    assert rows.utc_ms.tolist() == [1_761_425_247_000 + int((decimals[1:] + "000")[:3])]


def test_missing_channels_are_missing_and_not_zero() -> None:
    rows, _ = both(CAR_DATA, car(cars='"1":{"Channels":{"0":9000}}'))
    assert rows.fields[SPEED].tolist() == [MISSING]


def test_status_of_a_place_is_told_by_a_code() -> None:
    entries = '"1":{"Status":"OnTrack","X":1,"Y":2,"Z":3},"4":{"Status":"OffTrack"},"16":{"Status":"Lost"},"44":{"X":5}'
    rows, _ = both(POSITION, f'{{"Position":[{{"Timestamp":"2025-10-25T20:47:27Z","Entries":{{{entries}}}}}]}}')
    assert rows.fields[STATUS].tolist() == [ON_TRACK, OFF_TRACK, OTHER_STATUS, ON_TRACK]
    assert rows.fields[:3].T.tolist() == [[1, 2, 3], [0, 0, 0], [0, 0, 0], [5, 0, 0]]


def test_a_refused_message_between_sound_ones_keeps_their_order() -> None:
    odd = car("2025-10-25T20:47:28Z", '"7":{"Channels":{"0":5},"New":{"a":[1.5]}}')  # sound, but not the usual shape
    broken = car("2025-10-25T20:47:29Z", '"8":{"Channels":{"0":"x"}}')
    rows, defects = both(CAR_DATA, car(), odd, broken, car("2025-10-25T20:47:30Z"), *[car()] * 200)
    assert rows.number[:4].tolist() == [1, 7, 1, 1]
    assert [defect.count for defect in defects.values()] == [1]


def test_a_car_named_twice_keeps_the_last_word() -> None:
    rows, _ = both(CAR_DATA, car(cars='"1":{"Channels":{"0":1}},"1":{"Channels":{"0":2}}'))
    assert rows.fields[0].tolist() == [2]


def test_late_deliveries_take_the_time_of_the_quickest() -> None:
    messages = [(t_ms, packed(car(f"2025-10-25T20:47:{s}Z"))) for s, t_ms in ((10, 5_300), (11, 6_000), (12, 7_450))]
    rows, _ = both_of(CAR_DATA, messages)
    assert rows.t_ms.tolist() == [5_000, 6_000, 7_000]


def test_a_feed_that_starts_anew_has_its_own_time() -> None:
    zeros = np.array([1_000, 1_100, 1_100, 500_000, 500_100], np.int64)
    assert settled_zeros(zeros).tolist() == [1_100, 1_100, 1_100, 500_100, 500_100]


def test_one_car_s_rows_are_in_order_and_one_an_instant() -> None:
    stamps = ("2025-10-25T20:47:29Z", "2025-10-25T20:47:28Z", "2025-10-25T20:47:29Z")
    texts = [car(stamp, f'"1":{{"Channels":{{"0":{n}}}}}') for n, stamp in enumerate(stamps)]
    rows, _ = both(CAR_DATA, *texts)
    own = rows.of_car(1)
    assert np.diff(own.t_ms).tolist() == [1_000]
    assert own.fields[0].tolist() == [1, 2]


@pytest.mark.shared
def test_every_value_of_a_real_qualifying_is_right(shared: Path, mexico_2025_q: Path) -> None:
    frames = list(ArchiveSource(mexico_2025_q).frames())
    for topic, name, fields in (
        (CAR_DATA, "car", ["rpm", "speed", "gear", "throttle", "brake", "drs"]),
        (POSITION, "pos", ["x", "y", "z"]),
    ):
        rows, defects = both_of(topic, [(frame.t_ms, frame.payload) for frame in frames if frame.topic == topic])
        truth = pl.read_parquet(shared / f"data/telemetry/{name}_2025_mexico_qualifying.parquet")
        assert not defects
        assert len(rows) == truth.height
        np.testing.assert_array_equal(rows.number, truth["driver_number"].to_numpy())
        np.testing.assert_array_equal(rows.utc_ms, truth["utc"].dt.timestamp("ms").to_numpy())
        for row, column in enumerate(fields):
            np.testing.assert_array_equal(rows.fields[row], truth[column].to_numpy(), err_msg=column)
