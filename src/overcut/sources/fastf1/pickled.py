"""What a pickle says, read as a description: nothing that it names is looked up, made or called.

A pickle is a program. Python's own reader runs it, and whoever wrote the file decides what runs; "restricted" readers
still call what they admit. This one keeps a stack as the format asks, but a call in the pickle becomes a `Made` that
says what was to be called with what. Names outside `ADMITTED` end the reading, so that a surprising file is told as
such. The opcodes are those of protocols 3 to 5 (PEP 3154, PEP 574) that data frames need.
"""

from __future__ import annotations

import pickletools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from overcut.kernel.errors import OvercutError

ADMITTED = frozenset(
    {
        "builtins.slice",
        "copyreg._reconstructor",
        "builtins.object",
        "collections.OrderedDict",
        "datetime.timedelta",
        "datetime.datetime",
        "numpy.dtype",
        "numpy.ndarray",
        "numpy.core.multiarray._reconstruct",
        "numpy._core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar",
        "numpy._core.multiarray.scalar",
        "numpy.core.numeric._frombuffer",
        "numpy._core.numeric._frombuffer",
        "pandas.core.frame.DataFrame",
        "pandas.core.series.Series",
        "pandas.core.internals.managers.BlockManager",
        "pandas.core.internals.managers.SingleBlockManager",
        "pandas._libs.internals._unpickle_block",
        "pandas._libs.arrays.__pyx_unpickle_NDArrayBacked",
        "pandas.core.arrays.datetimes.DatetimeArray",
        "pandas.core.arrays.timedeltas.TimedeltaArray",
        "pandas.core.indexes.base._new_Index",
        "pandas.core.indexes.base.Index",
        "pandas.core.indexes.range.RangeIndex",
        "pandas._libs.tslibs.timedeltas._timedelta_unpickle",
        "pandas._libs.tslibs.timestamps._unpickle_timestamp",
        "pandas._libs.tslibs.nattype.__nat_unpickle",
        "pandas._libs.tslibs.nattype._nat_unpickle",
    }
)
"""All that the cached answers of FastF1 3 name, with numpy 1 and 2 and pandas 2."""

MAX_BYTES = 1 << 30


class RefusedPickleError(OvercutError):
    """A pickle names something that a cache of timing data has no use for, or is damaged."""


@dataclass(frozen=True, slots=True)
class Name:
    """A class or function that the pickle names; not looked up."""

    name: str


@dataclass(slots=True)
class Made:
    """What the pickle wants made: what was to be called, with what, and the state given to the result."""

    name: str
    args: tuple[Any, ...]
    state: Any = None


_MARK = object()
_PUSHES = {
    "NONE": None,
    "NEWTRUE": True,
    "NEWFALSE": False,
}
_LITERALS = frozenset(
    {
        "BININT", "BININT1", "BININT2", "LONG1", "LONG4", "INT", "BINFLOAT", "SHORT_BINUNICODE", "BINUNICODE",
        "BINUNICODE8", "SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8",
    }
)  # fmt: skip


def _pairs(values: list[Any]) -> dict[Any, Any]:
    return dict(zip(values[::2], values[1::2], strict=True))


_EMPTY: Mapping[str, Callable[[], Any]] = {"EMPTY_LIST": list, "EMPTY_DICT": dict, "EMPTY_TUPLE": tuple}
_COLLECTED: Mapping[str, Callable[[list[Any]], Any]] = {"TUPLE": tuple, "LIST": list, "DICT": _pairs}


def describe(data: bytes, what: str) -> Any:
    """The value that a pickle stands for: Python's own plain values, `Made` and `Name` for everything else.

    Args:
        data: the pickle. ``what``: how to call it in an error.

    Raises:
        RefusedPickleError: it names something that is not admitted, uses an opcode that data need not, or is damaged.
    """
    if len(data) > MAX_BYTES:
        raise RefusedPickleError(f"{what} is too long", why=f"{len(data) / 2**20:.0f} MiB")
    reader = _Reader(what)
    try:
        for opcode, argument, _ in pickletools.genops(data):
            if opcode.name == "STOP":
                return reader.result()
            reader.step(opcode.name, argument)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise reader.damaged(str(error)) from error
    raise reader.damaged("it ends in the middle")


