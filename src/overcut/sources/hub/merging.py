"""What a topic's document is after a patch: the feed's own merge, for the hub's snapshots (wire.md, Merge)."""

from __future__ import annotations

from typing import cast

import msgspec

Json = object
MAX_PAD = 4096


def merged(document: Json, patch: Json) -> Json:
    """``document`` after ``patch``; the document may be changed in place, the patch is not.

    Objects merge, member by member. A list is patched by an object whose keys are indexes; one past its end pads it
    with empty objects. ``_deleted`` removes the members it names. ``_kf: true`` marks a keyframe: it replaces.
    Anything else replaces what was there.
    """
    if not isinstance(patch, dict):
        return _copied(patch)
    changes = cast(dict[str, Json], patch)
    if isinstance(document, list) and all(key.isdecimal() for key in changes if not key.startswith("_")):
        return _patched_list(cast(list[Json], document), changes)
    if not isinstance(document, dict) or changes.get("_kf") is True:
        return merged({}, {key: value for key, value in changes.items() if key != "_kf"})
    known = cast(dict[str, Json], document)
    for key, value in changes.items():
        if key not in ("_kf", "_deleted"):
            known[key] = merged(known.get(key), value)
    for key in _deleted(changes):
        known.pop(key, None)
    return known


def _patched_list(elements: list[Json], changes: dict[str, Json]) -> list[Json]:
    for key, value in changes.items():
        if key.startswith("_"):
            continue
        index = int(key)
        if index > len(elements) + MAX_PAD:
            continue
        while len(elements) <= index:
            elements.append({})
        elements[index] = merged(elements[index], value)
    for index in sorted((int(key) for key in _deleted(changes) if key.isdecimal()), reverse=True):
        if index < len(elements):
            del elements[index]
    return elements


def _deleted(changes: dict[str, Json]) -> list[str]:
    named = changes.get("_deleted")
    return [str(key) for key in cast(list[Json], named)] if isinstance(named, list) else []


def _copied(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _copied(member) for key, member in cast(dict[str, Json], value).items()}
    if isinstance(value, list):
        return [_copied(member) for member in cast(list[Json], value)]
    return value


class Documents:
    """Every topic's document so far."""

    def __init__(self) -> None:
        self._documents: dict[str, Json] = {}
        self._raw: dict[str, bytes] = {}

    def apply(self, topic: str, payload: bytes) -> None:
        """Merge one message; a payload that is no JSON object becomes the topic's document as it is."""
        if not payload.lstrip().startswith(b"{"):
            self._raw[topic] = payload
            return
        try:
            patch: Json = msgspec.json.decode(payload)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return  # a damaged line of the session that is played: subscribers got it as it is
        self._documents[topic] = merged(self._documents.get(topic), patch)

    def snapshot(self, topics: list[str]) -> dict[str, msgspec.Raw]:
        """The documents of those of ``topics`` that there are, objects marked as keyframes."""
        found: dict[str, msgspec.Raw] = {}
        for topic in topics:
            if topic in self._documents:
                document = cast(dict[str, Json], self._documents[topic])
                found[topic] = msgspec.Raw(msgspec.json.encode({**document, "_kf": True}))
            elif topic in self._raw:
                found[topic] = msgspec.Raw(self._raw[topic])
        return found
