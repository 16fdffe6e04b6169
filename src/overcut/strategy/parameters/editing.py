"""How are single figures of a set of parameters changed by hand?

A figure is named by its path: ``circuits.monaco.pit.loss_s.mean``, ``teams.2025/ferrari.pace_s.mean``,
``noise.drift_kept``. Members of lists are named by what they are of: circuits by id (``bahrain/87`` for a layout),
teams and drivers by ``season/name``, tyres by compound, seasons by ``season/compound``, others by number from 0.
"""

from __future__ import annotations

from typing import cast

import msgspec

from overcut.kernel.errors import WrongUsageError
from overcut.strategy.parameters.checking import checked
from overcut.strategy.parameters.parameter_set import ParameterSet, encoded

Json = dict[str, "Json"] | list["Json"] | str | float | int | bool | None
_PARTS = ("pace", "events")


def edited(parameters: ParameterSet, changes: dict[str, float]) -> ParameterSet:
    """The set with some figures replaced, which its provenance says.

    Args:
        changes: new values by path.

    Raises:
        WrongUsageError: there is no such figure, or the new value makes no sense.
    """
    tree = cast("dict[str, Json]", msgspec.json.decode(encoded(parameters)))
    notes = [f"{path}: {_put(tree, path, value):g} became {value:g}" for path, value in changes.items()]
    try:
        found = msgspec.json.decode(msgspec.json.encode(tree), type=ParameterSet)
    except msgspec.ValidationError as error:
        raise WrongUsageError("The figures do not fit", why=str(error), hint="whole numbers stay whole") from error
    provenance = msgspec.structs.replace(parameters.provenance, edits=(*parameters.provenance.edits, *notes))
    return checked(msgspec.structs.replace(found, provenance=provenance))


def _put(tree: dict[str, Json], path: str, value: float) -> float:
    """Replace the figure at a path; what it was."""
    words = path.split(".")
    first = words[0]
    node: Json = tree
    if first not in _PARTS:
        owner = next((part for part in _PARTS if first in cast("dict[str, Json]", tree[part])), None)
        node = tree if owner is None else tree[owner]
    for word in words[:-1]:
        node = _member(node, word, path)
    last = words[-1]
    old = _member(node, last, path)
    if isinstance(old, bool) or not isinstance(old, int | float):
        raise WrongUsageError(f"{path} is not a figure", hint=f"go on with one of: {_choices(old)}")
    new = int(value) if isinstance(old, int) and float(value).is_integer() else value
    if isinstance(node, list):
        node[_place(node, last, path)] = new
    elif isinstance(node, dict):
        node[last] = new
    return float(old)


def _member(node: Json, word: str, path: str) -> Json:
    if isinstance(node, dict) and word in node:
        return node[word]
    if isinstance(node, list):
        return node[_place(node, word, path)]
    raise WrongUsageError(f"There is no {word!r} in {path}", hint=f"one of: {_choices(node)}")


def _place(node: list[Json], word: str, path: str) -> int:
    names = [_name(member, place) for place, member in enumerate(node)]
    fits = [place for place, name in enumerate(names) if word in name]
    if not fits:
        raise WrongUsageError(f"There is no {word!r} in {path}", hint=f"one of: {_choices(node)}")
    return fits[-1]


def _name(member: Json, place: int) -> tuple[str, ...]:
    """What a member of a list may be called."""
    if not isinstance(member, dict):
        return (str(place),)
    if "circuit_id" in member:
        return (str(member["circuit_id"]), f"{member['circuit_id']}/{member['laps']}")
    for key in ("driver", "team", "compound"):
        if key in member:
            return (f"{member['season']}/{member[key]}",) if "season" in member else (str(member[key]),)
    return (str(place),)


def _choices(node: Json) -> str:
    if isinstance(node, dict):
        names = list(node)
    elif isinstance(node, list):
        names = [_name(member, place)[-1] for place, member in enumerate(node)]
    else:
        return "nothing more"
    return ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
