"""How described pandas and numpy values become Polars frames and plain Python values."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (what a pickle describes has no types)

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np
import polars as pl

from overcut.sources.fastf1.pickled import Made, Name, RefusedPickleError

_CODE = re.compile(r"^(?:[iuf][1248]|b1|[mM]8|O8?|U\d{1,4})$")
_NS_BY_RESOLUTION = {7: 1_000_000_000, 8: 1_000_000, 9: 1_000, 10: 1}
"""Nanoseconds of pandas' resolutions s, ms, us, ns (its `NPY_DATETIMEUNIT`)."""


def frame_of(value: Any, what: str) -> pl.DataFrame:
    """A described pandas data frame; times as durations and instants in ns, objects as whatever they are.

    Raises:
        RefusedPickleError: it is no data frame, or one of a form that is not known.
    """
    if isinstance(value, dict):  # a dictionary of lists
        return frame_of_columns({str(k): plain_list(v, what) for k, v in cast(dict[Any, Any], value).items()})
    manager = _part(value, "_mgr", what)
    if not isinstance(manager, Made) or len(manager.args) != 2:
        raise _unknown(what, "its blocks")
    blocks, axes = manager.args
    names = [str(name) for name in _index(axes[0], what)]
    columns: dict[str, Any] = {}
    for block in blocks:
        if not isinstance(block, Made) or len(block.args) != 3:
            raise _unknown(what, "a block")
        values, where, _ = block.args
        rows = _array(values, what)
        for row, place in enumerate(_places(where, what)):
            columns[names[place]] = rows[row]
    return frame_of_columns({name: columns[name] for name in names})


def frame_of_columns(columns: dict[str, Any]) -> pl.DataFrame:
    """Columns (numpy arrays, or lists of plain values) as a frame; NaN and NaT are null."""
    series: list[pl.Series] = []
    for name, values in columns.items():
        if isinstance(values, np.ndarray) and values.dtype.kind != "O":
            found = pl.Series(name, np.ascontiguousarray(values))  # pyright: ignore[reportUnknownArgumentType]
            series.append(found.fill_nan(None) if found.dtype.is_float() else found)
        else:
            series.append(_series(name, list(values)))
    return pl.DataFrame(series)


def plain_list(value: Any, what: str) -> list[Any]:
    """A list, or a described array or series, as plain values."""
    if isinstance(value, Made):
        if value.name.endswith("Series"):
            value = _part(value, "_mgr", what).args[0][0].args[0]
        return [plain(item) for item in _array(value, what).tolist()]
    if not isinstance(value, list | tuple):
        raise _unknown(what, "a list")
    return [plain(item) for item in cast(Sequence[Any], value)]


def plain(value: Any) -> Any:
    """One described value: durations and instants as Python's own, NaN and NaT as None."""
    if not isinstance(value, Made):
        return None if value != value else value  # noqa: PLR0124 -- NaN and NaT alone differ from themselves
    last = value.name.rpartition(".")[2]
    if last not in _VALUES:
        raise _unknown("a cached value", last)
    return _VALUES[last](value)


