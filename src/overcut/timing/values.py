"""How the feed's loosely typed JSON values are read: numbers as strings, booleans as text, gaps in six spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from overcut.domain.durations import parse_duration_ms
from overcut.domain.state import Gap

JsonObject = dict[str, object]

MAX_INDEX = 4096
"""Largest list index taken from a patch: far over any seen (about 300 messages), it keeps a corrupt one harmless."""


MAX_NUMBER = 2**31
"""No count or code of the feed comes near it; a larger one is damage."""


_LAPPED = re.compile(r"^(\d{1,3}) ?L(?:AP|APS)?$", re.ASCII | re.IGNORECASE)
"""A gap in whole laps, after its sign."""


class PatchError(ValueError):
    """A patch holds a value that does not fit its field. It is counted as a defect; the rest of the patch applies."""


def as_object(value: object) -> JsonObject:
    """A JSON object, or PatchError."""
    if isinstance(value, dict):
        return value  # pyright: ignore[reportUnknownVariableType] -- decoded JSON; a cast would double the cost
    raise PatchError(f"expected an object, got {_shown(value)}")


def object_or_none(value: object) -> JsonObject | None:
    """A JSON object, None for anything else."""
    return cast(JsonObject, value) if isinstance(value, dict) else None


def as_text(value: object) -> str:
    """Text; numbers become text, null becomes empty."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    raise PatchError(f"expected text, got {_shown(value)}")


def as_int(value: object) -> int | None:
    """A whole number, also from text; empty text and null mean not known."""
    if type(value) is int and -MAX_NUMBER < value < MAX_NUMBER:
        return value
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) < 12:
        try:
            return int(value)
        except ValueError:
            pass
    raise PatchError(f"expected a whole number, got {_shown(value)}")


def as_float(value: object) -> float | None:
    """A finite number, also from text; empty text and null mean not known."""
    if value is None or value == "":
        return None
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = float("nan")
        if abs(number) < float("inf"):
            return number
    raise PatchError(f"expected a number, got {_shown(value)}")


def as_bool(value: object) -> bool:
    """A truth value; the feed also writes ``"true"``, ``"1"`` and ``0``."""
    if value is True or value is False:
        return value
    if isinstance(value, str) and value.lower() in ("true", "1"):
        return True
    if value in ("", "false", "False", "0", 0, None):
        return False
    if value == 1:
        return True
    raise PatchError(f"expected true or false, got {_shown(value)}")


def as_duration_ms(value: object) -> int | None:
    """Milliseconds of a lap or sector time; empty means cleared."""
    text = as_text(value)
    if not text:
        return None
    ms = parse_duration_ms(text)
    if ms is None:
        raise PatchError(f"expected a time, got {_shown(value)}")
    return ms


def as_gap(value: object) -> Gap | None:
    """A gap in any of the feed's spellings; None for the leader (``LAP 12``) and where it is empty.

    ``+12.345``, ``+1:09.473``, ``1L``, ``1 L``, ``+1 LAP``, ``+2 LAPS`` (wire.md, Gaps).
    """
    text = value if isinstance(value, str) else as_text(value)
    if not text:
        return None
    body = text[1:] if text[0] == "+" else text
    if body[-4:-3] == ".":  # ``12.345``, as nearly all are
        digits = body.replace(".", "", 1)
        if digits.isdecimal() and len(digits) < 10 and digits.isascii():
            return Gap(int(digits))
    ms = parse_duration_ms(body)
    if ms is not None:
        return Gap(ms)
    if text.startswith("LAP"):
        return None
    lapped = _LAPPED.match(body)
    if lapped is not None:
        return Gap(laps=int(lapped.group(1)))
    raise PatchError(f"expected a gap, got {_shown(value)}")


def is_list(value: object) -> bool:
    """Whether a patch replaces a whole list (a keyframe) rather than patching its elements."""
    return isinstance(value, list)


def list_of(value: object) -> list[object]:
    """The elements of a JSON list; none for anything else."""
    return cast(list[object], value) if isinstance(value, list) else []


_INDEX = {str(index): index for index in range(64)}
"""Most indexes, read."""


def indexed(value: object) -> Iterator[tuple[int, object]]:
    """The elements that a patch of a list addresses: all of a list, or those of an object keyed by index.

    Keyframes send lists, later patches address their elements by string index (wire.md, trap 1). Keys that begin with
    an underscore are the feed's own marks, not elements.
    """
    if isinstance(value, list):
        elements = cast(list[object], value)
        if len(elements) > MAX_INDEX + 1:
            raise PatchError(f"a list of {len(elements)} elements")
        yield from enumerate(elements)
        return
    for key, element in as_object(value).items():
        index = _INDEX.get(key)
        if index is not None:
            yield index, element
        elif key.isascii() and key.isdecimal() and len(key) < 8 and int(key) <= MAX_INDEX:
            yield int(key), element
        elif not key.startswith("_"):
            raise PatchError(f"expected a list index, got {key[:40]!r}")


def entries(value: object) -> Iterator[tuple[str, object]]:
    """The members of an object, without the feed's own marks (``_kf``, ``_deleted``)."""
    for key, member in as_object(value).items():
        if key[:1] != "_":
            yield key, member


def deleted_keys(patch: JsonObject) -> list[str]:
    """The keys that ``_deleted`` names."""
    value = patch.get("_deleted")
    return [as_text(key) for key in cast(list[object], value)] if isinstance(value, list) else []


def _shown(value: object) -> str:
    return repr(value)[:60]
