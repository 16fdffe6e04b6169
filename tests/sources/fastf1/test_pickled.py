"""A pickle is described, never run: what it names beyond plain data is refused."""

from __future__ import annotations

import contextlib
import datetime
import os
import pickle
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overcut.sources.fastf1.frames import frame_of, plain, plain_list
from overcut.sources.fastf1.pickled import RefusedPickleError, describe

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")


class Evil:
    """Runs something when it is unpickled."""

    def __init__(self, called: object, *args: object) -> None:
        self.made = (called, args)

    def __reduce__(self) -> object:
        return self.made


@pytest.mark.parametrize("protocol", [3, 4, 5])
def test_pickle_that_would_run_something_is_refused_and_runs_nothing(tmp_path: Path, protocol: int) -> None:
    witness = tmp_path / "witness"
    for evil in (
        Evil(os.system, f"touch {witness}"),
        Evil(eval, f"open({str(witness)!r}, 'w')"),
        Evil(open, str(witness), "w"),
        Evil(getattr, "text", "upper"),
        Evil(os.mkdir, str(witness)),
    ):
        with pytest.raises(RefusedPickleError, match="refused"):
            describe(pickle.dumps({"version": 17, "data": [evil]}, protocol), "laps.ff1pkl")
    assert not witness.exists()


def test_refusal_says_what_is_named_and_what_to_do() -> None:
    with pytest.raises(RefusedPickleError) as refused:
        describe(pickle.dumps(Evil(os.system, "true")), "laps.ff1pkl")
    assert "system" in refused.value.why
    assert "overcut.add(session)" in refused.value.hint


@pytest.mark.parametrize("keep", [0, 1, 7, 60, -1])
def test_damaged_pickle_is_told(keep: int) -> None:
    whole = pickle.dumps({"data": pd.DataFrame({"a": [1.0, 2.0]})})
    with pytest.raises(RefusedPickleError):
        describe(whole[:keep], "laps.ff1pkl")


@given(st.binary(max_size=300))
def test_any_bytes_are_either_described_or_refused(data: bytes) -> None:
    with contextlib.suppress(RefusedPickleError):
        describe(b"\x80\x04" + data, "x")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=12,
)


@given(PLAIN, st.sampled_from([3, 4, 5]))
def test_plain_values_are_described_as_themselves(value: object, protocol: int) -> None:
    assert describe(pickle.dumps(value, protocol), "x") == value


FRAME = pd.DataFrame(
    {
        "Time": pd.to_timedelta([1.5, None, 3], unit="s"),
        "Driver": ["1", "2", None],
        "Lap": [1.0, np.nan, 3.0],
        "Count": [1, 2, 3],
        "Flag": [True, False, True],
        "Date": pd.to_datetime(["2020-01-01", None, "2020-01-02"]),
        "Objects": [datetime.timedelta(seconds=3), None, pd.NaT],
    }
)


@pytest.mark.parametrize("protocol", [3, 4, 5])
@pytest.mark.parametrize("rows", [slice(None), slice(1, None), slice(0, 0)])
def test_data_frame_is_read_as_pandas_has_it(protocol: int, rows: slice) -> None:
    frame = FRAME[rows].copy()
    frame["Later"] = frame["Count"] * 2  # a block of its own
    read = frame_of(describe(pickle.dumps(frame, protocol), "x"), "x")
    assert read.columns == list(frame.columns)
    assert read.height == len(frame)
    if len(frame):
        assert read["Count"].to_list() == frame["Count"].tolist()
        assert read["Later"].to_list() == frame["Later"].tolist()
        assert read["Driver"].to_list() == frame["Driver"].tolist()
        assert [None if t is None else t.total_seconds() for t in read["Time"].to_list()] == [
            None if pd.isna(t) else t.total_seconds() for t in frame["Time"]
        ]
        assert read["Date"].null_count() == 1
        assert read["Objects"].dtype in (pl.Duration("ns"), pl.Null)


def test_scalars_of_pandas_and_numpy_become_plain_values() -> None:
    moment = datetime.datetime(2021, 3, 4, 5, 6, 7, 890)  # noqa: DTZ001 -- pandas' own have none either
    minus = datetime.timedelta(days=-1, seconds=5)
    values = [pd.Timedelta(seconds=1.5), pd.NaT, pd.Timestamp(moment), np.float64(2.5), np.int64(7), moment, minus]
    plain_values = [datetime.timedelta(seconds=1.5), None, moment, 2.5, 7, moment, minus]
    assert plain_list(describe(pickle.dumps([*values, float("nan")]), "x"), "x") == [*plain_values, None]


def test_unknown_forms_are_refused() -> None:
    with pytest.raises(RefusedPickleError):
        frame_of(describe(pickle.dumps([1, 2]), "x"), "x")
    with pytest.raises(RefusedPickleError):
        frame_of(describe(pickle.dumps(pd.Series([1, 2])), "x"), "x")
    with pytest.raises(RefusedPickleError):
        plain_list(describe(pickle.dumps("text"), "x"), "x")
    with pytest.raises(RefusedPickleError):
        plain(describe(pickle.dumps(pd.RangeIndex(3)), "x"))