def _timedelta(value: Made) -> timedelta:
    return timedelta(microseconds=_ns(value.args[0], value.args[1:]) // 1000)


def _timestamp(value: Made) -> datetime:
    since = _ns(value.args[0], value.args[3:])
    return datetime(1970, 1, 1) + timedelta(microseconds=since // 1000)  # noqa: DTZ001 -- as pandas has it


def _scalar(value: Made) -> Any:
    return np.frombuffer(value.args[1], dtype=_dtype(value.args[0], "a number"))[0].item()


_VALUES: Mapping[str, Callable[[Made], Any]] = {
    "_nat_unpickle": lambda _: None,
    "__nat_unpickle": lambda _: None,
    "_timedelta_unpickle": _timedelta,
    "_unpickle_timestamp": _timestamp,
    "timedelta": lambda value: timedelta(*value.args),
    "datetime": lambda value: _datetime(value.args),
    "scalar": _scalar,
    "OrderedDict": lambda value: value.state or {},
}


def _series(name: str, values: list[Any]) -> pl.Series:
    plain_values = [plain(value) for value in values]
    kinds = {_kind(value) for value in plain_values if value is not None}
    if kinds <= {int, float} and float in kinds:
        return pl.Series(name, plain_values, dtype=pl.Float64, strict=False)
    if len(kinds) > 1:
        return pl.Series(name, [None if value is None else str(value) for value in plain_values], dtype=pl.String)
    if kinds == {timedelta}:
        return pl.Series(name, plain_values, dtype=pl.Duration("ns"))
    return pl.Series(name, plain_values, strict=False)


def _kind(value: Any) -> type:
    """The type of a value; pandas' own times count as what they are made of."""
    return next((kind for kind in (timedelta, datetime) if isinstance(value, kind)), type(value))


def _ns(value: Any, resolution: tuple[Any, ...]) -> int:
    return int(value) * _NS_BY_RESOLUTION.get(resolution[0] if resolution else 10, 1)


def _datetime(args: tuple[Any, ...]) -> datetime:
    """``datetime`` pickles as ten bytes: year (two), month, day, hour, minute, second, microsecond (three)."""
    packed = args[0]
    if isinstance(packed, str):
        packed = packed.encode("latin-1")
    year, month, day, hour, minute, second = packed[0] * 256 + packed[1], *packed[2:7]
    made = datetime(year, month & 0x7F, day, hour, minute, second, int.from_bytes(packed[7:10], "big"), tzinfo=UTC)
    return made.replace(tzinfo=None)


def _part(value: Any, name: str, what: str) -> Any:
    state = value.state if isinstance(value, Made) else None
    if not isinstance(state, dict) or name not in state:
        raise _unknown(what, name)
    return cast(dict[str, Any], state)[name]


def _index(value: Any, what: str) -> Sequence[Any]:
    if isinstance(value, Made) and len(value.args) == 2 and isinstance(value.args[1], dict):
        given = cast(dict[str, Any], value.args[1])
        if "data" in given:
            return plain_list(given["data"], what)
        if "stop" in given:
            return range(int(given["start"]), int(given["stop"]), int(given["step"]))
    raise _unknown(what, "an index")


def _places(value: Any, what: str) -> Sequence[int]:
    if isinstance(value, Made) and value.name == "builtins.slice":
        return range(*value.args)
    return [int(place) for place in _array(value, what).tolist()]


def _array(value: Any, what: str) -> np.ndarray[Any, np.dtype[Any]]:
    """A described array; of durations or instants, too, that pandas wraps."""
    if not isinstance(value, Made):
        raise _unknown(what, "an array")
    last = value.name.rpartition(".")[2]
    if last == "__pyx_unpickle_NDArrayBacked" and isinstance(value.state, tuple):
        inner = [item for item in cast(tuple[Any, ...], value.state) if isinstance(item, Made)]
        return _array(inner[-1], what)
    if last == "_frombuffer" and len(value.args) == 4:
        data, dtype, shape, order = value.args
        return np.frombuffer(data, dtype=_dtype(dtype, what)).reshape(shape, order=order)
    if last != "_reconstruct" or not isinstance(value.state, tuple):
        raise _unknown(what, last)
    _, shape, dtype, by_column, data = cast(tuple[Any, ...], value.state)
    kind = _dtype(dtype, what)
    order = "F" if by_column else "C"
    if kind.kind == "O":
        whole = np.empty(len(data), dtype=object)
        whole[:] = data
        return whole.reshape(shape, order=order)
    return np.frombuffer(data, dtype=kind).reshape(shape, order=order)


def _dtype(value: Any, what: str) -> np.dtype[Any]:
    code = value.args[0] if isinstance(value, Made) and value.name == "numpy.dtype" and value.args else ""
    if not isinstance(value, Made) or not _CODE.match(str(code)):
        raise _unknown(what, f"the type {value.name if isinstance(value, Name) else code!r}")
    state = cast(tuple[Any, ...], value.state or ())
    order = state[1] if len(state) > 1 and state[1] in ("<", ">") else ""
    if code in ("m8", "M8"):
        unit = state[8][1][0] if len(state) > 8 else b"ns"
        return np.dtype(f"{order}{code}[{unit.decode()}]")
    return np.dtype(f"{order}{code}")


def _unknown(what: str, part: str) -> RefusedPickleError:
    return RefusedPickleError(
        f"{what} has a form that is not known",
        why=f"{part}: it was written by another version of pandas than 2",
        hint="load the session with FastF1 and hand it over: overcut.add(session)",
    )
