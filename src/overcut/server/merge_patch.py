"""What changed between two documents, as an RFC 7396 merge patch.

Patches are made from two documents, never from two patches: merge patches do not compose. ``{"gap": null}`` followed
by ``{"gap": {"ms": 500}}`` is not the patch ``{"gap": {"ms": 500}}``, which would leave ``laps`` of an older
``{"gap": {"laps": 1}}`` in place. A reader who fell behind therefore gets the difference between the document that
they hold and the present one.
"""

from __future__ import annotations

from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
Document: TypeAlias = dict[str, Json]


def without_nulls(value: Json) -> Json:
    """``value`` without null members at any depth: a merge patch cannot tell a null member from a missing one.

    Null elements of lists stay, their place means something.
    """
    if isinstance(value, dict):
        return {key: without_nulls(member) for key, member in value.items() if member is not None}
    if isinstance(value, list):
        return [without_nulls(element) for element in value]
    return value


def difference(old: Document, new: Document) -> Document:
    """The patch that turns ``old`` into ``new``; both hold no null members (``without_nulls``).

    Equal members of ``new`` are replaced by ``old``'s own objects, so that a history of documents shares all that did
    not change. Numbers compare by value (1, 1.0 and True are equal): a member's type is expected not to change.
    """
    patch: Document = {}
    for key, now in new.items():
        was = old.get(key)
        if was is now or was == now:
            new[key] = was
        elif isinstance(was, dict) and isinstance(now, dict):
            patch[key] = difference(was, now)
        else:
            patch[key] = now
    for key in old.keys() - new.keys():
        patch[key] = None
    return patch


def apply(document: Json, patch: Json) -> Json:
    """``document`` after ``patch``: the algorithm of RFC 7396, section 2. Neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    merged: Document = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = apply(merged.get(key), value)
    return merged