class _Reader:
    def __init__(self, what: str) -> None:
        self._what = what
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}

    def result(self) -> Any:
        (value,) = self._stack
        return value

    def damaged(self, why: str) -> RefusedPickleError:
        return RefusedPickleError(
            f"{self._what} is damaged", why=why[:200], hint="let FastF1 make it anew: remove the file"
        )

    def step(self, name: str, argument: Any) -> None:
        stack = self._stack
        if name in _LITERALS:
            stack.append(argument)
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(self._memo[int(argument)])
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = stack[-1]
        elif name in ("BINPUT", "LONG_BINPUT", "PUT"):
            self._memo[int(argument)] = stack[-1]
        elif name in _PUSHES:
            stack.append(_PUSHES[name])
        elif name == "MARK":
            stack.append(_MARK)
        elif name not in ("PROTO", "FRAME"):
            self._build(name, argument)

    def _build(self, name: str, argument: Any) -> None:
        stack = self._stack
        if name in _EMPTY:
            stack.append(_EMPTY[name]())
        elif name in _COLLECTED:
            stack.append(_COLLECTED[name](self._above_mark()))
        elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(name[-1])
            stack[-count:] = [tuple(stack[-count:])]
        elif name in ("APPEND", "APPENDS"):
            values = [stack.pop()] if name == "APPEND" else self._above_mark()
            _list(stack[-1]).extend(values)
        elif name in ("SETITEM", "SETITEMS"):
            values = [stack.pop(), stack.pop()][::-1] if name == "SETITEM" else self._above_mark()
            self._items(stack[-1]).update(_pairs(values))
        else:
            self._make(name, argument)

    def _make(self, name: str, argument: Any) -> None:
        stack = self._stack
        if name == "GLOBAL":
            stack.append(self._named(".".join(str(argument).split(" ", 1))))
        elif name == "STACK_GLOBAL":
            last, first = stack.pop(), stack.pop()
            stack.append(self._named(f"{first}.{last}"))
        elif name in ("REDUCE", "NEWOBJ"):
            arguments, called = stack.pop(), stack.pop()
            if not isinstance(called, Name) or not isinstance(arguments, tuple):
                raise self.damaged("a call of something that is no name")
            stack.append(Made(called.name, cast(tuple[Any, ...], arguments)))
        elif name == "BUILD":
            state = stack.pop()
            if not isinstance(stack[-1], Made):
                raise self.damaged("a state for something that was not made")
            stack[-1].state = state
        else:
            why = f"it uses the opcode {name}, which a cache of data does not need"
            raise RefusedPickleError(f"{self._what} is refused", why=why)

    def _above_mark(self) -> list[Any]:
        at = len(self._stack) - 1
        while self._stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise self.damaged("a mark is missing")
        values = self._stack[at + 1 :]
        del self._stack[at:]
        return values

    def _named(self, name: str) -> Name:
        if name not in ADMITTED:
            hint = "load the session with FastF1 and hand it over: overcut.add(session)"
            why = f"it names {name[:120]!r}; only plain data of numpy and pandas 2 are read, and nothing is ever run"
            raise RefusedPickleError(f"{self._what} is refused", why=why, hint=hint)
        return Name(name)

    def _items(self, value: Any) -> dict[Any, Any]:
        if isinstance(value, Made):  # an OrderedDict's items
            value.state = value.state or {}
            value = value.state
        if not isinstance(value, dict):
            raise self.damaged("items for something that is no dictionary")
        return value  # pyright: ignore[reportUnknownVariableType] -- whatever the pickle holds


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("elements for something that is no list")
    return value  # pyright: ignore[reportUnknownVariableType] -- whatever the pickle holds
